"""Homes: look one up, list them, bring in a list."""

from __future__ import annotations

from pathlib import Path

from core.services import homes as services
from core.services.homes import AreaRow, ColumnMatch, HomesPlan, ImportPreview
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def find_homes(runner: Runner, *, words: str, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `Home`, an exact house number first."""
    return operation(runner, services.find_homes, {"words": words}, on_done=on_done, on_failed=on_failed)


def list_homes(runner: Runner, *, words: str, area: AreaRow | None, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `HomesList`."""
    arguments = {"words": words, "area": area}
    return operation(runner, services.list_homes, arguments, on_done=on_done, on_failed=on_failed)


def preview_import(
    runner: Runner,
    path: Path,
    *,
    earlier: ImportPreview | None = None,
    match: ColumnMatch | None = None,
    on_done: Receiver,
    on_failed: Receiver,
    on_cancelled: Receiver,
    on_progress: Receiver,
) -> Job:
    """Answers with `ImportPreview`. With an `earlier` one the file is not read again."""
    arguments = {"path": path, "match": match, "table": earlier.table if earlier else None}
    return operation(
        runner, services.preview_import, arguments,
        on_done=on_done, on_failed=on_failed, on_cancelled=on_cancelled, on_progress=on_progress,
    )  # fmt: skip


def import_homes(
    runner: Runner,
    preview: ImportPreview,
    *,
    on_done: Receiver,
    on_failed: Receiver,
    on_cancelled: Receiver,
    on_progress: Receiver,
) -> Job:
    """Answers with `HomesImported`."""
    return operation(
        runner, services.import_homes, {"preview": preview},
        on_done=on_done, on_failed=on_failed, on_cancelled=on_cancelled, on_progress=on_progress,
    )  # fmt: skip


def save_rows_not_taken(
    runner: Runner, plan: HomesPlan, *, path: Path, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with the path."""
    arguments = {"plan": plan, "path": path}
    return operation(runner, services.save_rows_not_taken, arguments, on_done=on_done, on_failed=on_failed)
