"""Boxes that take more than a line, and lists to choose from. Put them in a `Field` like any other control."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent, QTextCursor, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QPlainTextEdit,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from desktop.theme import look, pixmap
from desktop.widgets.base import em_px, styled


class TextArea(QPlainTextEdit):
    """Several lines. Tab leaves the box. Grows with its text from `lines` up to `most_lines`."""

    def __init__(
        self,
        placeholder: str = "",
        *,
        lines: int = 4,
        most_lines: int = 14,
        large: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._lines, self._most_lines = lines, most_lines
        if large:
            styled(self, "notes")
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._grew)

    def text(self) -> str:
        return self.toPlainText()

    def setText(self, text: str) -> None:
        """Whoever comes back to a draft goes on at its end."""
        self.setPlainText(text)
        self.moveCursor(QTextCursor.MoveOperation.End)

    def sizeHint(self) -> QSize:
        return QSize(
            em_px(self, 50), self._height(max(self._lines, min(self._most_lines, self.document().lineCount())))
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(em_px(self, 10), self._height(self._lines))

    def _height(self, lines: int) -> int:
        margins = 2 * (look().scale.space(8) + 1) + round(2 * self.document().documentMargin())
        return self.fontMetrics().lineSpacing() * lines + margins

    def _grew(self) -> None:
        self.updateGeometry()


class Select(QComboBox):
    """Choose one of a list. `options` is (value, words). The value may be anything; the words are shown."""

    picked = Signal(object)

    def __init__(
        self,
        options: Sequence[tuple[object, str]] = (),
        *,
        empty: str = "",
        wide_em: float = 24,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._values: list[object] = []
        self._empty, self._wide_em = empty, wide_em
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # a wheel passing over must not change an answer
        self.set_options(options)
        self.activated.connect(self._tell)

    def set_options(self, options: Sequence[tuple[object, str]]) -> None:
        """Replace the list; the choice is kept where it still exists."""
        kept = self.value()
        self.clear()
        self._values = ([None] if self._empty else []) + [value for value, _ in options]
        self.addItems(([self._empty] if self._empty else []) + [words for _, words in options])
        self.set_value(kept)

    def value(self) -> object:
        """The chosen value, or None."""
        index = self.currentIndex()
        return self._values[index] if 0 <= index < len(self._values) else None

    def set_value(self, value: object) -> None:
        if value in self._values:
            self.setCurrentIndex(self._values.index(value))

    def setAccessibleName(self, name: str) -> None:
        """On Linux Qt gives out the choice as the name, and the label only where one stands beside the box."""
        super().setAccessibleName(name)
        if sys.platform.startswith("linux"):
            self.setAccessibleDescription(name)

    def sizeHint(self) -> QSize:
        return QSize(em_px(self, self._wide_em), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(em_px(self, 8), super().minimumSizeHint().height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        side, edge = look().scale.icon(16), look().scale.small
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.width() - 3 * edge - side - look().scale.space(11)
        text = option.currentText
        option.currentText = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        colour = look().tokens.text if self.isEnabled() else look().tokens.disabled
        painter.drawPixmap(
            self.width() - side - edge,
            (self.height() - side) // 2,
            pixmap("chevron-down", colour, side, self.devicePixelRatioF()),
        )
        painter.end()

    def _tell(self, index: int) -> None:
        self.picked.emit(self._values[index])
