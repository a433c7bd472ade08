"""What lies sealed even in an open vault: the keys and the history of compartments.

A vault has a pair of keys for what rests in it. The public one lies open, so that what arrives can always be put to
rest; the private one lies open too until the person chooses a second passphrase, and under that passphrase from then
on. Compartments have no rows and no words to search: they are read by opening their history and folding it in memory.
"""

from __future__ import annotations

import base64
from collections.abc import Collection

from sqlalchemy import Engine, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from core.changes import cbor
from core.changes.change import Change, decode, encode
from core.changes.reducer import EntityState, PlacedOp, by_entity, fold, placed_ops
from core.crypto.container import open_sealed, seal
from core.crypto.kdf import KdfCost, derive_key
from core.crypto.secrets import SecretBytes
from core.crypto.wrap import SEED_BYTES, WrapPrivateKey, unwrap, wrap
from core.domain.catalogue import record_type
from core.domain.declare import Record
from core.foundation.errors import EncodingRejected, EnvelopeRejected, VaultDamaged, WrongPassphrase
from core.foundation.ids import ChangeId, RecordId, StreamId
from core.foundation.ports import Randomness
from core.store import meta
from core.store.connection import Connection
from core.store.rows import RecordReader, RowMaker
from core.store.schema import CHANGE, EPOCH, SEALED_STREAM

PUBLIC, PRIVATE = "rest-public", "rest-private"
KEY_BYTES = 32
_OPTION = "imani_rest"
_OPEN, _UNDER_PASSPHRASE = 0, 1


class Rest:
    """The private key while it may be used; None while a second passphrase keeps it shut."""

    __slots__ = ("private",)

    def __init__(self) -> None:
        self.private: WrapPrivateKey | None = None


def attach(engine: Engine) -> Rest:
    """Give every connection of `engine` a place for the private key."""
    rest = Rest()
    engine.update_execution_options(**{_OPTION: rest})
    return rest


def prepare(connection: Connection, randomness: Randomness) -> None:
    """Make the pair of keys if there is none, and take up the private one if it lies open."""
    kept = meta.read(connection, PRIVATE)
    if kept is None:
        put_open(connection, SecretBytes(randomness.bytes(SEED_BYTES)))
        return
    match _unpack(kept):
        case [int(how), bytes(seed)] if how == _OPEN:
            _rest(connection).private = WrapPrivateKey.from_seed(SecretBytes(seed))


def put_open(connection: Connection, seed: SecretBytes) -> None:
    """Keep a private key without a second passphrase."""
    private = WrapPrivateKey.from_seed(seed)
    meta.write(connection, PUBLIC, private.public)
    meta.write(connection, PRIVATE, cbor.encode([_OPEN, seed.reveal()]))
    _rest(connection).private = private


def put_under(connection: Connection, passphrase: str, seed: SecretBytes, *, salt: bytes, cost: KdfCost) -> None:
    """Keep a private key under a second passphrase; it stays usable until the vault is locked or it is put away."""
    private = WrapPrivateKey.from_seed(seed)
    work = [cost.memory_kib, cost.passes, cost.lanes, salt]
    sealed = seal(derive_key(passphrase, salt=salt, cost=cost), seed.reveal(), context=cbor.encode([PRIVATE, work]))
    meta.write(connection, PUBLIC, private.public)
    meta.write(connection, PRIVATE, cbor.encode([_UNDER_PASSPHRASE, work, sealed]))
    _rest(connection).private = private


def has_second(connection: Connection) -> bool:
    """Whether a second passphrase was chosen."""
    match _unpack(meta.read(connection, PRIVATE) or b""):
        case [int(how), *_]:
            return how == _UNDER_PASSPHRASE
    raise VaultDamaged()


def is_open(connection: Connection) -> bool:
    """Whether what rests can be read now."""
    return _rest(connection).private is not None


def open_with(connection: Connection, passphrase: str) -> None:
    """Take up the private key with the second passphrase. Slow on purpose.

    Raises:
        WrongPassphrase: it stays shut.
        VaultDamaged, UnsupportedMachine.
    """
    match _unpack(meta.read(connection, PRIVATE) or b""):
        case [int(how), [int(memory), int(passes), int(lanes), bytes(salt)], bytes(sealed)] if how:
            key = derive_key(passphrase, salt=salt, cost=KdfCost(memory, passes, lanes))
            context = cbor.encode([PRIVATE, [memory, passes, lanes, salt]])
            try:
                seed = SecretBytes(open_sealed(key, sealed, context=context))
            except EnvelopeRejected as error:
                raise WrongPassphrase() from error
            _rest(connection).private = WrapPrivateKey.from_seed(seed)
        case _:
            raise VaultDamaged()


def rest_anew(connection: Connection, passphrase: str, seed: SecretBytes, *, salt: bytes, cost: KdfCost) -> None:
    """Put everything that rests under a new pair of keys, kept under a second passphrase. What was sealed before, its
    unfinished typing apart, opens with the new pair alone."""
    keys: list[tuple[StreamId, bytes, SecretBytes]] = []
    changes: list[tuple[int, StreamId, Change]] = []
    for stream in sorted(sealed_streams(connection)):
        for row in connection.execute(select(EPOCH.c.header_hash, EPOCH.c.key).where(EPOCH.c.stream == stream)):
            key = None if row.key is None else open_key(connection, stream, row.header_hash, row.key)
            if key is not None:
                keys.append((stream, row.header_hash, key))
        columns = select(CHANGE.c.position, CHANGE.c.id, CHANGE.c.body).where(CHANGE.c.stream == stream)
        for position, identifier, body in connection.execute(columns):
            change = open_change(connection, stream, ChangeId(identifier), body)
            if change is not None:
                changes.append((position, stream, change))
    put_under(connection, passphrase, seed, salt=salt, cost=cost)
    for stream, header_hash, key in keys:
        where = (EPOCH.c.stream == stream, EPOCH.c.header_hash == header_hash)
        kept = seal_key(connection, stream, header_hash, key)
        connection.execute(update(EPOCH).where(*where).values(key=kept))
    for position, stream, change in changes:
        body = seal_change(connection, stream, change)
        connection.execute(update(CHANGE).where(CHANGE.c.position == position).values(body=body))


# ------------------------------------------------------------------ streams that rest sealed


def note_sealed(connection: Connection, stream: StreamId) -> None:
    """Whatever is written in this stream rests sealed from now on."""
    connection.execute(upsert(SEALED_STREAM).values(stream=stream).on_conflict_do_nothing())


def is_sealed(connection: Connection, stream: StreamId) -> bool:
    """Whether what is written in a stream rests sealed."""
    found = connection.execute(select(SEALED_STREAM.c.stream).where(SEALED_STREAM.c.stream == stream)).first()
    return found is not None


def sealed_among(connection: Connection, streams: Collection[StreamId]) -> frozenset[StreamId]:
    """Those of `streams` that rest sealed, asked for in one go."""
    marks = ", ".join("?" * len(streams))
    query = f"SELECT stream FROM sealed_stream WHERE stream IN ({marks})"  # noqa: S608  # only question marks
    return frozenset(StreamId(stream) for stream in connection.exec_driver_sql(query, tuple(streams)).scalars())


def sealed_streams(connection: Connection) -> frozenset[StreamId]:
    """Every stream that rests sealed."""
    return frozenset(StreamId(stream) for stream in connection.execute(select(SEALED_STREAM.c.stream)).scalars())


def seal_key(connection: Connection, stream: StreamId, header_hash: bytes, key: SecretBytes) -> bytes:
    """An epoch's key as it rests."""
    return wrap(_public(connection), key.reveal(), info=_info("cwf1/rest-key", stream, header_hash))


def open_key(connection: Connection, stream: StreamId, header_hash: bytes, kept: bytes) -> SecretBytes | None:
    """The key of an epoch as it was kept; None while it rests."""
    if len(kept) == KEY_BYTES:
        return SecretBytes(kept)
    private = _rest(connection).private
    if private is None:
        return None
    try:
        return SecretBytes(unwrap(private, kept, info=_info("cwf1/rest-key", stream, header_hash)))
    except EnvelopeRejected as error:
        raise VaultDamaged() from error


def seal_change(connection: Connection, stream: StreamId, change: Change) -> bytes:
    """The body of a change as it rests."""
    return wrap(_public(connection), encode(change), info=_info("cwf1/rest", stream, change.id))


def open_change(connection: Connection, stream: StreamId, identifier: ChangeId, body: bytes) -> Change | None:
    """A change from its body as it rests; None while it may not be read."""
    private = _rest(connection).private
    if private is None:
        return None
    try:
        return decode(unwrap(private, body, info=_info("cwf1/rest", stream, identifier)))
    except (EnvelopeRejected, EncodingRejected) as error:
        raise VaultDamaged() from error


def seal_text(connection: Connection, stream: StreamId, text: str) -> str:
    """Unfinished typing as it rests."""
    return base64.b64encode(wrap(_public(connection), text.encode(), info=_info("cwf1/draft", stream, b""))).decode()


def open_text(connection: Connection, stream: StreamId, kept: str) -> str:
    """The text behind `seal_text`; empty if it cannot be read now, or any more."""
    private = _rest(connection).private
    try:
        if private is None:
            return ""
        return unwrap(private, base64.b64decode(kept), info=_info("cwf1/draft", stream, b"")).decode()
    except (EnvelopeRejected, ValueError):
        return ""


def fold_sealed(connection: Connection, stream: StreamId) -> dict[RecordId, EntityState]:
    """Every record of a stream that rests, folded in memory by the reducer that makes all others.

    Empty while it may not be read.
    """
    ops: list[PlacedOp] = []
    columns = select(CHANGE.c.id, CHANGE.c.withheld, CHANGE.c.body)
    for row in connection.execute(columns.where(CHANGE.c.stream == stream).order_by(CHANGE.c.position)):
        change = open_change(connection, stream, ChangeId(row.id), row.body)
        if change is None:
            return {}
        ops += placed_ops(change, withheld=bool(row.withheld))
    return {entity: fold(None, found) for entity, found in by_entity(ops).items()}


def records_in(states: dict[RecordId, EntityState], stream: StreamId) -> tuple[Record, ...]:
    """The records of a folded stream; deleted ones and types this version does not know are left out."""
    found: list[Record] = []
    for entity, state in sorted(states.items()):
        kind = record_type(state.table)
        if kind is None or state.deleted or not state.heads:
            continue
        row = RowMaker(kind).row(entity, stream, state)
        found.append(RecordReader(kind).record([entity, stream, *(row[name] for name in kind.SPEC.fields)]))
    return tuple(found)


def _rest(connection: Connection) -> Rest:
    rest = connection.engine.get_execution_options().get(_OPTION)
    return rest if isinstance(rest, Rest) else Rest()


def _public(connection: Connection) -> bytes:
    public = meta.read(connection, PUBLIC)
    if public is None:
        raise VaultDamaged()
    return public


def _info(label: str, stream: StreamId, about: bytes) -> bytes:
    return cbor.encode([label, stream, about])


def _unpack(kept: bytes) -> object:
    try:
        return cbor.decode(kept, max_bytes=4_096)
    except EncodingRejected as error:
        raise VaultDamaged() from error
