"""Rows of text as they stood in a file, and the refusal of a file that has none. Shared by the readers."""

from __future__ import annotations

from dataclasses import dataclass

from core.foundation.errors import ListUnreadable

MAX_ROWS = 250_000
MAX_COLUMNS = 500
NOTES_NAMED = 25
TOO_WIDE = f"this row has more than {MAX_COLUMNS} cells"

SAVE_AS_CSV = (
    "Open it in the program it came from, save it as CSV or as an Excel workbook (.xlsx), and choose that file."
)

_SPREADSHEET_ERRORS = frozenset("#n/a #ref! #value! #name? #div/0! #null! #num! #spill! #calc!".split())


@dataclass(frozen=True, slots=True)
class SourceRow:
    """One row as it stood in the file. `line` counts from 1, as a text editor or spreadsheet does."""

    line: int
    cells: tuple[str, ...]

    def cell(self, index: int) -> str:
        """The text in column `index`, "" when the row is shorter."""
        return self.cells[index] if 0 <= index < len(self.cells) else ""

    @property
    def is_blank(self) -> bool:
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class DamagedRow:
    """A row that could not be cut into cells, its raw text and a sentence why."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """A list as rows of text. Blank rows are kept, so that every line of the file is accounted for.

    `heading_line` is the line `columns` came from. `notes` are sentences for the person: rows of
    odd length, sheets not read, titles left out.
    """

    columns: tuple[str, ...]
    rows: tuple[SourceRow, ...]
    damaged: tuple[DamagedRow, ...] = ()
    encoding: str = "utf-8"
    notes: tuple[str, ...] = ()
    heading_line: int = 1


@dataclass(frozen=True, slots=True)
class RawRows:
    """What a reader of one kind of file found, before the column names are looked for."""

    rows: list[SourceRow]
    damaged: list[DamagedRow]
    encoding: str
    notes: list[str]


def not_readable(reason: str, next_step: str = SAVE_AS_CSV) -> ListUnreadable:
    """Why a file is no list, and what the person can do; the usual advice unless there is better."""
    return ListUnreadable(reason=reason, next_step=next_step)


def value_of(text: str) -> str:
    """A cell's text; nothing where a spreadsheet shows that it could not work the cell out ("#N/A")."""
    return "" if text[:1] == "#" and text.casefold() in _SPREADSHEET_ERRORS else text
