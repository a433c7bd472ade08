"""One job: a function with frozen values in and out, run elsewhere, answered on the GUI thread.

Exactly one of `done`, `failed`, `cancelled` is emitted, then `finished`. Receivers are bound methods
of QObjects only: Qt drops such a connection when its receiver dies, so an answer can never reach a
page that is gone. A lambda would be called all the same and break on the dead widget.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import BugError, Cancelled

Receiver = Callable[..., None]
"""A bound method of a QObject."""

PROGRESS_INTERVAL_S = 0.05
"""At most 20 progress messages a second reach the GUI thread."""


class CancelFlag:
    """The cooperative stop of one job; safe to ask from any thread (`ports.CancelToken`)."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        self._event.set()

    def is_set(self) -> bool:
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if the person pressed Stop, locked or closed."""
        if self._event.is_set():
            raise Cancelled()


class ThinnedProgress:
    """Passes on at most one progress message per interval, and always the last (`ports.Progress`)."""

    def __init__(self, send: Callable[[int, int, str], None], monotonic_s: Callable[[], float]) -> None:
        self._send = send
        self._monotonic_s = monotonic_s
        self._next_s = float("-inf")
        self._stage = ""

    def __call__(self, done: int, total: int, stage: str = "") -> None:
        now_s = self._monotonic_s()
        if now_s < self._next_s and done < total and stage == self._stage:
            return
        self._next_s, self._stage = now_s + PROGRESS_INTERVAL_S, stage
        self._send(done, total, stage)


class JobSignals(QObject):
    """What a presenter connects to. Lives on the GUI thread and is emitted there only."""

    progress = Signal(int, int, str)
    done = Signal(object)
    failed = Signal(object)
    """Carries an `AppError`."""
    cancelled = Signal()
    finished = Signal()


class Job(JobSignals):
    """The GUI thread's handle on a job that is waiting or running."""

    def __init__(self, name: str, parent: QObject | None = None, *, stoppable: bool = True) -> None:
        super().__init__(parent)
        self.name = name
        self._stoppable = stoppable
        self.flag = CancelFlag()

    def cancel(self) -> None:
        """Ask it to stop at its next step. `cancelled` (or, if it was too late, `done`) follows."""
        if self._stoppable:
            self.flag.set()

    def tell(
        self,
        *,
        on_done: Receiver | None = None,
        on_failed: Receiver | None = None,
        on_cancelled: Receiver | None = None,
        on_progress: Receiver | None = None,
    ) -> Job:
        """Connect receivers.

        Raises:
            BugError: a receiver is not a bound method of a QObject.
        """
        for signal, receiver in (
            (self.done, on_done),
            (self.failed, on_failed),
            (self.cancelled, on_cancelled),
            (self.progress, on_progress),
        ):
            if receiver is not None:
                signal.connect(checked_receiver(receiver))
        return self


def checked_receiver(receiver: Receiver) -> Receiver:
    """`receiver` itself, if Qt can disconnect it by itself.

    Raises:
        BugError: it is not a bound method of a QObject.
    """
    owner: Any = getattr(receiver, "__self__", None)
    if not isinstance(owner, QObject):
        raise BugError(rule="only a bound method of a QObject may receive a job's answer")
    return receiver
