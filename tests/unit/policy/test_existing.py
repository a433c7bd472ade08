"""Whether there is a case already: about this home, this place, these people."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.foundation.ids import RecordId
from core.policy.existing import Asked, KnownCase, Why, cases_like, persistent
from tests.support.policy import named

FLAT, OTHER = named("flat 4"), named("flat 9")


def known(name: str, **fields: Any) -> KnownCase:
    return KnownCase(case=named(name), **{"is_open": True, **fields})


def found(asked: Asked, *cases: KnownCase) -> list[tuple[RecordId, tuple[Why, ...]]]:
    return [(one.case, one.why) for one in cases_like(asked, cases)]


def test_the_same_home_comes_before_people_and_places_and_open_cases_before_closed() -> None:
    asked = Asked(homes=frozenset({FLAT}), harmed=("Muhammad Hussein",), place="bin store")
    cases = (
        known("place", places=("Bin store",)), known("closed", homes=frozenset({FLAT}), is_open=False),
        known("person", harmed=("Mohammed Hussain",)), known("home", homes=frozenset({FLAT})),
        known("other", homes=frozenset({OTHER}), harmed=("Sam Vale",), places=("Lift",)),
    )  # fmt: skip
    assert found(asked, *cases) == [
        (named("home"), (Why.SAME_HOME,)), (named("closed"), (Why.SAME_HOME,)),
        (named("person"), (Why.SAME_PERSON_HARMED,)), (named("place"), (Why.SAME_PLACE,)),
    ]  # fmt: skip


def test_somebody_harmed_here_and_complained_about_there_is_found_as_a_person() -> None:
    one = known("opposing", complained_about=("Meera Quill",))
    assert found(Asked(harmed=("Mira Quill",)), one) == [(named("opposing"), (Why.SAME_PERSON,))]


def test_an_address_written_another_way_is_the_same_place() -> None:
    one = known("marsh", places=("Flat 4, 12 Marsh Court, Testford",))
    assert found(Asked(place="4/12 Marsh Ct"), one) == [(named("marsh"), (Why.SAME_PLACE,))]


def test_nothing_typed_finds_nothing() -> None:
    assert found(Asked(), known("x", harmed=("",), places=("",), homes=frozenset({FLAT}))) == []
    assert found(Asked(place="  ", harmed=("", " ")), known("x", harmed=("Meera",), places=("Lift",))) == []


def test_one_person_complained_about_in_several_cases() -> None:
    cases = (
        known("a", complained_about=("Mohamed Ali",)), known("b", harmed=("Mohamed Ali",)),
        known("c", complained_about=("Sam Vale",)), known("d", complained_about=("Ali, Muhammad",), is_open=False),
    )  # fmt: skip
    assert set(persistent(("Mohammed Ali",), cases)) == {named("a"), named("d")}
    assert persistent(("", " "), cases) == ()


@given(st.permutations([known(str(number), homes=frozenset({FLAT}), is_open=number % 2 == 0) for number in range(7)]))
def test_the_order_they_are_read_in_does_not_matter_and_few_are_shown(cases: list[KnownCase]) -> None:
    shown = cases_like(Asked(homes=frozenset({FLAT})), cases)
    assert shown == cases_like(Asked(homes=frozenset({FLAT})), sorted(cases, key=lambda one: one.case))
    assert len(shown) == 5 and [one.is_open for one in shown] == [True] * 4 + [False]
