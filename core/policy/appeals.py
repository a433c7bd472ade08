"""Appeals against closing a case or against a decision on a move: by whom, in time, decided by whom (4.29, 4.22).

1. The time to appeal is counted in working days and ends with its last day. An appeal made in its last second is in
   time, whenever it arrives. Before the time has begun every appeal is in time.
2. Several people may appeal, each in their own time; each appeal is decided by itself.
3. Whoever made the decision does not decide the appeal, nor does the officer who leads on the case. What such a person
   decided counts as not decided.
4. An appeal is answered in a letter with the reasons.
"""

from __future__ import annotations

from datetime import datetime

from core.domain.case import Closure
from core.domain.closing import Appeal
from core.domain.safety import ManagementTransfer
from core.foundation.ids import RecordId
from core.policy.calendar import known
from core.policy.duties import CaseFacts, Duty, DutyKind, Promise, Setting, clocked
from core.policy.keeps import keeps
from core.policy.talks import letters_told, told_of

NOT_BY_PROPOSER = "Somebody who did not propose closing decides the appeal."
NOT_BY_DECIDER = "You made the decision. Somebody else decides the appeal."
NOT_BY_LEAD = "Somebody other than the officer who leads on the case decides the appeal."
NOT_CONNECTED = "You may be connected with somebody in this case. Somebody else decides the appeal."
RIGHT = frozenset({"upheld", "partly"})


def closure_of(facts: CaseFacts, appeal: Appeal) -> Closure | None:
    """Policy 4.29: the proposal an appeal is against; None if it is about something else."""
    return next((one for one in facts.closures if one.id == appeal.closure), None)


def transfer_of(facts: CaseFacts, appeal: Appeal) -> ManagementTransfer | None:
    """Policy 4.22: the decision on a move an appeal is against; None if it is about something else."""
    return next((one for one in facts.of(ManagementTransfer) if one.id == appeal.transfer), None)


def time_ends_at(facts: CaseFacts, closure: Closure, person: RecordId | None, setting: Setting) -> datetime | None:
    """Policy 4.29: the last moment at which this person's appeal is in time; None while their time has not begun."""
    told = next((one for one in told_of(facts, closure, setting) if one.party == person), None)
    whole_at = told.whole_at if told is not None else None
    return setting.due_after(whole_at, setting.pack.clocks.appeal.term) if whole_at is not None else None


def last_time_ends_at(facts: CaseFacts, closure: Closure, setting: Setting) -> datetime | None:
    """Policy 4.29: when the last of everybody's time to appeal ends; None while it has not begun for somebody.

    Where nobody is left who could appeal, it ends when the last reason for that was written down.
    """
    term = setting.pack.clocks.appeal.term
    ends = []
    for told in told_of(facts, closure, setting):
        if told.whole_at is None:
            return None
        ends.append(setting.due_after(told.whole_at, term) if told.may_appeal else told.whole_at)
    return max(ends)


def transfer_time_ends_at(transfer: ManagementTransfer, setting: Setting) -> datetime | None:
    """Policy 4.22: until when an appeal against a decision on a move is in time: as long as one against closing."""
    decided_at = known(transfer.decided_at)
    return setting.due_after(decided_at, setting.pack.clocks.appeal.term) if decided_at is not None else None


@keeps("4.29", "An appeal in the last second is in time", on=("Closing",))
@keeps("4.22", "An appeal against a decision on a move has a time", on=("Closing", "Support"))
def in_time(facts: CaseFacts, appeal: Appeal, setting: Setting) -> bool:
    """Policy 4.29 (and 4.22): whether an appeal was made before the time for it was over, or before it began."""
    made_at = known(appeal.made_at)
    if made_at is None:
        return False
    closure, transfer = closure_of(facts, appeal), transfer_of(facts, appeal)
    ends_at: datetime | None = None
    if closure is not None:
        people = [one.party for one in told_of(facts, closure, setting)]
        person = appeal.party if appeal.party in people else people[0] if len(people) == 1 else appeal.party
        # Somebody who is none of the people told has no time of their own: the last of the others' counts.
        known_person = person in people
        ends_at = (
            time_ends_at(facts, closure, person, setting)
            if known_person
            else last_time_ends_at(facts, closure, setting)
        )
    elif transfer is not None:
        ends_at = transfer_time_ends_at(transfer, setting)
    return ends_at is None or made_at <= ends_at


@keeps("4.29", "Somebody who had no part in it decides the appeal", on=("Closing",))
def why_not_decide(facts: CaseFacts, appeal: Appeal, user: bytes, setting: Setting) -> str:
    """Policy 4.29: why this person may not decide the appeal, as a sentence; empty if they may."""
    closure, transfer = closure_of(facts, appeal), transfer_of(facts, appeal)
    if closure is not None and user == closure.proposed_by:
        return NOT_BY_PROPOSER
    if closure is not None and user == closure.closed_by:
        return NOT_BY_DECIDER
    if transfer is not None and user == transfer.decided_by:
        return NOT_BY_DECIDER
    if setting.pack.closing.decider_is_not_lead and user == facts.case.lead:
        return NOT_BY_LEAD
    return ""


def is_decided(facts: CaseFacts, appeal: Appeal, setting: Setting) -> bool:
    """Policy 4.29: whether it was decided, by somebody who may."""
    made = setting.happened(appeal.decided_at) is not None and bool(appeal.decision) and bool(appeal.decided_by)
    return made and not _was_partial(facts, appeal)


@keeps("4.29", "An appeal that was right opens the same case again", on=("Closing",))
def keeps_open(facts: CaseFacts, appeal: Appeal, setting: Setting) -> bool:
    """Policy 4.29: whether the case stays open, or is opened again, because of this appeal."""
    if appeal.closure is None or not is_decided(facts, appeal, setting):
        return False
    return appeal.decision == "upheld" or (appeal.decision == "partly" and appeal.keep_open is not False)


@keeps("4.29", "An appeal is answered in a letter with reasons", on=("Closing",))
def was_answered_at(facts: CaseFacts, appeal: Appeal, setting: Setting) -> datetime | None:
    """Policy 4.29: when the person was told what became of the appeal, in a letter, or why no letter was safe."""
    decided_at = known(appeal.decided_at)
    if decided_at is None:
        return None
    letters = letters_told(facts, appeal.party, "appeal-outcome", decided_at, setting, about=appeal.id)
    return min((one.at for one in letters if one.at >= decided_at), default=None)


@keeps("4.29", "Appeals are decided and answered by a day", on=("Today",))
def appeal_duties(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 4.29: to decide each appeal, and to tell the person what became of it."""
    return tuple(duty for appeal in facts.of(Appeal) for duty in _duties_of(facts, appeal, setting))


def _duties_of(facts: CaseFacts, appeal: Appeal, setting: Setting) -> list[Duty]:
    made_at = known(appeal.made_at)
    if made_at is None:
        return []
    clause = "4.22" if appeal.transfer is not None else "4.29"
    about = "the decision on a move" if appeal.transfer is not None else "closing"
    decided = is_decided(facts, appeal, setting)
    decided_at = setting.happened(appeal.decided_at) if decided else None
    term = setting.pack.terms["decide_appeal"].term
    promise = Promise(
        kind=DutyKind.APPEAL, clause=clause, case=facts.case.id, subject=appeal.id, title=f"Appeal against {about}",
        action="Decide the appeal", anchor_at=made_at,
    )  # fmt: skip
    remark = "" if in_time(facts, appeal, setting) else "It came after the time to appeal was over."
    due_at = setting.due_after(made_at, term)
    basis = f"{term} from the appeal of {setting.say(made_at)}"
    found = [clocked(promise, setting, due_at=due_at, met_at=decided_at, basis=basis, remark=remark)]
    if decided_at is not None:
        found.append(_letter_duty(facts, appeal, decided_at, clause, setting))
    return found


def _letter_duty(facts: CaseFacts, appeal: Appeal, decided_at: datetime, clause: str, setting: Setting) -> Duty:
    term = setting.pack.terms["tell_outcome"].term
    promise = Promise(
        kind=DutyKind.APPEAL_LETTER, clause=clause, case=facts.case.id, subject=appeal.id,
        title="Answer to an appeal", action="Make the letter", anchor_at=decided_at,
    )  # fmt: skip
    due_at = setting.due_after(decided_at, term)
    basis = f"{term} from the decision of {setting.say(decided_at)}"
    return clocked(promise, setting, due_at=due_at, met_at=was_answered_at(facts, appeal, setting), basis=basis)


def _was_partial(facts: CaseFacts, appeal: Appeal) -> bool:
    """Whether whoever decided it had made the decision themselves.

    The officer who leads is not looked at: the lead may have changed since, and what was rightly decided stays so.
    """
    closure, transfer = closure_of(facts, appeal), transfer_of(facts, appeal)
    if closure is not None and appeal.decided_by == closure.proposed_by:
        return True
    return transfer is not None and appeal.decided_by == transfer.decided_by
