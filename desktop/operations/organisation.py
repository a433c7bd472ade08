"""The organisation and its people."""

from __future__ import annotations

from core.services import organisation as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def members(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `MemberRow`, by name."""
    return operation(runner, services.members, {}, on_done=on_done, on_failed=on_failed)
