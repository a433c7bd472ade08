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


def note_monitoring(workspace: Workspace, *, form: MonitoringForm) -> StepRecorded:
    """Keep the answers beside those given before; the latest hold.

    Raises:
        FormIncomplete: nobody was named, nothing was answered, or an answer is none there is.
    """
    given = {name: code for name, code in form.answers.items() if code}
    problems = Problems()
    problems.need(form.party is not None, "party", "Choose who answered.")
    problems.need(form.declared_by in DECLARED_BY, "declared_by", "Say who gave the answers.")
    problems.among(given, CHARACTERISTICS, "ethnic_group")
    for name, code in given.items():
        if name in CHARACTERISTICS:
            problems.among({code}, Monitoring.SPEC.fields[name].choices, name)
    problems.need(given, "ethnic_group", "Answer at least one question, also that the person would rather not say.")
    problems.settle()
    found = workspace.store.get(Case, form.case)
    with workspace.store.unit("note-monitoring") as (unit, outcome):
        record = unit.create(
            Monitoring, found.stream, case=form.case, party=form.party, asked_at=workspace.parts.clock.now(),
            asked_by=workspace.user, declared_by=form.declared_by, **given,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def _tell(one: Monitoring, names: Names) -> Iterator[TimelineEntry | None]:
    """That they were asked. What they said of themselves is no part of the story."""
    yield entry(one, one.asked_at, "Equality questions asked", names.get(one.asked_by, ""), "")


TELLERS: dict[str, Teller] = {Monitoring.SPEC.name: _tell}
