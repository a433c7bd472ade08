"""A letter on the screen: drawn off the GUI thread, paged, zoomed, never on disk."""

from __future__ import annotations

from collections.abc import Iterator

import pypdfium2
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from core.foundation.errors import FileUnreadable
from core.foundation.ports import NeverCancel, no_progress
from core.foundation.system import SystemClock
from desktop.background import JobRunner
from desktop.background.pdf_pages import draw_page
from desktop.widgets.pdf import Overlay, PdfPreview
from tests.support.gui_audits import audit, settle, show_at, words_in

LONG_MS = 20_000


def a4(pages: int = 3) -> bytes:
    """An empty A4 document made by PDFium itself."""
    import io

    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(595.28, 841.89)
    stream = io.BytesIO()
    document.save(stream)
    document.close()
    return stream.getvalue()


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[JobRunner]:
    made = JobRunner(SystemClock(), close_workspace=lambda workspace: None)
    yield made
    assert made.shut_down()


def shown(qtbot: QtBot, preview: PdfPreview) -> None:
    with qtbot.waitSignal(preview.page_changed, timeout=LONG_MS):
        pass
    settle()


def test_a_page_has_its_size_in_millimetres_and_the_pixels_asked_for() -> None:
    picture = draw_page(a4(), 1, 4.0, no_progress, NeverCancel())
    assert (picture.number, picture.page_count) == (1, 3)
    assert (round(picture.width_mm), round(picture.height_mm)) == (210, 297)
    assert abs(picture.width_px - 840) <= 1
    assert len(picture.pixels) >= picture.stride * picture.height_px


def test_a_page_beyond_the_end_is_the_last() -> None:
    assert draw_page(a4(2), 9, 1.0, no_progress, NeverCancel()).number == 1


@pytest.mark.parametrize("data", [b"", b"not a pdf", a4()[:100]])
def test_what_is_not_a_pdf_says_so(data: bytes) -> None:
    with pytest.raises(FileUnreadable):
        draw_page(data, 0, 1.0, no_progress, NeverCancel())


def test_paging_and_zoom(qtbot: QtBot, runner: JobRunner) -> None:
    preview = PdfPreview(runner)
    qtbot.addWidget(preview)
    show_at(preview, 600, 700)
    preview.show_pdf(a4(), "Letter 1 of 46")
    shown(qtbot, preview)
    assert "Page 1 of 3" in words_in(preview)
    assert not preview._before.isEnabled()
    preview._after.click()
    shown(qtbot, preview)
    assert "Page 2 of 3" in words_in(preview)
    wide = preview._paper.minimumWidth()
    preview._larger.click()
    shown(qtbot, preview)
    assert preview._paper.minimumWidth() > wide * 1.2
    assert audit(preview) == []


def test_overlays_stand_where_their_millimetres_say(qtbot: QtBot, runner: JobRunner) -> None:
    preview = PdfPreview(runner)
    qtbot.addWidget(preview)
    show_at(preview, 600, 900)
    window = Overlay(left_mm=20, top_mm=40, width_mm=90, height_mm=35, words="")
    preview.show_pdf(a4(), "Letter", overlays=(window,))
    shown(qtbot, preview)
    paper = preview._paper
    image = paper.grab().toImage()
    per_mm = paper._size.width() / 210
    left = max(paper.EDGE_PX, (paper.width() - paper._size.width()) // 2)
    row = round(paper.EDGE_PX + 40 * per_mm)
    blue = [x for x in range(image.width()) if image.pixelColor(x, row) == QColor("#175676")]
    assert abs(min(blue) - (left + 20 * per_mm)) <= 2
    assert abs(max(blue) - (left + 110 * per_mm)) <= 6


def test_clearing_forgets_the_letter(qtbot: QtBot, runner: JobRunner) -> None:
    preview = PdfPreview(runner)
    qtbot.addWidget(preview)
    show_at(preview, 600, 700)
    preview.show_pdf(a4(), "Letter 1 of 46")
    shown(qtbot, preview)
    preview.clear()
    assert preview._pdf is None
    assert preview._paper._picture is None


def test_a_damaged_letter_is_said(qtbot: QtBot, runner: JobRunner) -> None:
    preview = PdfPreview(runner)
    qtbot.addWidget(preview)
    show_at(preview, 600, 700)
    preview.show_pdf(b"nothing", "Letter")
    qtbot.waitUntil(lambda: "could not be read" in words_in(preview), timeout=LONG_MS)
