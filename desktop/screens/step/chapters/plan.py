"""What the person wants, support offered, and the plan agreed with them (policy 1.1, 1.2, 3.3, 4.28)."""

from __future__ import annotations

from core.domain.case import CONTACT_WAYS
from core.domain.estate import FORMATS
from core.domain.plan import AGREED, OFFER_ANSWERS, OVERRIDING, SUPPORT, WHO_ACTS, ActionPlan, PlanAction, SupportOffer
from core.foundation.ids import RecordId
from core.policy.wishes import why_not_approach, wishes_now
from core.services.case_page import CasePage
from core.services.plans import ActionForm, PlanForm, WishForm
from desktop.background import Job, Receiver
from desktop.operations import plans
from desktop.operations.base import Runner
from desktop.screens.step.choices import chosen, is_open, now, one_of, which, who
from desktop.screens.step.declare import (
    Answer,
    Answers,
    Ask,
    Options,
    Step,
    StepFacts,
    day,
    moment,
    number,
    record_id,
    some,
    text,
    yes_no,
)

GROUP = "Wishes, support and plan"


def _wish(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = WishForm(
        case=facts.page.file.case.id, words=text(answers, "words"), said_at=moment(answers, "said_at"),
        party=record_id(answers, "party"), not_approached=yes_no(answers, "not_approached"),
        no_action=yes_no(answers, "no_action"), ask_again_on=day(answers, "ask_again_on"),
    )  # fmt: skip
    return plans.record_wish(runner, form, on_done=on_done, on_failed=on_failed)


def _against(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        "grounds": some(answers, "grounds"), "reasons": text(answers, "reasons"),
        "person_told": yes_no(answers, "person_told"), "not_told_because": text(answers, "not_told_because"),
        "party": record_id(answers, "party"),
    }  # fmt: skip
    return plans.act_against_wish(runner, facts.page.file.case.id, said, on_done=on_done, on_failed=on_failed)


def _offer(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    return plans.offer_support(
        runner, facts.page.file.case.id, what=text(answers, "what"), details=text(answers, "details"),
        answer=text(answers, "answer") or "offered", on_done=on_done, on_failed=on_failed,
    )  # fmt: skip


def _answer(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    return plans.answer_offer(
        runner, chosen(answers, "offer"), answer=text(answers, "answer"), on_done=on_done, on_failed=on_failed
    )


def _plan(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = PlanForm(
        case=facts.page.file.case.id, outcome_wanted=text(answers, "outcome_wanted"),
        contact_way=text(answers, "contact_way"), agreed=text(answers, "agreed"), party=record_id(answers, "party"),
        contact_days=number(answers, "contact_days"),
        only_if_something_happens=yes_no(answers, "only_if_something_happens"),
        not_without_asking=text(answers, "not_without_asking"), when_we_act_anyway=text(answers, "when_we_act_anyway"),
    )  # fmt: skip
    return plans.agree_plan(runner, form, on_done=on_done, on_failed=on_failed)


def _action(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = ActionForm(
        plan=chosen(answers, "plan"), what=text(answers, "what"), who=text(answers, "who"),
        agency=text(answers, "agency"), by_when=day(answers, "by_when"),
    )  # fmt: skip
    return plans.add_action(runner, form, on_done=on_done, on_failed=on_failed)


def _finish(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    reason = text(answers, "not_done_because") if yes_no(answers, "done") is False else ""
    action = chosen(answers, "action")
    return plans.finish_action(runner, action, not_done_because=reason, on_done=on_done, on_failed=on_failed)


def _copy(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    return plans.give_copy(
        runner, chosen(answers, "plan"), copy_format=text(answers, "copy_format"), on_done=on_done, on_failed=on_failed
    )


def _answers(_facts: StepFacts) -> Options:
    return tuple((code, words) for code, words in OFFER_ANSWERS.items() if code != "offered")


def _plans(facts: StepFacts) -> Options:
    names: dict[RecordId | None, str] = {party.id: party.name for party in facts.page.file.contents.parties}
    found = sorted(facts.page.file.contents.of(ActionPlan), key=lambda plan: plan.id)
    return tuple((plan.id.hex(), f"Plan with {names.get(plan.party, '') or 'the person'}") for plan in found)


def _offers(facts: StepFacts) -> Options:
    waiting = [offer for offer in facts.page.file.contents.of(SupportOffer) if offer.answer in ("offered", "later")]
    return tuple((offer.id.hex(), offer.details or SUPPORT.get(offer.what, offer.what)) for offer in waiting)


def _actions(facts: StepFacts) -> Options:
    waiting = [action for action in facts.page.file.contents.of(PlanAction) if _is_open(action)]
    return tuple((action.id.hex(), action.what) for action in waiting)


def _is_open(action: PlanAction) -> bool:
    return action.done_at is None and not action.not_done_because


def _has_plan(page: CasePage) -> bool:
    return is_open(page) and bool(page.file.contents.of(ActionPlan))


def _is_against(page: CasePage) -> bool:
    return is_open(page) and bool(wishes_now(page.file.contents)) and bool(why_not_approach(page.file.contents))


def _untold(_facts: StepFacts, answers: Answers) -> bool:
    return yes_no(answers, "person_told") is False


def _no_action(_facts: StepFacts, answers: Answers) -> bool:
    return yes_no(answers, "no_action") is True


def _not_only(_facts: StepFacts, answers: Answers) -> bool:
    return yes_no(answers, "only_if_something_happens") is not True


def _agency(_facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "who") == "agency"


def _not_done(_facts: StepFacts, answers: Answers) -> bool:
    return yes_no(answers, "done") is False


def _safe_way(facts: StepFacts) -> object:
    return facts.page.ways.safe[0] if facts.page.ways.safe else ""


STEPS: tuple[Step, ...] = (
    Step(
        key="wish", title="What the person wants",
        lead="Ask at each contact. What they said before stays in the file; their latest word holds.",
        save="Save", done="What the person wants is saved.", run=_wish,
        menu="What the person wants", group=GROUP, offered=is_open, clauses=("1.1",),
        asks=(
            Ask(name="words", kind=Answer.WORDS, label="In their words"),
            who("Who said it", "Leave it open for the person who reported."),
            Ask(
                name="not_approached", kind=Answer.YES_NO, optional=True,
                label="Do they ask that the person complained about is not approached?",
            ),
            Ask(name="no_action", kind=Answer.YES_NO, label="Do they want no action?", optional=True),
            Ask(
                name="ask_again_on", kind=Answer.DAY, label="When will you ask again?", applies=_no_action,
                hint="Risk is still assessed, and the report still counts.",
            ),
            Ask(name="said_at", kind=Answer.MOMENT, label="When they said so", start=now),
        ),
    ),
    Step(
        key="against-wish", title="Done although it is not wanted",
        lead="A danger to life, a child or a crime can go before what a person wants. Write down which, and tell them.",
        save="Save", done="The ground is saved.", run=_against,
        menu="Done although it is not wanted", group=GROUP, offered=_is_against, clauses=("1.1",),
        asks=(
            who("Whose wish it is"),
            Ask(name="grounds", kind=Answer.SOME, label="What goes before it", options=one_of(OVERRIDING)),
            Ask(name="reasons", kind=Answer.WORDS, label="What is done, and why"),
            Ask(
                name="person_told", kind=Answer.YES_NO, label="Was the person told?",
                need="Say whether the person was told.",
            ),
            Ask(name="not_told_because", kind=Answer.LINE, label="Why they were not told", applies=_untold),
        ),
    ),
    Step(
        key="support", title="Support offered", lead="Write down every offer, also one that was declined.",
        save="Save", done="The offer is saved.", run=_offer,
        menu="Support offered", group=GROUP, offered=is_open, clauses=("1.2", "3.3"),
        asks=(
            Ask(name="what", kind=Answer.ONE, label="What was offered", options=one_of(SUPPORT)),
            Ask(name="details", kind=Answer.LINE, label="Details", optional=True),
            Ask(name="answer", kind=Answer.ONE, label="Their answer", options=one_of(OFFER_ANSWERS)),
        ),
    ),
    Step(
        key="support-answer", title="Answer to an offer", lead="", save="Save", done="The answer is saved.",
        run=_answer, clauses=("1.2",),
        asks=(
            which("offer", "Which offer", _offers, "Choose the offer."),
            Ask(
                name="answer", kind=Answer.ONE, label="Their answer",
                options=_answers,
            ),
        ),
    ),
    Step(
        key="plan", title="Action plan",
        lead="Agree it with the person. How often you keep in touch becomes a promise on Today. A new version never "
        "takes the one before away.",
        save="Save plan", done="Action plan saved.", run=_plan,
        menu="Action plan", group=GROUP, offered=is_open, clauses=("4.28",),
        asks=(
            who("Plan with", "Each person harmed has a plan of their own."),
            Ask(name="outcome_wanted", kind=Answer.WORDS, label="What the person hopes for"),
            Ask(
                name="contact_way", kind=Answer.ONE, label="How you keep in touch", start=_safe_way,
                options=one_of(CONTACT_WAYS),
            ),
            Ask(
                name="only_if_something_happens", kind=Answer.YES_NO, optional=True,
                label="Do they want to hear from us only when something happens?",
                hint="We are still in touch every 28 days, so that nobody is forgotten.",
            ),
            Ask(name="contact_days", kind=Answer.NUMBER, label="Every how many days", applies=_not_only),
            Ask(
                name="not_without_asking", kind=Answer.WORDS, label="What we will not do without asking first",
                optional=True,
            ),
            Ask(
                name="when_we_act_anyway", kind=Answer.WORDS, label="When we may have to act all the same",
                hint="A risk to life or to a child, or to prevent a crime.", optional=True,
            ),
            Ask(name="agreed", kind=Answer.ONE, label="Did the person agree?", options=one_of(AGREED)),
        ),
    ),
    Step(
        key="plan-action", title="Agreed action", lead="", save="Save", done="The action is saved.", run=_action,
        menu="Agreed action", group=GROUP, offered=_has_plan, clauses=("4.28",),
        asks=(
            which("plan", "Of which plan", _plans, "Choose the plan."),
            Ask(name="what", kind=Answer.LINE, label="What was agreed"),
            Ask(name="who", kind=Answer.ONE, label="Who does it", options=one_of(WHO_ACTS)),
            Ask(name="agency", kind=Answer.LINE, label="Which agency", applies=_agency),
            Ask(name="by_when", kind=Answer.DAY, label="By when", optional=True),
        ),
    ),
    Step(
        key="plan-action-done", title="What became of an agreed action", lead="", save="Save", done="Saved.",
        run=_finish, clauses=("4.28",),
        asks=(
            which("action", "Which action", _actions, "Choose the action."),
            Ask(name="done", kind=Answer.YES_NO, label="Was it done?", need="Say whether it was done."),
            Ask(name="not_done_because", kind=Answer.LINE, label="Why not", applies=_not_done, need="Say why not."),
        ),
    ),
    Step(
        key="plan-copy", title="Copy of the plan", lead="In the format the person needs.", save="Save",
        done="Saved that a copy was given.", run=_copy,
        clauses=("4.28", "6.5"),
        asks=(
            which("plan", "Of which plan", _plans, "Choose the plan."),
            Ask(name="copy_format", kind=Answer.ONE, label="Format", options=one_of(FORMATS)),
        ),
    ),
)  # fmt: skip
