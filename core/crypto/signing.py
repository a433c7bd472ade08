"""Ed25519 signatures with a purpose, and the filter a public key must pass, CWF/1 section 2.1.

What is signed is `"cwf1/" purpose NUL message`, so a signature made for one purpose never passes
for another. The library accepts public keys of small order, under which one signature fits every
message; `check_public_key` keeps them out at enrolment, and `verify` refuses them again.
"""

from __future__ import annotations

import functools
from typing import NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from core.crypto.secrets import SecretBytes
from core.foundation.errors import BugError, KeyRejected, SignatureRejected

SEED_BYTES = 32
PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64

# RFC 8032, section 5.1: the field and the curve's constant.
_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
_SIGN_BIT = 1 << 255

_ORDER_8_Y = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
# Every 32-byte string that decodes to one of the eight points of small order: five values of y
# (two of them also written y + p, which still fits in 255 bits), each with either sign bit.
_LOW_ORDER = frozenset(
    (y | sign).to_bytes(PUBLIC_BYTES, "little")
    for y in (0, 1, _P - 1, _P, _P + 1, _ORDER_8_Y, _P - _ORDER_8_Y)
    for sign in (0, _SIGN_BIT)
)


class SigningKey:
    """Signs for one person or one laptop."""

    __slots__ = ("_key", "public")

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public = key.public_key().public_bytes_raw()
        """32 bytes."""

    @classmethod
    def from_seed(cls, seed: SecretBytes) -> SigningKey:
        """The same 32-byte seed always gives the same key."""
        if len(seed) != SEED_BYTES:
            raise BugError(rule="a signing key grows from a seed of 32 bytes")
        return cls(Ed25519PrivateKey.from_private_bytes(seed.reveal()))

    def sign(self, purpose: str, message: bytes) -> bytes:
        """64 bytes over `purpose` and `message`. Put the public key inside `message`."""
        return self._key.sign(signed_bytes(purpose, message))

    def __repr__(self) -> str:
        return f"SigningKey(public={self.public.hex()})"

    def __reduce__(self) -> NoReturn:
        raise BugError(rule="a key is never pickled or copied")


def verify(public: bytes, *, purpose: str, message: bytes, signature: bytes) -> None:
    """Return quietly if `signature` is by `public` over `message` for `purpose`.

    Raises:
        SignatureRejected: it is not, or `public` is not a key anyone can sign with.
    """
    verify_raw(public, signed=signed_bytes(purpose, message), signature=signature)


def verify_raw(public: bytes, *, signed: bytes, signature: bytes) -> None:
    """`verify` without a purpose: plain Ed25519, as the external vectors have it.

    Raises:
        SignatureRejected: as `verify`.
    """
    if public in _LOW_ORDER:
        raise SignatureRejected()
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, signed)
    except (InvalidSignature, ValueError) as error:
        raise SignatureRejected() from error


@functools.lru_cache(maxsize=4096)
def check_public_key(public: bytes) -> None:
    """Refuse a key that must not be admitted. Also ask for a signature by it over itself.

    Raises:
        KeyRejected: not 32 bytes, one of the 14 encodings of a point of small order, an encoding
            that is not the canonical one, or no point of the curve (RFC 8032, section 5.1.3).
    """
    if len(public) != PUBLIC_BYTES or public in _LOW_ORDER:
        raise KeyRejected()
    y = int.from_bytes(public, "little") & ~_SIGN_BIT
    if y >= _P:
        raise KeyRejected()
    # x^2 = u / v has a root exactly when u * v is a square; u = 0 is of small order, gone above.
    u, v = y * y - 1, _D * y * y + 1
    if pow(u * v, (_P - 1) // 2, _P) != 1:
        raise KeyRejected()


def signed_bytes(purpose: str, message: bytes) -> bytes:
    """Exactly what a signature covers."""
    if not purpose or not purpose.isascii() or not purpose.isprintable():
        raise BugError(rule="the purpose of a signature is printable ASCII")
    return b"cwf1/" + purpose.encode("ascii") + b"\0" + message
