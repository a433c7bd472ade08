"""A card in the middle of an otherwise empty window: unlocking and the first run."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import look
from desktop.widgets import Button, Text, column, em_px, row, scrolling, styled
from desktop.widgets.base import LOOK_EVENTS


class Centred(QWidget):
    """Scrolls when the window is small; the card keeps a readable width when it is large.

    `help_section` is the section of the guide that F1 opens.
    """

    help_asked = Signal()
    help_section = ""

    def __init__(self, card: QWidget, *, foot: str = "", wide_em: float = 52, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = _Narrow(wide_em)
        inner = column(self._column, gap="large")
        inner.addWidget(card)
        if foot:
            words = Text(foot, "muted")
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            inner.addWidget(words)
        self._ask_help = Button("Help", "link", window_keys="F1")
        self._ask_help.clicked.connect(self.help_asked)
        inner.addWidget(self._ask_help, 0, Qt.AlignmentFlag.AlignHCenter)
        self._help_key = QShortcut(QKeySequence("F1"), self)
        self._help_key.activated.connect(self.help_asked)
        content = styled(QWidget(), "clear")
        middle = column(content, gap="none")
        edge = look().scale.large
        middle.setContentsMargins(edge, edge, edge, edge)
        middle.addStretch(1)
        line = row(middle, gap="none")
        line.addStretch(1)
        line.addWidget(self._column, 1000)
        line.addStretch(1)
        middle.addStretch(2)
        self.scroller = scrolling(content)
        column(self, gap="none").addWidget(self.scroller)

    def forget_passphrase(self) -> None:
        """Whoever asked for help has not come back for a while: what was typed so far of a passphrase goes."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._column.settle()


class _Narrow(QWidget):
    """Never wider than so many letters."""

    def __init__(self, wide_em: float) -> None:
        self._wide_em = wide_em  # asked for as soon as it is styled
        super().__init__()
        styled(self, "clear")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.settle()

    def settle(self) -> None:
        self.setMaximumWidth(em_px(self, self._wide_em))

    def changeEvent(self, event: QEvent) -> None:
        """Another size of text while the page is on show: the window is as wide as it was, and a letter is not."""
        super().changeEvent(event)
        if event.type() in LOOK_EVENTS:
            self.settle()

    def sizeHint(self) -> QSize:
        return QSize(em_px(self, self._wide_em), super().sizeHint().height())
