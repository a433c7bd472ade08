"""Reading values that came from outside: each function returns what it was promised or raises."""

from __future__ import annotations

from collections.abc import Sequence

from core.changes.change import Wire
from core.foundation.errors import EncodingRejected
from core.foundation.ids import ID_BYTES

HASH_BYTES = 32
NO_HASH = bytes(HASH_BYTES)
"""Stands where a chain begins."""


def sequence(value: object, length: int, what: str) -> Sequence[object]:
    """A list of exactly `length` items.

    Raises:
        EncodingRejected: as all functions here, if `value` is anything else.
    """
    if not isinstance(value, list) or len(value) != length:
        raise EncodingRejected(reason=f"{what} does not have {length} parts")
    return value


def items(value: object, what: str, *, at_most: int) -> Sequence[object]:
    """A list of no more than `at_most` items."""
    if not isinstance(value, list) or len(value) > at_most:
        raise EncodingRejected(reason=f"{what} is not a list, or is too long")
    return value


def exactly(value: object, length: int, what: str) -> bytes:
    """Bytes of exactly this length."""
    if not isinstance(value, bytes) or len(value) != length:
        raise EncodingRejected(reason=f"{what} is not {length} bytes")
    return value


def identifier(value: object, what: str) -> bytes:
    """An id of 16 bytes."""
    return exactly(value, ID_BYTES, what)


def digest(value: object, what: str) -> bytes:
    """A SHA-256 value."""
    return exactly(value, HASH_BYTES, what)


def raw(value: object, what: str, *, at_most: int) -> bytes:
    """Bytes no longer than `at_most`."""
    if not isinstance(value, bytes) or len(value) > at_most:
        raise EncodingRejected(reason=f"{what} is not bytes, or is too long")
    return value


def number(value: object, what: str, *, at_least: int = 0, at_most: int = 2**62) -> int:
    """A whole number in range."""
    if not isinstance(value, int) or isinstance(value, bool) or not at_least <= value <= at_most:
        raise EncodingRejected(reason=f"{what} is out of range")
    return value


def text(value: object, what: str, *, at_most: int = 400) -> str:
    """A text no longer than `at_most` characters."""
    if not isinstance(value, str) or len(value) > at_most:
        raise EncodingRejected(reason=f"{what} is not a short text")
    return value


def mapping(value: object, what: str) -> dict[int, Wire]:
    """A map with whole numbers as keys."""
    if not isinstance(value, dict) or not all(isinstance(key, int) for key in value):
        raise EncodingRejected(reason=f"{what} is not a numbered map")
    return value
