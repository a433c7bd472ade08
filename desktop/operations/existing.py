"""Whether there is a case already, and adding a report to it."""

from __future__ import annotations

from core.foundation.ids import RecordId
from core.services import existing as services
from core.services.existing import ReportSoFar
from core.services.report_form import ReportForm
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def find_existing(runner: Runner, report: ReportSoFar, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `ExistingCase`."""
    return operation(runner, services.find_existing, {"report": report}, on_done=on_done, on_failed=on_failed)


def add_report(runner: Runner, case: RecordId, form: ReportForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `ReportAdded`."""
    return operation(runner, services.add_report, {"case": case, "form": form}, on_done=on_done, on_failed=on_failed)
