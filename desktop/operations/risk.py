"""Risk, domestic abuse and safeguarding. Each answers with `core.services.casework.StepRecorded`."""

from __future__ import annotations

from collections.abc import Mapping

from core.foundation.ids import RecordId
from core.services import risk as services
from core.services.risk import RespondentForm, RiskForm
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def assess_risk(runner: Runner, form: RiskForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Assess the risk to one person harmed."""
    return operation(runner, services.assess_risk, {"form": form}, on_done=on_done, on_failed=on_failed)


def assess_respondent(runner: Runner, form: RespondentForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Weigh what must be weighed before a court is asked."""
    return operation(runner, services.assess_respondent, {"form": form}, on_done=on_done, on_failed=on_failed)


def note_domestic_abuse(
    runner: Runner, case: RecordId, noted: Mapping[str, object], *, on_done: Receiver, on_failed: Receiver
) -> Job:
    """The case goes the path of domestic abuse."""
    arguments = {"case": case, **noted}
    return operation(runner, services.note_domestic_abuse, arguments, on_done=on_done, on_failed=on_failed)


def tell_concern(runner: Runner, said: Mapping[str, object], *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Who was told of a safeguarding concern, or why nobody is."""
    return operation(runner, services.tell_concern, dict(said), on_done=on_done, on_failed=on_failed)


def note_concern(
    runner: Runner, case: RecordId, noted: Mapping[str, object], *, on_done: Receiver, on_failed: Receiver
) -> Job:
    """A safeguarding concern."""
    return operation(runner, services.note_concern, {"case": case, **noted}, on_done=on_done, on_failed=on_failed)
