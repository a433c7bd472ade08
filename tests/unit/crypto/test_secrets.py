from __future__ import annotations

import copy
import pickle

import pytest

from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.crypto.wrap import WrapPrivateKey
from core.foundation.errors import BugError, VaultLocked

KEY = bytes(range(32))


def test_no_way_of_printing_shows_the_bytes() -> None:
    secret = SecretBytes(KEY)
    for shown in (repr(secret), str(secret), f"{secret}", f"{secret:>40}", f"{secret!r}", repr([secret])):
        assert KEY.hex() not in shown and repr(KEY)[2:-1] not in shown and "hidden" in shown


@pytest.mark.parametrize(
    "key",
    [SecretBytes(KEY), SigningKey.from_seed(SecretBytes(KEY)), WrapPrivateKey.from_seed(SecretBytes(KEY))],
    ids=["secret", "signing", "wrap"],
)
def test_keys_leave_memory_by_no_back_door(key: object) -> None:
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(BugError):
            leak(key)
    assert not hasattr(key, "__dict__")
    assert KEY.hex() not in repr(key)


def test_secrets_are_compared_by_content_and_never_hashed() -> None:
    assert SecretBytes(KEY) == SecretBytes(bytearray(KEY))
    assert SecretBytes(KEY) != SecretBytes(KEY[:-1] + b"\0")
    assert SecretBytes(KEY) != SecretBytes(KEY[:-1])
    assert SecretBytes(KEY) != KEY
    with pytest.raises(TypeError):
        hash(SecretBytes(KEY))


def test_a_wiped_secret_is_gone() -> None:
    secret = SecretBytes(KEY)
    held = secret._held
    secret.wipe()
    secret.wipe()
    assert held == bytes(32)
    with pytest.raises(VaultLocked):
        secret.reveal()
    assert secret != SecretBytes(bytes(32))


def test_a_secret_does_not_follow_the_buffer_it_was_made_from() -> None:
    buffer = bytearray(KEY)
    secret = SecretBytes(buffer)
    buffer[:] = bytes(32)
    assert secret.reveal() == KEY and len(secret) == 32
