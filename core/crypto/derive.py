"""Hashes, MACs and keys from keys: SHA-256, HMAC-SHA256, HKDF-Expand (RFC 5869), CWF/1 section 2.1."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from core.crypto.secrets import SecretBytes
from core.foundation.errors import BugError

DIGEST_BYTES = 32
_LONGEST_EXPANSION_BYTES = 255 * DIGEST_BYTES


def expand(key: SecretBytes, label: str, length: int = DIGEST_BYTES) -> SecretBytes:
    """`length` bytes for one purpose from a key that is already uniform (RFC 5869, section 2.3).

    `label` is used as it stands (UTF-8) as HKDF's `info`; labels start with `cwf1/`.
    """
    return expand_info(key, label.encode("utf-8"), length)


def expand_info(key: SecretBytes, info: bytes, length: int = DIGEST_BYTES) -> SecretBytes:
    """As `expand`, for an `info` that is not text, such as a label followed by an id."""
    if len(key) < DIGEST_BYTES:
        raise BugError(rule="a key that others are derived from has at least 32 bytes")
    if not 1 <= length <= _LONGEST_EXPANSION_BYTES:
        raise BugError(rule="a derived key has 1 to 8160 bytes")
    return SecretBytes(HKDFExpand(SHA256(), length, info).derive(key.reveal()))


def mac(key: SecretBytes, message: bytes) -> bytes:
    """HMAC-SHA256, 32 bytes. Compare with `hmac.compare_digest`."""
    return hmac.digest(key.reveal(), message, "sha256")


def sha256(data: bytes) -> bytes:
    """SHA-256, 32 bytes."""
    return hashlib.sha256(data).digest()
