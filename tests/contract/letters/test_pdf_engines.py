"""What every engine that makes letters must keep, read back out of its PDF."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable

import pytest

from core.foundation.errors import GlyphsMissing, TextDoesNotFit
from core.letters.addresses import DL_WINDOW, Zone
from core.letters.compose import compose
from core.letters.model import Layout, Letter, LetterFormat, Letterhead
from core.letters.render.papers import Paper
from core.letters.render.pdf_engine import render_letter
from core.letters.render.tagging import TaggedPages
from core.letters.render.typst_engine import set_letters
from core.letters.templates import Template, shipped_templates
from tests.support.letter_pages import (
    ADDRESS,
    TEMPLATES,
    marks,
    page_lines,
    page_texts,
    pdf_ua_failures,
    picture,
    roles,
    sample_letter,
    structure_problems,
)
from tests.support.letter_values import values_for

Engine = Callable[[Letter, LetterFormat], bytes]
BOTH = (LetterFormat.STANDARD, LetterFormat.LARGE_PRINT)

ADDRESSES = {
    "short": ("Bo Li", "1 Elm Row", "OX1 1AA"),
    "usual": ADDRESS,
    "long": (
        "Mr Bartholomew Featherstonehaugh-Cholmondeley",
        "Flat 127, The Old Corn Exchange Buildings",
        "1234 North Marston Magna Road",
        "Upper Heyford-on-the-Water",
        "Chipping Wychwood",
        "Oxfordshire",
        "OX29 9ZZ",
    ),
}


def through_reportlab(letter: Letter, letter_format: LetterFormat) -> bytes:
    return render_letter(letter, letter_format)


def through_typst(letter: Letter, letter_format: LetterFormat) -> bytes:
    """The second engine, made to set what it would never be asked to."""
    pages = TaggedPages(title=letter.title, language=letter.language)
    for one in set_letters((letter,), letter_format):
        pages.add_section_made(one.made, one.first, one.count, language=letter.language)
    return pages.finish().data


@pytest.fixture(params=[through_reportlab, through_typst], ids=["reportlab", "typst"])
def engine(request: pytest.FixtureRequest) -> Engine:
    found: Engine = request.param
    return found


def even(text: str) -> str:
    return " ".join(text.split())


def words_of(data: bytes) -> str:
    """Every word, without the numbers of the pages."""
    return even(re.sub(r"Page \d+ of \d+", " ", " ".join(page_texts(data))))


@pytest.mark.parametrize("letter_format", BOTH)
def test_every_word_can_be_read_back_in_order(engine: Engine, letter_format: LetterFormat) -> None:
    letter = sample_letter(reference="IM-2026-0417", officer="Amara Okoye")
    whole = words_of(engine(letter, letter_format))

    assert whole.index("Imani Housing Co-operative") < whole.index("Windrush House") < whole.index("23 November 2026")
    position = 0
    for block in letter.blocks:
        for line in block.plain.split("\n"):
            found = whole.find(even(line), position)
            assert found >= 0, line
            position = found
    assert "Our reference: IM-2026-0417" in whole
    assert whole.index("Yours faithfully") < whole.index("Amara Okoye")


@pytest.mark.parametrize("letter_format", BOTH)
@pytest.mark.parametrize("changes", [{}, {"reference": "R-1", "footer": "Registered no. 12345R"}, {"contact": ("-",)}])
def test_an_independent_validator_finds_it_accessible(
    engine: Engine, letter_format: LetterFormat, changes: dict[str, str]
) -> None:
    assert pdf_ua_failures(engine(sample_letter(**changes), letter_format)) == []


def test_a_screen_reader_meets_one_title_then_headings_and_lists(engine: Engine) -> None:
    found = roles(engine(sample_letter(), LetterFormat.STANDARD))
    headings = [role for role in found if role.startswith("H")]
    assert headings == ["H1", *["H2"] * 5]
    assert found.count("L") == 2
    assert found.count("LI") == found.count("LBody") == found.count("Lbl") == 7 + 6


@pytest.mark.parametrize("letter_format", BOTH)
def test_the_tree_and_the_pages_agree(engine: Engine, letter_format: LetterFormat) -> None:
    assert structure_problems(engine(sample_letter(reference="R-1", footer="Foot"), letter_format)) == []


def test_every_item_of_a_list_has_its_bullet(engine: Engine) -> None:
    assert " ".join(page_texts(engine(sample_letter(), LetterFormat.STANDARD))).count("•") == 7 + 6


@pytest.mark.parametrize("letter_format", BOTH)
@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("reference", ["", "IM-2026-0417"])
def test_only_the_address_shows_in_the_window(
    engine: Engine, letter_format: LetterFormat, name: str, reference: str
) -> None:
    letter = sample_letter(
        address=ADDRESSES[name], reference=reference, footer="Registered no. 12345R",
        organisation="The Marsh Lane and Windrush Valley Tenants' Housing Co-operative Limited",
        contact=("The Old School, 12 Marsh Lane, Headington, Oxford OX3 0AA", "01865 496 0123", "hello@imani.example"),
    )  # fmt: skip
    data = engine(letter, letter_format)
    shown = [mark for mark in marks(data) if mark.zone.meets(DL_WINDOW.keep_clear_zone)]

    assert "".join(mark.text for mark in shown).replace(",", "") == (
        "".join("".join(letter.address_lines).split()).replace(",", "")
    )
    assert all(DL_WINDOW.visible_zone.contains(mark.zone) for mark in shown)


@pytest.mark.parametrize("letter_format", BOTH)
def test_no_ink_but_the_address_near_the_window(engine: Engine, letter_format: LetterFormat) -> None:
    """Rules and fold marks have no characters, so this one looks at the dots."""
    dots = 4
    page = picture(engine(sample_letter(), letter_format), dots_per_mm=dots)
    clear, visible = DL_WINDOW.keep_clear_zone, DL_WINDOW.visible_zone

    def darkest(zone: Zone) -> int:
        box = (zone.left * dots, zone.top * dots, zone.right * dots, zone.bottom * dots)
        return int(page.crop(tuple(round(side) for side in box)).getextrema()[0])  # type: ignore[arg-type]

    assert darkest(visible) < 100
    assert darkest(Zone(clear.left, clear.top, clear.right, visible.top)) == 255
    assert darkest(Zone(clear.left, visible.bottom, clear.right, clear.bottom)) == 255
    assert darkest(Zone(clear.left, clear.top, visible.left, clear.bottom)) == 255
    assert darkest(Zone(visible.right, clear.top, clear.right, clear.bottom)) == 255


@pytest.mark.parametrize("letter_format", BOTH)
def test_nothing_is_smaller_than_the_reader_needs(engine: Engine, letter_format: LetterFormat) -> None:
    least = 12 if letter_format is LetterFormat.STANDARD else 18
    data = engine(sample_letter(reference="R-1", footer="Registered no. 12345R"), letter_format)
    for index in range(len(page_texts(data))):
        outside = [mark for mark in marks(data, index) if not mark.zone.meets(DL_WINDOW.visible_zone) or index]
        assert min(mark.size_pt for mark in outside) >= least


@pytest.mark.parametrize("letter_format", BOTH)
def test_numbers_and_dates_stay_on_one_line(engine: Engine, letter_format: LetterFormat) -> None:
    letter = sample_letter()
    widths = [
        dataclasses.replace(letter, date_text="x" * pad + " 23 November 2026", title="y" * pad + " call 01865 496 0123")
        for pad in range(4, 40, 5)
    ]
    for one in widths:
        lines = [line.replace("\u00a0", " ") for page in page_lines(engine(one, letter_format)) for line in page]
        assert any("23 November 2026" in line for line in lines)
        assert sum("01865 496 0123" in line for line in lines) >= 4
        assert any("24 hours" in line for line in lines)


@pytest.mark.parametrize("letter_format", BOTH)
def test_a_name_is_text_and_never_markup(engine: Engine, letter_format: LetterFormat) -> None:
    address = ("Ms <b>Ann & Co</b> AT&T;", "1 (Rear) \\Elm\\ Row", "OX1 1AA")
    data = engine(sample_letter(address=address, salutation="<i>&amp;AT&T</i> [[x]]"), letter_format)
    whole = " ".join(page_texts(data))
    assert "Ms <b>Ann & Co</b> AT&T;" in whole
    assert "1 (Rear) \\Elm\\ Row" in whole
    assert "Dear <i>&amp;AT&T</i> [[x]]," in whole


@pytest.mark.parametrize(
    "name", ["Siân Ŵyn-Ŷoung ŵŷ", "Łukasz Wąsęść-Źrebięć", "Nguyễn Thị Ánh", "Αθηνά Ñúñez", "Олена"]
)
def test_letters_of_many_languages_are_all_there(engine: Engine, name: str) -> None:
    data = engine(sample_letter(address=(name, "1 Elm Row", "OX1 1AA"), salutation=name), LetterFormat.STANDARD)
    assert f"{name} 1 Elm Row" in page_texts(data)[0]
    assert f"Dear {name}," in page_texts(data)[0]
    assert pdf_ua_failures(data) == []


def test_a_letter_in_two_parts_looks_like_one_letter(engine: Engine) -> None:
    """E and a combining acute is the same letter as É, and is drawn as it."""
    parted = engine(sample_letter(salutation="E\u0301lise"), LetterFormat.STANDARD)
    assert "Dear Élise," in page_texts(parted)[0]


@pytest.mark.parametrize("text, named", [("Joy 😀 Bell", "😀"), ("அமுதா", "அ"), ("\x01", "U+0001")])
@pytest.mark.parametrize("where", ["address", "salutation", "reference", "footer"])
def test_a_character_without_a_picture_is_named(engine: Engine, text: str, named: str, where: str) -> None:
    letter = {
        "address": dataclasses.replace(sample_letter(), address_lines=(text, "1 Elm Row", "OX1 1AA")),
        "salutation": dataclasses.replace(sample_letter(), title=text),
        "reference": dataclasses.replace(sample_letter(), reference_text=text),
        "footer": dataclasses.replace(sample_letter(), footer=text),
    }[where]
    with pytest.raises(GlyphsMissing) as caught:
        engine(letter, LetterFormat.STANDARD)
    assert named in caught.value.explain().happened


def test_an_address_of_nine_short_lines_is_joined_and_fits(engine: Engine) -> None:
    lines = ("The Resident", "Flat 1", "Level 2", "Block C", "Elm House", "Elm Row", "Cowley", "Oxford", "OX4 1AA")
    data = engine(sample_letter(address=lines), LetterFormat.STANDARD)
    shown = [mark for mark in marks(data) if mark.zone.meets(DL_WINDOW.keep_clear_zone)]
    assert all(DL_WINDOW.visible_zone.contains(mark.zone) for mark in shown)
    assert "".join(mark.text for mark in shown).replace(",", "") == "".join("".join(lines).split())


@pytest.mark.parametrize(
    "lines",
    [
        tuple(f"The very long line number {number} of this address" for number in range(9)),
        ("The Resident", "Llanfair" + "pwllgwyngyll" * 6, "LL61 5UJ"),
    ],
)
def test_an_address_that_cannot_fit_is_refused(engine: Engine, lines: tuple[str, ...]) -> None:
    with pytest.raises(TextDoesNotFit, match="address"):
        engine(sample_letter(address=lines), LetterFormat.STANDARD)


def test_an_endless_organisation_name_is_refused(engine: Engine) -> None:
    letter = dataclasses.replace(sample_letter(), letterhead=Letterhead("The Housing Co-operative " * 30))
    with pytest.raises(TextDoesNotFit, match="name"):
        engine(letter, LetterFormat.STANDARD)


@pytest.mark.parametrize("letter_format", BOTH)
def test_long_words_stay_on_the_page(engine: Engine, letter_format: LetterFormat) -> None:
    long = "https://" + "a-long-address." * 12 + "example"
    data = engine(sample_letter(contact=("12 Marsh Lane", long), salutation=long), letter_format)
    for index in range(len(page_texts(data))):
        assert max(mark.zone.right for mark in marks(data, index)) < 200
    assert long in "".join("".join(page_texts(data)).split())


@pytest.mark.parametrize("letter_format", BOTH)
def test_pages_are_numbered_and_a_heading_is_never_last(engine: Engine, letter_format: LetterFormat) -> None:
    data = engine(sample_letter(), letter_format)
    texts = page_texts(data)
    assert len(texts) > 1
    headings = ("What we mean by harassment", "What can happen", "We keep it private", "This letter in another way")
    for number, text in enumerate(texts, start=1):
        words = f"Page {number} of {len(texts)}"
        assert words in text
        assert not text.replace(words, "").rstrip().endswith(headings)


def test_a_short_letter_has_no_page_number(engine: Engine) -> None:
    letter = sample_letter()
    short = dataclasses.replace(letter, blocks=letter.blocks[:3])
    (text,) = page_texts(engine(short, LetterFormat.STANDARD))
    assert "Page" not in text


def test_the_same_letter_gives_the_same_bytes(engine: Engine) -> None:
    assert engine(sample_letter(), LetterFormat.STANDARD) == engine(sample_letter(), LetterFormat.STANDARD)


def test_the_file_says_its_title_and_language_and_nothing_about_the_machine(engine: Engine) -> None:
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(engine(sample_letter(), LetterFormat.STANDARD))) as pdf:
        assert str(pdf.Root.Lang) == "en-GB"
        assert dict(pdf.docinfo) == {"/Title": "Harassment and hate are not acceptable here"}


SHIPPED = [one for one in shipped_templates(TEMPLATES) if one.identity.language == "en-GB"]


@pytest.mark.parametrize("letter_format", BOTH)
@pytest.mark.parametrize("template", SHIPPED, ids=lambda one: one.identity.template_id)
def test_every_shipped_document_is_accessible_whole_and_readable(
    engine: Engine, template: Template, letter_format: LetterFormat
) -> None:
    letter = compose(template, values_for(template))
    data = engine(letter, letter_format)

    assert pdf_ua_failures(data) == []
    assert structure_problems(data) == []
    whole = words_of(data)
    for block in letter.blocks:
        for line in block.plain.split("\n"):
            assert even(line) in whole
    if letter.layout is Layout.LETTER:
        shown = {mark.text for mark in marks(data) if mark.zone.meets(DL_WINDOW.keep_clear_zone)}
        assert shown <= set("".join(letter.address_lines) + ",")
    least = 12 if letter_format is LetterFormat.STANDARD else 17
    outside = [mark for mark in marks(data) if not mark.zone.meets(DL_WINDOW.visible_zone)]
    assert min(mark.size_pt for mark in outside) >= (14 if letter.layout is Layout.NOTICE else least)


def test_a_notice_fills_one_page_of_either_paper() -> None:
    template = next(one for one in SHIPPED if one.identity.template_id == "notice")
    letter = compose(template, values_for(template))
    small, large = (render_letter(letter, LetterFormat.STANDARD, paper=paper) for paper in (Paper.A4, Paper.A3))
    assert len(page_texts(small)) == len(page_texts(large)) == 1
    sizes = [max(mark.size_pt for mark in marks(data)) for data in (small, large)]
    assert sizes[1] == pytest.approx(sizes[0] * 2**0.5, rel=0.01)
    assert pdf_ua_failures(large) == []


def test_a_notice_with_too_many_words_is_refused() -> None:
    template = next(one for one in SHIPPED if one.identity.template_id == "notice")
    letter = compose(template, values_for(template))
    with pytest.raises(TextDoesNotFit):
        render_letter(dataclasses.replace(letter, blocks=letter.blocks * 4), LetterFormat.STANDARD)
