"""How somebody sees what happened. Answers with `core.services.casework.StepRecorded`."""

from __future__ import annotations

from core.foundation.ids import RecordId
from core.services import perceptions as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def note_perception(
    runner: Runner, case: RecordId, *, perceived_by: str, strands: frozenset[str], on_done: Receiver,
    on_failed: Receiver,
) -> Job:  # fmt: skip
    """One more word on what is behind it."""
    arguments = {"case": case, "perceived_by": perceived_by, "strands": strands}
    return operation(runner, services.note_perception, arguments, on_done=on_done, on_failed=on_failed)
