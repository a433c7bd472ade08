"""Everything that belongs to a case, read in one go, for one case or for many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from core.domain.case import (
    AssociationMessage,
    Case,
    Closure,
    Contact,
    Graffiti,
    Incident,
    Judgement,
    Note,
    Party,
    Perception,
    PoliceRequest,
    Report,
    Review,
    SafeContact,
    Survey,
)
from core.domain.catalogue import RECORD_TYPES
from core.domain.declare import Record, StreamKind
from core.domain.letters import LetterRun
from core.domain.second_person import SecondOpinion
from core.foundation.ids import RecordId, StreamId
from core.policy.duties import CaseFacts
from core.store import schema
from core.store.connection import Connection
from core.store.store import select_records, table_of
from core.store.versions import writers_of

BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseContents(CaseFacts):
    """What the rules read of a case, and its notes, which no rule reads."""

    notes: tuple[Note, ...] = ()


_PARTS: dict[str, type[Record]] = {
    "reports": Report, "incidents": Incident, "perceptions": Perception, "judgements": Judgement,
    "parties": Party, "safe_contacts": SafeContact, "contacts": Contact, "notes": Note,
    "graffiti": Graffiti, "reviews": Review, "closures": Closure, "surveys": Survey,
    "police_requests": PoliceRequest, "association_messages": AssociationMessage, "letter_runs": LetterRun,
}  # fmt: skip
_MORE = {
    kind.SPEC.name: kind
    for kind in RECORD_TYPES
    if kind.SPEC.stream is StreamKind.CASE and kind not in (Case, *_PARTS.values())
}
"""Types of the case's stream that `CaseFacts.of` gives."""
_TYPES = frozenset({*_MORE, *(kind.SPEC.name for kind in _PARTS.values())})


def contents_of_many(connection: Connection, cases: Sequence[RecordId]) -> tuple[CaseContents, ...]:
    """These cases with everything in them; one that is not in this vault is left out."""
    made: list[CaseContents] = []
    for start in range(0, len(cases), BATCH):
        some = select_records(connection, Case, table_of(Case).c.id.in_(cases[start : start + BATCH]))
        streams = [case.stream for case in some]
        there = _types_in(connection, streams)
        parts = {
            name: _by_stream(connection, kind, streams) for name, kind in _PARTS.items() if kind.SPEC.name in there
        }
        others = {name: _by_stream(connection, _MORE[name], streams) for name in sorted(there & _MORE.keys())}
        if (said := others.get(SecondOpinion.SPEC.name)) is not None:
            others[SecondOpinion.SPEC.name] = {stream: _own_words(connection, each) for stream, each in said.items()}
        for case in some:
            held: dict[str, Any] = {name: tuple(found.get(case.stream, ())) for name, found in parts.items()}
            more = {name: tuple(found[case.stream]) for name, found in others.items() if case.stream in found}
            made.append(CaseContents(case=case, more=more, **held))
    return tuple(made)


def _own_words(connection: Connection, said: Sequence[Record]) -> list[Record]:
    """What second people wrote themselves; what somebody else wrote in their name counts for nothing (policy 3.3)."""
    return [
        one
        for one in said
        if isinstance(one, SecondOpinion)
        and all(
            writers_of(connection, SecondOpinion, one.id, name) == {one.said_by}
            for name in ("about", "agrees", "said_by")
        )
    ]


def _types_in(connection: Connection, streams: Sequence[StreamId]) -> frozenset[str]:
    """The types of which these streams hold any record: most cases have a few of many, and only those are read."""
    entity = schema.ENTITY.c
    found = connection.execute(select(entity.type).where(entity.stream.in_(streams)).distinct())
    return frozenset(found.scalars()) & _TYPES


def _by_stream(connection: Connection, kind: type[Record], streams: Sequence[StreamId]) -> dict[StreamId, list[Record]]:
    table = table_of(kind)
    found: dict[StreamId, list[Record]] = {}
    for record in select_records(
        connection, kind, table.c.stream.in_(streams), order_by=(table.c.created_hlc, table.c.id)
    ):
        found.setdefault(record.stream, []).append(record)
    return found
