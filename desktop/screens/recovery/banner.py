"""The line on Today about recovery: that this workbook came from sheets, or that sheets want attention."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.services.recovery_page import Reminder
from desktop.operations import recovery
from desktop.screens.context import ScreenContext
from desktop.widgets import Banner, Button, Tone, clear, column, styled


class ReminderPresenter(QObject):
    """Asks once each time the page is shown."""

    reminded = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def arrive(self) -> None:
        """The page is on show."""
        recovery.reminder(self._context.runner, on_done=self._have, on_failed=self._quietly_failed)

    def go(self) -> None:
        """To the page about it."""
        self._context.shell.go_to("recovery")

    def _have(self, reminder: Reminder | None) -> None:
        self.reminded.emit(reminder)

    def _quietly_failed(self, _error: AppError) -> None:
        self.reminded.emit(None)  # the page itself says what is wrong when it is opened


class ReminderBanner(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self.presenter = ReminderPresenter(context, self)
        self._shown: Reminder | None = None
        self._layout = column(self, gap="none")
        self.presenter.reminded.connect(self._show)
        self.hide()

    def _show(self, reminder: Reminder | None) -> None:
        if reminder == self._shown:
            return
        self._shown = reminder
        clear(self._layout)
        if reminder is not None:
            button = Button(reminder.button)
            button.setAccessibleDescription(reminder.strong)
            button.clicked.connect(self.presenter.go)
            self._layout.addWidget(
                Banner(reminder.strong, reminder.rest, Tone.SOON, icon_name="copy", actions=(button,))
            )
        self.setVisible(reminder is not None)
