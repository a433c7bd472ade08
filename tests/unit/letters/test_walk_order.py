"""Doors in the order a person passes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.letters.walk_order import Place, in_walk_order, walk_key


def place(text: str, *, street: str = "Marsh Lane", building: str = "", flat: str = "", key: bytes = b"") -> Place:
    return Place(street, text, building, flat, "ZZ1 1AA", key)


def numbers(*texts: str) -> list[str]:
    return [found.number for found in in_walk_order(place(text) for text in texts)]


def flats(*texts: str) -> list[str]:
    return [found.flat for found in in_walk_order(place("14", building="Bittern House", flat=text) for text in texts)]


def test_odd_up_one_side_then_even_down_the_other() -> None:
    assert numbers(*(str(number) for number in range(1, 13))) == "1 3 5 7 9 11 12 10 8 6 4 2".split()
    assert numbers("100", "20", "9", "10", "11") == ["9", "11", "100", "20", "10"]


def test_suffixes_and_ranges_stand_with_their_number_and_are_reversed_on_the_way_down() -> None:
    assert numbers("11B", "13", "11", "11a", "9") == ["9", "11", "11a", "11B", "13"]
    assert numbers("12", "12A", "14", "12b", "10") == ["14", "12b", "12A", "12", "10"]
    assert numbers("5", "1-3", "1", "7/9", "3") == ["1", "1-3", "3", "5", "7/9"]


def test_buildings_stand_at_their_number_with_flats_in_order() -> None:
    order = in_walk_order(
        [
            place("3"),
            place("2"),
            place("4"),
            *(place("2", building="Heron House", flat=f"Flat {n}") for n in (10, 2, 1)),
            place("1"),
        ]
    )
    assert [(found.number, found.flat) for found in order] == [
        ("1", ""),
        ("3", ""),
        ("4", ""),
        ("2", ""),
        ("2", "Flat 1"),
        ("2", "Flat 2"),
        ("2", "Flat 10"),
    ]


def test_what_has_no_number_comes_after_blocks_before_house_names() -> None:
    order = in_walk_order(
        [
            place("", building="Apple Cottage"),
            place("2"),
            place("", building="Withy Court", flat="Flat 2"),
            place("", building="Withy Court", flat="Flat 1"),
            place("", building="Withy Court"),
            place(""),
            place("1"),
        ]
    )
    assert [(found.number, found.building, found.flat) for found in order] == [
        ("1", "", ""),
        ("2", "", ""),
        ("", "Withy Court", ""),
        ("", "Withy Court", "Flat 1"),
        ("", "Withy Court", "Flat 2"),
        ("", "", ""),
        ("", "Apple Cottage", ""),
    ]


def test_flats_in_natural_order() -> None:
    assert flats("Flat 10", "Flat 2", "flat 2A", "2B", "Flat 1") == ["Flat 1", "Flat 2", "flat 2A", "2B", "Flat 10"]
    assert flats("Flat C", "Flat A", "B") == ["Flat A", "B", "Flat C"]
    assert flats(
        "Top Floor Flat",
        "First Floor Flat",
        "Basement Flat",
        "2nd Floor",
        "Ground Floor Flat",
        "Lower Ground Floor Flat",
    ) == [
        "Basement Flat",
        "Lower Ground Floor Flat",
        "Ground Floor Flat",
        "First Floor Flat",
        "2nd Floor",
        "Top Floor Flat",
    ]
    assert flats("Room 2, Flat 1", "Flat 2, Room 1", "Flat 1, Room 1", "Room 1, Flat 10") == [
        "Flat 1, Room 1",
        "Room 2, Flat 1",
        "Flat 2, Room 1",
        "Room 1, Flat 10",
    ]


def test_a_flat_at_a_number_without_a_building() -> None:
    order = in_walk_order([place("14", flat="Flat 2"), place("16"), place("14", flat="Flat 1"), place("12")])
    assert [(found.number, found.flat) for found in order] == [
        ("16", ""),
        ("14", "Flat 1"),
        ("14", "Flat 2"),
        ("12", ""),
    ]


def test_streets_one_after_the_other_whatever_the_spelling() -> None:
    order = in_walk_order(
        [
            place("2", street="Sedge Row"),
            place("3", street="MARSH  LN"),
            place("1", street="Marsh Lane"),
            place("1", street="sedge row"),
            place("5", street="Marsh Lane"),
            place("1", street="Élm St"),
            place("7", street=""),
        ]
    )
    assert [found.street + found.number for found in order] == [
        "Élm St1",
        "Marsh Lane1",
        "MARSH  LN3",
        "Marsh Lane5",
        "sedge row1",
        "Sedge Row2",
        "7",
    ]
    names = [found.street for found in in_walk_order(place("1", street=f"{n} Avenue") for n in ("10th", "9th", "1st"))]
    assert names == ["1st Avenue", "9th Avenue", "10th Avenue"]


def test_a_flat_whose_building_has_a_number_elsewhere_stands_with_the_others() -> None:
    order = in_walk_order(
        [
            place("7"),
            place("5", building="Heron House", flat="Flat 2"),
            place("", building="heron house", flat="Flat 1"),
            Place("", "", "Heron House", "Flat 3", "", b""),
            place("1"),
        ]
    )
    assert [found.flat or found.number for found in order] == ["1", "Flat 1", "Flat 2", "Flat 3", "7"]


def test_a_building_that_is_listed_with_two_numbers_or_streets_is_left_as_it_is() -> None:
    two_numbers = in_walk_order(
        [place(n, building="Heron House", flat=f) for n, f in (("5", "1"), ("9", "2"), ("", "3"))]
    )
    assert [found.flat for found in two_numbers] == ["1", "2", "3"]
    two_streets = in_walk_order(
        [Place(street, "1", "Heron House", "1", "", b"") for street in ("Sedge Row", "Marsh Lane")]
        + [Place("", "", "Heron House", "2", "", b"")]
    )
    assert [found.street for found in two_streets] == ["Marsh Lane", "Sedge Row", ""]


words = st.sampled_from(
    ["", "1", "2", "12", "12A", "12a", "1-3", "2/4", "½", "²", "Plot 3", "Rose", "é", "999999999999999999", "0"]
)
any_flat = st.sampled_from(
    [
        "",
        "Flat 1",
        "1",
        "Flat 01",
        "A",
        "Basement",
        "First Floor Flat",
        "Room 2, Flat 1",
        ",",
        "Flat",
        "The Flat",
        "²",
        "Flat 1/2",
    ]
)
streets = st.sampled_from(["", "Marsh Lane", "MARSH LN", "Sedge Row", "The Quay", "Quay", "9th Avenue"])
buildings = st.sampled_from(["", "Heron House", "heron house", "Withy Court"])
places = st.lists(
    st.builds(Place, streets, words, buildings, any_flat, st.sampled_from(["", "ZZ1 1AA"]), st.binary(max_size=2)),
    max_size=25,
)


@given(places, st.randoms(use_true_random=False))
def test_every_place_once_and_the_same_for_every_order_of_the_list(given_places: list[Place], dice) -> None:  # type: ignore[no-untyped-def]
    order = in_walk_order(given_places)
    shuffled = list(given_places)
    dice.shuffle(shuffled)
    assert in_walk_order(shuffled) == order
    assert in_walk_order(order) == order
    assert sorted(order, key=repr) == sorted(given_places, key=repr)


@given(places)
def test_keys_compare_and_tell_different_places_apart(given_places: list[Place]) -> None:
    keys = {found: walk_key(found) for found in given_places}
    assert len(set(keys.values())) == len(keys)
    sorted(keys.values())


@given(st.lists(st.integers(1, 400), unique=True, max_size=40))
def test_houses_alone_go_odd_up_then_even_down(house_numbers: list[int]) -> None:
    expected = sorted(n for n in house_numbers if n % 2) + sorted(
        (n for n in house_numbers if n % 2 == 0), reverse=True
    )
    assert numbers(*map(str, house_numbers)) == [str(n) for n in expected]
    assert [found.number for found in sorted((place(str(n)) for n in house_numbers), key=walk_key)] == [
        str(n) for n in expected
    ]


@pytest.mark.parametrize("number", ["9" * 5000, "1" * 5000 + "A"])
def test_absurd_numbers_do_no_harm(number: str) -> None:
    assert len(in_walk_order([place(number), place("1", flat="Flat " + number)])) == 2
