"""Boxes to tick and circles to pick. Drawn by us: the outline shows in every theme, and long words wrap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QCheckBox, QGroupBox, QRadioButton, QSizePolicy, QWidget

from desktop.theme import look, pixmap
from desktop.theme.scale import FOCUS_RING_PX, LEAST_TARGET_PX
from desktop.widgets.base import LOOK_EVENTS, column, em_px
from desktop.widgets.flow import FlowLayout

_BOX_PX = 22
_WRAP_EM = 46


def _inset() -> int:
    return FOCUS_RING_PX + 2


def _words_rect(button: QAbstractButton, width: int) -> QRect:
    left = _inset() + look().scale.icon(_BOX_PX) + look().scale.space(10)
    room = max(1, width - left - _inset())
    flags = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
    return QRect(
        QPoint(left, 0), button.fontMetrics().boundingRect(QRect(0, 0, room, 10_000), int(flags), button.text()).size()
    )


def _height_for(button: QAbstractButton, width: int) -> int:
    return max(
        LEAST_TARGET_PX, look().scale.icon(_BOX_PX) + 2 * _inset(), _words_rect(button, width).height() + 2 * _inset()
    )


def _hint_for(button: QAbstractButton) -> QSize:
    left = 2 * _inset() + look().scale.icon(_BOX_PX) + look().scale.space(10)
    words = button.fontMetrics().horizontalAdvance(button.text()) + 2
    width = left + min(words, em_px(button, _WRAP_EM))
    return QSize(width, _height_for(button, width))


def _least_for(button: QAbstractButton) -> QSize:
    longest = max((button.fontMetrics().horizontalAdvance(word) for word in button.text().split()), default=0)
    left = 2 * _inset() + look().scale.icon(_BOX_PX) + look().scale.space(10)
    return QSize(left + longest + 2, LEAST_TARGET_PX)


def _paint(button: QAbstractButton, *, round_box: bool) -> None:
    tokens, scale = look().tokens, look().scale
    painter = QPainter(button)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    side = scale.icon(_BOX_PX)
    line_high = max(side, button.fontMetrics().height())
    words = _words_rect(button, button.width())
    many = words.height() > 1.5 * button.fontMetrics().height()
    top = _inset() + (line_high - side) // 2 if many else (button.height() - side) // 2
    box = QRect(_inset(), top, side, side).toRectF().adjusted(1, 1, -1, -1)
    on, enabled = button.isChecked(), button.isEnabled()
    outline = tokens.disabled if not enabled else tokens.primary if on else tokens.control
    painter.setPen(QPen(QColor(outline), 2))
    fill = tokens.sunken if not enabled else tokens.primary_soft if button.underMouse() else tokens.surface
    painter.setBrush(QColor(tokens.primary if on and not round_box and enabled else fill))
    if round_box:
        painter.drawEllipse(box)
        if on:
            painter.setBrush(QColor(outline))
            painter.drawEllipse(box.adjusted(side * 0.24, side * 0.24, -side * 0.24, -side * 0.24))
    else:
        painter.drawRoundedRect(box, 4, 4)
        if on:
            mark = round(side * 0.72)
            colour = tokens.on_primary if enabled else tokens.disabled
            painter.drawPixmap(
                box.center().toPoint() - QPoint(mark // 2 - 1, mark // 2 - 1),
                pixmap("check", colour, mark, button.devicePixelRatioF()),
            )
    painter.setPen(QColor(tokens.text if enabled else tokens.disabled))
    area = QRect(words.left(), 0, button.width() - words.left() - _inset(), button.height())
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(area, int(flags), button.text())
    if button.hasFocus():
        half = FOCUS_RING_PX / 2
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens.focus), FOCUS_RING_PX))
        painter.drawRoundedRect(button.rect().toRectF().adjusted(half, half, -half, -half), 6, 6)
    painter.end()


def _policy() -> QSizePolicy:
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    return policy


class Tick(QCheckBox):
    """A box to tick. The whole line can be pressed; long words wrap."""

    def __init__(self, words: str, *, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setSizePolicy(_policy())
        self.setAccessibleName(words)

    def sizeHint(self) -> QSize:
        return _hint_for(self)

    def minimumSizeHint(self) -> QSize:
        return _least_for(self)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return _height_for(self, width)

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        _paint(self, round_box=False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in LOOK_EVENTS:
            self.updateGeometry()


class Pick(QRadioButton):
    """A circle to pick, one of several. The whole line can be pressed; long words wrap."""

    def __init__(self, words: str, *, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self.setSizePolicy(_policy())
        self.setAccessibleName(words)

    def sizeHint(self) -> QSize:
        return _hint_for(self)

    def minimumSizeHint(self) -> QSize:
        return _least_for(self)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return _height_for(self, width)

    def hitButton(self, position: QPoint) -> bool:
        return self.rect().contains(position)

    def paintEvent(self, event: QPaintEvent) -> None:
        _paint(self, round_box=True)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in LOOK_EVENTS:
            self.updateGeometry()


class ChoiceGroup(QGroupBox):
    """Several ticks (`many`) or picks under one name. Options are (value, words).

    Put it in a `Field`, which gives it its name. `flowing` lays them side by side as room allows.
    """

    picked = Signal()

    def __init__(
        self,
        options: Sequence[tuple[object, str]],
        *,
        many: bool = False,
        flowing: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setStyleSheet("QGroupBox { border: none; margin: 0; padding: 0; background: transparent; }")
        self._values = [value for value, _ in options]
        self._group = QButtonGroup(self)
        self._group.setExclusive(not many)
        layout = FlowLayout(self, gap="medium") if flowing else column(self, gap="tight")
        self._buttons: list[QAbstractButton] = [Tick(words) if many else Pick(words) for _, words in options]
        for button in self._buttons:
            self._group.addButton(button)
            layout.addWidget(button)
            button.toggled.connect(self._told)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if self._buttons:
            self.setFocusProxy(self._buttons[0])

    @property
    def buttons(self) -> tuple[QAbstractButton, ...]:
        return tuple(self._buttons)

    def values(self) -> tuple[object, ...]:
        """The chosen values, in the order shown."""
        return tuple(value for value, button in zip(self._values, self._buttons, strict=True) if button.isChecked())

    def value(self) -> object:
        """The chosen value, or None."""
        return next(iter(self.values()), None)

    def set_values(self, values: Iterable[object]) -> None:
        """Choose exactly these."""
        wanted = list(values)
        self._group.setExclusive(False)
        for value, button in zip(self._values, self._buttons, strict=True):
            button.setChecked(value in wanted)
        self._group.setExclusive(any(isinstance(button, Pick) for button in self._buttons))

    def set_value(self, value: object) -> None:
        self.set_values([] if value is None else [value])

    def _told(self, on: bool) -> None:
        if on or not self._group.exclusive():
            self.picked.emit()
