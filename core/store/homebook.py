"""Homes and households: by words, by area, and together for a run of letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, case, cast, func, select

from core.domain.estate import Home, Household, Resident
from core.foundation.ids import RecordId
from core.store import schema
from core.store.casebook import match_expression
from core.store.connection import Connection
from core.store.store import select_records, table_of

_HOME = schema.RECORD_TABLES["home"]


_AS_PEOPLE_COUNT = (
    _HOME.c.street, _HOME.c.building, cast(_HOME.c.number, Integer), _HOME.c.number,
    cast(func.trim(func.replace(func.lower(_HOME.c.flat), "flat", "")), Integer), _HOME.c.flat,
)  # fmt: skip
"""9 before 10, and Flat 9 before Flat 10, whether or not the list writes the word."""


@dataclass(frozen=True, slots=True)
class AreaRow:
    """A street or block, and how many of our homes it holds."""

    name: str
    is_block: bool
    homes: int


@dataclass(frozen=True, slots=True)
class Dwelling:
    """One home with the households and people known to live there now."""

    home: Home
    household: Household | None
    residents: tuple[Resident, ...]


def find_homes(connection: Connection, words: str, *, limit: int) -> tuple[Home, ...]:
    """Homes in whose address every word (or beginning of a word) stands; an exact house number comes first."""
    expression = match_expression(words)
    if not expression:
        return select_records(connection, Home, order_by=_AS_PEOPLE_COUNT, limit=limit)
    found = connection.exec_driver_sql(
        "SELECT entity.id FROM search JOIN entity ON entity.number = search.rowid"
        " WHERE search MATCH ? AND entity.type = 'home' LIMIT 400",
        (expression,),
    ).scalars()
    typed = [word for word in words.upper().split() if word]
    exact = case((func.upper(_HOME.c.number).in_(typed), 0), (func.upper(_HOME.c.flat).in_(typed), 0), else_=1)
    return select_records(
        connection, Home, _HOME.c.id.in_(list(found)),
        order_by=(exact, *_AS_PEOPLE_COUNT), limit=limit,
    )  # fmt: skip


def areas(connection: Connection) -> tuple[AreaRow, ...]:
    """Every street and every block with its number of homes, by name."""
    found: list[AreaRow] = []
    for column, is_block in ((_HOME.c.street, False), (_HOME.c.block, True)):
        statement = (
            select(column, func.count())
            .where(_HOME.c.deleted.is_(False), _HOME.c.state != "not-ours", column.is_not(None), column != "")
            .group_by(column)
        )
        found += [AreaRow(name, is_block, count) for name, count in connection.execute(statement)]
    return tuple(sorted(found, key=lambda row: (row.name.casefold(), row.is_block)))


def dwellings_in(
    connection: Connection, *, streets: Sequence[str], blocks: Sequence[str], single: Sequence[RecordId] = ()
) -> tuple[Dwelling, ...]:
    """Every home of ours in these streets or blocks, and each `single` home, with the household that lives there."""
    inside = _HOME.c.street.in_(streets) | _HOME.c.block.in_(blocks)
    homes = {home.id: home for home in select_records(connection, Home, inside, _HOME.c.state != "not-ours")}
    for start in range(0, len(single), 500):
        homes |= {home.id: home for home in homes_of(connection, single[start : start + 500])}
    return dwellings_of(connection, tuple(homes.values()))


def homes_of(connection: Connection, wanted: Sequence[RecordId]) -> tuple[Home, ...]:
    """The homes of ours among these ids (at most 500), in no order."""
    return select_records(connection, Home, _HOME.c.id.in_(list(wanted)), _HOME.c.state != "not-ours")


def dwellings_of(connection: Connection, homes: Sequence[Home]) -> tuple[Dwelling, ...]:
    """These homes with the households that live there."""
    household, resident = table_of(Household), table_of(Resident)
    living: dict[RecordId, Household] = {}
    people: dict[RecordId, list[Resident]] = {}
    for start in range(0, len(homes), 500):
        some = [home.id for home in homes[start : start + 500]]
        here: list[RecordId] = []
        for found in select_records(
            connection, Household, household.c.home.in_(some), household.c.moved_out_on.is_(None),
            order_by=(household.c.created_hlc,),
        ):  # fmt: skip
            if found.home is not None:
                living[found.home] = found
                here.append(found.id)
        for person in select_records(
            connection, Resident, resident.c.household.in_(here), order_by=(resident.c.created_hlc, resident.c.id)
        ):
            if person.household is not None:
                people.setdefault(person.household, []).append(person)
    return tuple(
        Dwelling(home, lives, tuple(people.get(lives.id, ())) if lives else ())
        for home in homes
        for lives in (living.get(home.id),)
    )


def all_dwellings(connection: Connection) -> tuple[Dwelling, ...]:
    """Every home, for recognising the rows of a new list."""
    return dwellings_of(connection, select_records(connection, Home))
