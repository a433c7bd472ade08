"""Reading a spreadsheet or text list into rows, whatever its name says it is.

The kind of file is decided by its content. What comes out is text only: no formula is run, no
macro is kept, no link is followed. Reading the bytes is the only input or output of this room.
"""

from __future__ import annotations

from pathlib import Path

from core.exchange.delimited import read_delimited
from core.exchange.exports import as_usual
from core.exchange.headings import recognised
from core.exchange.rows import (
    MAX_COLUMNS,
    NOTES_NAMED,
    SAVE_AS_CSV,
    TOO_WIDE,
    DamagedRow,
    RawRows,
    SourceRow,
    Table,
    not_readable,
)
from core.foundation.errors import FileUnreadable, ImportFileRejected, ListUnreadable
from core.foundation.files import read_capped
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress

MAX_FILE_BYTES = 48 * 1024 * 1024
_ROWS_SEARCHED_FOR_HEADINGS = 15

__all__ = ["MAX_FILE_BYTES", "DamagedRow", "SourceRow", "Table", "read_table", "read_table_bytes"]


def read_table(path: Path, *, cancel: CancelToken | None = None, progress: Progress = no_progress) -> Table:
    """Read the list in `path`.

    Raises:
        ImportFileRejected: it is no list of rows; the reason and the next step are sentences.
        FileUnreadable: the file is missing or may not be opened.
        Cancelled: the person stopped it.
    """
    try:
        data = _file_bytes(path)
        return read_table_bytes(data, cancel=cancel or NeverCancel(), progress=progress)
    except ListUnreadable as refusal:
        raise ImportFileRejected(path=str(path), reason=refusal.reason, next_step=refusal.next_step) from refusal


def read_table_bytes(data: bytes, *, cancel: CancelToken, progress: Progress) -> Table:
    """As `read_table` for bytes already in memory. Raises ListUnreadable."""
    if _kind(data) == "xlsx":
        # Imported here so that a text list never pays for the spreadsheet reader.
        from core.exchange.workbook import read_workbook

        raw = read_workbook(data, cancel=cancel, progress=progress)
    else:
        raw = read_delimited(data, cancel=cancel, progress=progress)
    return _with_headings(raw)


def _file_bytes(path: Path) -> bytes:
    try:
        size_bytes = path.stat().st_size if path.is_file() else 0
    except OSError as error:
        raise FileUnreadable(path=str(path), reason=error.strerror or "it could not be opened") from error
    if size_bytes > MAX_FILE_BYTES:
        raise not_readable(
            f"it is larger than {MAX_FILE_BYTES // (1024 * 1024)} MB, which is more than any list of homes needs",
            "Check that it is the right file, or split it into smaller ones.",
        )
    return read_capped(path, MAX_FILE_BYTES)


def _kind(data: bytes) -> str:
    """ "xlsx" or "text"; raises ListUnreadable with the name of what it really is."""
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise not_readable("it is empty", "Check that it is the right file and that it was saved completely.")
    if data.startswith(b"PK\x03\x04"):
        return "xlsx"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise not_readable(
                "it is a workbook locked with a password",
                "Open it in the spreadsheet program, take the password off, save a copy and choose that.",
            )
        raise not_readable(
            "it is in the old Excel format (.xls)", "Open it in the spreadsheet program and save it as .xlsx or CSV."
        )
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for mark, name in (
        (b"%pdf", "it is a PDF document, not a list of rows"),
        (b"{\\rtf", "it is a word-processor document"),
        (b"<!doctype html", "it is a web page, even if its name says otherwise"),
        (b"<html", "it is a web page, even if its name says otherwise"),
        (b"<?xml", "it is an XML file, not a list of rows"),
        (b"\x89png", "it is a picture"),
        (b"\xff\xd8\xff", "it is a picture"),
        (b"gif8", "it is a picture"),
        (b"mz\x90", "it is a program"),
        (b"\x7felf", "it is a program"),
        (b"\x1f\x8b", "it is a compressed file"),
        (b"7z\xbc\xaf", "it is a compressed file"),
        (b"rar!", "it is a compressed file"),
        (b"sqlite format 3", "it is a database file"),
    ):
        if start.startswith(mark):
            raise not_readable(name)
    return "text"


def _with_headings(raw: RawRows) -> Table:
    """Find the row of column names and put what stands above it into the notes."""
    filled = [at for at, row in enumerate(raw.rows) if not row.is_blank]
    if len(filled) + len(raw.damaged) == 0:
        raise not_readable("it has no rows in it", "Check that it is the right file and that it was saved completely.")
    if len(filled) + len(raw.damaged) == 1:
        raise not_readable(
            "it has only one row, so there are either no column names or no homes in it",
            "Add a first row that names the columns, with one home in each row below it.",
        )
    if not filled and all(row.reason == TOO_WIDE for row in raw.damaged):
        raise not_readable(
            f"it has more than {MAX_COLUMNS} columns, more than any list of homes needs",
            "Delete the columns that are not about homes in the spreadsheet program, save it and choose it again.",
        )
    if not filled:
        raise not_readable("none of its rows could be cut into cells", SAVE_AS_CSV)
    at = _heading_row(raw.rows, filled)
    columns, notes = raw.rows[at].cells, list(raw.notes)
    skipped = [row for row in raw.rows[:at] if not row.is_blank]
    if skipped:
        lines = ", ".join(str(row.line) for row in skipped)
        notes.append(
            f"The column names are on line {raw.rows[at].line}; "
            f"line {lines} above them was read as a title and left out."
        )
    rows, done = as_usual(columns, raw.rows[at + 1 :])
    notes += done
    width = max([len(columns), *(len(row.cells) for row in rows)])
    notes.extend(_odd_lengths(rows, len(columns)))
    columns = columns + ("",) * (width - len(columns))
    return Table(
        columns=columns,
        rows=tuple(rows),
        damaged=tuple(raw.damaged),
        encoding=raw.encoding,
        notes=tuple(notes),
        heading_line=raw.rows[at].line,
    )


def _heading_row(rows: list[SourceRow], filled: list[int]) -> int:
    best, best_score = filled[0], 0
    for at in filled[:_ROWS_SEARCHED_FOR_HEADINGS]:
        cells = [cell for cell in rows[at].cells if cell]
        score = recognised(cells)
        # A lone known word further down ("Oxford Road", "Home") is a cell, not the heading of a wide list.
        if score > best_score and (score >= 2 or at == filled[0] or (len(cells) == 1 and _is_narrow(rows, filled))):
            best, best_score = at, score
        if best_score >= 2:
            return _second_of_two(rows, filled, best)
    return best


def _second_of_two(rows: list[SourceRow], filled: list[int], at: int) -> int:
    """The row below, where the names stand in two rows: "Address", "Tenant" over "Ref", "House number", "Street"..."""
    below = next((other for other in filled if other > at), at)
    first, second = (recognised([cell for cell in rows[one].cells if cell]) for one in (at, below))
    return below if second >= first + 2 else at


def _is_narrow(rows: list[SourceRow], filled: list[int]) -> bool:
    return all(sum(1 for cell in rows[at].cells if cell) <= 1 for at in filled[:200])


def _odd_lengths(rows: list[SourceRow], width: int) -> list[str]:
    """Rows with more cells than there are column names, or (in a text list) fewer are named, not dropped."""
    long = [row.line for row in rows if len(row.cells) > width]
    if not long:
        return []
    named = ", ".join(str(line) for line in long[:NOTES_NAMED])
    more = f" and {len(long) - NOTES_NAMED} more" if len(long) > NOTES_NAMED else ""
    return [f"These lines have more cells than there are column names; the extra cells were kept: {named}{more}."]
