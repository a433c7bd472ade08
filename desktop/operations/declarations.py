"""What somebody says about themselves before they open a case for the first time."""

from __future__ import annotations

from core.foundation.ids import RecordId
from core.services import declarations
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def declaration_of(runner: Runner, case: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `DeclarationPage`."""
    return operation(runner, declarations.declaration_of, {"case": case}, on_done=on_done, on_failed=on_failed)


def declare(
    runner: Runner, case: RecordId, *, connected: bool | None, how: str, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `Declared`."""
    arguments = {"case": case, "connected": connected, "how": how}
    return operation(runner, declarations.declare, arguments, on_done=on_done, on_failed=on_failed)
