from __future__ import annotations

import pytest

from core.crypto import derive
from core.crypto.secrets import SecretBytes
from core.foundation.errors import BugError

KEY = SecretBytes(bytes(range(32)))


def test_expanding_is_rfc_5869_with_the_label_as_info() -> None:
    # Test case 1 of RFC 5869, appendix A.1, from its PRK.
    prk = SecretBytes(bytes.fromhex("077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5"))
    okm = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    assert derive.expand_info(prk, bytes.fromhex("f0f1f2f3f4f5f6f7f8f9"), 42).reveal().hex() == okm
    assert derive.expand(KEY, "cwf1/tag", 42) == derive.expand_info(KEY, b"cwf1/tag", 42)


def test_labels_lead_to_unrelated_keys_and_the_same_label_to_the_same() -> None:
    assert derive.expand(KEY, "cwf1/tag") == derive.expand(KEY, "cwf1/tag")
    keys = {derive.expand(KEY, label).reveal() for label in ("", "cwf1/tag", "cwf1/tags", "cwf1/ta")}
    assert len(keys) == 4 and KEY.reveal() not in keys
    assert len(derive.expand(KEY, "cwf1/tag")) == 32


@pytest.mark.parametrize("length", [0, -1, 255 * 32 + 1])
def test_impossible_lengths_are_our_own_mistake(length: int) -> None:
    with pytest.raises(BugError):
        derive.expand(KEY, "cwf1/tag", length)


def test_a_short_key_is_not_expanded() -> None:
    with pytest.raises(BugError):
        derive.expand(SecretBytes(bytes(31)), "cwf1/tag")


def test_mac_and_hash_are_the_published_ones() -> None:
    # RFC 4231, section 4.3; FIPS 180-4, "abc".
    tag = derive.mac(SecretBytes(b"Jefe"), b"what do ya want for nothing?")
    assert tag.hex() == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert derive.sha256(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
