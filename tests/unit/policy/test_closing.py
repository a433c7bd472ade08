"""Closing (4.29): talk it over, explain the appeal, wait, close."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.domain.case import Closure, Contact, Incident, Party, Report
from core.domain.declare import Record
from core.policy.closing import ClosingStep, closure_next, current_closure, may_close
from tests.support.policy import facts, london, make, setting

LEAD = b"lead"
READY = {
    "proposed_at": "2026-11-23 10:00",
    "discussed_at": "2026-11-24 10:00",
    "appeal_explained": True,
    "appeal_opened_at": "2026-11-25 09:00",
}
LAST_MOMENT = london("2026-12-09 23:59").replace(second=59)
"""Ten working days after Wednesday 25 November: the end of Wednesday 9 December."""


def closure(name: str = "", **changes: object) -> Closure:
    return make(Closure, name, **{**READY, **changes})


def missing(now: str, *records: Record, closer: bytes = b"") -> list[ClosingStep]:
    found = facts(*records, opened_at=london("2026-01-01 10:00"), lead=LEAD)
    return [item.step for item in may_close(found, setting(now), closer=closer)]


def test_open_then_proposed_then_appeal_then_closed() -> None:
    now = setting("2026-11-26 09:00")
    assert closure_next(facts(), now).stage == "open"
    proposed = make(Closure, proposed_at="2026-11-23 10:00")
    assert closure_next(facts(proposed), now).stage == "closure-proposed"
    waiting = closure_next(facts(closure()), now)
    assert waiting.stage == "appeal-window"
    assert waiting.sentence == "The person can appeal until Wed 9 Dec, 11:59pm. Policy 4.29."
    ready = closure_next(facts(closure()), setting("2026-12-10 00:00"))
    assert ready.missing == ()
    assert ready.sentence == "Nothing is missing: the case can be closed. Policy 4.29."
    assert closure_next(facts(closure(), stage="closed"), now).stage == "closed"


def test_each_step_is_asked_for() -> None:
    assert missing("2026-11-26 09:00") == [ClosingStep.PROPOSE]
    assert missing("2026-11-26 09:00", make(Closure, proposed_at="2026-11-23 10:00")) == [
        ClosingStep.DISCUSS,
        ClosingStep.EXPLAIN_APPEAL,
        ClosingStep.START_APPEAL_TIME,
    ]
    assert missing("2027-01-26 09:00", closure(appeal_explained=False)) == [ClosingStep.EXPLAIN_APPEAL]
    assert missing("2027-01-26 09:00", closure(discussed_at=None)) == [ClosingStep.DISCUSS]


def test_time_to_appeal_ends_with_the_last_second_of_the_tenth_working_day() -> None:
    assert missing("2026-12-09 23:59", closure()) == [ClosingStep.WAIT]
    assert missing("2026-12-10 00:00", closure()) == []


def test_appeal_on_the_last_second_counts_though_it_arrives_later() -> None:
    offline = closure(appealed_at=LAST_MOMENT)
    assert missing("2026-12-14 09:00", offline) == [ClosingStep.DECIDE_APPEAL]
    too_late = closure(appealed_at=LAST_MOMENT + timedelta(seconds=1))
    assert missing("2026-12-14 09:00", too_late) == []


def test_christmas_stretches_the_time_to_appeal() -> None:
    over_christmas = closure(appeal_opened_at="2026-12-18 09:00")
    ends = closure_next(facts(over_christmas), setting("2026-12-18 10:00")).appeal_ends_at
    assert ends is not None
    assert ends == london("2027-01-07 00:00") - timedelta(microseconds=1)


def test_appeal_before_the_time_was_formally_started_counts() -> None:
    early = closure(appeal_opened_at=None, appealed_at="2026-11-24 10:30")
    assert missing("2027-01-14 09:00", early) == [ClosingStep.DECIDE_APPEAL]


def test_appeal_turned_down_and_closing_proposed_again_starts_anew() -> None:
    appealed = closure("first", appealed_at="2026-12-01 10:00")
    again = closure(
        "second",
        proposed_at="2026-12-14 10:00",
        discussed_at="2026-12-15 10:00",
        appeal_opened_at="2026-12-15 10:00",
    )
    assert missing("2026-12-16 09:00", appealed, again) == [ClosingStep.WAIT]
    assert missing("2027-01-16 09:00", appealed, again) == []


def test_two_laptops_proposed_apart_and_the_appeal_is_on_the_earlier_one() -> None:
    earlier = closure("a", proposed_at="2026-11-23 09:00", appealed_at="2026-12-01 10:00")
    later = closure("b", proposed_at="2026-11-23 11:00")
    assert missing("2027-01-16 09:00", earlier, later) == [ClosingStep.DECIDE_APPEAL]
    assert missing("2027-01-16 09:00", later, earlier) == [ClosingStep.DECIDE_APPEAL]


@pytest.mark.parametrize(
    "new",
    [
        make(Report, "new", received_at="2026-12-01 10:00"),
        make(Incident, "new", happened_at="2026-12-01 10:00"),
        make(Report, "new", recorded_at="2026-12-01 10:00"),
    ],
)
def test_new_incident_during_the_window_stops_closing_until_proposed_again(new: Record) -> None:
    assert missing("2027-01-16 09:00", closure(), new) == [ClosingStep.CONSIDER_NEW_REPORT]
    again = closure("again", proposed_at="2026-12-02 10:00", discussed_at="2026-12-02 10:00")
    assert missing("2027-01-16 09:00", closure(), again, new) == []


def test_old_reports_do_not_stop_closing() -> None:
    old = make(Report, received_at="2026-01-01 10:00")
    assert missing("2027-01-16 09:00", closure(), old) == []


def attempts(count: int) -> list[Contact]:
    return [
        make(Contact, f"try {day}", at=f"2026-11-2{3 + day} 12:00", way="call", outcome="no-answer")
        for day in range(count)
    ]


LETTER = make(Contact, "letter", at="2026-11-26 09:00", way="letter", outcome="sent")
UNREACHABLE = closure(discussed_at=None, appeal_explained=None, appeal_opened_at="2026-11-26 09:00")


def test_person_who_cannot_be_reached_after_three_attempts_and_a_letter() -> None:
    assert missing("2026-12-10 23:00", UNREACHABLE, *attempts(3), LETTER) == [ClosingStep.WAIT]
    assert missing("2026-12-11 00:00", UNREACHABLE, *attempts(3), LETTER) == []


def test_two_attempts_or_no_letter_are_not_enough() -> None:
    both = [ClosingStep.DISCUSS, ClosingStep.EXPLAIN_APPEAL]
    assert missing("2026-12-11 00:00", UNREACHABLE, *attempts(2), LETTER) == both
    assert missing("2026-12-11 00:00", UNREACHABLE, *attempts(3)) == both


def test_a_letter_before_the_third_attempt_is_not_enough() -> None:
    too_soon = make(Contact, "letter", at="2026-11-24 09:00", way="letter", outcome="sent")
    assert ClosingStep.DISCUSS in missing("2026-12-11 00:00", UNREACHABLE, *attempts(3), too_soon)


def test_attempts_before_the_proposal_do_not_count() -> None:
    old = [make(Contact, str(n), at=f"2026-10-0{n} 12:00", way="call", outcome="no-answer") for n in (1, 2, 3)]
    assert ClosingStep.DISCUSS in missing("2026-12-11 00:00", UNREACHABLE, *old, LETTER)


def test_attempts_to_reach_somebody_else_do_not_count() -> None:
    witness = make(Party, "witness", roles=frozenset({"witness"}))
    tries = [
        make(Contact, str(n), party=witness.id, at=f"2026-11-2{n} 12:00", way="call", outcome="no-answer")
        for n in (3, 4, 5)
    ]
    assert ClosingStep.DISCUSS in missing("2026-12-11 00:00", UNREACHABLE, witness, *tries, LETTER)


def test_time_to_appeal_cannot_be_dated_before_the_talk() -> None:
    backdated = closure(appeal_opened_at="2026-10-01 09:00")
    assert missing("2026-12-08 23:00", backdated) == [ClosingStep.WAIT]
    assert missing("2026-12-09 00:00", backdated) == []


def test_a_talk_planned_for_later_has_not_happened() -> None:
    planned = closure(discussed_at="2027-11-24 10:00", appeal_opened_at="2026-11-25 09:00")
    assert ClosingStep.DISCUSS in missing("2026-12-14 09:00", planned)


def test_somebody_other_than_the_lead_closes() -> None:
    assert missing("2026-12-14 09:00", closure(), closer=LEAD) == [ClosingStep.ANOTHER_CLOSER]
    assert missing("2026-12-14 09:00", closure(), closer=b"another") == []


def test_reopened_case_is_closed_by_a_new_proposal_only() -> None:
    reopened = facts(closure(), reopened_at=london("2026-12-20 10:00"))
    assert current_closure(reopened) is None
    assert closure_next(reopened, setting("2027-01-16 09:00")).stage == "open"
