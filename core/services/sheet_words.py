"""What is said beside the box while the words of a recovery sheet are typed. Light: the first run needs it."""

from __future__ import annotations

from dataclasses import dataclass

from core.crypto import shares
from core.foundation.errors import AppError

LEAST_LETTERS = 4


@dataclass(frozen=True, slots=True)
class WordsSeen:
    """How far the words of a sheet are typed. `text`: with words completed that four letters tell."""

    count: int
    expected: int
    text: str
    sentence: str
    whole: bool


def words_seen(text: str, *, organisation: bool) -> WordsSeen:
    """What to say beside the box while the words of a sheet are typed. Nothing is kept."""
    expected = shares.ORGANISATION_WORDS if organisation else shares.SHARE_WORDS
    ended = text[-1:].isspace()
    words = shares.normalised(text)
    shown = [_completed(word) if ended or place < len(words) - 1 else word for place, word in enumerate(words)]
    told = " ".join(shown) + (" " if ended and shown else "")
    unknown = next((place for place, word in enumerate(shown) if not shares.is_word(word)), None)
    if unknown is not None and (unknown < len(shown) - 1 or ended):
        near = shares.nearest_words(shown[unknown])
        perhaps = f" Perhaps: {', '.join(near)}." if near else ""
        return WordsSeen(len(shown), expected, told, f"Word {unknown + 1} is not on any sheet.{perhaps}", whole=False)
    if unknown is not None:
        found = shares.completions(shown[unknown])
        offered = f" {', '.join(found)}?" if found else " No word begins like that."
        return WordsSeen(len(shown) - 1, expected, told, f"Word {unknown + 1}:{offered}", whole=False)
    if len(shown) != expected:
        return WordsSeen(len(shown), expected, told, f"{len(shown)} of {expected} words", whole=False)
    return _judged(told, expected, organisation=organisation)


def _judged(told: str, expected: int, *, organisation: bool) -> WordsSeen:
    try:
        if organisation:
            shares.from_words(told, length=shares.ORGANISATION_BYTES)
        else:
            shares.read_share(told)
    except AppError as error:
        return WordsSeen(expected, expected, told, error.explain().happened, whole=False)
    return WordsSeen(expected, expected, told, "All words are there and fit each other.", whole=True)


def _completed(word: str) -> str:
    found = shares.completions(word) if len(word) >= LEAST_LETTERS else ()
    return found[0] if len(found) == 1 else word

