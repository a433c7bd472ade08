"""Closing a case: propose, talk it over with each person, take it back, close, open the same case again (4.29)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.domain.case import ENDINGS, FINDINGS, WAYS_OF_CONTACT, Case, Closure
from core.domain.closing import NO_TALK, REOPENED, ClosureTalk, Reopening
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.policy.closing import current_closure, may_close, why_not_propose
from core.policy.duties import CaseFacts
from core.services.casework import StepRecorded
from core.services.closing_stage import facts_of, facts_with, person_of, settle_stage, values_of
from core.services.contents import contents_of
from core.services.forms import Problems
from core.services.telling import Names, Teller, TimelineEntry, entry, label_of
from core.services.workspace import Workspace
from core.store.unit import WriteUnit

CLOSED = "The case is closed already."
NOT_CLOSED = "The case is open."
NOTHING_PROPOSED = "Closing is not proposed any more. Look at the case again."


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalForm:
    """A proposal to close: why, how it ended and what was found."""

    case: RecordId
    reason: str
    outcome: str
    finding: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkForm:
    """The talk with one person, or with `instead` what stands in for it and why. `views`: what they think of it."""

    closure: RecordId
    way: str = ""
    views: str = ""
    person_agrees: bool | None = None
    appeal_explained: bool = False
    instead: str = ""
    instead_because: str = ""
    party: RecordId | None = None


def propose_closing(workspace: Workspace, *, form: ProposalForm) -> StepRecorded:
    """Propose to close; everybody harmed is talked to before anything else (policy 4.29).

    Raises:
        FormIncomplete: no reasons, or the file does not say yet what was found about the report.
    """
    contents = contents_of(workspace, form.case)
    problems = Problems()
    problems.need(contents.case.stage != "closed", "reason", CLOSED)
    problems.need(form.reason.strip(), "reason", "Say why the case should be closed.")
    problems.need(form.outcome in ENDINGS, "outcome", "Choose how it ended.")
    problems.need(form.finding in FINDINGS, "finding", "Choose what was found, or that no finding was made.")
    for field, sentence in why_not_propose(contents, finding=form.finding, outcome=form.outcome).items():
        problems.need(False, field, sentence)
    problems.settle()
    made = {
        "case": form.case, "proposed_at": workspace.parts.clock.now(), "proposed_by": workspace.user,
        "reason": form.reason, "finding": form.finding, "outcome": form.outcome,
    }  # fmt: skip
    with workspace.store.unit("propose-closing") as (unit, outcome):
        record = unit.create(Closure, contents.case.stream, **made)
        settle_stage(unit, workspace, facts_with(contents, Closure, made))
    return StepRecorded(record, outcome.changed)


def discuss_closing(workspace: Workspace, *, form: TalkForm) -> StepRecorded:
    """Closing was talked over with one person, or what stands in for that (policy 4.29).

    Their time to appeal begins once they have the letter as well.

    Raises:
        FormIncomplete: how to appeal was not explained, or nobody said why there was no talk.
    """
    facts = facts_of(workspace, workspace.store.get(Closure, form.closure).case)
    holds = current_closure(facts)
    problems = Problems()
    problems.need(holds is not None and holds.id == form.closure and _is_open(facts), "instead", NOTHING_PROPOSED)
    problems.need(not form.instead or form.instead in NO_TALK, "instead", "Choose from the list.")
    problems.need(form.instead or form.way in WAYS_OF_CONTACT, "way", "Choose how you talked with them.")
    why = "Say why, and how that is known."
    problems.need(not form.instead or form.instead_because.strip(), "instead_because", why)
    explained = form.appeal_explained or form.instead == "moved"
    problems.need(explained, "appeal_explained", "Explain how to appeal before the time to appeal begins.")
    problems.settle()
    made = {
        "case": facts.case.id, "closure": form.closure, "party": person_of(facts, form.party),
        "talked_at": workspace.parts.clock.now(), "talked_by": workspace.user,
        "way": "" if form.instead == "moved" else form.way, "instead": form.instead,
        "instead_because": form.instead_because if form.instead else "", "person_agrees": form.person_agrees,
        "views": form.views, "appeal_explained": form.appeal_explained,
    }  # fmt: skip
    with workspace.store.unit("discuss-closing") as (unit, outcome):
        record = unit.create(ClosureTalk, facts.case.stream, **made)
        settle_stage(unit, workspace, facts_with(facts, ClosureTalk, made))
    return StepRecorded(record, outcome.changed)


def withdraw_closing(workspace: Workspace, *, closure: RecordId, because: str) -> StepRecorded:
    """Take a proposal back: the case goes on. What was said about it stays (policy 4.29).

    Raises:
        FormIncomplete: no reason, or it has come to its end already.
    """
    found = workspace.store.get(Closure, closure)
    facts = facts_of(workspace, found.case)
    problems = Problems()
    problems.need(because.strip(), "because", "Say why the case goes on.")
    problems.need(found.closed_at is None and found.withdrawn_at is None, "because", NOTHING_PROPOSED)
    problems.settle()
    said = {
        "withdrawn_at": workspace.parts.clock.now(), "withdrawn_by": workspace.user, "withdrawn_because": because,
    }  # fmt: skip
    with workspace.store.unit("withdraw-closing") as (unit, outcome):
        unit.update(Closure, closure, **said)
        settle_stage(unit, workspace, facts_with(facts, Closure, values_of(found, **said), record=closure))
    return StepRecorded(closure, outcome.changed)


def close_case(workspace: Workspace, *, case: RecordId) -> StepRecorded:
    """Close a case for which nothing is missing any more (policy 4.29).

    Raises:
        FormIncomplete: something is missing; each missing step is a sentence.
    """
    contents = contents_of(workspace, case)
    if contents.case.stage == "closed":
        raise FormIncomplete(problems={"close": CLOSED})
    now = workspace.parts.clock.now()
    missing = may_close(contents, workspace.setting_of(contents), closer=workspace.user)
    closure = current_closure(contents)
    if missing or closure is None:
        problems: dict[str, str] = {}
        for step in missing:
            problems.setdefault(step.step.value, step.sentence)
        raise FormIncomplete(problems=problems)
    with workspace.store.unit("close-case") as (unit, outcome):
        unit.update(Closure, closure.id, closed_at=now, closed_by=workspace.user)
        unit.update(Case, case, stage="closed", closed_at=now)
    return StepRecorded(closure.id, outcome.changed)


def reopen_case(workspace: Workspace, *, case: RecordId, why: str, reasons: str) -> StepRecorded:
    """Open the same case again: its reviews count from now, and its history goes on (policy 4.29).

    Raises:
        FormIncomplete: it is open, or nobody said why.
    """
    contents = contents_of(workspace, case)
    problems = Problems()
    problems.need(contents.case.stage == "closed", "why", NOT_CLOSED)
    problems.need(why in REOPENED, "why", "Choose why it is opened again.")
    problems.need(reasons.strip(), "reasons", "Write down what happened.")
    problems.settle()
    with workspace.store.unit("reopen-case") as (unit, outcome):
        record = reopen_in(unit, workspace, contents, why=why, reasons=reasons)
    return StepRecorded(record, outcome.changed)


def reopen_in(
    unit: WriteUnit, workspace: Workspace, facts: CaseFacts, *, why: str, reasons: str, appeal: RecordId | None = None
) -> RecordId:
    """Open the same case again as part of something else, such as an appeal that was right."""
    now = workspace.parts.clock.now()
    closure = current_closure(facts)
    record = unit.create(
        Reopening, facts.case.stream, case=facts.case.id, closure=closure.id if closure else None, appeal=appeal,
        reopened_at=now, reopened_by=workspace.user, why=why, reasons=reasons,
    )  # fmt: skip
    unit.update(Case, facts.case.id, stage="open", reopened_at=now)
    return record


def _is_open(facts: CaseFacts) -> bool:
    return facts.case.stage != "closed"


# ------------------------------------------------------------------ the story


def _tell_talk(one: ClosureTalk, names: Names) -> Iterator[TimelineEntry | None]:
    title = f"Closing: {label_of(one, 'instead').lower()}" if one.instead else "Closing talked over"
    body = "\n".join(part for part in (one.views, one.instead_because) if part)
    yield entry(one, one.talked_at, title, names.get(one.talked_by, ""), body, sensitive=True)


def _tell_reopening(one: Reopening, names: Names) -> Iterator[TimelineEntry | None]:
    title = f"Case opened again: {label_of(one, 'why').lower()}"
    yield entry(one, one.reopened_at, title, names.get(one.reopened_by, ""), one.reasons, sensitive=True)


TELLERS: dict[str, Teller] = {ClosureTalk.SPEC.name: _tell_talk, Reopening.SPEC.name: _tell_reopening}
