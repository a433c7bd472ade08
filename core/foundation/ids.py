"""Typed identifiers. Every id is 16 random bytes; text forms are lowercase hexadecimal."""

from __future__ import annotations

from typing import NewType

ID_BYTES = 16

RecordId = NewType("RecordId", bytes)
"""Names one record (one entity) for ever, on every laptop."""
ChangeId = NewType("ChangeId", bytes)
"""Names one change: what one person did at one moment in one stream."""
DeviceId = NewType("DeviceId", bytes)
UserId = NewType("UserId", bytes)
StreamId = NewType("StreamId", bytes)
OrganisationId = NewType("OrganisationId", bytes)


def to_hex(identifier: bytes) -> str:
    """Lowercase hexadecimal text of an id, for logs, command lines and URLs."""
    return identifier.hex()


def from_hex(text: str) -> bytes:
    """The 16 bytes behind `to_hex`.

    Raises:
        ValueError: the text is not exactly 32 hexadecimal digits.
    """
    # `fromhex` skips white space; the length of the text does not.
    if len(text) != 2 * ID_BYTES or len(raw := bytes.fromhex(text)) != ID_BYTES:
        raise ValueError("an id has 32 hexadecimal digits")
    return raw
