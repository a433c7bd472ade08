"""The promises of "Service Standards": first contact (4.24) and graffiti (4.25 and 6.3).

1. Both clocks start when we were told, not when it was written down, and count real hours.
2. Only reaching the person ends the first; an attempt ends nothing.
3. A walk-in is no exception: it counts as contact once somebody records it as one. It may have the time of
   the report itself and be earlier than the moment the record was made.
4. Times are compared to the minute, because people write them so.
"""

from __future__ import annotations

from datetime import datetime

from core.domain.case import SUCCESSFUL_OUTCOMES, Graffiti, Report
from core.policy.calendar import known
from core.policy.duties import (
    CaseFacts,
    Duty,
    DutyKind,
    Promise,
    Setting,
    clocked,
    counted_from,
    missed,
    not_applicable,
    others_in_case,
    to_the_minute,
    told_at,
)
from core.policy.graffiti import is_offensive
from core.policy.keeps import keeps
from core.policy.people import NOBODY_LEFT, died_at

CANNOT_REACH = "Nobody can be reached: the report came without a name and without a way to answer."
LEARNED_OF_DEATH = "We learned that the person had died"
NOT_OFFENSIVE = "Judged neither offensive nor discriminatory, so the time for ordinary repairs applies."


@keeps("4.24", "First contact in 24 real hours from being told", on=("Today", "Record contact"))
def first_contact(facts: CaseFacts, setting: Setting) -> Duty | None:
    """The duty of policy 4.24: the person is reached within 24 hours of the earliest report.

    None if nothing says when we were told. A report without a name and without any way to answer gives a
    duty that does not apply; as soon as somebody can be reached it runs from the earliest report again.
    A judgement to handle the case in another way does not end it: at the time it was harassment (4.2).
    """
    told = told_at(facts)
    if told is None:
        return None
    anchor_at, report = told
    promise = Promise(
        kind=DutyKind.FIRST_CONTACT,
        clause="4.24",
        case=facts.case.id,
        subject=report.id if report else facts.case.id,
        title="First contact",
        action="Record contact",
        anchor_at=anchor_at,
    )
    met_at = _first_reached_at(facts, setting, anchor_at)
    if met_at is None and not can_be_reached(facts):
        return not_applicable(promise, CANNOT_REACH)
    term = setting.pack.clocks.first_contact.term
    due_at = setting.due_after(anchor_at, term)
    what = "the report on" if report else "the opening of the case on"
    basis = counted_from(setting, anchor_at=anchor_at, due_at=due_at, term=term, what=what)
    ended_at = died_at(facts, None) if met_at is None else None
    if ended_at is not None and ended_at <= due_at:
        return not_applicable(promise, NOBODY_LEFT)
    if ended_at is not None:
        return missed(promise, setting, due_at=due_at, ended_at=ended_at, basis=basis, end=LEARNED_OF_DEATH)
    remark = _written_down_late(report, due_at, setting)
    return clocked(promise, setting, due_at=due_at, met_at=met_at, basis=basis, remark=remark)


@keeps("4.25", "Each marked place clean in 24 real hours (6.3 says the same)", on=("Today",))
@keeps("6.3", "The same promise as 4.25", on=("Today",))
def graffiti_removal(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 4.25 (and 6.3): each marked place is clean within 24 hours of our being told of it.

    One for each place. Not yet judged counts as offensive. Judged ordinary first and offensive later, the
    time still runs from when we were told, so it may be late at once.
    """
    duties = (_removal(facts, mark, setting) for mark in facts.graffiti)
    return tuple(duty for duty in duties if duty is not None)


@keeps("4.24", "Not where nobody can be reached", on=("Today",))
def can_be_reached(facts: CaseFacts) -> bool:
    """Whether anybody could be contacted (4.24): a report with a name, a way to reach somebody, or no report at all."""
    if not facts.reports or any(not report.anonymous for report in facts.reports):
        return True
    if any(safe.safe_ways - safe.unsafe_ways for safe in facts.safe_contacts):
        return True
    sides = ("harmed", "reporter")
    return any(
        party.roles.intersection(sides) and (party.phone or party.email or party.home or party.resident)
        for party in facts.parties
    )


def _first_reached_at(facts: CaseFacts, setting: Setting, anchor_at: datetime) -> datetime | None:
    others = others_in_case(facts, setting)
    reached = [
        setting.happened(contact.at)
        for contact in facts.contacts
        if contact.outcome in SUCCESSFUL_OUTCOMES and contact.party not in others
    ]
    start = to_the_minute(anchor_at)
    return min((at for at in reached if at is not None and to_the_minute(at) >= start), default=None)


def _written_down_late(report: Report | None, due_at: datetime, setting: Setting) -> str:
    recorded_at = known(report.recorded_at) if report else None
    if recorded_at is None or recorded_at <= due_at:
        return ""
    return f"It was written down on {setting.say(recorded_at)}, after that time."


def _removal(facts: CaseFacts, mark: Graffiti, setting: Setting) -> Duty | None:
    told = told_at(facts)
    anchor_at = known(mark.notified_at) or (told[0] if told else None)
    if anchor_at is None:
        return None
    promise = Promise(
        kind=DutyKind.GRAFFITI,
        clause="4.25",
        case=facts.case.id,
        subject=mark.id,
        title=f"Graffiti removed: {mark.place}" if mark.place else "Graffiti removed",
        action="Mark removed" if mark.photo_before or mark.photographed_before else "Photograph it, then mark removed",
        anchor_at=anchor_at,
    )
    if not is_offensive(facts, mark):
        return not_applicable(promise, NOT_OFFENSIVE)
    term = setting.pack.clocks.graffiti.term
    due_at = setting.due_after(anchor_at, term)
    basis = counted_from(setting, anchor_at=anchor_at, due_at=due_at, term=term, what="when we were told on")
    return clocked(promise, setting, due_at=due_at, met_at=setting.happened(mark.removed_at), basis=basis)
