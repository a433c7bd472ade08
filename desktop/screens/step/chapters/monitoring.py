"""Equality questions to one person (policy 6.1): each may be left open, or answered with not wanting to say."""

from __future__ import annotations

from collections.abc import Callable

from core.domain.monitoring import DECLARED_BY, Monitoring
from core.foundation.ids import RecordId
from core.policy.figures_people import CHARACTERISTICS, answers_of
from core.services.case_page import CasePage
from core.services.monitoring import MonitoringForm
from desktop.background import Job, Receiver
from desktop.operations import monitoring
from desktop.operations.base import Runner
from desktop.screens.step.choices import one_of, people_of
from desktop.screens.step.declare import Answer, Answers, Ask, Options, Step, StepFacts, record_id, text

_QUESTIONS = {name: Monitoring.SPEC.fields[name] for name in CHARACTERISTICS}


def _note(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = MonitoringForm(
        case=facts.page.file.case.id, party=record_id(answers, "party") or _only(facts),
        declared_by=text(answers, "declared_by") or "themselves",
        answers={name: text(answers, name) for name in CHARACTERISTICS},
    )  # fmt: skip
    return monitoring.note_monitoring(runner, form, on_done=on_done, on_failed=on_failed)


def _people(facts: StepFacts) -> Options:
    return people_of(facts.page)


def _several(facts: StepFacts, answers: Answers) -> bool:
    del answers
    return len(facts.page.file.contents.parties) > 1


def _only(facts: StepFacts) -> RecordId | None:
    parties = facts.page.file.contents.parties
    return parties[0].id if len(parties) == 1 else None


def _said_before(name: str) -> Callable[[StepFacts], object]:
    """The latest answer, where only one person can be meant."""

    def start(facts: StepFacts) -> object:
        party = _only(facts)
        latest = answers_of(facts.page.file.contents, party) if party is not None else None
        return getattr(latest, name) if latest is not None else ""

    return start


def _themselves(facts: StepFacts) -> object:
    del facts
    return "themselves"


def _has_people(page: CasePage) -> bool:
    return bool(page.file.contents.parties)


STEPS: tuple[Step, ...] = (
    Step(
        key="monitoring", title="Equality questions",
        lead="Policy 6.1: only what the person says of themselves, and only if they want to. Nothing is assumed. The "
        "answers stay in this file; figures made of them hide small numbers.",
        save="Save", done="Saved.", run=_note,
        menu="Equality questions", group="Wishes, support and plan", offered=_has_people, clauses=("6.1",),
        asks=(
            Ask(
                name="party", kind=Answer.FROM_LIST, label="Who", options=_people, applies=_several,
                need="Choose who answered.",
            ),
            *(
                Ask(
                    name=name, kind=Answer.FROM_LIST, label=spec.label, options=one_of(spec.choices), optional=True,
                    start=_said_before(name),
                )
                for name, spec in _QUESTIONS.items()
            ),
            Ask(
                name="declared_by", kind=Answer.ONE, label="Who gave the answers", options=one_of(DECLARED_BY),
                start=_themselves,
            ),
        ),
    ),
)  # fmt: skip
