"""A person's next keys, between the moment they count and the moment the key file holds them.

The key file can only be written with the passphrase, and the keys before must not go before the others can be told and
what they opened is granted again. Until then the next keys lie in the encrypted database and the key file still holds
the ones before.
"""

from __future__ import annotations

from dataclasses import replace

from core.changes import cbor
from core.crypto.secrets import SecretBytes
from core.foundation.errors import EncodingRejected, VaultDamaged
from core.vault.keyslot import HASH_BYTES, KEY_BYTES, KeyslotContent


def pack_user_keys(keys: KeyslotContent) -> bytes:
    """The person's own keys in `keys`, as they are kept in the encrypted database."""
    seeds = [keys.user_sign_seed.reveal(), keys.user_wrap_seed.reveal()]
    return cbor.encode([keys.user_epoch, keys.record_before, *seeds])


def with_user_keys(keys: KeyslotContent, packed: bytes | None) -> KeyslotContent:
    """`keys` with the person's keys of `pack_user_keys`, if there are any that follow those in it.

    Raises:
        VaultDamaged: what was kept is not such keys.
    """
    if packed is None:
        return keys
    try:
        match cbor.decode(packed, max_bytes=512):
            case [int(epoch), bytes(before), bytes(sign), bytes(wrap)] if (
                (len(before), len(sign), len(wrap)) == (HASH_BYTES, KEY_BYTES, KEY_BYTES)
            ):
                if epoch <= keys.user_epoch:
                    return keys
                return replace(
                    keys, user_epoch=epoch, record_before=before, user_sign_seed=SecretBytes(sign),
                    user_wrap_seed=SecretBytes(wrap),
                )  # fmt: skip
    except EncodingRejected as error:
        raise VaultDamaged() from error
    raise VaultDamaged()
