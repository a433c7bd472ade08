"""Streams that stand on somebody's summary until their history has been read: which, and what the summary covers.

While a stream stands on one, changes it covers are logged and not folded: they are in the state already, and folding
them again would bring back what was replaced. What it does not cover is folded onto it. `summaries.settle` ends that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from core.changes import cbor
from core.foundation.errors import EncodingRejected, VaultDamaged
from core.foundation.ids import DeviceId, StreamId
from core.store.connection import Connection
from core.store.upkeep_tables import BASE

_MAX_COVERS_BYTES = 4 * 1024 * 1024

Covers = Mapping[bytes, int]
NOTHING_COVERED: Covers = {}


@dataclass(frozen=True, slots=True)
class Base:
    """What a stream stands on. `covers`: (device, number, hash). `trusted`: two people vouch for it."""

    stream: StreamId
    signer: DeviceId
    covers: tuple[tuple[DeviceId, int, bytes], ...]
    state: bytes
    state_hash: bytes
    trusted: bool


def bases(connection: Connection) -> list[Base]:
    """Every stream that stands on a summary now. Nearly always none."""
    return [
        Base(
            StreamId(row.stream), DeviceId(row.signer), unpack_covers(row.covers), row.state, row.state_hash,
            bool(row.trusted),
        )
        for row in connection.execute(select(BASE))
    ]  # fmt: skip


def covered(connection: Connection) -> dict[StreamId, Covers]:
    """What is covered, by stream."""
    rows = connection.exec_driver_sql("SELECT stream, covers FROM summary_base").all()
    return {
        StreamId(row[0]): {device: seq for device, seq, _ in unpack_covers(row[1])} for row in rows
    }


def is_covered(covers: Covers, device: bytes, seq: int | None) -> bool:
    """Whether a change that came in this segment is in the summary."""
    return seq is not None and covers.get(device, 0) >= seq


def keep(connection: Connection, base: Base) -> None:
    """Let a stream stand on a summary."""
    connection.execute(delete(BASE).where(BASE.c.stream == base.stream))
    connection.execute(
        insert(BASE).values(
            stream=base.stream, signer=base.signer, covers=pack_covers(base.covers), state=base.state,
            state_hash=base.state_hash, trusted=base.trusted,
        )
    )  # fmt: skip


def drop(connection: Connection, stream: StreamId) -> None:
    """The history is here."""
    connection.execute(delete(BASE).where(BASE.c.stream == stream))


def pack_covers(covers: tuple[tuple[DeviceId, int, bytes], ...]) -> bytes:
    """As kept in a column."""
    return cbor.encode([list(item) for item in covers])


def unpack_covers(packed: bytes) -> tuple[tuple[DeviceId, int, bytes], ...]:
    """What `pack_covers` packed.

    Raises:
        VaultDamaged: it is not that.
    """
    try:
        items = cbor.decode(packed, max_bytes=_MAX_COVERS_BYTES)
    except EncodingRejected as error:
        raise VaultDamaged() from error
    if not isinstance(items, list):
        raise VaultDamaged()
    return tuple((DeviceId(device), seq, body_hash) for device, seq, body_hash in items)
