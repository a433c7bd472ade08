"""Warnings, the answer of the police, places and graffiti (policy 4.11, 4.25, 6.3)."""

from __future__ import annotations

from core.domain.case import Graffiti, Incident
from core.domain.doors import ORDER_OUTCOMES, PLACE_KINDS, WALLS, WARNING_WAYS, ContractorOrder, KnownPlace
from core.policy.graffiti import order_words
from core.policy.patrols import is_answered
from core.policy.wishes import why_not_approach
from core.services.case_page import CasePage
from core.services.graffiti import OrderForm
from core.services.known_places import PlaceForm
from core.services.patrols import WarningForm
from desktop.background import Job, Receiver
from desktop.operations import doors
from desktop.operations.base import Runner
from desktop.screens.step.choices import chosen, is_open, now, one_of, people_of, which
from desktop.screens.step.declare import (
    Answer,
    Answers,
    Ask,
    Options,
    Step,
    StepFacts,
    moment,
    record_id,
    some,
    text,
    yes_no,
)
from desktop.widgets.moments import moment_words

GROUP = "In the area"
_AGAIN = "again"


def _warn(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = WarningForm(
        case=facts.page.file.case.id, given_at=moment(answers, "given_at"), way=text(answers, "way"),
        words=text(answers, "words"), party=record_id(answers, "party"), given_to=text(answers, "given_to"),
        named_nobody=yes_no(answers, "named_nobody"), against_wish_because=text(answers, "against_wish_because"),
    )  # fmt: skip
    return doors.record_warning(runner, form, on_done=on_done, on_failed=on_failed)


def _police(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    del facts
    request, at = chosen(answers, "request"), moment(answers, "at")
    if text(answers, "came") == _AGAIN:
        notes = text(answers, "notes")
        return doors.ask_police_again(runner, request, at=at, notes=notes, on_done=on_done, on_failed=on_failed)
    return doors.police_answered(
        runner, request, reply=text(answers, "reply"), replied_at=at, reference=text(answers, "reference"),
        on_done=on_done, on_failed=on_failed,
    )  # fmt: skip


def _place(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    happened = frozenset(one.id for one in _that_happened(facts.page) if one.id.hex() in some(answers, "happened"))
    form = PlaceForm(
        case=facts.page.file.case.id, kind=text(answers, "kind"), name=text(answers, "name"),
        block=text(answers, "block"), home=record_id(answers, "home"), happened=happened,
    )  # fmt: skip
    return doors.name_place(runner, form, on_done=on_done, on_failed=on_failed)


def _judge(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    del facts
    return doors.judge_graffiti(
        runner, chosen(answers, "graffiti"), offensive=yes_no(answers, "offensive"), reasons=text(answers, "reasons"),
        on_done=on_done, on_failed=on_failed,
    )  # fmt: skip


def _order(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    del facts
    form = OrderForm(
        graffiti=chosen(answers, "graffiti"), contractor=text(answers, "contractor"), words=text(answers, "words"),
        wall=text(answers, "wall"), owner_agreed=yes_no(answers, "owner_agreed"),
    )  # fmt: skip
    return doors.order_removal(runner, form, on_done=on_done, on_failed=on_failed)


def _ordered(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    del facts
    return doors.answer_order(
        runner, chosen(answers, "order"), came=text(answers, "came"), cannot_because=text(answers, "cannot_because"),
        on_done=on_done, on_failed=on_failed,
    )  # fmt: skip


# ------------------------------------------------------------------ what to choose from


def _suspected(facts: StepFacts) -> Options:
    return people_of(facts.page, "alleged-perpetrator")


def _somebody_suspected(facts: StepFacts, _answers: Answers) -> bool:
    return bool(_suspected(facts))


def _nobody_chosen(_facts: StepFacts, answers: Answers) -> bool:
    return not text(answers, "party")


def _against_wish(facts: StepFacts, _answers: Answers) -> bool:
    return bool(why_not_approach(facts.page.file.contents))


def _requests(facts: StepFacts) -> Options:
    open_ones = [one for one in facts.page.file.contents.police_requests if not is_answered(one)]
    return tuple(
        (one.id.hex(), one.asked_of + (f", asked {moment_words(one.asked_at, facts.now)}" if one.asked_at else ""))
        for one in open_ones
    )


def _answered(_facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "came") == "answered"


def _asked_again(_facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "came") == _AGAIN


def _that_happened(page: CasePage) -> tuple[Incident | Graffiti, ...]:
    return (*page.file.contents.incidents, *page.file.contents.graffiti)


def _happened(facts: StepFacts) -> Options:
    contents = facts.page.file.contents
    told = [
        (one.id.hex(), f"Incident {number}: {one.place or one.happened_text or 'place not given'}")
        for number, one in enumerate(contents.incidents, start=1)
    ]
    return (*told, *((mark.id.hex(), f"Graffiti: {mark.place or 'place not given'}") for mark in contents.graffiti))


def _not_named_yet(facts: StepFacts) -> object:
    contents = facts.page.file.contents
    if facts.subject is not None:
        return [facts.subject.hex()]
    found = [one.id.hex() for one in contents.incidents if one.known_place is None]
    found += [mark.id.hex() for mark in contents.graffiti if mark.known_place is None]
    return found if len(found) == 1 else []


def _homes(facts: StepFacts) -> Options:
    return tuple((home.hex(), address) for home, address in facts.page.homes.items())


def _is_a_home(facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "kind") == "flat" and bool(facts.page.homes)


def _no_home_chosen(facts: StepFacts, answers: Answers) -> bool:
    return not _is_a_home(facts, answers) or not text(answers, "home")


def _something_happened(page: CasePage) -> bool:
    return is_open(page) and bool(page.file.contents.incidents or page.file.contents.graffiti)


def _marks(facts: StepFacts) -> Options:
    return tuple((mark.id.hex(), mark.place or "Place not given") for mark in facts.page.file.contents.graffiti)


def _standing(facts: StepFacts) -> Options:
    marks = facts.page.file.contents.graffiti
    return tuple((mark.id.hex(), mark.place or "Place not given") for mark in marks if mark.removed_at is None)


def _has_graffiti(page: CasePage) -> bool:
    return is_open(page) and bool(page.file.contents.graffiti)


def _graffiti_stands(page: CasePage) -> bool:
    return is_open(page) and any(mark.removed_at is None for mark in page.file.contents.graffiti)


def _was_asked(page: CasePage) -> bool:
    return is_open(page) and any(not is_answered(one) for one in page.file.contents.police_requests)


def _judged_ordinary(_facts: StepFacts, answers: Answers) -> bool:
    return yes_no(answers, "offensive") is False


def _first_words(facts: StepFacts) -> object:
    marks = [mark for mark in facts.page.file.contents.graffiti if mark.removed_at is None]
    wanted = [mark for mark in marks if mark.id == facts.subject] or (marks if len(marks) == 1 else [])
    return order_words(wanted[0]) if wanted else ""


def _not_ours(_facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "wall") not in ("", "ours")


def _orders(facts: StepFacts) -> Options:
    orders = facts.page.file.contents.of(ContractorOrder)
    return tuple((one.id.hex(), one.contractor) for one in orders if one.outcome == "ordered")


def _cannot(_facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "came") == "cannot"


def _block(facts: StepFacts) -> object:
    named = facts.page.file.contents.of(KnownPlace)
    return named[-1].block if named else ""


STEPS: tuple[Step, ...] = (
    Step(
        key="warning", title="Warning given",
        lead="Tell those it may be that harassment is taken seriously. Accuse nobody, and never say who "
        "reported it.",
        save="Save warning", done="Warning saved.", run=_warn,
        menu="Warning given", group=GROUP, offered=is_open, clauses=("4.11",),
        asks=(
            Ask(
                name="party", kind=Answer.FROM_LIST, label="Who was warned", options=_suspected, optional=True,
                applies=_somebody_suspected, hint="Leave it open for somebody who is not in the file.",
            ),
            Ask(
                name="given_to", kind=Answer.LINE, label="Who else, in your words", applies=_nobody_chosen,
                hint="For example: two young men by the gate, names not known",
            ),
            Ask(name="way", kind=Answer.ONE, label="How", options=one_of(WARNING_WAYS)),
            Ask(name="words", kind=Answer.WORDS, label="What was said"),
            Ask(
                name="named_nobody", kind=Answer.YES_NO, label="Was it said without accusing or naming anybody?",
            ),
            Ask(
                name="against_wish_because", kind=Answer.LINE, label="Why were they approached all the same?",
                hint="The person has not said that this is all right. A risk to life or to a child can go before.",
                applies=_against_wish,
            ),
            Ask(name="given_at", kind=Answer.MOMENT, label="When", start=now),
        ),
    ),
    Step(
        key="police-answer", title="Answer of the police", lead="", save="Save", done="Saved.", run=_police,
        menu="Answer of the police", group=GROUP, offered=_was_asked, clauses=("4.11",),
        asks=(
            which("request", "To which request", _requests, "Choose the request."),
            Ask(
                name="came", kind=Answer.ONE, label="What happened", need="Say whether they answered.",
                options=one_of({"answered": "They answered", _AGAIN: "No answer: they were asked again"}),
            ),
            Ask(name="reply", kind=Answer.WORDS, label="What they said", applies=_answered),
            Ask(name="reference", kind=Answer.LINE, label="Their reference", applies=_answered, optional=True),
            Ask(name="notes", kind=Answer.WORDS, label="How, and with whom", applies=_asked_again, optional=True),
            Ask(name="at", kind=Answer.MOMENT, label="When", start=now),
        ),
    ),
    Step(
        key="place", title="Place where it happened",
        lead="Name it the same way each time. The file then shows where things happen again, over the cases you may "
        "read.",
        save="Save place", done="Place saved.", run=_place,
        menu="Place where it happened", group=GROUP, offered=_something_happened, clauses=("4.11",),
        asks=(
            Ask(
                name="happened", kind=Answer.SOME, label="What happened there", options=_happened,
                start=_not_named_yet,
            ),
            Ask(name="kind", kind=Answer.ONE, label="What kind of place", options=one_of(PLACE_KINDS)),
            Ask(name="home", kind=Answer.FROM_LIST, label="Which home", options=_homes, applies=_is_a_home,
                optional=True),
            Ask(name="name", kind=Answer.LINE, label="Which one", applies=_no_home_chosen,
                hint="For example: stair B, second floor"),
            Ask(name="block", kind=Answer.LINE, label="Block or street", applies=_no_home_chosen, start=_block),
        ),
    ),
    Step(
        key="graffiti-judged", title="Is it offensive or discriminatory?",
        lead="Not judged yet counts as offensive. However late it is judged, the 24 hours run from when we were told.",
        save="Save", done="Saved.", run=_judge,
        menu="Graffiti judged", group=GROUP, offered=_has_graffiti, clauses=("4.25", "6.3"),
        asks=(
            which("graffiti", "Which graffiti", _marks, "Choose the graffiti."),
            Ask(
                name="offensive", kind=Answer.YES_NO, label="Is it offensive or discriminatory?",
                hint="If anybody sees it that way, say yes.",
            ),
            Ask(name="reasons", kind=Answer.WORDS, label="Why not", applies=_judged_ordinary),
        ),
    ),
    Step(
        key="graffiti-order", title="Contractor asked",
        lead="They need to know where and what, never why. Attach a photograph before they begin.",
        save="Save order", done="Order saved.", run=_order,
        menu="Contractor asked to remove graffiti", group=GROUP, offered=_graffiti_stands, clauses=("4.25", "6.3"),
        asks=(
            which("graffiti", "Which graffiti", _standing, "Choose the graffiti."),
            Ask(name="contractor", kind=Answer.LINE, label="Who was asked"),
            Ask(name="words", kind=Answer.WORDS, label="In these words", start=_first_words),
            Ask(name="wall", kind=Answer.ONE, label="Whose wall is it", options=one_of(WALLS)),
            Ask(name="owner_agreed", kind=Answer.YES_NO, label="Did the owner agree?", applies=_not_ours),
        ),
    ),
    Step(
        key="graffiti-ordered", title="What became of the order", lead="", save="Save", done="Saved.", run=_ordered,
        clauses=("4.25",),
        asks=(
            which("order", "Which order", _orders, "Choose the order."),
            Ask(
                name="came", kind=Answer.ONE, label="What became of it",
                options=one_of({code: words for code, words in ORDER_OUTCOMES.items() if code != "ordered"}),
            ),
            Ask(name="cannot_because", kind=Answer.LINE, label="Why they cannot come", applies=_cannot),
        ),
    ),
)  # fmt: skip
