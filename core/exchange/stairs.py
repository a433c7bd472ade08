"""Flats written without the word: "2/14 Marsh Lane", and Scottish stairs ("2/1 14 Marsh Street", "1F2"). Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_SLASHED = re.compile(r"(\d{1,4}[A-Za-z]?|[A-Za-z])/(\d{1,5}[A-Za-z]?)")
_DOOR = re.compile(r"\(?((?:\d{1,2}|[GPBT])F\d{1,2})\)?", re.IGNORECASE)
"""First floor, second door: 1F2; the ground floor and below go by letters."""


@dataclass(frozen=True, slots=True)
class ShortFlat:
    """The word at `at` is (or holds) `flat`; `rest` is what stays of the word: the house number, or ""."""

    at: int
    flat: str
    rest: str


def cut_short_flat(words: Sequence[str], is_number: Sequence[bool]) -> ShortFlat | None:
    """The flat among the first words of an address; None where there is none.

    "14/3 Marsh Street" is house 14, flat 3 in Edinburgh and flat 14, house 3 elsewhere: it is left as it was written.
    """
    for at in range(min(2, len(words) - 1)):
        door = _DOOR.fullmatch(words[at])
        if door and (at == 0 or is_number[0]):
            return ShortFlat(at, f"Flat {door.group(1).upper()}", "")
    slashed = _SLASHED.fullmatch(words[0]) if len(words) > 1 else None
    if slashed is None:
        return None
    flat, house = slashed.groups()
    if is_number[1]:
        return ShortFlat(0, f"Flat {words[0].upper()}", "")
    if flat.isdigit() and house.isdigit() and int(flat) > int(house):
        return None
    return ShortFlat(0, f"Flat {flat.upper()}", house)
