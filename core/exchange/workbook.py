"""Reading an Excel workbook (.xlsx) as text. Hostile files are expected.

Formulas give the value the spreadsheet program last stored; links are not followed; macros, external
entities and files that unpack to far more than they are get refused before a cell is read.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from datetime import date, datetime, time
from typing import Any

import openpyxl

from core.exchange.headings import recognised
from core.exchange.rows import MAX_COLUMNS, MAX_ROWS, DamagedRow, RawRows, SourceRow, not_readable, value_of
from core.foundation.errors import AppError, ListUnreadable
from core.foundation.ports import CancelToken, Progress

MAX_UNPACKED_BYTES = 400 * 1024 * 1024
MAX_UNPACKED_RATIO = 200
RATIO_COUNTS_FROM_BYTES = 20 * 1024 * 1024
MAX_PARTS = 2_000
PROLOG_BYTES = 64 * 1024
STEP_ROWS = 1_000
ROWS_SEARCHED_FOR_NAMES = 15
FEWEST_KNOWN_NAMES = 2
MOST_BLANK_ROWS_IN_A_ROW = 5_000

_DAMAGED = "it is a workbook, but it is damaged or was not saved completely"
_AGAIN = "Open it in the spreadsheet program, save it again as .xlsx or CSV, and choose that file."
_ZEROS = re.compile(r"0{2,}")


def read_workbook(data: bytes, *, cancel: CancelToken, progress: Progress) -> RawRows:
    """The rows of the first sheet that names its columns, else of the first with anything on it.

    Raises ListUnreadable.
    """
    _check_container(data)
    if not openpyxl.DEFUSEDXML:  # the safe XML reader is a pinned requirement; never read without it
        raise not_readable(
            "the safe reader for workbooks is missing on this laptop", "Save the list as CSV and choose that file."
        )
    try:
        with warnings.catch_warnings():
            # openpyxl warns about styles and validations it leaves out; none of them matter for text.
            warnings.simplefilter("ignore")
            return _read_sheets(data, cancel, progress)
    except AppError:
        raise
    except Exception as error:
        # A hostile workbook makes the library fail in ways it does not document; all of them mean this.
        raise not_readable(_DAMAGED, _AGAIN) from error


def _check_container(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            _check_kind(names, archive)
            unpacked = sum(part.file_size for part in parts)
            if (
                len(parts) > MAX_PARTS
                or unpacked > MAX_UNPACKED_BYTES
                or (unpacked > RATIO_COUNTS_FROM_BYTES and unpacked > MAX_UNPACKED_RATIO * len(data))
            ):
                raise not_readable("it unpacks to far more than a list of homes can be, so it was not opened", _AGAIN)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        if b"<!DOCTYPE" in stream.read(PROLOG_BYTES).upper():
                            raise not_readable(
                                "it contains instructions that a workbook must not have, so it was not opened", _AGAIN
                            )
    except ListUnreadable:
        raise
    except Exception as error:  # zipfile raises many kinds for a broken or hostile archive
        raise not_readable(_DAMAGED, _AGAIN) from error


def _check_kind(names: set[str], archive: zipfile.ZipFile) -> None:
    if "mimetype" in names and b"opendocument" in archive.open("mimetype").read(200):
        raise not_readable("it is an OpenDocument file, not an Excel workbook", "Open it and save it as .xlsx or CSV.")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise not_readable(
            "it is a workbook with macros (small programs), which are never opened here",
            "Save a copy as .xlsx or CSV without macros.",
        )
    if any(name.startswith("xl/") and name.endswith(".bin") and "workbook" in name for name in names):
        raise not_readable(
            "it is a binary workbook (.xlsb)", "Open it in the spreadsheet program and save it as .xlsx or CSV."
        )
    if any(name.startswith("word/") for name in names):
        raise not_readable("it is a word-processor document")
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        raise not_readable("it is a compressed folder, not an Excel workbook", "Unpack it and choose the list inside.")


def _read_sheets(data: bytes, cancel: CancelToken, progress: Progress) -> RawRows:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or list(book.worksheets)
        # Looking at each cell's format is slow; only a workbook that defines such a format needs it.
        pads = any(_ZEROS.fullmatch(str(number_format)) for number_format in book._number_formats)  # noqa: SLF001 -- openpyxl has no public list of them
        found: tuple[str, RawRows] | None = None
        for sheet in sheets:
            raw = _read_sheet(sheet, cancel, progress, pads_with_zeros=pads)
            listed = _names_columns(raw)
            if listed or (found is None and any(not row.is_blank for row in raw.rows)):
                found = str(sheet.title), raw
            if listed:
                break
        if found is None:
            raise not_readable(
                "it has no rows in it", "Check that it is the right file and that it was saved completely."
            )
        title, raw = found
        others = [str(sheet.title) for sheet in sheets if str(sheet.title) != title]
        if others:
            raw.notes.append(f"Only the sheet “{title}” was read; not read: {', '.join(others[:5])}.")
        return raw
    finally:
        book.close()


def _names_columns(raw: RawRows) -> bool:
    """Whether a sheet has a row of column names: a cover page has none."""
    return any(recognised(row.cells) >= FEWEST_KNOWN_NAMES for row in raw.rows[:ROWS_SEARCHED_FOR_NAMES])


def _read_sheet(sheet: Any, cancel: CancelToken, progress: Progress, *, pads_with_zeros: bool) -> RawRows:
    declared = int(sheet.max_row or 0)
    # What the file says of its own size is a claim, and often wrong.
    sheet.reset_dimensions()
    rows: list[SourceRow] = []
    damaged: list[DamagedRow] = []
    blank = 0
    for line, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=not pads_with_zeros), start=1):
        if pads_with_zeros:
            texts = [cell_text(cell.value, cell) for cell in cells]
        else:
            texts = [cell_text(value) for value in cells]
        while texts and not texts[-1]:
            texts.pop()
        blank = 0 if texts else blank + 1
        if blank > MOST_BLANK_ROWS_IN_A_ROW:
            break
        rows.append(SourceRow(line, tuple(texts)))
        if line % STEP_ROWS == 0:
            cancel.check()
            progress(line, max(declared, line), "Reading the list")
        if len(rows) > MAX_ROWS:
            raise not_readable(f"it has more than {MAX_ROWS:,} rows", "Split it into smaller files.")
    while rows and rows[-1].is_blank:
        rows.pop()
    progress(len(rows), len(rows), "Reading the list")
    return RawRows(rows, damaged, "xlsx", [])


def cell_text(value: object, cell: Any = None) -> str:
    """What a person sees in the cell: "12" for 12.0, "0012" where the cell pads with zeros."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value_of(value.strip())
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    if isinstance(value, int):
        number_format = str(getattr(cell, "number_format", "") or "")
        if _ZEROS.fullmatch(number_format):
            return str(value).zfill(len(number_format))
        return str(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value).strip()


__all__ = ["cell_text", "read_workbook"]
