"""Questions that can overtake each other: each answer comes back with the mark it was asked under."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Question(QObject):
    """Give `done` and `fail` to an operation; `answered(mark, result)` or `failed(mark, error)` follows.

    Whoever asked compares the mark with the latest one and drops what is stale.
    """

    answered = Signal(object, object)
    failed = Signal(object, object)

    def __init__(self, mark: object, parent: QObject) -> None:
        super().__init__(parent)
        self._mark = mark

    def done(self, result: object) -> None:
        """The operation's `on_done`."""
        self.answered.emit(self._mark, result)
        self.deleteLater()

    def fail(self, error: object) -> None:
        """The operation's `on_failed`."""
        self.failed.emit(self._mark, error)
        self.deleteLater()
