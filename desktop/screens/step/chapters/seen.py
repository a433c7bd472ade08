"""How somebody sees what happened, where it was not asked with the report (policy 4.1, 4.2)."""

from __future__ import annotations

from core.domain.case import PERCEIVERS, STRANDS
from desktop.background import Job, Receiver
from desktop.operations import perceptions
from desktop.operations.base import Runner
from desktop.screens.step.choices import always, one_of
from desktop.screens.step.declare import Answer, Answers, Ask, Step, StepFacts, some, text


def _note(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    return perceptions.note_perception(
        runner, facts.page.file.case.id, perceived_by=text(answers, "perceived_by"), strands=some(answers, "strands"),
        on_done=on_done, on_failed=on_failed,
    )  # fmt: skip


STEPS: tuple[Step, ...] = (
    Step(
        key="perception", title="How somebody sees it",
        lead="What they think is behind it, whether or not the person belongs to that group. What was said before "
        "stays.",
        save="Save", done="Saved.", run=_note,
        menu="How somebody sees it", group="Wishes, support and plan", offered=always, clauses=("4.1", "4.2"),
        asks=(
            Ask(name="perceived_by", kind=Answer.ONE, label="Who sees it that way", options=one_of(PERCEIVERS)),
            Ask(
                name="strands", kind=Answer.SOME, label="What they think is behind it", options=one_of(STRANDS),
                hint="Several may apply. Race, religion, disability, sexual orientation and transgender identity are "
                "counted for the regulator.",
            ),
        ),
    ),
)  # fmt: skip
