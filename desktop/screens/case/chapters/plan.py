"""What the person wants, support offered, and the plan (policy 1.1, 1.2, 4.28)."""

from __future__ import annotations

from datetime import date, datetime

from core.domain.case import CONTACT_WAYS
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
)
from core.foundation.ids import RecordId
from core.policy.action_plan import is_provisional, plans_now
from core.policy.support import options_given
from core.policy.wishes import why_not_approach, wishes_differ, wishes_now
from core.services.case_page import CasePage
from core.services.plans import told_words
from desktop.screens.case.chapters.declare import Part
from desktop.screens.case.chapters.officer import interview_facts, officer_facts
from desktop.screens.case.words import Doing, Fact
from desktop.screens.words import at_words
from desktop.theme import Tone
from desktop.widgets.moments import date_words

_SENSITIVE = "In their words. Select to read"


def facts(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    """Wishes first, then each person's plan with its actions, then what was offered."""
    return (
        *_wishes(page, now), *interview_facts(page, now), *officer_facts(page, now), *_plans(page, now), *_told(page),
        *_offers(page, now),
    )  # fmt: skip


def doing(page: CasePage) -> tuple[Doing, ...]:
    """What can be added here."""
    if page.file.case.stage == "closed":
        return ()
    return (Doing("What they want", "wish"), Doing("Action plan", "plan"), Doing("Support offered", "support"))


def _wishes(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    contents = page.file.contents
    warning = why_not_approach(contents)
    all_the_same = (Doing("Act all the same", "against-wish"),) if warning and wishes_now(contents) else ()
    before = Fact("Before anybody approaches the person complained about", (warning,), doing=all_the_same)
    found = [before] if warning else []
    if wishes_differ(contents):
        found.append(Fact("The people harmed want different things", ("Read what each of them said.",)))
    for party, wish in wishes_now(contents).items():
        lines = [f"Said {at_words(wish.said_at, now)}" if wish.said_at else ""]
        if wish.no_action and wish.ask_again_on:
            lines.append(f"Wants no action. Ask again on {date_words(wish.ask_again_on, now)}.")
        found.append(Fact(f"What {_name(page, party)} wants", tuple(lines), _SENSITIVE, wish.words))
    for one in contents.of(AgainstWish):
        lines = [f"Decided {at_words(one.decided_at, now)}" if one.decided_at else "", told_words(one)]
        lines += [words for code, words in OVERRIDING.items() if code in one.grounds]
        heading = f"Done although {_name(page, one.party)} did not want it"
        found.append(Fact(heading, tuple(lines), "What was done, and why. Select to read", one.reasons))
    return tuple(found)


def _plans(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    found: list[Fact] = []
    for party, plan in plans_now(page.file.contents).items():
        often = "only when something happens" if plan.only_if_something_happens else f"every {plan.contact_days} days"
        lines = [
            f"{CONTACT_WAYS.get(plan.contact_way, plan.contact_way)}, {often}",
            f"Not without asking: {plan.not_without_asking}" if plan.not_without_asking else "",
            f"All the same if: {plan.when_we_act_anyway}" if plan.when_we_act_anyway else "",
            f"Copy given {at_words(plan.copy_given_at, now)}" if plan.copy_given_at else "No copy given yet",
        ]
        state = (AGREED.get(plan.agreed, plan.agreed), Tone.SOON if is_provisional(plan) else Tone.OK)
        buttons = (Doing("Add an action", "plan-action", plan.id), Doing("Copy given", "plan-copy", plan.id))
        found.append(
            Fact(f"Plan with {_name(page, party)}", tuple(lines), _SENSITIVE, plan.outcome_wanted, (state,), buttons)
        )
        found += [_action(action, now) for action in page.file.contents.of(PlanAction) if action.plan == plan.id]
    older = len(page.file.contents.of(ActionPlan)) - len(plans_now(page.file.contents))
    if older:
        found.append(Fact("Earlier versions", (f"{older}, in the timeline and the history.",)))
    return tuple(found)


def _action(action: PlanAction, now: datetime) -> Fact:
    who = action.agency if action.who == "agency" and action.agency else WHO_ACTS.get(action.who, action.who)
    due = f"by {date_words(action.by_when, now)}" if action.by_when else ""
    if action.done_at:
        state = ("Done", Tone.OK)
    elif action.not_done_because:
        state = ("Not done", Tone.NEUTRAL)
    else:
        state = ("Late", Tone.LATE) if action.by_when and action.by_when < _today(now) else ("To do", Tone.INFO)
    open_still = not action.done_at and not action.not_done_because
    buttons = (Doing("Say what became of it", "plan-action-done", action.id),) if open_still else ()
    lines = (", ".join(part for part in (who, due) if part), action.not_done_because)
    return Fact(action.what, lines, tags=(state,), doing=buttons)


def _told(page: CasePage) -> tuple[Fact, ...]:
    given = options_given(page.file.contents)
    words = tuple(words for code, words in SUPPORT.items() if code in given)
    return (Fact("Told of these ways to help", (", ".join(words),)),) if words else ()


def _offers(page: CasePage, now: datetime) -> tuple[Fact, ...]:
    return tuple(
        Fact(
            SUPPORT.get(offer.what, offer.what),
            (offer.details, f"Offered {at_words(offer.offered_at, now)}" if offer.offered_at else ""),
            tags=((OFFER_ANSWERS.get(offer.answer, offer.answer), Tone.NEUTRAL),),
            doing=(Doing("Their answer", "support-answer", offer.id),) if offer.answer in ("offered", "later") else (),
        )
        for offer in page.file.contents.of(SupportOffer)
    )


def _name(page: CasePage, party: RecordId | None) -> str:
    names = {one.id: one.name for one in page.file.contents.parties}
    return names.get(party, "") if party else "the person"


def _today(now: datetime) -> date:
    return now.date()


PART = Part(
    title="Plan", facts=facts, doing=doing,
    empty="Ask what the person wants, and agree with them what happens next and how often you are in touch.",
)  # fmt: skip
