"""Closing a case (4.29, second half): propose, talk it over, explain the appeal, wait, close.

1. Nothing here closes a case. It says what is still missing, and `may_close` is empty when nothing is.
2. The time to appeal is counted in working days and ends with its last day: an appeal in the last second
   is in time.
3. An appeal in time stops closing until somebody who did not propose closing has decided it. If the person was
   right, the case stays open and closing may be proposed again. A new report or incident after the proposal stops it
   too. A new proposal begins all steps anew.
4. If the person cannot be reached, three attempts and then something in writing, all after the proposal,
   stand in for the talk and for explaining the appeal.
5. Where the person harmed has died and nobody speaks for them, there is nobody to talk it over with or to appeal.
6. When two laptops proposed closing apart from each other, the later proposal holds, and an appeal against
   the earlier one after that moment still counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from core.domain.case import SUCCESSFUL_OUTCOMES, Closure
from core.policy.calendar import known
from core.policy.duties import CaseFacts, Setting, others_in_case, to_the_minute
from core.policy.keeps import keeps
from core.policy.people import nobody_left

_IN_WRITING = frozenset({"letter", "email"})
_NEVER = datetime.min.replace(tzinfo=UTC)


class ClosingStep(StrEnum):
    """What has to happen next before a case is closed, in the policy's order."""

    PROPOSE = "propose"
    CONSIDER_NEW_REPORT = "consider-new-report"
    DISCUSS = "discuss"
    EXPLAIN_APPEAL = "explain-appeal"
    START_APPEAL_TIME = "start-appeal-time"
    DECIDE_APPEAL = "decide-appeal"
    WAIT = "wait"
    ANOTHER_CLOSER = "another-closer"


@dataclass(frozen=True, slots=True)
class MissingStep:
    """One thing still to be done before closing, as a sentence to show."""

    step: ClosingStep
    sentence: str


@dataclass(frozen=True, slots=True)
class ClosureNext:
    """Where closing stands. `stage` is one of `domain.case.STAGES`; `missing` is empty once it may be closed.

    `appeal_ends_at` is the last moment of the time to appeal, None while it has not begun.
    """

    stage: str
    missing: tuple[MissingStep, ...]
    appeal_ends_at: datetime | None
    sentence: str


@keeps("4.29", "Where closing stands and what is next", on=("Case file",))
def closure_next(facts: CaseFacts, setting: Setting) -> ClosureNext:
    """Policy 4.29: the stage the records show, and what is needed next, in one sentence."""
    if facts.case.stage == "closed":
        return ClosureNext("closed", (), None, "The case is closed. Policy 4.29.")
    closure = current_closure(facts)
    missing = may_close(facts, setting)
    ends_at = appeal_ends_at(closure, setting) if closure else None
    stage = "open" if closure is None else "appeal-window" if ends_at else "closure-proposed"
    sentence = missing[0].sentence if missing else "Nothing is missing: the case can be closed. Policy 4.29."
    return ClosureNext(stage, missing, ends_at, sentence)


@keeps("4.29", "What closing still needs", on=("Case file",))
def may_close(facts: CaseFacts, setting: Setting, *, closer: bytes = b"") -> tuple[MissingStep, ...]:
    """Policy 4.29: everything still missing before `closer` may close the case; empty when it may be closed.

    With `closer` left empty the question who closes it is not asked.
    """
    closure = current_closure(facts)
    if closure is None:
        return (MissingStep(ClosingStep.PROPOSE, "Propose closing and say why. Policy 4.29."),)
    missing = _new_reports(facts, closure)
    if not nobody_left(facts):
        missing += [*_talk(facts, closure, setting), *_appeal(facts, closure, setting)]
    if setting.pack.closing.closer_is_not_lead and closer and closer == facts.case.lead:
        sentence = "Somebody other than the officer who leads on the case decides to close it. Policy 4.29."
        missing.append(MissingStep(ClosingStep.ANOTHER_CLOSER, sentence))
    return tuple(missing)


def current_closure(facts: CaseFacts) -> Closure | None:
    """The proposal that holds (4.29): the latest one since the case was opened or opened again."""
    reopened_at = known(facts.case.reopened_at) or _NEVER
    proposed = [
        (at, closure.id, closure)
        for closure in facts.closures
        if (at := known(closure.proposed_at)) is not None and at >= reopened_at
    ]
    return max(proposed, key=lambda item: item[:2])[2] if proposed else None


def appeal_ends_at(closure: Closure, setting: Setting) -> datetime | None:
    """Policy 4.29: the last moment at which an appeal is in time; None while the time has not begun.

    It never begins before closing was proposed and talked over, whatever was typed.
    """
    opened_at = known(closure.appeal_opened_at)
    if opened_at is None:
        return None
    earlier = [known(closure.proposed_at), known(closure.discussed_at)]
    start_at = max([opened_at, *(at for at in earlier if at is not None)])
    return setting.due_after(start_at, setting.pack.clocks.appeal.term)


@keeps("4.29", "An appeal in the last second is in time", on=("Case file",))
def appeal_in_time(closure: Closure, setting: Setting) -> bool:
    """Policy 4.29: whether the person has appealed before the time to appeal was over (or before it began)."""
    appealed_at = known(closure.appealed_at)
    ends_at = appeal_ends_at(closure, setting)
    return appealed_at is not None and (ends_at is None or appealed_at <= ends_at)


def _new_reports(facts: CaseFacts, closure: Closure) -> list[MissingStep]:
    proposed_at = known(closure.proposed_at) or _NEVER
    told = [known(report.received_at) or known(report.recorded_at) for report in facts.reports]
    told += [known(incident.happened_at) for incident in facts.incidents]
    if not any(at is not None and at > proposed_at for at in told):
        return []
    sentence = "Something new was reported after closing was proposed. Look at it, then propose closing again."
    return [MissingStep(ClosingStep.CONSIDER_NEW_REPORT, f"{sentence} Policy 4.29.")]


def _talk(facts: CaseFacts, closure: Closure, setting: Setting) -> list[MissingStep]:
    if _tried_to_reach(facts, closure, setting):
        return []
    missing: list[MissingStep] = []
    if setting.happened(closure.discussed_at) is None:
        count = setting.pack.closing.attempts_when_unreachable
        sentence = (
            "Talk it over with the person. If they cannot be reached: "
            f"{count} attempts, then a letter or email by a safe way. Policy 4.29."
        )
        missing.append(MissingStep(ClosingStep.DISCUSS, sentence))
    if not closure.appeal_explained:
        missing.append(MissingStep(ClosingStep.EXPLAIN_APPEAL, "Explain how to appeal. Policy 4.29."))
    return missing


def _appeal(facts: CaseFacts, closure: Closure, setting: Setting) -> list[MissingStep]:
    proposed_at = known(closure.proposed_at) or _NEVER
    for other in facts.closures:
        later = (known(other.appealed_at) or _NEVER) >= proposed_at
        if later and appeal_in_time(other, setting) and not _turned_down(other, setting):
            if other.appeal_upheld and setting.happened(other.appeal_decided_at):
                sentence = "The appeal was upheld, so the case stays open. Propose closing again later. Policy 4.29."
                return [MissingStep(ClosingStep.PROPOSE, sentence)]
            sentence = "The person has appealed. Somebody who did not propose closing decides it. Policy 4.29."
            return [MissingStep(ClosingStep.DECIDE_APPEAL, sentence)]
    ends_at = appeal_ends_at(closure, setting)
    if ends_at is None:
        sentence = f"Start the time to appeal: {setting.pack.clocks.appeal.term}. Policy 4.29."
        return [MissingStep(ClosingStep.START_APPEAL_TIME, sentence)]
    if setting.now <= ends_at:
        sentence = f"The person can appeal until {setting.say(ends_at)}. Policy 4.29."
        return [MissingStep(ClosingStep.WAIT, sentence)]
    return []


def _turned_down(closure: Closure, setting: Setting) -> bool:
    """Whether somebody other than the proposer decided the appeal, and not for the person."""
    decided = setting.happened(closure.appeal_decided_at) is not None and closure.appeal_upheld is False
    return decided and bool(closure.appeal_decided_by) and closure.appeal_decided_by != closure.proposed_by


def _tried_to_reach(facts: CaseFacts, closure: Closure, setting: Setting) -> bool:
    """Rule 4 at the top: enough attempts since the proposal, and something in writing after the last needed one."""
    start = to_the_minute(known(closure.proposed_at) or _NEVER)
    tries: list[datetime] = []
    written: list[datetime] = []
    others = others_in_case(facts, setting)
    for contact in facts.contacts:
        at = setting.happened(contact.at)
        if contact.party in others or at is None or to_the_minute(at) < start or contact.outcome in SUCCESSFUL_OUTCOMES:
            continue
        (written if contact.way in _IN_WRITING else tries).append(at)
    needed = setting.pack.closing.attempts_when_unreachable
    return len(tries) >= needed and any(at >= sorted(tries)[needed - 1] for at in written)
