"""The shipped pack and calendar, and short ways to write down a case for the tests of the policy."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from core.domain.case import Case
from core.domain.declare import Record
from core.foundation.ids import RecordId, StreamId
from core.policy.calendar import LONDON, WorkingCalendar, parse_calendar
from core.policy.duties import CaseFacts, Setting
from core.policy.pack import PolicyPack, parse_pack

POLICY_FOLDER = Path(__file__).resolve().parents[2] / "resources" / "policy"
PACK_FILE = POLICY_FOLDER / "imani-2013" / "pack.json"
HOLIDAYS_FILE = POLICY_FOLDER / "holidays-england-wales.json"

CASE_ID = RecordId(b"case-0000000000c")
STREAM = StreamId(b"stream-00000000s")

R = TypeVar("R", bound=Record)


def pack() -> PolicyPack:
    return parse_pack(PACK_FILE.read_text(encoding="utf-8"))


def calendar() -> WorkingCalendar:
    return parse_calendar(HOLIDAYS_FILE.read_text(encoding="utf-8"))


def london(text: str) -> datetime:
    """ "2026-11-27 18:40" on a clock in London, as UTC. For a time that happens twice, the first."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


def named(name: str) -> RecordId:
    return RecordId(hashlib.sha256(name.encode()).digest()[:16])


def make(kind: type[R], name: str = "", /, **fields: Any) -> R:
    """A record of `kind`; texts that look like moments in fields ending in `_at` or `at` are London time."""
    ready = {
        key: london(value) if isinstance(value, str) and (key == "at" or key.endswith("_at")) else value
        for key, value in fields.items()
    }
    if "case" in kind.SPEC.fields:
        ready.setdefault("case", CASE_ID)
    return kind(id=named(f"{kind.SPEC.name} {name}"), stream=STREAM, **ready)


def a_case(**fields: Any) -> Case:
    made = make(Case, **fields)
    return Case(**{key: getattr(made, key) for key in ("stream", *Case.SPEC.fields)}, id=CASE_ID)


def facts(*records: Record, **case_fields: Any) -> CaseFacts:
    """The facts of one case with these records, each in its place."""
    places = {
        "report": "reports",
        "contact": "contacts",
        "graffiti": "graffiti",
        "review": "reviews",
        "closure": "closures",
        "survey": "surveys",
        "safe_contact": "safe_contacts",
        "perception": "perceptions",
        "judgement": "judgements",
        "incident": "incidents",
        "party": "parties",
        "police_request": "police_requests",
        "letter_run": "letter_runs",
        "association_message": "association_messages",
    }
    found: dict[str, Any] = dict.fromkeys(places.values(), ())
    more: dict[str, tuple[Record, ...]] = {}
    for item in records:
        name = item.SPEC.name
        if name in places:
            found[places[name]] += (item,)
        else:
            more[name] = (*more.get(name, ()), item)
    return CaseFacts(case=a_case(**case_fields), more=more, **found)


def setting(now: str | datetime) -> Setting:
    return Setting(pack(), calendar(), london(now) if isinstance(now, str) else now)
