"""What cases can be recognised by: their homes, places and names, as columns. Rows only; nothing here is a record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from core.foundation.ids import RecordId
from core.store import schema
from core.store.connection import Connection

_CASE = schema.RECORD_TABLES["case"]
_PARTY = schema.RECORD_TABLES["party"]
_INCIDENT = schema.RECORD_TABLES["incident"]


@dataclass(frozen=True, slots=True)
class CaseMark:
    """A case this person may read, with where it is about."""

    id: RecordId
    stage: str
    home: RecordId | None
    place: str


@dataclass(frozen=True, slots=True)
class PersonMark:
    """A person of a case; `names` begins with the one they are called by, and may be empty."""

    case: RecordId
    names: tuple[str, ...]
    roles: frozenset[str]
    home: RecordId | None


def case_marks(connection: Connection) -> Iterator[CaseMark]:
    """Every case."""
    columns = (_CASE.c.id, _CASE.c.stage, _CASE.c.home, _CASE.c.place)
    for case, stage, home, place in connection.execute(select(*columns).where(_CASE.c.deleted.is_(False))):
        yield CaseMark(RecordId(case), stage, RecordId(home) if home else None, place or "")


def person_marks(connection: Connection, *, role: str = "") -> Iterator[PersonMark]:
    """Every person of every case; only those with a name and this part in it, if one is given."""
    columns = (_PARTY.c.case, _PARTY.c.name, _PARTY.c.also_known_as, _PARTY.c.roles, _PARTY.c.home)
    statement = select(*columns).where(_PARTY.c.deleted.is_(False), _PARTY.c.case.is_not(None))
    if role:
        statement = statement.where(_PARTY.c.name != "", _PARTY.c.roles.contains(f'"{role}"', autoescape=True))
    for case, name, others, roles, home in connection.execute(statement):
        named = (name, *json.loads(others)) if others != "[]" else (name,)
        yield PersonMark(
            RecordId(case), tuple(one for one in named if one), frozenset(json.loads(roles)),
            RecordId(home) if home else None,
        )  # fmt: skip


def incident_places(connection: Connection) -> Iterator[tuple[RecordId, str]]:
    """(case, where) of every incident that says where."""
    columns = (_INCIDENT.c.case, _INCIDENT.c.place)
    statement = select(*columns).where(
        _INCIDENT.c.deleted.is_(False), _INCIDENT.c.place != "", _INCIDENT.c.case.is_not(None)
    )
    for case, place in connection.execute(statement):
        yield RecordId(case), place
