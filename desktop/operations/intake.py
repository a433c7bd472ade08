"""What comes to a case after its first report. Each answers with `core.services.casework.StepRecorded`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.foundation.ids import RecordId
from core.services import intake as services
from core.services.casework import StepRecorded
from core.services.intake import NewPersonForm, PersonChangesForm, PersonFateForm, ReportFateForm
from core.services.report_form import IncidentForm, SeenForm
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation

Said = Mapping[str, object]
"""What was answered, by the names of the service's arguments."""


def add_incident(runner: Runner, case: RecordId, form: IncidentForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """One more incident."""
    return _run(runner, services.add_incident, {"case": case, "form": form}, on_done, on_failed)


def add_perception(runner: Runner, case: RecordId, form: SeenForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """How one more person sees it."""
    return _run(runner, services.add_perception, {"case": case, "form": form}, on_done, on_failed)


def add_person(runner: Runner, form: NewPersonForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """One more person in a case."""
    return _run(runner, services.add_person, {"form": form}, on_done, on_failed)


def change_person(runner: Runner, form: PersonChangesForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """More about a person."""
    return _run(runner, services.change_person, {"form": form}, on_done, on_failed)


def note_report_fate(runner: Runner, form: ReportFateForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """What a report turned out to be."""
    return _run(runner, services.note_report_fate, {"form": form}, on_done, on_failed)


def note_person_fate(runner: Runner, form: PersonFateForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """What became of a person."""
    return _run(runner, services.note_person_fate, {"form": form}, on_done, on_failed)


def new_home(runner: Runner, party: RecordId, *, address: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Where somebody lives now."""
    return _run(runner, services.new_home, {"party": party, "address": address}, on_done, on_failed)


def _run(
    runner: Runner, service: Callable[..., StepRecorded], said: Said, on_done: Receiver, on_failed: Receiver
) -> Job:
    return operation(runner, service, said, on_done=on_done, on_failed=on_failed)
