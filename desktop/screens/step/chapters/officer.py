"""A private interview offered, which officer somebody asked for, and whether it could be met (policy 4.26, 4.27)."""

from __future__ import annotations

from core.domain.interview import OFFER_SAID, REQUESTS
from core.services.officers import OfficerForm
from desktop.background import Job, Receiver
from desktop.operations import interview_record
from desktop.operations.base import Runner
from desktop.screens.step.choices import is_open, now, one_of, who
from desktop.screens.step.declare import Answer, Answers, Ask, Step, StepFacts, moment, record_id, some, text, yes_no


def _wish(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = OfficerForm(
        case=facts.page.file.case.id, said_at=moment(answers, "said_at"), party=record_id(answers, "party"),
        wants=some(answers, "wants"), wants_interpreter=some(answers, "wants_interpreter"),
        met=yes_no(answers, "met"), not_met_because=text(answers, "not_met_because"),
    )  # fmt: skip
    return interview_record.record_officer_wish(runner, form, on_done=on_done, on_failed=on_failed)


def _offer(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        "offered_at": moment(answers, "offered_at"), "answer": text(answers, "answer"), "words": text(answers, "words"),
        "party": record_id(answers, "party"),
    }  # fmt: skip
    case = facts.page.file.case.id
    return interview_record.record_interview_offer(runner, case, said, on_done=on_done, on_failed=on_failed)


def _wants_somebody(_facts: StepFacts, answers: Answers) -> bool:
    return bool(some(answers, "wants") or some(answers, "wants_interpreter"))


def _not_met(facts: StepFacts, answers: Answers) -> bool:
    return _wants_somebody(facts, answers) and yes_no(answers, "met") is False


STEPS: tuple[Step, ...] = (
    Step(
        key="interview-offer", title="Private interview offered",
        lead="Everybody harmed may talk with us where nobody else can hear. An offer that was declined is kept, too.",
        save="Save", done="Saved.", run=_offer,
        menu="Private interview offered", group="Wishes, support and plan", offered=is_open, clauses=("4.26",),
        asks=(
            who("To whom"),
            Ask(name="offered_at", kind=Answer.MOMENT, label="When it was offered", start=now),
            Ask(name="answer", kind=Answer.ONE, label="What they said", options=one_of(OFFER_SAID)),
            Ask(name="words", kind=Answer.LINE, label="In their words", optional=True),
        ),
    ),
    Step(
        key="officer-wish", title="Officer asked for",
        lead="Everybody may ask for an officer and an interpreter of the same sex, the same ethnic origin, or both.",
        save="Save", done="Saved.", run=_wish,
        menu="Officer asked for", group="Wishes, support and plan", offered=is_open, clauses=("4.27",),
        asks=(
            who("Who asked"),
            Ask(name="said_at", kind=Answer.MOMENT, label="When they said so", start=now),
            Ask(
                name="wants", kind=Answer.SOME, label="Officer they want", options=one_of(REQUESTS), optional=True,
                hint="Nothing ticked: nobody in particular. It takes the place of what they said before.",
            ),
            Ask(
                name="wants_interpreter", kind=Answer.SOME, label="Interpreter they want", options=one_of(REQUESTS),
                optional=True,
            ),
            Ask(
                name="met", kind=Answer.YES_NO, label="Could it be met?", applies=_wants_somebody, optional=True,
                hint="Leave it open until you know.",
            ),
            Ask(name="not_met_because", kind=Answer.LINE, label="Why not", applies=_not_met),
        ),
    ),
)  # fmt: skip
