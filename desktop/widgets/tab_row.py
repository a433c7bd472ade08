"""Names of pages, one of them open. They wrap onto more lines when they must: no name is ever cut or scrolled away.

Left and right go from name to name, Home and End to the first and the last; Tab leaves the row.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QSizePolicy, QWidget

from desktop.theme import look
from desktop.theme.scale import FOCUS_RING_PX, LEAST_TARGET_PX
from desktop.widgets.base import LOOK_EVENTS, styled
from desktop.widgets.flow import FlowLayout

_LINE_PX = 3


class TabName(QRadioButton):
    """One name, drawn as a word with a line under it while its page is open."""

    def __init__(self, words: str, parent: QWidget) -> None:
        super().__init__(words, parent)
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(_bold(self.font()))
        space = look().scale.space
        width = metrics.horizontalAdvance(self.text()) + 2 * space(8) + 2
        return QSize(width, max(LEAST_TARGET_PX, metrics.height() + 2 * space(10)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = look().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() and not self.isChecked():
            painter.fillRect(self.rect(), QColor(tokens.primary_soft))
        painter.setFont(_bold(self.font()))
        painter.setPen(QColor(tokens.text if self.isChecked() or self.underMouse() else tokens.muted))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.text())
        if self.isChecked():
            line = QRect(0, self.height() - _LINE_PX, self.width(), _LINE_PX)
            painter.fillRect(line, QColor(tokens.primary))
        if self.hasFocus():
            half = FOCUS_RING_PX / 2
            painter.setPen(QPen(QColor(tokens.focus), FOCUS_RING_PX))
            painter.drawRect(self.rect().toRectF().adjusted(half, half, -half, -half))
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in LOOK_EVENTS:
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.parent()
        if not isinstance(row, TabRow) or not row.go_by_key(event.key()):
            super().keyPressEvent(event)


class TabRow(QWidget):
    """The row of names. The first name added is open."""

    currentChanged = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._group = QButtonGroup(self)
        self._names: list[TabName] = []
        self._layout = FlowLayout(self, gap="none")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._group.idToggled.connect(self._toggled)

    def addTab(self, words: str) -> None:
        """One more name, at the end."""
        name = TabName(words, self)
        self._names.append(name)
        self._group.addButton(name, len(self._names) - 1)
        self._layout.addWidget(name)
        if len(self._names) == 1:
            name.setChecked(True)
            self.setFocusProxy(name)

    def count(self) -> int:
        """How many names there are."""
        return len(self._names)

    def currentIndex(self) -> int:
        """Which one is open."""
        return self._group.checkedId()

    def setCurrentIndex(self, number: int) -> None:
        """Open one."""
        self._names[number].setChecked(True)

    def tabText(self, number: int) -> str:
        """A name."""
        return self._names[number].text()

    def setTabText(self, number: int, words: str) -> None:
        """Change a name, for example to show a count."""
        self._names[number].setText(words)
        self._names[number].setAccessibleName(words)
        self._names[number].updateGeometry()

    def go_by_key(self, key: int) -> bool:
        """Go where a key leads. Returns whether it leads anywhere."""
        last, now = self.count() - 1, self.currentIndex()
        goes = {
            Qt.Key.Key_Left: max(0, now - 1), Qt.Key.Key_Up: max(0, now - 1), Qt.Key.Key_Right: min(last, now + 1),
            Qt.Key.Key_Down: min(last, now + 1), Qt.Key.Key_Home: 0, Qt.Key.Key_End: last,
        }  # fmt: skip
        target = goes.get(Qt.Key(key))
        if target is None:
            return False
        had_focus = any(name.hasFocus() for name in self._names)
        self.setCurrentIndex(target)
        if had_focus:
            self._names[target].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.go_by_key(event.key()):
            super().keyPressEvent(event)

    def _toggled(self, number: int, on: bool) -> None:
        if on:
            self.setFocusProxy(self._names[number])
            self.currentChanged.emit(number)


def _bold(font: QFont) -> QFont:
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    return bold
