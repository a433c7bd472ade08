"""Look for anything by what somebody types."""

from __future__ import annotations

from core.services import lookup
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def find_anywhere(runner: Runner, *, words: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `core.services.lookup.Found`."""
    return operation(runner, lookup.find_anywhere, {"words": words}, on_done=on_done, on_failed=on_failed)
