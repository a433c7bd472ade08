"""Holding a case and deleting it for good. Each answers with `core.services.casework.StepRecorded`."""

from __future__ import annotations

from core.foundation.ids import RecordId
from core.services import retention as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def ask_deletion(
    runner: Runner, case: RecordId, *, reason: str, words: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Ask to delete a case for good."""
    arguments = {"case": case, "reason": reason, "words": words}
    return operation(runner, services.ask_deletion, arguments, on_done=on_done, on_failed=on_failed)


def agree_deletion(runner: Runner, deletion: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Agree as the second person."""
    return operation(runner, services.agree_deletion, {"deletion": deletion}, on_done=on_done, on_failed=on_failed)


def withdraw_deletion(runner: Runner, deletion: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """The case is not deleted."""
    return operation(runner, services.withdraw_deletion, {"deletion": deletion}, on_done=on_done, on_failed=on_failed)


def hold_case(runner: Runner, case: RecordId, *, reason: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Nothing of the case may be deleted."""
    arguments = {"case": case, "reason": reason}
    return operation(runner, services.hold_case, arguments, on_done=on_done, on_failed=on_failed)


def lift_hold(runner: Runner, hold: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """The reason for a hold is over."""
    return operation(runner, services.lift_hold, {"hold": hold}, on_done=on_done, on_failed=on_failed)
