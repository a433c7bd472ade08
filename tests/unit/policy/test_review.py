"""Reviews every three months (4.29)."""

from __future__ import annotations

from typing import Any

import pytest

from core.domain.case import Closure, Review
from core.domain.closing import Reopening
from core.domain.declare import Record
from core.policy.calendar import LONDON
from core.policy.duties import Duty, DutyState
from core.policy.review import open_spells, reviews_due
from tests.support.policy import facts, london, make, setting


def reviews(now: str, opened: str, *records: Record, **case: Any) -> list[tuple[str, DutyState]]:
    found = reviews_due(facts(*records, opened_at=london(opened), **case), setting(now))
    return [(_day(duty), duty.state) for duty in found]


def _day(duty: Duty) -> str:
    assert duty.due_at is not None
    return duty.due_at.astimezone(LONDON).date().isoformat()


def held(at: str) -> Review:
    return make(Review, at, reviewed_at=at)


# ------------------------------------------------------------------ 4.29: reviews


def test_first_review_is_due_three_months_after_opening() -> None:
    opened = london("2026-11-27 18:40")
    (duty,) = reviews_due(facts(opened_at=opened), setting("2026-12-01 09:00"))
    assert duty.due_at == london("2027-02-27 18:40")
    assert duty.title == "3-month review"
    assert duty.why == (
        "Due Sat 27 Feb 2027, 6:40pm: 3 months from when the case was opened on Fri 27 Nov, 6:40pm. Policy 4.29."
    )


@pytest.mark.parametrize(
    ("opened", "due"),
    [("2026-11-30 10:00", "2027-02-28"), ("2027-11-30 10:00", "2028-02-29"), ("2026-05-31 10:00", "2026-08-31")],
)
def test_opened_on_a_day_the_month_does_not_have(opened: str, due: str) -> None:
    assert reviews(opened, opened) == [(due, DutyState.RUNNING)]


def test_recurring_from_the_anchor_without_drift() -> None:
    found = reviews("2027-09-01 09:00", "2026-11-30 10:00")
    assert [day for day, _ in found] == ["2027-02-28", "2027-05-30", "2027-08-30", "2027-11-30"]


def test_late_review_counts_as_met_late_and_does_not_move_the_following_one() -> None:
    found = reviews("2026-05-01 09:00", "2026-01-01 10:00", held("2026-04-20 10:00"))
    assert found == [("2026-04-01", DutyState.MET_LATE), ("2026-07-01", DutyState.RUNNING)]


def test_early_review_meets_its_period_and_the_next_is_due_as_planned() -> None:
    found = reviews("2026-03-01 09:00", "2026-01-01 10:00", held("2026-02-01 10:00"))
    assert found == [("2026-04-01", DutyState.MET), ("2026-07-01", DutyState.RUNNING)]


def test_high_risk_reviewed_more_often_does_not_use_up_later_periods() -> None:
    often = [held(f"2026-0{month}-{day} 10:00") for month in (1, 2, 3) for day in (14, 28)]
    found = reviews("2026-03-30 09:00", "2026-01-01 10:00", *often)
    assert found == [("2026-04-01", DutyState.MET), ("2026-07-01", DutyState.RUNNING)]


def test_one_review_answers_for_every_period_already_overdue() -> None:
    found = reviews("2026-08-11 09:00", "2026-01-01 10:00", held("2026-08-10 10:00"))
    assert found == [
        ("2026-04-01", DutyState.MET_LATE),
        ("2026-07-01", DutyState.MET_LATE),
        ("2026-10-01", DutyState.RUNNING),
    ]


def test_missed_reviews_are_all_shown_late() -> None:
    found = reviews("2026-08-11 09:00", "2026-01-01 10:00")
    assert [state for _, state in found] == [DutyState.LATE, DutyState.LATE, DutyState.RUNNING]


def test_review_on_the_last_minute_is_in_time() -> None:
    found = reviews("2026-05-01 09:00", "2026-01-01 10:00", held("2026-04-01 10:00"))
    assert found[0] == ("2026-04-01", DutyState.MET)


def test_review_dated_before_opening_answers_for_nothing() -> None:
    assert reviews("2026-05-01 09:00", "2026-01-01 10:00", held("2025-12-01 10:00"))[0][1] is DutyState.LATE


def test_handled_in_another_way_is_reviewed_too() -> None:
    assert reviews("2026-01-02 09:00", "2026-01-01 10:00", handling="other") == [("2026-04-01", DutyState.RUNNING)]


@pytest.mark.parametrize("stage", ["closure-proposed", "appeal-window"])
def test_a_case_about_to_close_is_still_open(stage: str) -> None:
    assert reviews("2026-01-02 09:00", "2026-01-01 10:00", stage=stage) == [("2026-04-01", DutyState.RUNNING)]


def test_closed_case_has_no_more_reviews_and_keeps_what_was_late() -> None:
    found = reviews(
        "2027-01-01 09:00",
        "2026-01-01 10:00",
        held("2026-04-20 10:00"),
        stage="closed",
        closed_at=london("2026-05-05 10:00"),
    )
    assert found == [("2026-04-01", DutyState.MET_LATE)]


def test_review_missed_before_closing_stays_visible_as_late() -> None:
    closed = facts(opened_at=london("2026-01-01 10:00"), stage="closed", closed_at=london("2026-05-05 10:00"))
    (duty,) = reviews_due(closed, setting("2026-06-01 09:00"))
    assert duty.state is DutyState.MET_LATE
    assert not duty.to_do
    assert duty.why.startswith("Not done. It was due Wed 1 Apr, 10:00am")


def test_reopened_case_counts_from_reopening_and_keeps_its_past() -> None:
    past = make(Closure, proposed_at="2026-04-10 10:00", closed_at="2026-05-05 10:00")
    reopened = london("2026-08-20 11:00")
    found = reviews("2026-09-01 09:00", "2026-01-01 10:00", past, held("2026-03-01 10:00"), reopened_at=reopened)
    assert found == [("2026-04-01", DutyState.MET), ("2026-11-20", DutyState.RUNNING)]


def test_reopened_case_says_what_it_counts_from() -> None:
    found = facts(opened_at=london("2026-01-01 10:00"), reopened_at=london("2026-01-20 11:00"))
    (duty,) = reviews_due(found, setting("2026-02-01 09:00"))
    assert "3 months from when the case was opened again on Tue 20 Jan, 11:00am" in duty.why


def test_case_without_opening_time_or_closed_without_closing_time_has_no_reviews() -> None:
    assert reviews_due(facts(), setting("2026-01-01 09:00")) == ()
    assert reviews("2026-06-01 09:00", "2026-01-01 10:00", stage="closed") == []


def test_a_case_opened_again_twice_keeps_every_time_it_was_open() -> None:
    closings = (
        make(Closure, "one", proposed_at="2026-04-10 10:00", closed_at="2026-05-05 10:00"),
        make(Closure, "two", proposed_at="2026-12-10 10:00", closed_at="2027-01-05 10:00"),
    )
    again = (
        make(Reopening, "one", reopened_at="2026-08-31 11:00"), make(Reopening, "two", reopened_at="2027-03-01 11:00"),
    )  # fmt: skip
    reopened = london("2027-03-01 11:00")
    found = reviews("2027-04-01 09:00", "2026-01-01 10:00", *closings, *again, reopened_at=reopened)
    assert found == [
        ("2026-04-01", DutyState.MET_LATE), ("2026-11-30", DutyState.MET_LATE), ("2027-06-01", DutyState.RUNNING),
    ]  # fmt: skip
    spells = open_spells(facts(*closings, *again, opened_at=london("2026-01-01 10:00"), reopened_at=reopened))
    assert [spell.end_at for spell in spells] == [london("2026-05-05 10:00"), london("2027-01-05 10:00"), None]
