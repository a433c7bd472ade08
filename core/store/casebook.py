"""The list of cases: by page, by words, by home. Rows only; nothing here is a record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Select, cast, func, select

from core.changes.hlc import from_ms, to_ms
from core.foundation.ids import RecordId
from core.store import schema
from core.store.connection import Connection

_CASE = schema.RECORD_TABLES["case"]
NEWEST_HITS = 2_000
"""A search looks at this many newest hits: ranking every hit of a frequent word grows with the vault."""

_WORD = re.compile(r"\w+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the list of cases."""

    id: RecordId
    reference: str
    summary: str
    place: str
    stage: str
    handling: str
    lead: bytes
    opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class PageKey:
    """Where a page begins: after the case opened at this moment with this id."""

    opened_ms: int
    id: RecordId


def case_page(
    connection: Connection, *, after: PageKey | None, limit: int, stages: Sequence[str] = ()
) -> tuple[CaseRow, ...]:
    """Cases newest first, beginning after `after`; only those in `stages` if any are given."""
    statement = _rows().order_by(_CASE.c.opened_at.desc(), _CASE.c.id).limit(limit)
    if stages:
        statement = statement.where(_CASE.c.stage.in_(stages))
    if after is not None:
        # The first half lets the index begin at the page instead of at the newest case.
        statement = statement.where(
            _CASE.c.opened_at <= after.opened_ms, (_CASE.c.opened_at < after.opened_ms) | (_CASE.c.id > after.id)
        )
    return tuple(_row(row) for row in connection.execute(statement))


def count_cases(connection: Connection, *, stages: Sequence[str] = ()) -> int:
    """How many cases there are, in `stages` if any are given."""
    statement = select(func.count()).select_from(_CASE).where(_CASE.c.deleted.is_(False))
    if stages:
        statement = statement.where(_CASE.c.stage.in_(stages))
    return int(connection.execute(statement).scalar_one())


def page_starts(
    connection: Connection, *, page_rows: int, stages: Sequence[str] = ()
) -> tuple[tuple[PageKey | None, ...], int]:
    """The key after which each page of `page_rows` cases begins (the first is None), and how many cases there are.

    Lets a list of any length be jumped into at the cost of one page.
    """
    order = (_CASE.c.opened_at.desc(), _CASE.c.id)
    place = func.row_number().over(order_by=order).label("place")
    every = select(_CASE.c.opened_at, _CASE.c.id, place).where(_CASE.c.deleted.is_(False))
    if stages:
        every = every.where(_CASE.c.stage.in_(stages))
    total = count_cases(connection, stages=stages)
    numbered = every.subquery()
    ends = connection.execute(
        select(numbered.c.opened_at, numbered.c.id)
        .where(numbered.c.place % page_rows == 0, numbered.c.place < total)
        .order_by(numbered.c.place)
    )
    return (None, *(PageKey(opened_ms or 0, RecordId(identifier)) for opened_ms, identifier in ends)), total


def key_of(row: CaseRow) -> PageKey:
    """The key of the page that begins after `row`."""
    return PageKey(to_ms(row.opened_at) if row.opened_at else 0, row.id)


def search_cases(connection: Connection, words: str, *, limit: int) -> tuple[CaseRow, ...]:
    """Cases in whose file every word (or beginning of a word) stands, newest entry first."""
    expression = match_expression(words)
    if not expression:
        return case_page(connection, after=None, limit=limit)
    streams = _streams_of_hits(connection, expression)
    single = expression.split()
    if len(single) > 1 and len(streams) < limit:
        # The words may stand apart: the name in one entry, what happened in another.
        apart = [_streams_of_hits(connection, word) for word in single]
        streams |= {stream: None for stream in apart[0] if all(stream in others for others in apart[1:])}
    wanted = list(streams)[: limit * 4]
    if not wanted:
        return ()
    rows = {row.stream: row for row in connection.execute(_rows(_CASE.c.stream).where(_CASE.c.stream.in_(wanted)))}
    return tuple(_row(rows[stream][1:]) for stream in wanted if stream in rows)[:limit]


def _streams_of_hits(connection: Connection, expression: str) -> dict[bytes, None]:
    """The streams of the newest entries that match, newest first, each once."""
    found = connection.exec_driver_sql(
        "SELECT entity.stream FROM"
        " (SELECT rowid AS number FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?) AS hit"
        # CROSS: from the hits to their entries, never the other way round, however many entries there are.
        " CROSS JOIN entity ON entity.number = hit.number ORDER BY hit.number DESC",
        (expression, NEWEST_HITS),
    ).scalars()
    return dict.fromkeys(found)


def cases_at_home(connection: Connection, home: RecordId) -> tuple[CaseRow, ...]:
    """Cases at one home that this person may read."""
    return tuple(_row(row) for row in connection.execute(_rows().where(_CASE.c.home == home)))


def highest_number(connection: Connection, prefix: str) -> int:
    """The greatest number used so far in references that begin with `prefix`."""
    tail = func.substr(_CASE.c.reference, len(prefix) + 1)
    statement = select(func.max(cast(tail, Integer))).where(
        _CASE.c.reference > prefix, _CASE.c.reference < prefix + "\uffff", tail.op("NOT GLOB")("*[^0-9]*")
    )
    return int(connection.execute(statement).scalar() or 0)


def match_expression(words: str) -> str:
    """The full-text query for what somebody typed: every word, each as a beginning."""
    return " ".join(f'"{word}"*' for word in _WORD.findall(words.casefold())[:12])


def _rows(*first: Any) -> Select[Any]:
    return select(
        *first, _CASE.c.id, _CASE.c.reference, _CASE.c.summary, _CASE.c.place, _CASE.c.stage, _CASE.c.handling,
        _CASE.c.lead, _CASE.c.opened_at,
    ).where(_CASE.c.deleted.is_(False))  # fmt: skip


def _row(row: Sequence[Any]) -> CaseRow:
    identifier, reference, summary, place, stage, handling, lead, opened_ms = row
    opened_at = None if opened_ms is None else from_ms(opened_ms)
    return CaseRow(RecordId(identifier), reference, summary, place, stage, handling, bytes(lead), opened_at)
