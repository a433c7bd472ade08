"""The rest of a run cancelled, and marked so for ever: what was made stays as it was (policy 4.12)."""

from __future__ import annotations

from core.domain.letters import LetterRecord, LetterRun
from core.foundation.ids import RecordId
from core.services.casework import StepRecorded
from core.services.forms import Problems
from core.services.workspace import Workspace
from core.store.store import table_of


def cancel_area_letters(workspace: Workspace, *, run: RecordId, reason: str) -> StepRecorded:
    """No letter of this run is made any more; each home that would have got one is told apart with the reason.

    Raises:
        NotFound: there is no such run in this vault.
        FormIncomplete: nobody says why, or nothing is left to make.
    """
    found = workspace.store.get(LetterRun, run)
    table = table_of(LetterRecord)
    left = workspace.store.select(LetterRecord, table.c.run == run, table.c.state == "queued")
    problems = Problems()
    problems.need(reason.strip(), "cancel_reason", "Say why these letters are cancelled.")
    problems.need(left, "cancel_reason", "Nothing of these letters is left to make.")
    problems.settle()
    with workspace.store.unit("cancel-area-letters") as (unit, outcome):
        unit.read_ahead(LetterRecord, [letter.id for letter in left])
        for letter in left:
            unit.update(LetterRecord, letter.id, state="left-out", why=f"Cancelled: {reason.strip()}")
        unit.update(LetterRun, run, state="stopped", finished_at=workspace.parts.clock.now())
    return StepRecorded(found.id, outcome.changed)
