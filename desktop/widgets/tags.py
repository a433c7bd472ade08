"""Small coloured words: a tag says, a chip can be pressed. Colour is never the only sign."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from desktop.theme import Tone, look, pixmap
from desktop.theme.scale import FOCUS_RING_PX, LEAST_TARGET_PX
from desktop.widgets.base import LOOK_EVENTS
from desktop.widgets.text import OneLine


class Tag(OneLine):
    """A state in words: "Late by 2 h", "Confidential", "Done"."""

    def __init__(self, words: str, tone: Tone = Tone.INFO, *, parent: QWidget | None = None) -> None:
        super().__init__(words, "strong", parent=parent)
        self._tone = tone
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self._dress()

    @property
    def tone(self) -> Tone:
        return self._tone

    def say(self, words: str, tone: Tone) -> None:
        """Change words and tone together."""
        self.setText(words)
        self._tone = tone
        self._dress()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_tone"):
            self._dress()

    def _dress(self) -> None:
        scale = look().scale
        self.setContentsMargins(scale.space(12), scale.space(3), scale.space(12), scale.space(3))
        palette = self.palette()
        palette.setColor(self.foregroundRole(), QColor(look().front(self._tone)))
        self.setPalette(palette)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(look().front(self._tone)), 1))
        painter.setBrush(QColor(look().back(self._tone)))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.setPen(QColor(look().front(self._tone)))
        painter.drawText(self.contentsRect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class Chip(QPushButton):
    """A filter that is on or off, or (with `removable`) one that can be taken away."""

    removed = Signal()

    def __init__(
        self, words: str, tone: Tone = Tone.INFO, *, removable: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(words, parent)
        self._tone, self._removable = tone, removable
        self.setCheckable(not removable)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Remove filter: {words}" if removable else f"Show only: {words}")
        self.toggled.connect(self._make_room)
        if removable:
            self.clicked.connect(self.removed)

    def sizeHint(self) -> QSize:
        scale, metrics = look().scale, self.fontMetrics()
        mark = scale.icon(16) + scale.tight if self._removable or self.isChecked() else 0
        bold = self.font()
        bold.setWeight(bold.Weight.DemiBold)
        width = round(metrics.horizontalAdvance(self.text()) * 1.08) + 2 * scale.space(14) + mark
        return QSize(width, max(LEAST_TARGET_PX, metrics.height() + 2 * scale.space(7)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in LOOK_EVENTS:
            self.updateGeometry()

    def _make_room(self) -> None:
        """The mark of one that is on needs its own place, whoever switched it on."""
        self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        shown, scale = look(), look().scale
        front, back = QColor(shown.front(self._tone)), QColor(shown.back(self._tone))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = 2 if self.isChecked() else 1
        if self.hasFocus():
            line = FOCUS_RING_PX + line - 1  # two pixels more than there were, or nobody would see the difference
        painter.setPen(QPen(QColor(shown.tokens.focus) if self.hasFocus() else front, line))
        painter.setBrush(back if not self.underMouse() or self.isChecked() else QColor(shown.tokens.primary_soft))
        half = line / 2
        box = self.rect().toRectF().adjusted(half, half, -half, -half)
        painter.drawRoundedRect(box, 6, 6)
        font = self.font()
        font.setWeight(font.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(front)
        left, side = self.rect().adjusted(scale.space(14), 0, -scale.space(14), 0), scale.icon(16)
        if self.isChecked():
            painter.drawPixmap(left.x(), (self.height() - side) // 2, self._mark("check", front, side))
            left.setLeft(left.x() + side + scale.tight)
        if self._removable:
            painter.drawPixmap(left.right() - side + 1, (self.height() - side) // 2, self._mark("x", front, side))
            left.setRight(left.right() - side - scale.tight)
        painter.drawText(left, Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()

    def _mark(self, name: str, colour: QColor, side: int) -> QPixmap:
        return pixmap(name, colour.name(), side, self.devicePixelRatioF())
