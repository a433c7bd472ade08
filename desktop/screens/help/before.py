"""Help before anything is unlocked: the same page, with its own way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from desktop.operations.base import Runner
from desktop.operations.help import Book
from desktop.screens.help.view import HelpPage
from desktop.widgets import Button, column, styled


class HelpBefore(QWidget):
    """Opens at a section of the guide; `left` when Esc goes back from there."""

    left = Signal()

    def __init__(self, runner: Runner, section: str) -> None:
        super().__init__()
        styled(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._trail: list[dict[str, str]] = [{"section": section}]
        self.page = HelpPage(Book(runner, shipped=True), self._go_to)
        self._back = Button("Back", icon_name="arrow-left", window_keys="Esc")
        self.page.actions.add(self._back)
        self._back.clicked.connect(self._go_back)
        self._key = QShortcut(QKeySequence("Esc"), self)
        self._key.activated.connect(self._go_back)
        column(self, gap="none").addWidget(self.page)
        self.setAccessibleName("Help")

    def arrive(self) -> None:
        """It is on show: read what was asked for, and put the keyboard into the search."""
        self.page.arrive(**self._trail[-1])
        self.page.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to(self, _name: str, **about: str) -> None:
        """A section, a clause or the contents: there is no page but Help."""
        if self._trail[-1] != about:
            self._trail.append(about)
        self.arrive()

    def _go_back(self) -> None:
        if len(self._trail) == 1:
            self.left.emit()
            return
        self._trail.pop()
        self.arrive()
