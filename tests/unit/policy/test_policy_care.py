"""Copies, consultation, review and prevention (policy 1.3, 3.1, 3.2, 6.4, 6.5, 8.1, 9.1)."""

from __future__ import annotations

from datetime import date

import pytest

from core.domain.governance import PolicyCopy, PolicyEvent, Prevention
from core.policy.policy_care import (
    care_reminders,
    consultation_due,
    copies_to_give,
    copy_standing,
    footer_due,
    month_of,
    policy_dates,
    prevention_by_area,
    review_due,
    why_not_standard,
)
from tests.support.policy import calendar, make, pack

TODAY = date(2026, 3, 2)


def event(sort: str, on: date) -> PolicyEvent:
    return make(PolicyEvent, f"{sort} {on}", sort=sort, held_on=on)


def test_all_three_dates_are_there_and_none_is_chosen() -> None:
    found = policy_dates((), pack(), calendar(), TODAY)
    assert [(one.where, one.due_on) for one in found] == [
        ("8.1", date(2014, 10, 31)), ("9.1", date(2013, 10, 31)), ("footer", date(2015, 11, 30)),
    ]  # fmt: skip
    assert all(one.late for one in found)


def test_a_consultation_moves_its_own_date_and_no_other() -> None:
    held = (event("consultation", date(2025, 6, 1)),)
    assert consultation_due(held, pack(), calendar(), TODAY).due_on == date(2027, 5, 31)
    assert review_due(held, pack(), calendar(), TODAY).late
    assert footer_due(pack(), TODAY).late


def test_a_review_counts_for_a_year_and_one_ahead_not_at_all() -> None:
    assert review_due((event("review", date(2025, 3, 10)),), pack(), calendar(), TODAY).soon
    assert not review_due((event("review", date(2025, 3, 10)),), pack(), calendar(), TODAY).late
    assert review_due((event("review", date(2099, 1, 1)),), pack(), calendar(), TODAY).late


def test_who_begins_missed_no_review_and_who_held_one_is_told_the_day() -> None:
    (first_day,) = care_reminders((), pack(), calendar(), TODAY)
    assert first_day.startswith("The policy was last reviewed in November 2012") and "2014" not in first_day
    held = (event("review", date(2024, 3, 10)), event("consultation", date(2025, 6, 1)))
    assert care_reminders(held, pack(), calendar(), TODAY) == ("Yearly review was due by 9 March 2025.",)
    assert care_reminders((*held, event("review", date(2025, 9, 1))), pack(), calendar(), TODAY) == ()


@pytest.mark.parametrize(("words", "month"), [("November 2012", date(2012, 11, 1)), ("may 2026", date(2026, 5, 1))])
def test_a_month_in_words(words: str, month: date) -> None:
    assert month_of(words) == month


@pytest.mark.parametrize("words", ["", "2012", "Brumaire 2012", "November", "November 99999"])
def test_what_is_no_month(words: str) -> None:
    assert month_of(words) is None


def test_a_copy_is_due_in_ten_working_days_and_late_after_them() -> None:
    copy = make(PolicyCopy, asked_on=date(2026, 12, 14), asked_by="Meera Quill")
    standing = copy_standing(copy, pack(), calendar(), date(2026, 12, 31))
    assert standing.due_on == date(2026, 12, 30) and standing.late  # two bank holidays in between
    assert not copy_standing(copy, pack(), calendar(), date(2026, 12, 30)).late


def test_a_copy_that_was_given_is_not_to_give() -> None:
    copies = (
        make(PolicyCopy, "a", asked_on=date(2026, 2, 1), given_on=date(2026, 2, 3)),
        make(PolicyCopy, "b", asked_on=date(2026, 2, 20)), make(PolicyCopy, "c", asked_on=date(2026, 2, 1)),
    )  # fmt: skip
    assert [one.copy.asked_on for one in copies_to_give(copies, pack(), calendar(), TODAY)] == [
        date(2026, 2, 1), date(2026, 2, 20),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "language", "elsewhere"),
    [("standard", "en", False), ("large-print", "en-GB", False), ("braille", "en", True), ("standard", "so", True)],
)
def test_what_we_do_not_make_ourselves(form: str, language: str, elsewhere: bool) -> None:
    copy = make(PolicyCopy, asked_on=TODAY, format=form, language=language)
    assert copy_standing(copy, pack(), calendar(), TODAY).made_elsewhere is elsewhere


def test_the_usual_print_is_refused_for_whoever_needs_another() -> None:
    assert why_not_standard(format_needed="large-print", format_chosen="standard")
    assert why_not_standard(format_needed="", format_chosen="standard", language="so")
    assert why_not_standard(format_needed="large-print", format_chosen="large-print") == ""
    assert why_not_standard(format_needed="standard", format_chosen="large-print") == ""


def test_prevention_is_counted_area_by_area_and_a_year_without_any_is_said() -> None:
    records = (
        make(Prevention, "a", area="Marsh Lane", done_on=date(2026, 1, 5)),
        make(Prevention, "b", area="Marsh Lane", done_on=date(2024, 1, 5)),
        make(Prevention, "c", area="Old Road", done_on=date(2024, 1, 5)),
        make(Prevention, "d", area="Old Road", done_on=date(2099, 1, 5)),
    )
    found = {one.area: (one.count, one.last, one.lapsed) for one in prevention_by_area(records, TODAY)}
    assert found == {
        "Marsh Lane": (2, date(2026, 1, 5), False), "Old Road": (1, date(2024, 1, 5), True),
    }  # fmt: skip
