"""The way from the Colleagues page to recovery sheets."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.screens.context import ScreenContext
from desktop.widgets import Button, Card, Flow, Text

LEAD = "Three sheets on paper, kept by three people. Two of them bring cases back if laptops are lost."


class RecoveryCard(Card):
    """One sentence and one button."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(heading="Recovery sheets", parent=parent)
        self._context = context
        self.go = Button("Recovery sheets", icon_name="copy")
        self.body.addWidget(Text(LEAD))
        self.body.addWidget(Flow(self.go))
        self.go.clicked.connect(self._go)

    def _go(self) -> None:
        self._context.shell.go_to("recovery")
