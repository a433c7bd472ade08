"""A letter as plain text."""

from __future__ import annotations

from core.letters.render.plain import plain_text
from tests.support.letter_pages import sample_letter


def test_everything_is_there_in_reading_order() -> None:
    letter = sample_letter(reference="R-1", officer="Amara Okoye", footer="Registered no. 12345R")
    text = plain_text(letter)
    position = 0
    for piece in (
        "Imani Housing Co-operative\n12 Marsh Lane", "The Resident\nFlat 7\n",
        "23 November 2026\nR-1\n\nDear Resident,",
        "\n\nHarassment and hate are not acceptable here\n\n", "every home in your area",
        "\n\n- racist words or behaviour\n- ", "Yours faithfully\nAmara Okoye\nImani", "Registered no. 12345R\n",
    ):  # fmt: skip
        position = text.find(piece, position)
        assert position >= 0, piece
    assert "**" not in text
    assert "\n\n\n" not in text
    assert text.endswith("R\n")


def test_what_is_empty_leaves_no_gap() -> None:
    text = plain_text(sample_letter(contact=("-",)))
    assert "\n\n\n" not in text
    assert text.endswith("Imani Housing Co-operative\n")
