from __future__ import annotations

import string
import subprocess
import sys
from collections import Counter

import pytest

from core.crypto import words
from core.foundation.errors import BugError
from tests.support.dice import SeededRandomness


def test_comparison_words_are_eleven_bits_each_from_the_front() -> None:
    assert words.comparison_words(bytes(32)) == ("abandon",) * 8
    assert words.comparison_words(b"\xff" * 32) == ("zoo",) * 8
    assert words.comparison_words(b"\x00\x20" + bytes(30)) == ("ability", *("abandon",) * 7)
    assert words.comparison_words(bytes(10) + b"\x01" + b"\xff" * 21) == (*("abandon",) * 7, "ability")


def test_each_of_the_88_bits_changes_the_words_and_later_ones_do_not() -> None:
    base = words.comparison_words(bytes(32))
    for bit in range(256):
        digest = (1 << 255 - bit).to_bytes(32, "big")
        assert (words.comparison_words(digest) != base) is (bit < 88)


def test_a_digest_too_short_for_eight_words_is_our_own_mistake() -> None:
    assert len(words.comparison_words(bytes(11))) == 8
    with pytest.raises(BugError):
        words.comparison_words(bytes(10))


def test_a_suggestion_is_five_words_and_always_good_enough() -> None:
    dice = SeededRandomness(1)
    suggestions = [words.suggest_passphrase(dice) for _ in range(100)]
    assert len(set(suggestions)) == 100
    for suggestion in suggestions:
        assert len(suggestion.split(" ")) == 5
        assert words.passphrase_strength(suggestion).score >= words.MINIMUM_SCORE


def test_every_word_is_as_likely_as_any_other_in_every_place() -> None:
    class Counting:
        """Walks the 11 bits of one place through all values; the other places stay apart."""

        def __init__(self, place: int) -> None:
            self.place, self.value = place, 0

        def bytes(self, count: int) -> bytes:
            others = sum((301 + 307 * other) << 11 * other for other in range(5) if other != self.place)
            number = others | self.value << 11 * self.place
            self.value += 47
            return number.to_bytes(count, "big")

    for place in range(5):
        dice = Counting(place)
        drawn = Counter(words.suggest_passphrase(dice).split(" ")[4 - place] for _ in range(40))
        assert max(drawn.values()) == 1, "two draws that differ in one place differ in that word"


def test_broken_dice_are_noticed_not_trusted() -> None:
    class Stuck:
        def bytes(self, count: int) -> bytes:
            return bytes(count)

    with pytest.raises(BugError):
        words.suggest_passphrase(Stuck())


@pytest.mark.parametrize(
    "weak",
    ["", "   ", "password", "Password1!", "qwertyuiop", "19/03/1984", "aaaaaaaaaaaaaaaa", "abcdefgh12345678", "\ud800"],
)
def test_weak_passphrases_are_not_enough_and_the_advice_says_what_to_do(weak: str) -> None:
    strength = words.passphrase_strength(weak)
    assert strength.score < words.MINIMUM_SCORE and not strength.enough
    assert "five suggested words" in strength.advice
    assert weak.strip() == "" or weak not in strength.advice


def test_a_good_passphrase_is_enough() -> None:
    strength = words.passphrase_strength("copper violin sunday marmalade")
    assert strength.enough and strength.score == 4 and strength.advice


def test_names_that_others_would_try_add_nothing() -> None:
    with_names = "Wilhelmina Bartholomew Fernleigh"
    assert words.passphrase_strength(with_names).enough
    strength = words.passphrase_strength(with_names, avoid=["wilhelmina", "Bartholomew", "Fernleigh", "a.b*"])
    assert not strength.enough and "name" in strength.advice
    harmless = ["Wilhelmina", "", "(", "....", *string.ascii_lowercase]
    assert words.passphrase_strength("copper violin sunday marmalade", avoid=harmless).enough


def test_a_very_long_text_is_judged_by_its_beginning() -> None:
    assert not words.passphrase_strength("a" * 100_000).enough
    assert words.passphrase_strength("copper violin sunday marmalade " * 5000).enough


def test_the_unlock_window_does_not_wait_for_the_word_lists() -> None:
    listing = "import core.crypto.words, sys; print([m for m in ('zxcvbn', 'mnemonic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
