"""The plan agreed with each person and the promise to keep in touch (4.28)."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from core.domain.case import Closure, Contact, Party
from core.domain.plan import ActionPlan, PlanAction
from core.policy.action_plan import (
    actions_due,
    interval_of,
    is_provisional,
    missed_promises,
    people_without_plan,
    plans_now,
    update_promises,
)
from core.policy.calendar import Term, TermUnit
from core.policy.duties import DutyState
from tests.support.policy import facts, london, make, setting

OPENED = {"opened_at": "2026-03-02 09:00"}


def a_plan(at: str = "2026-03-02 10:00", name: str = "", **fields: Any) -> ActionPlan:
    return make(ActionPlan, name or at, drawn_up_at=at, **{"contact_days": 7, "agreed": "said", **fields})


def reached(at: str, **fields: Any) -> Contact:
    return make(Contact, at, at=at, way="call", **{"outcome": "spoke", **fields})


def promises(now: str, *records: Any, **case: Any) -> list[tuple[str, DutyState]]:
    found = update_promises(facts(*records, **{**OPENED, **case}), setting(now))
    return [(duty.due_at.date().isoformat(), duty.state) for duty in found if duty.due_at]


def test_the_next_update_is_due_as_many_days_after_the_plan_as_were_agreed() -> None:
    (duty,) = update_promises(facts(a_plan(), **OPENED), setting("2026-03-03 09:00"))
    assert duty.title == "Promised update"
    assert duty.why == "Due Mon 9 Mar, 11:59pm: 7 days from the plan of Mon 2 Mar, 10:00am. Policy 4.28."


def test_each_contact_that_reached_the_person_begins_the_next_promise() -> None:
    found = promises("2026-03-06 09:00", a_plan(), reached("2026-03-05 15:00"))
    assert found == [("2026-03-12", DutyState.RUNNING)]


def test_an_attempt_is_not_an_update() -> None:
    found = promises("2026-03-06 09:00", a_plan(), reached("2026-03-05 15:00", outcome="no-answer"))
    assert found == [("2026-03-09", DutyState.RUNNING)]


def test_a_promise_that_was_missed_stays_visible_after_it_was_made_good() -> None:
    made = (a_plan(), reached("2026-03-20 15:00"))
    assert promises("2026-03-21 09:00", *made) == [
        ("2026-03-09", DutyState.MET_LATE), ("2026-03-27", DutyState.RUNNING)
    ]  # fmt: skip
    assert missed_promises(facts(*made, **OPENED), setting("2026-03-21 09:00")) == 1


def test_only_when_something_happens_still_has_a_floor() -> None:
    plan = a_plan(only_if_something_happens=True, contact_days=None)
    assert interval_of(plan, setting("2026-03-03 09:00")) == Term(28, TermUnit.CALENDAR_DAYS)
    assert promises("2026-03-03 09:00", plan) == [("2026-03-30", DutyState.RUNNING)]


def test_a_provisional_plan_promises_as_much() -> None:
    plan = a_plan(agreed="not-yet")
    assert is_provisional(plan)
    assert promises("2026-03-03 09:00", plan) == [("2026-03-09", DutyState.RUNNING)]


def test_two_people_have_two_cadences() -> None:
    ana, ben = make(Party, "ana", roles={"harmed"}), make(Party, "ben", roles={"harmed"})
    plans = (a_plan(name="a", party=ana.id, contact_days=3), a_plan(name="b", party=ben.id, contact_days=14))
    spoke = reached("2026-03-04 09:00", party=ana.id)
    found = promises("2026-03-04 10:00", ana, ben, *plans, spoke)
    assert sorted(found) == [("2026-03-07", DutyState.RUNNING), ("2026-03-16", DutyState.RUNNING)]


def test_a_new_version_holds_from_then_on_and_what_was_missed_before_stays() -> None:
    first, second = a_plan(contact_days=2), a_plan("2026-03-10 10:00", contact_days=30)
    found = promises("2026-03-11 09:00", first, second, reached("2026-03-09 10:00"))
    assert found == [("2026-03-04", DutyState.MET_LATE), ("2026-04-09", DutyState.RUNNING)]
    assert plans_now(facts(first, second, **OPENED)) == {None: second}


def test_a_promise_still_open_when_the_case_is_closed_stays_visible_as_missed() -> None:
    closed = {"stage": "closed", "closed_at": "2026-03-20 10:00"}
    found = promises("2026-04-20 09:00", a_plan(), make(Closure, closed_at="2026-03-20 10:00"), **closed)
    assert found == [("2026-03-09", DutyState.MET_LATE)]


def test_nothing_is_promised_after_closing() -> None:
    closed = {"stage": "closed", "closed_at": "2026-03-05 10:00"}
    assert promises("2026-04-20 09:00", a_plan(), make(Closure, closed_at="2026-03-05 10:00"), **closed) == []


def test_contact_with_the_person_complained_about_is_no_update() -> None:
    other = make(Party, "other", roles={"alleged-perpetrator"})
    found = promises("2026-03-06 09:00", a_plan(), other, reached("2026-03-05 15:00", party=other.id))
    assert found == [("2026-03-09", DutyState.RUNNING)]


def test_each_person_harmed_needs_a_plan_of_their_own() -> None:
    ana, ben = make(Party, "ana", roles={"harmed"}), make(Party, "ben", roles={"harmed"})
    seen = make(Party, "seen", roles={"witness"})
    assert people_without_plan(facts(ana, ben, seen, a_plan(party=ana.id))) == (ben.id,)


def test_our_own_actions_whose_day_has_come() -> None:
    late = make(PlanAction, "late", what="Change the lock", who="landlord", by_when=london("2026-03-05 12:00").date())
    done = make(PlanAction, "done", what="Call", who="landlord", by_when=late.by_when, done_at="2026-03-04 12:00")
    theirs = make(PlanAction, "theirs", what="Keep a diary", who="person", by_when=late.by_when)
    assert actions_due(facts(late, done, theirs), setting("2026-03-06 09:00")) == (late,)


@given(st.lists(st.integers(0, 60 * 24), max_size=25), st.integers(1, 20), st.randoms())
def test_the_order_of_the_records_never_matters_and_contact_in_time_misses_nothing(
    hours: list[int], days: int, dice: Any
) -> None:
    start = london("2026-03-02 10:00")
    contacts = [
        make(Contact, str(number), at=start + timedelta(hours=hour), way="call", outcome="spoke")
        for number, hour in enumerate(hours)
    ]
    plan = a_plan(contact_days=days)
    now = setting("2026-05-02 09:00")
    shuffled = list(contacts)
    dice.shuffle(shuffled)
    found = update_promises(facts(plan, *contacts, **OPENED), now)
    assert found == update_promises(facts(*shuffled, plan, **OPENED), now)
    gaps = sorted({0, *(hour for hour in hours if hour)})
    longest = max((b - a for a, b in itertools.pairwise(gaps)), default=0)
    if longest <= days * 24:
        assert not [duty for duty in found if duty.state is DutyState.MET_LATE]
