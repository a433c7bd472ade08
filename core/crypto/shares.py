"""Recovery sheets as words: a 32-byte seed in three parts of which two give it back (SLIP-39), and plain words.

The only importer of `shamir_mnemonic` (`core/decisions/0006-recovery-sheets-by-reference-code.md`). Its two traps: it
refuses three parts of a two-of-three, so exactly two are given to it; and a wrong SLIP-39 passphrase silently gives
another secret, so none is ever used. Whoever combines parts compares the public key that follows with the one
they expect.

The word list is that of SLIP-39: 1,024 words of four to eight letters, no two alike in their first four. Both kinds of
sheet end in three words that check the others (RS1024 of SLIP-39), so that one wrong word is found with its place.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from core.crypto.secrets import SecretBytes
from core.foundation.errors import (
    BugError,
    SheetGivenTwice,
    SheetIncomplete,
    SheetMistyped,
    SheetOfAnotherKind,
    SheetsDoNotBelong,
    SheetWordUnknown,
)

SEED_BYTES = 32
SHARES, NEEDED = 3, 2
SHARE_WORDS = 33
ORGANISATION_BYTES, ORGANISATION_WORDS = 38, 34
"""What an organisation sheet holds (`core/sync/engine/boot.py`)."""
_WORD_BITS = 10
_CHECK_WORDS = 3
_UNIQUE_LETTERS = 4
_SHARE_LABELS = (b"shamir_extendable", b"shamir")
_PLAIN_LABEL = b"cwf1/organisation-sheet"


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a seed, read from a sheet. `number` counts from 1; parts of one seed have one `identifier`."""

    identifier: int
    number: int
    text: str = field(repr=False)


def split_seed(seed: SecretBytes) -> tuple[str, str, str]:
    """Three parts of 33 words each; any two give the seed back, one says nothing about it.

    The randomness comes from the operating system.
    """
    from shamir_mnemonic import generate_mnemonics  # late: reads a list of words

    if len(seed) != SEED_BYTES:
        raise BugError(rule="a recovery key grows from a seed of 32 bytes")
    ((first, second, third),) = generate_mnemonics(1, [(NEEDED, SHARES)], seed.reveal())
    return first, second, third


def read_share(text: str) -> Share:
    """One part, every word of it checked.

    Raises:
        SheetWordUnknown, SheetIncomplete, SheetMistyped: named by the number of the word where it can be.
        SheetOfAnotherKind: sound words of another program, or of another kind of sheet.
    """
    from shamir_mnemonic import MnemonicError
    from shamir_mnemonic import Share as LibraryShare

    words = normalised(text)
    indices = _indices(words)
    if len(words) != SHARE_WORDS:
        raise SheetIncomplete(count=len(words), expected=SHARE_WORDS)
    if all(_misfit(indices, label) for label in _SHARE_LABELS):
        if not _misfit(indices, _PLAIN_LABEL):
            raise SheetOfAnotherKind()
        raise SheetMistyped(place=_place_of_mistake(indices, _SHARE_LABELS[0]))
    try:
        share = LibraryShare.from_mnemonic(" ".join(words))
    except MnemonicError as error:
        raise SheetOfAnotherKind() from error
    shape = (share.group_threshold, share.group_count, share.member_threshold, share.extendable)
    if shape != (1, 1, NEEDED, True) or share.index >= SHARES or len(share.value) != SEED_BYTES:
        raise SheetOfAnotherKind()
    return Share(share.identifier, share.index + 1, " ".join(words))


def combine(first: str, second: str) -> SecretBytes:
    """The seed from exactly two parts. Compare the public key that follows from it: the words prove nothing more.

    Raises:
        as `read_share`, for either.
        SheetGivenTwice: twice the same part.
        SheetsDoNotBelong: of two different seeds.
    """
    from shamir_mnemonic import MnemonicError, combine_mnemonics

    shares = (read_share(first), read_share(second))
    if shares[0].identifier != shares[1].identifier:
        raise SheetsDoNotBelong()
    if shares[0].text == shares[1].text:
        raise SheetGivenTwice()
    try:
        return SecretBytes(combine_mnemonics([share.text for share in shares]))
    except MnemonicError as error:  # one number on two different parts, or parts of seeds that share an identifier
        raise SheetsDoNotBelong() from error


def to_words(data: bytes) -> str:
    """Any bytes as words of the same list, with three words at the end that check them."""
    from shamir_mnemonic import rs1024

    count = -(-len(data) * 8 // _WORD_BITS)
    number = int.from_bytes(data, "big") << (count * _WORD_BITS - len(data) * 8)
    indices = [number >> _WORD_BITS * place & 1023 for place in reversed(range(count))]
    return " ".join(_word_list()[index] for index in [*indices, *rs1024.create_checksum(indices, _PLAIN_LABEL)])


def from_words(text: str, *, length: int) -> bytes:
    """The `length` bytes behind `to_words`.

    Raises:
        SheetWordUnknown, SheetIncomplete, SheetMistyped, SheetOfAnotherKind: as `read_share`.
    """
    words = normalised(text)
    indices = _indices(words)
    count = -(-length * 8 // _WORD_BITS)
    if len(words) != count + _CHECK_WORDS:
        if len(words) == SHARE_WORDS and any(not _misfit(indices, label) for label in _SHARE_LABELS):
            raise SheetOfAnotherKind()
        raise SheetIncomplete(count=len(words), expected=count + _CHECK_WORDS)
    if _misfit(indices, _PLAIN_LABEL):
        raise SheetMistyped(place=_place_of_mistake(indices, _PLAIN_LABEL))
    number = 0
    for index in indices[:count]:
        number = number << _WORD_BITS | index
    spare = count * _WORD_BITS - length * 8
    if number & ((1 << spare) - 1):
        raise SheetOfAnotherKind()
    return (number >> spare).to_bytes(length, "big")


def normalised(text: str) -> list[str]:
    """The words typed, in lower case, without the numbers printed before them."""
    parts = (part.strip(".,;:") for part in text.casefold().split())
    return [part for part in parts if part and not part.isdigit()]


def completions(beginning: str, *, at_most: int = 8) -> tuple[str, ...]:
    """Words of the list that begin like this. Four letters always tell which one it is."""
    start = beginning.strip().casefold()
    found = [word for word in _word_list() if start and word.startswith(start)]
    return tuple(found[:at_most])


def is_word(word: str) -> bool:
    """Whether it is a word of the list."""
    return word.strip().casefold() in _places()


def nearest_words(word: str, *, at_most: int = 3) -> tuple[str, ...]:
    """Words of the list that look like what was typed."""
    return tuple(difflib.get_close_matches(word.strip().casefold(), _word_list(), at_most, 0.6))


def _indices(words: Sequence[str]) -> list[int]:
    places = _places()
    for number, word in enumerate(words, start=1):
        if word not in places:
            raise SheetWordUnknown(number=number)
    return [places[word] for word in words]


def _misfit(indices: Sequence[int], label: bytes) -> int:
    """How the last three words differ from what the others ask for: 0 if they fit."""
    from shamir_mnemonic import rs1024

    expected = rs1024.create_checksum(indices[:-_CHECK_WORDS], label)
    together = 0
    for wanted, found in zip(expected, indices[-_CHECK_WORDS:], strict=True):
        together = together << _WORD_BITS | (wanted ^ found)
    return together


def _place_of_mistake(indices: Sequence[int], label: bytes) -> str:
    """Where one wrong word would explain the checksum. The check is linear: each bit changed adds its own difference.

    SLIP-39 forbids putting words right silently; naming the place is what it recommends.
    """
    zeros = [0] * len(indices)
    nothing = _misfit(zeros, label)
    wrong = _misfit(indices, label)
    for place in range(len(indices)):
        bits = []
        for bit in range(_WORD_BITS):
            changed = list(zeros)
            changed[place] = 1 << bit
            bits.append(_misfit(changed, label) ^ nothing)
        for difference in range(1, 1 << _WORD_BITS):
            total = 0
            for bit, value in enumerate(bits):
                if difference >> bit & 1:
                    total ^= value
            if total == wrong:
                return f"Word {place + 1} does not fit the others."
    return "More than one word does not fit, or two words are in each other's place."


@cache
def _word_list() -> tuple[str, ...]:
    from shamir_mnemonic.wordlist import WORDLIST

    return tuple(WORDLIST)


@cache
def _places() -> dict[str, int]:
    return {word: place for place, word in enumerate(_word_list())}
