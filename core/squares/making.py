"""A short text as a square code. The only module that imports segno.

Codes here are capitals, digits and dashes, which the square holds in its denser way; error correction M (15 percent) is
what survives a fold or a thumb, and makes the squares no smaller than need be.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.foundation.errors import BugError

QUIET_MODULES = 4
"""As wide a white border as the standard asks for (ISO/IEC 18004): without it cameras miss the code."""
LONGEST_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class Square:
    """A square code: `rows[y][x]` is True where it is black. The quiet border is not among the rows."""

    rows: tuple[tuple[bool, ...], ...]

    @property
    def size(self) -> int:
        """How many squares it is wide and high, without its border."""
        return len(self.rows)


def square_of(text: str) -> Square:
    """The square code for `text`.

    Raises:
        BugError: the text is empty or too long to be read off a screen.
    """
    if not 0 < len(text) <= LONGEST_TEXT:
        raise BugError(rule="a square code holds a short text")
    import segno  # late: unlocking draws no codes

    made = segno.make(text, error="m", micro=False, boost_error=False)
    return Square(tuple(tuple(bool(dark) for dark in row) for row in made.matrix))
