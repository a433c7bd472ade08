"""Equality questions, answered by the person about themselves (policy 6.1). Each may be left open or declined."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.domain.case import Case
from core.domain.monitoring import DECLARED_BY, Monitoring
from core.foundation.ids import RecordId
from core.policy.figures_people import CHARACTERISTICS
from core.services.casework import StepRecorded
from core.services.forms import Problems
from core.services.telling import Names, Teller, TimelineEntry, entry
from core.services.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringForm:
    """What one person said of themselves. `answers`: characteristic -> code; one that is missing was not asked."""

    case: RecordId
    party: RecordId | None
    answers: Mapping[str, str]
    declared_by: str = "themselves"
    informed: bool | None = None
    """Whether they were told first who could read the answers."""


def note_monitoring(workspace: Workspace, *, form: MonitoringForm) -> StepRecorded:
    """Keep the answers beside those given before; the latest hold.

    Raises:
        FormIncomplete: nobody was named or told who could read it, nothing was answered, or an answer is none there is.
    """
    given = {name: code for name, code in form.answers.items() if code}
    problems = Problems()
    problems.need(form.party is not None, "party", "Choose who answered.")
    problems.need(form.declared_by in DECLARED_BY, "declared_by", "Say who gave the answers.")
    problems.among(given, CHARACTERISTICS, "ethnic_group")
    for name, code in given.items():
        if name in CHARACTERISTICS:
            problems.among({code}, Monitoring.SPEC.fields[name].choices, name)
    problems.need(form.informed, "informed", "Tell them first who could read the answers, and whether they want to.")
    problems.need(given, "ethnic_group", "Answer at least one question, also that the person would rather not say.")
    problems.settle()
    found = workspace.store.get(Case, form.case)
    with workspace.store.unit("note-monitoring") as (unit, outcome):
        record = unit.create(
            Monitoring, found.stream, case=form.case, party=form.party, asked_at=workspace.parts.clock.now(),
            asked_by=workspace.user, declared_by=form.declared_by, informed=True, **given,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def take_back_monitoring(workspace: Workspace, *, case: RecordId, party: RecordId | None) -> StepRecorded:
    """The person takes back what they said of themselves: from now on it counts as never having been asked (6.1).

    Raises:
        FormIncomplete: nobody was named, or they answered nothing.
    """
    answered = [one for one in workspace.store.select(Monitoring) if one.case == case and one.party == party]
    problems = Problems()
    problems.need(party is not None, "party", "Choose who takes it back.")
    problems.need(party is None or answered, "party", "They have answered nothing.")
    problems.settle()
    with workspace.store.unit("take-back-monitoring") as (unit, outcome):
        for one in answered:
            unit.delete(Monitoring, one.id)
    return StepRecorded(answered[-1].id, outcome.changed)


def _tell(one: Monitoring, names: Names) -> Iterator[TimelineEntry | None]:
    """That they were asked. What they said of themselves is no part of the story."""
    yield entry(one, one.asked_at, "Equality questions asked", names.get(one.asked_by, ""), "")


TELLERS: dict[str, Teller] = {Monitoring.SPEC.name: _tell}
