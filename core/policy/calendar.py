"""How time is counted: elapsed hours, working days, calendar months.

1. Hours are elapsed hours. On the nights the clocks change, 24 hours are still 24 hours, so the civil
   time of a deadline moves by one.
2. Months and days are civil. A deadline three months on has the same civil time; a day the month does
   not have becomes its last day, counted from the anchor each time, so that nothing drifts
   (30 Nov, 28 Feb, 30 May).
3. Where civil time is skipped or happens twice, the later moment is meant: nobody is late before the
   civil time has wholly passed.
4. A period counted in days ends with its last day: everything before the following midnight is in time.

Instants in and out are timezone-aware; results are UTC.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.foundation.errors import BugError
from core.policy.rows import top_row

LONDON = ZoneInfo("Europe/London")
"""Civil time of every landlord served so far. On Windows the pinned `tzdata` package provides it."""

_TICK = timedelta(microseconds=1)
_SATURDAY = 5
_FIRST_USABLE = datetime(1900, 1, 1, tzinfo=UTC)
_LAST_USABLE = datetime(9000, 1, 1, tzinfo=UTC)


class TermUnit(StrEnum):
    """In what a period of the policy is counted."""

    ELAPSED_HOURS = "elapsed hours"
    WORKING_DAYS = "working days"
    CALENDAR_DAYS = "calendar days"
    CALENDAR_MONTHS = "calendar months"


_SINGULAR = {
    TermUnit.ELAPSED_HOURS: "hour",
    TermUnit.WORKING_DAYS: "working day",
    TermUnit.CALENDAR_DAYS: "day",
    TermUnit.CALENDAR_MONTHS: "month",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A period: `value` of `unit`."""

    value: int
    unit: TermUnit

    def __str__(self) -> str:
        words = f"{self.value} {_SINGULAR[self.unit]}"
        return words if self.value == 1 else f"{words}s"


def known(moment: datetime | None) -> datetime | None:
    """The moment in UTC; None if it was never set or lies so far off that no deadline can follow from it.

    A broken or hostile laptop may send the year 9999; one such record must not stop the list of duties.
    """
    if moment is None or moment.tzinfo is None:
        return None
    if not _FIRST_USABLE <= moment <= _LAST_USABLE:
        return None
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Working days are Monday to Friday without the bank holidays given.

    `first_year` and `last_year` say which years the holidays are complete for (0: not known).
    """

    holidays: frozenset[date]
    first_year: int = 0
    last_year: int = 0
    names: Mapping[date, str] = field(default_factory=dict, compare=False, repr=False)

    def covers(self, day: date) -> bool:
        """Whether the bank holidays of that year are known."""
        return self.first_year <= day.year <= self.last_year

    def is_working_day(self, day: date) -> bool:
        """Whether offices are open: neither weekend nor bank holiday."""
        return day.weekday() < _SATURDAY and day not in self.holidays

    def add_elapsed_hours(self, instant: datetime, hours: int) -> datetime:
        """That many real hours later, whatever the clocks on the wall do."""
        return _aware(instant).astimezone(UTC) + timedelta(hours=hours)

    def add_working_days(self, instant: datetime, days: int, zone: tzinfo = LONDON) -> datetime:
        """The same civil time on the `days`-th working day after the day of `instant`.

        Raises:
            BugError: fewer than one day was asked for.
        """
        if days < 1:
            raise BugError(rule="a period of working days has at least one day.")
        local = _aware(instant).astimezone(zone)
        day = local.date()
        for _ in range(days):
            day += timedelta(days=1)
            while not self.is_working_day(day):
                day += timedelta(days=1)
        return _at_civil_time(day, local.time(), zone)

    def add_calendar_days(self, instant: datetime, days: int, zone: tzinfo = LONDON) -> datetime:
        """The same civil time, that many days later."""
        local = _aware(instant).astimezone(zone)
        return _at_civil_time(local.date() + timedelta(days=days), local.time(), zone)

    def add_calendar_months(
        self, instant: datetime, months: int, anchor_day: int | None = None, *, zone: tzinfo = LONDON
    ) -> datetime:
        """The same civil time, that many months later, on `anchor_day` or the month's last day if it is shorter.

        `anchor_day` defaults to the civil day of `instant`. For a recurring date count every one of them
        from the anchor (`months` = 3, 6, 9 ...), or pass the anchor's day each time.
        """
        local = _aware(instant).astimezone(zone)
        year, month0 = divmod(local.year * 12 + local.month - 1 + months, 12)
        last_day = calendar.monthrange(year, month0 + 1)[1]
        day = min(anchor_day or local.day, last_day)
        return _at_civil_time(date(year, month0 + 1, day), local.time(), zone)

    def end_of_day(self, instant: datetime, zone: tzinfo = LONDON) -> datetime:
        """The last moment of the civil day that `instant` falls on."""
        local = _aware(instant).astimezone(zone)
        midnight = _at_civil_time(local.date() + timedelta(days=1), time(), zone)
        return midnight - _TICK

    def due_after(self, instant: datetime, term: Term, *, zone: tzinfo = LONDON) -> datetime:
        """When `term` has passed since `instant`; days end with their day, hours and months to the minute."""
        if term.unit is TermUnit.ELAPSED_HOURS:
            return self.add_elapsed_hours(instant, term.value)
        if term.unit is TermUnit.CALENDAR_MONTHS:
            return self.add_calendar_months(instant, term.value, zone=zone)
        if term.unit is TermUnit.WORKING_DAYS:
            return self.end_of_day(self.add_working_days(instant, term.value, zone), zone)
        return self.end_of_day(self.add_calendar_days(instant, term.value, zone), zone)


def parse_calendar(text: str) -> WorkingCalendar:
    """Read a list of bank holidays (`resources/policy/holidays-england-wales.json`).

    Raises:
        PolicyPackInvalid: it is not such a list; the sentences name every row.
    """
    top = top_row(text, "the list of bank holidays", formats=1)
    first_year, last_year = top.whole("first_year", most=9_000), top.whole("last_year", most=9_000)
    top.words("region")
    names: dict[date, str] = {}
    for day, name in top.items("days").items():
        try:
            names[date.fromisoformat(day)] = name if isinstance(name, str) and name.strip() else ""
        except ValueError:
            top.noted.add(f"{day!r} in days is not a day such as 2026-12-25")
            continue
        if not names[date.fromisoformat(day)]:
            top.noted.add(f"{day} in days has no name")
    top.nothing_else()
    top.noted.settle()
    years = set(range(first_year, last_year + 1))
    for year in sorted({day.year for day in names} ^ years):
        outside = "lies outside the years it is complete for" if year not in years else "has no bank holidays"
        top.noted.add(f"{year} {outside}")
    top.noted.settle()
    return WorkingCalendar(frozenset(names), first_year, last_year, names)


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise BugError(rule="a moment is always given with its time zone.")
    return instant


def _at_civil_time(day: date, at: time, zone: tzinfo) -> datetime:
    civil = datetime.combine(day, at.replace(tzinfo=None), tzinfo=zone)
    return max(civil.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
