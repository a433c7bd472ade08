from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.crypto import wrap
from core.crypto.secrets import SecretBytes
from core.foundation.errors import BugError, EnvelopeRejected, KeyRejected

ANA = wrap.WrapPrivateKey.from_seed(SecretBytes(bytes(range(32))))
BEN = wrap.WrapPrivateKey.from_seed(SecretBytes(bytes(32)))
INFO = b"cwf1/grant\0case 1"
WRAPPED = wrap.wrap(ANA.public, b"k" * 32, info=INFO)


def test_what_is_wrapped_to_somebody_opens_for_them() -> None:
    for plaintext in (b"", b"k" * 32, b"x" * 10_000):
        wrapped = wrap.wrap(ANA.public, plaintext, info=INFO)
        assert len(wrapped) == len(plaintext) + wrap.OVERHEAD_BYTES
        assert wrap.unwrap(ANA, wrapped, info=INFO) == plaintext
    assert len(WRAPPED) == 1168


def test_the_same_seed_gives_the_same_key_on_another_laptop() -> None:
    again = wrap.WrapPrivateKey.from_seed(SecretBytes(bytes(range(32))))
    assert again.public == ANA.public != BEN.public
    assert len(ANA.public) == wrap.PUBLIC_BYTES
    assert wrap.unwrap(again, WRAPPED, info=INFO) == b"k" * 32


def test_nobody_else_and_no_other_purpose_opens_it() -> None:
    for private, info in ((BEN, INFO), (ANA, b""), (ANA, INFO + b"\0"), (ANA, INFO[:-1])):
        with pytest.raises(EnvelopeRejected):
            wrap.unwrap(private, WRAPPED, info=info)


def test_a_wrap_cut_or_lengthened_anywhere_is_refused() -> None:
    for cut in (0, 1, 31, 32, 1087, 1088, 1119, 1120, 1135, 1136, len(WRAPPED) - 1):
        with pytest.raises(EnvelopeRejected):
            wrap.unwrap(ANA, WRAPPED[:cut], info=INFO)
    with pytest.raises(EnvelopeRejected):
        wrap.unwrap(ANA, WRAPPED + b"\0", info=INFO)


@settings(deadline=None, max_examples=150)
@given(position=st.integers(0, len(WRAPPED) - 1), bit=st.integers(0, 7))
def test_a_flipped_bit_anywhere_is_refused(position: int, bit: int) -> None:
    forged = bytearray(WRAPPED)
    forged[position] ^= 1 << bit
    with pytest.raises(EnvelopeRejected):
        wrap.unwrap(ANA, bytes(forged), info=INFO)


@settings(deadline=None, max_examples=150)
@given(st.one_of(st.binary(max_size=64), st.binary(min_size=1130, max_size=1200)))
def test_any_bytes_at_all_are_refused_with_a_named_error(junk: bytes) -> None:
    with pytest.raises(EnvelopeRejected):
        wrap.unwrap(ANA, junk, info=INFO)


def test_an_encapsulation_of_small_order_is_refused() -> None:
    with pytest.raises(EnvelopeRejected):
        wrap.unwrap(ANA, WRAPPED[:1088] + bytes(32) + WRAPPED[1120:], info=INFO)


@pytest.mark.parametrize(
    "public",
    [
        b"",
        ANA.public[:-1],
        ANA.public + b"\0",
        b"\xff" * 1184 + ANA.public[1184:],
        ANA.public[:1184] + bytes(32),
        ANA.public[:1184] + b"\x01" + bytes(31),
    ],
    ids=["empty", "short", "long", "mlkem out of range", "x25519 zero", "x25519 one"],
)
def test_a_public_key_nobody_can_receive_with_is_refused(public: bytes) -> None:
    with pytest.raises(KeyRejected):
        wrap.wrap(public, b"k", info=INFO)
    with pytest.raises(KeyRejected):
        wrap.check_wrap_public_key(public)


def test_a_sound_public_key_is_admitted() -> None:
    wrap.check_wrap_public_key(ANA.public)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_seed_of_another_length_is_our_own_mistake(length: int) -> None:
    with pytest.raises(BugError):
        wrap.WrapPrivateKey.from_seed(SecretBytes(bytes(length)))
