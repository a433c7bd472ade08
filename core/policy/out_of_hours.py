"""Who holds the out-of-hours phone, night by night, and who answered a call outside office hours (policy 4.24).

The 24 hours of first contact run through nights, weekends and bank holidays, so somebody must be there then. A night is
named by the day it begins on: it begins when the office shuts, or on a day it stays shut when it would have opened, and
ends when it would open the day after.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core.domain.case import Report
from core.domain.governance import OnCallShift
from core.policy.calendar import WorkingCalendar, known
from core.policy.keeps import keeps
from core.policy.pack import PolicyPack

ONE_DAY = timedelta(days=1)
CALLED = frozenset({"phone", "text"})
"""How somebody is told outside office hours by whoever holds the phone."""


@dataclass(frozen=True, slots=True)
class Night:
    """One night. `shift` None: nobody holds the phone."""

    day: date
    begins_at: datetime
    ends_at: datetime
    shift: OnCallShift | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Nights in a row on which nobody holds the phone, by their days."""

    first: date
    last: date

    @property
    def nights(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


def night_of(at: datetime, pack: PolicyPack, calendar: WorkingCalendar) -> date | None:
    """The night a moment lies in, by its day; None while the office is open."""
    local = at.astimezone(pack.zone)
    hours = pack.office_hours
    if local.time() < hours.opens:
        return local.date() - ONE_DAY
    is_open = calendar.is_working_day(local.date()) and local.time() < hours.shuts
    return None if is_open else local.date()


@keeps("4.24", "Who holds the out-of-hours phone on each night, also without a connection", on=("Organisation",))
def rota(
    shifts: Iterable[OnCallShift], pack: PolicyPack, calendar: WorkingCalendar, first: date, nights: int
) -> tuple[Night, ...]:
    """Policy 4.24: the nights from a day on, each with the shift that holds; the one written down last does."""
    held = sorted((one for one in shifts if one.taken_off_at is None), key=_written)
    return tuple(_night(held, pack, calendar, first + ONE_DAY * place) for place in range(nights))


@keeps("4.24", "A night on which nobody holds the out-of-hours phone is said", on=("Organisation", "Today"))
def gaps(nights: Iterable[Night]) -> tuple[Gap, ...]:
    """Policy 4.24: the nights nobody holds the phone, those in a row together."""
    found: list[Gap] = []
    for night in nights:
        if night.shift is not None:
            continue
        if found and found[-1].last + ONE_DAY == night.day:
            found[-1] = Gap(found[-1].first, night.day)
        else:
            found.append(Gap(night.day, night.day))
    return tuple(found)


@keeps("4.24", "Who holds the phone tonight is seen where a report is taken", on=("Today", "New report"))
def tonight(shifts: Iterable[OnCallShift], pack: PolicyPack, calendar: WorkingCalendar, at: datetime) -> Night:
    """Policy 4.24: the night a moment lies in, or the one that begins next where the office is open."""
    day = night_of(at, pack, calendar)
    return rota(shifts, pack, calendar, at.astimezone(pack.zone).date() if day is None else day, 1)[0]


@keeps("4.24", "A report taken out of hours says who answered", on=("New report", "Case file"))
def who_answered(report: Report, pack: PolicyPack, calendar: WorkingCalendar, recorder: str) -> str:
    """Policy 4.24: who answered a call or message outside office hours; empty for any other report.

    Where nobody else is named it was whoever wrote it down (`recorder`).
    """
    at = known(report.received_at)
    if at is None or report.channel not in CALLED or night_of(at, pack, calendar) is None:
        return ""
    return report.answered_by.strip() or recorder or "somebody who is not named"


def _night(held: list[OnCallShift], pack: PolicyPack, calendar: WorkingCalendar, day: date) -> Night:
    hours = pack.office_hours
    begins = hours.shuts if calendar.is_working_day(day) else hours.opens
    mine = [one for one in held if one.from_on and one.until_on and one.from_on <= day <= one.until_on]
    shift = mine[-1] if mine else None
    return Night(day, _moment(day, begins, pack), _moment(day + ONE_DAY, hours.opens, pack), shift)


def _moment(day: date, at: time, pack: PolicyPack) -> datetime:
    return datetime.combine(day, at, tzinfo=pack.zone).astimezone(UTC)


def _written(one: OnCallShift) -> tuple[datetime, bytes]:
    return known(one.noted_at) or datetime.min.replace(tzinfo=UTC), one.id
