"""The duties nobody has met yet, kept beside the records so that Today never has to read every case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Integer, cast, delete, func, insert, select

from core.changes.hlc import from_ms, to_ms
from core.foundation.ids import RecordId, StreamId
from core.store import schema
from core.store.connection import Connection

_CASE = schema.RECORD_TABLES["case"]


@dataclass(frozen=True, slots=True)
class OpenDuty:
    """One duty that still runs. `hint` is what to know before making contact."""

    case: RecordId
    kind: str
    subject: RecordId
    clause: str
    title: str
    why: str
    action: str
    hint: str
    anchor_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty with the case it belongs to, ready to show."""

    duty: OpenDuty
    reference: str
    summary: str


@dataclass(frozen=True, slots=True)
class DutyCounts:
    """How many duties are late, due within a day, due within a week, and open in all."""

    late: int
    within_a_day: int
    within_a_week: int
    all: int


def stale_cases(connection: Connection, now: datetime) -> tuple[RecordId, ...]:
    """Cases whose records changed, or one of whose duties fell due, since their duties were worked out."""
    changed = select(_CASE.c.id).where(_CASE.c.stream.in_(select(schema.STALE_STREAM.c.stream)))
    fallen = select(schema.DUTY.c.case).where(
        schema.DUTY.c.due_ms <= to_ms(now), schema.DUTY.c.worked_out_ms < schema.DUTY.c.due_ms
    )
    return tuple(RecordId(row) for row in connection.execute(changed.union(fallen)).scalars())


def anything_stale(connection: Connection, now: datetime) -> bool:
    """Whether `stale_cases` would find any, without taking the write lock."""
    changed = connection.execute(select(schema.STALE_STREAM.c.stream).limit(1)).first()
    fallen = select(schema.DUTY.c.case).where(
        schema.DUTY.c.due_ms <= to_ms(now), schema.DUTY.c.worked_out_ms < schema.DUTY.c.due_ms
    )
    return changed is not None or connection.execute(fallen.limit(1)).first() is not None


def replace_duties(
    connection: Connection, cases: Sequence[RecordId], duties: Iterable[OpenDuty], *, now: datetime
) -> None:
    """Put `duties` in the place of everything kept for `cases`."""
    for case in cases:
        connection.execute(delete(schema.DUTY).where(schema.DUTY.c.case == case))
    rows = [
        {
            "case": duty.case, "kind": duty.kind, "subject": duty.subject, "due_ms": to_ms(duty.due_at),
            "clause": duty.clause, "title": duty.title, "why": duty.why, "action": duty.action,
            "hint": duty.hint, "anchor_ms": to_ms(duty.anchor_at), "worked_out_ms": to_ms(now),
        }
        for duty in duties
    ]  # fmt: skip
    if rows:
        connection.execute(insert(schema.DUTY).prefix_with("OR REPLACE"), rows)


def clear_stale(connection: Connection) -> None:
    """Everything that changed so far has been worked out."""
    connection.execute(delete(schema.STALE_STREAM))


def forget_duties(connection: Connection) -> None:
    """Have every case's duties worked out again, for a new policy pack."""
    connection.execute(delete(schema.DUTY))
    connection.exec_driver_sql("INSERT OR IGNORE INTO stale_stream(stream) SELECT stream FROM r_case")


def due_first(connection: Connection, *, limit: int, until: datetime | None = None) -> tuple[DutyRow, ...]:
    """The open duties with the longest overdue first, at most `limit`, due before `until` if given."""
    statement = (
        select(schema.DUTY, _CASE.c.reference, _CASE.c.summary)
        .join(_CASE, _CASE.c.id == schema.DUTY.c.case)
        .order_by(schema.DUTY.c.due_ms, schema.DUTY.c.case)
        .limit(limit)
    )
    if until is not None:
        statement = statement.where(schema.DUTY.c.due_ms < to_ms(until))
    return tuple(_row(row) for row in connection.execute(statement).mappings())


def count_duties(connection: Connection, *, now: datetime, day: datetime, week: datetime) -> DutyCounts:
    """Counts for the head of the Today page; `day` and `week` are the ends of those windows."""
    due = schema.DUTY.c.due_ms
    row = connection.execute(
        select(
            _how_many(due < to_ms(now)),
            _how_many((due >= to_ms(now)) & (due < to_ms(day))),
            _how_many((due >= to_ms(now)) & (due < to_ms(week))),
            func.count(),
        )
    ).first()
    return DutyCounts(*(int(value) for value in row))


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How often a condition holds. As a number: a sum of conditions would come back as one condition, yes or no."""
    return func.coalesce(func.sum(cast(condition, Integer)), 0)


def next_due_by_case(connection: Connection, cases: Sequence[RecordId]) -> dict[RecordId, tuple[datetime, str]]:
    """For each case with an open duty: when the next is due, and its title."""
    statement = (
        select(schema.DUTY.c.case, func.min(schema.DUTY.c.due_ms), schema.DUTY.c.title)
        .where(schema.DUTY.c.case.in_(cases))
        .group_by(schema.DUTY.c.case)
    )
    return {RecordId(case): (from_ms(due), title) for case, due, title in connection.execute(statement)}


def streams_of_cases(connection: Connection, cases: Sequence[RecordId]) -> dict[StreamId, RecordId]:
    """The stream each case lives in, to find the records that belong to it."""
    rows = connection.execute(select(_CASE.c.stream, _CASE.c.id).where(_CASE.c.id.in_(cases)))
    return {StreamId(stream): RecordId(case) for stream, case in rows}


def _row(row: object) -> DutyRow:
    values = dict(row)  # type: ignore[call-overload]  # a RowMapping
    duty = OpenDuty(
        case=RecordId(values["case"]), kind=values["kind"], subject=RecordId(values["subject"]),
        clause=values["clause"], title=values["title"], why=values["why"], action=values["action"],
        hint=values["hint"], anchor_at=from_ms(values["anchor_ms"]), due_at=from_ms(values["due_ms"]),
    )  # fmt: skip
    return DutyRow(duty, values["reference"], values["summary"])
