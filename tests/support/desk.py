"""A desk for one screen: a runner that works on a real workbook in the same thread, and a shell that remembers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject

from core.foundation.errors import AppError
from core.foundation.ports import Clock, NeverCancel, no_progress
from core.services.workspace import Workspace
from desktop.background import Lane
from desktop.screens.context import Changes, ScreenContext
from desktop.screens.preferences import Preferences
from tests.support.script_runner import ScriptRunner
from tests.support.workspaces import clock_of


class DirectRunner(ScriptRunner):
    """Runs each job on the workbook the moment its receivers are known. `hold` keeps answers until `answer()`."""

    def __init__(self, workspace: Workspace, *, hold: bool = False) -> None:
        super().__init__(at_once=not hold)
        self._workspace = workspace
        self._work: list[tuple[Callable[..., object], Lane]] = []
        self.fail_with: dict[str, AppError] = {}
        self.last_words: list[str] = []
        """Jobs that are done even if the person locks before they begin."""

    def start(self, work: Callable[..., object], *, lane: Lane, name: str, last_words: bool = False) -> Any:
        self._work.append((work, lane))
        if last_words:
            self.last_words.append(name)
        return super().start(work, lane=lane, name=name, last_words=last_words)

    def answer(self) -> None:
        work, lane = self._work.pop(0)
        _, name = self.waiting[0]
        given = (self._workspace,) if lane is Lane.VAULT else ()
        try:
            if name in self.fail_with:
                raise self.fail_with.pop(name)
            self._answers[name] = (work(*given, no_progress, NeverCancel()),)
        except AppError as error:
            self._answers[name] = error
        if isinstance(self._answers[name], tuple):
            self._answers[name] = list(self._answers[name])
        super().answer()

    def discard(self) -> None:
        """What a lock does to jobs that have not begun."""
        self._work.clear()
        self.waiting.clear()


@dataclass
class Desk(QObject):
    """The shell a screen sees, and everything it was asked."""

    went: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    backs: int = 0
    locks: int = 0
    covers: int = 0
    alone: bool = False
    undo: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def go_to(self, name: str, **arguments: object) -> None:
        self.went.append((name, arguments))

    def go_back(self) -> None:
        self.backs += 1

    def lock(self) -> None:
        self.locks += 1

    def say(self, words: str, undo: Callable[[], None] | None = None) -> None:
        self.said.append(words)
        self.undo = undo

    def preferences(self) -> Preferences:
        return Preferences()

    def set_preferences(self, wanted: Preferences) -> None:
        """Nothing here shows them."""

    def cover(self) -> None:
        self.covers += 1

    def stand_alone(self, alone: bool) -> None:
        self.alone = alone

    def show_status(self, words: str) -> None:
        """Nothing here shows it."""


@dataclass(frozen=True)
class Seat:
    """Everything around one screen."""

    runner: Any
    desk: Desk
    changes: Changes
    context: ScreenContext


def a_seat(workspace: Workspace, *, hold: bool = False) -> Seat:
    """A seat at a real workbook."""
    return seat_with(DirectRunner(workspace, hold=hold), clock_of(workspace))


def seat_with(runner: Any, clock: Clock) -> Seat:
    """A seat with any runner; what it changes is announced."""
    desk, changes = Desk(), Changes()
    runner.changed.connect(changes.announced)
    return Seat(runner, desk, changes, ScreenContext(runner, clock, desk, changes))


class Heard(QObject):
    """Keeps what a signal said, last one in `last`."""

    def __init__(self, *signals: Any) -> None:
        super().__init__()
        self.all: list[Any] = []
        for signal in signals:
            signal.connect(self._hear)

    @property
    def last(self) -> Any:
        return self.all[-1]

    def _hear(self, *what: Any) -> None:
        self.all.append(what[0] if len(what) == 1 else what)
