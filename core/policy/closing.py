"""Closing a case (4.29, second half): propose, talk it over, write, wait for an appeal, close.

1. Nothing here closes a case. It says what is still missing, and `may_close` is empty when nothing is.
2. Everybody harmed is talked to and written to (`core/policy/talks.py`), and each has their own time to appeal.
3. An appeal in time stops closing until somebody who did not propose closing has decided it and the person was told.
   If the person was right, the case stays open and closing may be proposed again. A new report or incident after the
   proposal stops it too. A new proposal begins all steps anew, and a proposal can be taken back.
4. When two laptops proposed closing apart from each other, the later proposal holds, and an appeal against
   the earlier one after that moment still counts.
5. Once closed, a case is opened again only as itself. An appeal that was made in time and arrives later still counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.domain.case import Closure
from core.domain.closing import Appeal, Reopening
from core.foundation.ids import RecordId
from core.policy.appeals import in_time, is_decided, keeps_open, last_time_ends_at, was_answered_at
from core.policy.calendar import known
from core.policy.duties import CaseFacts, Duty, DutyKind, Promise, Setting, clocked
from core.policy.keeps import keeps
from core.policy.reports import report_fates
from core.policy.talks import NEVER, Told, name_of, told_of

MALICIOUS_STAYS = "A report found to be malicious is kept with that finding. It is no mistake to delete."
SAY_RETRACTED = "Write down first that the report was taken back, and whether somebody was asked about pressure."
SAY_MALICIOUS = "Write down first what became of the report: the evidence, and who agreed as second person."
FOUND = frozenset({"found", "partly"})


class ClosingStep(StrEnum):
    """What has to happen next before a case is closed, in the policy's order."""

    PROPOSE = "propose"
    CONSIDER_NEW_REPORT = "consider-new-report"
    DISCUSS = "discuss"
    EXPLAIN_APPEAL = "explain-appeal"
    WRITE = "write"
    DECIDE_APPEAL = "decide-appeal"
    ANSWER_APPEAL = "answer-appeal"
    WAIT = "wait"
    ANOTHER_CLOSER = "another-closer"


@dataclass(frozen=True, slots=True)
class MissingStep:
    """One thing still to be done before closing, as a sentence to show. `party`: whom it is about, if one person."""

    step: ClosingStep
    sentence: str
    party: RecordId | None = None


@dataclass(frozen=True, slots=True)
class ClosureNext:
    """Where closing stands. `stage` is one of `domain.case.STAGES`; `missing` is empty once it may be closed.

    `appeal_ends_at` is the last moment of everybody's time to appeal, None while somebody's has not begun.
    """

    stage: str
    missing: tuple[MissingStep, ...]
    appeal_ends_at: datetime | None
    sentence: str


@keeps("4.29", "Where closing stands and what is next", on=("Case file", "Closing"))
def closure_next(facts: CaseFacts, setting: Setting) -> ClosureNext:
    """Policy 4.29: the stage the records show, and what is needed next, in one sentence."""
    if facts.case.stage == "closed":
        waiting = _undecided(facts, setting)
        sentence = "The case is closed. Policy 4.29."
        return ClosureNext("closed", waiting, None, waiting[0].sentence if waiting else sentence)
    closure = current_closure(facts)
    missing = may_close(facts, setting)
    ends_at = last_time_ends_at(facts, closure, setting) if closure else None
    over = closure is None or any(keeps_open(facts, one, setting) for one in _appeals_now(facts, closure))
    stage = "open" if over else "appeal-window" if ends_at else "closure-proposed"
    sentence = missing[0].sentence if missing else "Nothing is missing: the case can be closed. Policy 4.29."
    return ClosureNext(stage, missing, ends_at, sentence)


@keeps("4.29", "What closing still needs", on=("Case file", "Closing"))
def may_close(facts: CaseFacts, setting: Setting, *, closer: bytes = b"") -> tuple[MissingStep, ...]:
    """Policy 4.29: everything still missing before `closer` may close the case; empty when it may be closed.

    With `closer` left empty the question who closes it is not asked.
    """
    closure = current_closure(facts)
    if closure is None:
        return (MissingStep(ClosingStep.PROPOSE, "Propose closing and say why. Policy 4.29."),)
    told = told_of(facts, closure, setting)
    missing = [
        *_new_reports(facts, closure),
        *(step for one in told for step in _telling(facts, one, setting)),
        *_appeal(facts, closure, setting),
    ]
    if setting.pack.closing.closer_is_not_lead and closer and closer == facts.case.lead:
        sentence = "Somebody other than the officer who leads on the case decides to close it. Policy 4.29."
        missing.append(MissingStep(ClosingStep.ANOTHER_CLOSER, sentence))
    return tuple(missing)


def current_closure(facts: CaseFacts) -> Closure | None:
    """The proposal that holds (4.29): the latest since the case was opened (again) that nobody has taken back.

    Taking one back ends every proposal before that moment.
    """
    since_at = max([last_reopened_at(facts) or NEVER, *(known(one.withdrawn_at) or NEVER for one in facts.closures)])
    proposed = [
        (at, closure.id, closure)
        for closure in facts.closures
        if (at := known(closure.proposed_at)) is not None and at >= since_at and known(closure.withdrawn_at) is None
    ]
    return max(proposed, key=lambda item: item[:2])[2] if proposed else None


def last_reopened_at(facts: CaseFacts) -> datetime | None:
    """Policy 4.29: when the same case was last opened again; None if it never was."""
    moments = [known(facts.case.reopened_at), *(known(one.reopened_at) for one in facts.of(Reopening))]
    return max((at for at in moments if at is not None), default=None)


def finding_of(facts: CaseFacts) -> str:
    """Policy 4.29: what was found, by the latest proposal that says so and was not taken back; empty if nothing was."""
    found = [one for one in facts.closures if one.finding and known(one.withdrawn_at) is None]
    latest = max(found, key=lambda one: (known(one.proposed_at) or NEVER, one.id), default=None)
    return latest.finding if latest is not None else ""


@keeps("4.29", "A report found malicious is kept with its finding", on=("Keeping",))
def was_malicious(facts: CaseFacts) -> bool:
    """Policy 4.29: whether a report of the case was found to be malicious. Such a case is kept with that."""
    return any(one.what == "malicious" for one in report_fates(facts).values())


@keeps("4.29", "Closing after a report was taken back or found malicious", on=("Closing",))
def why_not_propose(facts: CaseFacts, *, finding: str, outcome: str) -> dict[str, str]:
    """Policy 4.29: what has to be on the file before closing is proposed with this finding and outcome, by field."""
    fates = {one.what for one in report_fates(facts).values()}
    missing: dict[str, str] = {}
    if finding == "malicious" and "malicious" not in fates:
        missing["finding"] = SAY_MALICIOUS
    if outcome == "taken-back" and "retracted" not in fates:
        missing["outcome"] = SAY_RETRACTED
    return missing


@keeps("4.29", "Each step of closing has its day", on=("Today",))
def closing_duties(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 4.29 about closing: the talk, the letter, and the decision after the time to appeal."""
    return tuple(duty for closure in facts.closures for duty in _duties_of(facts, closure, setting))


def ended_at(facts: CaseFacts, closure: Closure) -> datetime | None:
    """Policy 4.29: when a proposal came to its end: closed, taken back, or followed by another."""
    proposed_at = known(closure.proposed_at) or NEVER
    later = [at for one in facts.closures if (at := known(one.proposed_at)) is not None and at > proposed_at]
    moments = [known(closure.closed_at), known(closure.withdrawn_at), *later]
    return min((at for at in moments if at is not None), default=None)


def _new_reports(facts: CaseFacts, closure: Closure) -> list[MissingStep]:
    proposed_at = known(closure.proposed_at) or NEVER
    told = [known(report.received_at) or known(report.recorded_at) for report in facts.reports]
    told += [known(incident.happened_at) for incident in facts.incidents]
    if not any(at is not None and at > proposed_at for at in told):
        return []
    sentence = "Something new was reported after closing was proposed. Look at it, then propose closing again."
    return [MissingStep(ClosingStep.CONSIDER_NEW_REPORT, f"{sentence} Policy 4.29.")]


def _telling(facts: CaseFacts, told: Told, setting: Setting) -> list[MissingStep]:
    who = name_of(facts, told.party)
    missing: list[MissingStep] = []
    if told.settled_at is None:
        count = setting.pack.closing.attempts_when_unreachable
        sentence = (
            f"Talk it over with {who}. If they cannot be reached: "
            f"{count} attempts, then a letter or email by a safe way. Policy 4.29."
        )
        missing.append(MissingStep(ClosingStep.DISCUSS, sentence, told.party))
    if not told.appeal_explained:
        sentence = f"Explain to {who} how to appeal. Policy 4.29."
        missing.append(MissingStep(ClosingStep.EXPLAIN_APPEAL, sentence, told.party))
    if told.letter_needed and told.letter_at is None:
        sentence = f"Give {who} the letter with the reasons and how to appeal, or say why none is safe. Policy 4.29."
        missing.append(MissingStep(ClosingStep.WRITE, sentence, told.party))
    return missing


def _appeals_now(facts: CaseFacts, closure: Closure) -> tuple[Appeal, ...]:
    """Appeals against this proposal, and those against one before that were made after it."""
    proposed_at = known(closure.proposed_at) or NEVER
    return tuple(
        one
        for one in facts.of(Appeal)
        if one.closure == closure.id or (one.closure is not None and (known(one.made_at) or NEVER) >= proposed_at)
    )


def _appeal(facts: CaseFacts, closure: Closure, setting: Setting) -> list[MissingStep]:
    appeals = _appeals_now(facts, closure)
    if any(keeps_open(facts, one, setting) for one in appeals):
        sentence = "The appeal was right, so the case stays open. Propose closing again later. Policy 4.29."
        return [MissingStep(ClosingStep.PROPOSE, sentence)]
    found: list[MissingStep] = []
    for one in appeals:
        if not is_decided(facts, one, setting):
            if in_time(facts, one, setting):
                found.append(_to_decide(facts, one))
        elif was_answered_at(facts, one, setting) is None:
            who = name_of(facts, one.party)
            sentence = f"Tell {who} in a letter what became of the appeal, and why. Policy 4.29."
            found.append(MissingStep(ClosingStep.ANSWER_APPEAL, sentence, one.party))
    ends_at = last_time_ends_at(facts, closure, setting)
    if ends_at is not None and setting.now <= ends_at:
        sentence = f"The time to appeal runs until {setting.say(ends_at)}. Policy 4.29."
        found.append(MissingStep(ClosingStep.WAIT, sentence))
    return found


def _to_decide(facts: CaseFacts, appeal: Appeal) -> MissingStep:
    who = name_of(facts, appeal.party)
    sentence = f"{who[0].upper()}{who[1:]} has appealed. Somebody who did not propose closing decides it. Policy 4.29."
    return MissingStep(ClosingStep.DECIDE_APPEAL, sentence, appeal.party)


def _undecided(facts: CaseFacts, setting: Setting) -> tuple[MissingStep, ...]:
    """Appeals in time that arrived after the case was closed, since it was last opened again."""
    since_at = last_reopened_at(facts) or NEVER
    return tuple(
        _to_decide(facts, one)
        for one in facts.of(Appeal)
        if one.closure is not None and not is_decided(facts, one, setting) and in_time(facts, one, setting)
        and (known(one.made_at) or NEVER) >= since_at
    )  # fmt: skip


def _duties_of(facts: CaseFacts, closure: Closure, setting: Setting) -> list[Duty]:
    proposed_at = setting.happened(closure.proposed_at)
    if proposed_at is None:
        return []
    told, over_at = told_of(facts, closure, setting), ended_at(facts, closure)
    settled = [one.settled_at for one in told]
    talked_at = max((at for at in settled if at is not None), default=None) if None not in settled else None
    found = [_step(facts, closure, DutyKind.CLOSING_TALK, proposed_at, talked_at, over_at, setting)]
    if talked_at is not None and any(one.letter_needed for one in told):
        letters = [one.letter_at for one in told if one.letter_needed]
        written_at = max((at for at in letters if at is not None), default=None) if None not in letters else None
        found.append(_step(facts, closure, DutyKind.CLOSING_LETTER, talked_at, written_at, over_at, setting))
    ready_at = last_time_ends_at(facts, closure, setting)
    blocked = _new_reports(facts, closure) or any(
        not is_decided(facts, one, setting) for one in _appeals_now(facts, closure)
    )
    if ready_at is not None and setting.now > ready_at and not blocked:
        answered = [at for one in facts.of(Appeal) if (at := was_answered_at(facts, one, setting)) is not None]
        found.append(_step(facts, closure, DutyKind.CLOSING_END, max([ready_at, *answered]), None, over_at, setting))
    return [duty for duty in found if duty is not None]


_STEPS = {
    DutyKind.CLOSING_TALK: ("Talk about closing", "Record the talk", "closing was proposed"),
    DutyKind.CLOSING_LETTER: ("Letter about closing", "Make the letter", "closing was talked over"),
    DutyKind.CLOSING_END: (
        "Decide on closing",
        "Close the case, or take the proposal back",
        "the time to appeal ended",
    ),
}


def _step(
    facts: CaseFacts, closure: Closure, kind: DutyKind, anchor_at: datetime, met_at: datetime | None,
    over_at: datetime | None, setting: Setting,
) -> Duty | None:  # fmt: skip
    """One step of closing within its time. A proposal that ended before the step fell due leaves nothing behind."""
    title, action, what = _STEPS[kind]
    term = setting.pack.terms["closing_step"].term
    due_at = setting.due_after(anchor_at, term)
    remark = ""
    if met_at is None and over_at is not None:
        if over_at <= due_at and kind is not DutyKind.CLOSING_END:
            return None
        met_at, remark = over_at, "" if kind is DutyKind.CLOSING_END else "The proposal ended then without it."
    promise = Promise(
        kind=kind, clause="4.29", case=facts.case.id, subject=closure.id, title=title, action=action,
        anchor_at=anchor_at,
    )  # fmt: skip
    basis = f"{term} from when {what} on {setting.say(anchor_at)}"
    return clocked(promise, setting, due_at=due_at, met_at=met_at, basis=basis, remark=remark)
