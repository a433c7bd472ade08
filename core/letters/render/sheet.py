"""One sheet to be kept, handed over or filled in by hand: headings, sentences, steps, a square code, groups of letters,
numbered lines to write on. For invitations and for whatever else must exist on paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from core.letters.model import Run
from core.letters.render.flow import ACCENT
from core.letters.render.fonts import check_drawable
from core.letters.render.lines import TextBlock, break_lines
from core.letters.render.tagging import (
    PAGE_H_PT,
    PT_PER_MM,
    ROOT,
    Element,
    MarkedPage,
    TaggedPages,
    decoration,
    marked,
)

_LANGUAGE = "en-GB"
_LEFT_MM, _RIGHT_MM, _TOP_MM, _BOTTOM_MM = 22.0, 188.0, 18.0, 276.0
_PAGE_NUMBER_MM = 283.0
_SIZE_PT, _LEADING_PT = 12.0, 15.5
_GAP_MM = 2.6
_STEP_INDENT_MM = 8.0
_GROUPS_PT, _GROUPS_LEADING_PT = 15.0, 22.0
_LINE_TO_WRITE_ON_MM = 11.0
_GREY = (0.45, 0.45, 0.45)
_NUMBERED = "/A <</O /List /ListNumbering /Decimal>>"


@dataclass(frozen=True, slots=True)
class SheetHeading:
    """A heading below the title."""

    words: str


@dataclass(frozen=True, slots=True)
class SheetText:
    """A paragraph; a `\\n` begins a new line."""

    words: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class SheetSteps:
    """Numbered steps."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetSquare:
    """A square code, `side_mm` wide without its white border. `says`: what it is, for somebody who cannot see it."""

    rows: tuple[tuple[bool, ...], ...]
    says: str
    side_mm: float = 55.0


@dataclass(frozen=True, slots=True)
class SheetGroups:
    """Groups of letters to be typed, `per_row` of them in each row, large and in step."""

    groups: tuple[str, ...]
    per_row: int = 6


@dataclass(frozen=True, slots=True)
class SheetBlanks:
    """Places to write by hand, two beside each other: each label, then a line."""

    labels: tuple[str, ...]
    columns: int = 2


SheetPart: TypeAlias = "SheetHeading | SheetText | SheetSteps | SheetSquare | SheetGroups | SheetBlanks"


def render_sheet(title: str, parts: Sequence[SheetPart], *, foot: str = "") -> bytes:
    """The sheet as a PDF/UA-1 file, in memory. `foot` stands at the foot of every page, before its number.

    Raises:
        GlyphsMissing: a character cannot be printed.
    """
    check_drawable([title, foot, *(text for part in parts for text in _texts(part))])
    return _Sheet(title, foot).render(parts)


def _texts(part: SheetPart) -> tuple[str, ...]:
    match part:
        case SheetHeading(words) | SheetText(words):
            return (words,)
        case SheetSteps(texts) | SheetGroups(texts) | SheetBlanks(texts):
            return texts
        case SheetSquare():
            return (part.says,)


@dataclass(slots=True)
class _Page:
    code: list[str] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)

    def mark(self, element: int, role: str, code: str) -> None:
        self.code.append(marked(role, len(self.marks), code))
        self.marks.append(element)


class _Sheet:
    """Draws one sheet from the top down; a part that does not fit begins the next page."""

    def __init__(self, title: str, foot: str) -> None:
        self._title = title
        self._foot = foot
        self._out = TaggedPages(title=title, language=_LANGUAGE)
        self._elements: list[Element] = []
        self._pages = [_Page()]
        self._y_mm = _TOP_MM

    def render(self, parts: Sequence[SheetPart]) -> bytes:
        self._words("H1", self._title, size=20, leading=25, bold=True, colour=ACCENT)
        for number, part in enumerate(parts):
            follows = parts[number + 1] if number + 1 < len(parts) else None
            self._part(part, follows)
        self._number_pages()
        pages = [MarkedPage("\n".join(page.code), (), tuple(page.marks)) for page in self._pages]
        self._out.add_section(self._elements, pages)
        return self._out.finish().data

    def _part(self, part: SheetPart, follows: SheetPart | None) -> None:
        match part:
            case SheetHeading(words):
                self._room(20 + (_least_height_mm(follows) if follows is not None else 0))
                self._y_mm += 2
                self._words("H2", words, size=14, leading=18, bold=True, colour=ACCENT)
            case SheetText(words, bold):
                self._words("P", words, bold=bold)
            case SheetSteps(steps):
                self._steps(steps)
            case SheetSquare():
                self._square(part)
            case SheetGroups():
                self._groups(part)
            case SheetBlanks():
                self._blanks(part)

    def _new(self, role: str, parent: int = ROOT, attributes: str = "") -> int:
        self._elements.append(Element(role, parent, attributes))
        return len(self._elements) - 1

    def _room(self, height_mm: float) -> None:
        if self._y_mm + height_mm > _BOTTOM_MM and self._y_mm > _TOP_MM:
            self._pages.append(_Page())
            self._y_mm = _TOP_MM

    def _words(  # how a paragraph looks, by keyword
        self, role: str, words: str, *, size: float = _SIZE_PT, leading: float = _LEADING_PT, bold: bool = False,
        colour: tuple[float, float, float] = (0.0, 0.0, 0.0),
    ) -> None:  # fmt: skip
        lines = _block(words, _RIGHT_MM - _LEFT_MM, size=size, leading=leading, bold=bold).lines
        block = TextBlock(lines, size, leading, colour)
        self._room(block.height_pt / PT_PER_MM)
        self._pages[-1].mark(self._new(role), role, self._at(block, _LEFT_MM, self._y_mm))
        self._y_mm += block.height_pt / PT_PER_MM + _GAP_MM

    def _steps(self, steps: Sequence[str]) -> None:
        list_ = self._new("L", attributes=_NUMBERED)
        for number, words in enumerate(steps, start=1):
            block = _block(words, _RIGHT_MM - _LEFT_MM - _STEP_INDENT_MM)
            self._room(block.height_pt / PT_PER_MM)
            item = self._new("LI", list_)
            page = self._pages[-1]
            page.mark(self._new("Lbl", item), "Lbl", self._at(_block(f"{number}.", 8), _LEFT_MM, self._y_mm))
            page.mark(self._new("LBody", item), "LBody", self._at(block, _LEFT_MM + _STEP_INDENT_MM, self._y_mm))
            self._y_mm += block.height_pt / PT_PER_MM + 1.2
        self._y_mm += _GAP_MM - 1.2

    def _square(self, part: SheetSquare) -> None:
        module = part.side_mm / len(part.rows)
        border = 4 * module
        self._room(part.side_mm + 2 * border)
        left, top = _LEFT_MM + border, self._y_mm + border
        code = ["q 0 0 0 rg"]
        for y, row in enumerate(part.rows):
            for start, end in _stretches(row):
                # One rectangle a stretch: thin white lines between neighbours are what readers stumble over.
                code.append(
                    f"{(left + start * module) * PT_PER_MM:.3f} {_up(top + (y + 1) * module):.3f}"
                    f" {(end - start) * module * PT_PER_MM:.3f} {module * PT_PER_MM:.3f} re"
                )
        code.append("f Q")
        says = "".join(c for c in part.says if c.isascii() and c not in "()\\")
        x0, y0 = left * PT_PER_MM, _up(top + part.side_mm)
        side = part.side_mm * PT_PER_MM
        box = f"/BBox [{x0:.2f} {y0:.2f} {x0 + side:.2f} {y0 + side:.2f}]"
        figure = self._new("Figure", attributes=f"/Alt ({says}) /A <</O /Layout /Placement /Block {box}>>")
        self._pages[-1].mark(figure, "Figure", "\n".join(code))
        self._y_mm += part.side_mm + 2 * border + _GAP_MM

    def _groups(self, part: SheetGroups) -> None:
        step = (_RIGHT_MM - _LEFT_MM) / part.per_row
        size = _GROUPS_PT
        while max(_block(group, 200, size=size, bold=True).width_pt for group in part.groups) > (step - 2) * PT_PER_MM:
            size -= 0.5
        row_mm = _GROUPS_LEADING_PT / PT_PER_MM
        paragraph = self._new("P")
        for start in range(0, len(part.groups), part.per_row):
            self._room(row_mm)
            for place, group in enumerate(part.groups[start : start + part.per_row]):
                block = _block(group + " ", step * 2, size=size, leading=_GROUPS_LEADING_PT, bold=True)
                self._pages[-1].mark(paragraph, "P", self._at(block, _LEFT_MM + place * step, self._y_mm))
            self._y_mm += row_mm
        self._y_mm += _GAP_MM

    def _blanks(self, part: SheetBlanks) -> None:
        wide = (_RIGHT_MM - _LEFT_MM) / part.columns
        label_mm = max(_block(label, 200).width_pt for label in part.labels) / PT_PER_MM + 3
        for start in range(0, len(part.labels), part.columns):
            self._room(_LINE_TO_WRITE_ON_MM)
            page = self._pages[-1]
            for place, label in enumerate(part.labels[start : start + part.columns]):
                left = _LEFT_MM + place * wide
                page.mark(self._new("P"), "P", self._at(_block(label, wide), left, self._y_mm + 3))
                page.code.append(decoration(_line(self._y_mm + 9, left + label_mm, left + wide - 6)))
            self._y_mm += _LINE_TO_WRITE_ON_MM
        self._y_mm += _GAP_MM

    def _number_pages(self) -> None:
        for number, page in enumerate(self._pages, start=1):
            words = " · ".join(filter(None, (self._foot, f"page {number} of {len(self._pages)}")))
            block = _block(words, _RIGHT_MM - _LEFT_MM, size=9.5, leading=11.5)
            page.code.append(decoration(self._at(block, _LEFT_MM, _PAGE_NUMBER_MM)))

    def _at(self, block: TextBlock, left_mm: float, top_mm: float) -> str:
        return self._out.text_code(block, left_mm * PT_PER_MM, _up(top_mm) - block.size_pt * 0.95)


def _least_height_mm(part: SheetPart) -> float:
    """What of a part must stand on the page of the heading above it."""
    return part.side_mm * 1.2 if isinstance(part, SheetSquare) else 0.0


def _stretches(row: Sequence[bool]) -> list[tuple[int, int]]:
    """Where dark squares begin and end in a row."""
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and found and found[-1][1] == x:
            found[-1] = (found[-1][0], x + 1)
        elif dark:
            found.append((x, x + 1))
    return found


def _block(
    text: str, width_mm: float, *, size: float = _SIZE_PT, leading: float = _LEADING_PT, bold: bool = False
) -> TextBlock:
    return TextBlock(break_lines((Run(text, bold),), width=width_mm * PT_PER_MM, size_pt=size), size, leading)


def _line(y_mm: float, left_mm: float, right_mm: float) -> str:
    red, green, blue = _GREY
    y = _up(y_mm)
    ends = f"{left_mm * PT_PER_MM:.2f} {y:.2f} m {right_mm * PT_PER_MM:.2f} {y:.2f} l"
    return f"q {red} {green} {blue} RG 0.6 w {ends} S Q"


def _up(from_top_mm: float) -> float:
    return PAGE_H_PT - from_top_mm * PT_PER_MM
