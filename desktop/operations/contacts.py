"""Contact with the person."""

from __future__ import annotations

from core.services import contacts as services
from core.services import safe_ways
from core.services.contacts import ContactForm
from core.services.safe_ways import SafeWaysForm
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def record_contact(runner: Runner, form: ContactForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `ContactRecorded`."""
    return operation(runner, services.record_contact, {"form": form}, on_done=on_done, on_failed=on_failed)


def check_safe_ways(runner: Runner, form: SafeWaysForm, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `StepRecorded`."""
    return operation(runner, safe_ways.check_safe_ways, {"form": form}, on_done=on_done, on_failed=on_failed)
