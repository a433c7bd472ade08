"""Recovery sheets as words: split, read, combine; every mistake a person can make has its own answer."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.crypto import shares
from core.crypto.secrets import SecretBytes
from core.foundation.errors import (
    ExpectedError,
    SheetGivenTwice,
    SheetIncomplete,
    SheetMistyped,
    SheetOfAnotherKind,
    SheetsDoNotBelong,
    SheetWordUnknown,
)

SEED = SecretBytes(bytes(range(32)))


@pytest.fixture(scope="module")
def sheets() -> tuple[str, str, str]:
    return shares.split_seed(SEED)


def test_any_two_of_the_three_give_the_seed_back(sheets: tuple[str, str, str]) -> None:
    for first, second in itertools.permutations(sheets, 2):
        assert shares.combine(first, second) == SEED
    assert [shares.read_share(sheet).number for sheet in sheets] == [1, 2, 3]
    assert {len(sheet.split()) for sheet in sheets} == {shares.SHARE_WORDS}


def test_numbers_capitals_and_line_breaks_of_the_printed_sheet_do_not_matter(sheets: tuple[str, str, str]) -> None:
    printed = "\n".join(f"{number}.  {word.upper()}" for number, word in enumerate(sheets[0].split(), start=1))
    assert shares.combine(printed, sheets[1]) == SEED


def test_mistakes_are_named(sheets: tuple[str, str, str]) -> None:
    words = sheets[0].split()
    with pytest.raises(SheetGivenTwice):
        shares.combine(sheets[0], sheets[0].upper())
    with pytest.raises(SheetWordUnknown) as unknown:
        shares.read_share(" ".join([*words[:4], "zzzz", *words[5:]]))
    assert unknown.value.fields["number"] == 5
    with pytest.raises(SheetIncomplete) as short:
        shares.read_share(" ".join(words[:-1]))
    assert short.value.fields == {"count": 32, "expected": 33}
    with pytest.raises(SheetsDoNotBelong):
        shares.combine(sheets[0], shares.split_seed(SEED)[1])
    with pytest.raises(SheetOfAnotherKind):
        shares.read_share(shares.to_words(bytes(37)))
    with pytest.raises(SheetOfAnotherKind):
        shares.from_words(sheets[0], length=38)


def test_one_wrong_word_is_found_wherever_it_is(sheets: tuple[str, str, str]) -> None:
    words = sheets[1].split()
    for place in range(len(words)):
        wrong = "academic" if words[place] != "academic" else "acid"
        with pytest.raises(SheetMistyped) as found:
            shares.read_share(" ".join([*words[:place], wrong, *words[place + 1 :]]))
        assert found.value.fields["place"] == f"Word {place + 1} does not fit the others."


def test_two_words_exchanged_are_never_taken(sheets: tuple[str, str, str]) -> None:
    words = sheets[2].split()
    for place in range(len(words) - 1):
        if words[place] != words[place + 1]:
            swapped = [*words[:place], words[place + 1], words[place], *words[place + 2 :]]
            with pytest.raises(SheetMistyped):
                shares.read_share(" ".join(swapped))


def test_one_wrong_word_of_an_organisation_sheet_is_found_wherever_it_is() -> None:
    words = shares.to_words(bytes(range(shares.ORGANISATION_BYTES))).split()
    assert len(words) == shares.ORGANISATION_WORDS
    for place in range(len(words)):
        wrong = "academic" if words[place] != "academic" else "acid"
        with pytest.raises(SheetMistyped) as found:
            shares.from_words(
                " ".join([*words[:place], wrong, *words[place + 1 :]]), length=shares.ORGANISATION_BYTES
            )
        assert found.value.fields["place"] == f"Word {place + 1} does not fit the others."


@given(st.binary(min_size=1, max_size=64))
def test_plain_words_give_the_same_bytes_back(data: bytes) -> None:
    text = shares.to_words(data)
    assert shares.from_words(text, length=len(data)) == data


@given(st.text(max_size=400))
@settings(max_examples=60)
def test_whatever_is_typed_is_refused_in_one_way(text: str) -> None:
    for read in (shares.read_share, lambda typed: shares.from_words(typed, length=38)):
        with pytest.raises(ExpectedError):
            read(text)


def test_four_letters_tell_the_word_and_typing_errors_have_suggestions() -> None:
    assert shares.completions("acad") == ("academic",)
    assert shares.completions("") == ()
    assert "academic" in shares.nearest_words("acadmic")
    assert shares.is_word("Academic ") and not shares.is_word("acadmic")


def test_a_share_never_shows_its_words(sheets: tuple[str, str, str]) -> None:
    assert sheets[0].split()[7] not in repr(shares.read_share(sheets[0]))
