"""When two addresses are the same home. Pure.

Two rows are the same home only when every part that tells homes apart is equal after writing
differences are taken away. A missing building name or postcode is not taken for equality: such
pairs share `loose_home_key` and are shown to the person instead of being merged.
"""

from __future__ import annotations

import re
from typing import Protocol

from core.exchange.words import BUILDING_WORDS, CANONICAL_WORDS, ORDINALS, PLAIN_FLAT_WORDS

_NOT_WORD = re.compile(r"[^\w/-]+")
_APOSTROPHES = re.compile(r"['\u2019`.]")
_SPLIT_LETTER = re.compile(r"^(\d+) ([a-z])$")
_SILENT_IN_FLAT = PLAIN_FLAT_WORDS | {"the", "floor", "no", "number"}


class AddressParts(Protocol):
    """Anything with the parts of an address: parsed, imported or already known."""

    @property
    def flat(self) -> str: ...
    @property
    def building(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def street(self) -> str: ...
    @property
    def locality(self) -> str: ...
    @property
    def town(self) -> str: ...
    @property
    def postcode(self) -> str: ...


def same_home_key(address: AddressParts) -> str:
    """The identity of a home as one line of text; equal for two writings of one address.

    Letter case, punctuation, abbreviations ("Rd"), the word "Flat" and the order of flat and
    number do not matter. With a postcode the town does not matter; without one, it does.
    """
    flat, number, building, street = _home(address)
    where = _squeezed(address.postcode).replace(" ", "")
    if not where:
        where = f"{plain_name(address.locality)}~{plain_name(address.town)}"
    return "|".join((flat, number, building, street, where))


def loose_home_key(address: AddressParts) -> str:
    """Equal for addresses that may be one home written with less detail; never used to merge."""
    flat, number, building, street = _home(address)
    if number:
        joined = f"{number}{flat}" if len(flat) == 1 and flat.isalpha() else f"{flat}|{number}"
        return f"{joined}|{street or building}"
    return f"{flat}|{building}|{street}"


def plain_name(text: str) -> str:
    """A name for comparing: lower case, no punctuation, abbreviations written out."""
    words = _squeezed(text).split()
    out = []
    for at, word in enumerate(words):
        if word == "st" and at and at == len(words) - 1:
            out.append("street")
        elif word != "and":
            out.append(CANONICAL_WORDS.get(word, word))
    return " ".join(out)


def _home(address: AddressParts) -> tuple[str, str, str, str]:
    flat, number = plain_flat(address.flat), _SPLIT_LETTER.sub(r"\1\2", _squeezed(address.number))
    building, street = plain_name(address.building), plain_name(address.street)
    if building and not street:
        building, street = "", building
    # "Flat 2 Marsh Court" and "2 Marsh Court" are one home: the court has no other numbers.
    if flat and not number and not building and street.rpartition(" ")[2] in BUILDING_WORDS:
        flat, number = "", flat
    return flat, number, building, street


def plain_flat(text: str) -> str:
    """A flat for comparing: "Flat 02" and "2" are one."""
    words = [ORDINALS.get(word, word) for word in _squeezed(text).split()]
    kept = [word for word in words if word not in _SILENT_IN_FLAT and word != "and"]
    name = " ".join(kept) or ("flat" if words else "")
    return re.sub(r"\b0+(\d)", r"\1", _SPLIT_LETTER.sub(r"\1\2", name))


def _squeezed(text: str) -> str:
    plain = _APOSTROPHES.sub("", text.casefold()).replace("&", " and ").replace("\u2013", "-")
    return " ".join(_NOT_WORD.sub(" ", plain).replace(" - ", "-").split())
