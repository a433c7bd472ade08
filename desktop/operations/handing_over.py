"""Codes between two people or two laptops: out of a picture, onto a sheet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.background import Job, Lane, Receiver
from desktop.operations.base import Runner, operation

if TYPE_CHECKING:
    from core.foundation.ports import CancelToken, Progress

INVITATION, LAPTOP = "IMANI", "LAPTOP"
"""What a code may be for."""


def code_in_picture(runner: Runner, path: Path, kind: str, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with the code as text. `kind`: `INVITATION` or `LAPTOP`."""
    arguments = {"path": path, "kind": kind}
    return operation(
        runner, _code_in_picture, arguments, on_done=on_done, on_failed=on_failed, lane=Lane.POOL
    )


def save_invitation_sheet(
    runner: Runner, text: str, destination: Path, *, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `SheetSaved`."""
    from core.services import handing_over

    arguments = {"text": text, "destination": destination}
    return operation(
        runner, handing_over.save_invitation_sheet, arguments, on_done=on_done, on_failed=on_failed
    )


def _code_in_picture(*, path: Path, kind: str, progress: Progress, cancel: CancelToken) -> str:
    from core.services import handing_over

    return handing_over.code_in_picture(path=path, kind=handing_over.CodeKind(kind))
