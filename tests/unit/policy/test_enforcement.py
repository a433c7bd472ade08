"""Weighing before acting, children, other landlords, what runs out, rights (4.6, 4.7, 4.8, 4.10, 4.32)."""

from __future__ import annotations

from typing import Any

import pytest

from core.domain.case import Party
from core.domain.enforcement import CaseLink, LandlordRequest, Proportionality, RightsAdvice, StandingOfPerson, ToolUsed
from core.policy.duties import DutyState
from core.policy.enforcement import (
    FACTORS,
    NAME_A_PARENT,
    WEIGH_FIRST,
    age_for_tools,
    factors_missing,
    is_a_child,
    landlords_to_chase,
    opposing_cases,
    points_to_somebody,
    power_named,
    rights_given,
    standing_now,
    tools_expiring,
    tools_running,
    weighing_for,
    why_not_use,
)
from core.policy.powers import Power
from tests.support.policy import facts, london, make, named, setting
from tests.unit.policy.test_powers import pack

HIM = named("him")


def weighed(**fields: Any) -> Proportionality:
    whole = dict.fromkeys(FACTORS, "Known.")
    values = {**whole, "party": HIM, "tool": "injunction", "conclusion": "Ask for it.", **fields}
    return make(Proportionality, str(sorted(fields.items())), weighed_at="2026-03-02 10:00", **values)


def tool(code: str) -> Power:
    found = power_named(pack(), code)
    assert found is not None
    return found


def test_a_formal_tool_needs_the_seven_factors_weighed_for_it_and_this_person() -> None:
    assert why_not_use(facts(), tool("injunction"), HIM) == WEIGH_FIRST
    assert why_not_use(facts(weighed()), tool("injunction"), HIM) == ""
    assert why_not_use(facts(weighed(tool="final-warning")), tool("injunction"), HIM) == WEIGH_FIRST
    assert why_not_use(facts(weighed(party=named("her"))), tool("injunction"), HIM) == WEIGH_FIRST
    assert why_not_use(facts(), tool("first-warning"), HIM) == ""


@pytest.mark.parametrize("factor", FACTORS)
def test_each_of_the_seven_is_needed(factor: str) -> None:
    half = weighed(**{factor: "  "})
    assert factors_missing(half) == (factor,)
    assert weighing_for(facts(half), HIM, "injunction") is None


def test_a_child_is_never_dealt_with_alone() -> None:
    child = make(StandingOfPerson, party=HIM, age_years=15, noted_at="2026-03-01 10:00")
    assert why_not_use(facts(child), tool("agreement"), HIM) == NAME_A_PARENT
    known = make(StandingOfPerson, "2", party=HIM, age_years=15, parent="His mother", noted_at="2026-03-02 10:00")
    assert why_not_use(facts(child, known), tool("agreement"), HIM) == ""
    assert standing_now(facts(known, child)) == {HIM: known}


def test_another_landlord_is_asked_again_when_there_was_no_answer() -> None:
    request = make(LandlordRequest, landlord="Another landlord", asked_at="2026-11-04 10:00")
    (duty,) = landlords_to_chase(facts(request), setting("2026-11-17 09:00"))
    assert duty.state is DutyState.RUNNING
    assert duty.due_at is not None and duty.due_at.date().isoformat() == "2026-11-18"
    (late,) = landlords_to_chase(facts(request), setting("2026-11-19 09:00"))
    assert late.state is DutyState.LATE
    answered = make(LandlordRequest, asked_at="2026-11-04 10:00", replied_at="2026-11-20 10:00")
    (met,) = landlords_to_chase(facts(answered), setting("2026-11-21 09:00"))
    assert met.state is DutyState.MET_LATE


def test_what_runs_out_is_said_beforehand_and_ends_with_its_last_day() -> None:
    day = london("2026-12-06 12:00").date()
    used = make(ToolUsed, party=HIM, power="injunction", decided_at="2026-06-06 10:00", expires_on=day)
    (duty,) = tools_expiring(facts(used), setting("2026-12-06 23:00"))
    assert duty.state is DutyState.RUNNING
    (late,) = tools_expiring(facts(used), setting("2026-12-07 00:01"))
    assert late.state is DutyState.LATE
    over = make(ToolUsed, power="injunction", decided_at="2026-06-06 10:00", expires_on=day, ended="kept")
    assert tools_expiring(facts(over), setting("2026-12-08 09:00")) == () == tools_running(facts(over))


def test_rights_advice_adds_up() -> None:
    first = make(RightsAdvice, "1", about={"ombudsman"}, given_at="2026-03-01 10:00")
    later = make(RightsAdvice, "2", about={"victims-code"}, given_at="2026-04-01 10:00")
    assert rights_given(facts(first, later)) == {"ombudsman", "victims-code"}


def test_counter_allegations_are_two_files_that_know_of_each_other() -> None:
    there = named("other case")
    link = make(CaseLink, other=there, how="opposing")
    same = make(CaseLink, "2", other=named("third"), how="same-place")
    assert opposing_cases(facts(link, same)) == {there}


@pytest.mark.parametrize(("homes", "points"), [(None, True), (9, True), (10, False)])
def test_a_message_to_a_tiny_block_points_to_somebody(homes: int | None, points: bool) -> None:
    assert points_to_somebody(homes, setting("2026-03-02 09:00")) is points


@pytest.mark.parametrize(
    ("band", "years", "child", "for_tools"),
    [
        ("under-10", None, True, 9), ("10-17", None, True, None), ("adult", None, False, 18),
        ("not-known", None, False, None), ("", None, False, None), ("10-17", 19, False, 19), ("adult", 15, True, 15),
    ],
)  # fmt: skip
def test_a_child_is_known_by_years_or_by_what_is_known_of_their_age(
    band: str, years: int | None, child: bool, for_tools: int | None
) -> None:
    person = make(Party, "him", roles=frozenset({"alleged-perpetrator"}), age_band=band)
    known = make(StandingOfPerson, "s", party=person.id, noted_at="2026-11-02 10:00", age_years=years)
    case = facts(person, *([known] if years else []))
    assert is_a_child(case, person.id) == child and age_for_tools(case, person.id) == for_tools
