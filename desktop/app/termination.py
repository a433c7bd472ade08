"""Being told to end, by the system or by Ctrl+C. Loaded once the first page stands."""

from __future__ import annotations

import signal
import socket
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, Signal


class TerminationWatch(QObject):
    """Being told to end (logging out, shutting down, Ctrl+C) is closing the window, with everything that means."""

    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._inside, self._outside = socket.socketpair()
        self._before: dict[signal.Signals, Any] = {}
        self._notifier = QSocketNotifier(self._inside.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._heard)

    def start(self) -> None:
        """Take the signals over. Python alone would act on them only when Qt next calls it."""
        self._outside.setblocking(False)
        signal.set_wakeup_fd(self._outside.fileno())
        for number in (signal.SIGTERM, signal.SIGINT):
            self._before[number] = signal.signal(number, _left_to_the_wakeup)

    def stop(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(-1)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._inside.close()
        self._outside.close()

    def _heard(self) -> None:
        if any(byte in (signal.SIGTERM, signal.SIGINT) for byte in self._inside.recv(64)):
            self.asked.emit()


def _left_to_the_wakeup(number: int, frame: object) -> None:
    """The number has been written to the wakeup socket already."""
