"""A second person for letters to an area: who could agree, and that they did (policy 4.12, 4.31)."""

from __future__ import annotations

from core.domain.letters import LetterRun
from core.foundation.ids import RecordId
from core.services.access import readers_of
from core.services.casework import StepRecorded
from core.services.forms import Problems
from core.services.workspace import Workspace


def needs_second_person(workspace: Workspace, *, case: RecordId) -> bool:
    """Whether somebody else agrees before letters are made: the policy pack asks for it, and somebody could.

    Where nobody else reads the case there is nobody to ask; the one person who works on it decides.
    """
    asked = workspace.pack.area_letters.second_person_approves
    return asked and any(not row.this_is_me for row in readers_of(workspace, case))


def approve_area_letters(workspace: Workspace, *, run: RecordId, reason: str = "") -> StepRecorded:
    """Agree to the letters of a run somebody else planned. `reason`: where words could give somebody away.

    Raises:
        FormIncomplete: whoever planned it cannot agree, it does not wait, or nobody said why it goes out all the same.
    """
    found = workspace.store.get(LetterRun, run)
    problems = Problems()
    problems.need(found.state == "waiting", "run", "These letters do not wait for anybody.")
    problems.need(found.planned_by != workspace.user, "run", "Somebody who did not plan these letters agrees to them.")
    why = "Words in them could give somebody away. Say why they go out all the same."
    problems.need(not found.hits or reason.strip(), "reason", why)
    problems.settle()
    with workspace.store.unit("approve-area-letters") as (unit, outcome):
        unit.update(
            LetterRun, run, state="making", approved_at=workspace.parts.clock.now(), approved_by=workspace.user,
            override_reason=reason.strip(),
        )  # fmt: skip
    return StepRecorded(run, outcome.changed)
