"""What is missing, over all the cases this person may read."""

from __future__ import annotations

from core.services import mirror as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def mirror_over_cases(
    runner: Runner, *, closed: bool, on_done: Receiver, on_failed: Receiver, on_progress: Receiver
) -> Job:
    """Answers with a tuple of `core.services.mirror.MirrorRow`, those with most to mend first."""
    return operation(
        runner, services.mirror_over_cases, {"closed": closed}, on_done=on_done, on_failed=on_failed,
        on_progress=on_progress,
    )  # fmt: skip
