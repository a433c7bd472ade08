"""Every page that adds one thing to a case, one declaration each."""

from __future__ import annotations

from core.domain.case import (
    HANDLING,
)
from core.foundation.errors import BugError
from core.foundation.ids import UserId
from desktop.background import Job, Receiver
from desktop.operations import cases, casework, notes
from desktop.operations.base import Runner
from desktop.operations.casework import Decision, Removal
from desktop.screens.step import reaching
from desktop.screens.step.chapters import CHAPTER_STEPS
from desktop.screens.step.chapters.second_person import ASKED_HINT, ASKED_LABEL, other_readers
from desktop.screens.step.choices import no_photo_before, photographs
from desktop.screens.step.declare import (
    Answer,
    Answers,
    Ask,
    Options,
    Step,
    StepFacts,
    moment,
    record_id,
    text,
    yes_no,
)


def step_named(key: str) -> Step:
    """The declaration of that name.

    Raises:
        BugError: there is none.
    """
    found = next((step for step in (*STEPS, *CHAPTER_STEPS) if step.key == key), None)
    if found is None:
        raise BugError(rule=f"there is a step called {key}")
    return found


# ------------------------------------------------------------------ what to choose from


def _now(facts: StepFacts) -> object:
    return facts.now.isoformat()


def _standing_graffiti(facts: StepFacts) -> Options:
    marks = [mark for mark in facts.page.file.contents.graffiti if mark.removed_at is None]
    return tuple((mark.id.hex(), mark.place or "Place not given") for mark in marks)


def _which_graffiti(facts: StepFacts) -> object:
    if facts.subject is not None:
        return facts.subject.hex()
    options = _standing_graffiti(facts)
    return options[0][0] if len(options) == 1 else ""


def _handling(facts: StepFacts) -> Options:
    return tuple(HANDLING.items())


def _handled_otherwise(facts: StepFacts, answers: Answers) -> bool:
    return text(answers, "handling") == "other"


def _could_read(facts: StepFacts) -> Options:
    return tuple((person.user.hex(), person.name or "A colleague") for person in facts.page.could_read)


# ------------------------------------------------------------------ what is done


def _note(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    case = facts.page.file.case.id
    return notes.add_note(runner, case, body=text(answers, "body"), on_done=on_done, on_failed=on_failed)


def _graffiti(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    return casework.report_graffiti(
        runner, facts.page.file.case.id, place=text(answers, "place"), notified_at=moment(answers, "notified_at"),
        on_done=on_done, on_failed=on_failed,
    )  # fmt: skip


def _removed(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    graffiti = record_id(answers, "graffiti")
    assert graffiti is not None, "the presenter asks for it"
    removal = Removal(
        removed_at=moment(answers, "removed_at"), photo_before=record_id(answers, "photo_before"),
        no_photo_because=text(answers, "no_photo_because"), photo_after=record_id(answers, "photo_after"),
    )  # fmt: skip
    return casework.mark_graffiti_removed(runner, graffiti, removal, on_done=on_done, on_failed=on_failed)


def _police(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    return casework.ask_police(
        runner, facts.page.file.case.id, asked_of=text(answers, "asked_of"), reference=text(answers, "reference"),
        on_done=on_done, on_failed=on_failed,
    )  # fmt: skip


def _association(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    return casework.tell_association(
        runner, facts.page.file.case.id, sent_to=text(answers, "sent_to"), words=text(answers, "words"),
        on_done=on_done, on_failed=on_failed,
    )  # fmt: skip


def _judgement(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    second = record_id(answers, "second_person")
    decision = Decision(
        handling=text(answers, "handling"), reasons=text(answers, "reasons"), evidence=text(answers, "evidence"),
        second_person=UserId(second) if second else None, person_told=yes_no(answers, "person_told"),
    )  # fmt: skip
    return casework.judge_handling(runner, facts.page.file.case.id, decision, on_done=on_done, on_failed=on_failed)


def _add_reader(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    user = record_id(answers, "user")
    assert user is not None, "the presenter asks for it"
    return cases.add_reader(
        runner, facts.page.file.case.id, UserId(user), reason=text(answers, "reason"), on_done=on_done,
        on_failed=on_failed,
    )  # fmt: skip


# ------------------------------------------------------------------ the pages

STEPS: tuple[Step, ...] = (
    *reaching.STEPS,
    Step(
        key="note", title="Note", lead="", save="Save note", done="Note saved.", run=_note,
        asks=(
            Ask(name="body", kind=Answer.NOTES, label="Note", hint="Write what you saw and heard."),
        ),
    ),
    Step(
        key="graffiti", title="Graffiti reported", clauses=("4.25", "6.3"),
        lead="Offensive graffiti has a clock of its own from when we were told.",
        save="Save", done="Saved. Its own clock has begun.", run=_graffiti,
        asks=(
            Ask(name="place", kind=Answer.LINE, label="Where is it?", hint="For example: stairwell, second floor"),
            Ask(name="notified_at", kind=Answer.MOMENT, label="When were we told?", start=_now),
        ),
    ),
    Step(
        key="graffiti-removed", title="Graffiti removed", lead="", save="Save", done="Marked as removed.", run=_removed,
        clauses=("4.25", "6.3"),
        asks=(
            Ask(
                name="graffiti", kind=Answer.ONE, label="Which graffiti?", options=_standing_graffiti,
                start=_which_graffiti, need="Choose which graffiti was removed.",
            ),
            Ask(name="removed_at", kind=Answer.MOMENT, label="When was it gone?", start=_now),
            Ask(
                name="photo_before", kind=Answer.FROM_LIST, label="Photograph from before", options=photographs,
                hint="Attach it under Files first. It is evidence once the wall is clean.", optional=True,
            ),
            Ask(
                name="no_photo_because", kind=Answer.LINE, label="Why is there no photograph from before?",
                applies=no_photo_before,
            ),
            Ask(
                name="photo_after", kind=Answer.FROM_LIST, label="Photograph from afterwards", options=photographs,
                optional=True,
            ),
        ),
    ),
    Step(
        key="police", title="Police asked to be seen more", lead="Ask for more patrols in the area.",
        clauses=("4.11",),
        save="Save", done="Request to the police saved.", run=_police,
        asks=(
            Ask(name="asked_of", kind=Answer.LINE, label="Which team was asked?"),
            Ask(name="reference", kind=Answer.LINE, label="Their reference", optional=True),
        ),
    ),
    Step(
        key="association", title="Tenants' association told", clauses=("4.12",),
        lead="They pass on that harassment is taken seriously. Name no person and no home.",
        save="Save", done="Message saved.", run=_association,
        asks=(
            Ask(name="sent_to", kind=Answer.LINE, label="Who was told?"),
            Ask(name="words", kind=Answer.WORDS, label="What was said?"),
        ),
    ),
    Step(
        key="judgement", title="Decision on how it is handled", clauses=("4.3",),
        lead="This stands beside what the person said and never replaces it.",
        save="Save decision", done="Decision saved.", run=_judgement,
        asks=(
            Ask(name="handling", kind=Answer.ONE, label="The case is", options=_handling),
            Ask(name="reasons", kind=Answer.WORDS, label="Reasons"),
            Ask(name="evidence", kind=Answer.WORDS, label="Evidence relied on", optional=True),
            Ask(
                name="second_person", kind=Answer.FROM_LIST, label=ASKED_LABEL, hint=ASKED_HINT,
                options=other_readers, applies=_handled_otherwise,
            ),
            Ask(name="person_told", kind=Answer.YES_NO, label="Has the person been told?", optional=True),
        ),
    ),
    Step(
        key="reader", title="Let somebody else read it", clauses=("4.31",),
        lead="They can read the whole file, from its beginning, after the next sync. This cannot be taken back.",
        save="Give access", done="Access given. It reaches them with the next sync.", run=_add_reader,
        asks=(
            Ask(name="user", kind=Answer.FROM_LIST, label="Who", options=_could_read, need="Choose who may read it."),
            Ask(name="reason", kind=Answer.LINE, label="Why they need to read it"),
        ),
    ),
)  # fmt: skip
