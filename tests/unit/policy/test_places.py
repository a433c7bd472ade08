"""Places where things happen again (4.11)."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from core.domain.case import Graffiti, Incident
from core.domain.doors import KnownPlace
from core.policy.places import place_key, repeat_places, uses_of
from tests.support.policy import CASE_ID, make, named, setting

OTHER = named("another case")
NOW = setting("2026-11-29 12:00")
HERE = make(KnownPlace, "here", what="stairwell", name="Stair B", block="Quill House")
THERE = make(KnownPlace, "there", case=OTHER, what="stairwell", name=" stair  b", block="QUILL house")
GATE = make(KnownPlace, "gate", what="gate", name="Stair B", block="Quill House")
OWN = make(Incident, "own", known_place=HERE.id, happened_at="2026-11-20 10:00")
FOREIGN = make(Incident, "foreign", case=OTHER, known_place=THERE.id, happened_at="2026-11-21 10:00")
MARK = make(Graffiti, "mark", case=OTHER, known_place=THERE.id, notified_at="2026-11-22 10:00")


def test_the_same_place_in_two_cases_is_counted_once_each() -> None:
    (found,) = repeat_places(CASE_ID, [HERE], uses_of([HERE, THERE], [OWN, FOREIGN, FOREIGN], [MARK]), NOW)
    assert (found.here, found.elsewhere, found.other_cases) == (1, 2, frozenset({OTHER}))
    assert found.repeats


def test_a_case_that_is_not_given_adds_nothing() -> None:
    (found,) = repeat_places(CASE_ID, [HERE], uses_of([HERE], [OWN, FOREIGN], [MARK]), NOW)
    assert (found.here, found.elsewhere) == (1, 0)
    assert not found.repeats


def test_another_kind_of_place_of_the_same_name_is_another_place() -> None:
    assert place_key(HERE) == place_key(THERE) != place_key(GATE)


def test_what_lies_long_back_is_not_counted_and_what_has_no_date_is() -> None:
    old = make(Incident, "old", known_place=HERE.id, happened_at="2025-10-01 10:00")
    undated = make(Incident, "undated", known_place=HERE.id)
    (found,) = repeat_places(CASE_ID, [HERE], uses_of([HERE], [OWN, old, undated], []), NOW)
    assert found.here == 2


@given(st.integers(min_value=0, max_value=2**32))
def test_the_order_of_records_does_not_matter(seed: int) -> None:
    dice = random.Random(seed)  # shuffles test data
    places, incidents, own = [HERE, THERE, GATE], [OWN, FOREIGN], [HERE, GATE]
    expected = repeat_places(CASE_ID, own, uses_of(places, incidents, [MARK]), NOW)
    for records in (places, incidents, own):
        dice.shuffle(records)
    assert repeat_places(CASE_ID, own, uses_of(places, incidents, [MARK]), NOW) == expected
