"""A runner that answers from a script, in the same thread: presenters without a window or a vault."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError, Cancelled
from desktop.background import Job, Lane


class ScriptRunner(QObject):
    """`ScriptRunner(unlock=result_or_error, list_cases=[first, second])`: answers by the name of the service.

    A list is used up one answer a call. `calls` are (name, arguments). Answers are given at once after the
    operation has connected its receivers, by `answer()`; with `at_once` (the default) `start` schedules nothing and
    `answer` runs as soon as the job is told whom to tell.
    """

    changed = Signal(object)

    def __init__(self, *, at_once: bool = True, **answers: Any) -> None:
        super().__init__()
        self._answers = answers
        self._at_once = at_once
        self.waiting: list[tuple[Job, str]] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.lanes: list[Lane] = []

    def start(self, work: Callable[..., object], *, lane: Lane, name: str, last_words: bool = False) -> Job:
        job = _ToldJob(name, self)
        self.calls.append((name, dict(getattr(work, "arguments", {}))))
        self.lanes.append(lane)
        self.waiting.append((job, name))
        return job

    def answer(self) -> None:
        """Give the oldest answer that is waiting."""
        job, name = self.waiting.pop(0)
        given = self._answers.get(name)
        if isinstance(given, list):
            given = given.pop(0)
        if isinstance(given, Cancelled):
            job.cancelled.emit()
        elif isinstance(given, AppError):
            job.failed.emit(given)
        else:
            job.done.emit(given)
            if getattr(given, "changed", None) is not None:
                self.changed.emit(given.changed)
        job.finished.emit()

    @property
    def names(self) -> list[str]:
        """The services asked, in order."""
        return [name for name, _ in self.calls]

    def told(self, job: Job) -> None:
        if self._at_once:
            self.answer()


class _ToldJob(Job):
    def __init__(self, name: str, runner: ScriptRunner) -> None:
        super().__init__(name, runner)
        self._runner = runner

    def tell(self, **receivers: Any) -> Job:
        super().tell(**receivers)
        self._runner.told(self)
        return self
