"""What is due, and what was left unfinished."""

from __future__ import annotations

from core.services import today as services
from core.services import unfinished
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def today(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `core.services.today.Today`."""
    return operation(runner, services.today, {}, on_done=on_done, on_failed=on_failed)


def list_unfinished(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `core.services.unfinished.Unfinished`, newest first."""
    return operation(runner, unfinished.list_unfinished, {}, on_done=on_done, on_failed=on_failed)
