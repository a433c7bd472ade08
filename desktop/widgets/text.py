"""Words on the screen. They wrap; they are never cut."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.widgets.base import restyle, styled

HEADINGS = frozenset({"title", "heading"})
"""The kinds that are headings for whoever listens."""


class Text(QLabel):
    """A wrapping label. Kinds: body, title, heading, strong, large, muted, small, problem."""

    def __init__(
        self, words: str = "", kind: str = "body", *, selectable: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(words, parent)
        styled(self, kind)
        if kind in HEADINGS:
            self.setAccessibleName(words)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )

    def setText(self, words: str) -> None:
        """Change what it says. A heading says it as its name too: as one it has no other words (`roles.py`)."""
        super().setText(words)
        if self.property("kind") in HEADINGS:
            self.setAccessibleName(words)

    def set_kind(self, kind: str) -> None:
        """Change how it looks, not what it says."""
        restyle(self, kind=kind)


class OneLine(Text):
    """Words that must stay on one line and are short enough to: tags, titles of columns, status."""

    def __init__(self, words: str = "", kind: str = "body", *, parent: QWidget | None = None) -> None:
        super().__init__(words, kind, parent=parent)
        self.setWordWrap(False)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum)


class Line(Text):
    """Words that take one line where there is room, and wrap where there is not. (A wrapping label asks for less.)"""

    def sizeHint(self) -> QSize:
        wide = self.fontMetrics().horizontalAdvance(self.text()) + 2
        return QSize(wide, max(self.heightForWidth(wide), self.fontMetrics().height()))
