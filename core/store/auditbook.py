"""Who was chosen to look on, and how the readers of a stream stand: for the lists of what somebody did."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from core.domain.audit import AuditKeeper
from core.foundation.ids import StreamId, UserId
from core.store import schema
from core.store.connection import Connection
from core.store.store import select_records, table_of
from core.store.versions import writers_of


@dataclass(frozen=True, slots=True)
class KeeperRow:
    """One choice of who looks on, and who made it (several people if they wrote it apart)."""

    user: UserId
    at_ms: int
    chosen_by: frozenset[UserId]


def keepers(connection: Connection, stream: StreamId) -> tuple[KeeperRow, ...]:
    """The choices that stand in a case, newest first."""
    found = select_records(connection, AuditKeeper, table_of(AuditKeeper).c.stream == stream)
    newest = sorted(found, key=lambda one: (one.at.timestamp() if one.at else 0, one.id), reverse=True)
    return tuple(
        KeeperRow(
            UserId(one.user), round(one.at.timestamp() * 1000) if one.at else 0,
            writers_of(connection, AuditKeeper, one.id, "user"),
        )
        for one in newest
        if one.user
    )  # fmt: skip


def marks(connection: Connection) -> dict[StreamId, bytes]:
    """For each stream something that changes whenever its readers, or the choice of who looks on, may have changed."""
    epoch, keeper = schema.EPOCH.c, schema.RECORD_TABLES[AuditKeeper.SPEC.name].c
    counted = select(epoch.stream, func.count(), func.max(epoch.number)).group_by(epoch.stream)
    found = {StreamId(stream): f"{count} {number}".encode() for stream, count, number in connection.execute(counted)}
    for stream, hlc in connection.execute(select(keeper.stream, keeper.changed_hlc)):
        found[StreamId(stream)] = found.get(StreamId(stream), b"") + f" {hlc}".encode()
    return found
