"""What happened to records: every change that counts, by whom, when and on which laptop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from core.changes.change import Op, Wire, decode
from core.changes.hlc import instant_of
from core.foundation.ids import DeviceId, RecordId, StreamId, UserId
from core.store import schema
from core.store.connection import Connection
from core.store.resting import is_sealed


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One step of one change. `cause` is the name of the service that made it."""

    at: datetime
    actor: UserId
    device: DeviceId
    cause: str
    op: Op

    @property
    def value(self) -> Wire:
        """The value written, as it travels."""
        return self.op.value


def history_of_record(connection: Connection, entity: RecordId) -> tuple[HistoryStep, ...]:
    """Every step that touched one record, newest first."""
    statement = (
        select(schema.CHANGE)
        .join(schema.CHANGE_ENTITY, schema.CHANGE_ENTITY.c.position == schema.CHANGE.c.position)
        .where(schema.CHANGE_ENTITY.c.entity == entity, schema.CHANGE.c.withheld.is_(False))
        .order_by(schema.CHANGE.c.hlc.desc())
    )
    return tuple(step for step in _steps(connection, statement) if step.op.entity == entity)


def history_of_stream(connection: Connection, stream: StreamId, *, limit: int) -> tuple[HistoryStep, ...]:
    """The steps of the newest `limit` changes in one stream, newest first."""
    if is_sealed(connection, stream):
        return ()  # it is read where it is opened
    statement = (
        select(schema.CHANGE)
        .where(schema.CHANGE.c.stream == stream, schema.CHANGE.c.withheld.is_(False))
        .order_by(schema.CHANGE.c.hlc.desc())
        .limit(limit)
    )
    return tuple(_steps(connection, statement))


def _steps(connection: Connection, statement: Select[Any]) -> Iterator[HistoryStep]:
    for row in connection.execute(statement).mappings():
        change = decode(row["body"])
        for op in change.ops:
            yield HistoryStep(
                instant_of(change.hlc), change.actor, DeviceId(row["device"]), change.cause, op
            )
