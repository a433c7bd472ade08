"""Names and places that may be the same, however they were spelt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.policy.alike import any_name_alike, name_words, names_alike, places_alike


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed Hussain", "Muhammad Hussein"), ("Mohamed Husayn", "Hussain, Mohammed"), ("Yusuf Ali", "Youssef Aly"),
        ("Oleksandr Shevchenko", "Aleksandr Ševčenko"), ("Олександр Шевченко", "Oleksandr Shevchenko"),
        ("محمد", "Mohammed"), ("Γιώργος Βαλ", "Giorgos Val"), ("Fatima Begum", "Fatema Begom"),
        ("Nguyễn Thị Hoa", "Nguyen Thi Hoa"), ("Łukasz Wójcik", "Lukasz Wojcik"), ("Mrs Meera Quill", "meera quill"),
        ("Meera Quil", "Meera Quill"), ("Chowdhury", "Choudhry"), ("Abdul Rahman", "Abd al-Rahman"),
        ("Omar Khan", "Umar Kahn"), ("Katherine Vale", "Catherine Vale"), ("Steven", "Stephen"),
        ("Meera Quill", "Quill"), ("O'Brien", "OBrien"), ("Sara Vale", "Sarah Vale"),
    ],
)  # fmt: skip
def test_one_name_in_two_spellings(one: str, other: str) -> None:
    assert names_alike(one, other) and names_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sam Vale", "Sam Hale"), ("Ana Bright", "Ben Wright"), ("Meera Quill", "Mira Patel"),
        ("", ""), ("Mr", "Mr"), ("Li", "Lee"), ("", "Meera Quill"), ("Ana Ana", "Ana Vale"),
        ("John Vale", "Jane Vale"),
    ],
)  # fmt: skip
def test_two_names(one: str, other: str) -> None:
    assert not names_alike(one, other)


def test_any_of_several_names() -> None:
    assert any_name_alike(["Ada Quill", "Muhammad"], ["Mohamed"])
    assert not any_name_alike([], ["Mohamed"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Flat 4, 12 Marsh Court", "4/12 marsh ct"), ("12 Marsh Court, Flat 4", "Flat 04 12 Marsh Court, Testford"),
        ("12 Marsh Court", "12 marsh court ZZ1 1AA"),
        ("Flat 4A, 12 Marsh St", "12 Marsh Street flat 4 a"),
        ("2nd floor landing, Marsh Court", "Marsh Court second floor landing"),
        ("12 Mersh Court", "12 Marsh Court"), ("Bin store", "bin store"),
        ("Apartment 7, Tallow House", "flat 7 tallow hse"),
    ],
)  # fmt: skip
def test_one_place_in_two_ways(one: str, other: str) -> None:
    assert places_alike(one, other) and places_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("4 Marsh Court", "5 Marsh Court"), ("Flat 4", "4"), ("", ""), ("12 Marsh Court", "Marsh Court"),
        ("Flat 1, 12 Marsh Court", "12 Marsh Court"), ("4 Marsh Court", "4 Tallow Road"),
    ],
)  # fmt: skip
def test_two_places(one: str, other: str) -> None:
    assert not places_alike(one, other)


@given(st.lists(st.sampled_from(["Mohammed", "Ali", "Quill", "Meera", "Vale"]), min_size=1, max_size=4))
def test_the_order_of_a_name_never_matters(words: list[str]) -> None:
    assert names_alike(" ".join(words), " ".join(reversed(words)))


@given(st.text(max_size=30), st.text(max_size=30))
def test_being_alike_goes_both_ways_and_nothing_typed_breaks_it(one: str, other: str) -> None:
    assert names_alike(one, other) == names_alike(other, one)
    assert places_alike(one, other) == places_alike(other, one)
    assert isinstance(name_words(one), tuple)


@given(st.permutations(["flat 4", "12 marsh court", "testford"]))
def test_the_order_of_an_address_never_matters(parts: list[str]) -> None:
    assert places_alike(", ".join(parts), "Flat 4, 12 Marsh Court, Testford")
