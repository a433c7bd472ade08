"""The line on Today about the organisation itself, for administrators."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from desktop.operations import governance
from desktop.screens.context import ScreenContext
from desktop.widgets import Banner, Button, Tone, column, styled

MOST = 2
"""More than this is read on the page itself."""


class OrganisationReminder(QObject):
    """Asks once each time the page is shown."""

    reminded = Signal(str)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def arrive(self) -> None:
        """The page is on show."""
        governance.organisation_reminders(self._context.runner, on_done=self._have, on_failed=self._quietly_failed)

    def go(self) -> None:
        """To the page."""
        self._context.shell.go_to("organisation")

    def _have(self, told: tuple[str, ...]) -> None:
        more = f" And {len(told) - MOST} more." if len(told) > MOST else ""
        self.reminded.emit(" ".join(told[:MOST]) + more)

    def _quietly_failed(self, _error: AppError) -> None:
        self.reminded.emit("")  # the page itself says what is wrong when it is opened


class OrganisationBanner(QWidget):
    """Hidden while there is nothing to say."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self.presenter = OrganisationReminder(context, self)
        button = Button("Organisation")
        button.setAccessibleDescription("See to the organisation's own duties")
        button.clicked.connect(self.presenter.go)
        self._banner = Banner("", "", Tone.INFO, icon_name="building-2", actions=(button,))
        column(self, gap="none").addWidget(self._banner)
        self.presenter.reminded.connect(self._show)
        self.hide()

    def _show(self, sentence: str) -> None:
        self._banner.say("For the organisation." if sentence else "", sentence)
        self.setVisible(bool(sentence))
