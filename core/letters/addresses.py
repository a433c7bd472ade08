"""The address block, and the part of the sheet an envelope's window shows. Pure.

Source of the rules: what UK mail houses ask of an address (3 to 7 lines, the postcode last and alone,
no line that starts with a mark a sorting machine reads), and the arithmetic of a folded sheet that
slides in its envelope. Lengths are millimetres from the top left corner of A4.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.foundation.errors import FormIncomplete

FEWEST_LINES = 3
MOST_LINES = 7

SHEET_W_MM = 210.0
SHEET_H_MM = 297.0

_BAD_STARTS = '@()=[]"\\/,<>“”'
_PARTNERS = {"(": ")", "[": "]", "<": ">", '"': '"', "“": "”"}
_POSTCODE = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{1,2}[0-9][A-Za-z0-9]?)[ \-.]{0,3}([0-9][A-Za-z]{2})[ .,]*$")
_NO_HOME = re.compile(r"\bno fixed (?:abode|address)\b", re.IGNORECASE)


def block_lines(lines: Sequence[str], *, name: str) -> tuple[str, ...]:
    """The address block under `name`: 3 to 7 lines, the postcode last and alone.

    Empty lines and repeated neighbours go; when there are more than seven, the shortest neighbours are
    joined with a comma, never the name and never the postcode; when there are fewer than three, lines
    are parted at their commas. A home without a postcode keeps its other lines.

    Raises:
        FormIncomplete: nothing is left to deliver to.
    """
    clean = [tidy for line in lines for piece in line.splitlines() if (tidy := _tidy(piece))]
    if any(_NO_HOME.search(line) for line in clean):
        raise FormIncomplete(problems={"address": "A letter cannot be delivered to somebody of no fixed address."})
    clean, postcode = _parted_postcode(clean)
    end = [postcode] if postcode else []
    first = _tidy(" ".join(name.split())) or "The Resident"
    middle = _without_repeats(first, clean)
    if 1 + len(middle) + len(end) < FEWEST_LINES:
        middle = _without_repeats(
            first, [tidy for line in middle for piece in line.split(",") if (tidy := _tidy(piece))]
        )
    if 1 + len(middle) + len(end) < FEWEST_LINES or not middle:
        raise FormIncomplete(problems={"address": "The address needs a street and a town or postcode."})
    while 1 + len(middle) + len(end) > MOST_LINES:
        at = min(range(len(middle) - 1), key=lambda i: len(middle[i]) + len(middle[i + 1]))
        middle[at : at + 2] = [f"{middle[at]}, {middle[at + 1]}"]
    return (first, *middle, *end)


def _tidy(line: str) -> str:
    text = " ".join(line.split()).rstrip(" ,;")
    while text and (text[0] in _BAD_STARTS or text[0].isspace()):
        partner = _PARTNERS.get(text[0], "")
        text = text[1:]
        if partner:
            text = text.replace(partner, "", 1)
    return " ".join(text.split()).rstrip(" ,;")


def _parted_postcode(lines: list[str]) -> tuple[list[str], str]:
    """The lines without the last postcode that ends a line, and that postcode as "OX2 7HG" or ""."""
    for index in range(len(lines) - 1, -1, -1):
        match = _POSTCODE.search(lines[index])
        if match is None:
            continue
        postcode = f"{match[1].upper()} {match[2].upper()}"
        rest = _tidy(lines[index][: match.start()])
        kept = lines[:index] + ([rest] if rest else []) + lines[index + 1 :]
        return [line for line in kept if "".join(line.split()).upper() != postcode.replace(" ", "")], postcode
    return lines, ""


def _without_repeats(name: str, lines: list[str]) -> list[str]:
    kept: list[str] = []
    previous = name
    for line in lines:
        if line.casefold() != previous.casefold():
            kept.append(line)
            previous = line
    return kept


@dataclass(frozen=True, slots=True)
class Zone:
    """A rectangle on A4; millimetres from its top left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def contains(self, other: Zone) -> bool:
        """Whether `other` lies wholly inside; a shared edge is inside."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def meets(self, other: Zone) -> bool:
        """Whether the two have any area in common; a shared edge is not area."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


@dataclass(frozen=True, slots=True)
class EnvelopeProfile:
    """A window envelope and the folds of the A4 sheet inside it.

    `win_left_mm` and `win_bottom_mm` are measured from the envelope's left and bottom edge; `folds_mm`
    are distances from the top of the sheet, empty for an unfolded sheet. The address panel is the one
    above the first fold.
    """

    env_w_mm: float
    env_h_mm: float
    win_w_mm: float
    win_h_mm: float
    win_left_mm: float
    win_bottom_mm: float
    folds_mm: tuple[float, ...]

    def __post_init__(self) -> None:
        sizes = (self.env_w_mm, self.env_h_mm, self.win_w_mm, self.win_h_mm)
        problem = ""
        if not all(size > 0 for size in sizes):
            problem = "The sizes of the envelope and its window must be more than nothing."
        elif list(self.folds_mm) != sorted(set(self.folds_mm)) or not all(
            0 < fold < SHEET_H_MM for fold in self.folds_mm
        ):
            problem = "The folds must follow each other down the sheet."
        elif (
            min(self.win_left_mm, self.win_bottom_mm) < 0
            or self.win_left_mm + self.win_w_mm > self.env_w_mm
            or self.win_bottom_mm + self.win_h_mm > self.env_h_mm
        ):
            problem = "The window does not lie inside the envelope."
        elif self.slide_x_mm < 0 or self.env_h_mm < self._tallest_panel_mm:
            problem = "The folded sheet does not go into this envelope."
        elif self.visible_zone.width <= 0 or self.visible_zone.height <= 0:
            problem = "The sheet can slide so far that no part of it always shows in the window."
        if problem:
            raise FormIncomplete(problems={"envelope": problem})

    @property
    def slide_x_mm(self) -> float:
        """How far the sheet can move from the envelope's left edge."""
        return self.env_w_mm - SHEET_W_MM

    @property
    def slide_y_mm(self) -> float:
        """How far the address panel can move from the envelope's top edge."""
        return self.env_h_mm - self._panel_mm

    @property
    def visible_zone(self) -> Zone:
        """What shows in the window wherever the sheet has slid to: the address must lie in here."""
        top = self._window_top_mm
        return Zone(
            left=self.win_left_mm,
            top=top,
            right=min(self.win_left_mm + self.win_w_mm - self.slide_x_mm, SHEET_W_MM),
            bottom=min(top + self.win_h_mm - self.slide_y_mm, self._panel_mm),
        )

    @property
    def keep_clear_zone(self) -> Zone:
        """What may show in the window: nothing but the address may lie in here."""
        top = self._window_top_mm
        return Zone(
            left=max(self.win_left_mm - self.slide_x_mm, 0.0),
            top=max(top - self.slide_y_mm, 0.0),
            right=min(self.win_left_mm + self.win_w_mm, SHEET_W_MM),
            bottom=min(top + self.win_h_mm, self._panel_mm),
        )

    @property
    def _panel_mm(self) -> float:
        return self.folds_mm[0] if self.folds_mm else SHEET_H_MM

    @property
    def _tallest_panel_mm(self) -> float:
        edges = (0.0, *self.folds_mm, SHEET_H_MM)
        return max(below - above for above, below in itertools.pairwise(edges))

    @property
    def _window_top_mm(self) -> float:
        return self.env_h_mm - self.win_bottom_mm - self.win_h_mm


DL_WINDOW = EnvelopeProfile(
    env_w_mm=220.0,
    env_h_mm=110.0,
    win_w_mm=90.0,
    win_h_mm=35.0,
    win_left_mm=20.0,
    win_bottom_mm=18.0,
    folds_mm=(99.0, 198.0),
)
"""The usual UK window envelope with a sheet folded in three."""
