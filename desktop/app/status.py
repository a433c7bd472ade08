"""The line at the foot of the navigation: what is saved here and not yet sent."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from core.domain.changed import Changed
from core.foundation.errors import AppError
from core.services.sync import SyncState
from desktop.operations.base import Runner
from desktop.operations.sync import sync_state
from desktop.screens.context import Changes, Shell
from desktop.screens.sync.words import status_words

PAUSE_MS = 300
"""Several changes in a row are looked at once."""


class StatusLine(QObject):
    """Looks once after unlocking and again after changes. What cannot be known is not said."""

    known = Signal(object)
    """`SyncState`, each time it was looked at."""

    def __init__(self, runner: Runner, shell: Shell, changes: Changes, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._shell = runner, shell
        self._state: SyncState | None = None
        self._activity = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._look)
        changes.announced.connect(self._changed)
        self._pause.start()

    def look(self) -> None:
        """Look again soon."""
        self._pause.start()

    def set_activity(self, words: str) -> None:
        """What the exchange is doing, or what keeps it from doing it; empty: nothing worth telling."""
        self._activity = words
        self._say()

    def _changed(self, _: Changed) -> None:
        self._pause.start()

    def _look(self) -> None:
        sync_state(self._runner, on_done=self._known, on_failed=self._unknown)

    def _known(self, state: SyncState) -> None:
        self._state = state
        self._say()
        self.known.emit(state)

    def _unknown(self, _: AppError) -> None:
        self._state = None
        self._say()

    def _say(self) -> None:
        self._shell.show_status("" if self._state is None else status_words(self._state, self._activity))
