"""Measures at a home, professional witnesses, moves, a roof for now (4.17, 4.20 to 4.23)."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest

from core.domain.agencies import MEASURES
from core.domain.risk import DomesticAbuse
from core.domain.safety import HousingAdvice, ManagementTransfer, ProfessionalWitness, SecurityMeasure
from core.policy.duties import DutyState
from core.policy.safety import (
    A_TRIGGER,
    COUNCIL_PRIORITY,
    GIVE_REASONS,
    council_priority,
    may_employ,
    may_name_provider,
    measures_to_do,
    names_in,
    options_told,
    order_says_why,
    spent_on_measures,
    stays_ending,
    tells_an_address,
    transfer_now,
    why_not_award,
    why_not_employ,
    works_order_words,
)
from tests.support.policy import facts, make, named, setting

WHOLE: dict[str, Any] = {
    "grounds": {"afraid"}, "tried": {"diary"}, "necessity": "Nobody dares.", "authority": "The committee",
    "openly": "overt",
}  # fmt: skip


@pytest.mark.parametrize("sort", MEASURES)
def test_the_works_order_does_not_state_the_reason(sort: str) -> None:
    words = works_order_words(sort, "Flat 3, the front door")
    assert "Flat 3" in words
    assert order_says_why(words, ("Ada Quill", "Dan Crow")) == ()


@pytest.mark.parametrize(
    ("words", "telling"),
    [
        ("New lock after racist graffiti", ("racist",)),
        ("Lock. She is a victim of harassment.", ("harassment", "victim")),
        ("New lock for Ada Quill", ("Ada", "Quill")), ("Police asked for a light", ("Police",)),
        ("The neighbour threatens her", ("neighbour", "threatens")), ("New light by the door", ()),
    ],
)  # fmt: skip
def test_words_that_give_the_reason_away_are_found(words: str, telling: tuple[str, ...]) -> None:
    assert order_says_why(words, ("Ada Quill",)) == telling


def test_measures_wait_until_they_are_done_and_their_cost_adds_up() -> None:
    new = make(SecurityMeasure, "1", asked_at="2026-03-02 10:00")
    old = make(SecurityMeasure, "2", asked_at="2026-03-01 10:00", cost_pounds=80)
    done = make(SecurityMeasure, "3", asked_at="2026-02-01 10:00", done_on=date(2026, 2, 3), cost_pounds=120)
    assert measures_to_do(facts(new, done, old)) == (old, new)
    assert spent_on_measures(facts(new, done, old)) == 200


@pytest.mark.parametrize("field", ["grounds", "tried", "necessity", "authority"])
def test_a_professional_witness_needs_a_ground_other_evidence_a_reason_and_authority(field: str) -> None:
    assert why_not_employ(make(ProfessionalWitness, **WHOLE)) == {}
    without = make(ProfessionalWitness, **{**WHOLE, field: "" if isinstance(WHOLE[field], str) else frozenset()})
    assert list(why_not_employ(without)) == [field]


def test_either_ground_is_enough() -> None:
    assert may_employ({"afraid"}) and may_employ({"no-evidence"})
    assert not may_employ(set()) and not may_employ({"something newer"})


def test_covert_only_after_privacy_was_weighed() -> None:
    covert = {**WHOLE, "openly": "covert"}
    assert list(why_not_employ(make(ProfessionalWitness, **covert))) == ["privacy_weighed"]
    assert why_not_employ(make(ProfessionalWitness, **covert, privacy_weighed=True)) == {}


def test_the_witness_is_told_an_address_and_not_the_name_of_anybody() -> None:
    names = ("Ada Quill", "Siân O'Neil-Rees")
    assert names_in("Watch the door of Flat 3, Mill Street, at night.", names) == ()
    assert names_in("Watch the door of Ms quill.", names) == ("Quill",)
    assert names_in("Watch for SIÂN.", names) == ("Siân",)


@pytest.mark.parametrize("trigger", ["assault", "life", "cannot-live-there"])
def test_any_one_trigger_suffices_and_none_compels(trigger: str) -> None:
    assert why_not_award(decision="awarded", triggers={trigger}, reasons="She was hurt.") == {}
    assert why_not_award(decision="not-awarded", triggers={trigger}, reasons="She wants to stay.") == {}
    assert why_not_award(decision="awarded", triggers=(), reasons="She was hurt.") == {"triggers": A_TRIGGER}
    assert why_not_award(decision="not-awarded", triggers=(), reasons=" ") == {"reasons": GIVE_REASONS}


def test_the_latest_decision_on_a_move_holds_in_any_order() -> None:
    first = make(ManagementTransfer, "1", decided_at="2026-03-01 10:00", decision="not-awarded")
    later = make(ManagementTransfer, "2", decided_at="2026-04-01 10:00", decision="awarded")
    for order in itertools.permutations((first, later)):
        assert transfer_now(facts(*order)) == later
    assert transfer_now(facts()) is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("She moves to 12 Mill Close.", True), ("Flat 4b, 7 Old Harbour Road", True), ("near ab1 2cd", True),
        ("at 9 mill street", True), ("She was hit twice, and 3 weeks later again.", False),
        ("2 men on the road", False), ("12 weeks in this place", False), ("Ms Hill holds it.", False), ("", False),
    ],
)  # fmt: skip
def test_the_new_address_is_kept_out_of_the_case(words: str, told: bool) -> None:
    assert tells_an_address(words) is told


def test_of_a_refuge_not_even_the_name_is_kept() -> None:
    assert not may_name_provider("refuge")
    assert may_name_provider("hotel") and may_name_provider("")


def test_every_option_told_counts() -> None:
    first = make(HousingAdvice, "1", told={"council"})
    later = make(HousingAdvice, "2", told={"reciprocal", "refuge"})
    assert options_told(facts(first, later)) == {"council", "reciprocal", "refuge"} == options_told(facts(later, first))


def test_domestic_abuse_has_priority_with_the_council() -> None:
    assert council_priority(facts()) == ""
    assert council_priority(facts(make(DomesticAbuse))) == COUNCIL_PRIORITY


def test_a_roof_for_now_that_ends_is_said_beforehand() -> None:
    hers, his = named("her"), named("him")
    stay = make(HousingAdvice, "1", party=hers, advised_at="2026-03-02 10:00", ends_on=date(2026, 3, 9))
    (running,) = stays_ending(facts(stay), setting("2026-03-09 23:00"))
    (late,) = stays_ending(facts(stay), setting("2026-03-10 00:01"))
    assert (running.state, late.state) == (DutyState.RUNNING, DutyState.LATE)
    others = make(HousingAdvice, "2", party=his, advised_at="2026-03-05 10:00")
    assert [duty.to_do for duty in stays_ending(facts(others, stay), setting("2026-03-06 09:00"))] == [True]
    next_one = make(HousingAdvice, "3", party=hers, advised_at="2026-03-08 10:00")
    for order in itertools.permutations((stay, others, next_one)):
        assert [duty.state for duty in stays_ending(facts(*order), setting("2026-03-20 09:00"))] == [DutyState.MET]
    assert stays_ending(facts(make(HousingAdvice, advised_at="2026-03-02 10:00")), setting("2026-03-20 09:00")) == ()
