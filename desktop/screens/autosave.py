"""Keeps what is being typed: after every pause of half a second, and at least every five seconds."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from core.foundation.errors import AppError
from desktop.operations import drafts
from desktop.screens.context import ScreenContext
from desktop.widgets.moments import clock_words

PAUSE_MS = 500
AT_LEAST_EVERY_MS = 5_000


class Autosave(QObject):
    """The draft of one page. `body` tells what to keep now; empty throws the draft away.

    One save runs at a time. `settle` saves what is not saved yet (leaving, locking); `finished` forgets the
    page's text without saving it, for when a service has taken it over.
    """

    said = Signal(str)
    """ "Saved at 9:41am on this laptop"."""
    failed = Signal(object)
    """`AppError`: not saved; the words are still on the screen."""

    def __init__(self, context: ScreenContext, body: Callable[[], str], parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._body = context, body
        self._name = ""
        self._unsaved = False
        self._running = False
        self._pause = _timer(self, PAUSE_MS)
        self._limit = _timer(self, AT_LEAST_EVERY_MS)

    def begin(self, name: str) -> None:
        """Another draft from here on; what was typed under the old name is saved first."""
        self.settle()
        self._name = name

    def typed(self) -> None:
        """Something was typed."""
        self._unsaved = True
        self._pause.start()
        if not self._limit.isActive():
            self._limit.start()

    def settle(self) -> None:
        """Begin to save at once whatever is not saved. It is done even if the person locks meanwhile."""
        if self._unsaved and self._name:
            self._save()

    def finished(self) -> None:
        """What was typed is kept elsewhere now, or thrown away."""
        self._unsaved = False
        self._pause.stop()
        self._limit.stop()

    def throw_away(self) -> None:
        """Forget the draft itself."""
        self.finished()
        if self._name:
            drafts.discard_draft(self._context.runner, self._name, on_done=self._discarded, on_failed=self._failed)

    def tick(self) -> None:
        """A pause, or five seconds of typing."""
        if self._running:
            self._limit.start()  # still writing the last one; look again
            return
        self.settle()

    def _save(self) -> None:
        body = self._body()
        self.finished()
        if not body:
            drafts.discard_draft(self._context.runner, self._name, on_done=self._discarded, on_failed=self._failed)
            return
        self._running = True
        drafts.save_draft(self._context.runner, self._name, body=body, on_done=self._saved, on_failed=self._failed)

    def _saved(self, draft: object) -> None:
        self._running = False
        self.said.emit(f"Saved at {clock_words(self._context.clock.now())} on this laptop")

    def _discarded(self, nothing: object) -> None:
        self.said.emit("")

    def _failed(self, error: AppError) -> None:
        self._running = False
        self._unsaved = True
        self.failed.emit(error)


def _timer(owner: Autosave, after_ms: int) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(after_ms)
    timer.timeout.connect(owner.tick)
    return timer
