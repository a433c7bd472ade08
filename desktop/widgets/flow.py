"""Layouts that keep everything in view on a narrow screen or with large letters."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QLayout, QLayoutItem, QSizePolicy, QWidget

from desktop.widgets.base import em_px, gap_px

_BACK_EM = 6
"""So much wider must it be before columns stand side by side again. Stacked columns are higher and may bring a scroll
bar, which makes them narrower: without this room the two would chase each other without end."""


class FlowLayout(QLayout):
    """Left to right, then onto the next line. Items on a line share a middle."""

    def __init__(self, parent: QWidget | None = None, *, gap: str = "small", to_right: bool = False) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self._to_right = to_right
        self._heights: dict[tuple[int, int], int] = {}
        self.setContentsMargins(0, 0, 0, 0)

    def invalidate(self) -> None:
        """Something in it has another size, came or went."""
        self._heights.clear()
        super().invalidate()

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self._heights.clear()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        self._heights.clear()
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        """Asked many times for every page that is laid out, so each answer is kept until something is another."""
        asked = (width, gap_px(self._gap))
        if asked not in self._heights:
            self._heights[asked] = self._place(QRect(0, 0, width, 0), move=False)
        return self._heights[asked]

    def sizeHint(self) -> QSize:
        gap, wide, high = gap_px(self._gap), 0, 0
        for item in self._shown():
            size = item.sizeHint()
            wide, high = wide + size.width() + gap, max(high, size.height())
        return QSize(max(0, wide - gap), high)

    def minimumSize(self) -> QSize:
        result = QSize(0, 0)
        for item in self._shown():
            result = result.expandedTo(item.minimumSize())
        return result

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, area: QRect, *, move: bool) -> int:
        """Put the items down; returns the height they take."""
        gap, top = gap_px(self._gap), area.y()
        line: list[tuple[QLayoutItem, QSize]] = []
        used = 0

        def finish() -> int:
            high = max((size.height() for _, size in line), default=0)
            left = area.x() + (max(0, area.width() - used) if self._to_right else 0)
            for item, size in line:
                if move:
                    item.setGeometry(QRect(QPoint(left, top + (high - size.height()) // 2), size))
                left += size.width() + gap
            return high

        for item in self._shown():
            size = item.sizeHint().expandedTo(item.minimumSize())
            if size.width() > area.width() > 0:
                high = item.heightForWidth(area.width()) if item.hasHeightForWidth() else size.height()
                size = QSize(
                    area.width(), max(high, item.minimumSize().height() if not item.hasHeightForWidth() else 0)
                )
            more = size.width() + (gap if line else 0)
            if line and used + more > area.width():
                top += finish() + gap
                line, used, more = [], 0, size.width()
            line.append((item, size))
            used += more
        top += finish()
        return top - area.y()


class Flow(QWidget):
    """A strip of things that wraps onto more lines when it must."""

    def __init__(
        self, *children: QWidget, gap: str = "small", to_right: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        self._flow = FlowLayout(self, gap=gap, to_right=to_right)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        for child in children:
            self.add(child)

    def add(self, child: QWidget) -> None:
        """Put one more at the end."""
        self._flow.addWidget(child)

    def clear(self) -> None:
        """Take everything out and destroy it."""
        while item := self._flow.takeAt(0):
            if widget := item.widget():
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()
        self.updateGeometry()


class Columns(QWidget):
    """Two or more columns side by side that stack when there is less room than `stack_below_em` letters."""

    def __init__(
        self,
        *children: QWidget,
        stretches: tuple[int, ...] = (),
        stack_below_em: float = 90,
        gap: str = "large",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "clear")
        self._stack_below_em = stack_below_em
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(gap_px(gap))
        for number, child in enumerate(children):
            self._layout.addWidget(child, stretches[number] if number < len(stretches) else 1)

    @property
    def stacked(self) -> bool:
        """Whether the columns stand one under another now."""
        return self._layout.direction() is QBoxLayout.Direction.TopToBottom

    def minimumSizeHint(self) -> QSize:
        """Only the widest child counts, since the columns can stack."""
        items = (self._layout.itemAt(number) for number in range(self._layout.count()))
        hints = [item.minimumSize() for item in items if item is not None]
        whole = super().minimumSizeHint()
        return QSize(max((hint.width() for hint in hints), default=0), whole.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = event.size().width() < em_px(self, self._stack_below_em + (_BACK_EM if self.stacked else 0))
        wanted = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._layout.direction() is not wanted:
            self._layout.setDirection(wanted)
            self.updateGeometry()
        super().resizeEvent(event)
