"""Which way stretches of text run, said in the text itself, so that a number is never printed backwards. Pure.

Inside a text that runs from right to left, the standard order turns "01865 496 0123" into "0123 496 01865" (Unicode
Standard Annex 9; every engine does it). So each stretch from left to right is isolated (U+2066 ... U+2069), and each
stretch from right to left inside an English text likewise (U+2067 ... U+2069).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LEFT_TO_RIGHT, RIGHT_TO_LEFT, END = "\u2066", "\u2067", "\u2069"
_HEBREW_TO_ARABIC = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_MARKS = re.compile("[\u2066-\u2069\u202a-\u202e\u200e\u200f]")
_LATIN = "A-Za-z\u00c0-\u024f\u0370-\u052f"
_INSIDE = rf"[{_LATIN}0-9 \u00a0\u200b@._+/:&'’#=?%\-]|,(?=[ \u00a0]?[{_LATIN}0-9])"
_LEFT = re.compile(rf"(?:\(0\d+\)[ \u00a0]?)?\+?[{_LATIN}0-9](?:(?:{_INSIDE})*[{_LATIN}0-9%])?")
_RIGHT = re.compile(rf"[{_HEBREW_TO_ARABIC}](?:[{_HEBREW_TO_ARABIC} \u00a0\u200c\u200d'’.\-]*[{_HEBREW_TO_ARABIC}])?")
_FROM_RIGHT = re.compile(f"[{_HEBREW_TO_ARABIC}]")
_LETTER = re.compile(f"[{_LATIN}]")


def has_right_to_left(text: str) -> bool:
    """Whether any letter of `text` is of a script written from right to left."""
    return not text.isascii() and _FROM_RIGHT.search(text) is not None


def isolated(text: str, *, from_right: bool) -> str:
    """`text` with every stretch that runs against it isolated; marks of direction already in it go."""
    if not from_right:
        if not has_right_to_left(text):
            return text
        return _RIGHT.sub(lambda found: f"{RIGHT_TO_LEFT}{found[0]}{END}", without_marks(text))
    bare = without_marks(text)
    if _LETTER.search(bare) and not has_right_to_left(bare):  # a sentence of its own keeps its full stop at its end
        return f"{LEFT_TO_RIGHT}{bare}{END}"
    return _LEFT.sub(lambda found: _left(found[0]), bare)


def isolated_pieces(pieces: Sequence[str], *, from_right: bool) -> list[str]:
    """As `isolated`, for one paragraph in several pieces; a line without a word from the right runs left as a whole."""
    if not from_right:
        return [isolated(piece, from_right=False) for piece in pieces]
    made = [""] * len(pieces)
    row: list[tuple[int, str]] = []
    for at, piece in enumerate(pieces):
        for number, part in enumerate(without_marks(piece).split("\n")):
            if number:
                _end_line(row, made)
                made[at] += "\n"
            row.append((at, part))
    _end_line(row, made)
    return made


def _end_line(row: list[tuple[int, str]], made: list[str]) -> None:
    """Add the parts of one line to the pieces they belong to, and begin another."""
    whole = "".join(part for _, part in row)
    if _LETTER.search(whole) and not has_right_to_left(whole):
        made[row[0][0]] += LEFT_TO_RIGHT
        for at, part in row:
            made[at] += part
        made[row[-1][0]] += END
    else:
        for at, part in row:
            made[at] += _LEFT.sub(lambda found: _left(found[0]), part)
    row.clear()


def without_marks(text: str) -> str:
    """`text` without what only says which way it runs."""
    return text if text.isascii() else _MARKS.sub("", text)


def _left(stretch: str) -> str:
    """Numbers with commas between them are several; words with commas between them are one address or name."""
    if _LETTER.search(stretch):
        return f"{LEFT_TO_RIGHT}{stretch}{END}"
    return ",".join(_number(part) for part in stretch.split(","))


def _number(part: str) -> str:
    bare = part.strip(" \u00a0")
    return part.replace(bare, f"{LEFT_TO_RIGHT}{bare}{END}") if bare else part
