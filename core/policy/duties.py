"""What a duty is, and the facts about one case that duties follow from.

1. A duty follows from records alone: the same records in any order, on any laptop, give the same duties.
2. What was done late stays visible as done late for ever; nothing here can take it away.
3. A moment somebody wrote down as done counts once it has come, give or take what laptop clocks may differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from core.domain.case import (
    AssociationMessage,
    Case,
    Closure,
    Contact,
    Graffiti,
    Incident,
    Judgement,
    Party,
    Perception,
    PoliceRequest,
    Report,
    Review,
    SafeContact,
    Survey,
)
from core.domain.declare import R, Record
from core.domain.letters import LetterRun
from core.foundation.ids import RecordId
from core.policy.calendar import Term, TermUnit, WorkingCalendar, known
from core.policy.pack import PolicyPack
from core.policy.words import say_length, say_moment

CLOCK_TOLERANCE = timedelta(minutes=10)
"""How far two laptops' clocks may differ before anybody is told."""


class DutyKind(StrEnum):
    """What has to be done by a certain time."""

    FIRST_CONTACT = "first-contact"
    GRAFFITI = "graffiti"
    REVIEW = "review"
    SOONER_REVIEW = "sooner-review"
    CLOSING_TALK = "closing-talk"
    CLOSING_LETTER = "closing-letter"
    CLOSING_END = "closing-end"
    LATE_REPORT = "late-report"
    LATE_REPORT_CONTACT = "late-report-contact"
    APPEAL = "appeal"
    APPEAL_LETTER = "appeal-letter"
    SURVEY = "survey"
    SURVEY_REMINDER = "survey-reminder"
    UPDATE = "update"
    POLICE_ANSWER = "police-answer"
    EXPIRY = "expiry"
    CHASE = "chase"
    REFERRAL = "referral"
    STAY = "stay"
    ASK_AGAIN = "ask-again"
    SECOND_PERSON = "second-person"
    SECOND_WAITS = "second-waits"
    SAFEGUARDING = "safeguarding"


class DutyState(StrEnum):
    """How a duty stands. `LATE` is still to be done and past its time; `MET_LATE` ended after it."""

    RUNNING = "running"
    LATE = "late"
    MET = "met"
    MET_LATE = "met-late"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One thing the policy promises by a certain time.

    `subject` is the record it is about (the report, the marked place, the case). `anchor_at` is when its
    clock started; `due_at` is None only when it does not apply. `why` is the sentence to show; `action` is
    what to do, as the words of a button.
    """

    kind: DutyKind
    clause: str
    case: RecordId
    subject: RecordId
    title: str
    anchor_at: datetime
    due_at: datetime | None
    state: DutyState
    met_at: datetime | None
    why: str
    action: str

    @property
    def to_do(self) -> bool:
        """Whether somebody still has to do it."""
        return self.state in (DutyState.RUNNING, DutyState.LATE)

    @property
    def was_late(self) -> bool:
        """Whether its time passed before it was done."""
        return self.state in (DutyState.LATE, DutyState.MET_LATE)

    def at(self, now: datetime) -> Duty:
        """The same duty as it stands at `now`, for a list that is looked at again each minute."""
        if not self.to_do or self.due_at is None:
            return self
        return replace(self, state=DutyState.LATE if now > self.due_at else DutyState.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """One case and all its records that any rule reads. The order within each tuple does not matter."""

    case: Case
    reports: tuple[Report, ...] = ()
    contacts: tuple[Contact, ...] = ()
    graffiti: tuple[Graffiti, ...] = ()
    reviews: tuple[Review, ...] = ()
    closures: tuple[Closure, ...] = ()
    surveys: tuple[Survey, ...] = ()
    safe_contacts: tuple[SafeContact, ...] = ()
    perceptions: tuple[Perception, ...] = ()
    judgements: tuple[Judgement, ...] = ()
    incidents: tuple[Incident, ...] = ()
    parties: tuple[Party, ...] = ()
    police_requests: tuple[PoliceRequest, ...] = ()
    letter_runs: tuple[LetterRun, ...] = ()
    association_messages: tuple[AssociationMessage, ...] = ()
    more: Mapping[str, tuple[Record, ...]] = field(default_factory=dict)
    """Every other record of the case, by the name of its type: see `of`."""

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """The records of one type that have no field of their own above, oldest first."""
        return tuple(record for record in self.more.get(kind.SPEC.name, ()) if isinstance(record, kind))


@dataclass(frozen=True, slots=True)
class Setting:
    """What every rule is given beside the facts: the policy, the calendar and the time."""

    pack: PolicyPack
    calendar: WorkingCalendar
    now: datetime

    def say(self, moment: datetime) -> str:
        """A moment in words."""
        return say_moment(moment, now=self.now, zone=self.pack.zone)

    def due_after(self, anchor_at: datetime, term: Term) -> datetime:
        """When `term` has passed since `anchor_at`, in the policy's civil time."""
        return self.calendar.due_after(anchor_at, term, zone=self.pack.zone)

    def happened(self, moment: datetime | None) -> datetime | None:
        """The moment something was done, if it was set and has come."""
        usable = known(moment)
        return usable if usable is not None and usable <= self.now + CLOCK_TOLERANCE else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """The unchanging half of a duty: who, what, and since when."""

    kind: DutyKind
    clause: str
    case: RecordId
    subject: RecordId
    title: str
    action: str
    anchor_at: datetime


def clocked(
    promise: Promise, setting: Setting, *, due_at: datetime, met_at: datetime | None, basis: str, remark: str = ""
) -> Duty:
    """The duty that follows when `promise` was due at `due_at` and done at `met_at` (None: not yet).

    `basis` says what the time was counted from ("24 hours from the report on Fri 27 Nov, 6:40pm").
    """
    if met_at is None:
        state = DutyState.LATE if setting.now > due_at else DutyState.RUNNING
        opening = f"Due {setting.say(due_at)}: {basis}."
    elif met_at <= due_at:
        state = DutyState.MET
        opening = f"Done {setting.say(met_at)}, in time. It was due {setting.say(due_at)}: {basis}."
    else:
        state = DutyState.MET_LATE
        late_by = say_length(met_at - due_at)
        opening = f"Done {setting.say(met_at)}, {late_by} late. It was due {setting.say(due_at)}: {basis}."
    return _duty(promise, state=state, due_at=due_at, met_at=met_at, why=_joined(opening, remark, promise.clause))


def missed(
    promise: Promise, setting: Setting, *, due_at: datetime, ended_at: datetime, basis: str,
    end: str = "The case was closed",
) -> Duty:  # fmt: skip
    """The duty that was never done and ended late when the case was closed at `ended_at`, or as `end` says."""
    opening = f"Not done. It was due {setting.say(due_at)}: {basis}. {end} {setting.say(ended_at)}."
    why = _joined(opening, "", promise.clause)
    return _duty(promise, state=DutyState.MET_LATE, due_at=due_at, met_at=ended_at, why=why)


def not_applicable(promise: Promise, reason: str) -> Duty:
    """The duty that does not apply, with the reason as a sentence."""
    why = _joined(reason, "", promise.clause)
    return _duty(promise, state=DutyState.NOT_APPLICABLE, due_at=None, met_at=None, why=why)


def counted_from(setting: Setting, *, anchor_at: datetime, due_at: datetime, term: Term, what: str) -> str:
    """ "24 hours from the report on Fri 27 Nov, 6:40pm", and a word when the clocks changed in between."""
    words = f"{term} from {what} {setting.say(anchor_at)}"
    zone = setting.pack.zone
    before, after = anchor_at.astimezone(zone).utcoffset(), due_at.astimezone(zone).utcoffset()
    if term.unit is not TermUnit.ELAPSED_HOURS or before is None or after is None or before == after:
        return words
    return f"{words} (the clocks go {'forward' if after > before else 'back'} in between)"


def to_the_minute(moment: datetime) -> datetime:
    """The minute a moment falls in. People write times to the minute, and so they are compared."""
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def told_at(facts: CaseFacts) -> tuple[datetime, Report | None] | None:
    """When we were first told, and the report that told us; None if nothing says so.

    The earliest report, whenever it was written down. A case opened before any report we have of it (they
    may not have arrived yet) was known of when it was opened; then there is no report to name.
    """
    timed = [(known(report.received_at) or known(report.recorded_at), report) for report in facts.reports]
    usable = [(moment, report.id, report) for moment, report in timed if moment is not None]
    opened_at = known(facts.case.opened_at)
    if not usable:
        return (opened_at, None) if opened_at is not None else None
    moment, _, report = min(usable, key=lambda item: item[:2])
    if opened_at is not None and opened_at < to_the_minute(moment):
        return (opened_at, None)
    return (moment, report)


def others_in_case(facts: CaseFacts, setting: Setting) -> frozenset[RecordId | None]:
    """People in the case who are not those we serve in it (4.24): the one complained about, a witness."""
    serves = setting.pack.contact.counts_with
    return frozenset(party.id for party in facts.parties if party.roles and not party.roles & serves)


def _joined(opening: str, remark: str, clause: str) -> str:
    return " ".join(part for part in (opening, remark, f"Policy {clause}.") if part)


def _duty(promise: Promise, *, state: DutyState, due_at: datetime | None, met_at: datetime | None, why: str) -> Duty:
    return Duty(
        kind=promise.kind,
        clause=promise.clause,
        case=promise.case,
        subject=promise.subject,
        title=promise.title,
        anchor_at=promise.anchor_at,
        due_at=due_at,
        state=state,
        met_at=met_at,
        why=why,
        action=promise.action,
    )
