"""The line on Today that says who holds the out-of-hours phone tonight (policy 4.24)."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.services.out_of_hours import OnCall
from desktop.operations import governance
from desktop.screens.context import ScreenContext
from desktop.screens.words import on_call_words
from desktop.widgets import Button, Flow, Line, column, styled


class OnCallTonight(QObject):
    """Asks once each time the page is shown."""

    told = Signal(str)
    """A sentence; empty while no rota is kept."""

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def arrive(self) -> None:
        """The page is on show."""
        governance.on_call_tonight(self._context.runner, on_done=self._have, on_failed=self._quietly_failed)

    def go(self) -> None:
        """To the rota."""
        self._context.shell.go_to("organisation", tab="Out of hours")

    def _have(self, found: OnCall) -> None:
        self.told.emit(on_call_words(found, self._context.clock.now()) if found.in_use else "")

    def _quietly_failed(self, _error: AppError) -> None:
        self.told.emit("")  # a hint that cannot be had is no reason to stop anybody


class OnCallLine(QWidget):
    """Hidden while no rota is kept."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self.presenter = OnCallTonight(context, self)
        self._words = Line("", "small")
        self._rota = Button("Rota", "link")
        self._rota.setAccessibleName("Rota of the out-of-hours phone")
        self._rota.clicked.connect(self.presenter.go)
        column(self, gap="none").addWidget(Flow(self._words, self._rota))
        self.presenter.told.connect(self._show)
        self.hide()

    def _show(self, sentence: str) -> None:
        self._words.setText(sentence)
        self.setVisible(bool(sentence))
