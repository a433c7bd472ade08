"""Spoiling bytes so that they get past the first check: CBOR values are changed in one place and written again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cbor2
from hypothesis import strategies as st

LIMITS = (0, 1, 2**31, 2**31 + 1, 2**62, 2**63, 2**64 - 1, -1, -(2**63), -(2**64))
SCALARS = st.one_of(
    st.sampled_from(LIMITS), st.integers(-300, 300), st.binary(max_size=40), st.text(max_size=12), st.booleans(),
    st.none(), st.sampled_from([bytes(16), bytes(32), b"\xff" * 32, b"\x01" + bytes(31), "cwf1/pack", "\0", "x" * 500]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.integers(0, 12) | st.text(max_size=3), inner, max_size=4)
    ),
    max_leaves=8,
)


def spoilt(good: bytes) -> st.SearchStrategy[bytes]:
    """Bytes near `good`: cut, lengthened, flipped, or the same structure with one place changed."""
    return st.one_of(_bytewise(good), _structural(good), _structural(good), st.binary(max_size=200))


def _bytewise(good: bytes) -> st.SearchStrategy[bytes]:
    places = st.integers(0, max(len(good) - 1, 0))
    return st.one_of(
        places.map(lambda at: good[:at]),
        st.tuples(places, st.integers(0, 255)).map(lambda it: good[: it[0]] + bytes([it[1]]) + good[it[0] + 1 :]),
        st.tuples(places, st.binary(max_size=8)).map(lambda it: good[: it[0]] + it[1] + good[it[0] :]),
        st.tuples(places, places).map(lambda it: good[: min(it)] + good[max(it) :]),
    )


def _structural(good: bytes) -> st.SearchStrategy[bytes]:
    try:
        value = cbor2.loads(good)
    except Exception:
        return _bytewise(good)
    places = list(_places(value))
    return st.tuples(st.sampled_from(places), st.integers(0, 4), VALUES, SCALARS).map(
        lambda it: canonical(_changed(value, it[0], it[1], it[2], it[3]))
    )


def canonical(value: Any) -> bytes:
    """As the program would write it, where it would."""
    return cbor2.dumps(_sorted(value))


def _sorted(value: Any) -> Any:
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    if isinstance(value, dict):
        return dict(sorted(((key, _sorted(item)) for key, item in value.items()), key=lambda it: cbor2.dumps(it[0])))
    if isinstance(value, bytes) and len(value) > 40:
        return value
    return value


def _places(value: Any, so_far: tuple[Any, ...] = ()) -> Any:
    yield so_far
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from _places(item, (*so_far, place))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _places(item, (*so_far, key))
    elif isinstance(value, bytes) and len(value) > 40:
        # A body inside bytes, as segments and records carry them.
        try:
            inner = cbor2.loads(value)
        except Exception:
            return
        if isinstance(inner, (list, dict)):
            yield from _places(inner, (*so_far, None))


def _changed(value: Any, place: tuple[Any, ...], how: int, other: Any, scalar: Any) -> Any:
    if not place:
        return _exchanged(value, how, other, scalar)
    key, rest = place[0], place[1:]
    if key is None:
        return canonical(_changed(cbor2.loads(value), rest, how, other, scalar))
    copy: Any = list(value) if isinstance(value, list) else dict(value)
    if not rest and how == 1:
        del copy[key]
    elif not rest and how == 2 and isinstance(copy, list):
        copy.insert(key, copy[key])
    else:
        copy[key] = _changed(copy[key], rest, how, other, scalar)
    return copy


def _exchanged(value: Any, how: int, other: Any, scalar: Any) -> Any:
    near: dict[type, Callable[[Any], Any]] = {
        int: lambda it: it + 1, bytes: lambda it: it[:-1] + bytes([(it[-1:] or b"\0")[0] ^ 1]),
        str: lambda it: it + "x", bool: lambda it: not it, list: lambda it: it[::-1],
        dict: lambda it: {**it, 99: scalar},
    }  # fmt: skip
    if how == 0:
        return near.get(type(value), lambda _: other)(value)
    return scalar if how == 3 else other
