"""The language and format somebody needs in writing (policy 6.5)."""

from __future__ import annotations

from core.domain.case import Party
from core.domain.estate import FORMATS
from core.services.case_page import CasePage
from desktop.background import Job, Receiver
from desktop.operations import plans
from desktop.operations.base import Runner
from desktop.screens.step.choices import one_of
from desktop.screens.step.declare import Answer, Answers, Ask, Options, Step, StepFacts, record_id, text


def _note(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    said = {
        "case": facts.page.file.case.id, "party": record_id(answers, "party"),
        "format_needed": text(answers, "format_needed"), "language": text(answers, "language"),
    }  # fmt: skip
    return plans.note_needs(runner, said, on_done=on_done, on_failed=on_failed)


def _people(facts: StepFacts) -> Options:
    return tuple((one.id.hex(), one.name or "Somebody not named") for one in facts.page.file.contents.parties)


def _has_people(page: CasePage) -> bool:
    return bool(page.file.contents.parties)


def _meant(facts: StepFacts) -> Party | None:
    found = facts.page.file.contents.parties
    return next((one for one in found if one.id == facts.subject), found[0] if len(found) == 1 else None)


def _first(facts: StepFacts) -> object:
    meant = _meant(facts)
    return meant.id.hex() if meant else None


def _format(facts: StepFacts) -> object:
    meant = _meant(facts)
    return meant.format_needed if meant and meant.format_needed in FORMATS else None


def _language(facts: StepFacts) -> object:
    meant = _meant(facts)
    return meant.language if meant and meant.language else None


STEPS: tuple[Step, ...] = (
    Step(
        key="needs", title="Language and format somebody needs",
        lead="Whatever is given to them in writing follows it. The usual print is refused where another is needed.",
        save="Save", done="Saved.", run=_note,
        menu="Language and format somebody needs", offered=_has_people, clauses=("6.5",),
        asks=(
            Ask(name="party", kind=Answer.FROM_LIST, label="Who", options=_people, start=_first,
                need="Choose who."),
            Ask(name="format_needed", kind=Answer.FROM_LIST, label="Format", options=one_of(FORMATS), start=_format,
                need="Choose the format."),
            Ask(name="language", kind=Answer.LINE, label="Language they read", start=_language, optional=True,
                hint="As a short code: en for English, so for Somali, cy for Welsh."),
        ),
    ),
)  # fmt: skip
