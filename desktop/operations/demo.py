"""The demo to learn on: made, opened and thrown away. It lies beside the workbook's own folder, never in it.

The services are imported inside the job, as for unlocking.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desktop.background import Job, Lane, Receiver
from desktop.operations.base import Runner, operation

if TYPE_CHECKING:
    from core.foundation.ports import CancelToken, Clock, Progress, Randomness

WHOLE = "whole"
"""As `core.services.demo` has it, which the first page does without."""


def folder_beside(folder: Path) -> Path:
    """Where the demo lies when the workbook's own folder is `folder`."""
    return folder.with_name(f"{folder.name}-demo")


def is_there(folder: Path) -> bool:
    """Whether a demo lies in `folder`, by its file names."""
    return (folder / WHOLE).exists()


def make_demo(  # each receiver has a name
    runner: Runner, folder: Path, *, clock: Clock, randomness: Randomness, on_done: Receiver, on_failed: Receiver,
    on_cancelled: Receiver, on_progress: Receiver,
) -> Job:  # fmt: skip
    """Make the demo; `on_done(None)`. It is not open yet."""
    arguments = {"folder": folder, "clock": clock, "randomness": randomness}
    return operation(
        runner, _make_demo, arguments, on_done=on_done, on_failed=on_failed, on_cancelled=on_cancelled,
        on_progress=on_progress, lane=Lane.POOL,
    )  # fmt: skip


def open_demo(
    runner: Runner, folder: Path, *, clock: Clock, randomness: Randomness, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Open the demo; `on_done(None)`."""
    arguments = {"folder": folder, "clock": clock, "randomness": randomness}
    return operation(runner, _open_demo, arguments, on_done=on_done, on_failed=on_failed, lane=Lane.OPENING)


def throw_away(runner: Runner, folder: Path, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Remove the demo; `on_done(None)`. Fails with `VaultInUse` while it is open somewhere."""
    return operation(runner, _throw_away, {"folder": folder}, on_done=on_done, on_failed=on_failed, lane=Lane.POOL)


def ask_whether_made_up(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with True if the open workbook is a demo."""
    return operation(runner, _is_made_up, {}, on_done=on_done, on_failed=on_failed)


def _make_demo(*, folder: Path, clock: Clock, randomness: Randomness, progress: Progress, cancel: CancelToken) -> None:
    from core.services import demo
    from core.services.workspace import Parts

    demo.make_demo(folder, parts=Parts(clock, randomness), progress=progress, cancel=cancel)


def _open_demo(*, folder: Path, clock: Clock, randomness: Randomness, progress: Progress) -> object:
    from core.services import demo
    from core.services.workspace import Parts

    return demo.open_demo(folder, parts=Parts(clock, randomness), progress=progress)


def _throw_away(*, folder: Path) -> None:
    from core.services import demo

    demo.throw_away(folder)


def _is_made_up(workspace: object) -> bool:
    from core.services import made_up

    return made_up.is_made_up(workspace)  # type: ignore[arg-type]
