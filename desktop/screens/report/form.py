"""What the New report page holds, between the boxes on screen, the draft kept on disk and the service. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any

from core.foundation.ids import RecordId, UserId
from core.services.existing import ReportSoFar
from core.services.organisation import MemberRow
from core.services.report_form import ComplainedAboutForm, IncidentForm, PersonForm, ReportForm, SeenForm
from desktop.screens.report.lines import Row, from_line
from desktop.screens.words import does_casework


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Everything as typed and ticked. `home` is hexadecimal, "" if none was chosen from the list.

    `not_readers` are colleagues who were unticked, `connected` those with a connection to somebody in the case,
    both hexadecimal. `received_at` None: the box cannot be read as a moment.
    """

    words: str = ""
    reporter_name: str = ""
    anonymous: bool = False
    where: str = ""
    home: str = ""
    received_at: str | None = None
    answered_by: str = ""
    danger_now: bool | None = None
    safe_ways: tuple[str, ...] = ()
    unsafe_ways: tuple[str, ...] = ()
    safe_times: str = ""
    if_someone_else_answers: str = ""
    phone: str = ""
    email: str = ""
    reporter_is_harmed: bool = True
    harmed_name: str = ""
    harmed_sort: str = ""
    by_child: bool = False
    seen_by_others: tuple[str, ...] = ()
    code_word: str = ""
    graffiti: bool = False
    graffiti_place: str = ""
    summary: str = ""
    happened_text: str = ""
    channel: str = "phone"
    perceived_by: str = "harmed"
    acts: tuple[str, ...] = ()
    strands: tuple[str, ...] = ()
    perpetrator_known: str = "unknown"
    by_association: bool = False
    perpetrator_name: str = ""
    described: str = ""
    age_band: str = ""
    tenure: str = ""
    more_harmed: tuple[str, ...] = ()
    """A row each, as `rows.to_line` writes it; so are the next three."""
    more_complained_about: tuple[str, ...] = ()
    more_incidents: tuple[str, ...] = ()
    more_seen: tuple[str, ...] = ()
    officer_wanted: str = ""
    language: str = ""
    format_needed: str = ""
    not_readers: tuple[str, ...] = ()
    connected: tuple[str, ...] = ()
    recovery: str = ""
    """The recovery group chosen where it was asked, hexadecimal."""

    @property
    def sorts_harmed(self) -> tuple[str, ...]:
        """How everybody harmed belongs here, as far as it was said."""
        return (self.harmed_sort, *(str(from_line(line).get("sort", "")) for line in self.more_harmed))

    @property
    def empty(self) -> bool:
        """Whether nothing was typed or ticked; when we were told is filled in by itself and does not count."""
        return replace(self, received_at=None) == Typed()


def to_draft(typed: Typed) -> str:
    """As kept on disk; empty if nothing was typed."""
    return "" if typed.empty else json.dumps(asdict(typed), sort_keys=True, ensure_ascii=False)


def from_draft(body: str) -> Typed:
    """Read `to_draft` back; what is missing or strange becomes its default, so an older draft is never lost."""
    try:
        kept: Any = json.loads(body)
    except ValueError:
        return Typed(words=body)
    if not isinstance(kept, dict):
        return Typed(words=body)
    usual = Typed()
    values: dict[str, Any] = {}
    for part in fields(Typed):
        value, default = kept.get(part.name), getattr(usual, part.name)
        if isinstance(default, tuple) and isinstance(value, list):
            values[part.name] = tuple(str(item) for item in value)
        elif part.name in ("danger_now", "received_at"):
            right = isinstance(value, bool) if part.name == "danger_now" else isinstance(value, str)
            values[part.name] = value if right else None
        elif isinstance(value, type(default)):
            values[part.name] = value
    return Typed(**values)


def report_form(typed: Typed, colleagues: Sequence[MemberRow]) -> ReportForm:
    """What the service takes. `colleagues` is everybody in the organisation.

    Raises:
        ValueError: `received_at` is missing.
    """
    if typed.received_at is None:
        raise ValueError("a report has a moment at which we were told")
    connected = frozenset(UserId(bytes.fromhex(user)) for user in typed.connected)
    unticked = frozenset(UserId(bytes.fromhex(user)) for user in typed.not_readers)
    readers = frozenset(one.user for one in colleagues if does_casework(one)) - unticked - connected
    named, known = typed.perpetrator_known == "named", typed.perpetrator_known != "unknown"
    return ReportForm(
        words=typed.words,
        received_at=datetime.fromisoformat(typed.received_at),
        danger_now=typed.danger_now,
        channel=typed.channel,
        reporter_name="" if typed.anonymous else typed.reporter_name,
        anonymous=typed.anonymous,
        reporter_is_harmed=typed.reporter_is_harmed,
        reporter_sort=typed.harmed_sort if typed.reporter_is_harmed else "",
        harmed_name=typed.harmed_name,
        harmed_sort="" if typed.reporter_is_harmed else typed.harmed_sort,
        by_child=typed.by_child,
        answered_by=typed.answered_by,
        others_harmed=tuple(_person(from_line(line)) for line in typed.more_harmed),
        home=RecordId(bytes.fromhex(typed.home)) if typed.home else None,
        place=typed.where,
        summary=typed.summary,
        happened_text=typed.happened_text,
        acts=frozenset(typed.acts),
        strands=frozenset(typed.strands),
        more_incidents=tuple(_incident(from_line(line)) for line in typed.more_incidents),
        perceived_by=typed.perceived_by,
        by_association=typed.by_association or None,
        also_seen=tuple(_seen(from_line(line)) for line in typed.more_seen),
        perpetrator_known=typed.perpetrator_known,
        perpetrator_name=typed.perpetrator_name if named else "",
        described=typed.described if known else "",
        age_band=typed.age_band if known else "",
        tenure=typed.tenure if known else "",
        others_complained_about=tuple(_complained_about(from_line(line)) for line in typed.more_complained_about),
        phone=typed.phone,
        email=typed.email,
        safe_ways=frozenset(typed.safe_ways),
        unsafe_ways=frozenset(typed.unsafe_ways),
        seen_by_others=frozenset(typed.seen_by_others),
        safe_times=typed.safe_times,
        if_someone_else_answers=typed.if_someone_else_answers,
        code_word=typed.code_word,
        officer_wanted=typed.officer_wanted,
        language=typed.language,
        format_needed=typed.format_needed,
        graffiti_place=(typed.graffiti_place or typed.where or "Place not given") if typed.graffiti else "",
        readers=readers,
        conflicted=connected,
        recovery_group=bytes.fromhex(typed.recovery) if typed.recovery else None,
    )


def so_far(typed: Typed) -> ReportSoFar:
    """What a case that is there already could be recognised by."""
    own = "" if typed.anonymous else typed.reporter_name
    harmed, complained_about = (
        [from_line(line) for line in lines] for lines in (typed.more_harmed, typed.more_complained_about)
    )
    return ReportSoFar(
        home=RecordId(bytes.fromhex(typed.home)) if typed.home else None,
        place=typed.where,
        harmed=_names(own if typed.reporter_is_harmed else typed.harmed_name, harmed),
        complained_about=_names(
            typed.perpetrator_name if typed.perpetrator_known == "named" else "", complained_about
        ),
        others=() if typed.reporter_is_harmed or not own else (own,),
    )


def _names(first: str, rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(name for name in (first, *(str(row.get("name", "")) for row in rows)) if name.strip())


def _person(row: Row) -> PersonForm:
    return PersonForm(
        name=row.get("name", ""), sort=row.get("sort", ""), phone=row.get("phone", ""), times=row.get("times", ""),
        code_word=row.get("code_word", ""), safe_ways=frozenset(row.get("safe_ways", ())),
        unsafe_ways=frozenset(row.get("unsafe_ways", ())), seen_by_others=frozenset(row.get("seen_by_others", ())),
    )  # fmt: skip


def _complained_about(row: Row) -> ComplainedAboutForm:
    said = "named" if row.get("name") else "described" if row.get("described") else "unknown"
    return ComplainedAboutForm(
        known=row.get("known") or said, name=row.get("name", ""), described=row.get("described", ""),
        age_band=row.get("age_band", ""), tenure=row.get("tenure", ""),
    )  # fmt: skip


def _incident(row: Row) -> IncidentForm:
    return IncidentForm(
        description=row.get("description", ""), happened_text=row.get("happened_text", ""), place=row.get("place", ""),
        acts=frozenset(row.get("acts", ())),
    )


def _seen(row: Row) -> SeenForm:
    return SeenForm(
        perceived_by=row.get("perceived_by") or "witness", strands=frozenset(row.get("strands", ())),
        words=row.get("words", ""),
    )


@dataclass(frozen=True, slots=True)
class EmergencySteps:
    """What to do while somebody is in danger; shown the moment Yes is chosen."""

    heading: str = "Act first, write later"
    steps: tuple[str, ...] = field(
        default=(
            (
                "Call 999 if anybody is hurt, threatened now, or there is a fire. "
                "If they cannot speak: 999, then 55 on a mobile."
            ),
            "Ask whether they can get to a safe place, and whether they are alone with the person complained about.",
            "Agree how you will stay in touch. Only use a way they say is safe.",
            "Tell your manager or the out-of-hours officer now. What you type here is saved meanwhile.",
        )
    )
