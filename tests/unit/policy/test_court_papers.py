"""Papers for court: the appendix with all seven factors, what the boxes begin with, the photographs (4.7, 4.17)."""

from __future__ import annotations

from typing import Any

import pytest

from core.domain.case import Graffiti, Incident, Party, Report
from core.domain.enforcement import Breach, Proportionality, StandingOfPerson, ToolUsed
from core.domain.safety import SecurityMeasure
from core.policy.court_papers import (
    Exhibit,
    appendix_of,
    done_about,
    exhibits_of,
    incidents_in_order,
    known_of_factors,
)
from core.policy.enforcement import FACTORS
from tests.support.policy import facts, make, named

DAN = make(Party, "dan", name="Dan Crow", roles={"alleged-perpetrator"}, age_band="adult")


def weighed(**fields: Any) -> Proportionality:
    whole = {name: f"About {name}." for name in FACTORS}
    return make(Proportionality, "w", party=DAN.id, tool="injunction", **{**whole, "conclusion": "It fits.", **fields})


def test_the_appendix_has_all_seven_in_the_policys_order_and_the_conclusion() -> None:
    told = appendix_of(weighed(disability_thought_of=False))
    assert [said for _, said in told[:7]] == [f"About {name}." for name in FACTORS]
    assert told[7][1].endswith("nothing points to it.") and told[8] == ("Conclusion", "It fits.")
    assert "not said" in appendix_of(weighed())[7][1]


@pytest.mark.parametrize("missing", [*FACTORS, "conclusion"])
def test_nothing_is_printed_where_one_of_them_is_missing(missing: str) -> None:
    assert appendix_of(weighed(**{missing: " "})) == ()


def test_the_boxes_begin_with_what_the_case_says_and_nothing_else() -> None:
    assert known_of_factors(facts(), None, "") == {}
    found = facts(
        DAN, make(Incident, "b", happened_at="2026-03-05 22:00"), make(Incident, "a", happened_at="2026-02-01 10:00"),
        make(Incident, "c"), make(Report, "r"),
        make(StandingOfPerson, "s", party=DAN.id, tenure="other-landlord", landlord="Mill Homes", age_years=17,
             parent="Ida Crow", noted_at="2026-03-01 10:00"),
    )  # fmt: skip
    assert known_of_factors(found, DAN.id, "Wants it to stop.") == {
        "severity": "3 incidents from 1 February 2026 to 5 March 2026.", "age": "17 years.",
        "vulnerability": "Parent or guardian: Ida Crow.", "residence": "Tenant of another landlord, Mill Homes.",
        "evidence": "On the file: 1 report.", "wishes": "Wants it to stop.",
    }  # fmt: skip
    assert known_of_factors(facts(DAN), DAN.id, "") == {"age": "18 or over."}
    assert [one.happened_at is None for one in incidents_in_order(found)] == [False, False, True]


def test_only_what_was_done_about_this_person_goes_into_the_papers() -> None:
    warned = make(ToolUsed, "1", party=DAN.id, decided_at="2026-03-01 10:00")
    court = make(ToolUsed, "2", party=DAN.id, decided_at="2026-04-01 10:00")
    other = make(ToolUsed, "3", party=named("somebody else"), decided_at="2026-03-02 10:00")
    broken = make(Breach, "x", tool=warned.id, at="2026-03-20 10:00")
    assert done_about(facts(court, other, warned, broken), DAN.id) == ((warned, (broken,)), (court, ()))


def test_photographs_of_works_and_graffiti_each_once_before_first() -> None:
    one, two, three = named("one"), named("two"), named("three")
    locks = make(SecurityMeasure, "l", sort="locks", place="Flat 3", asked_at="2026-03-01 10:00", photo_before=one,
                 photo_after=two)  # fmt: skip
    mark = make(Graffiti, "g", place="Stairwell", photo_before=three, photo_after=two)
    plain = make(SecurityMeasure, "p", sort="lighting", place="Yard", asked_at="2026-02-01 10:00")
    assert exhibits_of(facts(mark, locks, plain)) == (
        Exhibit(one, "Locks on doors and windows: before"), Exhibit(two, "Locks on doors and windows: after"),
        Exhibit(three, "Graffiti, Stairwell: before"),
    )  # fmt: skip
