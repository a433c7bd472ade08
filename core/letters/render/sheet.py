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
    COLUMN_HEADER_ATTRIBUTES,
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
_TABLE_PT, _TABLE_LEADING_PT, _TABLE_ROW_MM = 10.0, 12.5, 6.0
_BAR_LEFT_MM, _BAR_MM = 92.0, 3.6
_ROW_HEADER = "/A <</O /Table /Scope /Row>>"
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


@dataclass(frozen=True, slots=True)
class SheetTable:
    """A table: headings, the first over the names of the rows, and rows as wide as they are. Numbers stand right."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class SheetBars:
    """Bars one under another: (name, whole length, striped length, words at the end), lengths from 0 to 1 together.

    `says`: what the picture is, for somebody who cannot see it; the numbers belong into a table beside it.
    """

    bars: tuple[tuple[str, float, float, str], ...]
    says: str


SheetPart: TypeAlias = (
    "SheetHeading | SheetText | SheetSteps | SheetSquare | SheetGroups | SheetBlanks | SheetTable | SheetBars"
)


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
        case SheetTable(headings, rows):
            return (*headings, *(word for row in rows for word in row))
        case SheetBars(bars, says):
            return (says, *(word for name, _, _, words in bars for word in (name, words)))


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
            case SheetTable():
                self._table(part)
            case SheetBars():
                self._bars(part)

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

    def _table(self, part: SheetTable) -> None:
        table = self._new("Table")
        lefts = _columns(len(part.headings))
        head = self._new("THead", table)
        self._table_row(part.headings, self._new("TR", head), lefts, heading=True)
        body = self._new("TBody", table)
        for row in part.rows:
            if self._y_mm + _TABLE_ROW_MM > _BOTTOM_MM:
                self._pages.append(_Page())
                self._y_mm = _TOP_MM
                self._table_row(part.headings, None, lefts, heading=True)
            self._table_row(row, self._new("TR", body), lefts, heading=False)
        self._y_mm += _GAP_MM

    def _table_row(self, words: Sequence[str], line: int | None, lefts: Sequence[float], *, heading: bool) -> None:
        """One row; a heading told again on the next page (`line` None) is only for the eye."""
        cells = []
        for place, text in enumerate(words):
            width = (lefts[place + 1] if place + 1 < len(lefts) else _RIGHT_MM) - lefts[place] - 2
            cells.append(_block(text, width, size=_TABLE_PT, leading=_TABLE_LEADING_PT, bold=heading))
        height = max(cell.height_pt for cell in cells) / PT_PER_MM + 1.6
        self._room(height)
        page = self._pages[-1]
        for place, block in enumerate(cells):
            right = (lefts[place + 1] if place + 1 < len(lefts) else _RIGHT_MM) - 2
            left = lefts[place] if place == 0 else right - block.width_pt / PT_PER_MM
            code = self._at(block, left, self._y_mm + 0.8)
            if line is None:
                page.code.append(decoration(code))
                continue
            role = "TH" if heading or place == 0 else "TD"
            scope = COLUMN_HEADER_ATTRIBUTES if heading else _ROW_HEADER if place == 0 else ""
            page.mark(self._new(role, line, scope), role, code)
        self._y_mm += height
        page.code.append(decoration(_line(self._y_mm, _LEFT_MM, _RIGHT_MM)))

    def _bars(self, part: SheetBars) -> None:
        wide = _BAR_LEFT_MM - _LEFT_MM - 3
        names = [_block(bar[0], wide, size=_TABLE_PT, leading=_TABLE_LEADING_PT) for bar in part.bars]
        heights = [max(6.0, name.height_pt / PT_PER_MM + 1.4) for name in names]
        self._room(min(sum(heights), _BOTTOM_MM - _TOP_MM))
        top, code = self._y_mm, []
        for (_, whole, striped, words), name, height in zip(part.bars, names, heights, strict=True):
            room = _RIGHT_MM - _BAR_LEFT_MM - 22
            code.append(self._at(name, _LEFT_MM, self._y_mm + 0.6))
            code += _bar(_BAR_LEFT_MM, self._y_mm + 1.0, whole * room, striped * room)
            said = _block(words, 40, size=_TABLE_PT, leading=_TABLE_LEADING_PT)
            code.append(self._at(said, _BAR_LEFT_MM + (whole + striped) * room + 2, self._y_mm + 0.8))
            self._y_mm += height
        says = "".join(c for c in part.says if c.isascii() and c not in "()\\")
        x0, x1 = _LEFT_MM * PT_PER_MM, _RIGHT_MM * PT_PER_MM
        box = f"/BBox [{x0:.2f} {_up(self._y_mm):.2f} {x1:.2f} {_up(top):.2f}]"
        figure = self._new("Figure", attributes=f"/Alt ({says}) /A <</O /Layout /Placement /Block {box}>>")
        self._pages[-1].mark(figure, "Figure", "\n".join(code))
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
    if isinstance(part, SheetBars):
        return 6.0 * len(part.bars)
    return part.side_mm * 1.2 if isinstance(part, SheetSquare) else 0.0


def _columns(count: int) -> list[float]:
    """Where each column of a table begins: the names get the most, the numbers share the rest."""
    each = min(28.0, (_RIGHT_MM - _LEFT_MM) * 0.6 / max(1, count - 1))
    first = _RIGHT_MM - each * (count - 1)
    return [_LEFT_MM, *(first + each * number for number in range(count - 1))]


def _bar(left_mm: float, top_mm: float, whole_mm: float, striped_mm: float) -> list[str]:
    """A bar of two parts: filled, then with stripes."""
    red, green, blue = ACCENT
    y, height = _up(top_mm + _BAR_MM), _BAR_MM * PT_PER_MM
    code = []
    if whole_mm > 0:
        box = f"{left_mm * PT_PER_MM:.2f} {y:.2f} {whole_mm * PT_PER_MM:.2f} {height:.2f} re"
        code.append(f"q {red} {green} {blue} rg {box} f Q")
    if striped_mm > 0:
        x, width = (left_mm + whole_mm) * PT_PER_MM, striped_mm * PT_PER_MM
        lines = " ".join(
            f"{x + at:.2f} {y:.2f} m {x + at + height:.2f} {y + height:.2f} l"
            for at in _steps(-height, width, 4.0)
        )
        box = f"{x:.2f} {y:.2f} {width:.2f} {height:.2f} re"
        code.append(f"q {red} {green} {blue} RG 0.8 w {box} S {box} W n {lines} S Q")
    return code


def _steps(start: float, end: float, step: float) -> list[float]:
    return [start + step * number for number in range(int((end - start) / step) + 1)]


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
