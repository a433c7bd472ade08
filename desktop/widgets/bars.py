"""Bars, one under another, for counts that stand in a table beside them. Solid and striped, never colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from desktop.theme import look
from desktop.theme.scale import FOCUS_RING_PX
from desktop.widgets.base import LOOK_EVENTS, announce, em_px

_LEAST_EM, _USUAL_EM = 14, 34
_FLAGS = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
_STEPS = {
    Qt.Key.Key_Down: 1, Qt.Key.Key_J: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_K: -1, Qt.Key.Key_Home: -(10**6),
    Qt.Key.Key_End: 10**6,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class BarLine:
    """One bar. `words` stand at its end; `says` is what somebody who cannot see it hears of it."""

    name: str
    whole: int
    striped: int
    words: str
    says: str


class Bars(QLabel):
    """The keys up and down go from bar to bar; each is said as it is reached.

    A label: of a bare widget a screen reader could not say what it is.
    """

    def __init__(self, title: str, lines: Sequence[BarLine], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = tuple(lines)
        self._now = 0
        self._most = max((line.whole + line.striped for line in self._lines), default=0) or 1
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(f"{title}, as bars")
        self._tell()

    @property
    def now(self) -> int:
        """The bar the keyboard stands on."""
        return self._now

    def heightForWidth(self, width: int) -> int:
        return sum(self._heights(width)) + 2 * FOCUS_RING_PX

    def hasHeightForWidth(self) -> bool:
        return True

    def sizeHint(self) -> QSize:
        width = em_px(self, _USUAL_EM)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        width = em_px(self, _LEAST_EM)
        return QSize(width, self.heightForWidth(max(width, self.width())))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()), 0)
        if not step or not self._lines:
            super().keyPressEvent(event)
            return
        self._now = min(max(0, self._now + step), len(self._lines) - 1)
        self._tell()
        announce(self, self._lines[self._now].says)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        top = FOCUS_RING_PX
        for place, height in enumerate(self._heights(self.width())):
            if top <= event.position().y() < top + height:
                self._now = place
                self._tell()
            top += height
        super().mousePressEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in LOOK_EVENTS:
            self.updateGeometry()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = FOCUS_RING_PX
        for place, (line, height) in enumerate(zip(self._lines, self._heights(self.width()), strict=True)):
            self._draw(painter, line, QRect(self._inset(), top, self._room(self.width()), height))
            if self.hasFocus() and place == self._now:
                painter.setPen(QPen(QColor(look().tokens.focus), FOCUS_RING_PX))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                half = FOCUS_RING_PX / 2
                painter.drawRoundedRect(
                    QRectF(half, top, self.width() - 2 * half, height).adjusted(0, 0, 0, -half), 4, 4
                )
            top += height
        painter.end()

    def _draw(self, painter: QPainter, line: BarLine, room: QRect) -> None:
        tokens, gap = look().tokens, look().scale.space(4)
        painter.setPen(QColor(tokens.text))
        name = self._name_rect(line, room.width())
        painter.drawText(QRect(room.left(), room.top() + gap, room.width(), name.height()), int(_FLAGS), line.name)
        metrics = self.fontMetrics()
        words = max(metrics.horizontalAdvance(one.words) for one in self._lines)
        length = max(1, room.width() - words - 3 * gap)
        y, high = room.top() + gap + name.height() + gap // 2, self._bar_px()
        x = float(room.left())
        painter.setPen(QPen(QColor(tokens.primary), 1))
        for count, style in ((line.whole, Qt.BrushStyle.SolidPattern), (line.striped, Qt.BrushStyle.BDiagPattern)):
            wide = length * count / self._most
            if wide > 0:
                painter.setBrush(QBrush(QColor(tokens.primary), style))
                painter.drawRect(QRectF(x, y, wide, high))
                x += wide
        painter.setPen(QColor(tokens.text))
        at = QRectF(x + 2 * gap, y - high, words + gap, 3 * high)
        painter.drawText(at, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), line.words)

    def _heights(self, width: int) -> list[int]:
        gap, room = look().scale.space(4), self._room(width)
        bar = max(self._bar_px(), self.fontMetrics().height())
        return [self._name_rect(line, room).height() + bar + 3 * gap for line in self._lines]

    def _name_rect(self, line: BarLine, room: int) -> QRect:
        return self.fontMetrics().boundingRect(QRect(0, 0, max(1, room), 10_000), int(_FLAGS), line.name)

    def _bar_px(self) -> int:
        return max(8, round(self.fontMetrics().height() * 0.7))

    def _inset(self) -> int:
        return FOCUS_RING_PX + look().scale.space(4)

    def _room(self, width: int) -> int:
        return max(1, width - 2 * self._inset())

    def _tell(self) -> None:
        if self._lines:
            self.setAccessibleDescription(self._lines[self._now].says)
