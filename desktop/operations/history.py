"""Who changed what, when, on which laptop."""

from __future__ import annotations

from core.foundation.ids import RecordId
from core.services import history as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def history_of_case(runner: Runner, case: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `HistoryRow`, newest first."""
    return operation(runner, services.history_of_case, {"case": case}, on_done=on_done, on_failed=on_failed)
