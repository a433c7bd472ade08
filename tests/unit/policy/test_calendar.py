"""Elapsed hours, working days, calendar months: the nights the clocks change, short months, bank holidays."""

from __future__ import annotations

import importlib.util
import json
from datetime import UTC, date, datetime, timedelta
from types import ModuleType

import pytest

from core.foundation.errors import BugError, PolicyPackInvalid
from core.policy.calendar import LONDON, Term, TermUnit, WorkingCalendar, known, parse_calendar
from tests.support.policy import HOLIDAYS_FILE, POLICY_FOLDER, calendar, london


def local(moment: datetime) -> str:
    return moment.astimezone(LONDON).strftime("%Y-%m-%d %H:%M")


def test_24_hours_over_the_night_the_clocks_go_back_are_24_real_hours() -> None:
    due = calendar().add_elapsed_hours(london("2026-10-24 18:40"), 24)
    assert local(due) == "2026-10-25 17:40"
    assert due - london("2026-10-24 18:40") == timedelta(hours=24)


def test_24_hours_over_the_night_the_clocks_go_forward_are_24_real_hours() -> None:
    assert local(calendar().add_elapsed_hours(london("2026-03-28 18:40"), 24)) == "2026-03-29 19:40"


def test_bank_holiday_and_weekend_do_not_stretch_hours() -> None:
    assert local(calendar().add_elapsed_hours(london("2026-12-24 18:40"), 24)) == "2026-12-25 18:40"


@pytest.mark.parametrize(
    ("opened", "months", "due"),
    [
        ("2026-05-31 10:00", 3, "2026-08-31 10:00"),
        ("2026-11-30 10:00", 3, "2027-02-28 10:00"),
        ("2027-11-30 10:00", 3, "2028-02-29 10:00"),
        ("2026-11-30 10:00", 6, "2027-05-30 10:00"),
        ("2026-08-31 10:00", 6, "2027-02-28 10:00"),
        ("2026-12-15 23:59", 3, "2027-03-15 23:59"),
        ("2026-01-15 09:30", 6, "2026-07-15 09:30"),
    ],
)
def test_months_keep_the_civil_time_and_the_anchors_day(opened: str, months: int, due: str) -> None:
    assert local(calendar().add_calendar_months(london(opened), months)) == due


def test_a_late_evening_in_summer_counts_from_its_london_day() -> None:
    """31 May 00:30 in London is still 30 May in UTC."""
    assert local(calendar().add_calendar_months(london("2026-05-31 00:30"), 3)) == "2026-08-31 00:30"


def test_stepping_month_by_month_with_the_anchors_day_does_not_drift() -> None:
    when = london("2026-11-30 10:00")
    found = []
    for _ in range(4):
        when = calendar().add_calendar_months(when, 3, 30)
        found.append(local(when)[:10])
    assert found == ["2027-02-28", "2027-05-30", "2027-08-30", "2027-11-30"]


def test_civil_time_that_is_skipped_or_happens_twice_means_the_later_moment() -> None:
    skipped = calendar().add_calendar_months(london("2025-12-29 01:30"), 3)
    assert skipped == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    twice = calendar().add_calendar_months(london("2026-07-25 01:30"), 3)
    assert twice == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_working_days_pass_over_christmas_and_new_year() -> None:
    """Christmas 2026: Friday 25, Boxing Day's substitute on Monday 28, then Friday 1 January."""
    due = calendar().add_working_days(london("2026-12-23 15:00"), 4, LONDON)
    assert local(due) == "2026-12-31 15:00"
    assert local(calendar().add_working_days(london("2026-12-23 15:00"), 5)) == "2027-01-04 15:00"


def test_working_days_count_from_the_next_day_even_from_a_weekend() -> None:
    assert local(calendar().add_working_days(london("2026-11-28 12:00"), 1)) == "2026-11-30 12:00"


def test_a_period_in_days_ends_with_its_last_moment() -> None:
    opened = london("2026-11-25 09:00")
    due = calendar().due_after(opened, Term(10, TermUnit.WORKING_DAYS))
    assert due == london("2026-12-10 00:00") - timedelta(microseconds=1)
    assert calendar().due_after(opened, Term(14, TermUnit.CALENDAR_DAYS)) == due


def test_a_day_of_23_hours_ends_at_midnight_too() -> None:
    ends = calendar().end_of_day(london("2026-03-29 12:00"))
    assert ends == london("2026-03-30 00:00") - timedelta(microseconds=1)


@pytest.mark.parametrize(
    "day",
    [
        date(2012, 6, 5),  # Diamond Jubilee
        date(2012, 6, 4),  # spring bank holiday, moved for it
        date(2020, 5, 8),  # May Day, moved for VE Day
        date(2022, 6, 3),  # Platinum Jubilee
        date(2022, 9, 19),  # the Queen's funeral
        date(2023, 5, 8),  # the coronation
        date(2021, 12, 28),  # Boxing Day's substitute
        date(2031, 12, 26),
    ],
)
def test_one_off_and_moved_bank_holidays_are_known(day: date) -> None:
    assert not calendar().is_working_day(day)


@pytest.mark.parametrize("day", [date(2022, 5, 30), date(2012, 5, 28), date(2020, 5, 4), date(2026, 11, 30)])
def test_days_that_were_worked(day: date) -> None:
    """The usual days in years when they were moved, and St Andrew's Day, which is Scotland's."""
    assert calendar().is_working_day(day)


def test_shipped_bank_holidays_are_what_the_script_makes() -> None:
    assert HOLIDAYS_FILE.read_text(encoding="utf-8") == _script().as_text()


def test_a_year_without_known_bank_holidays_says_so() -> None:
    assert calendar().covers(date(2031, 12, 31))
    assert not calendar().covers(date(2032, 1, 1))
    assert not calendar().covers(date(2011, 12, 31))


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"first_year": "2012"},
        {"last_year": 2032},
        {"days": []},
        {"days": {"2012-13-01": "x"}},
        {"days": {}},
    ],
)
def test_a_damaged_list_of_holidays_is_refused(change: dict[str, object]) -> None:
    whole = json.loads(HOLIDAYS_FILE.read_text(encoding="utf-8"))
    with pytest.raises(PolicyPackInvalid):
        parse_calendar(json.dumps({**whole, **change}))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "[" * 100_000])
def test_what_is_no_list_of_holidays_is_refused(text: str) -> None:
    with pytest.raises(PolicyPackInvalid):
        parse_calendar(text)


def test_a_moment_without_time_zone_is_our_own_mistake() -> None:
    with pytest.raises(BugError):
        calendar().add_elapsed_hours(datetime(2026, 11, 27), 24)


def test_no_working_days_is_our_own_mistake() -> None:
    with pytest.raises(BugError):
        WorkingCalendar(frozenset()).add_working_days(london("2026-11-27 12:00"), 0)


def test_moments_no_deadline_can_follow_from_count_as_never_set() -> None:
    assert known(None) is None
    assert known(datetime(9999, 12, 31, tzinfo=UTC)) is None
    assert known(london("2026-11-27 12:00")) == london("2026-11-27 12:00")


def _script() -> ModuleType:
    path = POLICY_FOLDER.parents[1] / "installer" / "tools" / "make_holidays.py"
    spec = importlib.util.spec_from_file_location("make_holidays", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
