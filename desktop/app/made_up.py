"""The band over every page of a demo: that everybody in it is made up."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from desktop.operations.base import Runner
from desktop.operations.demo import ask_whether_made_up
from desktop.widgets import Banner, Tone, announce

WORDS = ("Demo.", "Everybody in it is made up, and nothing leaves this laptop.")
PAUSE_MS = 300
"""After the first page, which is not to wait for the question."""


class MadeUpBand(Banner):
    """Hidden unless the open workbook is a demo. The workbook itself says so, wherever it was opened from."""

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__("", "", Tone.INFO, icon_name="info", parent=parent)
        self._runner = runner
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.clear()

    def look(self) -> None:
        """Ask the workbook soon."""
        self._pause.start()

    def appear(self) -> None:
        """It is known already."""
        self._pause.stop()
        self._known(True)

    def _ask(self) -> None:
        ask_whether_made_up(self._runner, on_done=self._known, on_failed=self._unknown)

    def _known(self, made_up: object) -> None:
        if made_up and self.isHidden():
            self.say(*WORDS)
            announce(self, " ".join(WORDS))

    def _unknown(self, _: AppError) -> None:
        """Only a locked workbook does not answer."""
