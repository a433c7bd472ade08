"""The order a person walks: along each street, odd numbers up one side, even numbers down the other. Pure.

Letters are printed, listed and delivered in this one order. On the way down the even side doors come
in the exact reverse of the way up (14, 12A, 12, 10); inside a building flats go in natural order on
either side. What has no number stands after the numbers: first buildings with flats, then house names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

Natural = tuple[tuple[int, int, str], ...]
WalkKey = tuple[object, ...]

_ODD_SIDE, _EVEN_SIDE, _BLOCKS, _NAMED_HOUSES = range(4)
_NUMBER = re.compile(r"(\d{1,9})\s*([a-z½]*)(?:\s*(?:-|–|—|/|&|,|to|and)\s*(\d{1,9})\s*([a-z]*))?")
_PIECES = re.compile(r"\d{1,9}|[^\W\d_]+")
_STREET_ENDS = MappingProxyType(
    {
        "rd": "road", "st": "street", "str": "street", "ln": "lane", "ave": "avenue", "av": "avenue", "cl": "close",
        "cres": "crescent", "dr": "drive", "gdns": "gardens", "ct": "court", "pl": "place", "sq": "square",
        "terr": "terrace", "ter": "terrace", "wlk": "walk", "gr": "grove",
    }
)  # fmt: skip
_MAIN_UNITS = frozenset("flat flt apartment apt unit maisonette studio penthouse".split())
_FILLERS = _MAIN_UNITS | frozenset("the no number nr room rm floor level bedsit door".split())
_LEVELS = MappingProxyType(
    {
        "basement": -30, "lower": -20, "garden": -10, "ground": 0, "gf": 0, "upper": 5, "mezzanine": 6,
        "first": 10, "1st": 10, "second": 20, "2nd": 20, "third": 30, "3rd": 30, "fourth": 40, "4th": 40,
        "fifth": 50, "5th": 50, "sixth": 60, "6th": 60, "seventh": 70, "7th": 70, "eighth": 80, "8th": 80,
        "ninth": 90, "9th": 90, "tenth": 100, "10th": 100, "top": 900, "attic": 910, "loft": 910, "penthouse": 920,
    }
)  # fmt: skip
_WHOLE_HOUSE, _BY_LEVEL, _BY_NUMBER, _BY_LETTER, _BY_NAME = range(5)


@dataclass(frozen=True, slots=True)
class Place:
    """Where one letter goes; any part may be "". `key` tells two homes with one address apart."""

    street: str
    number: str
    building: str
    flat: str
    postcode: str
    key: bytes


def in_walk_order(places: Iterable[Place]) -> tuple[Place, ...]:
    """Every place once, in the order of the walk; the same for every order they come in.

    Where lists are uneven it looks at the neighbours: a flat whose building is elsewhere given with one
    street and one number stands with the others, and a building counts as one when any flat is in it.
    """
    given = tuple(places)
    buildings = _known_buildings(given)
    return tuple(sorted(given, key=lambda place: _key(place, buildings)))


def walk_key(place: Place) -> WalkKey:
    """The place of one home in the order, from its own address alone. Keys compare with each other."""
    return _key(place, {})


@dataclass(frozen=True, slots=True)
class _Building:
    """What the list as a whole says about a building; "" where it does not agree with itself."""

    street: str
    number: str
    has_flats: bool


def _known_buildings(places: Sequence[Place]) -> dict[tuple[str, str], _Building]:
    """By (building, street) and, where the building is on one street only, by (building, "")."""
    groups: dict[str, list[Place]] = {}
    for place in places:
        if name := _folded(place.building):
            groups.setdefault(name, []).append(place)
    known: dict[tuple[str, str], _Building] = {}
    for name, group in groups.items():
        # Sorted, so that which spelling is taken does not hang on the order of the list.
        streets = sorted({_street(place.street) for place in group if place.street.strip()})
        for street in streets if len(streets) > 1 else (*streets, ""):
            home = streets[0] if len(streets) == 1 else street
            members = group if len(streets) == 1 else [place for place in group if _street(place.street) == street]
            numbers = {_folded(place.number) for place in members if place.number.strip()}
            number = min(numbers) if len(numbers) == 1 else ""
            known[name, street] = _Building(home, number, any(place.flat.strip() for place in members))
    return known


def _key(place: Place, buildings: dict[tuple[str, str], _Building]) -> WalkKey:
    street, number = _street(place.street), _folded(place.number)
    has_flats = bool(place.flat.strip())
    building = buildings.get((_folded(place.building), street))
    if building is not None:
        street, number, has_flats = street or building.street, number or building.number, building.has_flats
    return (
        not street,
        _natural(street),
        _door(number, has_flats=has_flats),
        _natural(_folded(place.building)),
        _flat(place.flat),
        place.postcode.casefold(),
        (place.street, place.number, place.building, place.flat, place.postcode),
        place.key,
    )


def _door(number: str, *, has_flats: bool) -> tuple[int, int, tuple[int, ...], int, tuple[int, ...], str]:
    match = _NUMBER.search(number)
    if match is None:
        return (_BLOCKS if has_flats else _NAMED_HOUSES, 0, (), 0, (), number)
    start, end = int(match[1]), int(match[3] or 0)
    suffix, end_suffix = (tuple(ord(letter) for letter in match[group] or "") for group in (2, 4))
    if start % 2:
        return _ODD_SIDE, start, (*suffix, 0), end, (*end_suffix, 0), number
    # The closing 1 sorts "12" after "12A" once the letters are negative.
    return _EVEN_SIDE, -start, (*(-code for code in suffix), 1), -end, (*(-code for code in end_suffix), 1), number


def _flat(flat: str) -> tuple[int, int, Natural, Natural]:
    parts = [part for part in flat.split(",") if part.strip()]
    # "Room 4, Flat 2" is found by the flat first, whichever way round it is written.
    parts.sort(key=lambda part: not _MAIN_UNITS.intersection(_words(part)))
    words = [word for part in parts for word in _words(part)]
    if not words:
        return _WHOLE_HOUSE, 0, (), ()
    level = next((_LEVELS[word] for word in words if word in _LEVELS), None)
    telling = [word for word in words if word not in _FILLERS and word not in _LEVELS]
    natural = _natural(" ".join(telling))
    whole = _natural(" ".join(words))
    if level is not None and not any(word[0].isdigit() for word in telling):
        return _BY_LEVEL, level, natural, whole
    if telling and telling[0][0].isdigit():
        return _BY_NUMBER, 0, natural, whole
    if telling and len(telling[0].rstrip("0123456789")) == 1:
        return _BY_LETTER, 0, natural, whole
    return _BY_NAME, 0, natural, whole


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", _folded(text))


def _street(street: str) -> str:
    words = _words(street.replace("'", "").replace("’", ""))
    if len(words) > 1:
        words[-1] = _STREET_ENDS.get(words[-1], words[-1])
        if words[0] == "the":
            del words[0]
    return " ".join(words)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in plain if not unicodedata.combining(letter)).split())


def _natural(text: str) -> Natural:
    return tuple((0, int(piece), "") if piece[0].isdecimal() else (1, 0, piece) for piece in _PIECES.findall(text))
