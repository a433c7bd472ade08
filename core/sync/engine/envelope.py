"""The outside of every file: padded, sealed, named by its own bytes (keys-and-sync 2.5).

A file is Cobblestone-256 over `len32 | content | zeros`, the whole padded to the larger of 1024 bytes and
PADME of its length, so that the host learns a size to within some 12 percent and nothing else. Segments, requests to
join and admissions look alike; they differ in who holds the key.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from core.changes import cbor
from core.crypto.container import open_sealed, seal
from core.crypto.derive import expand, sha256
from core.crypto.secrets import SecretBytes
from core.foundation.errors import EncodingRejected, EnvelopeRejected
from core.foundation.ids import OrganisationId

EnvelopeKeys: TypeAlias = "Sequence[tuple[int, SecretBytes]]"
"""Envelope keys with their numbers. Two people may make one under the same number."""

MINIMUM_BYTES = 1024
MAX_FILE_BYTES = 64 * 1024 * 1024
LENGTH_BYTES = 4
NAME_LENGTH = 64
_HEX = frozenset("0123456789abcdef")


def name_of(data: bytes) -> str:
    """The only name a file with these bytes may have: 64 lowercase hexadecimal digits."""
    return sha256(data).hex()


def is_name(text: str) -> bool:
    """Whether `text` has the form of such a name."""
    return len(text) == NAME_LENGTH and _HEX.issuperset(text)


def padded_size(size_bytes: int) -> int:
    """PADME (Nikitin et al. 2019): rounds up so that only the leading bits of the length show; at least 1024."""
    if size_bytes <= MINIMUM_BYTES:
        return MINIMUM_BYTES
    exponent = size_bytes.bit_length() - 1
    spare = exponent - exponent.bit_length()
    mask = (1 << spare) - 1
    return (size_bytes + mask) & ~mask


def in_order(keys: EnvelopeKeys) -> EnvelopeKeys:
    """Envelope keys, the one to write with first: the greatest (number, hash)."""
    return tuple(sorted(keys, key=lambda item: (item[0], sha256(item[1].reveal())), reverse=True))


def seal_segment_file(content: bytes, keys: EnvelopeKeys, organisation: OrganisationId) -> bytes:
    """A file under the newest envelope key (K_env)."""
    number, key = in_order(keys)[0]
    return _seal(key, content, _envelope_context(organisation, number))


def open_segment_file(
    untrusted_file: bytes, keys: EnvelopeKeys, organisation: OrganisationId
) -> bytes:
    """What `seal_segment_file` sealed, trying the newest key first.

    Raises:
        EnvelopeRejected: none of the keys opens it.
        EncodingRejected: it opens, and what is inside is not padded as it must be.
    """
    for number, key in in_order(keys):
        try:
            return _open(key, untrusted_file, _envelope_context(organisation, number))
        except EnvelopeRejected:
            continue
    raise EnvelopeRejected()


def seal_invited_file(content: bytes, invitation_key: SecretBytes, purpose: str) -> bytes:
    """A file between a joiner and the person who invited them; `purpose` is `request` or `admission`."""
    return _seal(_invited_key(invitation_key, purpose), content, _invited_context(purpose))


def open_invited_file(untrusted_file: bytes, invitation_key: SecretBytes, purpose: str) -> bytes:
    """What `seal_invited_file` sealed.

    Raises:
        EnvelopeRejected, EncodingRejected: it is something else.
    """
    return _open(_invited_key(invitation_key, purpose), untrusted_file, _invited_context(purpose))


def seal_boot_file(content: bytes, boot_key: SecretBytes) -> bytes:
    """A capsule: what the organisation sheet opens (`boot.py`)."""
    return _seal(_boot_key(boot_key), content, cbor.encode(["cwf1/capsule"]))


def open_boot_file(untrusted_file: bytes, boot_key: SecretBytes) -> bytes:
    """What `seal_boot_file` sealed.

    Raises:
        EnvelopeRejected, EncodingRejected: it is something else.
    """
    return _open(_boot_key(boot_key), untrusted_file, cbor.encode(["cwf1/capsule"]))


def _seal(key: SecretBytes, content: bytes, context: bytes) -> bytes:
    plain = len(content).to_bytes(LENGTH_BYTES, "big") + content
    return seal(key, plain + bytes(padded_size(len(plain)) - len(plain)), context=context)


def _open(key: SecretBytes, untrusted_file: bytes, context: bytes) -> bytes:
    plain = open_sealed(key, untrusted_file, context=context)
    length = int.from_bytes(plain[:LENGTH_BYTES], "big")
    used = LENGTH_BYTES + length
    if len(plain) < LENGTH_BYTES or used > len(plain) or len(plain) != padded_size(used) or any(plain[used:]):
        raise EncodingRejected(reason="a file is not padded the way it must be")
    return plain[LENGTH_BYTES:used]


def _envelope_context(organisation: OrganisationId, number: int) -> bytes:
    return cbor.encode(["cwf1/env", organisation, number])


def _invited_key(invitation_key: SecretBytes, purpose: str) -> SecretBytes:
    # The invitation holds 16 bytes; HKDF-Expand wants a full-length key, so it is hashed once.
    return expand(SecretBytes(sha256(b"cwf1/inv\0" + invitation_key.reveal())), f"cwf1/{purpose}")


def _invited_context(purpose: str) -> bytes:
    return cbor.encode([f"cwf1/{purpose}"])


def _boot_key(boot_key: SecretBytes) -> SecretBytes:
    return expand(SecretBytes(sha256(b"cwf1/boot\0" + boot_key.reveal())), "cwf1/capsule")
