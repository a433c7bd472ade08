"""A box to sign in, with pen, finger or mouse, and a signature as it was drawn.

Strokes are in the box's own units, whatever its size on the screen: x from 0 to 1000, y from 0 to 300.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QTabletEvent, QTouchEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.theme import look
from desktop.theme.scale import FOCUS_RING_PX
from desktop.widgets.base import em_px, styled

WIDE, HIGH = 1_000, 300
MOST_POINTS = 5_000
_LEAST_STEP = 3
"""So far must a pen move before another point is kept."""
_INK = 6
Strokes = Sequence[Sequence[int]]


class SignatureView(QWidget):
    """A signature to look at. `name` is what a screen reader says."""

    def __init__(self, name: str = "Signature", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._strokes: list[list[int]] = []
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def strokes(self) -> tuple[tuple[int, ...], ...]:
        """What was drawn, each stroke x, y, x, y ..."""
        return tuple(tuple(stroke) for stroke in self._strokes)

    def show_strokes(self, strokes: Strokes) -> None:
        """Draw a signature; none wipes the box."""
        self._strokes = [list(stroke) for stroke in strokes]
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return min(width, em_px(self, 70)) * HIGH // WIDE

    def sizeHint(self) -> QSize:
        wide = em_px(self, 60)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSizeHint(self) -> QSize:
        wide = em_px(self, 20)
        return QSize(wide, self.heightForWidth(wide))

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, box = look().tokens, self.box()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.control), 1))
        painter.setBrush(QColor(tokens.surface))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        scale = box.width() / WIDE
        line, edge = box.top() + box.height() * 0.78, box.width() * 0.06
        painter.drawLine(QPointF(box.left() + edge, line), QPointF(box.right() - edge, line))
        painter.setClipRect(box)
        ink = max(2.0, _INK * scale)
        painter.setPen(QPen(QColor(tokens.text), ink, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        for stroke in self._strokes:
            points = [
                QPointF(box.left() + x * scale, box.top() + y * scale)
                for x, y in zip(stroke[::2], stroke[1::2], strict=False)
            ]
            if len(points) == 1:
                painter.drawPoint(points[0])
            painter.drawPolyline(points)
        painter.setClipping(False)
        if self.hasFocus():
            half = FOCUS_RING_PX / 2
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.focus), FOCUS_RING_PX))
            painter.drawRoundedRect(box.adjusted(half, half, -half, -half), 6, 6)
        painter.end()

    def box(self) -> QRectF:
        """Where the box is drawn: as wide as there is room for, at its own shape."""
        wide = min(self.width(), self.height() * WIDE / HIGH)
        return QRectF(0, 0, wide, wide * HIGH / WIDE)


class SignatureBox(SignatureView):
    """A box to sign in. What lies outside it is kept at its edge."""

    drawn = Signal()
    """A stroke is finished."""

    def __init__(self, name: str = "Box to sign in", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleDescription("Sign with a pen, a finger or the mouse. By keyboard, type the name instead.")
        self._is_down = False

    def wipe(self) -> None:
        """Begin again."""
        self._is_down = False
        self.show_strokes(())

    def points(self) -> int:
        """How many points there are."""
        return sum(len(stroke) // 2 for stroke in self._strokes)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go_on(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        act = {
            QEvent.Type.TabletPress: self._begin, QEvent.Type.TabletMove: self._go_on,
            QEvent.Type.TabletRelease: self._end_at,
        }.get(event.type())  # fmt: skip
        if act is not None:
            act(event.position())
            event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QTouchEvent) and event.points():
            at = event.points()[0].position()
            act = {
                QEvent.Type.TouchBegin: self._begin, QEvent.Type.TouchUpdate: self._go_on,
                QEvent.Type.TouchEnd: self._end_at, QEvent.Type.TouchCancel: self._end_at,
            }.get(event.type())  # fmt: skip
            if act is not None:
                act(at)
                event.accept()
                return True
        return super().event(event)

    def _begin(self, at: QPointF) -> None:
        if self.points() < MOST_POINTS:
            self._is_down = True
            self._strokes.append([*self._units(at)])
            self.update()

    def _go_on(self, at: QPointF) -> None:
        if not self._is_down or self.points() >= MOST_POINTS:
            return
        x, y = self._units(at)
        stroke = self._strokes[-1]
        if abs(x - stroke[-2]) + abs(y - stroke[-1]) >= _LEAST_STEP:
            stroke += (x, y)
            self.update()

    def _end_at(self, at: QPointF) -> None:
        self._go_on(at)
        self._end()

    def _end(self) -> None:
        if self._is_down:
            self._is_down = False
            self.drawn.emit()

    def _units(self, at: QPointF) -> tuple[int, int]:
        scale = self.box().width() / WIDE or 1
        return max(0, min(WIDE, round(at.x() / scale))), max(0, min(HIGH, round(at.y() / scale)))
