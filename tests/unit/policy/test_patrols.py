"""The police are asked to be seen more, and asked again (4.11)."""

from __future__ import annotations

import itertools
from typing import Any

from core.domain.case import Closure, PoliceRequest
from core.domain.doors import PoliceChase
from core.policy.duties import Duty, DutyState
from core.policy.patrols import is_answered, police_answers
from tests.support.policy import facts, make, setting

OPENED = {"opened_at": "2026-11-02 09:00"}
ASKED = "2026-11-16 10:00"  # a Monday


def a_request(**fields: Any) -> PoliceRequest:
    return make(PoliceRequest, "r", asked_at=ASKED, asked_of="Patrol team", **fields)


def again(at: str) -> PoliceChase:
    return make(PoliceChase, at, request=a_request().id, at=at)


def duties(now: str, *records: Any, **case: Any) -> tuple[Duty, ...]:
    return police_answers(facts(*records, **{**OPENED, **case}), setting(now))


def test_without_an_answer_the_police_are_asked_again() -> None:
    (duty,) = duties("2026-11-17 09:00", a_request())
    assert duty.state is DutyState.RUNNING
    assert duty.title == "Answer of the police: Patrol team"
    assert duty.why.startswith("Due Mon 23 Nov, 11:59pm: 5 working days from the request of Mon 16 Nov, 10:00am.")
    assert duties("2026-11-24 09:00", a_request())[0].state is DutyState.LATE


def test_asking_again_in_time_begins_the_time_anew() -> None:
    (duty,) = duties("2026-11-24 09:00", a_request(), again("2026-11-20 12:00"))
    assert duty.state is DutyState.RUNNING and "from asking again on Fri 20 Nov" in duty.why


def test_an_answer_ends_it_and_one_that_came_late_stays_late() -> None:
    assert duties("2026-12-20 09:00", a_request(replied_at="2026-11-18 10:00", reply="Yes")) == ()
    (late,) = duties("2026-12-20 09:00", a_request(replied_at="2026-11-27 10:00", reply="Yes"))
    assert late.state is DutyState.MET_LATE


def test_an_answer_without_a_time_chases_nobody() -> None:
    assert is_answered(a_request(reply="They will."))
    assert duties("2026-12-20 09:00", a_request(reply="They will.")) == ()


def test_a_closed_case_chases_nobody_and_keeps_what_was_missed() -> None:
    def closed(at: str) -> dict[str, Any]:
        return {"stage": "closed", "closed_at": at}

    ended = make(Closure, closed_at="2026-11-19 10:00")
    assert duties("2026-12-20 09:00", a_request(), ended, **closed("2026-11-19 10:00")) == ()
    (missed,) = duties("2026-12-20 09:00", a_request(), **closed("2026-12-01 10:00"))
    assert missed.state is DutyState.MET_LATE and missed.why.startswith("Not done.")


def test_a_request_without_a_time_asks_nothing() -> None:
    assert duties("2026-12-20 09:00", make(PoliceRequest, asked_of="Patrol team")) == ()


def test_the_order_of_records_does_not_matter() -> None:
    other = make(PoliceRequest, "s", asked_at=ASKED)
    records = (a_request(), again("2026-11-30 10:00"), again("2026-11-18 10:00"), other)
    expected = duties("2026-12-20 09:00", *records)
    states = sorted(duty.state for duty in expected)
    assert states == [DutyState.LATE, DutyState.LATE, DutyState.MET_LATE]
    for order in itertools.permutations(records):
        assert duties("2026-12-20 09:00", *order) == expected
