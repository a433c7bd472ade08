from __future__ import annotations

import datetime
import decimal
import enum
import random
from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.changes import cbor
from core.foundation.errors import BugError, EncodingRejected

CAP = 1_000_000

# RFC 8949, appendix A, the rows whose types CWF/1 allows and whose encoding is the deterministic one.
APPENDIX_A: list[tuple[Any, str]] = [
    (0, "00"),
    (1, "01"),
    (10, "0a"),
    (23, "17"),
    (24, "1818"),
    (25, "1819"),
    (100, "1864"),
    (1000, "1903e8"),
    (1000000, "1a000f4240"),
    (1000000000000, "1b000000e8d4a51000"),
    (18446744073709551615, "1bffffffffffffffff"),
    (-18446744073709551616, "3bffffffffffffffff"),
    (-1, "20"),
    (-10, "29"),
    (-100, "3863"),
    (-1000, "3903e7"),
    (False, "f4"),
    (True, "f5"),
    (None, "f6"),
    (b"", "40"),
    (bytes.fromhex("01020304"), "4401020304"),
    ("", "60"),
    ("a", "6161"),
    ("IETF", "6449455446"),
    ('"\\', "62225c"),
    ("\u00fc", "62c3bc"),
    ("\u6c34", "63e6b0b4"),
    ("\U00010151", "64f0908591"),
    ([], "80"),
    ([1, 2, 3], "83010203"),
    ([1, [2, 3], [4, 5]], "8301820203820405"),
    (list(range(1, 26)), "98190102030405060708090a0b0c0d0e0f101112131415161718181819"),
    ({}, "a0"),
    ({1: 2, 3: 4}, "a201020304"),
    ({"a": 1, "b": [2, 3]}, "a26161016162820203"),
    (["a", {"b": "c"}], "826161a161626163"),
    ({"a": "A", "b": "B", "c": "C", "d": "D", "e": "E"}, "a56161614161626142616361436164614461656145"),
]

REFUSED = {
    "nothing at all": "",
    "two values": "0001",
    "value and a spare break": "00ff",
    "1 in two bytes": "1801",
    "23 in two bytes": "1817",
    "255 in three bytes": "1900ff",
    "65535 in five bytes": "1a0000ffff",
    "4294967295 in nine bytes": "1b00000000ffffffff",
    "-1 in two bytes": "3800",
    "long length of bytes": "580100",
    "long length of text": "780161",
    "long length of a list": "980100",
    "long length of a map": "b8010000",
    "true in two bytes": "f815",
    "indefinite bytes": "5f4100ff",
    "indefinite text": "7f6161ff",
    "indefinite list": "9f00ff",
    "indefinite map": "bf0000ff",
    "a lone break": "ff",
    "the same key twice": "a201020103",
    "the same text key twice": "a2616101616102",
    "1 and true as keys": "a20102f503",
    "keys falling": "a203040102",
    "text keys falling": "a2616201616101",
    "shorter text after longer": "a262616100616200",
    "text before number": "a261610101 02",
    "negative before positive": "a220000100",
    "falling keys deep inside": "8181a10181a203040102",
    "true as a key": "a1f500",
    "null as a key": "a1f600",
    "bytes as a key": "a1410000",
    "a list as a key": "a18000",
    "a map as a key": "a1a000",
    "half float": "f93c00",
    "single float": "fa47c35000",
    "double float": "fb3ff199999999999a",
    "infinity": "f97c00",
    "not a number": "f97e00",
    "not a number, long": "fb7ff8000000000000",
    "a float deep inside": "81a10181f93c00",
    "undefined": "f7",
    "simple value 16": "f0",
    "simple value 255": "f8ff",
    "reserved length": "1c",
    "reserved simple": "fc",
    "date text": "c074323031332d30332d32315432303a30343a30305a",
    "date number": "c11a514b67b0",
    "big number": "c249010000000000000000",
    "small big number": "c24101",
    "negative big number": "c349010000000000000000",
    "decimal of a size that would fill the memory": "c4821b7fffffffffffffff01",
    "big float of a size that would fill the memory": "c5821b7fffffffffffffff01",
    "string references": "d9010082 6161d81900",
    "shared value": "d81c81d81d00",
    "fraction": "d81e820103",
    "regular expression": "d8236128",
    "mail message": "d8246161",
    "unique id": "d82550" + "00" * 16,
    "set": "d9010281 01",
    "address": "d9010444c0a80001",
    "self-described": "d9d9f700",
    "a tag nobody knows": "d9fffe00",
    "invalid text": "61ff",
    "half a surrogate": "63eda080",
    "cut number": "19 01",
    "cut bytes": "4401",
    "cut list": "8201",
    "cut map": "a101",
    "list that claims four thousand million items": "9affffffff",
    "list that claims 2**63 items": "9b7fffffffffffffff",
    "map that claims 2**64 items": "bbffffffffffffffff",
    "bytes that claim 2**63": "5b7fffffffffffffff",
    "text that claims 2**32": "7affffffff",
    "33 levels": "81" * 33 + "00",
    "a hundred thousand levels": "81" * 100_000 + "00",
    "a hundred thousand maps": "a100" * 100_000 + "00",
    "tags all the way down": "c1" * 50_000 + "00",
}


@pytest.mark.parametrize(("value", "encoded"), APPENDIX_A, ids=[row[1][:20] for row in APPENDIX_A])
def test_rfc_8949_appendix_a(value: object, encoded: str) -> None:
    assert cbor.encode(value).hex() == encoded
    decoded = cbor.decode(bytes.fromhex(encoded), max_bytes=CAP)
    assert decoded == value and type(decoded) is type(value)


@pytest.mark.parametrize("encoded", REFUSED.values(), ids=REFUSED.keys())
def test_everything_else_is_refused(encoded: str) -> None:
    with pytest.raises(EncodingRejected):
        cbor.decode(bytes.fromhex(encoded), max_bytes=CAP)


def test_no_more_than_the_cap_is_even_looked_at() -> None:
    assert cbor.decode(b"\x43abc", max_bytes=4) == b"abc"
    with pytest.raises(EncodingRejected, match="longer"):
        cbor.decode(b"\x43abc", max_bytes=3)


def test_a_tag_is_refused_before_anything_acts_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    acted: list[str] = []
    monkeypatch.setattr("re.compile", lambda *_: acted.append("compiled"))
    with pytest.raises(EncodingRejected):
        cbor.decode(bytes.fromhex("d8236161"), max_bytes=CAP)
    assert acted == []


def test_keys_are_sorted_by_their_encoded_bytes() -> None:
    # RFC 8949, section 4.2.1: 10, 100, -1, "z", "aa" is its own example of the order.
    shuffled: dict[Any, int] = {"aa": 5, 100: 2, "z": 4, -1: 3, 10: 1, "": 0, -(2**64): 9, 2**64 - 1: 8, "é": 7}
    encoded = cbor.encode(shuffled)
    decoded = cbor.decode(encoded, max_bytes=CAP)
    assert decoded == shuffled and isinstance(decoded, dict)
    keys = [cbor.encode(key) for key in decoded]
    assert keys == sorted(keys)
    assert encoded.startswith(bytes.fromhex("a9 0a01 186402 1bffffffffffffffff08 2003"))


def test_the_order_a_map_was_built_in_does_not_show() -> None:
    items = [(n, n) for n in range(40)] + [(f"k{n}", n) for n in range(40)] + [(-n, n) for n in range(1, 40)]
    expected = cbor.encode(dict(items))
    for seed in range(5):
        random.Random(seed).shuffle(items)
        assert cbor.encode([dict(items), dict(items)]) == b"\x82" + expected * 2


def test_tuples_are_written_as_lists() -> None:
    assert cbor.encode((1, ("a", ()))) == cbor.encode([1, ["a", []]])


def test_as_deep_as_it_may_be_written_it_may_be_read() -> None:
    value: object = 7
    for level in range(cbor.MAX_DEPTH):
        value = [value] if level % 2 else {1: value}
    assert cbor.decode(cbor.encode(value), max_bytes=CAP) == value
    with pytest.raises(BugError):
        cbor.encode([value])


class _Colour(enum.IntEnum):
    RED = 1


_ENDLESS: list[object] = []
_ENDLESS.append(_ENDLESS)


@pytest.mark.parametrize(
    "value",
    [
        1.0,
        float("nan"),
        2**64,
        -(2**64) - 1,
        [2**64],
        {1: 2**64},
        {2**64: 1},
        {"a": {-(2**64) - 1: 1}},
        {True: 1},
        {None: 1},
        {b"a": 1},
        {(): 1},
        {1: {1.5: 1}},
        {1, 2},
        frozenset(),
        bytearray(b"a"),
        memoryview(b"a"),
        _Colour.RED,
        {_Colour.RED: 1},
        decimal.Decimal(1),
        datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
        datetime.date(2026, 1, 1),
        cbor2.CBORTag(1, 1),
        cbor2.undefined,
        cbor2.CBORSimpleValue(16),
        object(),
        "\ud800",
        {"\ud800": 1},
        {"a": 1, "\ud800": 1},
        ["ok", {1: "\udfff"}],
        _ENDLESS,
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_may_not_be_stored_is_never_written(value: object) -> None:
    with pytest.raises(BugError):
        cbor.encode(value)


_integers = st.integers(-(2**64), 2**64 - 1)
_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_values = st.recursive(
    st.none() | st.booleans() | _integers | st.binary(max_size=30) | _text,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(_integers | _text, inner, max_size=6),
    max_leaves=30,
)


@settings(deadline=None, max_examples=150)
@given(_values)
def test_every_value_has_one_encoding_and_comes_back(value: object) -> None:
    encoded = cbor.encode(value)
    assert cbor.decode(encoded, max_bytes=CAP) == value
    assert cbor.encode(cbor.decode(encoded, max_bytes=CAP)) == encoded
    assert cbor2.loads(encoded) == value  # another reader agrees


def _accepted_only_if_canonical(data: bytes) -> None:
    try:
        value = cbor.decode(data, max_bytes=CAP)
    except EncodingRejected:
        return
    assert cbor.encode(value) == data


@settings(deadline=None, max_examples=400)
@given(st.binary(max_size=60))
def test_any_bytes_at_all_are_refused_by_name_or_are_the_one_encoding(data: bytes) -> None:
    _accepted_only_if_canonical(data)


@settings(deadline=None, max_examples=200)
@given(value=_values, data=st.data())
def test_a_changed_encoding_is_refused_by_name_or_is_the_one_of_another_value(value: object, data: Any) -> None:
    encoded = bytearray(cbor.encode(value))
    position = data.draw(st.integers(0, len(encoded) - 1))
    encoded[position] = data.draw(st.integers(0, 255))
    _accepted_only_if_canonical(bytes(encoded))
    _accepted_only_if_canonical(bytes(encoded[:position]))
