"""Deleting a stream for good: its rows, its history, its keys, and the memory that it must never come back.

The sealed bytes in files of the exchange stay where they are; without the keys they are noise. Older keys of people and
of recovery groups could still unwrap the grants in old files, which is why keys are renewed every quarter
(`core/services/retention.py`); `KeptDeletion` says whose keys that concerns.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select

from core.changes import cbor
from core.domain.changed import Changed
from core.foundation.errors import EncodingRejected, VaultDamaged
from core.foundation.ids import RecordId, StreamId, UserId
from core.store import forgetting, schema
from core.store.connection import Connection

DELETED_CASE = "deleted-case:"
"""Before the hex digits of a case that was deleted for good here: why. What is set apart from it follows."""
_MOST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class KeptDeletion:
    """One deletion that was carried out. `users` and `groups` held the keys of what is gone."""

    stream: StreamId
    reason: str
    at_ms: int
    users: frozenset[UserId]
    groups: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class FirstChange:
    """Who made a record, whether that travels already, and whether it counts."""

    actor: UserId
    sent: bool
    counts: bool


def shred_stream(connection: Connection, deletion: KeptDeletion) -> Changed:
    """Delete everything of a stream, what waits to be sent as well, and never take anything of it in again."""
    changed = forgetting.forget_stream(connection, deletion.stream)
    connection.execute(delete(schema.CHANGE).where(schema.CHANGE.c.stream == deletion.stream))
    forgetting.finish_leaving(connection, deletion.stream)
    connection.execute(
        insert(schema.SHREDDED).prefix_with("OR IGNORE"),
        {
            "deleted_stream": deletion.stream, "reason": deletion.reason, "at_ms": deletion.at_ms,
            "users": _packed(deletion.users), "groups": _packed(deletion.groups),
        },
    )  # fmt: skip
    return changed


def is_shredded(connection: Connection, stream: StreamId) -> bool:
    """Whether a stream was deleted for good."""
    column = schema.SHREDDED.c.deleted_stream
    return connection.execute(select(column).where(column == stream)).first() is not None


def deletions(connection: Connection) -> tuple[KeptDeletion, ...]:
    """Every deletion that was carried out here, oldest first."""
    column = schema.SHREDDED.c
    rows = connection.execute(select(schema.SHREDDED).order_by(column.at_ms, column.deleted_stream))
    return tuple(
        KeptDeletion(
            StreamId(row.deleted_stream), row.reason, row.at_ms,
            frozenset(UserId(user) for user in _unpacked(row.users)), frozenset(_unpacked(row.groups)),
        )
        for row in rows
    )  # fmt: skip


def first_change(connection: Connection, record: RecordId) -> FirstChange | None:
    """Who made a record; None if no change of it is here."""
    change, mention = schema.CHANGE.c, schema.CHANGE_ENTITY.c
    row = connection.execute(
        select(change.actor, change.seq, change.withheld)
        .join(schema.CHANGE_ENTITY, mention.position == change.position)
        .where(mention.entity == record)
        .order_by(change.position)
        .limit(1)
    ).first()
    return None if row is None else FirstChange(UserId(row.actor), row.seq is not None, not row.withheld)


def _packed(items: Iterable[bytes]) -> bytes:
    return cbor.encode(sorted(items))


def _unpacked(data: bytes) -> list[bytes]:
    try:
        found: Any = cbor.decode(data, max_bytes=_MOST_BYTES)
    except EncodingRejected as error:
        raise VaultDamaged() from error
    return [item for item in found if isinstance(item, bytes)]
