"""A picture on the screen: read from bytes in memory, off the GUI thread, never written to disk."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.widgets.base import announce, column, em_px, row, styled
from desktop.widgets.buttons import Button
from desktop.widgets.page import ScrollArea
from desktop.widgets.text import OneLine

_ZOOMS = (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)


class PictureView(QWidget):
    """One picture that fits its frame, or at a size of its own. `clear()` forgets it. Keys: plus, minus, 0 to fit."""

    zoomed = Signal(float)
    """The size now, 1.0 for a pixel of the picture on a pixel of the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._fits = True
        self._zoom = 1.0
        self._canvas = _Canvas()
        self._smaller = Button("Smaller", "icon", icon_name="zoom-out")
        self._larger = Button("Larger", "icon", icon_name="zoom-in")
        self._fit = Button("Fit")
        self._how = OneLine("", "muted")
        bar = row(gap="tight")
        for button, act in (
            (self._smaller, partial(self.zoom, -1)), (self._larger, partial(self.zoom, 1)), (self._fit, self.fit),
        ):  # fmt: skip
            button.clicked.connect(act)
            bar.addWidget(button)
        bar.addWidget(self._how)
        bar.addStretch(1)
        self._area = styled(ScrollArea(), "picture")
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._area.setAccessibleName("Picture")
        self._area.setWidget(self._canvas)
        self._area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = column(self, gap="small")
        layout.addLayout(bar)
        layout.addWidget(self._area, 1)
        self._settle()

    def show_picture(self, image: QImage, name: str) -> None:
        """Show another picture, fitted. `name` is what a screen reader says."""
        self._canvas.image = image
        self._area.setAccessibleName(name)
        self._canvas.setAccessibleName(name)
        self.fit()

    def clear(self) -> None:
        """Forget the picture."""
        self._canvas.image = None
        self._area.setAccessibleName("Picture")
        self._canvas.setAccessibleName("Picture")
        self._settle()

    def fit(self) -> None:
        """As large as the frame allows."""
        self._fits = True
        self._settle()

    def zoom(self, steps: int) -> None:
        """Larger or (below zero) smaller."""
        now = self._size_now()
        if steps > 0:
            wanted = next((zoom for zoom in _ZOOMS if zoom > now * 1.01), _ZOOMS[-1])
        else:
            wanted = next((zoom for zoom in reversed(_ZOOMS) if zoom < now * 0.99), _ZOOMS[0])
        self._fits, self._zoom = False, wanted
        self._settle()
        announce(self, f"{round(100 * wanted)} per cent")

    def sizeHint(self) -> QSize:
        return QSize(em_px(self, 48), em_px(self, 36))

    def minimumSizeHint(self) -> QSize:
        return QSize(em_px(self, 20), em_px(self, 20))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom(-1)
        elif event.key() == Qt.Key.Key_0:
            self.fit()
        else:
            super().keyPressEvent(event)

    def _size_now(self) -> float:
        image = self._canvas.image
        if image is None or not self._fits:
            return self._zoom
        room = self._area.maximumViewportSize()
        density = self.devicePixelRatioF()
        return min(
            1.0, room.width() * density / max(1, image.width()), room.height() * density / max(1, image.height())
        )

    def _settle(self) -> None:
        image = self._canvas.image
        for button in (self._smaller, self._larger, self._fit):
            button.setEnabled(image is not None)
        if image is None:
            self._how.setText("")
            self._canvas.show_at(QSize(0, 0))
            return
        zoom = self._size_now()
        density = self.devicePixelRatioF()
        self._canvas.show_at(QSize(round(image.width() * zoom / density), round(image.height() * zoom / density)))
        self._how.setText(f"{round(100 * zoom)} %, {image.width()} x {image.height()} pixels")
        self.zoomed.emit(zoom)


class _Canvas(QWidget):
    """The picture itself."""

    def __init__(self) -> None:
        super().__init__()
        self.image: QImage | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_at(self, size: QSize) -> None:
        self.setFixedSize(size)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.image is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self.image)
        painter.end()
