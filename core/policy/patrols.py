"""Asking the police to be seen more, and asking again while they do not answer (4.11).

1. From the asking, and then from each asking again, an answer is looked for within the time of the pack.
2. An answer ends it. Asking again in time keeps it, and the time begins anew; asking again late stays visible as late.
3. Nothing is chased once the case is closed; what was missed before stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from core.domain.case import PoliceRequest
from core.domain.doors import PoliceChase
from core.policy.calendar import known
from core.policy.duties import CaseFacts, Duty, DutyKind, Promise, Setting, clocked, missed
from core.policy.keeps import keeps
from core.policy.review import open_spells


@keeps("4.11", "The police answer in time, or are asked again", on=("Today", "Area"))
def police_answers(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 4.11: for each request an answer, or asking again, in time. Chases kept are left out."""
    spells = open_spells(facts)
    ended_at = spells[-1].end_at if spells else None
    requests = sorted(facts.police_requests, key=lambda one: one.id)
    return tuple(duty for request in requests for duty in _answers_to(facts, setting, request, ended_at))


def is_answered(request: PoliceRequest) -> bool:
    """Policy 4.11: whether the police answered a request."""
    return known(request.replied_at) is not None or bool(request.reply.strip())


def _answers_to(
    facts: CaseFacts, setting: Setting, request: PoliceRequest, ended_at: datetime | None
) -> Iterator[Duty]:
    anchor_at = setting.happened(request.asked_at)
    if anchor_at is None:
        return
    term = setting.pack.terms["police_answer"].term
    replied_at = setting.happened(request.replied_at)
    if replied_at is None and is_answered(request):
        return  # an answer without a time: nothing to chase, and nothing to say about how long it took
    chased = [setting.happened(one.at) for one in facts.of(PoliceChase) if one.request == request.id]
    begun_at = anchor_at
    steps = sorted(at for at in chased if at is not None and at > begun_at and (replied_at is None or at < replied_at))
    for met_at in (*steps, replied_at):
        due_at = setting.due_after(anchor_at, term)
        what = "the request of" if anchor_at == begun_at else "asking again on"
        basis = f"{term} from {what} {setting.say(anchor_at)}"
        promise = Promise(
            kind=DutyKind.POLICE_ANSWER, clause="4.11", case=facts.case.id, subject=request.id,
            title=f"Answer of the police: {request.asked_of}" if request.asked_of else "Answer of the police",
            action="Record their answer, or ask again", anchor_at=anchor_at,
        )  # fmt: skip
        if met_at is None:
            if ended_at is None:
                yield clocked(promise, setting, due_at=due_at, met_at=None, basis=basis)
            elif due_at < ended_at:
                yield missed(promise, setting, due_at=due_at, ended_at=ended_at, basis=basis)
            return
        if met_at > due_at:
            yield clocked(promise, setting, due_at=due_at, met_at=met_at, basis=basis)
        anchor_at = met_at
