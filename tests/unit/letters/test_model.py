"""One letter, one text: what is hashed and kept."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.letters.model import (
    Block,
    Bullets,
    Drawing,
    Heading,
    Layout,
    Letter,
    LetterFormat,
    Letterhead,
    Paragraph,
    Run,
    canonical_text,
    text_sha256,
)

LETTER = Letter(
    title="A notice",
    language="en-GB",
    letterhead=Letterhead("Tidemill Homes", ("2 Quay", "Eastmere")),
    blocks=(Paragraph((Run("Dear "), Run("you", bold=True))), Heading("Why"), Bullets(((Run("one"),), (Run("two"),)))),
    address_lines=("The Resident", "1 Quay", "ZZ1 1AA"),
    date_text="31 May 2026",
    closing=("Yours", "J Doe"),
    footer="small",
    reference_text="L-7",
)


def test_the_text_that_is_kept() -> None:
    assert canonical_text(LETTER) == (
        "language: en-GB\n\nfrom:\n- Tidemill Homes\n- 2 Quay\n- Eastmere\n\n"
        "to:\n- The Resident\n- 1 Quay\n- ZZ1 1AA\n\n"
        "date: 31 May 2026\n\nreference: L-7\n\ntitle: A notice\n\nparagraph: Dear **you**\n\nheading: Why\n\n"
        "bullets:\n- one\n- two\n\nclosing:\n- Yours\n- J Doe\n\nfooter: small"
    )
    assert len(text_sha256(LETTER)) == 32


def test_what_a_reader_sees_leaves_out_only_the_address() -> None:
    texts = list(LETTER.body_texts())
    assert texts == [
        "A notice",
        "Dear you",
        "Why",
        "one\ntwo",
        "Yours",
        "J Doe",
        "31 May 2026",
        "L-7",
        "Tidemill Homes",
        "2 Quay",
        "Eastmere",
        "small",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([Paragraph((Run("a\n\nparagraph: b"),))], [Paragraph((Run("a"),)), Paragraph((Run("b"),))]),
        ([Paragraph((Run("**a**"),))], [Paragraph((Run("a", bold=True),))]),
        ([Paragraph((Run("\\*"),))], [Paragraph((Run("*"),))]),
        ([Bullets(((Run("a\nb"),),))], [Bullets(((Run("a"),), (Run("b"),)))]),
        ([Bullets(((Run("a\n- b"),),))], [Bullets(((Run("a"),), (Run("b"),)))]),
        ([Heading("a")], [Paragraph((Run("a"),))]),
        ([Paragraph((Run("a\n\nfooter: small"),))], [Paragraph((Run("a"),))]),
    ],
)
def test_different_letters_have_different_texts(one: list[Block], other: list[Block]) -> None:
    texts = {canonical_text(dataclasses.replace(LETTER, blocks=tuple(blocks))) for blocks in (one, other)}
    assert len(texts) == 2


def test_every_field_counts() -> None:
    changes: dict[str, object] = {
        "title": "Another",
        "language": "cy",
        "letterhead": Letterhead("Tidemill Homes"),
        "blocks": (),
        "address_lines": ("X",),
        "date_text": "1 June",
        "closing": ("Yours",),
        "footer": "",
        "reference_text": "",
        "layout": Layout.SHEET,
        "stamp": "CONFIDENTIAL",
    }
    assert set(changes) == {field.name for field in dataclasses.fields(Letter)}
    hashes = {text_sha256(dataclasses.replace(LETTER, **{name: value})) for name, value in changes.items()}  # type: ignore[arg-type]
    assert len(hashes | {text_sha256(LETTER)}) == len(changes) + 1


texts = st.text(st.sampled_from(list("ab*\\\n- :")), max_size=6)
block_of_any_kind = st.one_of(
    st.builds(Heading, texts),
    st.builds(Paragraph, st.tuples(st.builds(Run, texts))),
    st.builds(Bullets, st.lists(st.tuples(st.builds(Run, texts, st.booleans())), max_size=2).map(tuple)),
    st.builds(
        Drawing, st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3))).map(tuple), st.just(9), st.just(9), texts
    ),
)


@given(st.lists(block_of_any_kind, max_size=3), st.lists(block_of_any_kind, max_size=3), texts, texts)
def test_one_text_never_stands_for_two_letters(one: list[Block], other: list[Block], footer: str, title: str) -> None:
    first = dataclasses.replace(LETTER, blocks=tuple(one), footer=footer, title=title)
    second = dataclasses.replace(LETTER, blocks=tuple(other), footer=title, title=footer)
    assert (canonical_text(first) == canonical_text(second)) is (first == second)


def test_which_formats_are_printed() -> None:
    assert {one for one in LetterFormat if one.is_printed} == {LetterFormat.STANDARD, LetterFormat.LARGE_PRINT}
