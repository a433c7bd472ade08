"""Reaching somebody: a contact or an attempt, and the safe ways of each person (policy 3.3 and 4.24)."""

from __future__ import annotations

from collections.abc import Callable

from core.domain.case import CONTACT_OUTCOMES, CONTACT_WAYS, NEVER_WAYS, SEEN_BY_OTHERS, WAYS_OF_CONTACT
from core.policy.people import who_decides
from core.policy.safe_contact import ASKED_NEVER, WaysToContact, rules_now, ways_for
from core.services.contacts import ContactForm
from core.services.safe_ways import SafeWaysForm
from desktop.background import Job, Receiver
from desktop.operations import contacts
from desktop.operations.base import Runner
from desktop.screens.step.choices import now, officer_remark, people, several_people
from desktop.screens.step.declare import Answer, Answers, Ask, Options, Step, StepFacts, moment, record_id, some, text
from desktop.screens.words import safety_of
from desktop.widgets import Safety

_MARKS = {Safety.SAFE: "safe", Safety.NEVER: "NEVER", Safety.NOT_ASKED: "not asked"}


# ------------------------------------------------------------------ what to choose from


def marked_ways(facts: StepFacts) -> Options:
    """Every way of contact, with whether it may be used."""
    ways = WAYS_OF_CONTACT.items()
    return tuple((way, f"{words} ({_MARKS[safety_of(facts.page.ways, way)]})") for way, words in ways)


def _all_ways(facts: StepFacts) -> Options:
    return tuple(CONTACT_WAYS.items())


def _never_ways(facts: StepFacts) -> Options:
    return tuple(NEVER_WAYS.items())


def _outcomes(facts: StepFacts) -> Options:
    return tuple(CONTACT_OUTCOMES.items())


def _only_safe_way(facts: StepFacts) -> object:
    return facts.page.ways.safe[0] if len(facts.page.ways.safe) == 1 else ""


def _is_unsafe(facts: StepFacts, answers: Answers) -> bool:
    ways = ways_for(facts.page.file.contents, record_id(answers, "party"))
    return safety_of(ways, text(answers, "way")) is Safety.NEVER


def _own_ways(facts: StepFacts) -> WaysToContact | None:
    """What the person said whom the page is about; None where that is still open, so that nothing is taken over."""
    if facts.subject is None and len(facts.page.file.contents.parties) > 1:
        return None
    return ways_for(facts.page.file.contents, facts.subject)


def _who(facts: StepFacts) -> object:
    return facts.subject.hex() if facts.subject is not None else ""


def _with_whom(facts: StepFacts) -> object:
    """Who is spoken with about the person the page is about: themselves, or whoever speaks for them."""
    return who_decides(facts.page.file.contents, facts.subject).hex() if facts.subject is not None else ""


def _seen(facts: StepFacts) -> object:
    rule = rules_now(facts.page.file.contents).get(facts.subject) if facts.subject is not None else None
    return sorted(rule.seen_by_others) if rule else []


def _own(what: Callable[[WaysToContact], object]) -> Callable[[StepFacts], object]:
    """A first answer taken from what the person said before."""

    def start(facts: StepFacts) -> object:
        ways = _own_ways(facts)
        return what(ways) if ways is not None else None

    return start


def _asked_never(ways: WaysToContact) -> list[str]:
    """What they asked never to be used; what follows from the file is not their word."""
    return [way for way in ways.never if ways.why(way) == ASKED_NEVER]


# ------------------------------------------------------------------ what is done


def _contact(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = ContactForm(
        case=facts.page.file.case.id, at=moment(answers, "at"), way=text(answers, "way"),
        outcome=text(answers, "outcome"), notes=text(answers, "notes"), party=record_id(answers, "party"),
        unsafe_reason=text(answers, "unsafe_reason") if _is_unsafe(facts, answers) else "",
    )  # fmt: skip
    return contacts.record_contact(runner, form, on_done=on_done, on_failed=on_failed)


def _safe_ways(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = SafeWaysForm(
        case=facts.page.file.case.id, safe_ways=some(answers, "safe_ways"), unsafe_ways=some(answers, "unsafe_ways"),
        times=text(answers, "times"), if_someone_else_answers=text(answers, "if_someone_else_answers"),
        party=record_id(answers, "party"), code_word=text(answers, "code_word"),
        seen_by_others=some(answers, "seen_by_others"),
    )  # fmt: skip
    return contacts.check_safe_ways(runner, form, on_done=on_done, on_failed=on_failed)


# ------------------------------------------------------------------ the pages

STEPS: tuple[Step, ...] = (
    Step(
        key="contact", title="Record contact", clauses=("3.3", "4.24"),
        lead="Only a contact that reached the person stops the clock. Attempts are kept as well.",
        save="Save contact", done="Contact saved.", run=_contact, remark=officer_remark,
        asks=(
            Ask(
                name="party", kind=Answer.FROM_LIST, label="Who with", options=people, applies=several_people,
                hint="Leave it open for the person who reported.", optional=True, start=_with_whom,
            ),
            Ask(name="way", kind=Answer.ONE, label="How", options=marked_ways, start=_only_safe_way),
            Ask(
                name="unsafe_reason", kind=Answer.LINE, label="Why was this way used?", applies=_is_unsafe,
                hint="It could put the person at risk, or they asked never to be reached this way. "
                "Your reason stays in the file.",
            ),
            Ask(name="outcome", kind=Answer.ONE, label="What came of it", options=_outcomes),
            Ask(name="at", kind=Answer.MOMENT, label="When", start=now),
            Ask(name="notes", kind=Answer.WORDS, label="What was said", optional=True),
        ),
    ),
    Step(
        key="safe-ways", title="Safe ways to reach the person", clauses=("3.3", "4.31"),
        lead="Ask each time: what was safe last month may not be safe now. This takes the place of the answer before.",
        save="Save", done="Safe ways saved.", run=_safe_ways,
        asks=(
            Ask(
                name="party", kind=Answer.FROM_LIST, label="Whose", options=people, applies=several_people,
                start=_who, need="Choose whose safe ways these are: each person has their own.",
            ),
            Ask(
                name="safe_ways", kind=Answer.SOME, label="Safe", options=_all_ways,
                start=_own(lambda ways: list(ways.safe)),
            ),
            Ask(name="unsafe_ways", kind=Answer.SOME, label="Never", options=_never_ways, start=_own(_asked_never)),
            Ask(
                name="seen_by_others", kind=Answer.SOME, label="What others share or see", optional=True, start=_seen,
                options=lambda _facts: tuple(SEEN_BY_OTHERS.items()),
                hint="Ways that would reach somebody else first are then never used.",
            ),
            Ask(
                name="times", kind=Answer.LINE, label="When it is safe", optional=True,
                start=_own(lambda ways: ways.times),
            ),
            Ask(
                name="if_someone_else_answers", kind=Answer.LINE, label="What to say if someone else answers",
                optional=True, start=_own(lambda ways: ways.if_someone_else_answers),
            ),
            Ask(
                name="code_word", kind=Answer.LINE, label="Code word", optional=True,
                hint="Asked for on the phone before anything is said.", start=_own(lambda ways: ways.code_word),
            ),
        ),
    ),
)  # fmt: skip
