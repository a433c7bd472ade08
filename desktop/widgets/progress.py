"""Long work: how far, how long still, and a Stop that works."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from desktop.widgets.base import announce, column, reveal, row, styled
from desktop.widgets.buttons import Button
from desktop.widgets.text import Text

_SAY_AFTER_S = 2.0
"""A time left is a guess; it is said only after this much work has been seen."""


class ProgressRow(QWidget):
    """ "Making letters: 18 of 46. About 10 seconds left. [Stop]". Feed it `hear(done, total, stage)`."""

    stopped = Signal()

    def __init__(
        self, what: str, monotonic_s: Callable[[], float], *, stop: str = "Stop",
        stopping: str = "Stopping. What is finished is kept.", parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        styled(self, "clear")
        self._what, self._monotonic_s, self._stopping_words = what, monotonic_s, stopping
        self._started_s: float | None = None
        self._words = Text(what)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(what)
        self._stop = Button(stop)
        layout = row(self, gap="large")
        middle = column(layout, gap="tight")
        layout.setStretch(0, 1)
        middle.addWidget(self._words)
        middle.addWidget(self._bar)
        layout.addWidget(self._stop, 0, Qt.AlignmentFlag.AlignVCenter)
        self._stop.clicked.connect(self._stopping)
        self.hide()

    def begin(self, what: str = "") -> None:
        """Show it for a new piece of work."""
        self._what = what or self._what
        self._started_s = self._monotonic_s()
        self._bar.setRange(0, 0)
        self._words.setText(f"{self._what}.")
        self._stop.setEnabled(True)
        reveal(self, True)
        announce(self, self._what)

    def hear(self, done: int, total: int, stage: str = "") -> None:
        """The receiver of a job's progress."""
        if self._started_s is None:
            self.begin()
        self._bar.setRange(0, max(0, total))
        self._bar.setValue(done)
        words = f"{stage or self._what}: {done} of {total}." if total else f"{stage or self._what}."
        self._words.setText(f"{words} {self._left(done, total)}".strip())
        self._bar.setAccessibleDescription(self._words.text())

    def end(self) -> None:
        """The work is over, however it ended."""
        self._started_s = None
        self.hide()

    def _left(self, done: int, total: int) -> str:
        assert self._started_s is not None
        gone_s = self._monotonic_s() - self._started_s
        if done <= 0 or total <= done or gone_s < _SAY_AFTER_S:
            return ""
        return f"About {span_words(gone_s / done * (total - done))} left."

    def _stopping(self) -> None:
        self._stop.setEnabled(False)
        self._words.setText(self._stopping_words)
        self.stopped.emit()


def span_words(seconds: float) -> str:
    """ "10 seconds", "2 minutes": rounded up, never false precision."""
    if seconds < 60:
        tens = max(5, 5 * -(-int(seconds) // 5))
        return f"{tens} seconds"
    minutes = -(-int(seconds) // 60)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
