"""A backup of this workbook."""

from __future__ import annotations

from pathlib import Path

from core.services import backups as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def backup(
    runner: Runner,
    destination: Path,
    *,
    on_done: Receiver,
    on_failed: Receiver,
    on_cancelled: Receiver,
    on_progress: Receiver,
) -> Job:
    """Answers with `BackupMade`. Stopped or failed, an older file of that name is untouched."""
    return operation(
        runner, services.backup, {"destination": destination},
        on_done=on_done, on_failed=on_failed, on_cancelled=on_cancelled, on_progress=on_progress,
    )  # fmt: skip
