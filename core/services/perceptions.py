"""How somebody sees what happened, said after the report (policy 4.1, 4.2). What was said before stays."""

from __future__ import annotations

from core.domain.case import PERCEIVERS, STRANDS, Case, Perception
from core.foundation.ids import RecordId
from core.services.casework import StepRecorded
from core.services.forms import Problems
from core.services.workspace import Workspace


def note_perception(
    workspace: Workspace, *, case: RecordId, perceived_by: str, strands: frozenset[str]
) -> StepRecorded:
    """Somebody said what they think is behind it. One more word beside the others, never in their place.

    Raises:
        FormIncomplete: nobody said who sees it so, or what they think is behind it.
    """
    problems = Problems()
    problems.need(perceived_by in PERCEIVERS, "perceived_by", "Choose who sees it that way.")
    problems.need(strands, "strands", "Tick what they think is behind it, or that no reason is known.")
    problems.among(strands, STRANDS, "strands")
    problems.settle()
    found = workspace.store.get(Case, case)
    with workspace.store.unit("note-perception") as (unit, outcome):
        record = unit.create(
            Perception, found.stream, case=case, perceived_by=perceived_by, is_harassment=True, strands=strands,
            stated_at=workspace.parts.clock.now(),
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)
