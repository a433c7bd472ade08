from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.crypto import signing
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey, check_public_key, verify
from core.foundation.errors import AppError, BugError, KeyRejected, SignatureRejected

ANA = SigningKey.from_seed(SecretBytes(bytes(range(32))))
BEN = SigningKey.from_seed(SecretBytes(bytes(32)))
SIGNED = ANA.sign("segment", b"hello")
P = 2**255 - 19


def test_a_signature_verifies_for_its_key_purpose_and_message_only() -> None:
    verify(ANA.public, purpose="segment", message=b"hello", signature=SIGNED)
    for public, purpose, message, signature in (
        (BEN.public, "segment", b"hello", SIGNED),
        (ANA.public, "root", b"hello", SIGNED),
        (ANA.public, "segment", b"hello ", SIGNED),
        (ANA.public, "segment", b"", SIGNED),
        (ANA.public, "segment", b"hello", SIGNED[:-1]),
        (ANA.public, "segment", b"hello", SIGNED + b"\0"),
        (ANA.public, "segment", b"hello", b""),
        (ANA.public[:-1], "segment", b"hello", SIGNED),
        (b"", "segment", b"hello", SIGNED),
    ):
        with pytest.raises(SignatureRejected):
            verify(public, purpose=purpose, message=message, signature=signature)


def test_the_signature_is_plain_ed25519_over_the_published_prefix() -> None:
    signing.verify_raw(ANA.public, signed=b"cwf1/segment\0hello", signature=SIGNED)
    assert len(SIGNED) == signing.SIGNATURE_BYTES and len(ANA.public) == signing.PUBLIC_BYTES


def test_text_cannot_slide_from_the_message_into_the_purpose() -> None:
    slid = ANA.sign("a", b"b\0c")
    with pytest.raises(BugError):
        verify(ANA.public, purpose="a\0b", message=b"c", signature=slid)
    for purpose in ("", "ä", "a\n"):
        with pytest.raises(BugError):
            ANA.sign(purpose, b"")


@settings(deadline=None, max_examples=200)
@given(public=st.binary(max_size=40), message=st.binary(max_size=40), signature=st.binary(max_size=80))
def test_any_bytes_at_all_are_refused_with_a_named_error(public: bytes, message: bytes, signature: bytes) -> None:
    for key in (public, ANA.public):
        with pytest.raises(SignatureRejected):
            verify(key, purpose="segment", message=message, signature=signature)


@settings(deadline=None, max_examples=150)
@given(position=st.integers(0, 63), bit=st.integers(0, 7))
def test_a_flipped_bit_anywhere_is_refused(position: int, bit: int) -> None:
    forged = bytearray(SIGNED)
    forged[position] ^= 1 << bit
    with pytest.raises(SignatureRejected):
        verify(ANA.public, purpose="segment", message=b"hello", signature=bytes(forged))


def test_the_one_signature_that_fits_every_message_is_refused() -> None:
    identity = b"\x01" + bytes(31)
    for message in (b"hello", b"anything else"):
        with pytest.raises(SignatureRejected):
            verify(identity, purpose="segment", message=message, signature=identity + bytes(32))


def test_the_list_of_small_order_keys_is_the_arithmetic_one() -> None:
    assert len(signing._LOW_ORDER) == 14
    eighth_y = signing._ORDER_8_Y
    # A point (x, y) has order 8 exactly when doubling it gives y = 0, so x^2 = -y^2 (RFC 8032, 5.1).
    d = -121665 * pow(121666, -1, P) % P
    assert (d * pow(eighth_y, 4, P) + 2 * eighth_y * eighth_y - 1) % P == 0
    for public in signing._LOW_ORDER:
        with pytest.raises(KeyRejected):
            check_public_key(public)


@pytest.mark.parametrize("y", [P + 2, P + 3, P + 9, P + 18, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1 << 255])
def test_a_key_not_written_in_the_canonical_way_is_refused(y: int, sign: int) -> None:
    with pytest.raises(KeyRejected):
        check_public_key((y | sign).to_bytes(32, "little"))


def test_a_key_that_is_no_point_of_the_curve_is_refused() -> None:
    # y = 2 has no x (RFC 8032, 5.1.3, step 3).
    with pytest.raises(KeyRejected):
        check_public_key((2).to_bytes(32, "little"))


@settings(deadline=None, max_examples=50)
@given(st.binary(min_size=32, max_size=32))
def test_every_honest_key_is_admitted(seed: bytes) -> None:
    check_public_key(SigningKey.from_seed(SecretBytes(seed)).public)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=40))
def test_any_bytes_as_a_key_are_admitted_or_refused_by_name(junk: bytes) -> None:
    try:
        check_public_key(junk)
    except AppError as error:
        assert error.code == "key-rejected"


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_seed_of_another_length_is_our_own_mistake(length: int) -> None:
    with pytest.raises(BugError):
        SigningKey.from_seed(SecretBytes(bytes(length)))
