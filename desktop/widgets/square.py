"""A square code on the screen: black on white under every theme, because cameras know nothing of themes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.widgets.base import LOOK_EVENTS, em_px

QUIET = 4
"""White squares on each side, as many as the standard asks for."""


class SquareCode(QWidget):
    """About `wide_em` letters wide, every little square a whole number of pixels. Empty until it is given rows."""

    def __init__(self, *, wide_em: float = 32, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[bool, ...], ...] = ()
        self._wide_em = wide_em
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_rows(self, rows: Sequence[Sequence[bool]], says: str) -> None:
        """`rows[y][x]` is True where it is black; `says` is what somebody who cannot see it hears."""
        self._rows = tuple(tuple(row) for row in rows)
        self.setAccessibleName(says)
        self.setVisible(bool(self._rows))
        self.updateGeometry()
        self.update()

    def forget(self) -> None:
        """Take it off the screen."""
        self.show_rows((), "")

    @property
    def module_px(self) -> int:
        """How wide one little square is."""
        return max(2, em_px(self, self._wide_em) // max(1, len(self._rows) + 2 * QUIET))

    def sizeHint(self) -> QSize:
        side = (len(self._rows) + 2 * QUIET) * self.module_px
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in LOOK_EVENTS:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._rows:
            return
        module = self.module_px
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        for y, row in enumerate(self._rows, start=QUIET):
            for x, dark in enumerate(row, start=QUIET):
                if dark:
                    painter.fillRect(x * module, y * module, module, module, Qt.GlobalColor.black)
        painter.end()
