"""What is being typed, kept as it is typed."""

from __future__ import annotations

from core.services import drafts as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def save_draft(runner: Runner, name: str, *, body: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Done even if the person locks meanwhile. Answers with `Draft`."""
    arguments = {"name": name, "body": body}
    return operation(runner, services.save_draft, arguments, on_done=on_done, on_failed=on_failed, last_words=True)


def load_draft(runner: Runner, name: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Draft` or None."""
    return operation(runner, services.load_draft, {"name": name}, on_done=on_done, on_failed=on_failed)


def discard_draft(runner: Runner, name: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Done even if the person locks meanwhile. Answers with None."""
    arguments = {"name": name}
    return operation(runner, services.discard_draft, arguments, on_done=on_done, on_failed=on_failed, last_words=True)
