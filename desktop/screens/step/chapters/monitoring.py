"""Equality questions to one person (policy 6.1): each may be left open, or answered with not wanting to say."""

from __future__ import annotations

from core.domain.monitoring import DECLARED_BY, Monitoring
from core.foundation.ids import RecordId
from core.policy.figures_people import CHARACTERISTICS, answers_of
from core.services.case_page import CasePage
from core.services.monitoring import MonitoringForm
from desktop.background import Job, Receiver
from desktop.operations import monitoring
from desktop.operations.base import Runner
from desktop.screens.step.choices import one_of, people_of
from desktop.screens.step.declare import Answer, Answers, Ask, Options, Step, StepFacts, record_id, text, yes_no

_QUESTIONS = {name: Monitoring.SPEC.fields[name] for name in CHARACTERISTICS}


def _note(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    form = MonitoringForm(
        case=facts.page.file.case.id, party=record_id(answers, "party") or _only(facts),
        declared_by=text(answers, "declared_by") or "themselves",
        answers={name: text(answers, name) for name in CHARACTERISTICS}, informed=yes_no(answers, "informed"),
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


def _take_back(runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver) -> Job:
    answered = _answered(facts)
    only = RecordId(bytes.fromhex(str(answered[0][0]))) if len(answered) == 1 else None
    party = record_id(answers, "party") or only
    return monitoring.take_back_monitoring(runner, facts.page.file.case.id, party, on_done=on_done, on_failed=on_failed)


def _answered(facts: StepFacts) -> Options:
    """Who has answered, without what."""
    contents = facts.page.file.contents
    return tuple(
        (party.id.hex(), party.name or "Name not given")
        for party in contents.parties
        if answers_of(contents, party.id) is not None
    )


def _several_answered(facts: StepFacts, answers: Answers) -> bool:
    del answers
    return len(_answered(facts)) > 1


def _has_answers(page: CasePage) -> bool:
    return any(answers_of(page.file.contents, party.id) is not None for party in page.file.contents.parties)


def _who_could_read(facts: StepFacts) -> str:
    names = ", ".join(one.name for one in facts.page.readers if one.name)
    return f"They hold the keys of this file: {names}." if names else "Whoever reads this file holds its keys."


def _asks(facts: StepFacts) -> tuple[Ask, ...]:
    """The questions, after saying who could read the answers. What was answered before is not shown again."""
    return (
        Ask(
            name="party", kind=Answer.FROM_LIST, label="Who", options=_people, applies=_several,
            need="Choose who answered.",
        ),
        Ask(
            name="informed", kind=Answer.YES_NO, label="Do they know who could read it, and want to answer?",
            hint=_who_could_read(facts), need="Say whether they know who could read it.",
        ),
        *(
            Ask(name=name, kind=Answer.FROM_LIST, label=spec.label, options=one_of(spec.choices), optional=True)
            for name, spec in _QUESTIONS.items()
        ),
        Ask(
            name="declared_by", kind=Answer.ONE, label="Who gave the answers", options=one_of(DECLARED_BY),
            start=_themselves,
        ),
    )  # fmt: skip


def _themselves(facts: StepFacts) -> object:
    del facts
    return "themselves"


def _has_people(page: CasePage) -> bool:
    return bool(page.file.contents.parties)


STEPS: tuple[Step, ...] = (
    Step(
        key="monitoring", title="Equality questions",
        lead="Only what the person says of themselves, and only if they want to. Nothing is assumed. No "
        "page shows an answer again; only figures count them, and those for the committee hide small numbers.",
        save="Save", done="Saved.", run=_note,
        menu="Equality questions", group="Wishes, support and plan", offered=_has_people, clauses=("6.1",),
        asks=(), asks_from=_asks,
    ),
    Step(
        key="monitoring-back", title="Equality answers taken back",
        lead="Somebody takes back what they said of themselves. From now on they count as never having been asked.",
        save="Take them back", done="Taken back.", run=_take_back,
        menu="Equality answers taken back", group="Wishes, support and plan", offered=_has_answers, clauses=("6.1",),
        asks=(
            Ask(
                name="party", kind=Answer.FROM_LIST, label="Who", options=_answered, applies=_several_answered,
                need="Choose who takes it back.",
            ),
        ),
    ),
)  # fmt: skip
