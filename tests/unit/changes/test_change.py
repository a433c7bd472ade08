"""A change has one encoding, and nothing else passes for one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.changes import cbor
from core.changes.change import MAX_OPS, Change, Op, decode, encode, from_wire, to_wire
from core.changes.hlc import MAX_HLC
from core.foundation.errors import EncodingRejected
from core.foundation.ids import ChangeId, RecordId, UserId

ID = bytes(range(16))
OP: list[Any] = [1, ID, "note", "body", "words", [ID + b"\x00\x01"]]
CHANGE: list[Any] = [ID, 5, ID, "add-note", [OP]]


def test_there_and_back() -> None:
    change = Change(
        ChangeId(ID), MAX_HLC, UserId(ID), "add-note",
        (
            Op(1, RecordId(ID), "note", "body", {1: ["x", None, True, b""]}, (ID + b"\xff\xff",)),
            Op(255, RecordId(ID), "", ""),
        ),
    )  # fmt: skip
    assert decode(encode(change)) == change
    assert from_wire(to_wire(change)) == change


def _with(place: int, value: object) -> list[Any]:
    return [value if n == place else part for n, part in enumerate(CHANGE)]


def _with_op(place: int, value: object) -> list[Any]:
    return _with(4, [[value if n == place else part for n, part in enumerate(OP)]])


@pytest.mark.parametrize(
    "value",
    [
        None, 7, {}, [], CHANGE[:4], [*CHANGE, 1],
        _with(0, ID[:15]), _with(0, ID + b"x"), _with(0, "text"),
        _with(1, -1), _with(1, MAX_HLC + 1), _with(1, True), _with(1, b""),
        _with(2, ID[:15]), _with(3, 7), _with(3, "x" * 65),
        _with(4, []), _with(4, {}), _with(4, [7]), _with(4, [OP[:5]]), _with(4, [[*OP, 1]]),
        _with_op(0, 0), _with_op(0, 256), _with_op(0, -1), _with_op(0, True), _with_op(0, "1"),
        _with_op(1, ID[:15]), _with_op(1, 7), _with_op(2, 7), _with_op(2, "x" * 65), _with_op(3, None),
        _with_op(3, "x" * 65), _with_op(5, None), _with_op(5, [ID]), _with_op(5, ["text"]),
    ],
)  # fmt: skip
def test_another_shape_is_refused(value: object) -> None:
    with pytest.raises(EncodingRejected):
        from_wire(value)
    with pytest.raises(EncodingRejected):
        decode(cbor.encode(value))


def test_too_many_steps_are_refused() -> None:
    with pytest.raises(EncodingRejected):
        from_wire(_with(4, [OP] * (MAX_OPS + 1)))


def test_a_longer_writing_of_the_same_change_is_refused() -> None:
    data = encode(from_wire(CHANGE))
    assert data[17:18] == b"\x00" or b"\x05" in data
    with pytest.raises(EncodingRejected):
        decode(data.replace(b"\x05\x50", b"\x18\x05\x50", 1))
    with pytest.raises(EncodingRejected):
        decode(data + b"\x00")


@given(st.binary(max_size=400))
def test_noise_is_refused_and_never_crashes(noise: bytes) -> None:
    with pytest.raises(EncodingRejected):
        decode(noise)


@given(st.data())
def test_a_change_with_any_one_byte_changed_is_refused_or_another_change(data: st.DataObject) -> None:
    whole = encode(from_wire(CHANGE))
    place = data.draw(st.integers(0, len(whole) - 1))
    broken = bytearray(whole)
    broken[place] = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[place]))
    try:
        found = decode(bytes(broken))
    except EncodingRejected:
        return
    assert found != from_wire(CHANGE)
    assert encode(found) == bytes(broken)
