"""The sheet an officer carries from door to door: one row a letter, in walk order, with boxes to tick by hand.

It says nothing about why: no case, no reason, no names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.letters.model import Run
from core.letters.render.flow import ACCENT
from core.letters.render.fonts import check_drawable, drawable, tidy
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
_LEFT_MM, _RIGHT_MM, _TOP_MM, _BOTTOM_MM = 14.0, 196.0, 14.0, 277.0
_PAGE_NUMBER_MM = 283.0
_SIZE_PT, _LEADING_PT = 11.0, 13.5
_HEAD_PT, _HEAD_LEADING_PT = 9.5, 11.5
_PAD_MM = 1.6
_LEAST_ROW_MM = 9.0
_BOX_MM = 5.0
_GREY = (0.45, 0.45, 0.45)


@dataclass(frozen=True, slots=True)
class _Column:
    words: str
    left_mm: float
    right_mm: float
    is_box: bool = False


_COLUMNS = (
    _Column("No.", 14, 24),
    _Column("Address", 24, 96),
    _Column("Pages", 96, 109),
    _Column("File, page", 109, 131),
    _Column("Delivered", 131, 149, is_box=True),
    _Column("No answer", 149, 165, is_box=True),
    _Column("Refused", 165, 181, is_box=True),
    _Column("Do not go alone", 181, 196, is_box=True),
)
_BOXES_LEFT_PT = tuple((column.left_mm + 1.5) * PT_PER_MM for column in _COLUMNS if column.is_box)


@dataclass(frozen=True, slots=True)
class ChecklistRow:
    """One home. `file_number` and `page_from` count from 1; 0 means that the letter is in none of the files."""

    place_number: int
    address: str
    pages: int
    file_number: int
    page_from: int
    note: str


def render_checklist(rows: Sequence[ChecklistRow], *, title: str, date_text: str) -> bytes:
    """The delivery checklist as a PDF/UA-1 file, rows in the order given.

    An address with characters that cannot be printed is shown with question marks and a note: the row
    matters more than its spelling.

    Raises:
        GlyphsMissing: the title or the date cannot be printed.
    """
    check_drawable((title, date_text))
    return _Checklist(rows, title, date_text).render()


class _Page:
    """Code and marks of one page as it grows."""

    def __init__(self) -> None:
        self.code: list[str] = []
        self.marks: list[int] = []

    def mark(self, element: int, role: str, code: str) -> None:
        self.code.append(marked(role, len(self.marks), code))
        self.marks.append(element)


class _Checklist:
    """Draws one checklist."""

    def __init__(self, rows: Sequence[ChecklistRow], title: str, date_text: str) -> None:
        self._rows = rows
        self._title = title
        self._date_text = date_text
        self._out = TaggedPages(title=title, language=_LANGUAGE)
        self._elements: list[Element] = []
        self._pages = [_Page()]
        self._y_mm = _TOP_MM

    def render(self) -> bytes:
        self._heading()
        table = self._new("Table")
        head = self._new("TR", self._new("THead", table))
        body = self._new("TBody", table)
        self._head_row([self._new("TH", head, COLUMN_HEADER_ATTRIBUTES) for _ in _COLUMNS])
        for row in self._rows:
            self._row(row, body)
        self._totals()
        pages: list[MarkedPage] = []
        for number, page in enumerate(self._pages, start=1):
            words = f"{self._title} · page {number} of {len(self._pages)}"
            block = _block(words, _RIGHT_MM - _LEFT_MM)
            page.code.append(decoration(self._at(block, _LEFT_MM, _PAGE_NUMBER_MM)))
            pages.append(MarkedPage("\n".join(page.code), (), tuple(page.marks)))
            page.code.clear()
        self._pages.clear()
        self._out.add_section(self._elements, pages)
        self._elements.clear()
        pages.clear()
        return self._out.finish().data

    def _new(self, role: str, parent: int = ROOT, attributes: str = "") -> int:
        self._elements.append(Element(role, parent, attributes))
        return len(self._elements) - 1

    def _at(self, block: TextBlock, left_mm: float, top_mm: float) -> str:
        return self._out.text_code(block, left_mm * PT_PER_MM, _up(top_mm) - block.size_pt * 0.95)

    def _heading(self) -> None:
        title = _block(self._title, _RIGHT_MM - _LEFT_MM, size=18, leading=22, bold=True)
        self._paragraph("H1", TextBlock(title.lines, 18, 22, ACCENT))
        pages = sum(row.pages for row in self._rows)
        made = sum(row.file_number > 0 for row in self._rows)
        counts = ", ".join((_count(len(self._rows), "home"), _count(made, "letter"), _count(pages, "page")))
        self._paragraph("P", _block(" · ".join(filter(None, (self._date_text, counts))), _RIGHT_MM - _LEFT_MM))
        self._paragraph(
            "P",
            _block(
                "Homes stand in walking order, as the letters do in the files. Tick one box at each door."
                " Tick the last box where the next person should not go alone.",
                _RIGHT_MM - _LEFT_MM,
            ),
        )
        self._y_mm += 3

    def _paragraph(self, role: str, block: TextBlock) -> None:
        self._pages[-1].mark(self._new(role), role, self._at(block, _LEFT_MM, self._y_mm))
        self._y_mm += block.height_pt / PT_PER_MM + 1.5

    def _head_row(self, cells: Sequence[int] | None) -> None:
        """The column heads; `cells` None repeats them on a later page, where nobody needs to hear them again."""
        page = self._pages[-1]
        blocks = [
            _block(column.words, column.right_mm - column.left_mm - _PAD_MM, size=_HEAD_PT, leading=_HEAD_LEADING_PT,
                   bold=True)
            for column in _COLUMNS
        ]  # fmt: skip
        height = max(block.height_pt for block in blocks) / PT_PER_MM
        for index, (column, block) in enumerate(zip(_COLUMNS, blocks, strict=True)):
            code = self._at(block, column.left_mm, self._y_mm)
            if cells is None:
                page.code.append(decoration(code))
            else:
                page.mark(cells[index], "TH", code)
        self._y_mm += height + 1
        page.code.append(decoration(_line(self._y_mm, 1.2)))

    def _row(self, row: ChecklistRow, body: int) -> None:
        address, note = _printable(row)
        runs = [Run(address)] + ([Run("\n" + note)] if note else [])
        width = (_COLUMNS[1].right_mm - _COLUMNS[1].left_mm - 2 * _PAD_MM) * PT_PER_MM
        cells = [
            _block(str(row.place_number), 11),
            TextBlock(break_lines(runs, width=width, size_pt=_SIZE_PT), _SIZE_PT, _LEADING_PT),
            _block(str(row.pages) if row.file_number else "none", 13),
            _block(f"{row.file_number}, p. {row.page_from}" if row.file_number else "none", 22),
        ]
        tallest = max(cell.height_pt for cell in cells) / PT_PER_MM
        height = max(tallest + 2 * _PAD_MM, _LEAST_ROW_MM)
        if self._y_mm + height > _BOTTOM_MM:
            self._pages.append(_Page())
            self._y_mm = _TOP_MM
            self._head_row(None)
        page = self._pages[-1]
        line = self._new("TR", body)
        text_top = self._y_mm + _PAD_MM + (0.6 if height == _LEAST_ROW_MM else 0)
        cell_of_line = Element("TD", line)  # one and the same for every cell: a long list has tens of thousands
        for index, column in enumerate(_COLUMNS):
            self._elements.append(cell_of_line)
            cell = len(self._elements) - 1
            if not column.is_box:
                page.mark(cell, "TD", self._at(cells[index], column.left_mm, text_top))
        top = self._y_mm + (height - _BOX_MM) / 2
        self._y_mm += height
        page.code.append(decoration(f"{_boxes(top)}\n{_line(self._y_mm, 0.4)}"))

    def _totals(self) -> None:
        """Lines to fill in by hand at the end of the round."""
        if self._y_mm + 44 > _BOTTOM_MM:
            self._pages.append(_Page())
            self._y_mm = _TOP_MM
        self._y_mm += 6
        heading = _block("At the end of the round", _RIGHT_MM - _LEFT_MM, size=13, leading=17, bold=True)
        self._paragraph("H2", TextBlock(heading.lines, 13, 17, ACCENT))
        self._y_mm += 3
        for words in (("Delivered:", "No answer:", "Refused:"), ("Taken round by:", "Date:")):
            for number, word in enumerate(words):
                left = _LEFT_MM + number * (62 if len(words) == 3 else 104)
                block = _block(word, 60)
                start = left + block.width_pt / PT_PER_MM + 2
                end = min(left + (56 if len(words) == 3 else 98), _RIGHT_MM)
                page = self._pages[-1]
                page.mark(self._new("P"), "P", self._at(block, left, self._y_mm))
                page.code.append(decoration(_line(self._y_mm + 4.6, 0.6, start, end)))
            self._y_mm += 12


def _printable(row: ChecklistRow) -> tuple[str, str]:
    """Address and note, with a question mark for each character that cannot be printed."""
    known = drawable()
    if known.issuperset(row.address) and known.issuperset(row.note):
        return tidy(row.address), tidy(row.note)
    address, note = ("".join(c if c in known else "?" for c in tidy(text)) for text in (row.address, row.note))
    if tidy(row.address) == address:
        return address, note
    return address, " · ".join(filter(None, (note, "Some characters cannot be printed; see the program")))


def _block(
    text: str, width_mm: float, *, size: float = _SIZE_PT, leading: float = _LEADING_PT, bold: bool = False
) -> TextBlock:
    return TextBlock(break_lines((Run(text, bold),), width=width_mm * PT_PER_MM, size_pt=size), size, leading)


def _line(y_mm: float, width_pt: float, left_mm: float = _LEFT_MM, right_mm: float = _RIGHT_MM) -> str:
    red, green, blue = ACCENT if width_pt > 1 else _GREY
    y = _up(y_mm)
    return (
        f"q {red} {green} {blue} RG {width_pt} w {left_mm * PT_PER_MM:.2f} {y:.2f} m"
        f" {right_mm * PT_PER_MM:.2f} {y:.2f} l S Q"
    )


def _boxes(top_mm: float) -> str:
    side, bottom = _BOX_MM * PT_PER_MM, _up(top_mm + _BOX_MM)
    drawn = [f"{left:.2f} {bottom:.2f} {side:.2f} {side:.2f} re" for left in _BOXES_LEFT_PT]
    return f"q 0 0 0 RG 0.9 w {' '.join(drawn)} S Q"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" if number == 1 else f"{number:,} {word}s"


def _up(from_top_mm: float) -> float:
    return PAGE_H_PT - from_top_mm * PT_PER_MM
