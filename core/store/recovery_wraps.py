"""Which epochs a recovery group can open although their headers do not name it, and which it vouched for, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy import func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from core.foundation.ids import StreamId
from core.store.connection import Connection
from core.store.schema import CHANGE, EPOCH, RECOVERY_WRAP

Reading: TypeAlias = Connection
"""A steady view of a vault, or a unit's transaction, for services that ask several of these questions at once."""


@dataclass(frozen=True, slots=True)
class WrapRow:
    """One epoch and one group. `proven`: the group itself vouched for the header."""

    stream: StreamId
    header_hash: bytes
    mark: bytes
    proven: bool


def add_wrap(connection: Connection, row: WrapRow) -> None:
    """Keep a row; said again it stays as it is, and a proof is never unsaid."""
    statement = upsert(RECOVERY_WRAP).values(
        stream=row.stream, header_hash=row.header_hash, mark=row.mark, proven=row.proven
    )
    statement = (
        statement.on_conflict_do_update(index_elements=["stream", "header_hash", "mark"], set_={"proven": True})
        if row.proven
        else statement.on_conflict_do_nothing()
    )
    connection.execute(statement)


def wraps(connection: Connection, stream: StreamId | None = None) -> tuple[WrapRow, ...]:
    """Every row, or those of one stream."""
    statement = select(RECOVERY_WRAP)
    if stream is not None:
        statement = statement.where(RECOVERY_WRAP.c.stream == stream)
    return tuple(
        WrapRow(StreamId(row.stream), row.header_hash, row.mark, bool(row.proven))
        for row in connection.execute(statement)
    )


def epochs_held(connection: Connection) -> int:
    """How many epochs are known here: changes whenever there may be something new to wrap."""
    return int(connection.execute(select(func.count()).select_from(EPOCH)).scalar_one())


def streams_to_send(connection: Connection) -> tuple[StreamId, ...]:
    """Streams in which something was written here that travels in no segment yet."""
    waiting = connection.execute(select(CHANGE.c.stream).where(CHANGE.c.seq.is_(None)).distinct()).scalars()
    return tuple(StreamId(stream) for stream in waiting)
