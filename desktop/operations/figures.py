"""Figures: which periods there are, the tables of one, and writing them to a file."""

from __future__ import annotations

from pathlib import Path

from core.services import figures as services
from core.services.figures import Asked
from desktop.background import Job, Receiver
from desktop.operations.base import Runner, operation


def period_choices(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `core.services.figures.PeriodChoice`, this year first."""
    return operation(runner, services.period_choices, {}, on_done=on_done, on_failed=on_failed)


def read_figures(
    runner: Runner, asked: Asked, *, on_done: Receiver, on_failed: Receiver, on_cancelled: Receiver | None = None
) -> Job:
    """Answers with `core.services.figures.Figures`."""
    return operation(
        runner, services.read_figures, {"asked": asked}, on_done=on_done, on_failed=on_failed, on_cancelled=on_cancelled
    )


def save_figures(  # what, where and how, and each receiver by its name
    runner: Runner, asked: Asked, destination: Path, *, form: str, remark: str, replace: bool, on_done: Receiver,
    on_failed: Receiver,
) -> Job:  # fmt: skip
    """Answers with `core.services.figures.FiguresSaved`."""
    arguments = {"asked": asked, "destination": destination, "form": form, "remark": remark, "replace": replace}
    return operation(runner, services.save_figures, arguments, on_done=on_done, on_failed=on_failed)
