"""The second person of a decision says their own word, on their own laptop (policy 3.3, 4.3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from core.domain.case import Case, Judgement
from core.domain.intake import ReportFate
from core.domain.risk import RiskAssessment
from core.domain.second_person import SecondOpinion
from core.foundation.errors import NotFound
from core.foundation.ids import RecordId, UserId
from core.policy.definition import handling_now, judgements_agreed
from core.policy.duties import CaseFacts, Duty, DutyKind
from core.policy.second_asked import SecondAsked, seconds_asked
from core.services.access import names_of
from core.services.casework import StepRecorded
from core.services.closing_stage import facts_with
from core.services.contents import contents_of
from core.services.forms import Problems
from core.services.telling import Names, Teller, TimelineEntry, entry
from core.services.workspace import Workspace

NOT_YOURS = "{name} is asked, and says it on their own laptop."


def answer_as_second(
    workspace: Workspace, *, decision: RecordId, agrees: bool | None, reasons: str = ""
) -> StepRecorded:
    """Agree with a decision as its second person, or say why not. It counts from now on (policy 3.3, 4.3).

    Raises:
        FormIncomplete: somebody else is asked, nothing was said, or not why not.
        NotFound: there is no such decision here.
    """
    store = workspace.store
    made = store.find(RiskAssessment, decision) or store.find(ReportFate, decision) or store.find(Judgement, decision)
    if made is None or made.case is None:
        raise NotFound(what="decision")
    contents = contents_of(workspace, made.case)
    asked = next((one for one in seconds_asked(contents) if one.decision == decision), None)
    problems = Problems()
    waits = asked is not None and asked.said_at is None
    problems.need(waits, "decision", "This does not wait for a second person any more.")
    second = asked.second if asked else workspace.user
    name = names_of(workspace).get(UserId(second), "") or "A colleague"
    problems.need(second == workspace.user, "decision", NOT_YOURS.format(name=name))
    problems.need(agrees is not None, "agrees", "Say whether you agree.")
    problems.need(agrees is not False or reasons.strip(), "reasons", "Say why you do not agree.")
    problems.settle()
    said = {
        "case": made.case, "about": decision, "agrees": agrees, "reasons": reasons.strip(),
        "said_at": workspace.parts.clock.now(), "said_by": workspace.user,
    }  # fmt: skip
    with store.unit("answer-as-second") as (unit, outcome):
        record = unit.create(SecondOpinion, made.stream, **said)
        if isinstance(made, Judgement):
            after = facts_with(contents, SecondOpinion, said)
            counts = judgements_agreed(after, workspace.pack)
            unit.update(Case, made.case, handling=handling_now(after.perceptions, counts, workspace.pack))
    return StepRecorded(record, outcome.changed)


def as_seen_here(workspace: Workspace, facts: CaseFacts, duties: tuple[Duty, ...]) -> tuple[Duty, ...]:
    """The duties as this person sees them: who is asked may press a button, for everybody else it is waited for."""
    if not any(duty.kind is DutyKind.SECOND_PERSON and duty.to_do for duty in duties):
        return duties
    asked: Mapping[bytes, SecondAsked] = {one.decision: one for one in seconds_asked(facts)}
    names = names_of(workspace)
    return tuple(_seen(duty, asked[duty.subject], names, workspace.user) if _waits(duty) else duty for duty in duties)


def is_for_today(workspace: Workspace, facts: CaseFacts, duty: Duty) -> bool:
    """Whether a duty stands on Today here: one that waits for somebody else only where it was decided."""
    if duty.kind is not DutyKind.SECOND_WAITS:
        return True
    return any(one.decision == duty.subject and one.decided_by == workspace.user for one in seconds_asked(facts))


def _waits(duty: Duty) -> bool:
    return duty.kind is DutyKind.SECOND_PERSON and duty.to_do


def _seen(duty: Duty, asked: SecondAsked, names: Mapping[UserId, str], user: bytes) -> Duty:
    if asked.second == user:
        return replace(duty, title=f"You are asked as second person: {asked.what}")
    name = names.get(UserId(asked.second), "") or "a colleague"
    return replace(duty, kind=DutyKind.SECOND_WAITS, title=f"Waits for {name}: {asked.what}", action="Open the file")


# ------------------------------------------------------------------ the story


def _tell(one: SecondOpinion, names: Names) -> Iterator[TimelineEntry | None]:
    title = "Second person agreed" if one.agrees else "Second person did not agree"
    yield entry(one, one.said_at, title, names.get(one.said_by, ""), one.reasons, sensitive=True)


TELLERS: dict[str, Teller] = {SecondOpinion.SPEC.name: _tell}
