"""Equality questions. Answers with `core.services.casework.StepRecorded`."""

from __future__ import annotations

from core.foundation.ids import RecordId
from core.services import monitoring as services
from core.services.monitoring import MonitoringForm
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def note_monitoring(runner: Runner, form: MonitoringForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """What somebody said of themselves."""
    return operation(runner, services.note_monitoring, {"form": form}, on_done=on_done, on_failed=on_failed)


def take_back_monitoring(
    runner: Runner, case: RecordId, party: RecordId | None, *, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Somebody takes back what they said of themselves."""
    arguments = {"case": case, "party": party}
    return operation(runner, services.take_back_monitoring, arguments, on_done=on_done, on_failed=on_failed)
