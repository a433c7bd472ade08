"""The sheet for the doors: every home once, boxes to tick, nothing about why."""

from __future__ import annotations

import io

import pikepdf
import pytest

from core.foundation.errors import GlyphsMissing
from core.letters.render.checklist import ChecklistRow, render_checklist
from tests.support.letter_pages import marks, page_texts, pdf_ua_failures, picture, roles, structure_problems

HEADS = ("No.", "Address", "Pages", "File, page", "Delivered", "No answer", "Refused", "Do not go alone")


def rows(count: int) -> list[ChecklistRow]:
    return [
        ChecklistRow(
            place_number=place, address=f"Flat {place}, Windrush House, Marsh Lane, Oxford OX3 0AB", pages=2,
            file_number=(place - 1) // 250 + 1, page_from=(place - 1) % 250 * 2 + 1, note="",
        )
        for place in range(1, count + 1)
    ]  # fmt: skip


def made(found: list[ChecklistRow]) -> bytes:
    return render_checklist(found, title="Delivery checklist", date_text="23 November 2026")


def test_every_home_is_on_it_in_order_with_its_page() -> None:
    texts = page_texts(made(rows(300)))
    whole = " ".join(texts)
    position = 0
    for row in rows(300):
        words = f"{row.place_number} {row.address} 2 {row.file_number}, p. {row.page_from} "
        position = whole.find(words, position)
        assert position >= 0, words
    assert "23 November 2026 · 300 homes, 300 letters, 600 pages" in texts[0]
    for number, text in enumerate(texts, start=1):
        assert f"page {number} of {len(texts)}" in text


def test_the_heads_stand_on_every_page() -> None:
    for text in page_texts(made(rows(60)))[:-1]:
        assert all(head in text for head in HEADS)


def test_a_screen_reader_meets_a_table() -> None:
    data = made(rows(40))
    found = roles(data)
    assert (found.count("Table"), found.count("TR"), found.count("TH"), found.count("TD")) == (1, 41, 8, 320)
    assert pdf_ua_failures(data) == []


def test_each_row_has_four_boxes_to_tick() -> None:
    with pikepdf.open(io.BytesIO(made(rows(10)))) as pdf:
        operators = [str(one.operator) for one in pikepdf.parse_content_stream(pdf.pages[0])]
    assert operators.count("re") == 40


def test_a_letter_made_elsewhere_says_so() -> None:
    row = ChecklistRow(7, "7 Elm Row, Oxford", 0, 0, 0, "Not in the files: to be made by somebody else")
    text = page_texts(made([row]))[0]
    assert "7 7 Elm Row, Oxford Not in the files: to be made by somebody else none none" in text
    assert "1 home, 0 letters, 0 pages" in text


def test_a_strange_address_keeps_its_row() -> None:
    text = page_texts(made([ChecklistRow(1, "12 😀 <b>Elm</b> & Row", 2, 1, 1, "")]))[0]
    assert "12 ? <b>Elm</b> & Row Some characters cannot be printed" in text


def test_a_title_that_cannot_be_printed_is_refused() -> None:
    with pytest.raises(GlyphsMissing):
        render_checklist([], title="😀", date_text="")


def test_long_addresses_and_notes_stay_in_their_column() -> None:
    row = ChecklistRow(1, "The Old Corn Exchange " * 8 + "Llanfair" + "pwllgwyngyll" * 6, 2, 1, 1, "A note " * 20)
    data = made([row, *rows(40)])
    for index in range(len(page_texts(data))):
        assert max(mark.zone.right for mark in marks(data, index)) < 197
        assert max(mark.zone.bottom for mark in marks(data, index)) < 290
    assert pdf_ua_failures(data) == []


def nothing_runs_into_the_foot(data: bytes) -> bool:
    return not any(
        mark.zone.bottom > 278 and mark.zone.top < 283
        for index in range(len(page_texts(data)))
        for mark in marks(data, index)
    )


def test_a_tall_row_goes_to_the_next_page_whole() -> None:
    for count in range(12, 20):
        tall = ChecklistRow(99, "The Old Corn Exchange, " * 12, 2, 1, 1, "")
        data = made([*rows(count), tall])
        assert nothing_runs_into_the_foot(data)
        assert structure_problems(data) == []


@pytest.mark.parametrize("count", [0, 1, *range(12, 28)])
def test_there_is_always_room_to_write_the_totals(count: int) -> None:
    data = made(rows(count))
    assert "At the end of the round Delivered: No answer: Refused: Taken round by: Date:" in page_texts(data)[-1]
    assert nothing_runs_into_the_foot(data)
    assert pdf_ua_failures(data) == []


def test_it_is_dark_enough_to_read_and_the_same_each_time() -> None:
    assert picture(made(rows(3))).getextrema()[0] < 30
    assert made(rows(3)) == made(rows(3))
