"""A second person agrees with a decision on their own laptop, or says why not (policy 3.3, 4.3)."""

from __future__ import annotations

from core.policy.second_asked import SecondAsked, seconds_asked
from core.services.case_page import CasePage
from desktop.background import Job, Receiver
from desktop.operations import second_person
from desktop.operations.base import Runner
from desktop.screens.step.choices import chosen, which
from desktop.screens.step.declare import Answer, Answers, Ask, Options, Step, StepFacts, text, yes_no

ASKED_LABEL = "Who is asked to agree as second person?"
ASKED_HINT = "They read the case, and agree on their own laptop. Until then it counts as before."


def other_readers(facts: StepFacts) -> Options:
    """Whoever else reads the case, and so can be asked."""
    return tuple((one.user.hex(), one.name) for one in facts.page.readers if not one.this_is_me)


def _answer(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    del facts
    said = {
        "decision": chosen(answers, "decision"), "agrees": yes_no(answers, "agrees"),
        "reasons": text(answers, "reasons"),
    }  # fmt: skip
    return second_person.answer_as_second(runner, said, on_done=on_done, on_failed=on_failed)


def _waiting(page: CasePage) -> tuple[SecondAsked, ...]:
    """What the person at this laptop is asked about."""
    me = {one.user for one in page.readers if one.this_is_me}
    return tuple(one for one in seconds_asked(page.file.contents) if one.said_at is None and one.second in me)


def _decisions(facts: StepFacts) -> Options:
    names = facts.page.names
    return tuple(
        (one.decision.hex(), f"{one.what[0].upper()}{one.what[1:]}, by {names.get(one.decided_by) or 'a colleague'}")
        for one in _waiting(facts.page)
    )


def _refuses(_facts: StepFacts, answers: Answers) -> bool:
    return yes_no(answers, "agrees") is False


STEPS: tuple[Step, ...] = (
    Step(
        key="second-person", title="Second person",
        lead="Read the reasons in the file first. The decision counts once you have agreed, and not before.",
        save="Save", done="Saved. It reaches whoever decided with the next sync.", run=_answer,
        menu="Agree as second person", group="Risk", offered=lambda page: bool(_waiting(page)), clauses=("3.3", "4.3"),
        asks=(
            which("decision", "Which decision", _decisions, "Choose the decision."),
            Ask(name="agrees", kind=Answer.YES_NO, label="Do you agree?", need="Say whether you agree."),
            Ask(name="reasons", kind=Answer.WORDS, label="Why not", applies=_refuses),
        ),
    ),
)  # fmt: skip
