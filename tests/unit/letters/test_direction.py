"""Which way stretches of text run."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.letters.direction import has_right_to_left, isolated, isolated_pieces, without_marks
from core.letters.formats import files_of
from core.letters.model import LetterFormat
from core.letters.render.plain import plain_text
from tests.support.letter_pages import sample_letter
from tests.support.script_letters import letter_in


def seen(text: str) -> str:
    return text.replace("\u2066", "<").replace("\u2067", "{").replace("\u2069", ">")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("اتصل على 01865 496 0123 الآن", "اتصل على <01865 496 0123> الآن"),
        ("اكتب إلى hello@imani.example.", "اكتب إلى <hello@imani.example>."),
        ("المرجع L-3FA29C، البريد OX3 0AB", "المرجع <L-3FA29C>، البريد <OX3 0AB>"),
        ("(خلال 24 ساعة)", "(خلال <24> ساعة)"),
        ("في 12 Marsh Lane, Oxford OX3 0AB اليوم", "في <12 Marsh Lane, Oxford OX3 0AB> اليوم"),
        ("اتصل 999, 101", "اتصل <999>, <101>"),
        ("هاتف (01865) 496 0123", "هاتف <(01865) 496 0123>"),
        ("طلب (ASB case review) هنا", "طلب (<ASB case review>) هنا"),
        ("23 نوفمبر 2026", "<23> نوفمبر <2026>"),
        ("23 November 2026", "<23 November 2026>"),
        ("Do not send it.", "<Do not send it.>"),
        ("+44 1865 496 0123", "<+44 1865 496 0123>"),
        ("", ""),
    ],
)
def test_inside_a_text_from_the_right(text: str, expected: str) -> None:
    assert seen(isolated(text, from_right=True)) == expected


def test_inside_a_text_from_the_left() -> None:
    assert seen(isolated("Dear محمد خان, 5 July", from_right=False)) == "Dear {محمد خان>, 5 July"
    assert isolated("Dear Ms Quill, 01865", from_right=False) == "Dear Ms Quill, 01865"


@settings(max_examples=60)
@given(st.text(alphabet="اب ج A1(),.-@\n\u2066\u2069", max_size=40), st.booleans())
def test_no_word_changes_and_every_isolation_ends(text: str, from_right: bool) -> None:
    made = isolated(text, from_right=from_right)
    assert without_marks(made) == without_marks(text) or not has_right_to_left(text)
    assert isolated(made, from_right=from_right) == made
    depth = 0
    for character in made if made != text else "":
        depth += (character in "\u2066\u2067") - (character == "\u2069")
        assert 0 <= depth <= 1
    assert depth == 0


def test_a_paragraph_in_pieces_without_a_word_from_the_right_runs_left_as_a_whole() -> None:
    assert [seen(one) for one in isolated_pieces(["Do ", "not", " send it."], from_right=True)] == [
        "<Do ", "not", " send it.>"
    ]  # fmt: skip
    assert [seen(one) for one in isolated_pieces(["اتصل ", "999", " الآن."], from_right=True)] == [
        "اتصل ", "<999>", " الآن."
    ]  # fmt: skip
    assert [seen(one) for one in isolated_pieces(["Do it."], from_right=True)] == ["<Do it.>"]
    lines = isolated_pieces(["One.\nTwo.\nاتصل 9", " two"], from_right=True)
    assert [seen(one) for one in lines] == ["<One.>\n<Two.>\nاتصل <9>", " <two>"]
    assert isolated_pieces(["Do", " it"], from_right=False) == ["Do", " it"]


def test_a_plain_text_says_it_too() -> None:
    ((suffix, data),) = files_of(letter_in("ar"), LetterFormat.PLAIN_TEXT)
    text = data.decode("utf-8")
    assert suffix == ".txt"
    assert "\u206601865 496 0123\u2069" in text
    assert "\u2066IM-2026-0417\u2069" in text
    ((_, english),) = files_of(sample_letter(), LetterFormat.PLAIN_TEXT)
    assert english.decode("utf-8") == plain_text(sample_letter())
