"""Help over the first run and over the locked page: F1 puts it there, Esc takes it away, nothing typed is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QStackedWidget, QWidget
from shiboken6 import isValid

from desktop.operations.base import Runner
from desktop.screens.centred import Centred

if TYPE_CHECKING:
    from desktop.screens.help.before import HelpBefore

KEPT_MS = 120_000
"""So long what was typed of a passphrase waits for whoever went to look something up. The rest of the page stays."""


class HelpOver(QObject):
    """Lives as long as the page it is for. Help itself is made when it is asked for."""

    def __init__(self, stack: QStackedWidget, runner: Runner, front: Centred) -> None:
        super().__init__(front)
        self._stack, self._runner, self._front = stack, runner, front
        self._help: HelpBefore | None = None
        self._was_at: QWidget | None = None
        self.patience = QTimer(self)
        self.patience.setSingleShot(True)
        self.patience.setInterval(KEPT_MS)
        self.patience.timeout.connect(front.forget_passphrase)
        front.help_asked.connect(self._open)

    def _open(self) -> None:
        if self._stack.currentWidget() is not self._front:
            return
        from desktop.screens.help.before import HelpBefore  # it brings the guide, which the unlock window does without

        self._was_at = self._front.focusWidget()
        self._help = HelpBefore(self._runner, self._front.help_section)
        self._help.left.connect(self._shut)
        self._front.destroyed.connect(self._help.deleteLater)  # the workbook may open meanwhile
        self._stack.addWidget(self._help)
        self._stack.setCurrentWidget(self._help)
        self._help.arrive()
        self.patience.start()

    def _shut(self) -> None:
        self.patience.stop()
        self._stack.setCurrentWidget(self._front)
        if self._help is not None:
            self._stack.removeWidget(self._help)
            self._help.deleteLater()
            self._help = None
        was_at = self._was_at
        if was_at is not None and isValid(was_at) and was_at.isVisible():
            was_at.setFocus(Qt.FocusReason.OtherFocusReason)
