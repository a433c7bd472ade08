"""The plan agreed with each person, and the promise to keep in touch that follows from it (4.28).

1. Each person harmed has a plan of their own; its latest version holds.
2. "How often" makes a promise: from the day the plan was drawn up, and then from each contact that reached the
   person, the next is due that many days later. A promise that was missed stays visible as late.
3. "Only when something happens" still has a floor: nobody is forgotten.
4. After a death nothing more is promised to that person; what was missed before stays missed.
5. A plan the person cannot agree to yet is provisional; it makes the same promises.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from core.domain.case import SUCCESSFUL_OUTCOMES
from core.domain.plan import ActionPlan, PlanAction
from core.foundation.ids import RecordId
from core.policy.calendar import Term, TermUnit, known
from core.policy.duties import CaseFacts, Duty, DutyKind, Promise, Setting, clocked, missed, others_in_case
from core.policy.keeps import keeps
from core.policy.people import died_at
from core.policy.review import open_spells
from core.policy.service_standards import LEARNED_OF_DEATH

MOST_DAYS_BETWEEN = 366
MOST_PROMISES = 500
"""Of one plan; a plan of one day kept for more than a year is looked at again in a review."""
_BEGINNING = datetime.min.replace(tzinfo=UTC)


@keeps("4.28", "The latest version of each plan holds", on=("Plan",))
def plans_now(facts: CaseFacts) -> Mapping[RecordId | None, ActionPlan]:
    """Policy 4.28: the version of each person's plan that holds."""
    latest: dict[RecordId | None, ActionPlan] = {}
    for plan in _in_order(facts):
        latest[plan.party] = plan
    return latest


@keeps("4.28", "A plan of their own for each person harmed", on=("Plan",))
def people_without_plan(facts: CaseFacts) -> tuple[RecordId, ...]:
    """Policy 4.28: people harmed with whom no plan was made; one made for nobody by name is everybody's."""
    planned = plans_now(facts)
    if None in planned:
        return ()
    return tuple(party.id for party in facts.parties if "harmed" in party.roles and party.id not in planned)


def is_provisional(plan: ActionPlan) -> bool:
    """Policy 4.28: whether the person has not agreed to the plan yet."""
    return plan.agreed == "not-yet"


@keeps("4.28", "In touch as often as agreed; what was missed stays visible", on=("Today", "Plan"))
def update_promises(facts: CaseFacts, setting: Setting) -> tuple[Duty, ...]:
    """The duties of policy 4.28: to be in touch as often as was agreed, for each person's plan while the case is open.

    Every promise that was missed, and the next one; kept ones are left out, because the contact itself shows them.
    """
    spells = open_spells(facts)
    ended_at = spells[-1].end_at if spells else None
    found: list[Duty] = []
    plans = _in_order(facts)
    for place, plan in enumerate(plans):
        begun_at = known(plan.drawn_up_at)
        if begun_at is None:
            continue
        later = next((one for one in plans[place + 1 :] if one.party == plan.party), None)
        until_at = known(later.drawn_up_at) if later else ended_at
        lost_at = died_at(facts, plan.party)
        died = lost_at is not None and (until_at is None or lost_at < until_at)
        spell = _Spell(begun_at, lost_at if died else until_at, replaced=later is not None and not died, died=died)
        found.extend(_promises_of(facts, setting, plan, spell))
    return tuple(found)


def missed_promises(facts: CaseFacts, setting: Setting) -> int:
    """Policy 4.28: how many promised updates came late or not at all."""
    return sum(duty.was_late for duty in update_promises(facts, setting))


@keeps("4.28", "Our own agreed actions by their day", on=("Plan",))
def actions_due(facts: CaseFacts, setting: Setting) -> tuple[PlanAction, ...]:
    """Policy 4.28: our own agreed actions whose day has come and which nobody did."""
    today = setting.now.astimezone(setting.pack.zone).date()
    return tuple(
        action
        for action in facts.of(PlanAction)
        if action.who == "landlord" and not setting.happened(action.done_at) and not action.not_done_because
        and action.by_when is not None and action.by_when <= today
    )  # fmt: skip


@keeps("4.28", '"Only when something happens" has a floor', on=("Today", "Plan"))
def interval_of(plan: ActionPlan, setting: Setting) -> Term:
    """Policy 4.28: how long may pass between two contacts; the floor where nothing shorter was agreed."""
    floor = setting.pack.terms["update_floor"].term
    days = plan.contact_days
    if plan.only_if_something_happens or days is None or not 1 <= days <= MOST_DAYS_BETWEEN:
        return floor
    return Term(days, TermUnit.CALENDAR_DAYS)


@dataclass(frozen=True, slots=True)
class _Spell:
    """How long one version of a plan made promises, and why it ended."""

    begun_at: datetime
    until_at: datetime | None
    replaced: bool
    died: bool


def _promises_of(facts: CaseFacts, setting: Setting, plan: ActionPlan, spell: _Spell) -> Iterator[Duty]:
    term = interval_of(plan, setting)
    begun_at, until_at = spell.begun_at, spell.until_at
    end = LEARNED_OF_DEATH if spell.died else "The case was closed"
    reached = [at for at in _reached(facts, setting, plan) if at > begun_at and (until_at is None or at <= until_at)]
    anchor_at, kept = begun_at, 0
    for _ in range(MOST_PROMISES):
        due_at = setting.due_after(anchor_at, term)
        met_at = reached[kept] if kept < len(reached) else None
        if met_at is None and until_at is not None and due_at > until_at:
            return
        promise = Promise(
            kind=DutyKind.UPDATE, clause="4.28", case=facts.case.id, subject=plan.id, title="Promised update",
            action="Record contact", anchor_at=anchor_at,
        )  # fmt: skip
        what = "the plan" if anchor_at == begun_at else "the last contact"
        basis = f"{term} from {what} of {setting.say(anchor_at)}"
        if met_at is None:
            if until_at is None:
                yield clocked(promise, setting, due_at=due_at, met_at=None, basis=basis)
            elif not spell.replaced:
                yield missed(promise, setting, due_at=due_at, ended_at=until_at, basis=basis, end=end)
            return
        if met_at > due_at:
            yield clocked(promise, setting, due_at=due_at, met_at=met_at, basis=basis)
        anchor_at, kept = met_at, kept + 1


def _reached(facts: CaseFacts, setting: Setting, plan: ActionPlan) -> list[datetime]:
    others = others_in_case(facts, setting)
    return sorted(
        at
        for contact in facts.contacts
        if contact.outcome in SUCCESSFUL_OUTCOMES and contact.party not in others
        and (plan.party is None or contact.party in (None, plan.party))
        and (at := setting.happened(contact.at)) is not None
    )  # fmt: skip


def _in_order(facts: CaseFacts) -> list[ActionPlan]:
    return sorted(facts.of(ActionPlan), key=lambda plan: (known(plan.drawn_up_at) or _BEGINNING, plan.id))
