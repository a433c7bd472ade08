"""Text as the leak guard compares it: words without case, accents or marks, each knowing where it stood. Pure."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

# Letters that no decomposition turns into plain ones, and apostrophes that count as letters.
_PLAIN = MappingProxyType(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t",
        "ʼ": "'", "ʻ": "'", "ʹ": "'", "ʽ": "'", "*": "",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-",
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+|\d+")
_BOLD_INSIDE_A_WORD = re.compile(r"\w\*+\w")
# Starting only at the first mark of a row keeps a row of ten thousand full stops cheap.
_END = re.compile(r"(?<![.!?…])[.!?…]+[\"'”’)\]]*\s+|\n+")
_SHORTENED = re.compile(r"(?:\b[A-Za-z]|\b(?:Mr|Mrs|Ms|Dr|[Nn]o|St|[Aa]pt|Prof|Rev))\.$")
_LOOK_BACK = 40
_BLOCK_END = re.compile(r"\n\s*\n")


class Word(NamedTuple):
    """One folded word, or one run of digits; `start` and `end` are places in the folded text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A text and its words. `places` gives the original place of each folded character, None where they agree."""

    original: str
    folded: str
    places: tuple[int, ...] | None
    words: tuple[Word, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original places of the folded stretch from `start` to `end`, which is not empty."""
        return (start, end) if self.places is None else (self.places[start], self.places[end - 1] + 1)

    def is_capital(self, word: Word) -> bool:
        """Whether the word was written with a capital first letter."""
        return self.original[self.span(word.start, word.end)[0]].isupper()

    def touch(self, left: Word, right: Word) -> bool:
        """Whether nothing at all stands between two neighbouring words."""
        return left.end == right.start

    def starts_sentence(self, word: Word) -> bool:
        """Whether the word is the first of a sentence, a line or a heading."""
        before = self.folded[max(0, word.start - _LOOK_BACK) : word.start].rstrip(" \t\"'“‘(-•")
        return not before or before[-1] in ".!?:…\n"


def fold(text: str) -> FoldedText:
    """Fold a text. Invisible characters vanish, `**` too, so that bold inside a word hides nothing."""
    if text.isascii() and not _BOLD_INSIDE_A_WORD.search(text):
        folded, places = text.lower(), None
    else:
        folded, places = _folded_slowly(text)
    words = tuple(Word(match.group(), match.start(), match.end()) for match in _WORD.finditer(folded))
    return FoldedText(text, folded, places, words)


def fold_words(text: str) -> tuple[str, ...]:
    """Only the words of a text."""
    return tuple(word.text for word in fold(text).words)


def _folded_slowly(text: str) -> tuple[str, tuple[int, ...]]:
    table = {character: _folded_character(character) for character in set(text)}
    pieces: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        piece = table[character]
        pieces.append(piece)
        places.extend([place] * len(piece))
    return "".join(pieces), tuple(places)


def _folded_character(character: str) -> str:
    if unicodedata.category(character) == "Cf":
        return ""
    plain = (_PLAIN.get(letter, letter) for letter in unicodedata.normalize("NFKD", character).casefold())
    # Casefolding can bring a mark back ("İ"), so marks go last.
    return "".join(letter for letter in "".join(plain) if unicodedata.category(letter) != "Mn")


class Stretches:
    """Where the sentences and the blocks (paragraphs, lists) of a text begin and end."""

    __slots__ = ("_blocks", "_sentences", "_shown", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._shown: dict[tuple[int, int], str] = {}
        self._sentences = [0, *(match.end() for match in _END.finditer(text) if not _is_shortening(text, match))]
        self._blocks = [0, *(match.end() for match in _BLOCK_END.finditer(text))]

    def sentence_at(self, place: int) -> int:
        """The number of the sentence a place of the original text lies in."""
        return bisect_right(self._sentences, place) - 1

    def block_at(self, place: int) -> int:
        """The number of the block a place of the original text lies in."""
        return bisect_right(self._blocks, place) - 1

    def sentence_text(self, start: int, end: int) -> str:
        """The sentence, or the sentences, that hold the stretch from `start` to `end`, on one line."""
        first, last = self.sentence_at(start), self.sentence_at(max(start, end - 1))
        if (first, last) not in self._shown:
            stop = self._sentences[last + 1] if last + 1 < len(self._sentences) else len(self._text)
            self._shown[first, last] = " ".join(self._text[self._sentences[first] : stop].split())
        return self._shown[first, last]


def _is_shortening(text: str, end: re.Match[str]) -> bool:
    """Whether the full stop belongs to an initial or a shortened word: "A. Khan", "no. 6"."""
    return text[end.start()] == "." and _SHORTENED.search(text[max(0, end.start() - 6) : end.start() + 1]) is not None
