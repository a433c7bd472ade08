"""Letters in scripts that need shaping: in the same places, accessible, with every number the right way round."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path

import pikepdf
import pytest

from core.foundation.errors import GlyphsMissing, TextDoesNotFit
from core.letters.addresses import DL_WINDOW
from core.letters.batch import BatchLetter, make_chunk
from core.letters.model import Drawing, Layout, LetterFormat, Paragraph, Run
from core.letters.render.papers import Paper
from core.letters.render.pdf_engine import is_shaped, render_letter
from tests.support.letter_pages import (
    ADDRESS,
    marks,
    page_texts,
    pdf_ua_failures,
    roles,
    sample_letter,
    structure_problems,
)
from tests.support.script_letters import SCRIPTS, digits_as_seen, latin_as_seen, letter_in

BOTH = (LetterFormat.STANDARD, LetterFormat.LARGE_PRINT)
RTL_NAME = "محمد خان"


@pytest.mark.parametrize("letter_format", BOTH)
@pytest.mark.parametrize("language", SCRIPTS)
def test_a_letter_in_each_script_is_accessible_whole_and_in_its_place(
    language: str, letter_format: LetterFormat
) -> None:
    letter = letter_in(language)
    assert is_shaped(letter)
    data = render_letter(letter, letter_format)

    assert pdf_ua_failures(data) == []
    assert structure_problems(data) == []
    headings = [role for role in roles(data) if role.startswith("H")]
    assert headings == ["H1", "H2"]
    shown = [mark for mark in marks(data) if mark.zone.meets(DL_WINDOW.keep_clear_zone)]
    assert "".join(mark.text for mark in shown).replace(",", "") == "".join("".join(ADDRESS).split())
    assert all(DL_WINDOW.visible_zone.contains(mark.zone) for mark in shown)
    least = 12 if letter_format is LetterFormat.STANDARD else 18
    assert min(m.size_pt for m in marks(data) if not m.zone.meets(DL_WINDOW.visible_zone)) >= least
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.Root.Lang) == language
        assert set(pdf.docinfo) == {"/Title"}


@pytest.mark.parametrize("language", SCRIPTS)
def test_every_number_reads_from_left_to_right(language: str) -> None:
    letter = letter_in(language)
    seen = digits_as_seen(render_letter(letter, LetterFormat.STANDARD))
    assert seen.count("018654960123") >= 3  # the letterhead, the paragraph, the list
    assert "20260417" in seen
    assert "12345" in seen


@pytest.mark.parametrize("isolates", [True, False])
def test_an_address_in_a_sentence_from_the_right_begins_with_its_number(
    isolates: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what would be printed if nobody said which way it runs."""
    if not isolates:
        monkeypatch.setattr("core.letters.render.typst_engine.isolated_pieces", lambda pieces, from_right: list(pieces))
    words = Paragraph((Run("نلتقي في 12 Marsh Lane, Oxford OX3 0AB يوم الاثنين"),))
    data = render_letter(dataclasses.replace(letter_in("ar"), blocks=(words,)), LetterFormat.STANDARD)
    assert ("12MarshLane,OxfordOX30AB" in latin_as_seen(data, below_mm=95)) is isolates


def test_an_english_letter_with_a_name_from_right_to_left() -> None:
    letter = sample_letter(address=(RTL_NAME, "7 Marsh Lane", "Oxford", "OX3 0AB"), salutation=RTL_NAME + ", 7")
    data = render_letter(letter, LetterFormat.STANDARD)
    assert pdf_ua_failures(data) == []
    shown = [mark for mark in marks(data) if mark.zone.meets(DL_WINDOW.keep_clear_zone)]
    assert all(DL_WINDOW.visible_zone.contains(mark.zone) for mark in shown)
    assert any(mark.text == "خ" or "\u0600" <= mark.text < "\u0700" for mark in shown)
    greeting = sorted(
        (mark.zone.left, mark.text) for mark in marks(data) if 98 < mark.zone.top < 106 and mark.zone.bottom < 108
    )
    words = "".join(text for _, text in greeting)
    assert words.startswith("Dear")
    assert words.endswith(",7,")


@pytest.mark.parametrize("text, named", [("আমিনা 😀", "😀"), ("محمد அமுதா", "அ")])
def test_a_character_without_a_picture_is_named(text: str, named: str) -> None:
    with pytest.raises(GlyphsMissing) as caught:
        render_letter(dataclasses.replace(letter_in("ur"), title=text), LetterFormat.STANDARD)
    assert named in caught.value.explain().happened


def test_the_engine_itself_refuses_a_character_without_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second gate: were the first one wrong, no box would be printed in place of a letter."""
    monkeypatch.setattr("core.letters.render.typst_engine.check_shapeable", lambda texts: None)
    with pytest.raises(GlyphsMissing) as caught:
        render_letter(dataclasses.replace(letter_in("ur"), title="محمد அ"), LetterFormat.STANDARD)
    assert "அ" in caught.value.explain().happened


def test_what_looks_like_a_command_is_printed_as_it_stands() -> None:
    words = '#read("/etc/hostname") $x$ *b* @ref <l> #panic() \\u{41} "quoted"'
    letter = letter_in("bn")
    letter = dataclasses.replace(letter, blocks=(*letter.blocks, Paragraph((Run(words),))), title=words + " আ")
    whole = " ".join(page_texts(render_letter(letter, LetterFormat.STANDARD)))
    assert whole.count(words) == 2


def test_an_address_that_cannot_fit_is_refused() -> None:
    lines = tuple(f"The very long line number {number} of this address" for number in range(9))
    with pytest.raises(TextDoesNotFit, match="address"):
        render_letter(letter_in("gu", address=lines), LetterFormat.STANDARD)


def test_a_statement_with_a_signature_is_stamped_on_every_page_and_the_drawing_says_what_it_is() -> None:
    signature = Drawing(((0, 40, 60, 0, 120, 40), (130, 10)), 200, 50, "Signature of the person")
    letter = letter_in("ur", reference="")
    blocks = (*letter.blocks, *[letter.blocks[1]] * 20, signature)
    letter = dataclasses.replace(
        letter, layout=Layout.SHEET, address_lines=(), closing=(), blocks=blocks, stamp="Confidential"
    )
    data = render_letter(letter, LetterFormat.STANDARD)
    texts = page_texts(data)
    assert len(texts) > 1
    assert all("Confidential" in text for text in texts)
    assert "Figure" in roles(data)
    assert pdf_ua_failures(data) == []
    assert structure_problems(data) == []


@pytest.mark.parametrize("paper", list(Paper))
def test_a_notice_in_another_script_fills_one_page(paper: Paper) -> None:
    letter = dataclasses.replace(letter_in("ur"), layout=Layout.NOTICE, address_lines=(), closing=())
    data = render_letter(letter, LetterFormat.STANDARD, paper=paper)
    assert len(page_texts(data)) == 1
    assert pdf_ua_failures(data) == []


def test_a_run_in_several_scripts_keeps_its_order_and_its_counts(tmp_path: Path) -> None:
    """One file, both engines, one letter that cannot be made: what stands where, and nothing lost."""
    languages = ["en", "ur", "bn", "en", "ur", "gu", "en", "ur"]
    letters = [
        BatchLetter(
            place,
            sample_letter(reference=f"R-{place}000") if one == "en" else letter_in(one, reference=f"R-{place}000"),
            BOTH[place % 2],
        )
        for place, one in enumerate(languages, start=1)
    ]  # fmt: skip
    broken = dataclasses.replace(letters[4].letter, title="اردو 😀")
    letters[4] = dataclasses.replace(letters[4], letter=broken)
    path = tmp_path / "letters.pdf"
    made = make_chunk(letters, path=path, title="Letters", duplex=True)

    assert [one.place for one in made.refused] == [5]
    assert [one.place for one in made.letters] == [1, 2, 3, 4, 6, 7, 8]
    data = path.read_bytes()
    assert made.pages == len(page_texts(data))
    for one in made.letters:
        assert f"{one.place}000" in digits_as_seen(data, one.page_from - 1)
        assert one.page_from % 2 == 1
    assert pdf_ua_failures(data) == []
    assert structure_problems(data) == []
