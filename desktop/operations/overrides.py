"""Letting in somebody who is kept out of a case."""

from __future__ import annotations

from core.foundation.ids import RecordId, UserId
from core.services import overrides
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def ask_override(
    runner: Runner, case: RecordId, user: UserId, *, reason: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `OverrideRequest`."""
    arguments = {"case": case, "user": user, "reason": reason}
    return operation(runner, overrides.ask_override, arguments, on_done=on_done, on_failed=on_failed)


def read_request(runner: Runner, *, text: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `OverrideRequest`."""
    return operation(runner, overrides.read_request, {"text": text}, on_done=on_done, on_failed=on_failed)


def sign_request(runner: Runner, *, text: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with the text to give back."""
    return operation(runner, overrides.sign_request, {"text": text}, on_done=on_done, on_failed=on_failed)


def let_in_anyway(
    runner: Runner, case: RecordId, *, text: str, answers: tuple[str, ...], on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `LetIn`."""
    arguments = {"case": case, "text": text, "answers": answers}
    return operation(runner, overrides.let_in_anyway, arguments, on_done=on_done, on_failed=on_failed)
