"""What a page shows when there is nothing to show, and the short message that passes by."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from core.foundation.errors import BugError
from desktop.theme import look
from desktop.widgets.banners import IconLabel
from desktop.widgets.base import announce, column, em_px, row, styled
from desktop.widgets.buttons import Button
from desktop.widgets.flow import Flow
from desktop.widgets.text import Text

TOAST_MS = 10_000
"""Undo is offered for ten seconds."""


class EmptyState(QWidget):
    """A sentence that says why it is empty and what to do, with a button that does it."""

    def __init__(
        self,
        strong: str,
        rest: str = "",
        *,
        icon_name: str = "circle-check",
        actions: Sequence[Button] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        layout = column(self, gap="small")
        layout.setContentsMargins(look().scale.large, look().scale.huge, look().scale.large, look().scale.huge)
        layout.addWidget(IconLabel(icon_name, side_px=32), 0, Qt.AlignmentFlag.AlignHCenter)
        self._strong, self._rest = Text(strong, "heading"), Text(rest, "muted")
        for words in (self._strong, self._rest):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(words)
        if actions:
            layout.addWidget(Flow(*actions), 0, Qt.AlignmentFlag.AlignHCenter)
        self.say(strong, rest)

    def say(self, strong: str, rest: str = "") -> None:
        self._strong.setText(strong)
        self._rest.setText(rest)
        self._rest.setVisible(bool(rest))
        self.setAccessibleName(f"{strong} {rest}".strip())


class Toast(QFrame):
    """ "HC-0149 saved. First contact due tomorrow at 9:41am. [Undo]" over the foot of `host` for ten seconds."""

    gone = Signal()

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._undo: Callable[[], None] | None = None
        self._line = layout = row(self, gap="large")
        scale = look().scale
        layout.setContentsMargins(scale.large, scale.small, scale.small, scale.small)
        self._words = Text()
        self._button, self._close = Button("Undo", keys="Ctrl+Z"), Button("Close message", "icon", icon_name="x")
        layout.addWidget(self._words, 1)
        layout.addWidget(self._button)
        layout.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.dismiss)
        self._button.clicked.connect(self._undone)
        self._close.clicked.connect(self.dismiss)
        host.installEventFilter(self)
        self.hide()

    def say(self, words: str, undo: Callable[[], None] | None = None, *, for_ms: int = TOAST_MS) -> None:
        """Show a message. `undo` is a bound method of a QObject; it is called at most once.

        Raises:
            BugError: `undo` is something else, which could outlive its page.
        """
        if undo is not None and not isinstance(getattr(undo, "__self__", None), QObject):
            raise BugError(rule="only a bound method of a QObject may undo")
        self._undo = undo
        self._words.setText(words)
        self._button.setVisible(undo is not None)
        self.setAccessibleName(words)
        self.show()
        self._place()
        self.raise_()
        self._timer.start(for_ms)
        announce(self, words + (" Undo with Ctrl+Z." if undo else ""))

    def dismiss(self) -> None:
        """Take it away and forget its words."""
        self._timer.stop()
        self._undo = None
        self.hide()
        self._words.setText("")
        self.gone.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(look().tokens.control))
        painter.setBrush(QColor(look().tokens.surface))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.end()

    def _place(self) -> None:
        edge = look().scale.large
        rest = sum(part.sizeHint().width() for part in (self._button, self._close) if part.isVisibleTo(self))
        wanted = self.fontMetrics().horizontalAdvance(self._words.text()) + rest + 5 * edge
        width = min(self._host.width() - 2 * edge, max(wanted, em_px(self, 30)))
        height = max(self.sizeHint().height(), self._line.heightForWidth(width))
        self.setGeometry((self._host.width() - width) // 2, self._host.height() - height - edge, width, height)

    def _undone(self) -> None:
        undo = self._undo
        self.dismiss()
        if undo is not None:
            undo()
