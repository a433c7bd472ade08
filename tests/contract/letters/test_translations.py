"""The translations that come with the program: accessible, whole, with the numbers of the English."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from core.foundation.errors import FontPackUnknown
from core.letters import formats
from core.letters.languages import KNOWN_LANGUAGES
from core.letters.model import LetterFormat
from core.letters.render import font_pack
from core.letters.render.fonts import fonts_folder
from core.letters.render.typefaces import check_shapeable, has_typeface
from core.letters.templates import Template
from tests.support.letter_matrix import SIZES, filled, one_file, shipped_in
from tests.support.letter_pages import TEMPLATES, page_texts, pdf_ua_failures, structure_problems
from tests.support.script_letters import digits_as_seen

TRANSLATED = tuple(language for language in KNOWN_LANGUAGES if language != "en")
USUAL = {"area-warning", "appointment", "rights-sheet", "closure"}
TO_OFFICES = {"agency", "landlord", "police"}
"""Who reads the documents that do not go to residents."""
_NUMBER = re.compile(r"\d[\d ]+\d|www\.[\w.-]*\w")


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_says_what_the_english_says_and_is_marked_as_a_draft(language: str) -> None:
    found = shipped_in(language)
    english = {one.identity.template_id: one for one in shipped_in("en-GB")}
    assert {one.identity.template_id for one in found} == {
        name for name, source in english.items() if not TO_OFFICES.intersection(source.use.audiences)
    }
    for text in found:
        source = english[text.identity.template_id]
        assert text.is_draft
        assert text.use.translates == source.identity.version
        assert text.use.audiences == source.use.audiences
        assert text.use.signed_off == source.use.signed_off
        assert (text.use.layout, text.use.after_finding) == (source.use.layout, source.use.after_finding)
        assert [one.conditions for one in text.blocks] == [one.conditions for one in source.blocks]
        assert text.required_fields() == source.required_fields()
        assert [one.kind for one in text.blocks] == [one.kind for one in source.blocks]
        assert text.fields() == source.fields()
        assert numbers_in(text) == numbers_in(source)
        if has_typeface(language):
            check_shapeable(filled(text).body_texts())


def numbers_in(text: Template) -> Counter[str]:
    """Phone numbers, hours and web pages: the same in every language, or somebody calls the wrong line."""
    body = text.source.split("\n---\n", 1)[1]
    return Counter(found.rstrip(".") for found in _NUMBER.findall(body))


def set_here(language: str, size: LetterFormat) -> list[Template]:
    """What most people get, in both sizes; the notice, which has one page; of the others two, large, in turns.

    All of them in all sizes take minutes: `python -m tests.support.letter_matrix`.
    """
    found = sorted(shipped_in(language), key=lambda one: one.identity.template_id)
    others = [one for one in found if one.identity.template_id not in USUAL | {"notice"}]
    first = 2 * TRANSLATED.index(language)
    sample = {others[place % len(others)].identity.template_id for place in (first, first + 1) if others}
    chosen = USUAL | {"notice"} | sample if size is LetterFormat.LARGE_PRINT else USUAL
    return [one for one in found if one.identity.template_id in chosen]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_are_accessible_in_both_sizes(language: str, size: LetterFormat) -> None:
    if not has_typeface(language):
        pytest.skip("the Chinese typeface is not on this machine")
    data = one_file([filled(one) for one in set_here(language, size)], size)
    assert pdf_ua_failures(data) == []
    assert structure_problems(data) == []
    seen = "".join(digits_as_seen(data, page) for page in range(len(page_texts(data))))
    assert "018654960123" in seen
    assert "0800555111" in seen
    assert "08081689111" in seen


def test_the_chinese_typeface_is_brought_once_and_looked_for_at_run_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "own"
    monkeypatch.setattr(font_pack, "pack_folder", lambda: folder)
    font_pack.pack_files.cache_clear()
    assert not formats.is_made_here(LetterFormat.STANDARD, "zh")
    assert formats.is_made_here(LetterFormat.STANDARD, "ur")
    assert "made by somebody else" in formats.chinese_here()
    with pytest.raises(FontPackUnknown) as refused:
        font_pack.bring_pack(fonts_folder())
    assert "regular and bold" in refused.value.explain().happened
    assert not folder.exists()

    # Stand-ins for the two files: what a file is called does not count, what it says of itself does.
    said = {"NotoSans-Regular.ttf": "Regular", "NotoSans-Bold.ttf": "Bold"}
    monkeypatch.setattr(font_pack, "_weight", lambda path: said.get(path.name, ""))
    assert font_pack.bring_pack(fonts_folder()) == tuple(said)
    assert formats.is_made_here(LetterFormat.STANDARD, "zh")
    assert formats.chinese_here() == "The Chinese typeface is on this computer."
    font_pack.pack_files.cache_clear()


def test_the_documents_of_every_language_stand_beside_the_english() -> None:
    assert {path.name.split(".")[1] for path in TEMPLATES.glob("*/*.md")} == {"en-GB", *TRANSLATED}
