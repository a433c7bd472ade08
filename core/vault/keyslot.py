"""The key file: everything secret this person holds on this laptop, sealed under their passphrase.

Layout (`FORMAT.md`): deterministic CBOR `[magic, version, [memory_kib, passes, lanes, salt], sealed, checksum]`.
The checksum is a plain SHA-256 over the parts before it: it tells a damaged file from a wrong
passphrase, which an authenticated cipher alone cannot; in every later version too it is the last part and
covers all parts before it. The file never goes into the shared folder, so
nobody there has anything to guess against (keys-and-sync 2.2).
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from core.changes import cbor
from core.crypto.container import open_sealed, seal
from core.crypto.derive import sha256
from core.crypto.kdf import KdfCost, derive_key
from core.crypto.secrets import SecretBytes
from core.foundation.errors import (
    AppError,
    EncodingRejected,
    EnvelopeRejected,
    FileUnreadable,
    HeaderDamaged,
    NoVaultHere,
    VaultTooNew,
    WrongPassphrase,
)
from core.foundation.files import overwrite, read_capped, write_atomic
from core.foundation.ids import ID_BYTES, DeviceId, OrganisationId, UserId
from core.foundation.ports import Randomness

KEYSLOT_NAME = "keyslot"
PREVIOUS_NAME = "keyslot.previous"
MAGIC = "cwf1-keyslot"
VERSION = 1
KEY_BYTES = 32
SALT_BYTES = 16
HASH_BYTES = 32
MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class KeyslotContent:
    """What the passphrase protects. Seeds are 32 bytes; `vault_salt` is 16.

    `user_epoch` counts how often this person renewed their own keys; `record_before` is the hash of the public record
    of the keys before these.
    """

    vault_key: SecretBytes
    vault_salt: bytes
    user_sign_seed: SecretBytes
    user_wrap_seed: SecretBytes
    device_sign_seed: SecretBytes
    organisation: OrganisationId
    user: UserId
    device: DeviceId
    user_epoch: int = 0
    record_before: bytes = bytes(HASH_BYTES)

    def wipe(self) -> None:
        """Forget the keys as far as Python allows."""
        for secret in (self.vault_key, self.user_sign_seed, self.user_wrap_seed, self.device_sign_seed):
            secret.wipe()


def new_content(*, randomness: Randomness, organisation: OrganisationId, user: UserId) -> KeyslotContent:
    """Fresh keys for one person on one laptop."""
    return KeyslotContent(
        vault_key=SecretBytes(randomness.bytes(KEY_BYTES)),
        vault_salt=randomness.bytes(SALT_BYTES),
        user_sign_seed=SecretBytes(randomness.bytes(KEY_BYTES)),
        user_wrap_seed=SecretBytes(randomness.bytes(KEY_BYTES)),
        device_sign_seed=SecretBytes(randomness.bytes(KEY_BYTES)),
        organisation=organisation,
        user=user,
        device=DeviceId(randomness.bytes(ID_BYTES)),
    )


def write_keyslot(
    folder: Path, content: KeyslotContent, passphrase: str, *, cost: KdfCost, randomness: Randomness
) -> None:
    """Seal `content` under `passphrase`. The file that was there before, if whole, is kept as `keyslot.previous`.

    Raises:
        FolderNotWritable, DiskFull: nothing was changed.
    """
    salt = randomness.bytes(SALT_BYTES)
    parameters = [cost.memory_kib, cost.passes, cost.lanes, salt]
    key = derive_key(passphrase, salt=salt, cost=cost)
    sealed = seal(key, cbor.encode(_plain(content)), context=_context(parameters))
    head = [MAGIC, VERSION, parameters, sealed]
    current = folder / KEYSLOT_NAME
    if current.exists():
        # A damaged file is worth nothing; the whole one before it is.
        with contextlib.suppress(HeaderDamaged):
            _parse(current)
            write_atomic(folder / PREVIOUS_NAME, read_capped(current, MAX_BYTES))
    write_atomic(current, cbor.encode([*head, sha256(cbor.encode(head))]))


def open_keyslot(folder: Path, passphrase: str) -> KeyslotContent:
    """The keys behind `passphrase`; the previous file is used if the current one is damaged.

    Takes as long as one Argon2id derivation: call it off the GUI thread.

    Raises:
        NoVaultHere: there is no key file.
        WrongPassphrase: the file is whole and the passphrase is not its own.
        HeaderDamaged: neither the file nor its predecessor is whole.
        VaultTooNew: written by a newer version.
    """
    current = folder / KEYSLOT_NAME
    if not current.exists() and not (folder / PREVIOUS_NAME).exists():
        raise NoVaultHere(path=str(folder))
    parameters, sealed = _whole(folder)
    memory_kib, passes, lanes, salt = parameters
    key = derive_key(passphrase, salt=salt, cost=KdfCost(memory_kib, passes, lanes))
    try:
        plain = open_sealed(key, sealed, context=_context(list(parameters)))
    except EnvelopeRejected as error:
        raise WrongPassphrase() from error
    return _content(plain)


def settle_keyslot(folder: Path) -> None:
    """Once the current key file has opened: make the one before it a copy of it.

    From then on nothing here opens with an earlier passphrase, and a damaged key file still has a whole one beside it.
    """
    current, previous = folder / KEYSLOT_NAME, folder / PREVIOUS_NAME
    if not previous.exists():
        return
    with contextlib.suppress(AppError):  # the next time will do
        _parse(current)
        data = read_capped(current, MAX_BYTES)
        if read_capped(previous, MAX_BYTES) != data:
            write_atomic(previous, data)


def destroy_keyslot(folder: Path, randomness: Randomness) -> None:
    """Make this workbook unreadable for good: both key files are overwritten, then deleted. Repeatable.

    What a disk keeps of the old bytes elsewhere is out of reach here; only its own encryption helps against that.
    """
    for name in (KEYSLOT_NAME, PREVIOUS_NAME):
        path = folder / name
        if path.exists():
            overwrite(path, randomness.bytes(max(path.stat().st_size, 1)))
            path.unlink()


def keyslot_cost(folder: Path) -> KdfCost:
    """The cost one guess of this vault's passphrase has.

    Raises:
        HeaderDamaged: neither the key file nor its predecessor is whole.
    """
    memory_kib, passes, lanes, _ = _whole(folder)[0]
    return KdfCost(memory_kib, passes, lanes)


def _whole(folder: Path) -> tuple[tuple[int, int, int, bytes], bytes]:
    try:
        return _parse(folder / KEYSLOT_NAME)
    except HeaderDamaged:
        return _parse(folder / PREVIOUS_NAME)


def _context(parameters: list[object]) -> bytes:
    return cbor.encode(["cwf1/idwrap", VERSION, parameters])


def _parse(path: Path) -> tuple[tuple[int, int, int, bytes], bytes]:
    try:
        parts = cbor.decode(read_capped(path, MAX_BYTES), max_bytes=MAX_BYTES)
    except (EncodingRejected, FileUnreadable) as error:
        raise HeaderDamaged() from error
    # The checksum comes first: a flipped bit in the version must not look like a newer version.
    if not isinstance(parts, list) or len(parts) < 3 or parts[0] != MAGIC:
        raise HeaderDamaged()
    if parts[-1] != sha256(cbor.encode(parts[:-1])):
        raise HeaderDamaged()
    version = parts[1]
    if type(version) is int and version > VERSION:
        raise VaultTooNew()
    match parts:
        case [_, _, [int(memory), int(passes), int(lanes), bytes(salt)], bytes(sealed), _] if version == VERSION:
            return (memory, passes, lanes, salt), sealed
    raise HeaderDamaged()


def _plain(content: KeyslotContent) -> dict[int, object]:
    renewed = {9: content.user_epoch, 10: content.record_before} if content.user_epoch else {}
    return {
        **renewed,
        1: content.vault_key.reveal(),
        2: content.vault_salt,
        3: content.user_sign_seed.reveal(),
        4: content.user_wrap_seed.reveal(),
        5: content.device_sign_seed.reveal(),
        6: content.organisation,
        7: content.user,
        8: content.device,
    }


def _content(plain: bytes) -> KeyslotContent:
    parts = cbor.decode(plain, max_bytes=MAX_BYTES)
    if not isinstance(parts, dict):
        raise HeaderDamaged()
    values = [value for number in range(1, 9) if isinstance(value := parts.get(number), bytes)]
    match [parts.get(9), parts.get(10)]:
        case [None, None] if len(parts) == 8:
            user_epoch, record_before = 0, bytes(HASH_BYTES)
        case [int(user_epoch), bytes(record_before)] if len(parts) == 10 and user_epoch > 0:
            pass
        case _:
            raise HeaderDamaged()
    if len(values) != 8:
        raise HeaderDamaged()
    vault_key, vault_salt, user_sign, user_wrap, device_sign, organisation, user, device = values
    return KeyslotContent(
        vault_key=SecretBytes(vault_key),
        vault_salt=vault_salt,
        user_sign_seed=SecretBytes(user_sign),
        user_wrap_seed=SecretBytes(user_wrap),
        device_sign_seed=SecretBytes(device_sign),
        organisation=OrganisationId(organisation),
        user=UserId(user),
        device=DeviceId(device),
        user_epoch=user_epoch,
        record_before=record_before,
    )
