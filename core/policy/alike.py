"""Whether two names, or two places, may be the same, however they were spelt. Pure; only ever a question to a person.

1. A name written in another alphabet, or carried over from one in several ways, has one sound: Muhammad, Mohamed and
   Mohammed; Yusuf and Youssef; Oleksandr and Aleksandr.
2. The order of given and family name does not matter, nor do titles, accents and punctuation. One slip of the hand in a
   longer name is forgiven.
3. A place is the same when its numbers are the same and its words are: "Flat 4, 12 Marsh Court", "4/12 marsh ct".
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher

LEAST_LETTERS = 3
"""A name of one word shorter than this says too little to ask about."""
_CLOSE, _NEAR = 0.84, 0.6
"""How much of two words must be the same letters: for a slip of the hand; for a short word of the same sound."""
_TITLES = frozenset("mr mrs ms miss mx dr prof sir dame rev revd fr sister imam the".split())
_SMALL = frozenset("al el bin ibn bint abu de da di van von der den la le ul ur".split())
_WORD = re.compile(r"\w+")

_OTHER_ALPHABETS = {
    **dict(zip("абвгґдеєзиійклмнопрстуфыэ", "abvggdeeziijklmnoprstufie", strict=True)),
    "ё": "o",
    "ж": "zh",
    "х": "kh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sh",
    "ю": "iu",
    "я": "ia",
    "ї": "i",
    "ь": "",
    "ъ": "",
    **dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstifo", strict=True)),
    "θ": "th",
    "χ": "ch",
    "ψ": "ps",
    **dict(zip("ابتدرزسصضطظفقكلمنهويىةءأإآئؤپگچک", "abtdrzssdtzfkklmnhviiaaaaaivpgck", strict=True)),
    "ث": "th",
    "ج": "j",
    "ح": "h",
    "خ": "kh",
    "ذ": "dh",
    "ش": "sh",
    "ع": "a",
    "غ": "gh",
    "ژ": "zh",
    "ß": "ss",
    "æ": "e",
    "œ": "e",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
}
"""Letters of other alphabets by their nearest sound. Vowels hardly count, so near is near enough."""

_SOUNDS = (
    ("tch", "C"), ("tsch", "C"), ("sch", "S"), ("shch", "S"), ("cz", "C"), ("ch", "C"), ("sz", "S"), ("sh", "S"),
    ("zh", "j"), ("dzh", "j"), ("kh", "k"), ("gh", "g"), ("ph", "f"), ("th", "t"), ("dh", "d"), ("bh", "b"),
    ("jh", "j"), ("ck", "k"), ("qu", "k"), ("dj", "j"), ("dg", "j"), ("ks", "x"), ("ts", "s"), ("wh", "v"),
    ("ow", "o"), ("aw", "a"), ("ew", "e"),
)  # fmt: skip
_LETTERS = str.maketrans("qcwzxfptyeoui", "kkvskvbdaaaaa")
_ABD = frozenset({"abdul", "abdel", "abdal", "abdoul"})

_PLACE_WORDS = {
    "street": "st", "road": "rd", "avenue": "ave", "av": "ave", "court": "ct", "crt": "ct", "close": "cl",
    "gardens": "gdns", "drive": "dr", "lane": "ln", "place": "pl", "square": "sq", "terrace": "ter", "terr": "ter",
    "house": "hse", "block": "blk", "building": "bldg", "saint": "st", "estate": "est", "crescent": "cres",
    "stairwell": "stairs", "stair": "stairs", "staircase": "stairs", "ground": "0", "first": "1", "second": "2",
    "third": "3", "fourth": "4", "1st": "1", "2nd": "2", "3rd": "3", "4th": "4",
}  # fmt: skip
_FLAT_WORDS = frozenset("flat flt fl apartment apt unit no number num room rm the at of in on by near nr and".split())
_POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b")
_ORDINAL = re.compile(r"^0+(?=\d)")


def names_alike(one: str, other: str) -> bool:
    """Whether two names may be one person's: every word of the shorter has its like in the longer, each once."""
    first, second = name_words(one), name_words(other)
    short, long = sorted((first, second), key=_size)
    if not short or (len(short) == 1 and len(short[0]) < LEAST_LETTERS):
        return False
    left = list(long)
    for word in short:
        found = next((candidate for candidate in left if words_alike(word, candidate)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def any_name_alike(names: Collection[str], others: Collection[str]) -> bool:
    """Whether any of these names may be that of one of the others."""
    return any(names_alike(one, other) for one in names for other in others)


def places_alike(one: str, other: str) -> bool:
    """Whether two places may be the same: the same numbers in any order, and no word that only one of them has.

    A longer way of putting it may add words (a town, a stair); it may not change a number.
    """
    first, second = _place(one), _place(other)
    if first[0] != second[0]:
        return False
    short, long = sorted((first[1], second[1]), key=_size)
    return bool(short) and all(any(words_alike(word, candidate) for candidate in long) for word in short)


@functools.lru_cache(maxsize=200_000)
def words_alike(one: str, other: str) -> bool:
    """Whether two words sound alike, or differ by a slip of the hand."""
    if one == other:
        return True
    sound = _sound(one)
    if sound == _sound(other) and len(sound) > 1:
        return len(sound) > 2 or _same_letters(one, other) >= _NEAR
    return min(len(one), len(other)) >= 5 and one[0] == other[0] and _same_letters(one, other) >= _CLOSE


def _same_letters(one: str, other: str) -> float:
    first, second = sorted((one, other))
    return SequenceMatcher(None, first, second).ratio()


def _size(words: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    return len(words), words


@functools.lru_cache(maxsize=50_000)
def name_words(name: str) -> tuple[str, ...]:
    """The words of a name for comparing: our letters, small, without titles; small words go where others are left."""
    words = ["abd" if word in _ABD else word for word in _plain(name) if word not in _TITLES]
    kept = [word for word in words if word not in _SMALL]
    return tuple(kept or words)


@functools.lru_cache(maxsize=100_000)
def _sound(word: str) -> str:
    """The consonants as they sound, with a mark for a vowel at the beginning; "" for a word that has none."""
    told = word
    for letters, sound in _SOUNDS:
        told = told.replace(letters, sound)
    told = re.sub(r"(.)\1+", r"\1", told.translate(_LETTERS).replace("C", "S"))
    return told[:1] + "".join(letter for letter in told[1:] if letter not in "ah")


@functools.lru_cache(maxsize=50_000)
def _place(place: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    text = _POSTCODE.sub(" ", " ".join(_plain(place)))
    words = [_PLACE_WORDS.get(word, word) for word in text.split() if word not in _FLAT_WORDS]
    joined = _with_letters(words)
    numbers = sorted(_ORDINAL.sub("", word) for word in joined if word[:1].isdigit())
    return tuple(numbers), tuple(word for word in joined if not word[:1].isdigit())


def _with_letters(words: Sequence[str]) -> list[str]:
    """ "4 a" is "4a"."""
    found: list[str] = []
    for word in words:
        if len(word) == 1 and word.isalpha() and found and found[-1].isdigit():
            found[-1] += word
        else:
            found.append(word)
    return found


def _plain(text: str) -> list[str]:
    """Small words in our letters, without accents and punctuation."""
    small = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("\u2019", ""))
    bare = (letter for letter in small if not unicodedata.combining(letter))
    carried = "".join(_OTHER_ALPHABETS.get(letter, letter) for letter in bare)
    return _WORD.findall(carried.replace("_", " "))
