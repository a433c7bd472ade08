"""What spreadsheets and hurried typing do to a cell, and what is no home. Pure."""

from __future__ import annotations

import re

from core.exchange.sameness import AddressParts
from core.exchange.words import NO_DWELLING

_SHORTENED = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    rf"\d{{4}}-\d\d-\d\d.*|\d{{1,2}}[-/ ]{_MONTH}(?:[-/ ]\d+)?|{_MONTH}[-/ ]\d+|\d+/\d+/\d{{2,4}}", re.IGNORECASE
)
_CAPITAL_AFTER = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SMALL_WORDS = frozenset("and of the upon on in under by le de".split())


def is_shortened(text: str) -> bool:
    """Whether a long number lost its end: "1.00023E+11" stands for a thousand different references."""
    return _SHORTENED.fullmatch(text.strip()) is not None


def is_a_date(text: str) -> bool:
    """Whether a house number such as "1-3" or "3/4" has become a day."""
    return _DATE.fullmatch(text.strip()) is not None


def seldom_lived_in(address: AddressParts) -> bool:
    """Whether the address begins as garages and pieces of land do."""
    first = (address.flat or address.building or address.street).casefold().split()
    return bool(first) and first[0] in NO_DWELLING


def tidy_case(text: str) -> str:
    """ "MARSH LANE" and "marsh lane" as "Marsh Lane"; mixed writing is left as it is."""
    letters = [character for character in text if character.isalpha()]
    if len(letters) < 2 or not (text.isupper() or text.islower()):
        return text
    first = True

    def capital(found: re.Match[str]) -> str:
        nonlocal first
        word = found.group(0).lower()
        keep_small = not first and word in _SMALL_WORDS
        first = False
        if found.start() and text[found.start() - 1].isdigit():
            return word if word in ("st", "nd", "rd", "th") else word.upper()
        if keep_small:
            return word
        head, apostrophe, rest = word.partition("'")
        return head.capitalize() + apostrophe + (rest.capitalize() if len(head) == 1 and len(rest) > 1 else rest)

    return _CAPITAL_AFTER.sub(capital, text)
