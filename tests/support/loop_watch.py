"""How long the window's thread was held, turn by turn of its event loop, and which page was on show.

A page that holds the loop for longer than a frame of the screen is felt: a key is late, a scroll stutters. It is
reported and never asserted: how fast a machine is decides no test.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QAbstractEventDispatcher, QObject

FRAME_MS = 16.0


@dataclass(frozen=True, slots=True)
class Held:
    """One turn of the loop, from one wait to the next. CPU is this thread's own: waiting costs none, and what others do
    on the machine, and what other threads of the program do meanwhile, is not in it."""

    page: str
    cpu_ms: float


class LoopWatch(QObject):
    """Listens from `start` to `stop`. `where` names the page on show, or what is being done."""

    def __init__(self, where: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._where = where
        self._begun: float | None = None
        self.turns: list[Held] = []

    def start(self) -> None:
        _dispatcher().aboutToBlock.connect(self._waits)

    def stop(self) -> None:
        _dispatcher().aboutToBlock.disconnect(self._waits)

    def by_page(self) -> dict[str, list[Held]]:
        """The turns of each page, longest first."""
        found: dict[str, list[Held]] = defaultdict(list)
        for turn in sorted(self.turns, key=lambda one: -one.cpu_ms):
            found[turn.page].append(turn)
        return dict(found)

    def _waits(self) -> None:
        """From wait to wait: timers, sockets and posted events come on either side of the loop's waking."""
        now = time.thread_time()
        if self._begun is not None:
            self.turns.append(Held(self._where(), (now - self._begun) * 1000))
        self._begun = now


def _dispatcher() -> QAbstractEventDispatcher:
    found = QAbstractEventDispatcher.instance()
    assert found is not None, "there is an application"
    return found
