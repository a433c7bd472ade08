"""Notes on a case."""

from __future__ import annotations

from core.foundation.ids import RecordId
from core.services import notes as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def add_note(runner: Runner, case: RecordId, *, body: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `NoteAdded`."""
    return operation(runner, services.add_note, {"case": case, "body": body}, on_done=on_done, on_failed=on_failed)
