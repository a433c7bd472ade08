"""The line on Today when one's own keys are to be renewed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.services.retention_day import RetentionDayState, due_sentence
from desktop.operations import retention_day
from desktop.screens.context import ScreenContext
from desktop.widgets import Banner, Button, Tone, column, styled


class KeysPresenter(QObject):
    """Asks once each time the page is shown."""

    reminded = Signal(str)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def arrive(self) -> None:
        """The page is on show."""
        retention_day.state(self._context.runner, on_done=self._have, on_failed=self._quietly_failed)

    def go(self) -> None:
        """To the button."""
        self._context.shell.go_to("settings")

    def _have(self, state: RetentionDayState) -> None:
        self.reminded.emit(due_sentence(state))

    def _quietly_failed(self, _error: AppError) -> None:
        self.reminded.emit("")  # the Settings page says what is wrong


class KeysBanner(QWidget):
    """Hidden while nothing is due."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self.presenter = KeysPresenter(context, self)
        button = Button("Settings")
        button.setAccessibleDescription("Renew your keys")
        button.clicked.connect(self.presenter.go)
        self._banner = Banner("", "", Tone.SOON, icon_name="clock", actions=(button,))
        column(self, gap="none").addWidget(self._banner)
        self.presenter.reminded.connect(self._show)
        self.hide()

    def _show(self, sentence: str) -> None:
        self._banner.say("Renew your keys." if sentence else "", sentence)
        self.setVisible(bool(sentence))
