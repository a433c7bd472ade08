"""The stretches of time figures are counted over (5.1): a financial year, its quarters, or any days.

A day is a civil day of the policy's place. The end is the first moment after the last day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

from core.foundation.errors import FormIncomplete
from core.policy.keeps import keeps

FIRST_YEAR, LAST_YEAR = 1990, 2200
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class PeriodKind(StrEnum):
    """What a period is."""

    YEAR = "year"
    QUARTER = "quarter"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Period:
    """From `start_at` up to, and without, `end_at`. `year` is the financial year it lies in, by its first month's."""

    kind: PeriodKind
    start_at: datetime
    end_at: datetime
    words: str
    year: int

    def has(self, moment: datetime | None) -> bool:
        """Whether a moment lies in it."""
        return moment is not None and self.start_at <= moment < self.end_at


@keeps("5.1", "Figures of a financial year, a quarter, or any days", on=("Figures",))
def financial_year(year: int, *, begins_in: int, zone: tzinfo) -> Period:
    """Policy 5.1: the financial year that begins in the month `begins_in` of `year`.

    Raises:
        FormIncomplete: a year nobody counts.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise FormIncomplete(problems={"period": f"Choose a year from {FIRST_YEAR} to {LAST_YEAR}."})
    return _of(PeriodKind.YEAR, date(year, begins_in, 1), date(year + 1, begins_in, 1), zone, year)


def quarters_of(year: Period, zone: tzinfo) -> tuple[Period, ...]:
    """Policy 5.1: the four quarters of a financial year."""
    first = year.start_at.astimezone(zone).date()
    days = [_months_on(first, 3 * number) for number in range(5)]
    return tuple(_of(PeriodKind.QUARTER, begins, ends, zone, year.year) for begins, ends in pairwise(days))


def any_days(first: date, last: date, *, begins_in: int, zone: tzinfo) -> Period:
    """Policy 5.1: from one day to another, both included.

    Raises:
        FormIncomplete: they are the wrong way round, or nobody counts so far.
    """
    if first > last:
        raise FormIncomplete(problems={"last": "The last day lies before the first."})
    if not FIRST_YEAR <= first.year <= last.year <= LAST_YEAR:
        raise FormIncomplete(problems={"first": f"Choose days from {FIRST_YEAR} to {LAST_YEAR}."})
    year = first.year if first.month >= begins_in else first.year - 1
    return _of(PeriodKind.DAYS, first, last + timedelta(days=1), zone, year)


def year_of(moment: datetime, *, begins_in: int, zone: tzinfo) -> int:
    """Policy 5.1: the financial year a moment lies in, by the calendar year it begins in."""
    day = moment.astimezone(zone).date()
    return day.year if day.month >= begins_in else day.year - 1


def _of(kind: PeriodKind, first: date, after: date, zone: tzinfo, year: int) -> Period:
    start, end = (datetime.combine(day, time(), tzinfo=zone).astimezone(UTC) for day in (first, after))
    last = after - timedelta(days=1)
    return Period(kind, start, end, f"{_said(first)} to {_said(last)}", year)


def _said(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _months_on(day: date, months: int) -> date:
    month0 = day.month - 1 + months
    return date(day.year + month0 // 12, month0 % 12 + 1, 1)
