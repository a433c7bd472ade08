"""Keys and the roster as rows: epochs of streams, envelope keys, admissions. Values are opaque here.

What they mean, and whether they may be trusted, is decided in `core/sync/engine`; this module keeps them.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from core.crypto.secrets import SecretBytes
from core.foundation.ids import DeviceId, StreamId, UserId
from core.store import shredding
from core.store.schema import ENVELOPE_KEY, EPOCH, ROSTER


@dataclass(frozen=True, slots=True)
class EpochRow:
    """One epoch of one stream. The header or the key may still be missing."""

    stream: StreamId
    header_hash: bytes
    number: int
    header: bytes | None
    key: SecretBytes | None
    author: UserId | None
    hlc: int


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One entry of the roster. `device` and `seq` say which segment brought it; None: none did (yet)."""

    entry: bytes
    kind: int
    value: bytes
    confirmed: bool
    device: DeviceId | None
    seq: int | None


def epochs(connection: Connection, stream: StreamId | None = None) -> tuple[EpochRow, ...]:
    """Every epoch known, or those of one stream; the newest of each stream first."""
    statement = select(EPOCH).order_by(EPOCH.c.stream, EPOCH.c.number.desc(), EPOCH.c.header_hash.desc())
    if stream is not None:
        statement = statement.where(EPOCH.c.stream == stream)
    return tuple(
        EpochRow(
            StreamId(row.stream), row.header_hash, row.number, row.header,
            None if row.key is None else SecretBytes(row.key),
            None if row.author is None else UserId(row.author), row.hlc or 0,
        )
        for row in connection.execute(statement)
    )


def streams_with_several_epochs(connection: Connection) -> tuple[StreamId, ...]:
    """Streams whose readers were changed at least once."""
    rows = connection.execute(select(EPOCH.c.stream).group_by(EPOCH.c.stream).having(func.count() > 1))
    return tuple(StreamId(stream) for stream in rows.scalars())


def add_epoch_key(
    connection: Connection, *, stream: StreamId, number: int, header_hash: bytes, key: SecretBytes
) -> bool:
    """Keep a key. Returns whether it was new. One of a stream deleted for good is not kept."""
    if shredding.is_shredded(connection, stream):
        return False
    held = connection.execute(
        select(EPOCH.c.key).where(EPOCH.c.stream == stream, EPOCH.c.header_hash == header_hash)
    ).scalar_one_or_none()
    if held is not None:
        return False
    statement = upsert(EPOCH).values(stream=stream, header_hash=header_hash, number=number, key=key.reveal())
    connection.execute(
        statement.on_conflict_do_update(index_elements=["stream", "header_hash"], set_={"key": key.reveal()})
    )
    return True


def add_epoch_header(connection: Connection, row: EpochRow) -> None:
    """Keep a checked header with its author and stamp, and its key if the row has one.

    One of a stream deleted for good is not kept.
    """
    if shredding.is_shredded(connection, row.stream):
        return
    values = {"number": row.number, "header": row.header, "author": row.author, "hlc": row.hlc}
    if row.key is not None:
        values["key"] = row.key.reveal()
    statement = upsert(EPOCH).values(stream=row.stream, header_hash=row.header_hash, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["stream", "header_hash"], set_=values))


def forget_epoch(connection: Connection, *, stream: StreamId, header_hash: bytes) -> None:
    """Drop an epoch that turned out to break the rules."""
    connection.execute(delete(EPOCH).where(EPOCH.c.stream == stream, EPOCH.c.header_hash == header_hash))


def envelope_keys(connection: Connection) -> dict[int, SecretBytes]:
    """The keys of the outer envelope by their number."""
    return {row.number: SecretBytes(row.key) for row in connection.execute(select(ENVELOPE_KEY))}


def add_envelope_key(connection: Connection, number: int, key: SecretBytes) -> None:
    """Keep an envelope key; the first one under a number stays."""
    connection.execute(upsert(ENVELOPE_KEY).values(number=number, key=key.reveal()).on_conflict_do_nothing())


def roster_entries(connection: Connection) -> tuple[RosterRow, ...]:
    """The roster in the order it became known."""
    return tuple(
        RosterRow(
            row.entry, row.kind, row.value, bool(row.confirmed),
            None if row.device is None else DeviceId(row.device), row.seq,
        )
        for row in connection.execute(select(ROSTER).order_by(ROSTER.c.position))
    )


def add_roster_entry(connection: Connection, row: RosterRow) -> None:
    """Keep an entry; one that was only announced becomes confirmed, and a confirmed one stays as it is."""
    last = connection.execute(select(func.coalesce(func.max(ROSTER.c.position), 0))).scalar_one()
    values = {
        "entry": row.entry, "position": last + 1, "kind": row.kind, "value": row.value,
        "confirmed": row.confirmed, "device": row.device, "seq": row.seq,
    }  # fmt: skip
    known = connection.execute(select(ROSTER.c.confirmed).where(ROSTER.c.entry == row.entry)).scalar_one_or_none()
    if known is None:
        connection.execute(upsert(ROSTER).values(**values))
    elif not known and row.confirmed:
        connection.execute(update(ROSTER).where(ROSTER.c.entry == row.entry).values(**values))


def place_roster_entry(connection: Connection, entry: bytes, *, device: DeviceId, seq: int) -> None:
    """Remember which segment of this laptop carried its own entry."""
    connection.execute(
        update(ROSTER).where(ROSTER.c.entry == entry, ROSTER.c.seq.is_(None)).values(device=device, seq=seq)
    )
