"""Words for people: comparison words to read aloud, suggested passphrases, and how strong one is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from core.foundation.errors import BugError
from core.foundation.ports import Randomness

COMPARISON_WORDS = 8
PASSPHRASE_WORDS = 5
MINIMUM_SCORE = 3
"""The lowest `Strength.score` a passphrase may be set with."""

_WORD_BITS = 11
_COMPARISON_BYTES = COMPARISON_WORDS * _WORD_BITS // 8
# The estimator slows down steeply with length. The first 72 characters alone never look
# stronger than the whole, so the answer stays on the careful side.
_LONGEST_JUDGED = 72
_ATTEMPTS = 32
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Strength:
    """How hard a passphrase is to guess."""

    score: int
    """0 (guessed at once) to 4 (very hard)."""
    advice: str
    """One or two plain sentences to show beside it."""

    @property
    def enough(self) -> bool:
        """Whether it may be used."""
        return self.score >= MINIMUM_SCORE


def comparison_words(digest: bytes) -> tuple[str, ...]:
    """Eight words, 11 bits each, from the first 88 bits of `digest`, most significant first.

    Two people read them to each other; both lists are equal only if both digests are. The list
    is the English one of BIP-39: 2048 words, no two alike in their first four letters.
    """
    if len(digest) < _COMPARISON_BYTES:
        raise BugError(rule="comparison words need a digest of at least 11 bytes")
    return _words_of(int.from_bytes(digest[:_COMPARISON_BYTES], "big"), COMPARISON_WORDS)


def suggest_passphrase(randomness: Randomness) -> str:
    """Five different words with spaces, each of the 2048 equally likely: 55 bits.

    A draw that repeats a word or looks weak is thrown away whole and drawn again, so no set of
    words is likelier than another and every suggestion scores at least `MINIMUM_SCORE`.

    Raises:
        BugError: `randomness` keeps giving the same bytes.
    """
    bits = PASSPHRASE_WORDS * _WORD_BITS
    byte_count = -(-bits // 8)
    for _ in range(_ATTEMPTS):
        # 2048 divides the range of 11 bits, so cutting off the spare bits leaves no bias.
        number = int.from_bytes(randomness.bytes(byte_count), "big") & ((1 << bits) - 1)
        drawn = _words_of(number, PASSPHRASE_WORDS)
        suggestion = " ".join(drawn)
        if len(set(drawn)) == PASSPHRASE_WORDS and passphrase_strength(suggestion).enough:
            return suggestion
    raise BugError(rule="random bytes differ from one another")


def passphrase_strength(text: str, *, avoid: Iterable[str] = ()) -> Strength:
    """Judge a passphrase as `kdf.derive_key` would read it. Meant to be called as it is typed.

    `avoid` holds words an acquaintance would try first: the user's name, the organisation's.
    """
    from zxcvbn import zxcvbn  # late: 30,000 words, and the unlock window needs none of them

    judged = unicodedata.normalize("NFKC", text)[:_LONGEST_JUDGED]
    if not judged.strip():
        return Strength(0, "Type a passphrase, or use the five suggested words.")
    result = zxcvbn(judged, user_inputs=(), max_length=_LONGEST_JUDGED)
    score = int(result["score"])
    # The estimator gives names it is told of too much credit once there are two; what is left
    # without them is the better answer.
    rest = _without(judged, avoid)
    rest_score = int(zxcvbn(rest, user_inputs=(), max_length=_LONGEST_JUDGED)["score"]) if rest else 0
    if rest_score < score:
        return Strength(rest_score, _advice(rest_score, set(), named=True))
    return Strength(score, _advice(score, {str(match["pattern"]) for match in result["sequence"]}, named=False))


def _without(text: str, names: Iterable[str]) -> str:
    known = [re.escape(name) for name in names if len(name) >= _SHORTEST_NAME]
    return re.sub("|".join(known), " ", text, flags=re.IGNORECASE).strip() if known else text


def _advice(score: int, patterns: set[str], *, named: bool) -> str:
    if score >= 4:
        return "This is very hard to guess."
    if score >= MINIMUM_SCORE:
        return "This is hard to guess."
    if named:
        why = "It contains a name that people who know you would try."
    elif "date" in patterns:
        why = "It contains a date, and dates are tried early."
    elif "repeat" in patterns:
        why = "It repeats itself, which adds very little."
    elif "spatial" in patterns or "sequence" in patterns:
        why = "It follows the keyboard or the alphabet, which is tried early."
    elif "dictionary" in patterns:
        why = "It is made of too few words, or of words people choose often."
    else:
        why = "It is too short."
    return f"{why} Add words that have nothing to do with each other, or use the five suggested words."


def _words_of(number: int, count: int) -> tuple[str, ...]:
    words = _word_list()
    mask = (1 << _WORD_BITS) - 1
    return tuple(words[number >> _WORD_BITS * position & mask] for position in reversed(range(count)))


@cache
def _word_list() -> tuple[str, ...]:
    from mnemonic import Mnemonic  # late: reads a file, and the unlock window needs no words

    return tuple(Mnemonic("english").wordlist)
