"""Keys and the roster as rows: epochs of streams, envelope keys, admissions. Values are opaque here.

What they mean, and whether they may be trusted, is decided in `core/sync/engine`; this module keeps them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from core.changes import cbor
from core.crypto.derive import sha256
from core.crypto.secrets import SecretBytes
from core.foundation.errors import EncodingRejected, VaultDamaged
from core.foundation.ids import DeviceId, StreamId, UserId
from core.store import shredding
from core.store.connection import Connection
from core.store.resting import is_sealed, note_sealed, open_key, seal_key
from core.store.schema import ENVELOPE_KEY, EPOCH, ROSTER

_MAX_SEEN_BYTES = 4 * 1024 * 1024
MAX_HEADER_BYTES = 2**21
COMPARTMENT = 4
"""The kind of stream, as headers say it, whose keys and history rest sealed."""


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
    device: DeviceId | None = None
    seq: int | None = None
    """Which segment brought the header; None: it was made here and is not sent yet."""


@dataclass(frozen=True, slots=True)
class EnvelopeKeyRow:
    """One key of the outer envelope. `told`: what carries it to the others is sealed; files may be sealed with it."""

    number: int
    key: SecretBytes
    told: bool = True

    @property
    def digest(self) -> bytes:
        """Tells keys of one number apart."""
        return sha256(self.key.reveal())


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One entry of the roster. `device` and `seq` say which segment brought it; None: none did (yet). `seen`: what the
    laptop it comes from had seen."""

    entry: bytes
    kind: int
    value: bytes
    confirmed: bool
    device: DeviceId | None
    seq: int | None
    seen: Mapping[DeviceId, int] = field(default_factory=dict)


def epochs(connection: Connection, stream: StreamId | None = None) -> tuple[EpochRow, ...]:
    """Every epoch known, or those of one stream; the newest of each stream first."""
    statement = select(EPOCH).order_by(EPOCH.c.stream, EPOCH.c.number.desc(), EPOCH.c.header_hash.desc())
    if stream is not None:
        statement = statement.where(EPOCH.c.stream == stream)
    return tuple(
        EpochRow(
            StreamId(row.stream), row.header_hash, row.number, row.header,
            None if row.key is None else open_key(connection, StreamId(row.stream), row.header_hash, row.key),
            None if row.author is None else UserId(row.author), row.hlc or 0,
            None if row.device is None else DeviceId(row.device), row.seq,
        )
        for row in connection.execute(statement)
    )


def first_authors(connection: Connection, streams: Collection[StreamId]) -> dict[StreamId, UserId]:
    """Who began each of these streams; none for one whose first header has not come or names nobody."""
    statement = (
        select(EPOCH.c.stream, EPOCH.c.author)
        .where(EPOCH.c.stream.in_(streams), EPOCH.c.header.is_not(None))
        .order_by(EPOCH.c.stream, EPOCH.c.number.desc(), EPOCH.c.header_hash.desc())
    )
    last = {StreamId(row.stream): row.author for row in connection.execute(statement)}  # the first epoch comes last
    return {stream: UserId(author) for stream, author in last.items() if author is not None}


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
    ).scalar()
    if held is not None:
        return False
    kept = _to_keep(connection, stream, header_hash, key)
    statement = upsert(EPOCH).values(stream=stream, header_hash=header_hash, number=number, key=kept)
    connection.execute(statement.on_conflict_do_update(index_elements=["stream", "header_hash"], set_={"key": kept}))
    return True


def add_epoch_header(connection: Connection, row: EpochRow) -> None:
    """Keep a checked header with its author and stamp, and its key if the row has one.

    One of a stream deleted for good is not kept.
    """
    if shredding.is_shredded(connection, row.stream):
        return
    values = {
        "number": row.number, "header": row.header, "author": row.author, "hlc": row.hlc, "device": row.device,
        "seq": row.seq,
    }  # fmt: skip
    if row.header is not None and _rests(row.header):
        note_sealed(connection, row.stream)
    if row.key is not None:
        values["key"] = _to_keep(connection, row.stream, row.header_hash, row.key)
    statement = upsert(EPOCH).values(stream=row.stream, header_hash=row.header_hash, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["stream", "header_hash"], set_=values))


def _to_keep(connection: Connection, stream: StreamId, header_hash: bytes, key: SecretBytes) -> bytes:
    return seal_key(connection, stream, header_hash, key) if is_sealed(connection, stream) else key.reveal()


def _rests(header: bytes) -> bool:
    """Whether a header says that its stream is a compartment. Its meaning was checked before it came here."""
    parts = cbor.decode(header, max_bytes=MAX_HEADER_BYTES)
    return isinstance(parts, dict) and parts.get(2) == COMPARTMENT


def forget_epoch(connection: Connection, *, stream: StreamId, header_hash: bytes) -> None:
    """Drop an epoch that turned out to break the rules."""
    connection.execute(delete(EPOCH).where(EPOCH.c.stream == stream, EPOCH.c.header_hash == header_hash))


def place_epoch(connection: Connection, header_hash: bytes, *, device: DeviceId, seq: int) -> None:
    """Remember which segment of this laptop carried its own header."""
    connection.execute(
        update(EPOCH)
        .where(EPOCH.c.header_hash == header_hash, EPOCH.c.header.is_not(None), EPOCH.c.seq.is_(None))
        .values(device=device, seq=seq)
    )


def envelope_keys(connection: Connection) -> tuple[EnvelopeKeyRow, ...]:
    """The keys of the outer envelope, the greatest (number, hash) first."""
    rows = connection.execute(
        select(ENVELOPE_KEY).order_by(ENVELOPE_KEY.c.number.desc(), ENVELOPE_KEY.c.digest.desc())
    )
    return tuple(EnvelopeKeyRow(row.number, SecretBytes(row.key), bool(row.told)) for row in rows)


def envelope_pairs(connection: Connection) -> tuple[tuple[int, SecretBytes], ...]:
    """The same as somebody new is given them."""
    return tuple((row.number, row.key) for row in envelope_keys(connection))


def add_envelope_key(connection: Connection, number: int, key: SecretBytes, *, told: bool = True) -> bool:
    """Keep an envelope key. Returns whether it was new."""
    row = EnvelopeKeyRow(number, key, told)
    values = {"number": number, "digest": row.digest, "key": key.reveal(), "told": told}
    return connection.execute(upsert(ENVELOPE_KEY).values(**values).on_conflict_do_nothing()).rowcount > 0


def tell_envelope_key(connection: Connection, number: int, key: SecretBytes) -> None:
    """What carries a key of ours is sealed: from here on files are sealed with it."""
    digest = EnvelopeKeyRow(number, key).digest
    connection.execute(
        update(ENVELOPE_KEY).where(ENVELOPE_KEY.c.number == number, ENVELOPE_KEY.c.digest == digest).values(told=True)
    )


_FORKS = "SELECT id, frozen_at FROM device WHERE frozen_at IS NOT NULL"
_ROSTER_ENTRIES = "SELECT entry, kind, value, confirmed, device, seq, seen FROM roster ORDER BY position"


def roster_entries(connection: Connection) -> tuple[RosterRow, ...]:
    """The roster in the order it became known. Asked many times in every exchange, in ready words."""
    return tuple(
        RosterRow(
            entry, kind, value, bool(confirmed), None if device is None else DeviceId(device), seq, unpack_numbers(seen)
        )
        for entry, kind, value, confirmed, device, seq, seen in connection.exec_driver_sql(_ROSTER_ENTRIES)
    )


def add_roster_entry(connection: Connection, row: RosterRow) -> None:
    """Keep an entry. One that was only announced becomes confirmed; what somebody else says again is kept beside it,
    because the first may cease to count."""
    last = connection.execute(select(func.coalesce(func.max(ROSTER.c.position), 0))).scalar_one()
    values = {
        "entry": row.entry, "position": last + 1, "kind": row.kind, "value": row.value, "confirmed": row.confirmed,
        "device": row.device, "seq": row.seq, "seen": pack_numbers(row.seen),
    }  # fmt: skip
    known = connection.execute(select(ROSTER).where(ROSTER.c.entry == row.entry)).first()
    if known is None:
        connection.execute(upsert(ROSTER).values(**values))
    elif not known.confirmed and row.confirmed:
        connection.execute(update(ROSTER).where(ROSTER.c.entry == row.entry).values(**values))
    elif row.confirmed and row.device is not None and (known.device, known.seq) != (row.device, row.seq):
        again = sha256(row.entry + row.device + (row.seq or 0).to_bytes(8, "big"))
        connection.execute(upsert(ROSTER).values(**{**values, "entry": again}).on_conflict_do_nothing())


def forks(connection: Connection) -> dict[DeviceId, int]:
    """The number of the first doubled segment of every laptop that has one."""
    return {DeviceId(device): number for device, number in connection.exec_driver_sql(_FORKS)}


def place_roster_entry(
    connection: Connection, entry: bytes, *, device: DeviceId, seq: int, seen: Mapping[DeviceId, int]
) -> None:
    """Remember which segment of this laptop carried its own entry, and what it had seen by then."""
    connection.execute(
        update(ROSTER)
        .where(ROSTER.c.entry == entry, ROSTER.c.seq.is_(None))
        .values(device=device, seq=seq, seen=pack_numbers(seen))
    )


def pack_numbers(seen: Mapping[DeviceId, int]) -> bytes:
    """A vector of heads without their hashes, as it is kept."""
    return cbor.encode([[device, seq] for device, seq in sorted(seen.items())])


def unpack_numbers(packed: bytes | None) -> dict[DeviceId, int]:
    """What `pack_numbers` packed.

    Raises:
        VaultDamaged: it is no such vector.
    """
    if packed is None:
        return {}
    try:
        items = cbor.decode(packed, max_bytes=_MAX_SEEN_BYTES)
    except EncodingRejected as error:
        raise VaultDamaged() from error
    if not isinstance(items, list):
        raise VaultDamaged()
    return {DeviceId(device): seq for device, seq in items}
