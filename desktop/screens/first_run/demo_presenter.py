"""The demo on the first page, without a window: made, stopped, opened, thrown away."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError
from desktop.background import Job, Receiver

GONE = "The demo is thrown away."
STOPPED = "Stopped. Nothing of the demo is left."


class DemoActions(Protocol):
    """The operations this part needs (`desktop.operations.opening.Opening` has them)."""

    def monotonic_s(self) -> float: ...
    def demo_is_there(self) -> bool: ...
    def make_demo(
        self, *, on_done: Receiver, on_failed: Receiver, on_cancelled: Receiver, on_progress: Receiver
    ) -> Job: ...
    def open_demo(self, *, on_done: Receiver, on_failed: Receiver) -> Job: ...
    def throw_demo_away(self, *, on_done: Receiver, on_failed: Receiver) -> Job: ...


class DemoStanding(Enum):
    """What there is, or what is being done."""

    NONE = "none"
    THERE = "there"
    MAKING = "making"
    OPENING = "opening"
    REMOVING = "removing"

    @property
    def busy(self) -> bool:
        return self not in (DemoStanding.NONE, DemoStanding.THERE)


class DemoPresenter(QObject):
    """One thing at a time; a press while something is going on changes nothing."""

    standing_changed = Signal(object)
    """A `DemoStanding`."""
    progress = Signal(int, int, str)
    told = Signal(str)
    failed = Signal(object)
    """An `AppError`."""
    opened = Signal()

    def __init__(self, actions: DemoActions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._job: Job | None = None
        self.standing = self._found()

    def make(self) -> None:
        """Make it, then open it."""
        if self.standing is DemoStanding.NONE:
            self._set(DemoStanding.MAKING)
            self._job = self._actions.make_demo(
                on_done=self._made, on_failed=self._failed, on_cancelled=self._cancelled, on_progress=self._heard
            )

    def stop(self) -> None:
        """Stop making it; what was made is taken away."""
        if self.standing is DemoStanding.MAKING and self._job is not None:
            self._job.cancel()

    def open(self) -> None:
        """Open the one that is there."""
        if self.standing is DemoStanding.THERE:
            self._open()

    def throw_away(self) -> None:
        """Nothing of it stays on this laptop."""
        if self.standing is DemoStanding.THERE:
            self._set(DemoStanding.REMOVING)
            self._actions.throw_demo_away(on_done=self._removed, on_failed=self._failed)

    def _open(self) -> None:
        self._set(DemoStanding.OPENING)
        self._actions.open_demo(on_done=self._opened, on_failed=self._failed)

    def _heard(self, done: int, total: int, stage: str) -> None:
        self.progress.emit(done, total, stage)

    def _made(self, _nothing: object) -> None:
        self._job = None
        self._open()

    def _opened(self, _nothing: object) -> None:
        self._set(self._found())
        self.opened.emit()

    def _removed(self, _nothing: object) -> None:
        self._set(self._found())
        self.told.emit(GONE)

    def _cancelled(self) -> None:
        self._job = None
        self._set(self._found())
        self.told.emit(STOPPED)

    def _failed(self, error: AppError) -> None:
        self._job = None
        self._set(self._found())
        self.failed.emit(error)

    def _found(self) -> DemoStanding:
        return DemoStanding.THERE if self._actions.demo_is_there() else DemoStanding.NONE

    def _set(self, standing: DemoStanding) -> None:
        self.standing = standing
        self.standing_changed.emit(standing)
