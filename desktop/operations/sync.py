"""Exchange with the others through the shared folder."""

from __future__ import annotations

from pathlib import Path

from core.services import sync as services
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def sync_state(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `SyncState`, without touching the folder."""
    return operation(runner, services.sync_state, {}, on_done=on_done, on_failed=on_failed)


def choose_folder(runner: Runner, folder: Path, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `FolderChosen`."""
    return operation(runner, services.choose_folder, {"folder": folder}, on_done=on_done, on_failed=on_failed)


def sync_now(
    runner: Runner,
    *,
    everything: bool = False,
    on_done: Receiver,
    on_failed: Receiver,
    on_cancelled: Receiver,
    on_progress: Receiver,
) -> Job:
    """Answers with `SyncReport`. Stopped anywhere, the next one goes on."""
    return operation(
        runner, services.sync_now, {"everything": everything},
        on_done=on_done, on_failed=on_failed, on_cancelled=on_cancelled, on_progress=on_progress,
    )  # fmt: skip
