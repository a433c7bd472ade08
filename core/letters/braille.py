"""Uncontracted Braille of our own, for where no transcribing library is present. Pure.

Source: The Rules of Unified English Braille, second edition (2013), sections 3 to 8: letters, capitals, numeric mode,
punctuation and modified letters. Every Braille reader can read it; contracted Braille is shorter and needs liblouis.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from types import MappingProxyType

from core.foundation.errors import GlyphsMissing

_BASE = 0x2800
# Braille ASCII: the character that stands for each cell of six dots, in the order of the dots' number.
_ASCII = " A1B'K2L@CIF/MSP\"E3H9O6R^DJG>NTQ,*5<-U8V.%[$+X!&;:4\\0Z7(_?W]#Y)="


def _cells(dots: str) -> str:
    """ "1-12" to two cells."""
    return "".join(chr(_BASE + sum(1 << (int(dot) - 1) for dot in cell)) for cell in dots.split("-"))


_LETTERS = MappingProxyType(
    {
        letter: _cells(dots)
        for letter, dots in zip(
            "abcdefghijklmnopqrstuvwxyz",
            "1 12 14 145 15 124 1245 125 24 245 13 123 134 1345 135 1234 12345 1235 234 2345 136 1236 2456 1346"
            " 13456 1356".split(),
            strict=True,
        )
    }
)
_DIGITS = MappingProxyType({digit: _LETTERS[letter] for digit, letter in zip("1234567890", "abcdefghij", strict=True)})
_NUMBER, _GRADE_1, _CAPITAL = _cells("3456"), _cells("56"), _cells("6")
_MARKS = MappingProxyType(
    {
        mark: _cells(dots)
        for mark, dots in {
            ",": "2", ";": "23", ":": "25", ".": "256", "!": "235", "?": "236", "'": "3", "’": "3", "‘": "6-236",
            "“": "236", "”": "356", "-": "36", "‑": "36", "–": "6-36", "—": "5-6-36", "(": "5-126", ")": "5-345",
            "[": "46-126", "]": "46-345", "/": "456-34", "&": "4-12346", "@": "4-1", "£": "4-123", "%": "46-356",
            "*": "5-35", "+": "5-235", "=": "5-2356", "#": "456-1456", "_": "46-36", "…": "256-256-256", "•": "456-256",
            "·": "456-256", "€": "4-15", "§": "45-234", "°": "45-245", "~": "4-35", "<": "4-126", ">": "4-345",
        }.items()
    }
)  # fmt: skip
_QUOTE_OPEN, _QUOTE_CLOSE = _cells("236"), _cells("356")
_ACCENTS = MappingProxyType(
    {
        accent: _cells(dots)
        for accent, dots in {
            "\u0300": "45-16", "\u0301": "45-34", "\u0302": "45-146", "\u0303": "45-12456", "\u0304": "4-36",
            "\u0306": "4-346", "\u0308": "45-25", "\u030a": "45-1246", "\u030c": "45-346", "\u0327": "45-12346",
        }.items()
    }
)  # fmt: skip
_PLAIN = MappingProxyType({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ß": "ss", "æ": "ae", "Æ": "AE"})
"""Letters no accent of the code builds; a proof-reader is asked for anyway."""


def uncontracted(text: str) -> str:
    """One line of text as cells of Unicode Braille; a space stays a blank cell.

    Raises:
        GlyphsMissing: names every character there is no Braille for here.
    """
    plain = "".join(_PLAIN.get(character, character) for character in unicodedata.normalize("NFC", text))
    missing = sorted({character for character in plain if not _is_known(character)})
    if missing:
        raise GlyphsMissing(characters=", ".join(f"{one} (U+{ord(one):04X})" for one in missing))
    return chr(_BASE).join("".join(_word(word)) for word in plain.split())


def _is_known(character: str) -> bool:
    if character.isspace() or character in _MARKS or character in _DIGITS or character == '"':
        return True
    base, *accents = list(unicodedata.normalize("NFD", character))
    return base.lower() in _LETTERS and all(accent in _ACCENTS for accent in accents)


def _word(word: str) -> Iterator[str]:
    numeric = False
    shouted = 0  # letters that the capitals indicator before them still covers
    for at, character in enumerate(word):
        if character in _DIGITS:
            yield _DIGITS[character] if numeric else _NUMBER + _DIGITS[character]
            numeric = True
        elif numeric and character in ",." and word[at + 1 : at + 2].isdigit():
            yield _MARKS[character]
        elif character.isalpha():
            if character.isupper() and not shouted:
                run = _capitals(word, at)
                yield _CAPITAL * 2 if run > 1 else _CAPITAL
                shouted = run
            elif numeric and character in "abcdefghij":
                yield _GRADE_1
            yield from _letter(character)
            numeric = False
            shouted = max(0, shouted - 1)
        else:
            numeric = False
            shouted = 0
            opens = at == 0 or not any(one.isalnum() for one in word[:at])
            yield (_QUOTE_OPEN if opens else _QUOTE_CLOSE) if character == '"' else _MARKS[character]


def _capitals(word: str, at: int) -> int:
    """How many capital letters follow each other from here; a word of them has one indicator."""
    count = 0
    while at + count < len(word) and word[at + count].isalpha() and word[at + count].isupper():
        count += 1
    whole = at + count == len(word) or not word[at + count].isalpha()
    return count if count > 1 and whole else 1


def _letter(character: str) -> Iterator[str]:
    base, *accents = list(unicodedata.normalize("NFD", character))
    for accent in accents:
        yield _ACCENTS[accent]
    yield _LETTERS[base.lower()]


def to_ascii(cells: str) -> str:
    """Cells of Unicode Braille as the characters embossers and displays take (Braille ASCII)."""
    return "".join(_ASCII[(ord(cell) - _BASE) & 0x3F] if ord(cell) >= _BASE else cell for cell in cells)
