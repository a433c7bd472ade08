"""What the pages are made of is loaded while nobody waits: once the first page has come to rest.

First the services, on another thread. Then the pages' own modules, one at a turn of the window's loop: Qt's classes are
made ready when they are first named, and that is not safe on two threads at once. Nothing is built: a page is built on
its first visit, and one that is wanted sooner loads its own modules then.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from PySide6.QtCore import QObject, QTimer

from desktop import operations, screens, widgets
from desktop.background import JobRunner
from desktop.operations.ahead import load_services

LOOK_EVERY_MS, QUIET_LOOKS = 100, 6
"""It begins when so many looks in a row found nothing asked of the other threads: the page stands and is filled."""
BETWEEN_MS = 10
"""Between two modules, so that a key pressed meanwhile is heard at once."""


def modules_of_pages() -> Iterator[str]:
    """Small ones before those that bring them: operations, then the kit, then what views are made of, then views."""
    yield from (module.name for module in iter_modules(operations.__path__, f"{operations.__name__}."))
    yield from (f"{widgets.__name__}.{room}" for room in widgets.ROOMS)
    parts: list[str] = []
    rooms = [screens.__name__]
    while rooms:  # looking into one at a turn: there are many
        room = rooms.pop()
        yield room
        for part in iter_modules(import_module(room).__path__, f"{room}."):
            (rooms if part.ispkg else parts).append(part.name)
    yield from sorted(parts, key=lambda name: (name.endswith("view"), ".chapters." not in name, name))


class Warming(QObject):
    """Lives as long as the workbench it is for; a lock stops it, and the next unlocking goes on with the rest."""

    def __init__(self, runner: JobRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._quiet_looks = 0
        self._left: Iterator[str] = iter(())
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._turns = QTimer(self)
        self._turns.setInterval(BETWEEN_MS)
        self._turns.timeout.connect(self._load_one)

    def _look(self) -> None:
        self._quiet_looks = 0 if self._runner.jobs else self._quiet_looks + 1
        if self._quiet_looks >= QUIET_LOOKS:
            self._timer.stop()
            load_services(self._runner, on_done=self._go_on, on_failed=self._go_on)

    def _go_on(self, _answer: object) -> None:
        """Whether they are loaded or not: what could not be loaded now is loaded, or explained, when it is wanted."""
        self._left = modules_of_pages()
        self._turns.start()

    def _load_one(self) -> None:
        if self._runner.jobs:
            return  # somebody is doing something: later
        if (module := next(self._left, None)) is None:
            self._turns.stop()
        else:
            import_module(module)
