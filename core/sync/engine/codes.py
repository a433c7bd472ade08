"""Short secrets as people hand them over: typed, pasted or read out of a square code.

A code is a word that says what it is, then base32 in groups of five: the payload and 4 bytes of its SHA-256. The
alphabet has no 0, 1 and 8, so what somebody takes for them is read as the letter it must be.
"""

from __future__ import annotations

import base64
import binascii

from core.crypto.derive import sha256
from core.foundation.errors import EncodingRejected

CHECKSUM_BYTES = 4
GROUP = 5
MAX_TEXT = 4_000

_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
_LIKE_NOTHING_ELSE = str.maketrans("08", "OB")
_ONE = "1"


def to_code(prefix: str, payload: bytes) -> str:
    """The payload as it is shown, copied or printed."""
    encoded = base64.b32encode(payload + sha256(payload)[:CHECKSUM_BYTES]).decode().rstrip("=")
    groups = [encoded[start : start + GROUP] for start in range(0, len(encoded), GROUP)]
    return "-".join([prefix, *groups])


def from_code(prefix: str, untrusted_text: str) -> bytes:
    """The payload behind `to_code`. Spaces, line breaks, dashes, small letters and lookalikes are forgiven.

    Raises:
        EncodingRejected: not such a code, cut off, or mistyped; the reason is a clause a person can read.
    """
    plain = "".join(untrusted_text[: 2 * MAX_TEXT].upper().split()).replace("-", "").translate(_LIKE_NOTHING_ELSE)
    if len(plain) > MAX_TEXT or not plain.startswith(prefix):
        raise EncodingRejected(reason="it does not look like one")
    encoded = plain[len(prefix) :]
    strange = sorted(set(encoded) - _ALPHABET - {_ONE})
    if strange:
        raise EncodingRejected(reason=f"it holds {' and '.join(strange[:3])}, which no code does")
    for letter in "IL" if _ONE in encoded else "I":
        payload = _checked(encoded.replace(_ONE, letter))
        if payload is not None:
            return payload
    raise EncodingRejected(reason="some of it is missing or mistyped")


def _checked(encoded: str) -> bytes | None:
    try:
        data = base64.b32decode(encoded + "=" * (-len(encoded) % 8))
    except (binascii.Error, ValueError):
        return None
    payload, checksum = data[:-CHECKSUM_BYTES], data[-CHECKSUM_BYTES:]
    return payload if len(checksum) == CHECKSUM_BYTES and sha256(payload)[:CHECKSUM_BYTES] == checksum else None


def to_groups(code: str) -> tuple[str, ...]:
    """The code in the groups it is read out in."""
    return tuple(code.split("-"))
