"""Agencies, referrals, what is shared, meetings, joint work and advice (policy 3.2, 4.13 to 4.19, 4.33)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.agencies import (
    ADVISED,
    AGENCIES,
    BASES,
    FORUMS,
    JOINT,
    MEASURES,
    OUTCOMES,
    SERVICES,
    AdviceSought,
    Agency,
    ForumItem,
    JointWork,
    Referral,
    ReferralAnswer,
    SharedItem,
)
from core.domain.case import Case
from core.foundation.errors import NotAllowed
from core.foundation.ids import RecordId
from core.policy.agencies import directory, is_stale, why_not_panel, why_not_refer, why_not_share
from core.policy.duties import Setting
from core.services.casework import StepRecorded
from core.services.contacts import ways_to_contact
from core.services.forms import Problems
from core.services.roster import roster_in
from core.services.telling import Names, Teller, TimelineEntry, entry, label_of
from core.services.workspace import Workspace
from core.sync.engine.roster import WRITING_ROLES


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One line of the directory. `stale`: nobody made sure for a long while that it exists (policy 4.14)."""

    agency: Agency
    stale: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """On what something is given to others; `words` where the person did not agree."""

    code: str = ""
    words: str = ""

    def check(self, problems: Problems) -> None:
        """Note what is missing before something is given to others (policy 3.2)."""
        missing = why_not_share(self.code if self.code in BASES else "", self.words)
        problems.need(not missing, "basis_words" if self.code in BASES else "basis", missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralForm:
    """What an agency is asked to do for somebody."""

    case: RecordId
    agency: RecordId
    service: str
    reason: str
    basis: Basis
    safe_contact_copied: bool | None = None
    reference: str = ""
    party: RecordId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelForm:
    """One meeting of agencies that had the case on its agenda."""

    case: RecordId
    kind: str
    forum: str
    met_on: date | None
    on_agenda: bool | None
    basis: Basis
    extract: str = ""
    actions: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JointForm:
    """Something done together with another organisation. `shown`: what of the file they saw; nothing unless said."""

    case: RecordId
    kind: str
    with_whom: str
    organisation: str
    done_at: datetime
    ours: str
    shown: str = ""
    basis: Basis = Basis()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceForm:
    """What somebody advised about one measure."""

    case: RecordId
    adviser: str
    about: str
    advised: str
    words: str
    followed: str = ""


def agencies_of(workspace: Workspace) -> tuple[AgencyRow, ...]:
    """The directory, by name, without what exists no longer (policy 4.14)."""
    setting = Setting(workspace.pack, workspace.calendar, workspace.parts.clock.now())
    return tuple(AgencyRow(one, is_stale(one, setting)) for one in directory(workspace.store.select(Agency)))


def list_agency(
    workspace: Workspace, *, name: str, kind: str, area: str = "", contact: str = "", checked: bool | None = None
) -> StepRecorded:
    """Put an agency in the directory. `checked`: somebody made sure today that it exists.

    Raises:
        NotAllowed: this person only reads.
    """
    problems = Problems()
    problems.need(name.strip(), "name", "Name the agency.")
    problems.need(kind in AGENCIES, "kind", "Choose what it is.")
    problems.settle()
    with workspace.store.unit("list-agency") as (unit, outcome):
        if roster_in(unit, workspace).role_of(workspace.user) not in WRITING_ROLES:
            raise NotAllowed()
        record = unit.create(
            Agency, workspace.organisation_stream, name=name.strip(), sort=kind, area=area, contact=contact,
            checked_on=_today(workspace) if checked else None,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def check_agency(workspace: Workspace, *, agency: RecordId, there: bool | None, contact: str = "") -> StepRecorded:
    """Somebody made sure today whether an agency still exists (policy 4.14). Left empty, `contact` stays as it was.

    Raises:
        NotAllowed: this person only reads.
    """
    problems = Problems()
    problems.need(there is not None, "there", "Say whether it still exists.")
    problems.settle()
    with workspace.store.unit("check-agency") as (unit, outcome):
        if roster_in(unit, workspace).role_of(workspace.user) not in WRITING_ROLES:
            raise NotAllowed()
        unit.update(Agency, agency, checked_on=_today(workspace), gone=not there)
        if contact.strip():
            unit.update(Agency, agency, contact=contact)
    return StepRecorded(agency, outcome.changed)


def refer(workspace: Workspace, *, form: ReferralForm) -> StepRecorded:
    """Refer somebody to an agency (policy 4.13, 4.14, 4.19, 4.33).

    Raises:
        FormIncomplete: no basis, or the person has ways that are never to be used and the agency was not told.
    """
    agency = workspace.store.get(Agency, form.agency)
    problems = Problems()
    problems.need(form.service in SERVICES, "service", "Choose what is asked.")
    problems.need(form.reason.strip(), "reason", "Say why.")
    form.basis.check(problems)
    copied = "safe_contact_copied"
    problems.need(form.safe_contact_copied is not None, copied, "Say whether they were told how to reach the person.")
    never = ways_to_contact(workspace, case=form.case, party=form.party).never
    danger = why_not_refer(never=never, copied=form.safe_contact_copied)
    problems.need(not danger, copied, danger)
    problems.settle()
    case = workspace.store.get(Case, form.case)
    with workspace.store.unit("refer") as (unit, outcome):
        record = unit.create(
            Referral, case.stream, case=case.id, party=form.party, agency=agency.id, agency_name=agency.name,
            agency_kind=agency.sort, service=form.service, reason=form.reason, basis=form.basis.code,
            basis_words=form.basis.words, safe_contact_copied=form.safe_contact_copied, reference=form.reference,
            sent_at=workspace.parts.clock.now(), sent_by=workspace.user,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def referral_answered(
    workspace: Workspace, *, referral: RecordId, outcome: str, first_contact_on: date | None = None, note: str = ""
) -> StepRecorded:
    """What became of a referral, beside what was heard before (policy 4.19)."""
    found = workspace.store.get(Referral, referral)
    problems = Problems()
    problems.need(outcome in OUTCOMES, "outcome", "Choose what they said.")
    says_why = outcome not in ("declined", "leak") or note.strip()
    problems.need(says_why, "note", "Write down why, or what came out.")
    not_ahead = first_contact_on is None or first_contact_on <= _today(workspace)
    problems.need(not_ahead, "first_contact_on", "Enter a day that has come already.")
    problems.settle()
    with workspace.store.unit("referral-answered") as (unit, done):
        record = unit.create(
            ReferralAnswer, found.stream, case=found.case, referral=referral, heard_at=workspace.parts.clock.now(),
            outcome=outcome, first_contact_on=first_contact_on, note=note,
        )  # fmt: skip
    return StepRecorded(record, done.changed)


def withdraw_consent(workspace: Workspace, *, referral: RecordId, told_agency: str = "") -> StepRecorded:
    """The person withdrew their agreement after it was sent; what was sent stays on the file (policy 4.19)."""
    found = workspace.store.get(Referral, referral)
    withdrawn_at = found.withdrawn_at or workspace.parts.clock.now()
    with workspace.store.unit("withdraw-consent") as (unit, outcome):
        unit.update(Referral, referral, withdrawn_at=withdrawn_at)
        if told_agency.strip():
            unit.update(Referral, referral, withdrawal_done=told_agency)
    return StepRecorded(referral, outcome.changed)


def share(
    workspace: Workspace, *, case: RecordId, what: str, with_whom: str, basis: Basis, party: RecordId | None = None
) -> StepRecorded:
    """Something of the case was given to somebody outside (policy 3.2)."""
    problems = Problems()
    problems.need(what.strip(), "what", "Write down what was shared.")
    problems.need(with_whom.strip(), "with_whom", "Say with whom.")
    basis.check(problems)
    problems.settle()
    found = workspace.store.get(Case, case)
    with workspace.store.unit("share") as (unit, outcome):
        record = unit.create(
            SharedItem, found.stream, case=case, party=party, what=what, with_whom=with_whom, basis=basis.code,
            basis_words=basis.words, shared_at=workspace.parts.clock.now(), shared_by=workspace.user,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def take_to_panel(workspace: Workspace, *, form: PanelForm) -> StepRecorded:
    """The case was on the agenda of a meeting of agencies (policy 4.15).

    Raises:
        FormIncomplete: it was not on the agenda, or there is no basis.
    """
    problems = Problems()
    problems.need(form.kind in FORUMS, "kind", "Choose what kind of meeting.")
    problems.need(form.forum.strip(), "forum", "Name the meeting.")
    problems.need(form.met_on, "met_on", "Enter the day of the meeting.")
    missing = why_not_panel(on_agenda=True, basis=form.basis.code, basis_words=form.basis.words)
    not_listed = why_not_panel(on_agenda=form.on_agenda, basis="consent", basis_words="")
    problems.need(not not_listed, "on_agenda", not_listed)
    problems.need(not missing, "basis_words" if form.basis.code else "basis", missing)
    problems.settle()
    found = workspace.store.get(Case, form.case)
    with workspace.store.unit("take-to-panel") as (unit, outcome):
        record = unit.create(
            ForumItem, found.stream, case=form.case, sort=form.kind, forum=form.forum, met_on=form.met_on,
            on_agenda=True, extract=form.extract, actions=form.actions, basis=form.basis.code,
            basis_words=form.basis.words, noted_at=workspace.parts.clock.now(), noted_by=workspace.user,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def work_together(workspace: Workspace, *, form: JointForm) -> StepRecorded:
    """A visit, interview or action together with another organisation (policy 4.16).

    Raises:
        FormIncomplete: something of the file was shown to them without a basis.
    """
    problems = Problems()
    problems.need(form.kind in JOINT, "kind", "Choose what was done together.")
    problems.need(form.with_whom.strip(), "with_whom", "Say with whom.")
    problems.need(form.organisation.strip(), "organisation", "Name their organisation.")
    problems.not_in_future(form.done_at, workspace.parts.clock.now(), "done_at")
    problems.need(form.ours.strip(), "ours", "Write a note of your own. Theirs is not kept here.")
    if form.shown.strip():
        form.basis.check(problems)
    problems.settle()
    found = workspace.store.get(Case, form.case)
    basis = form.basis if form.shown.strip() else Basis()
    with workspace.store.unit("work-together") as (unit, outcome):
        record = unit.create(
            JointWork, found.stream, case=form.case, sort=form.kind, with_whom=form.with_whom,
            organisation=form.organisation, done_at=form.done_at, ours=form.ours, shown=form.shown, basis=basis.code,
            basis_words=basis.words, noted_by=workspace.user,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def note_advice(workspace: Workspace, *, form: AdviceForm) -> StepRecorded:
    """What the police or a crime prevention advisor said about one measure (policy 4.18)."""
    problems = Problems()
    problems.need(form.adviser.strip(), "adviser", "Say who advised.")
    problems.need(form.about in MEASURES, "about", "Choose what it is about.")
    problems.need(form.advised in ADVISED, "advised", "Choose what they said.")
    problems.need(form.words.strip(), "words", "Write down what they said.")
    problems.settle()
    found = workspace.store.get(Case, form.case)
    with workspace.store.unit("note-advice") as (unit, outcome):
        record = unit.create(
            AdviceSought, found.stream, case=form.case, adviser=form.adviser, about=form.about, advised=form.advised,
            words=form.words, followed=form.followed, given_at=workspace.parts.clock.now(),
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def _today(workspace: Workspace) -> date:
    return workspace.parts.clock.now().astimezone(workspace.pack.zone).date()


# ------------------------------------------------------------------ the story


def _tell_referral(one: Referral, names: Names) -> Iterator[TimelineEntry | None]:
    yield entry(
        one, one.sent_at, f"Referred to {one.agency_name}", names.get(one.sent_by, ""), one.reason, sensitive=True
    )
    yield entry(one, one.withdrawn_at, "The person withdrew their agreement to a referral", "", one.withdrawal_done)


def _tell_answer(one: ReferralAnswer, names: Names) -> Iterator[TimelineEntry | None]:
    del names
    yield entry(one, one.heard_at, f"Referral: {label_of(one, 'outcome').lower()}", "", one.note, sensitive=True)


def _tell_shared(one: SharedItem, names: Names) -> Iterator[TimelineEntry | None]:
    who = names.get(one.shared_by, "")
    yield entry(one, one.shared_at, f"Shared with {one.with_whom}", who, one.what, sensitive=True)


def _tell_panel(one: ForumItem, names: Names) -> Iterator[TimelineEntry | None]:
    who = names.get(one.noted_by, "")
    yield entry(one, one.noted_at, f"On the agenda: {one.forum}", who, one.actions, sensitive=True)


def _tell_joint(one: JointWork, names: Names) -> Iterator[TimelineEntry | None]:
    title = f"{label_of(one, 'sort')} together with {one.organisation}"
    yield entry(one, one.done_at, title, names.get(one.noted_by, ""), one.ours, sensitive=True)


def _tell_advice(one: AdviceSought, names: Names) -> Iterator[TimelineEntry | None]:
    del names
    yield entry(one, one.given_at, f"Advice: {label_of(one, 'about').lower()}", "", one.words, sensitive=True)


TELLERS: dict[str, Teller] = {
    Referral.SPEC.name: _tell_referral,
    ReferralAnswer.SPEC.name: _tell_answer,
    SharedItem.SPEC.name: _tell_shared,
    ForumItem.SPEC.name: _tell_panel,
    JointWork.SPEC.name: _tell_joint,
    AdviceSought.SPEC.name: _tell_advice,
}
