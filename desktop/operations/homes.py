"""Homes: look one up."""

from __future__ import annotations

from core.services import homes as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def find_homes(runner: Runner, *, words: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `Home`, an exact house number first."""
    return operation(runner, services.find_homes, {"words": words}, on_done=on_done, on_failed=on_failed)
