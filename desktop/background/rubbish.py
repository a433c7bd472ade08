"""Python looks for rubbish on the thread of the window only.

By itself it looks on whichever thread has just made much. A page that refers to itself is then destroyed there, and Qt
ends a program that destroys a widget on another thread than the window's.
"""

from __future__ import annotations

import gc
from functools import partial

from PySide6.QtCore import QObject, QTimer

LOOK_EVERY_MS = 500

_looking: set[int] = set()
"""Who looks for rubbish in this process, by number: Python does it again once the last of them has ended."""


class Rubbish(QObject):
    """Looks as often as Python would, on the thread it was made on, until `stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        _looking.add(id(self))
        self.destroyed.connect(partial(_end, id(self)))
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Through the oldest generation whose turn it is, and all younger ones."""
        ages = enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
        due = [age for age, (made, most) in ages if made > most]
        if due:
            gc.collect(max(due))

    def stop(self) -> None:
        """Leave it to Python again. Repeatable."""
        self._timer.stop()
        _end(id(self))


def _end(number: int, _destroyed: object = None) -> None:
    _looking.discard(number)
    if not _looking:
        gc.enable()
