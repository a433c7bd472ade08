"""Pictures of PDF pages. PDFium is not safe to enter twice at once, so one lock guards it for the process."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pypdfium2

from core.foundation.errors import FileUnreadable
from core.foundation.ports import CancelToken, Progress

_PDFIUM = threading.Lock()
_POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class PagePicture:
    """One page as pixels: `stride` bytes a row, four bytes a pixel (blue, green, red, unused)."""

    number: int
    page_count: int
    width_px: int
    height_px: int
    stride: int
    pixels: bytes
    width_mm: float
    height_mm: float


def draw_page(pdf: bytes, number: int, pixels_per_mm: float, progress: Progress, cancel: CancelToken) -> PagePicture:
    """Draw page `number` (0 is the first; beyond the end gives the last).

    Raises:
        FileUnreadable: the bytes are not a PDF that can be shown.
    """
    cancel.check()
    with _PDFIUM:
        try:
            document = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            raise FileUnreadable(path="The letter", reason="it is not a PDF that can be shown") from error
        try:
            count = len(document)
            page = document[min(number, count - 1)]
            width_pt, height_pt = page.get_size()
            bitmap = page.render(scale=pixels_per_mm / _POINTS_PER_MM, rev_byteorder=False, prefer_bgrx=True)
            picture = PagePicture(
                number=min(number, count - 1),
                page_count=count,
                width_px=bitmap.width,
                height_px=bitmap.height,
                stride=bitmap.stride,
                pixels=bytes(bitmap.buffer),
                width_mm=width_pt / _POINTS_PER_MM,
                height_mm=height_pt / _POINTS_PER_MM,
            )
            bitmap.close()
            page.close()
        finally:
            document.close()
    return picture
