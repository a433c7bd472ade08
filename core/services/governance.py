"""Offices, training, copies of the policy, its consultations and reviews, prevention (policy 1.3, 3.2, 6.4 to 9.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.domain.changed import Changed
from core.domain.estate import FORMATS
from core.domain.governance import (
    POLICY_EVENTS,
    PREVENTION,
    OfficeHeld,
    PolicyCopy,
    PolicyEvent,
    Prevention,
    TrainingDone,
)
from core.foundation.errors import NotAllowed
from core.foundation.ids import RecordId, UserId
from core.services.forms import Problems
from core.services.roster import roster_in
from core.services.workspace import Workspace
from core.store.unit import WriteUnit
from core.sync.engine.roster import WRITING_ROLES


@dataclass(frozen=True, slots=True)
class Kept:
    """The record that was written."""

    record: RecordId
    changed: Changed


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyForm:
    """Somebody asked for the policy."""

    asked_by: str
    asked_on: date | None
    format: str
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenForm:
    """What became of a copy: sent to be made by somebody else, or given."""

    copy: RecordId
    outsourced_to: str = ""
    outsourced_on: date | None = None
    given_on: date | None = None
    given_how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventForm:
    """A consultation, a review or an approval of the policy."""

    sort: str
    held_on: date | None
    with_whom: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PreventionForm:
    """Something done in an area."""

    sort: str
    area: str
    done_on: date | None
    words: str
    people: int | None = None


def give_office(
    workspace: Workspace, *, office: str, since: date | None, user: UserId | None = None, name: str = ""
) -> Kept:
    """Somebody holds an office from a day on (policy 7.1 to 7.3): a colleague, or by name somebody without a workbook.

    Raises:
        FormIncomplete: no office, nobody, or no day.
        NotAllowed: only an administrator may.
    """
    problems = Problems()
    problems.need(office in {one.code for one in workspace.pack.offices}, "office", "Choose the office.")
    problems.need(user is not None or name.strip(), "user", "Choose a colleague, or enter a name.")
    problems.need(since, "since", "Enter the day from which they hold it.")
    problems.settle()
    with workspace.store.unit("give-office") as (unit, outcome):
        _administrator(unit, workspace)
        record = unit.create(
            OfficeHeld, workspace.organisation_stream, office=office, user=user or b"",
            name="" if user is not None else name.strip(), since=since, noted_at=workspace.parts.clock.now(),
            noted_by=workspace.user,
        )  # fmt: skip
    return Kept(record, outcome.changed)


def leave_office(workspace: Workspace, *, held: RecordId, until: date | None) -> Kept:
    """Somebody held an office until a day. That they held it stays on record.

    Raises:
        FormIncomplete: no day, or one before they began.
        NotAllowed: only an administrator may.
    """
    found = workspace.store.get(OfficeHeld, held)
    problems = Problems()
    problems.need(until, "until", "Enter the last day on which they held it.")
    in_order = until is None or found.since is None or until >= found.since
    problems.need(in_order, "until", "That is before they began.")
    problems.settle()
    with workspace.store.unit("leave-office") as (unit, outcome):
        _administrator(unit, workspace)
        unit.update(OfficeHeld, held, until=until)
    return Kept(held, outcome.changed)


def note_training(
    workspace: Workspace, *, user: UserId | None, training: str, done_on: date | None, given_by: str = ""
) -> Kept:
    """A colleague did a training (policy 6.6).

    Raises:
        FormIncomplete: nobody, no training, no day, or one ahead.
        NotAllowed: this person only reads.
    """
    problems = Problems()
    problems.need(user is not None, "user", "Choose who did it.")
    problems.need(training in {one.code for one in workspace.pack.trainings}, "training", "Choose which training.")
    _past_day(problems, workspace, done_on, "done_on")
    problems.settle()
    return _keep(workspace, "note-training", TrainingDone, user=user, training=training, done_on=done_on,
                 given_by=given_by, noted_at=workspace.parts.clock.now())  # fmt: skip


def ask_for_copy(workspace: Workspace, *, form: CopyForm) -> Kept:
    """Somebody asked for a copy of the policy (policy 6.4, 6.5).

    Raises:
        FormIncomplete: nobody, no format, no day.
        NotAllowed: this person only reads.
    """
    problems = Problems()
    problems.need(form.asked_by.strip(), "asked_by", "Say who asked.")
    problems.need(form.format in FORMATS, "format", "Choose the format.")
    _past_day(problems, workspace, form.asked_on, "asked_on")
    problems.settle()
    return _keep(workspace, "ask-for-copy", PolicyCopy, asked_by=form.asked_by.strip(), asked_on=form.asked_on,
                 format=form.format, language=form.language.strip() or "en")  # fmt: skip


def copy_given(workspace: Workspace, *, form: GivenForm) -> Kept:
    """A copy was sent to be made by somebody else, or was given (policy 6.4, 6.5).

    Raises:
        FormIncomplete: neither; or a day that is ahead or before it was asked for.
        NotAllowed: this person only reads.
    """
    found = workspace.store.get(PolicyCopy, form.copy)
    problems = Problems()
    something = form.given_on or form.outsourced_to.strip()
    problems.need(something, "given_on", "Enter the day it was given, or who makes it.")
    for name, day in (("given_on", form.given_on), ("outsourced_on", form.outsourced_on)):
        problems.need(day is None or day <= workspace.today, name, "Enter a day that has come already.")
        early = day is not None and found.asked_on is not None and day < found.asked_on
        problems.need(not early, name, "That is before it was asked for.")
    problems.settle()
    values = {name: value for name, value in (
        ("outsourced_to", form.outsourced_to.strip()), ("outsourced_on", form.outsourced_on),
        ("given_on", form.given_on), ("given_how", form.given_how.strip()),
    ) if value}  # fmt: skip
    if form.outsourced_to.strip() and form.outsourced_on is None and found.outsourced_on is None:
        values["outsourced_on"] = workspace.today
    with workspace.store.unit("copy-given") as (unit, outcome):
        _writer(unit, workspace)
        unit.update(PolicyCopy, form.copy, **values)
    return Kept(form.copy, outcome.changed)


def note_policy_event(workspace: Workspace, *, form: EventForm) -> Kept:
    """A consultation with residents, a review or an approval of the policy (policy 8.1, 9.1).

    Raises:
        FormIncomplete: what, when, with whom or what came of it is missing.
        NotAllowed: this person only reads.
    """
    problems = Problems()
    problems.need(form.sort in POLICY_EVENTS, "sort", "Choose what it was.")
    _past_day(problems, workspace, form.held_on, "held_on")
    problems.need(form.with_whom.strip(), "with_whom", "Say who took part.")
    problems.need(form.words.strip(), "words", "Write down what came of it, also that nothing changes.")
    problems.settle()
    return _keep(workspace, "note-policy-event", PolicyEvent, sort=form.sort, held_on=form.held_on,
                 with_whom=form.with_whom.strip(), words=form.words, noted_at=workspace.parts.clock.now())  # fmt: skip


def note_prevention(workspace: Workspace, *, form: PreventionForm) -> Kept:
    """Something was done in an area to prevent harassment, or to support tenancies (policy 1.3, 3.2).

    Raises:
        FormIncomplete: what, where, when or the words are missing.
        NotAllowed: this person only reads.
    """
    problems = Problems()
    problems.need(form.sort in PREVENTION, "sort", "Choose what was done.")
    problems.need(form.area.strip(), "area", "Say in which area.")
    _past_day(problems, workspace, form.done_on, "done_on")
    problems.need(form.words.strip(), "words", "Write down what was done. Name nobody from a case.")
    problems.need(form.people is None or 0 <= form.people <= 10_000, "people", "Enter how many came, up to 10,000.")
    problems.settle()
    return _keep(workspace, "note-prevention", Prevention, sort=form.sort, area=form.area.strip(),
                 done_on=form.done_on, people=form.people, words=form.words,
                 noted_at=workspace.parts.clock.now())  # fmt: skip


def _keep(workspace: Workspace, cause: str, kind: type, **values: object) -> Kept:
    with workspace.store.unit(cause) as (unit, outcome):
        _writer(unit, workspace)
        record = unit.create(kind, workspace.organisation_stream, noted_by=workspace.user, **values)
    return Kept(record, outcome.changed)


def _past_day(problems: Problems, workspace: Workspace, day: date | None, field: str) -> None:
    problems.need(day, field, "Enter a day.")
    problems.need(day is None or day <= workspace.today, field, "Enter a day that has come already.")


def _writer(unit: WriteUnit, workspace: Workspace) -> None:
    if roster_in(unit, workspace).role_of(workspace.user) not in WRITING_ROLES:
        raise NotAllowed()


def _administrator(unit: WriteUnit, workspace: Workspace) -> None:
    if not roster_in(unit, workspace).is_administrator(workspace.user):
        raise NotAllowed()
