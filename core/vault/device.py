"""Which laptop this is. The key file says so, unless the vault was put back from a copy since.

A restored vault would give numbers to its segments a second time, so it goes on as a new laptop. The new
identity is kept inside the encrypted database, since the key file can only be written with the passphrase.
"""

from __future__ import annotations

from dataclasses import replace

from core.changes import cbor
from core.crypto.secrets import SecretBytes
from core.foundation.errors import EncodingRejected, VaultDamaged
from core.foundation.ids import ID_BYTES, DeviceId
from core.vault.keyslot import KEY_BYTES, KeyslotContent


def pack_device(device: DeviceId, sign_seed: SecretBytes) -> bytes:
    """The identity as it is kept in the encrypted database."""
    return cbor.encode([device, sign_seed.reveal()])


def with_current_device(keys: KeyslotContent, packed: bytes | None) -> KeyslotContent:
    """`keys` with the identity of `pack_device`, if there is one.

    Raises:
        VaultDamaged: what was kept is not such an identity.
    """
    if packed is None:
        return keys
    try:
        match cbor.decode(packed, max_bytes=256):
            case [bytes(device), bytes(seed)] if len(device) == ID_BYTES and len(seed) == KEY_BYTES:
                return replace(keys, device=DeviceId(device), device_sign_seed=SecretBytes(seed))
    except EncodingRejected as error:
        raise VaultDamaged() from error
    raise VaultDamaged()
