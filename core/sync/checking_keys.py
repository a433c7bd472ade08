"""The file of keys for checking: enough to check a folder's chains and roster, and not enough to read one case.

Layout (`PROTOCOL.md`): CBOR `["cwf1-check", 1, [memory KiB, passes, lanes, salt], sealed, hash of the four before]`;
inside CBOR `{1: organisation, 2: root hash, 3: [[number, K_env], ...], 4: organisation stream,
5: [[epoch number, header hash, SEK], ...], 6: [[kind, roster entry], ...]}`.
The organisation's own records (who works here, the homes) are under those keys, so the file is always sealed with a
passphrase of its own. No key of a case, of a person or of a laptop is in it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from core.changes import cbor
from core.crypto.container import open_sealed, seal
from core.crypto.derive import sha256
from core.crypto.kdf import DEFAULT_COST, KdfCost, derive_key
from core.crypto.secrets import SecretBytes
from core.foundation.errors import (
    EncodingRejected,
    EnvelopeRejected,
    FileUnreadable,
    HeaderDamaged,
    WrongCheckingPassphrase,
)
from core.foundation.files import read_capped, write_atomic
from core.foundation.ids import OrganisationId, StreamId
from core.foundation.ports import Randomness
from core.sync.engine import roster, shape
from core.sync.engine.epochs import KEY_BYTES, EpochKey
from core.sync.verify import VerifyKeys, announced

MAGIC = "cwf1-check"
VERSION = 1
SALT_BYTES = 16
MAX_BYTES = 64 * 1024 * 1024
_MAX_ITEMS = 100_000


@dataclass(frozen=True, slots=True)
class CheckingKeys:
    """What the file holds. `entries`: `(kind, value)` of the roster, whose public keys begin the check."""

    organisation: OrganisationId
    root_hash: bytes
    envelope: tuple[tuple[int, SecretBytes], ...]
    stream: StreamId
    stream_keys: tuple[EpochKey, ...]
    entries: tuple[tuple[int, bytes], ...]


def as_verify_keys(keys: CheckingKeys) -> VerifyKeys:
    """The same as the checker wants them.

    Raises:
        EncodingRejected, SegmentRejected: the roster in them does not fit together.
    """
    made = VerifyKeys(keys.organisation, keys.root_hash, keys.envelope, keys.stream_keys)
    return replace(made, known=announced(keys.entries, made))


def write_checking_keys(
    path: Path, keys: CheckingKeys, passphrase: str, *, randomness: Randomness, cost: KdfCost = DEFAULT_COST
) -> None:
    """Seal the keys under a passphrase into a file.

    Raises:
        FolderNotWritable, DiskFull: nothing was changed.
    """
    salt = randomness.bytes(SALT_BYTES)
    parameters = [cost.memory_kib, cost.passes, cost.lanes, salt]
    plain = cbor.encode(
        {
            1: keys.organisation, 2: keys.root_hash, 3: [[number, key.reveal()] for number, key in keys.envelope],
            4: keys.stream, 5: [[key.number, key.header_hash, key.key.reveal()] for key in keys.stream_keys],
            6: [list(entry) for entry in keys.entries],
        }
    )  # fmt: skip
    sealed = seal(derive_key(passphrase, salt=salt, cost=cost), plain, context=_context(parameters))
    head = [MAGIC, VERSION, parameters, sealed]
    write_atomic(path, cbor.encode([*head, sha256(cbor.encode(head))]))


def is_checking_keys(path: Path) -> bool:
    """Whether a file is one of these, so that nothing else is ever written over."""
    try:
        _parse(path)
    except FileUnreadable:
        return False
    return True


def read_checking_keys(path: Path, passphrase: str) -> CheckingKeys:
    """The keys behind a passphrase. Takes as long as one guess costs.

    Raises:
        FileUnreadable: it is no such file, or damaged.
        WrongCheckingPassphrase: it is whole and the passphrase is not its own.
    """
    parameters, sealed = _parse(path)
    memory_kib, passes, lanes, salt = parameters
    try:
        key = derive_key(passphrase, salt=salt, cost=KdfCost(memory_kib, passes, lanes))
        return _content(open_sealed(key, sealed, context=_context(list(parameters))))
    except EnvelopeRejected as error:
        raise WrongCheckingPassphrase(path=str(path)) from error
    except (EncodingRejected, HeaderDamaged) as error:
        raise _no_such_file(path) from error


def _parse(path: Path) -> tuple[tuple[int, int, int, bytes], bytes]:
    try:
        parts = cbor.decode(read_capped(path, MAX_BYTES), max_bytes=MAX_BYTES)
    except EncodingRejected as error:
        raise _no_such_file(path) from error
    match parts:
        case ["cwf1-check", int(version), [int(memory), int(passes), int(lanes), bytes(salt)], bytes(sealed), checksum]:
            if version == VERSION and checksum == sha256(cbor.encode(parts[:4])):
                return (memory, passes, lanes, salt), sealed
    raise _no_such_file(path)


def _no_such_file(path: Path) -> FileUnreadable:
    return FileUnreadable(path=str(path), reason="it is not a whole file of keys for checking")


def _context(parameters: list[object]) -> bytes:
    return cbor.encode(["cwf1/check", VERSION, parameters])


def _content(plain: bytes) -> CheckingKeys:
    parts = shape.mapping(cbor.decode(plain, max_bytes=MAX_BYTES), "a file of keys")
    if set(parts) != set(range(1, 7)):
        raise EncodingRejected(reason="a file of keys lacks a part")
    envelope = [shape.sequence(item, 2, "a key") for item in shape.items(parts[3], "keys", at_most=_MAX_ITEMS)]
    stream = StreamId(shape.identifier(parts[4], "a stream id"))
    epochs = [shape.sequence(item, 3, "a key") for item in shape.items(parts[5], "keys", at_most=_MAX_ITEMS)]
    entries = [shape.sequence(item, 2, "an entry") for item in shape.items(parts[6], "entries", at_most=_MAX_ITEMS)]
    return CheckingKeys(
        OrganisationId(shape.identifier(parts[1], "an organisation id")),
        shape.digest(parts[2], "a root hash"),
        tuple((shape.number(number, "a number"), _key(key)) for number, key in envelope),
        stream,
        tuple(
            EpochKey(
                stream, shape.number(number, "an epoch number", at_least=1), shape.digest(name, "a hash"), _key(key)
            )
            for number, name, key in epochs
        ),
        tuple(
            (shape.number(kind, "a kind"), shape.raw(value, "an entry", at_most=roster.MAX_ENTRY_BYTES))
            for kind, value in entries
        ),
    )


def _key(value: object) -> SecretBytes:
    return SecretBytes(shape.exactly(value, KEY_BYTES, "a key"))
