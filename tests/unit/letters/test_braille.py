"""Uncontracted Braille of our own, and the pages it is put on."""

from __future__ import annotations

import string
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.foundation.errors import GlyphsMissing
from core.letters.braille import to_ascii, uncontracted
from core.letters.render.braille_pages import (
    CELLS,
    LINES,
    braille_files,
    has_liblouis,
    pages_of,
    transcriber_for,
)
from tests.support.letter_pages import sample_letter


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("abc", "⠁⠃⠉"),
        ("Dear Ms Quill,", "⠠⠙⠑⠁⠗⠀⠠⠍⠎⠀⠠⠟⠥⠊⠇⠇⠂"),
        ("NHS", "⠠⠠⠝⠓⠎"),
        ("McKay", "⠠⠍⠉⠠⠅⠁⠽"),
        ("A", "⠠⠁"),
        ("E4 6FJ", "⠠⠑⠼⠙⠀⠼⠋⠠⠠⠋⠚"),
        ("OX3 0AB", "⠠⠠⠕⠭⠼⠉⠀⠼⠚⠠⠠⠁⠃"),
        ("4b", "⠼⠙⠰⠃"),
        ("4m", "⠼⠙⠍"),
        ("1,234.50", "⠼⠁⠂⠃⠉⠙⠲⠑⠚"),
        ("29 November 2026.", "⠼⠃⠊⠀⠠⠝⠕⠧⠑⠍⠃⠑⠗⠀⠼⠃⠚⠃⠋⠲"),
        ("hello@imani.example", "⠓⠑⠇⠇⠕⠈⠁⠊⠍⠁⠝⠊⠲⠑⠭⠁⠍⠏⠇⠑"),
        ("(yes)", "⠐⠣⠽⠑⠎⠐⠜"),
        ('"no"', "⠦⠝⠕⠴"),
        ("café", "⠉⠁⠋⠘⠌⠑"),
        ("Zoë", "⠠⠵⠕⠘⠒⠑"),
        ("I\u2019m", "⠠⠊⠄⠍"),
        ("£5", "⠈⠇⠼⠑"),
    ],
)
def test_words_numbers_capitals_and_marks(text: str, cells: str) -> None:
    assert uncontracted(text) == cells


def test_a_character_there_is_no_braille_for_is_named() -> None:
    with pytest.raises(GlyphsMissing) as refused:
        uncontracted("Ελένη and 😀")
    assert "😀 (U+1F600)" in str(refused.value.fields["characters"])


def test_braille_ascii_is_the_usual_one() -> None:
    assert to_ascii("⠁⠃⠉⠠⠙⠼⠁⠀⠲") == "ABC,D#A 4"
    assert to_ascii("⠿⠷⠾⠢⠔⠱⠹⠮⠐") == '=()59:?!"'


@given(st.text(alphabet=string.ascii_letters + string.digits + " ,.;:!?'()-/@&", max_size=200))
def test_whatever_is_written_becomes_cells_of_six_dots(text: str) -> None:
    cells = uncontracted(text)
    assert all(0x2800 <= ord(cell) < 0x2840 for cell in cells)
    assert len(to_ascii(cells)) == len(cells)


def test_pages_hold_what_an_embosser_takes() -> None:
    letter = sample_letter(reference="L-ABC234")
    pages = pages_of(letter, uncontracted)
    assert len(pages) > 3
    assert all(len(page) == LINES and all(len(line) <= CELLS for line in page) for page in pages)
    whole = " ".join(line for page in pages for line in page)
    assert uncontracted("Harassment and hate").replace("\u2800", "") in whole.replace("\u2800", "").replace(" ", "")
    (brf_name, brf), (pef_name, pef) = braille_files(letter)
    assert (brf_name, pef_name) == (".brf", ".pef")
    assert brf.isascii()
    assert brf.count(b"\f") * LINES == brf.count(b"\r\n")
    rows = ElementTree.fromstring(pef).iter("{http://www.daisy.org/ns/2008/pef}row")  # made just now
    assert sum(1 for _ in rows) == brf.count(b"\r\n")


def test_where_liblouis_is_present_it_contracts() -> None:
    if not has_liblouis():
        assert transcriber_for("en-GB") is uncontracted
        pytest.skip("liblouis is not installed: apt-get install liblouis20 liblouis-data")
    text = "We will not tell your neighbours that you spoke to us."
    made = transcriber_for("en-GB")(text)
    assert len(made) < len(uncontracted(text))
    assert transcriber_for("so") is uncontracted
