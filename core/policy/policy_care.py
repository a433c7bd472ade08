"""Care of the policy itself: copies on request, consultation, yearly review, prevention.

Policy 1.3, 3.1, 3.2, 6.4, 6.5, 8.1, 9.1.

The policy names three different rhythms for its own review. All three are shown with their dates; none is chosen.
"""

from __future__ import annotations

import calendar as months
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.estate import FORMATS
from core.domain.governance import PolicyCopy, PolicyEvent, Prevention
from core.policy.calendar import Term, WorkingCalendar
from core.policy.keeps import keeps
from core.policy.pack import PolicyPack
from core.policy.training import last_day

SOON = timedelta(days=60)
FOOTER = "footer"
"""Where the third date stands: at the foot of the policy itself."""
MADE_HERE = frozenset({"standard", "large-print", "plain-text"})
PREVENTION_MONTHS = 12


@dataclass(frozen=True, slots=True)
class PolicyDate:
    """One of the three dates. `where` it stands in the policy; `last` None: never; `due_on` the last day in time."""

    where: str
    what: str
    last: date | None
    last_words: str
    due_on: date
    late: bool
    soon: bool


@dataclass(frozen=True, slots=True)
class CopyStanding:
    """One copy somebody asked for. `due_on` None: it cannot be worked out."""

    copy: PolicyCopy
    due_on: date | None
    late: bool
    made_elsewhere: bool


@dataclass(frozen=True, slots=True)
class AreaPrevention:
    """What was done in one area."""

    area: str
    last: date | None
    count: int
    lapsed: bool


@keeps("8.1", "The review together with residents, every two years", on=("Organisation",))
def consultation_due(
    events: Iterable[PolicyEvent], pack: PolicyPack, calendar: WorkingCalendar, on: date
) -> PolicyDate:
    """Policy 8.1: the next review in consultation with residents."""
    return _rhythm(
        "8.1", "Review together with residents", "consultation", "policy_consultation", events, pack, calendar, on
    )


@keeps("9.1", "The yearly review", on=("Organisation",))
def review_due(events: Iterable[PolicyEvent], pack: PolicyPack, calendar: WorkingCalendar, on: date) -> PolicyDate:
    """Policy 9.1: the next yearly review for new law and better practice."""
    return _rhythm("9.1", "Yearly review", "review", "policy_review", events, pack, calendar, on)


@keeps("9.1", "The date at the foot of the policy", on=("Organisation",))
def footer_due(pack: PolicyPack, on: date) -> PolicyDate:
    """Policy 9.1: the date of the next review that stands at the foot of the policy itself."""
    due = _last_of_month(pack.identity.next_review)
    words = f"approved {pack.identity.approved}"
    return _dated(FOOTER, "Next review, at the foot of the policy", month_of(pack.identity.reviewed), words, due, on)


@keeps("8.1", "All three dates side by side, and that they contradict each other", on=("Today", "Organisation"))
def policy_dates(
    events: Iterable[PolicyEvent], pack: PolicyPack, calendar: WorkingCalendar, on: date
) -> tuple[PolicyDate, ...]:
    """Policy 8.1 and 9.1: all three, side by side. They contradict each other and none is left out."""
    held = tuple(events)
    return (consultation_due(held, pack, calendar, on), review_due(held, pack, calendar, on), footer_due(pack, on))


def care_reminders(
    events: Iterable[PolicyEvent], pack: PolicyPack, calendar: WorkingCalendar, on: date
) -> tuple[str, ...]:
    """Policy 8.1 and 9.1: what to remind of.

    Where no review was ever written down, the dates are those of the policy as it was handed over, and whoever begins
    with the program has missed none of them: one sentence says since when, and who decides.
    """
    dates = [one for one in policy_dates(events, pack, calendar, on) if one.where != FOOTER]
    told = [one for one in dates if one.late or one.soon]
    if told and not any(one.last for one in dates):
        since = f"The policy was last reviewed in {pack.identity.reviewed}, as far as is written down here."
        return (f"{since} When it is reviewed next is for the committee to decide.",)
    return tuple(f"{one.what} {'was due' if one.late else 'is due'} by {_said(one.due_on)}." for one in told)


@keeps("6.4", "A copy asked for is given in time", on=("Today", "Organisation"))
def copies_to_give(
    copies: Iterable[PolicyCopy], pack: PolicyPack, calendar: WorkingCalendar, on: date
) -> tuple[CopyStanding, ...]:
    """Policy 6.4: copies asked for and not given yet, the longest due first."""
    found = [copy_standing(copy, pack, calendar, on) for copy in copies if copy.given_on is None]
    return tuple(sorted(found, key=lambda one: (one.due_on or date.max, one.copy.id)))


@keeps("6.5", "What has to be made by somebody else: Braille, audio, another language", on=("Organisation",))
def copy_standing(copy: PolicyCopy, pack: PolicyPack, calendar: WorkingCalendar, on: date) -> CopyStanding:
    """Policy 6.4 and 6.5: by when one copy is to be given, and whether somebody else has to make it."""
    due = due_day(copy.asked_on, pack.terms["policy_copy"].term, calendar) if copy.asked_on else None
    elsewhere = copy.format not in MADE_HERE or not copy.language.casefold().startswith("en")
    return CopyStanding(copy, due, copy.given_on is None and due is not None and due < on, elsewhere)


@keeps("6.5", "The usual print is refused for whoever needs another format", on=("Plan", "Action"))
def why_not_standard(*, format_needed: str, format_chosen: str, language: str = "en") -> str:
    """Policy 6.5: why a letter in this format is not for a person with that need; empty: it may be.

    A need that is written down is never passed over by the usual print; any other format is for the officer to choose.
    """
    if format_chosen not in ("", "standard"):
        return ""
    if format_needed.strip() and format_needed != "standard":
        needed = FORMATS.get(format_needed, format_needed)
        return f"This person needs another format: {needed[:1].lower()}{needed[1:]}. Choose that one."
    if language.strip() and not language.casefold().startswith("en"):
        return "This person reads another language. Choose a translation, or another format."
    return ""


@keeps("1.3", "What was done to prevent harassment, area by area", on=("Organisation",))
@keeps("3.1", "The same purpose as in 1.3", on=("Organisation",))
@keeps("3.2", "An area where nothing was done for a year is said", on=("Organisation",))
def prevention_by_area(records: Iterable[Prevention], on: date) -> tuple[AreaPrevention, ...]:
    """Policy 1.3, 3.1 and 3.2: what was done to prevent harassment, area by area; `lapsed`: nothing for a year."""
    held = tuple(record for record in records if record.done_on is None or record.done_on <= on)
    last: dict[str, date | None] = {}
    for record in held:
        before = last.get(record.area)
        last[record.area] = max((day for day in (before, record.done_on) if day is not None), default=None)
    counts = Counter(record.area for record in held)
    back = PREVENTION_MONTHS * 31
    return tuple(
        AreaPrevention(area, day, counts[area], day is None or (on - day).days > back)
        for area, day in sorted(last.items(), key=lambda pair: (pair[1] or date.min, pair[0].casefold()))
    )


def due_day(asked_on: date, term: Term, calendar: WorkingCalendar) -> date:
    """The last day on which something asked for on a day is in time."""
    return last_day(asked_on, term, calendar)


def month_of(words: str) -> date | None:
    """The first day of a month such as "November 2012"; None if it is none."""
    name, _, year = words.partition(" ")
    names = {month.casefold(): number for number, month in enumerate(_MONTHS, start=1)}
    number = names.get(name.casefold())
    return date(int(year), number, 1) if number and year.isdecimal() and 1900 <= int(year) < 9000 else None


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def _rhythm(  # what the two rhythms share, by name
    where: str, what: str, sort: str, term: str, events: Iterable[PolicyEvent], pack: PolicyPack,
    calendar: WorkingCalendar, on: date,
) -> PolicyDate:  # fmt: skip
    held = [event.held_on for event in events if event.sort == sort and event.held_on and event.held_on <= on]
    last = max(held, default=None)
    begun = last or month_of(pack.identity.reviewed) or on
    words = _said(last) if last else f"none is written down; counted from {pack.identity.reviewed}"
    return _dated(where, what, last, words, last_day(begun, pack.terms[term].term, calendar), on)


def _dated(where: str, what: str, last: date | None, words: str, due: date, on: date) -> PolicyDate:
    late = due < on
    return PolicyDate(where, what, last, words, due, late, not late and due - on <= SOON)


def _last_of_month(words: str) -> date:
    first = month_of(words) or date.max.replace(day=1)
    return first.replace(day=months.monthrange(first.year, first.month)[1])


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
