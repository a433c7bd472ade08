"""Sealing a few bytes to one person's public key: HPKE base mode with X-Wing, CWF/1 section 2.1.

Suite: KEM MLKEM768_X25519 (0x647a), HKDF-SHA256, ChaCha20Poly1305, the suite of age's post-quantum
recipient. Everything the wrapped bytes belong to goes into `info`. The wrap does not say who made
it and does not commit to one key: whoever uses it signs around it and checks a commitment inside.
"""

from __future__ import annotations

import hashlib
from typing import NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from core.crypto.secrets import SecretBytes
from core.foundation.errors import BugError, EnvelopeRejected, KeyRejected

SEED_BYTES = 32
PUBLIC_BYTES = 1216
OVERHEAD_BYTES = 1136
"""A wrap is this much longer than what it holds: 1120 bytes of encapsulation and a 16-byte tag."""

_MLKEM_PUBLIC_BYTES = 1184
_MLKEM_SEED_BYTES = 64


class WrapPrivateKey:
    """What opens wraps, grown from a 32-byte X-Wing seed (draft-connolly-cfrg-xwing-kem, section 5.2)."""

    __slots__ = ("_key", "public")

    def __init__(self, key: MLKEM768X25519PrivateKey, public: bytes) -> None:
        self._key = key
        self.public = public
        """1216 bytes: the ML-KEM-768 encapsulation key, then the X25519 key."""

    @classmethod
    def from_seed(cls, seed: SecretBytes) -> WrapPrivateKey:
        """The same seed always gives the same key."""
        if len(seed) != SEED_BYTES:
            raise BugError(rule="a wrap key grows from a seed of 32 bytes")
        expanded = hashlib.shake_256(seed.reveal()).digest(96)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_BYTES])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_BYTES:])
        public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        return cls(MLKEM768X25519PrivateKey(mlkem, x25519), public)

    def decrypt(self, wrapped: bytes, info: bytes) -> bytes:
        """The library's HPKE opening; use `unwrap`, which speaks this program's errors."""
        return _suite().decrypt(wrapped, self._key, info=info)

    def __repr__(self) -> str:
        return "WrapPrivateKey(hidden)"

    def __reduce__(self) -> NoReturn:
        raise BugError(rule="a key is never pickled or copied")


def wrap(recipient_public: bytes, plaintext: bytes, *, info: bytes) -> bytes:
    """Seal `plaintext` so that only the holder of `recipient_public` opens it, with the same `info`.

    Returns 1136 bytes more than `plaintext`; fresh randomness comes from the operating system.

    Raises:
        KeyRejected: `recipient_public` is not a sound X-Wing public key.
    """
    key = _recipient(recipient_public)
    try:
        return _suite().encrypt(plaintext, key, info=info)
    except ValueError as error:  # an X25519 half of small order: no shared key exists
        raise KeyRejected() from error


def unwrap(private: WrapPrivateKey, wrapped: bytes, *, info: bytes) -> bytes:
    """What `wrap` sealed to this key with the same `info`.

    Raises:
        EnvelopeRejected: changed, cut short, for another key, or bound to other `info`.
    """
    try:
        return private.decrypt(wrapped, info)
    except (InvalidTag, ValueError) as error:
        raise EnvelopeRejected() from error


def check_wrap_public_key(public: bytes) -> None:
    """Refuse a public key nobody could receive with; call it before admitting anyone's key.

    Raises:
        KeyRejected: wrong length, an ML-KEM half outside its range (FIPS 203, section 7.2), or an
            X25519 half of small order (RFC 7748, section 6.1).
    """
    wrap(public, b"", info=b"")


def _recipient(public: bytes) -> MLKEM768X25519PublicKey:
    if len(public) != PUBLIC_BYTES:
        raise KeyRejected()
    try:
        return MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC_BYTES]),
            X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC_BYTES:]),
        )
    except ValueError as error:
        raise KeyRejected() from error


def _suite() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
