"""What the person wants, support offered, and the plan agreed with them (policy 1.1, 1.2, 3.3, 4.28)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from core.domain.case import CONTACT_WAYS, Case
from core.domain.estate import FORMATS
from core.domain.plan import (
    AGREED,
    OFFER_ANSWERS,
    OVERRIDING,
    SUPPORT,
    WHO_ACTS,
    ActionPlan,
    AgainstWish,
    PlanAction,
    SupportOffer,
    Wish,
)
from core.foundation.ids import RecordId
from core.policy.action_plan import MOST_DAYS_BETWEEN
from core.policy.wishes import why_not_overrule
from core.services.casework import StepRecorded
from core.services.contacts import ways_to_contact
from core.services.formats import refuse_standard
from core.services.forms import Problems
from core.services.telling import Names, Teller, TimelineEntry, entry, label_of
from core.services.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class WishForm:
    """What somebody wants, in their words. `ask_again_on`: when to ask again, if they want no action."""

    case: RecordId
    words: str
    said_at: datetime
    party: RecordId | None = None
    not_approached: bool | None = None
    no_action: bool | None = None
    ask_again_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanForm:
    """One version of a plan. `contact_days` is how often, in days; None with `only_if_something_happens`."""

    case: RecordId
    outcome_wanted: str
    contact_way: str
    agreed: str
    party: RecordId | None = None
    contact_days: int | None = None
    only_if_something_happens: bool | None = None
    not_without_asking: str = ""
    when_we_act_anyway: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionForm:
    """One thing somebody agreed to do."""

    plan: RecordId
    what: str
    who: str
    agency: str = ""
    by_when: date | None = None


def record_wish(workspace: Workspace, *, form: WishForm) -> StepRecorded:
    """What the person wants, beside all they said before (policy 1.1).

    Raises:
        FormIncomplete: nothing was said, the moment lies ahead, or nobody said when no action is asked about again.
    """
    problems = Problems()
    problems.need(form.words.strip(), "words", "Write down what the person wants, in their words if you can.")
    problems.not_in_future(form.said_at, workspace.parts.clock.now(), "said_at")
    problems.need(
        not form.no_action or form.ask_again_on is not None, "ask_again_on",
        "Say when you will ask again. Wanting no action can change.",
    )  # fmt: skip
    problems.settle()
    case = workspace.store.get(Case, form.case)
    with workspace.store.unit("record-wish") as (unit, outcome):
        record = unit.create(
            Wish, case.stream, case=case.id, party=form.party, said_at=form.said_at, words=form.words,
            not_approached=form.not_approached, no_action=form.no_action, ask_again_on=form.ask_again_on,
            recorded_by=workspace.user,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def act_against_wish(
    workspace: Workspace, *, case: RecordId, grounds: frozenset[str], reasons: str, person_told: bool | None,
    party: RecordId | None = None, not_told_because: str = "",
) -> StepRecorded:  # fmt: skip
    """What goes before what the person wants, on which ground, and whether they were told (policy 1.1).

    Raises:
        FormIncomplete: no ground, no reasons, or nobody said whether they were told, or why not.
    """
    problems = Problems()
    problems.among(grounds, OVERRIDING, "grounds")
    missing = why_not_overrule(
        grounds=grounds, reasons=reasons, told=person_told, not_told_because=not_told_because
    )
    for field, sentence in missing.items():
        problems.need(False, field, sentence)
    problems.settle()
    found = workspace.store.get(Case, case)
    with workspace.store.unit("act-against-wish") as (unit, outcome):
        record = unit.create(
            AgainstWish, found.stream, case=case, party=party, grounds=grounds, reasons=reasons.strip(),
            decided_at=workspace.parts.clock.now(), decided_by=workspace.user, person_told=person_told,
            not_told_because="" if person_told else not_told_because.strip(),
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def offer_support(
    workspace: Workspace, *, case: RecordId, what: str, details: str = "", answer: str = "offered",
    party: RecordId | None = None,
) -> StepRecorded:  # fmt: skip
    """Support was offered; declined offers are kept (policy 1.2)."""
    problems = Problems()
    problems.need(what in SUPPORT, "what", "Choose what was offered.")
    problems.need(answer in OFFER_ANSWERS, "answer", "Choose what the person answered.")
    problems.settle()
    found = workspace.store.get(Case, case)
    now = workspace.parts.clock.now()
    with workspace.store.unit("offer-support") as (unit, outcome):
        record = unit.create(
            SupportOffer, found.stream, case=case, party=party, what=what, details=details, offered_at=now,
            offered_by=workspace.user, answer=answer, answered_at=None if answer == "offered" else now,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def answer_offer(workspace: Workspace, *, offer: RecordId, answer: str) -> StepRecorded:
    """What the person said to an offer (policy 1.2)."""
    problems = Problems()
    problems.need(answer in OFFER_ANSWERS and answer != "offered", "answer", "Choose what the person answered.")
    problems.settle()
    with workspace.store.unit("answer-offer") as (unit, outcome):
        unit.update(SupportOffer, offer, answer=answer, answered_at=workspace.parts.clock.now())
    return StepRecorded(offer, outcome.changed)


def agree_plan(workspace: Workspace, *, form: PlanForm) -> StepRecorded:
    """A new version of the plan with one person; versions before stay (policy 4.28).

    Raises:
        FormIncomplete: no way or no frequency of contact, or a way the person asked never to be used.
    """
    ways = ways_to_contact(workspace, case=form.case, party=form.party)
    problems = Problems()
    problems.need(form.outcome_wanted.strip(), "outcome_wanted", "Write down what the person hopes for.")
    problems.need(form.contact_way in CONTACT_WAYS, "contact_way", "Choose how you keep in touch.")
    problems.need(form.contact_way not in ways.never, "contact_way", ways.why(form.contact_way))
    often = form.contact_days is not None and 1 <= form.contact_days <= MOST_DAYS_BETWEEN
    problems.need(
        often or form.only_if_something_happens, "contact_days",
        f"Enter every how many days, from 1 to {MOST_DAYS_BETWEEN}, or choose only when something happens.",
    )  # fmt: skip
    problems.need(form.agreed in AGREED, "agreed", "Say whether the person agreed, and how.")
    problems.settle()
    case = workspace.store.get(Case, form.case)
    now = workspace.parts.clock.now()
    with workspace.store.unit("agree-plan") as (unit, outcome):
        record = unit.create(
            ActionPlan, case.stream, case=case.id, party=form.party, drawn_up_at=now, drawn_up_by=workspace.user,
            outcome_wanted=form.outcome_wanted, contact_way=form.contact_way, contact_days=form.contact_days,
            only_if_something_happens=form.only_if_something_happens, not_without_asking=form.not_without_asking,
            when_we_act_anyway=form.when_we_act_anyway, agreed=form.agreed,
            agreed_at=None if form.agreed == "not-yet" else now,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def add_action(workspace: Workspace, *, form: ActionForm) -> StepRecorded:
    """One more thing somebody agreed to do (policy 4.28)."""
    problems = Problems()
    problems.need(form.what.strip(), "what", "Say what was agreed.")
    problems.need(form.who in WHO_ACTS, "who", "Choose who does it.")
    problems.need(form.who != "agency" or form.agency.strip(), "agency", "Name the agency.")
    problems.settle()
    plan = workspace.store.get(ActionPlan, form.plan)
    with workspace.store.unit("add-action") as (unit, outcome):
        record = unit.create(
            PlanAction, plan.stream, case=plan.case, plan=plan.id, what=form.what, who=form.who, agency=form.agency,
            by_when=form.by_when,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def finish_action(workspace: Workspace, *, action: RecordId, not_done_because: str = "") -> StepRecorded:
    """An agreed action was done, or will not be, and why (policy 4.28)."""
    done_at = None if not_done_because.strip() else workspace.parts.clock.now()
    with workspace.store.unit("finish-action") as (unit, outcome):
        unit.update(PlanAction, action, done_at=done_at, not_done_because=not_done_because)
    return StepRecorded(action, outcome.changed)


def give_copy(workspace: Workspace, *, plan: RecordId, copy_format: str) -> StepRecorded:
    """A copy of the plan was given, in this format (policy 4.28, 6.5).

    Raises:
        FormIncomplete: no format, or the usual print for somebody who needs another.
    """
    problems = Problems()
    problems.need(copy_format in FORMATS, "copy_format", "Choose the format of the copy.")
    found = workspace.store.get(ActionPlan, plan)
    refuse_standard(problems, workspace, case=found.case, party=found.party, chosen=copy_format)
    problems.settle()
    with workspace.store.unit("give-copy") as (unit, outcome):
        unit.update(ActionPlan, plan, copy_given_at=workspace.parts.clock.now(), copy_format=copy_format)
    return StepRecorded(plan, outcome.changed)


# ------------------------------------------------------------------ the story


def _tell_wish(wish: Wish, names: Names) -> Iterator[TimelineEntry | None]:
    who = names.get(wish.recorded_by, "")
    yield entry(wish, wish.said_at, "What the person wants", who, wish.words, sensitive=True)


def _tell_against(one: AgainstWish, names: Names) -> Iterator[TimelineEntry | None]:
    title = f"Decided against what was wanted. {told_words(one)}"
    yield entry(one, one.decided_at, title, names.get(one.decided_by, ""), one.reasons, sensitive=True)


def told_words(one: AgainstWish) -> str:
    """Whether the person was told, as a sentence."""
    return "The person was told." if one.person_told else f"The person was not told: {one.not_told_because}"


def _tell_offer(offer: SupportOffer, names: Names) -> Iterator[TimelineEntry | None]:
    title = f"Support offered: {label_of(offer, 'what').lower()}"
    yield entry(offer, offer.offered_at, title, names.get(offer.offered_by, ""), label_of(offer, "answer"))


def _tell_plan(plan: ActionPlan, names: Names) -> Iterator[TimelineEntry | None]:
    who = names.get(plan.drawn_up_by, "")
    yield entry(plan, plan.drawn_up_at, f"Action plan: {label_of(plan, 'agreed').lower()}", who, plan.outcome_wanted)
    yield entry(plan, plan.copy_given_at, "Copy of the action plan given", "", label_of(plan, "copy_format"))


def _tell_action(action: PlanAction, names: Names) -> Iterator[TimelineEntry | None]:
    del names
    yield entry(action, action.done_at, f"Agreed action done: {action.what}", "", "")


TELLERS: dict[str, Teller] = {
    Wish.SPEC.name: _tell_wish,
    AgainstWish.SPEC.name: _tell_against,
    SupportOffer.SPEC.name: _tell_offer,
    ActionPlan.SPEC.name: _tell_plan,
    PlanAction.SPEC.name: _tell_action,
}
