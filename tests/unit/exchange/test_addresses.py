"""Cutting addresses: what a person reading the line would call its flat, number, street and town."""
# ruff: noqa: E501 -- a list of cases is read one case a line

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exchange.addresses import ParsedAddress, learn_places, parse_address, same_home_key
from core.exchange.postcodes import find_postcode, tidy_postcode
from core.exchange.sameness import loose_home_key

# text, flat, building, number, street, locality, town, county, postcode
CASES = [
    ("12A Cowley Rd Oxford ox4 1ab", "", "", "12A", "Cowley Rd", "", "Oxford", "", "OX4 1AB"),
    ("Flat A, 12, Cowley Rd, Oxford, OX41AB", "Flat A", "", "12", "Cowley Rd", "", "Oxford", "", "OX4 1AB"),
    ("12 - 14 Cowley Road, Oxford OX4 IAB", "", "", "12-14", "Cowley Road", "", "Oxford", "", "OX4 1AB"),
    ("Flat 2 14 Marsh Lane London E3 OAA", "Flat 2", "", "14", "Marsh Lane", "", "London", "", "E3 0AA"),
    ("14 Flat 2 Marsh Lane London", "Flat 2", "", "14", "Marsh Lane", "", "London", "", ""),
    ("14 Marsh Lane, Flat 2, London", "Flat 2", "", "14", "Marsh Lane", "", "London", "", ""),
    ("2/14 Marsh Lane London", "Flat 2", "", "14", "Marsh Lane", "", "London", "", ""),
    ("1st Floor Flat, 12 Marsh Lane, London", "1st Floor Flat", "", "12", "Marsh Lane", "", "London", "", ""),
    ("Flat Above 3 Marsh Lane London", "Flat Above", "", "3", "Marsh Lane", "", "London", "", ""),
    ("Basement 12 Marsh Lane Eastmere ZZ1 1AA", "Basement", "", "12", "Marsh Lane", "", "Eastmere", "", "ZZ1 1AA"),
    ("Room 4, Flat 2, 14 Marsh Lane, London", "Room 4, Flat 2", "", "14", "Marsh Lane", "", "London", "", ""),
    ("Flat 1 & 2, 14 Marsh Lane, London", "Flat 1 & 2", "", "14", "Marsh Lane", "", "London", "", ""),
    ("The Old Rectory, Marsh Lane, Eastmere, Kent", "", "The Old Rectory", "", "Marsh Lane", "", "Eastmere", "Kent", ""),
    ("The Old Rectory, Eastmere", "", "The Old Rectory", "", "", "", "Eastmere", "", ""),
    ("Rose Cottage, Church End, Eastmere, Norfolk", "", "Rose Cottage", "", "Church End", "", "Eastmere", "Norfolk", ""),
    ("c/o Mrs Bell, 12 Marsh Lane, London E3 4AB", "", "c/o Mrs Bell", "12", "Marsh Lane", "", "London", "", "E3 4AB"),
    ("12 Broadway London SW19 1AA", "", "", "12", "Broadway", "", "London", "", "SW19 1AA"),
    ("5 The Crescent Eastmere", "", "", "5", "The Crescent", "", "Eastmere", "", ""),
    ("Flat 3, Marsh Court, Marsh Lane, Bow, London E3 1AA", "Flat 3", "Marsh Court", "", "Marsh Lane", "Bow", "London", "",
     "E3 1AA"),
    ("Flat 12a Heron House Marsh Lane Bow London E3 4AB", "Flat 12a", "Heron House", "", "Marsh Lane", "Bow", "London", "",
     "E3 4AB"),
    ("1 Heron Apartments 312 Marsh Road London", "1", "Heron Apartments", "312", "Marsh Road", "", "London", "", ""),
    ("Flat 1, Level 2, Elm House, 12 Marsh Lane, London E3 4AB", "Flat 1", "Level 2 Elm House", "12", "Marsh Lane", "", "London", "", "E3 4AB"),
    ("Block 7, Elm House, 12 Marsh Lane, London E3 4AB", "", "Block 7 Elm House", "12", "Marsh Lane", "", "London", "", "E3 4AB"),
    ("12 St. Mary's St, Oxford", "", "", "12", "St. Mary's St", "", "Oxford", "", ""),
    ("12 High St Oxford OX1 1AA", "", "", "12", "High St", "", "Oxford", "", "OX1 1AA"),
    ("12 Upper St Giles Oxford", "", "", "12", "Upper St Giles", "", "Oxford", "", ""),
    ("No. 7, Old Street, London", "", "", "7", "Old Street", "", "London", "", ""),
    ("12 A Marsh Lane London", "", "", "12A", "Marsh Lane", "", "London", "", ""),
    ("15 Station Road West Canterbury CT2 8AN", "", "", "15", "Station Road West", "", "Canterbury", "", "CT2 8AN"),
    ("1 Reading Road Reading", "", "", "1", "Reading Road", "", "Reading", "", ""),
    ("12 Marsh Lane\nBow\nLondon E3 4AB\nUnited Kingdom", "", "", "12", "Marsh Lane", "Bow", "London", "", "E3 4AB"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_an_address_is_cut_as_a_person_would(case: tuple[str, ...]) -> None:
    parsed = parse_address(case[0])
    assert (
        parsed.flat, parsed.building, parsed.number, parsed.street, parsed.locality, parsed.town, parsed.county, parsed.postcode,
    ) == case[1:]  # fmt: skip


@pytest.mark.parametrize("text", ["", "12", "Flat 3", "OX4 1AB", "London", "  ,, "])
def test_what_is_no_address_has_neither_street_nor_house(text: str) -> None:
    parsed = parse_address(text)
    assert (parsed.street, parsed.building, parsed.confidence) == ("", "", 0.0)


def test_the_whole_list_teaches_where_streets_end() -> None:
    rows = [f"{n} {street} Eastmere Kent" for n in range(1, 9) for street in ("Sedge Row", "Harefields", "Tide Street")]
    rows += ["3 Tide Street Nether Wick Eastmere Kent", "9 Pump Lane Nether Wick Eastmere Kent"]
    rows += ["Flat 9 Tide Street Eastmere Kent", "16 Heron Court Harefields Eastmere Kent"]
    places = learn_places(rows)
    parsed = {row: parse_address(row, places) for row in rows}
    assert parsed["4 Harefields Eastmere Kent"].street == "Harefields"
    nether = parsed["9 Pump Lane Nether Wick Eastmere Kent"]
    assert (nether.street, nether.locality, nether.county) == ("Pump Lane", "Nether Wick", "Kent")
    assert {p.town for p in parsed.values()} == {"Eastmere"}
    # Nothing but a known street follows the number, so it is the house and not the flat.
    over_shop = parsed["Flat 9 Tide Street Eastmere Kent"]
    assert (over_shop.flat, over_shop.number, over_shop.street) == ("Flat", "9", "Tide Street")
    in_court = parsed["16 Heron Court Harefields Eastmere Kent"]
    assert (in_court.flat, in_court.building, in_court.street) == ("16", "Heron Court", "Harefields")


SAME = [
    ["Flat 2, 14 Marsh Road, London", "14 Flat 2 Marsh Rd London", "2/14 marsh road, LONDON", "FLAT 2 14, MARSH RD., London",
     "14 Marsh Road, Flat 2, London", "Apt 2, 14 Marsh Road, London", "Flat No. 2, No. 14 Marsh Road, London", "Flat 02 14 Marsh Road London"],
    ["12-14 St Mary's Street, Oxford OX1 1AA", "12 - 14 St. Marys St OXFORD ox11aa"],
    ["Flat 3 Marsh Court London", "3 Marsh Court, London", "3 Marsh Ct London"],
    ["1st Floor Flat, 9 Pump Lane, London", "First Floor Flat 9 Pump Ln London"],
    ["12 a Marsh Lane London", "12A Marsh Lane, London"],
]  # fmt: skip
DIFFERENT = [
    "2 Marsh Road, London", "14 Marsh Road, London", "Flat 2, 14 Marsh Road, London", "Flat 14, 2 Marsh Road, London",
    "Flat A, 14 Marsh Road, London", "14A Marsh Road, London", "Flat 2A, 14 Marsh Road, London", "14 Marsh Lane, London",
    "14 Marsh Road, Bow, London", "Flat 2, 14 Marsh Road, Leeds", "Flat 2, 14 Marsh Road, London E3 4AB", "14-16 Marsh Road, London",
    "Flat 2, North Block, 14 Marsh Road, London", "Flat 2, South Block, 14 Marsh Road, London", "First Floor Flat, 14 Marsh Road, London",
    "Second Floor Flat, 14 Marsh Road, London", "Basement, 14 Marsh Road, London", "Room 2, 14 Marsh Road, London", "Flat 1 & 2, 14 Marsh Road, London",
    "Flat 12, 14 Marsh Road, London", "1 Heron House, Marsh Road, London", "Flat 1, 1 Marsh Road, London", "141 Marsh Road, London",
]  # fmt: skip


@pytest.mark.parametrize("writings", SAME, ids=[writings[0] for writings in SAME])
def test_writings_of_one_home_share_a_key(writings: list[str]) -> None:
    assert len({same_home_key(parse_address(text)) for text in writings}) == 1


def test_different_homes_never_share_a_key() -> None:
    keys: dict[str, str] = {}
    for text in DIFFERENT:
        key = same_home_key(parse_address(text))
        assert key not in keys, f"{text} would be merged with {keys[key]}"
        keys[key] = text


def test_a_home_written_with_less_detail_is_a_lookalike_not_the_same() -> None:
    full, less = (
        parse_address("Flat 2, Heron House, 14 Marsh Road, Bow, London E3 4AB"),
        parse_address("2/14 Marsh Rd, London"),
    )
    assert same_home_key(full) != same_home_key(less)
    assert loose_home_key(full) == loose_home_key(less)


@pytest.mark.parametrize(
    ("text", "postcode"),
    [
        ("ox4 1ab", "OX4 1AB"), ("OX41AB", "OX4 1AB"), ("SW1A2AA", "SW1A 2AA"), ("0X4 1AB", "OX4 1AB"), ("OX4 IAB", "OX4 1AB"),
        ("E3 OAB", "E3 0AB"), ("N1  9GU", "N1 9GU"), ("EC1A-1BB", "EC1A 1BB"), ("Big Oak", ""), ("12 Elm Row", ""), ("Flat 4", ""),
    ],
)  # fmt: skip
def test_postcodes_are_found_and_mistyped_ones_repaired(text: str, postcode: str) -> None:
    assert tidy_postcode(text) == postcode


def test_words_before_a_missing_postcode_are_not_taken_for_one() -> None:
    assert find_postcode("14 Old Oak Lane Hill Ash") is None


@given(st.text(max_size=200))
def test_any_text_is_cut_without_failing(text: str) -> None:
    parsed = parse_address(text, learn_places([text] * 5))
    assert isinstance(parsed, ParsedAddress)
    assert 0.0 <= parsed.confidence <= 1.0
    assert "\n" not in same_home_key(parsed)


@given(
    st.integers(1, 999), st.sampled_from("ABC"), st.sampled_from(["Marsh Lane", "Heron Road", "Sedge Row", "Tide St"]),
    st.booleans(), st.booleans(),
)  # fmt: skip
def test_case_and_spaces_never_make_two_homes(number: int, flat: str, street: str, shout: bool, spaced: bool) -> None:
    text = f"Flat {flat}, {number} {street}, London E3 4AB"
    other = text.upper() if shout else text.lower()
    if spaced:
        other = f"  {other.replace(' ', '   ')} "
    assert same_home_key(parse_address(text)) == same_home_key(parse_address(other))
