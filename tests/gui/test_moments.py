"""Times as people type and read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.widgets.moments import (
    clock_words,
    due_words,
    moment_words,
    parse_day,
    parse_moment,
    typed_words,
    whole_words,
)

NOW = datetime(2026, 11, 23, 9, 41, tzinfo=UTC)  # a Monday, in winter, so UTC is the clock on the wall


def at(day: int, hour: int, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Today, 9:41am", at(23, 9, 41)),
        ("today 9.41 am", at(23, 9, 41)),
        ("9:41am", at(23, 9, 41)),
        ("yesterday at 2pm", at(22, 14)),
        ("Yesterday, 2:10pm", at(22, 14, 10)),
        ("18 November at 3:28pm", at(18, 15, 28)),
        ("18 nov 15:28", at(18, 15, 28)),
        ("18th Nov 2025, 3:28 p.m.", at(18, 15, 28, year=2025)),
        ("18/11/2026 15:28", at(18, 15, 28)),
        ("18/11 15:28", at(18, 15, 28)),
        ("18.11.26 15:28", at(18, 15, 28)),
        ("2026-11-18 15:28", at(18, 15, 28)),
        ("3pm Friday", at(20, 15)),
        ("Monday 8am", at(16, 8)),
        ("24 December 9am", at(24, 9, month=12, year=2025)),
        ("yesterday noon", at(22, 12)),
        ("midnight", at(23, 0)),
        ("12am", at(23, 0)),
        ("12pm", at(23, 12)),
        ("now", NOW),
    ],
)
def test_it_is_read_as_it_is_meant(typed: str, meant: datetime) -> None:
    assert parse_moment(typed, NOW) == meant


@pytest.mark.parametrize(
    "typed",
    ["", "soon", "today", "18 November", "31 February 9am", "25:00", "9:75", "13pm", "18/13/2026 9am", "0am", "9"],
)
def test_what_cannot_be_read_is_said_to_be_so(typed: str) -> None:
    assert parse_moment(typed, NOW) is None


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2026, 11, 29)))
def test_what_is_shown_is_read_back(naive: datetime) -> None:
    moment = naive.replace(tzinfo=UTC, second=0, microsecond=0)
    again = parse_moment(typed_words(moment, NOW), NOW)
    assert again is not None
    # the hour that happens twice in October is the one thing words alone cannot tell apart
    assert abs(again - moment) in (timedelta(0), timedelta(hours=1))
    assert clock_words(again) == clock_words(moment)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    parsed = parse_moment(text, NOW)
    assert parsed is None or parsed.tzinfo is UTC


def test_summer_time_is_the_clock_on_the_wall() -> None:
    july = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert parse_moment("today, 9:41am", july) == datetime(2026, 7, 1, 8, 41, tzinfo=UTC)
    assert clock_words(july) == "1:00pm"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (NOW - timedelta(hours=2), "Late by 2 h"),
        (NOW - timedelta(seconds=5), "Late by 1 m"),
        (NOW - timedelta(days=3), "Late by 3 days"),
        (NOW + timedelta(hours=3, minutes=20), "Due in 3 h 20 m"),
        (NOW + timedelta(hours=9, minutes=10), "Due in 9 h"),
        (NOW + timedelta(minutes=5), "Due in 5 m"),
        (NOW + timedelta(days=3), "Thu 26 Nov"),
    ],
)
def test_what_is_due_is_said_briefly(due: datetime, words: str) -> None:
    assert due_words(due, NOW) == words


def test_a_day_is_named_from_where_one_stands() -> None:
    assert moment_words(at(22, 14, 10), NOW) == "Yesterday at 2:10pm"
    assert moment_words(at(20, 11, 5), NOW) == "20 November at 11:05am"
    assert moment_words(at(20, 11, 5, year=2025), NOW) == "20 November 2025 at 11:05am"
    assert whole_words(at(20, 11, 5)) == "Friday 20 November 2026 at 11:05am"


@pytest.mark.parametrize(
    ("typed", "on", "meant"),
    [
        ("in 3 months", date(2026, 11, 23), date(2027, 2, 23)),
        ("In 1 month", date(2027, 1, 31), date(2027, 2, 28)),
        ("in 13 months", date(2026, 11, 30), date(2027, 12, 30)),
        ("in 2 weeks", date(2026, 11, 23), date(2026, 12, 7)),
    ],
)
def test_a_day_some_weeks_or_months_ahead(typed: str, on: date, meant: date) -> None:
    assert parse_day(typed, datetime(on.year, on.month, on.day, 9, 41, tzinfo=UTC)) == meant
