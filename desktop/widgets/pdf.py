"""A letter on the screen: drawn from bytes in memory, off the GUI thread, never written to disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.foundation.errors import AppError
from desktop.background import Job, Lane
from desktop.background.pdf_pages import PagePicture, draw_page
from desktop.theme import Tone, look
from desktop.widgets.banners import Banner
from desktop.widgets.base import column, em_px, row, styled
from desktop.widgets.buttons import Button
from desktop.widgets.page import ScrollArea
from desktop.widgets.text import OneLine

_ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)


class _Runner(Protocol):
    def start(self, work: Callable[..., object], *, lane: Lane, name: str) -> Job: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """A rectangle to show over a page, in millimetres from its top left corner: an envelope window, a fold."""

    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float
    words: str
    page: int = 0


class PdfPreview(QWidget):
    """One page at a time with Before, After and zoom. `show_pdf(bytes, name)`; `clear()` forgets the bytes."""

    page_changed = Signal(int, int)
    """(page from 0, page count)."""

    def __init__(self, runner: _Runner, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._runner = runner
        self._pdf: bytes | None = None
        self._number, self._zoom, self._asked = 0, 1.0, 0
        self._job: Job | None = None
        self._problem = Banner("", "", Tone.ERROR)
        self._paper = _Paper()
        self._before = Button("Page before", "icon", icon_name="chevron-left")
        self._after = Button("Page after", "icon", icon_name="chevron-right")
        self._smaller = Button("Smaller", "icon", icon_name="zoom-out")
        self._larger = Button("Larger", "icon", icon_name="zoom-in")
        self._where = OneLine("", "muted")
        bar = row(gap="tight")
        for button, act in (
            (self._before, partial(self.turn, -1)),
            (self._after, partial(self.turn, 1)),
            (self._smaller, partial(self.zoom, -1)),
            (self._larger, partial(self.zoom, 1)),
        ):
            button.clicked.connect(act)
        bar.addWidget(self._before)
        bar.addWidget(self._where)
        bar.addWidget(self._after)
        bar.addStretch(1)
        bar.addWidget(self._smaller)
        bar.addWidget(self._larger)
        self._area = ScrollArea()
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self._area.setWidget(self._paper)
        layout = column(self, gap="small")
        layout.addLayout(bar)
        layout.addWidget(self._problem)
        layout.addWidget(self._area, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._draw)
        self._buttons()

    def show_pdf(self, pdf: bytes, name: str, *, page: int = 0, overlays: Sequence[Overlay] = ()) -> None:
        """Show another document. `name` is what a screen reader says: "Letter 1 of 46"."""
        self._pdf, self._number = pdf, page
        self._paper.setAccessibleName(name)
        self._paper.overlays = tuple(overlays)
        self._timer.start()

    def clear(self) -> None:
        """Forget the document and its picture."""
        self._pdf = None
        self._asked += 1
        self._paper.show_picture(None, QSize())
        self._where.setText("")
        self._buttons()

    def turn(self, pages: int) -> None:
        """Go forward or (below zero) back."""
        self._number = max(0, self._number + pages)
        self._timer.start()

    def zoom(self, steps: int) -> None:
        """Larger or (below zero) smaller; 1 fits the width."""
        place = _ZOOMS.index(self._zoom) + steps
        self._zoom = _ZOOMS[max(0, min(len(_ZOOMS) - 1, place))]
        self._timer.start()

    def sizeHint(self) -> QSize:
        return QSize(em_px(self, 48), em_px(self, 60))

    def minimumSizeHint(self) -> QSize:
        return QSize(em_px(self, 20), em_px(self, 20))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._timer.start()

    def _draw(self) -> None:
        if self._pdf is None:
            return
        if self._job is not None:
            self._job.cancel()
        self._asked += 1
        wide_px = max(50, self._area.viewport().width() - 2 * _Paper.EDGE_PX) * self._zoom
        density = self.devicePixelRatioF()
        work = partial(_draw_for, self._asked, self._pdf, self._number, wide_px * density / self._paper.width_mm)
        self._job = self._runner.start(work, lane=Lane.POOL, name="draw_page").tell(
            on_done=self._drawn, on_failed=self._failed
        )
        self._job.finished.connect(self._forget_job)

    def _drawn(self, answer: tuple[int, PagePicture]) -> None:
        asked, picture = answer
        if asked != self._asked or self._pdf is None:
            return
        self._problem.clear()
        self._number = picture.number
        density = self.devicePixelRatioF()
        changed_width = abs(picture.width_mm - self._paper.width_mm) > 0.5
        self._paper.show_picture(picture, QSize(round(picture.width_px / density), round(picture.height_px / density)))
        self._where.setText(f"Page {picture.number + 1} of {picture.page_count}")
        self._buttons(picture)
        self.page_changed.emit(picture.number, picture.page_count)
        if changed_width:
            self._timer.start()

    def _failed(self, error: AppError) -> None:
        self.clear()
        self._problem.say_error(error)

    def _forget_job(self) -> None:
        if self.sender() is self._job:
            self._job = None

    def _buttons(self, picture: PagePicture | None = None) -> None:
        self._before.setEnabled(picture is not None and picture.number > 0)
        self._after.setEnabled(picture is not None and picture.number + 1 < picture.page_count)
        self._smaller.setEnabled(picture is not None and self._zoom > _ZOOMS[0])
        self._larger.setEnabled(picture is not None and self._zoom < _ZOOMS[-1])


def _draw_for(asked: int, pdf: bytes, number: int, pixels_per_mm: float, progress: object, cancel: object) -> object:
    return asked, draw_page(pdf, number, pixels_per_mm, progress, cancel)  # type: ignore[arg-type]


class _Paper(QWidget):
    """The sheet itself."""

    EDGE_PX = 6

    def __init__(self) -> None:
        super().__init__()
        self.overlays: tuple[Overlay, ...] = ()
        self.width_mm = 210.0
        self._image: QImage | None = None
        self._picture: PagePicture | None = None
        self._size = QSize()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    def show_picture(self, picture: PagePicture | None, size: QSize) -> None:
        self._picture, self._size = picture, size
        self._image = None
        if picture is not None:
            self.width_mm = picture.width_mm
            # QImage borrows the bytes, so `_picture` keeps them alive
            self._image = QImage(
                picture.pixels, picture.width_px, picture.height_px, picture.stride, QImage.Format.Format_RGB32
            )
        self.setMinimumSize(size.width() + 2 * self.EDGE_PX, size.height() + 2 * self.EDGE_PX)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None or self._picture is None:
            return
        painter = QPainter(self)
        left = max(self.EDGE_PX, (self.width() - self._size.width()) // 2)
        sheet = QRectF(left, self.EDGE_PX, self._size.width(), self._size.height())
        painter.drawImage(sheet, self._image)
        painter.setPen(QPen(QColor(look().tokens.control), 1))
        painter.drawRect(sheet.adjusted(-0.5, -0.5, 0.5, 0.5))
        per_mm = self._size.width() / self._picture.width_mm
        painter.setPen(QPen(QColor("#175676"), 2, Qt.PenStyle.DashLine))  # paper is white in every theme
        for overlay in self.overlays:
            if overlay.page != self._picture.number:
                continue
            box = QRectF(
                sheet.left() + overlay.left_mm * per_mm,
                sheet.top() + overlay.top_mm * per_mm,
                overlay.width_mm * per_mm,
                overlay.height_mm * per_mm,
            )
            painter.drawRect(box)
            painter.drawText(
                box.adjusted(4, 2, -4, -2), int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight), overlay.words
            )
        painter.end()
