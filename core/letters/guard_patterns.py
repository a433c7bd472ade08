"""From one secret to the forms it may take in a letter. Pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from core.letters.folded import fold_words
from core.letters.guard_words import (
    FLAT_LABELS,
    LEVELS,
    MONTHS,
    NUMBER_LABELS,
    NUMBER_WORDS,
    PARTICLES,
    STREET_ENDS,
    TITLES,
    is_everyday_name,
)

Words = tuple[str, ...]

SHORTEST_NAME_ALONE = 3
SHORTEST_MISSPELT = 6
_TITLES_BEFORE_A_NAME = ("mr", "mrs", "ms", "miss", "mx", "dr")
_POSTCODE = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{1,2}[0-9][A-Za-z0-9]?[ ]{0,3}[0-9][A-Za-z]{2}(?![A-Za-z0-9])")
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_UK_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?!\d)")
_SPOKEN_DATE = re.compile(
    r"(?<!\d)(\d{1,2})\s*(?:st|nd|rd|th)?\s+(?:of\s+)?([a-z]+)\.?,?(?:\s+(\d{4}))?", re.IGNORECASE
)


class Form(NamedTuple):
    """Words in a row that give something away; `what` says what was found."""

    words: Words
    what: str
    needs_capital: bool = False
    """Only where each word has a capital letter: in small letters it is an everyday word."""
    not_first: bool = False
    """Not as the first word of a sentence, where every word has a capital."""


# ------------------------------------------------------------------ names


def name_forms(value: str) -> Iterator[Form]:
    """A person's name: whole, turned round, joined up, either part alone, initials with the family name."""
    given, family = _name_parts(value)
    if not family:
        return
    if given:
        yield from _whole_name_forms(given, family)
        for name in given:
            yield from _alone(name, "the first name on its own", shortest=SHORTEST_NAME_ALONE)
    for position in range(len(family)):
        # "al Khan" and "Khan", never "al" alone.
        if family[position] not in PARTICLES:
            yield from _alone(
                " ".join(family[position:]), "the family name on its own" if given else "the name", shortest=1
            )
            break
    if len(family) > 1:
        yield Form(tuple(part for name in family for part in fold_words(name)), "the family name on its own")


def nickname_forms(value: str) -> Iterator[Form]:
    """A nickname, in one word or several."""
    words = fold_words(value)
    if len(words) > 1:
        yield Form(words, "the nickname")
        yield Form(("".join(words),), "the nickname")
    elif words:
        yield from _alone(words[0], "the nickname", shortest=1)


def misspellable(value: str) -> Iterator[str]:
    """The words of a name long enough for one wrong letter to leave it recognisable."""
    given, family = _name_parts(value)
    for name in (*given, *family):
        parts = fold_words(name)
        for word in {*parts, "".join(parts)}:
            if len(word) >= SHORTEST_MISSPELT:
                yield word


def _name_parts(value: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Given names and family name; a name of one word is a family name. Hyphens and apostrophes stay inside."""
    first, comma, second = value.partition(",")
    turned = f"{second} {first}" if comma else value
    names = [name for name in turned.split() if fold_words(name)]
    while len(names) > 1 and "".join(fold_words(names[0])) in TITLES:
        del names[0]
    start = len(names) - 1
    while start > 1 and "".join(fold_words(names[start - 1])) in PARTICLES:
        start -= 1
    plain = [name.lower() for name in names]
    return tuple(plain[:start]), tuple(plain[start:])


def _whole_name_forms(given: tuple[str, ...], family: tuple[str, ...]) -> Iterator[Form]:
    families = _spellings(family)
    everyday = all(is_everyday_name("".join(words)) for words in families)
    for families_words in families:
        for first_words in {*_spellings(given[:1]), *_spellings(given)}:
            yield Form(first_words + families_words, "the whole name")
            yield Form(families_words + first_words, "the whole name, family name first")
            joined, family_joined = "".join(first_words), "".join(families_words)
            yield Form((joined + family_joined,), "the whole name in one word")
            yield Form((family_joined + joined,), "the whole name in one word")
        initials = tuple("".join(fold_words(name))[0] for name in given)
        for letters in {initials[:1], initials, ("".join(initials),)}:
            yield Form(letters + families_words, "initials and family name", needs_capital=everyday)
            yield Form(families_words + letters, "family name and initials", needs_capital=True)


def _spellings(names: tuple[str, ...]) -> tuple[Words, ...]:
    """Some names as separate words and with each name's parts run together ("O'Brien" and "OBrien")."""
    apart = tuple(part for name in names for part in fold_words(name))
    joined = tuple("".join(fold_words(name)) for name in names)
    return (apart,) if apart == joined else (apart, joined)


def _alone(name: str, what: str, *, shortest: int) -> Iterator[Form]:
    """One name by itself, and its plural ("the Khans", "Aminas flat")."""
    spellings = _spellings((name,)) if " " not in name else _spellings(tuple(name.split()))
    halves = [words for half in name.split("-") for words in _spellings((half,))] if "-" in name else []
    for words in {*spellings, *(half for half in halves if len("".join(half)) >= SHORTEST_NAME_ALONE)}:
        joined = "".join(words)
        if len(joined) < shortest or (words[0] in PARTICLES and len(words) == 1):
            continue
        if len(words) > 1:
            yield Form(words, what)
            yield Form((*words[:-1], words[-1] + "s"), what)
            continue
        short, everyday = len(joined) < SHORTEST_NAME_ALONE, is_everyday_name(joined)
        yield Form(words, what, needs_capital=short or everyday, not_first=short)
        if not short:
            yield Form((joined + "s",), what, needs_capital=everyday or is_everyday_name(joined + "s"))
        if short or everyday:
            for title in _TITLES_BEFORE_A_NAME:
                yield Form((title, joined), what)


# ------------------------------------------------------------------ homes


def flat_ids(value: str) -> tuple[Words, ...]:
    """The numbers or letters of a flat: "Room 4, Flat 2A" gives ("4",) and ("2", "a"); "Top Flat" none."""
    found = []
    for piece in re.split(r"[,\n]", value):
        words = [word for word in fold_words(piece) if word not in FLAT_LABELS and word not in NUMBER_LABELS]
        if words and (words[0].isdigit() or len(words[0]) == 1 or words[0] in NUMBER_WORDS):
            found.append(house_id(words))
    return tuple(found)


def flat_forms(value: str) -> Iterator[Form]:
    """A flat without a number: "Ground Floor Flat", "Basement"."""
    if flat_ids(value):
        return
    words = fold_words(value)
    telling = tuple(word for word in words if word not in FLAT_LABELS)
    if len(telling) > 1 or (telling and telling[0] in LEVELS):
        yield Form(telling, "where the home is")
    elif telling:
        yield Form(words, "where the home is", needs_capital=len(words) == 1)


def house_id(words: list[str]) -> Words:
    """The first number of a list of words, with the letter that belongs to it."""
    first = str(int(words[0])) if words[0].isdigit() else NUMBER_WORDS.get(words[0], words[0])
    if first.isdigit() and len(words) > 1 and len(words[1]) == 1 and words[1].isalpha():
        return (first, words[1])
    return (first,)


def home_forms(value: str) -> tuple[tuple[Form, ...], tuple[Words, ...]]:
    """An address: its forms, and the numbers that tell on their own after "flat" or "number".

    The street alone, the block alone and the town give nobody away: a general letter names them.
    """
    forms: list[Form] = []
    ids: list[Words] = []
    for match in _POSTCODE.finditer(value):
        written = match.group()
        forms += [Form(fold_words(spelling), "the postcode") for spelling in _postcode_spellings(written)]
    pieces = [piece for line in re.split(r"[,\n]", _POSTCODE.sub(" ", value)) for piece in _one_number_each(line)]
    for place, piece in enumerate(pieces):
        following = pieces[place + 1] if place + 1 < len(pieces) else ""
        words = list(fold_words(piece))
        labelled = words[0] in FLAT_LABELS or words[0] in NUMBER_LABELS
        while len(words) > 1 and (words[0] in FLAT_LABELS or words[0] in NUMBER_LABELS):
            del words[0]
        if not (words[0].isdigit() or (labelled and (len(words[0]) == 1 or words[0] in NUMBER_WORDS))):
            if labelled or "floor" in words or words[0] in LEVELS:
                forms.extend(flat_forms(piece))
            continue
        number = house_id(words)
        ids.append(number)
        name = words[len(number) :] or [word for word in fold_words(following) if not word.isdigit()]
        forms.extend(_numbered(number, tuple(name)))
    if not ids and pieces and all(form.what == "the postcode" for form in forms):
        forms.extend(_house_name(fold_words(pieces[0])))
    return tuple(forms), tuple(dict.fromkeys(ids))


def _one_number_each(line: str) -> list[str]:
    """ "Flat 6 Bittern House 14 Marsh Lane" parted before the 14."""
    pieces: list[list[str]] = [[]]
    for word in line.split():
        if word[0].isdigit() and any(before[0].isdigit() for before in pieces[-1]):
            pieces.append([])
        pieces[-1].append(word)
    return [" ".join(piece) for piece in pieces if fold_words(" ".join(piece))]


def _postcode_spellings(written: str) -> Iterator[str]:
    bare = written.replace(" ", "")
    yield bare
    yield f"{bare[:-3]} {bare[-3:]}"


def _house_name(words: Words) -> Iterator[Form]:
    if words and words[-1] not in STREET_ENDS:
        yield Form(words, "the name of the house", needs_capital=len(words) == 1 and is_everyday_name(words[0]))


def _numbered(number: Words, name: Words) -> Iterator[Form]:
    """ "14 Marsh Lane", "14 Marsh Ln", "14 Marsh", "14 of Marsh Lane", "Marsh Lane 14"."""
    end = next((at for at, word in enumerate(name) if at and word in STREET_ENDS), None)
    street = name[: end + 1] if end is not None else name[:3]
    if not street:
        return
    streets = {street}
    if end is not None:
        streets.add((*street[:-1], STREET_ENDS[street[-1]]))
        if len("".join(street[:-1])) > SHORTEST_NAME_ALONE:
            streets.add(street[:-1])
    for words in streets:
        yield Form(number + words, "the house number with its street")
        for between in ("of", "in", "on", "at", "along"):
            yield Form((*number, between, *words), "the house number with its street")
            yield Form((*number, between, "the", *words), "the house number with its street")
        if end is not None and len(words) > 1:
            yield Form(words + number, "the house number with its street")


# ------------------------------------------------------------------ numbers, addresses, days


def phone_digits(value: str) -> str:
    """A phone number as it is compared: no country code, no leading 0."""
    digits = re.sub(r"\D", "", value)
    if value.strip().startswith("+44") or digits.startswith("0044"):
        digits = digits[digits.index("44") + 2 :]
    return digits.lstrip("0")


def email_forms(value: str) -> Iterator[Form]:
    """An e-mail address as written, and with "at" and "dot" spelt out."""
    local, _, domain = value.strip().partition("@")
    names, rest = fold_words(local), fold_words(domain)
    if not names:
        return
    dotted = tuple(word for part in rest for word in ("dot", part))[1:]
    dotted_names = tuple(word for part in names for word in ("dot", part))[1:]
    for form in dict.fromkeys(
        ((*names, *rest), (*names, "at", *rest), (*names, "at", *dotted), (*dotted_names, "at", *dotted))
    ):
        yield Form(form, "the e-mail address")


def reference_forms(value: str) -> Iterator[Form]:
    """A reference, with its separators or without."""
    yield Form(fold_words(value), "the reference")
    yield Form(fold_words("".join(re.findall(r"[^\W_]+", value))), "the reference")


def parse_day(value: str) -> tuple[int | None, int, int] | None:
    """Year (or None), month and day of a date written in numbers or words; None if it is not one."""
    if match := _ISO_DATE.search(value):
        year, month, day = (int(part) for part in match.groups())
    elif match := _UK_DATE.search(value):
        day, month, year = (int(part) for part in match.groups())
        year += 2000 if year < 100 else 0
    elif (match := _SPOKEN_DATE.search(value)) and match[2].lower() in MONTHS:
        day, month, year = int(match[1]), MONTHS[match[2].lower()], int(match[3] or 0)
    else:
        return None
    try:
        datetime.date(year or 2024, month, day)
    except ValueError:
        return None
    return year or None, month, day


def phrase_forms(phrases: Iterable[str], what: str) -> Iterator[Form]:
    """Words or phrases joined by +, as they stand."""
    for phrase in phrases:
        yield Form(tuple(phrase.split("+")), what)
