"""The one way a value is written: deterministic CBOR (RFC 8949, section 4.2.1), and the gate that insists on it.

Allowed: whole numbers of CBOR's own 64-bit range (-2**64 .. 2**64 - 1), bytes, text, lists, maps
with whole-number or text keys, true, false and null, at most 32 levels deep. No floats, no tags, no
indefinite lengths. A value has exactly one encoding, so a hash or a signature over the bytes is one
over the value.
"""

from __future__ import annotations

from typing import Any, NoReturn

import cbor2

from core.foundation.errors import BugError, EncodingRejected

MAX_DEPTH = 32
"""How many lists and maps may lie inside one another."""

_LOWEST, _HIGHEST = -(2**64), 2**64 - 1
_SCALARS = frozenset((int, bytes, str, bool, type(None)))
_PLAIN = _SCALARS - {int}


def encode(value: object) -> bytes:
    """The one encoding of `value`. Tuples are written as lists and come back as lists.

    Raises:
        BugError: `value` holds something of another type, a number beyond 64 bits, text that is
            not valid Unicode, or lies too deep.
    """
    try:
        return cbor2.dumps(_in_order(value, 0))
    except UnicodeEncodeError as error:
        raise BugError(rule="only valid Unicode text is stored") from error


def encode_made(value: object) -> bytes:
    """As `encode`, unchecked: for lists this program made of whole numbers, bytes, text and nothing else.

    What people or laptops wrote goes through `checked` first.
    """
    return cbor2.dumps(value)


def checked(value: Any, depth: int) -> Any:
    """`value` as `encode` would write it, for lists then given to `encode_made`, `depth` of them round it.

    Raises:
        BugError: as `encode`.
    """
    return value if type(value) in _PLAIN else _in_order(value, depth)


def decode(data: bytes, *, max_bytes: int) -> object:
    """The value behind `encode`, accepting no other bytes than `encode` would write.

    Raises:
        EncodingRejected: longer than `max_bytes`, not CBOR, bytes left over, a type outside the
            list, too deep, or written in any other way than the canonical one.
    """
    if len(data) > max_bytes:
        raise EncodingRejected(reason="it is longer than it may be")
    try:
        value = cbor2.loads(
            data,
            tag_hook=_refuse_tag,
            semantic_decoders=_NO_TAGS,
            max_depth=MAX_DEPTH,
            allow_indefinite=False,
            allow_duplicate_keys=False,
        )
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise EncodingRejected(reason="it is not plain, complete CBOR") from error
    if type(value) not in _SCALARS:
        _check(value)
    # Catches all that remains: numbers and lengths not written the shortest way, bytes left over.
    if cbor2.dumps(value) != data:
        raise EncodingRejected(reason="it is not written in the canonical way")
    return value


class _NoTags(dict[int, Any]):
    """Claims to know every tag, so that the library never acts on one (some compile, parse or compute)."""

    def __missing__(self, tag: int) -> Any:
        return _refuse_tag


def _refuse_tag(*_: object) -> NoReturn:
    raise EncodingRejected(reason="it holds a tag")


_NO_TAGS = _NoTags()


def _check(value: Any) -> None:
    """Refuse what `encode` would not have written: other types, and maps out of order."""
    kind = type(value)
    if kind is list:
        for item in value:
            if type(item) not in _SCALARS:
                _check(item)
    elif kind is dict:
        if not _sorted_already(value):
            if any(type(key) is not int and type(key) is not str for key in value):
                raise EncodingRejected(reason="a map has a key that is neither a number nor text")
            if list(value) != sorted(value, key=_key_order):
                raise EncodingRejected(reason="the keys of a map are out of order")
        for item in value.values():
            if type(item) not in _SCALARS:
                _check(item)
    else:
        raise EncodingRejected(reason="it holds a type that is not allowed")


def _in_order(value: Any, depth: int) -> Any:
    """`value` with every map in canonical order, after checking that it may be written at all."""
    kind = type(value)
    if kind is int:
        if not _LOWEST <= value <= _HIGHEST:
            raise BugError(rule="a stored number fits in 64 bits")
        return value
    if kind in _SCALARS:
        return value
    if depth >= MAX_DEPTH:
        raise BugError(rule="stored data lies at most 32 levels deep")
    if kind is list or kind is tuple:
        return [
            item
            if (of := type(item)) in _PLAIN or (of is int and _LOWEST <= item <= _HIGHEST)
            else _in_order(item, depth + 1)
            for item in value
        ]
    if kind is not dict:
        raise BugError(rule=f"stored data is made of numbers, text, bytes, lists and maps, not {kind.__name__}")
    if _sorted_already(value):
        return {key: item if type(item) in _PLAIN else _in_order(item, depth + 1) for key, item in value.items()}
    for key in value:
        if type(key) is not str and (type(key) is not int or not _LOWEST <= key <= _HIGHEST):
            raise BugError(rule="the keys of stored maps are numbers or text")
    return {key: _in_order(value[key], depth + 1) for key in sorted(value, key=_key_order)}


def _sorted_already(value: dict[Any, Any]) -> bool:
    """The quick way for nearly every map: small whole-number keys, rising."""
    previous = -1
    for key in value:
        if type(key) is not int or not previous < key <= _HIGHEST:
            return False
        previous = key
    return True


def _key_order(key: int | str) -> tuple[int, int, bytes]:
    """Sorts like the encoded key bytes: major type first, then the shorter, then bytewise."""
    if isinstance(key, str):
        text = key.encode("utf-8")
        return 3, len(text), text
    return (0, key, b"") if key >= 0 else (1, -1 - key, b"")
