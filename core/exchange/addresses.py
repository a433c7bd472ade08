"""Cutting a UK address, with or without separators, into the parts a letter and a walk order need. Pure.

The order of work: the postcode comes off the end, then the places (learned from the whole list,
see `places`), then the kind of home inside the building ("Flat 2", "First Floor Flat"), then the
house number; what is left is a building name, a street, or one after the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from core.exchange.places import LONGEST_PLACE_WORDS, NO_PLACES, Places, bare, learn_from
from core.exchange.postcodes import find_postcode
from core.exchange.sameness import same_home_key
from core.exchange.stairs import cut_short_flat
from core.exchange.words import (
    AFTER_FLAT_WORDS,
    BUILDING_WORDS,
    COUNTIES,
    COUNTRIES,
    DIRECTIONS,
    FLAT_WORDS,
    LEVEL_QUALIFIERS,
    LEVEL_WORDS,
    NUMBER_LABELS,
    PLACE_PREFIXES,
    PLAIN_FLAT_WORDS,
    STREET_WORDS,
    STRONG_STREET_WORDS,
    TOWNS,
)

__all__ = ["ParsedAddress", "Places", "learn_places", "parse_address", "same_home_key"]

LONGEST_ADDRESS_CHARACTERS = 400

_NUMBER = re.compile(r"\d{1,5}[A-Za-z½¼¾]?(?:[-/]\d{1,5}[A-Za-z]?)?")
_IDENTIFIER = re.compile(r"\d{1,4}[A-Za-z]?|[A-Za-z]\d{0,3}|(?:\d{1,3}|[A-Za-z])[-/.]\d{1,3}")
_RANGE = re.compile(r"(?<![\w/])(\d{1,5}[A-Za-z]?)\s*(?:-|–|—)\s*(\d{1,5}[A-Za-z]?)(?![\w/])")
_NUMBERED_PARTS = frozenset("level floor block building tower phase wing stair staircase core".split())
_SPACES = re.compile(r"\s+")
_LINE_BREAKS = re.compile(r"\s*[\r\n;|]+\s*")
_CARE_OF = re.compile(r"\bc\s*/\s*o\b\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ParsedAddress:
    """The parts of one address; a part that is not there is "". `confidence` runs from 0 to 1."""

    flat: str = ""
    building: str = ""
    number: str = ""
    street: str = ""
    locality: str = ""
    town: str = ""
    county: str = ""
    postcode: str = ""
    confidence: float = 0.0


@dataclass(slots=True)
class _Word:
    """One word and whether a separator follows it."""

    text: str
    plain: str
    ends_part: bool = False

    @property
    def is_number(self) -> bool:
        return _NUMBER.fullmatch(self.text) is not None


def learn_places(addresses: Iterable[str]) -> Places:
    """What the whole list teaches about its towns and streets; give it to `parse_address`."""
    word_lists = []
    for address in addresses:
        text, _, _ = _split_postcode(_cleaned(address))
        words: list[str] = []
        for word in _words(text):
            words.append(word.plain)
            if word.ends_part:
                words.append(",")
        word_lists.append(words)
    return learn_from(word_lists)


def parse_address(text: str, places: Places = NO_PLACES) -> ParsedAddress:
    """The parts of `text`; an address that cannot be understood has neither street nor building."""
    cleaned, postcode, repaired = _split_postcode(_cleaned(text)[:LONGEST_ADDRESS_CHARACTERS])
    words = _words(cleaned)
    doubt = 0.1 if repaired else 0.0
    ending = _take_places(words, places)
    flat, found_flat = _take_flat(words, places)
    while flat and found_flat == "flat" and words:
        # "Room 4, Flat 2, 14 Marsh Lane": a home inside a home.
        further, _ = _take_flat(words, places)
        if not further:
            break
        flat = f"{flat}, {further}"
    building, number, inner_flat, street, tail, unsure = _house_and_street(words, places, bool(ending), found_flat)
    if inner_flat and not flat:
        flat = inner_flat
    elif inner_flat:
        building = f"{inner_flat} {building}".strip()
    if found_flat == "number":
        flat, number = flat.rsplit(" ", 1)
    if building and not (street or number or flat) and places.is_place(building.casefold()):
        building, tail = "", building
    locality, town, county = _roles(ending, tail, places)
    doubt += unsure + (0.0 if town else 0.1) + (0.0 if postcode else 0.1) + (0.0 if number or building or flat else 0.3)
    if not street and not building:
        doubt = 1.0
    return ParsedAddress(
        flat=flat,
        building=building,
        number=number.upper(),
        street=street,
        locality=locality,
        town=town,
        county=county,
        postcode=postcode,
        confidence=round(max(0.0, 1.0 - doubt), 2),
    )


# ------------------------------------------------------------------ words


def _cleaned(text: str) -> str:
    text = unicodedata.normalize("NFC", text).replace("\u2019", "'").replace("\u00a0", " ").replace("\u200b", "")
    text = _CARE_OF.sub("c/o", _LINE_BREAKS.sub(", ", text))
    text = _RANGE.sub(r"\1-\2", text)
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    return _SPACES.sub(" ", text).strip(" ,.-")


def _split_postcode(text: str) -> tuple[str, str, bool]:
    found = find_postcode(text)
    if found is None:
        return text, "", False
    rest = f"{text[: found.start].rstrip(' ,')}, {text[found.end :].lstrip(' ,')}".strip(" ,")
    return rest, found.postcode, found.repaired


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    for part in text.split(","):
        pieces = [piece for piece in part.replace("(", " (").split() if piece not in ("-", "–", ".")]
        words.extend(_Word(piece, bare(piece)) for piece in pieces)
        if pieces:
            words[-1].ends_part = True
    while words and words[-1].plain in COUNTRIES:
        words.pop()
    if len(words) > 1 and words[-1].plain == "kingdom" and words[-2].plain == "united":
        del words[-2:]
    words = [w for at, w in enumerate(words) if not _labels_a_number(words, at)]
    if words:
        words[-1].ends_part = False
    return words


def _labels_a_number(words: list[_Word], at: int) -> bool:
    """The "No." of "No. 7 Old Street"; after "Flat" it is left to the flat."""
    starts = at == 0 or words[at - 1].ends_part
    return starts and words[at].plain in NUMBER_LABELS and at + 1 < len(words) and words[at + 1].is_number


def _text(words: list[_Word]) -> str:
    return " ".join(word.text for word in words).strip(" .;:")


# ------------------------------------------------------------------ places


def _take_places(words: list[_Word], places: Places) -> list[str]:
    """Cut the places off the end of `words`, first to last as they stood."""
    taken: list[str] = []
    while words:
        size = _place_size(words, places)
        if not size:
            break
        piece = words[-size:]
        del words[-size:]
        taken.insert(0, _text(piece))
    return taken


def _place_size(words: list[_Word], places: Places) -> int:
    for size in range(min(LONGEST_PLACE_WORDS, len(words) - 1), 0, -1):
        start = len(words) - size
        if any(word.ends_part for word in words[start:-1]):
            continue
        name = " ".join(word.plain for word in words[start:])
        if not places.is_place(name) or not _leaves_a_home(words[:start]):
            continue
        before = words[start - 1]
        if (
            before.plain in PLACE_PREFIXES
            and start >= 2
            and words[start - 2].plain in STREET_WORDS
            and not before.ends_part
        ):
            return size + 1
        return size
    return 0


def _leaves_a_home(words: list[_Word]) -> bool:
    """Whether a street or building name is still there: something besides numbers and kinds of flat."""
    skip = FLAT_WORDS | LEVEL_WORDS | LEVEL_QUALIFIERS | AFTER_FLAT_WORDS | NUMBER_LABELS
    return any(len(word.plain) > 1 and not word.text[0].isdigit() and word.plain not in skip for word in words)


def _roles(ending: list[str], tail: str, places: Places) -> tuple[str, str, str]:
    """(locality, town, county) out of the places an address ends with."""
    names: list[str] = []
    for name in ending:
        if name.casefold() not in (kept.casefold() for kept in names):
            names.append(name)
    county = next((name for name in reversed(names) if name.casefold() in COUNTIES), "")
    rest = [name for name in names if name != county]
    if not rest:
        return "", tail, county
    heaviest = max(
        range(len(rest)), key=lambda at: (places.weight(rest[at].casefold()), rest[at].casefold() in TOWNS, at)
    )
    town = rest.pop(heaviest)
    localities = [name for name in (tail, *rest) if name and name.casefold() != town.casefold()]
    return ", ".join(localities), town, county


# ------------------------------------------------------------------ the home inside the building


def _take_flat(words: list[_Word], places: Places) -> tuple[str, str]:
    """Cut "Flat 2" or "First Floor Flat" out of `words`.

    Returns its text, and "number" when its last word is really the house number.
    """
    if cut := cut_short_flat([word.text for word in words], [word.is_number for word in words]):
        words[cut.at : cut.at + 1] = [_Word(cut.rest, cut.rest, words[cut.at].ends_part)] if cut.rest else []
        return cut.flat, "flat"
    at = _flat_word_at(words)
    if at is None:
        return "", ""
    start = at
    while start and words[start - 1].plain in LEVEL_QUALIFIERS | LEVEL_WORDS and words[start - 1].text[:1] != "#":
        start -= 1
    end = at + 1
    if words[at].plain in LEVEL_WORDS | {"floor"} and not words[at].ends_part:
        while (
            end < len(words)
            and words[end].plain in LEVEL_QUALIFIERS | LEVEL_WORDS | FLAT_WORDS
            and words[end].plain != "the"
        ):
            end += 1
    if start == at == 1 and words[at].plain == "flat" and not words[0].text[0].isdigit() and len(words) > 3:
        start = 0
    qualified = end - start > 1 or words[end - 1].plain in LEVEL_WORDS
    while end < len(words) and words[end].plain in AFTER_FLAT_WORDS and not words[end - 1].ends_part:
        end += 1
        qualified = True
    role = "flat"
    if end < len(words) and not words[end - 1].ends_part:
        label = 1 if words[end].plain in NUMBER_LABELS and end + 1 < len(words) else 0
        if _belongs_to_flat(words, end + label, qualified=qualified, numbered=any(w.is_number for w in words[:start])):
            end += label + 1
            end += _second_identifier(words, end)
            if not qualified and not start and _is_house_number(words, end, places):
                role = "number"
    text = _text(words[start:end])
    if start and words[end - 1].ends_part:
        words[start - 1].ends_part = True
    del words[start:end]
    return text, role


def _flat_word_at(words: list[_Word]) -> int | None:
    for at, word in enumerate(words):
        following = words[at + 1] if at + 1 < len(words) else None
        if word.plain in LEVEL_WORDS or (word.plain == "floor" and at):
            if at and words[at - 1].plain not in LEVEL_QUALIFIERS and not words[at - 1].ends_part:
                continue
            nearby = [n for n in range(at, min(at + 5, len(words))) if words[n].plain in FLAT_WORDS]
            return (
                nearby[0]
                if nearby and all(w.plain in LEVEL_QUALIFIERS | LEVEL_WORDS for w in words[at : nearby[0]])
                else at
            )
        if word.plain in FLAT_WORDS:
            if at and following is not None and following.plain in STREET_WORDS and not word.ends_part:
                continue
            if (
                at
                and not word.ends_part
                and (following is None or not _IDENTIFIER.fullmatch(following.text))
                and at > 2
            ):
                continue
            return at
    return None


def _belongs_to_flat(words: list[_Word], at: int, *, qualified: bool, numbered: bool) -> bool:
    """Whether the word at `at` is the flat's own number or letter rather than the house number."""
    word = words[at]
    if not _IDENTIFIER.fullmatch(word.text):
        return False
    if word.text.isalpha():
        return True
    following = words[at + 1] if at + 1 < len(words) else None
    if not qualified:
        return True
    return following is not None and (following.is_number or numbered or word.ends_part)


def _second_identifier(words: list[_Word], at: int) -> int:
    """How many words "& 2" of "Flat 1 & 2" take."""
    joins = at + 1 < len(words) and words[at].plain in ("&", "and") and not words[at - 1].ends_part
    return 2 if joins and _IDENTIFIER.fullmatch(words[at + 1].text) else 0


def _is_house_number(words: list[_Word], end: int, places: Places) -> bool:
    """ "Flat 207 Cowley Road": nothing but a known street follows, so 207 is the house."""
    if words[end - 1].ends_part or not words[end - 1].is_number or words[0].plain not in PLAIN_FLAT_WORDS:
        return False
    rest = words[end:]
    if not rest or any(word.ends_part for word in rest[:-1]):
        return False
    return " ".join(word.plain for word in rest) in places.streets


# ------------------------------------------------------------------ the house and its street


def _house_and_street(
    words: list[_Word], places: Places, town_known: bool, found_flat: str
) -> tuple[str, str, str, str, str, float]:
    """(building, number, flat, street, tail, doubt) from what is left in the middle."""
    numbers = _house_numbers(words)
    tail, doubt = _take_tail(words, places, town_known)
    numbers = [at for at in numbers if at < len(words)]
    if not numbers or found_flat == "number":
        building, street, unsure = _building_and_street(words, places, numbered=found_flat == "number")
        return building, "", "", street, tail, doubt + unsure
    first, last = numbers[0], numbers[-1]
    if len(numbers) > 1 and first == 0 and last > 1 and last + 1 < len(words):
        # "1 Razia Apartments 312 London Road": the first number is the home's, the last the house's.
        return _text(words[1:last]), words[last].text, words[0].text.upper(), _text(words[last + 1 :]), tail, doubt
    at = first if len(words) > first + 1 else last
    number, after = words[at].text, words[at + 1 :]
    if (
        len(after) > 1
        and re.fullmatch("[A-Ha-h]", after[0].text)
        and number.isdigit()
        and after[1].plain not in ("street", "road")
    ):
        number, after = number + after[0].text, after[1:]
    building = _text(words[:at])
    if not after:
        # "Marsh House 12" has its number last; a street may do so too.
        before, street, unsure = _building_and_street(words[:at], places, numbered=False)
        return before, number, "", street, tail, doubt + unsure + 0.1
    inner, street, unsure = _building_and_street(after, places, numbered=True)
    if inner and not building:
        return inner, "", number.upper(), street, tail, doubt + unsure
    return f"{building} {inner}".strip(), number, "", street, tail, doubt + unsure


def _house_numbers(words: list[_Word]) -> list[int]:
    """Where a number stands that may be the house's: that of "Level 2," is not, where there is another."""
    numbers = [at for at, word in enumerate(words) if word.is_number]
    of_house = [at for at in numbers if not (at and words[at].ends_part and words[at - 1].plain in _NUMBERED_PARTS)]
    return of_house or numbers


def _take_tail(words: list[_Word], places: Places, town_known: bool) -> tuple[str, float]:
    """Words after the street that no list taught us: a locality, or the town when there is no other."""
    parts = _parts(words)
    if len(parts) > 1:
        kept = _last_part_of_home(parts)
        size = sum(len(part) for part in parts[kept + 1 :])
        if size:
            tail = ", ".join(_text(part) for part in parts[kept + 1 :])
            del words[-size:]
            if words:
                words[-1].ends_part = False
            return tail, 0.05
    last = parts[-1] if parts else []
    end = next((at for at in range(len(last) - 1, 0, -1) if _is_street_end(last, at)), 0)
    tail_words = last[end + 1 :]
    if not end or not tail_words or any(word.text[0].isdigit() or word.plain in DIRECTIONS for word in tail_words):
        return "", 0.0
    strong = last[end].plain in STRONG_STREET_WORDS or last[end].plain == "st"
    if town_known and (not strong or " ".join(word.plain for word in last[_after_number(last) :]) in places.streets):
        return "", 0.0
    if not strong and (last[end].plain in BUILDING_WORDS or len(parts) > 1):
        return "", 0.1
    del words[-len(tail_words) :]
    return _text(tail_words), 0.1 if strong else 0.3


def _parts(words: list[_Word]) -> list[list[_Word]]:
    parts: list[list[_Word]] = [[]]
    for word in words:
        parts[-1].append(word)
        if word.ends_part:
            parts.append([])
    return [part for part in parts if part]


def _last_part_of_home(parts: list[list[_Word]]) -> int:
    """The comma-separated part that holds the street, or failing that the house."""
    numbered = [at for at, part in enumerate(parts) if len(part) > 1 and any(word.is_number for word in part)]
    named = [at for at, part in enumerate(parts) if _ends_as_street(part) and part[-1].plain not in BUILDING_WORDS]
    if numbered or named:
        found = (numbered or named)[-1]
        later = [at for at in range(found + 1, len(parts)) if _ends_as_street(parts[at])]
        return later[0] if later and parts[found][-1].plain in BUILDING_WORDS else found
    alone = [at for at, part in enumerate(parts) if len(part) == 1 and part[0].is_number]
    if alone and alone[-1] + 1 < len(parts):
        return alone[-1] + 1
    return 0 if len(parts) < 3 else 1


def _ends_as_street(part: list[_Word]) -> bool:
    return part[-1].plain in STREET_WORDS or part[-1].plain == "st"


def _after_number(words: list[_Word]) -> int:
    return max((at + 1 for at, word in enumerate(words) if word.is_number), default=0)


def _is_street_end(words: list[_Word], at: int) -> bool:
    plain = words[at].plain
    if words[at - 1].is_number or (
        words[at - 1].plain == "the" and len(words) > at + 1 and words[at + 1].plain in STREET_WORDS
    ):
        return False
    if plain == "st":
        return at == len(words) - 1 or words[at - 1].plain not in PLACE_PREFIXES
    return plain in STREET_WORDS


def _building_and_street(words: list[_Word], places: Places, *, numbered: bool) -> tuple[str, str, float]:
    """Split words without a number between them into (building, street, doubt)."""
    if not words:
        return "", "", 0.0
    for at, word in enumerate(words[:-1]):
        if word.ends_part:
            return _text(words[: at + 1]), _text(words[at + 1 :]), 0.0
    plain = [word.plain for word in words]
    if " ".join(plain) in places.streets:
        return "", _text(words), 0.0
    cut = _split_at(plain, places, numbered=numbered)
    if cut:
        return _text(words[:cut]), _text(words[cut:]), 0.05
    if numbered:
        return "", _text(words), 0.0 if plain[-1] in STREET_WORDS else 0.05
    if plain[-1] in STREET_WORDS | {"st"} and plain[-1] not in BUILDING_WORDS:
        return "", _text(words), 0.0
    return _text(words), "", 0.1


def _split_at(plain: list[str], places: Places, *, numbered: bool) -> int:
    """Where a building's name ends and its street begins, or 0."""
    for cut in range(1, len(plain) - 1):
        lead, rest = plain[:cut], plain[cut:]
        known = " ".join(rest) in places.streets
        if known and (
            not numbered or (lead[0] == "the" and cut > 1) or (lead[-1] in BUILDING_WORDS | STREET_WORDS and cut > 1)
        ):
            return cut
    for cut in range(1, len(plain)):
        rest = plain[cut:]
        if plain[cut - 1] not in BUILDING_WORDS or cut < 2:
            continue
        if len(rest) >= 2 and rest[-1] in STREET_WORDS | {"st"} and rest[0] not in STREET_WORDS:
            return cut
        if len(rest) == 1 and rest[0] not in STREET_WORDS and rest[0] not in BUILDING_WORDS and numbered:
            return cut
    if not numbered and plain[0] == "the" and len(plain) >= 4 and plain[-1] in STRONG_STREET_WORDS:
        return len(plain) - 2
    return 0
