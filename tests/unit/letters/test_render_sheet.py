"""Sheets to keep or hand over: everything on them, readable by a screen reader and by a camera."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.foundation.errors import GlyphsMissing
from core.letters.render.sheet import (
    SheetBlanks,
    SheetGroups,
    SheetHeading,
    SheetPart,
    SheetSquare,
    SheetSteps,
    SheetText,
    render_sheet,
)
from core.squares.making import square_of
from core.squares.reading import texts_in
from tests.support.letter_pages import page_texts, pdf_ua_failures, roles, structure_problems

CODE = "IMANI-" + "-".join(["ABCDE", "FGHJ2", "34567", "KLMNO"] * 12)
PARTS: tuple[SheetPart, ...] = (
    SheetText("Give this sheet to one person, by hand."),
    SheetHeading("What to do"),
    SheetSteps(("Open the program.", "Choose the folder. " * 9, "Compare the eight words.")),
    SheetHeading("The code"),
    SheetSquare(square_of(CODE).rows, "The invitation as a square code (scan it)"),
    SheetText("Or type:", bold=True),
    SheetGroups(tuple(CODE.split("-"))),
    SheetBlanks(tuple(f"{number}." for number in range(1, 9))),
)


def test_everything_is_on_it_in_order() -> None:
    texts = " ".join(page_texts(render_sheet("Invitation", PARTS, foot="Hazel Tree")))
    joined = " ".join(texts.split())
    order = ("Invitation", "Give this", "What to do", "1. Open", "3. Compare", "Or type")
    places = [joined.index(words) for words in order]
    assert places == sorted(places)
    assert CODE.replace("-", " ") in joined
    assert "Hazel Tree" in joined and "page 1 of 2" in joined


def test_a_camera_reads_the_code_off_the_page(tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    path.write_bytes(render_sheet("Invitation", PARTS))
    assert texts_in(path) == (CODE,)


def test_a_screen_reader_meets_headings_a_list_and_the_picture_s_meaning() -> None:
    data = render_sheet("Invitation", PARTS)
    found = roles(data)
    assert [found.count(role) for role in ("H1", "H2", "L", "LI", "Figure")] == [1, 2, 1, 3, 1]
    assert pdf_ua_failures(data) == [] and structure_problems(data) == []


def test_a_long_sheet_goes_on_on_another_page() -> None:
    many = (*PARTS, *(SheetText("A sentence to fill the page. " * 8) for _ in range(30)), *PARTS)
    texts = page_texts(render_sheet("Invitation", many))
    assert len(texts) >= 4 and f"page {len(texts)} of {len(texts)}" in texts[-1]


def test_what_cannot_be_printed_is_refused() -> None:
    with pytest.raises(GlyphsMissing):
        render_sheet("Invitation", (SheetText("\U0001f600"),))


def test_it_is_the_same_each_time() -> None:
    assert render_sheet("Invitation", PARTS) == render_sheet("Invitation", PARTS)
