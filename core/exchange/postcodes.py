"""Finding and repairing a UK postcode. Pure.

Source of the shape: BS 7666 / Royal Mail, outward code (1-2 letters, digit, optional letter or
digit) and inward code (digit, two letters). The area is not checked against the allocated ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_STRICT = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{1,2}[0-9][A-Za-z0-9]?)[ \-.]{0,3}([0-9][A-Za-z]{2})(?![A-Za-z0-9])")
# Letters and digits that are mistyped for each other; tried only when nothing of the right shape is there.
_LOOSE_END = re.compile(r"(?<![A-Za-z0-9])([A-Za-z0-9]{2,4})[ \-.]{0,3}([0-9OoIiLlSs][A-Za-z0]{2})[ .,]*$")
_TO_DIGIT = str.maketrans("OoIiLlSs", "00111155")
_TO_LETTER = str.maketrans("01", "OI")
_OUTWARD_SHAPES = ("ad", "add", "ada", "aad", "aadd", "aada")


@dataclass(frozen=True, slots=True)
class FoundPostcode:
    """A postcode in the usual writing ("OX2 7HG") and where it stood in the text."""

    postcode: str
    start: int
    end: int
    repaired: bool


def find_postcode(text: str) -> FoundPostcode | None:
    """The last postcode in `text`, or None."""
    last = next(reversed(list(_STRICT.finditer(text))), None)
    if last is not None:
        outward, inward = last.group(1).upper(), last.group(2).upper()
        return FoundPostcode(f"{outward} {inward}", last.start(), last.end(), repaired=False)
    loose = _LOOSE_END.search(text)
    if loose is None or not any(character.isdigit() for character in loose.group(0)):
        return None
    fixed = _repaired(loose.group(1), loose.group(2))
    return None if fixed is None else FoundPostcode(fixed, loose.start(), loose.end(), repaired=True)


def tidy_postcode(text: str) -> str:
    """`text` as a postcode in the usual writing, or "" when it is not one."""
    found = find_postcode(text.strip())
    return "" if found is None else found.postcode


def _repaired(outward: str, inward: str) -> str | None:
    fixed_inward = inward[0].translate(_TO_DIGIT) + inward[1:].upper().translate(_TO_LETTER)
    for shape in _OUTWARD_SHAPES:
        if len(shape) != len(outward):
            continue
        fixed = "".join(
            character.translate(_TO_DIGIT) if kind == "d" else character.upper().translate(_TO_LETTER)
            for character, kind in zip(outward, shape, strict=True)
        )
        if all(c.isdigit() if kind == "d" else c.isalpha() for c, kind in zip(fixed, shape, strict=True)):
            # At most two characters may be guessed, or any short word would become a postcode.
            guessed = sum(a != b for a, b in zip((outward + inward).upper(), fixed + fixed_inward, strict=True))
            if guessed <= 2:
                return f"{fixed} {fixed_inward}"
    return None
