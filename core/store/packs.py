"""Packs as rows: which files lie in which pack, and how far this laptop's own packs have come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from core.changes.change import OpKind, decode
from core.foundation.ids import DeviceId, StreamId
from core.store.connection import Connection
from core.store.schema import CHANGE, SEGMENT
from core.store.upkeep_tables import OWN_PACK, PACKED

_PROVEN = frozenset({"applied", "withheld", "outbox", "published"})
CAUSE = "retire-files"
"""The cause of the entries that retire files."""


@dataclass(frozen=True, slots=True)
class OwnPack:
    """A pack made here, of the work of `device`."""

    name: str
    device: DeviceId
    read_back: bool
    retired_at_ms: int | None


def packable(connection: Connection, device: DeviceId, *, before_ms: int) -> list[tuple[str, int]]:
    """Segments of a laptop older than that, in no pack yet, with when they were made or met here; in chain order."""
    packed = select(PACKED.c.name).where(PACKED.c.name == SEGMENT.c.name).exists()
    rows = connection.execute(
        select(SEGMENT.c.name, SEGMENT.c.seen_at_ms)
        .where(
            SEGMENT.c.device == device, SEGMENT.c.seq.is_not(None), SEGMENT.c.seen_at_ms < before_ms,
            SEGMENT.c.state.in_(("published", "applied")), SEGMENT.c.file.is_not(None), ~packed,
        )
        .order_by(SEGMENT.c.seq)
    )  # fmt: skip
    return [(row[0], row[1]) for row in rows]


def files_of(connection: Connection, device: DeviceId, seq: int, body_hash: bytes) -> list[tuple[str, bool]]:
    """The files that say to hold this segment, and whether each was proven to: applied here, or made here."""
    where = (SEGMENT.c.device == device, SEGMENT.c.seq == seq, SEGMENT.c.body_hash == body_hash)
    rows = connection.execute(select(SEGMENT.c.name, SEGMENT.c.state).where(*where).order_by(SEGMENT.c.name))
    return [(row.name, row.state in _PROVEN) for row in rows]


def note_packed(connection: Connection, pack: str, names: Sequence[str]) -> None:
    """The segments in these files were read out of a pack."""
    rows = [{"name": name, "pack": pack} for name in names]
    if rows:
        connection.execute(insert(PACKED).prefix_with("OR IGNORE"), rows)


def packed(connection: Connection) -> dict[str, str]:
    """Every file that lies in a pack: its name -> the pack's."""
    return {row.name: row.pack for row in connection.execute(select(PACKED))}


def packed_in(connection: Connection, pack: str) -> list[str]:
    """What lies in one pack."""
    names = select(PACKED.c.name).where(PACKED.c.pack == pack).order_by(PACKED.c.name)
    return list(connection.execute(names).scalars())


def note_own_pack(connection: Connection, name: str, device: DeviceId, *, at_ms: int) -> None:
    """A pack was made here."""
    connection.execute(insert(OWN_PACK).values(name=name, device=device, made_at_ms=at_ms, read_back=False))


def own_packs(connection: Connection) -> list[OwnPack]:
    """Every pack made here, oldest first."""
    rows = connection.execute(select(OWN_PACK).order_by(OWN_PACK.c.made_at_ms, OWN_PACK.c.name))
    return [OwnPack(row.name, DeviceId(row.device), bool(row.read_back), row.retired_at_ms) for row in rows]


def note_read_back(connection: Connection, name: str) -> None:
    """It was read back from the folder, whole."""
    connection.execute(update(OWN_PACK).where(OWN_PACK.c.name == name).values(read_back=True))


def note_retired(connection: Connection, name: str, *, at_ms: int) -> None:
    """The others are told what it replaces."""
    connection.execute(update(OWN_PACK).where(OWN_PACK.c.name == name).values(retired_at_ms=at_ms))


def retired_packs(connection: Connection, stream: StreamId, device: DeviceId) -> dict[str, int]:
    """The packs a laptop has told the others of, with the number of the segment that tells."""
    rows = connection.execute(
        select(CHANGE.c.seq, CHANGE.c.body).where(
            CHANGE.c.stream == stream, CHANGE.c.device == device, CHANGE.c.cause == CAUSE, CHANGE.c.seq.is_not(None)
        )
    )
    found: dict[str, int] = {}
    for row in rows:
        for op in decode(row.body).ops:
            if op.kind == OpKind.RETIRE and isinstance(op.value, dict) and isinstance(op.value.get(1), bytes):
                found[bytes(op.value[1]).hex()] = row.seq  # type: ignore[arg-type]  # looked at just before
    return found
