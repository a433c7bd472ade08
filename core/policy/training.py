"""Who is trained, and whose training has run out (policy 6.6, 7.3). A lapsed training warns and stops nobody."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from core.domain.governance import TrainingDone
from core.policy.calendar import Term, TermUnit, WorkingCalendar
from core.policy.keeps import keeps
from core.policy.pack import PolicyPack, Training

SOON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class TrainingStanding:
    """One person and one training. `done_on` None: never; `until`: the last day it counts."""

    user: bytes
    training: Training
    done_on: date | None
    until: date | None
    lapsed: bool
    soon: bool


@keeps("6.6", "Who is trained, until when, and whose training has run out", on=("Organisation",))
def trainings_now(
    users: Collection[bytes], records: Iterable[TrainingDone], pack: PolicyPack, calendar: WorkingCalendar, on: date
) -> tuple[TrainingStanding, ...]:
    """Policy 6.6: how every person stands with every training of the pack; the latest time it was done counts."""
    latest: dict[tuple[bytes, str], date] = {}
    for one in records:
        if one.done_on is not None and one.done_on <= on:
            key = (one.user, one.training)
            latest[key] = max(latest.get(key, date.min), one.done_on)
    found = []
    for user in sorted(users):
        for training in pack.trainings:
            done = latest.get((user, training.code))
            until = last_day(done, training.valid.term, calendar) if done is not None else None
            lapsed = training.mandatory and (until is None or until < on)
            soon = not lapsed and training.mandatory and until is not None and until - on <= SOON
            found.append(TrainingStanding(user, training, done, until, lapsed, soon))
    return tuple(found)


@keeps("6.6", "A lapsed training warns when a case is given to somebody, and stops nobody", on=("Access", "New report"))
@keeps("7.3", "Whose training is due is said", on=("Today", "Organisation"))
def why_warn(standings: Iterable[TrainingStanding], user: bytes) -> str:
    """Policy 6.6 and 7.3: the sentence when a case comes to somebody whose training has lapsed; empty: none."""
    lapsed = [one for one in standings if one.user == user and one.lapsed]
    if not lapsed:
        return ""
    told = [
        f"{one.training.words} ({f'counted until {_said(one.until)}' if one.until else 'never recorded'})"
        for one in lapsed
    ]
    return f"Training is due: {', '.join(told)}. This does not stop you. Policy 6.6."


def last_day(done_on: date, term: Term, calendar: WorkingCalendar) -> date:
    """The last day something that began on a day counts for."""
    noon = datetime.combine(done_on, time(12), tzinfo=UTC)
    due = calendar.due_after(noon, term, zone=UTC)
    return due.date() - timedelta(days=1) if term.unit is TermUnit.CALENDAR_MONTHS else due.date()


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
