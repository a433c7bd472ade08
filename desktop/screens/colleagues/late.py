"""Late work on the Colleagues page: how much waits, and the way to it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.services.quarantine import LateGroup
from desktop.operations import leaving
from desktop.screens.context import ScreenContext
from desktop.widgets import Button, Card, Flow, Text, clear, column


class LateWorkCard(Card):
    """Hidden while nothing waits."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(heading="Late work", parent=parent)
        self._context = context
        self._lines = column(gap="tight")
        self.look = Button("Read it", icon_name="list")
        self.body.addLayout(self._lines)
        self.body.addWidget(Flow(self.look))
        self.look.clicked.connect(self._open)
        self.hide()

    def arrive(self) -> None:
        """The page is shown."""
        leaving.late_work(self._context.runner, on_done=self._loaded, on_failed=self._failed)

    def _loaded(self, groups: tuple[LateGroup, ...]) -> None:
        clear(self._lines)
        for group in groups:
            self._lines.addWidget(Text(f"{group.where}: {group.sentence}"))
        self.setVisible(bool(groups))

    def _failed(self, _error: AppError) -> None:
        self.hide()

    def _open(self) -> None:
        self._context.shell.go_to("late")
