"""The roster and the epochs as the engine knows them, read from the vault. For the services beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.changes import cbor
from core.changes.change import Op, OpKind
from core.changes.hlc import COUNTER_BITS, to_ms
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.crypto.wrap import WrapPrivateKey
from core.foundation.errors import BugError
from core.foundation.ids import DeviceId, OrganisationId, RecordId, StreamId, UserId
from core.services.recovery_choice import with_group
from core.services.workspace import Workspace
from core.store import keyring, meta
from core.store.unit import WriteUnit
from core.sync.engine import epochs
from core.sync.engine.entries import MAX_ENTRY_BYTES, ROOT
from core.sync.engine.epochs import EpochHeader, EpochKey
from core.sync.engine.rekeying import uncounted
from core.sync.engine.roster import Roster, UserRecord, make_user_record
from core.vault.keyslot import KeyslotContent

ORGANISATION_STREAM = "organisation-stream"
PERSONAL_STREAM = "personal-stream"
ROOT_HASH = "root-hash"
EPOCH_TABLE = "epoch"
ROSTER_TABLE = "roster"


@dataclass(frozen=True, slots=True)
class KnownEpoch:
    """A checked header with its key (None if it never came), and who wrote it when."""

    header: EpochHeader
    header_hash: bytes
    key: SecretBytes | None
    author: UserId | None
    hlc: int
    device: DeviceId | None = None
    seq: int | None = None
    counts: bool = True
    """Whether it decides who reads: not if whoever began it had been removed by then."""


def roster_of(workspace: Workspace) -> Roster:
    """The roster as this vault knows it."""
    with workspace.store.reading() as connection:
        root_hash = meta.read(connection, ROOT_HASH) or b""
        entries, forks = keyring.roster_entries(connection), keyring.forks(connection)
    return Roster.assemble(workspace.keys.organisation, root_hash, entries, forks)


def roster_in(unit: WriteUnit, workspace: Workspace) -> Roster:
    """As `roster_of`, inside a unit of work."""
    root_hash = meta.read(unit.connection, ROOT_HASH) or b""
    entries, forks = keyring.roster_entries(unit.connection), keyring.forks(unit.connection)
    return Roster.assemble(workspace.keys.organisation, root_hash, entries, forks)


def epochs_of(workspace: Workspace, stream: StreamId) -> dict[bytes, KnownEpoch]:
    """Every epoch of a stream whose header is known here, by header hash."""
    with workspace.store.reading() as connection:
        return _known(keyring.epochs(connection, stream), lambda: roster_of(workspace))


def epochs_in(unit: WriteUnit, stream: StreamId) -> dict[bytes, KnownEpoch]:
    """As `epochs_of`, inside a unit of work."""
    return _known(keyring.epochs(unit.connection, stream), lambda: _roster_here(unit))


def _roster_here(unit: WriteUnit) -> Roster:
    entries = keyring.roster_entries(unit.connection)
    root = next((cbor.decode(entry.value, max_bytes=MAX_ENTRY_BYTES) for entry in entries if entry.kind == ROOT), None)
    named = root.get(1) if isinstance(root, dict) else None
    organisation = OrganisationId(named if isinstance(named, bytes) else b"")
    root_hash = meta.read(unit.connection, ROOT_HASH) or b""
    return Roster.assemble(organisation, root_hash, entries, keyring.forks(unit.connection))


def put_epoch(
    unit: WriteUnit, header: EpochHeader, key: SecretBytes, *, workspace_user: UserId, now_ms: int
) -> EpochHeader:
    """Write a header into its stream and keep it with its key. The wraps are made when it is sealed.

    Returns the header as it was written: it names the newest edition of the recovery group that opens the stream.
    """
    header = with_group(unit.connection, header)
    op = Op(OpKind.EPOCH, RecordId(header.stream), EPOCH_TABLE, "", epochs.to_wire(header))
    unit.put_op(header.stream, op)
    row = keyring.EpochRow(
        header.stream, epochs.hash_of(header), header.number, epochs.encode(header), key, workspace_user,
        now_ms << COUNTER_BITS,
    )  # fmt: skip
    keyring.add_epoch_header(unit.connection, row)
    return header


def new_stream_key(workspace: Workspace) -> SecretBytes:
    """A fresh key for an epoch."""
    return SecretBytes(workspace.parts.randomness.bytes(epochs.KEY_BYTES))


def now_ms(workspace: Workspace) -> int:
    """Milliseconds since 1970."""
    return to_ms(workspace.parts.clock.now())


def user_record_of(keys: KeyslotContent) -> UserRecord:
    """This person's own public record; signing is deterministic, so it is the same every time."""
    signer = SigningKey.from_seed(keys.user_sign_seed)
    return make_user_record(
        user=keys.user, signer=signer, wrap_public=WrapPrivateKey.from_seed(keys.user_wrap_seed).public,
        user_epoch=keys.user_epoch, previous=keys.record_before,
    )  # fmt: skip


def headers_of(known: dict[bytes, KnownEpoch]) -> dict[bytes, EpochHeader]:
    """Only the headers, and of these only those that decide something."""
    return {name: epoch.header for name, epoch in known.items() if epoch.counts}


def keys_of(known: Iterable[KnownEpoch]) -> tuple[EpochKey, ...]:
    """Only the keys that are here."""
    return tuple(
        EpochKey(epoch.header.stream, epoch.header.number, epoch.header_hash, epoch.key)
        for epoch in known
        if epoch.key is not None
    )


def writing_epoch(known: dict[bytes, KnownEpoch]) -> KnownEpoch:
    """The epoch to write with: of those nothing follows and whose key is here, the greatest (number, hash); if
    somebody kept the keys of all of them back, the newest whose key is here.

    Raises:
        BugError: none has a key, so nothing can have been written here.
    """
    newest = sorted(known, key=lambda name: (known[name].header.number, name), reverse=True)
    for name in (*epochs.leaves(headers_of(known)), *newest):
        if known[name].key is not None:
            return known[name]
    raise BugError(rule="a stream is written only by somebody who holds its key")


def _known(rows: Sequence[keyring.EpochRow], roster: Callable[[], Roster]) -> dict[bytes, KnownEpoch]:
    headers = {row.header_hash: epochs.decode(row.header) for row in rows if row.header is not None}
    void: frozenset[bytes] = frozenset()
    if len(headers) > 1:
        void = uncounted(headers, {row.header_hash: (row.device, row.seq) for row in rows}, roster())
    return {
        row.header_hash: KnownEpoch(
            headers[row.header_hash], row.header_hash, row.key, row.author, row.hlc, row.device, row.seq,
            counts=row.header_hash not in void,
        )
        for row in rows
        if row.header is not None
    }  # fmt: skip
