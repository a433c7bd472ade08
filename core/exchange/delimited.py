"""Reading text lists: comma, semicolon, tab or bar between cells, in the encodings offices produce.

Spreadsheet programs write CSV in many ways and people edit it by hand, so one damaged quote must
not swallow the rest of the list: a record that runs on too long is given up after its first line,
which is reported, and reading goes on at the next line.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from core.exchange.headings import recognised
from core.exchange.rows import (
    MAX_COLUMNS,
    MAX_ROWS,
    NOTES_NAMED,
    TOO_WIDE,
    DamagedRow,
    RawRows,
    SourceRow,
    not_readable,
    value_of,
)
from core.foundation.ports import CancelToken, Progress

DELIMITERS = (",", ";", "\t", "|")
LONGEST_RECORD_LINES = 12
SAMPLE_LINES = 80
STEP_ROWS = 2_000
LONGEST_DAMAGED_TEXT = 500
FEW_NULLS = 8
FEWEST_BYTES_PER_NULL = 100
"""Zero bytes more often than this are no padding: the file is no text."""

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Control characters cannot be in the text by now, so these can stand for "no delimiter" and "the end".
_NO_DELIMITER = "\x1f"
_MARK = "\x1e"
_OPEN_QUOTE = "a quotation mark on this line is opened and never closed, so the row is damaged or cut off"


def read_delimited(data: bytes, *, cancel: CancelToken, progress: Progress) -> RawRows:
    """Cut a text list into rows. Raises ListUnreadable."""
    text, encoding = decode(data)
    lines = io.StringIO(text, newline="").readlines()
    del text
    if len(lines) > MAX_ROWS * 2:
        raise not_readable(f"it has more than {MAX_ROWS:,} rows", "Split it into smaller files.")
    if lines and (directive := re.fullmatch(r"(?i)sep=([,;|\t])\s*", lines[0])):
        return _read(lines, directive.group(1), 1, encoding, cancel, progress)
    return _read(lines, sniff_delimiter(lines[:SAMPLE_LINES]), 0, encoding, cancel, progress)


def decode(data: bytes) -> tuple[str, str]:
    """(text, name of the encoding). Raises ListUnreadable for bytes that are no text."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError as error:
                raise not_readable("it starts like a Unicode text file but is damaged further on") from error
            return _checked(text), "utf-8" if encoding == "utf-8-sig" else encoding
    if nulls := data.count(b"\x00"):
        if encoding := _unmarked_utf16(data):
            try:
                return _checked(data.decode(encoding)), encoding
            except UnicodeDecodeError as error:
                raise not_readable("it is not a text file or an Excel workbook, whatever its name says") from error
        if nulls > FEW_NULLS and nulls * FEWEST_BYTES_PER_NULL > len(data):
            raise not_readable("it is not a text file or an Excel workbook, whatever its name says")
        data = data.replace(b"\x00", b"")  # padding that some old systems leave between cells
    try:
        return _checked(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        pass
    try:
        return _checked(data.decode("cp1252")), "windows-1252"
    except UnicodeDecodeError as error:
        raise not_readable(
            "it is not a text file or an Excel workbook, or it uses an encoding this program does not know"
        ) from error


def _unmarked_utf16(data: bytes) -> str:
    """The byte order of UTF-16 text without its mark, told by where its zeros lie; "" for anything else."""
    half = len(data) // 2
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if odd * 2 > half and even * 20 < half:
        return "utf-16-le"
    return "utf-16-be" if even * 2 > half and odd * 20 < half else ""


def _checked(text: str) -> str:
    text = text.removesuffix("\x1a")
    if _CONTROL.search(text):
        raise not_readable("it is not a text file or an Excel workbook, whatever its name says")
    return text


def sniff_delimiter(lines: list[str]) -> str:
    """The character between cells, or "" for a list of one column.

    Commas inside unquoted addresses make a one-column list look like several: when the first row has
    no delimiter at all while the others do, and no row of several column names follows, it is one column.
    """
    if not any(line.strip().strip("".join(DELIMITERS)) for line in lines):
        return ","
    best, best_score = "", 0.0
    for delimiter in DELIMITERS:
        records = [
            [cell.strip() for cell in record] for record in _parsed(lines, delimiter) if any(map(str.strip, record))
        ]
        if not records:
            continue
        widths = Counter(len(record) for record in records)
        headings = max((recognised(record) if len(record) > 1 else 0 for record in records[:15]), default=0)
        if headings < 2 and len(records[0]) == 1:
            continue
        common, count = max(widths.items(), key=lambda item: (item[1], item[0]))
        wide = sum(number for width, number in widths.items() if width > 1) / len(records)
        if (common == 1 and headings < 2) or wide < 0.5:
            continue
        score = headings * 10 + count / len(records) + wide + min(common, 20) / 100
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _parsed(lines: list[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return []


class _Window(Iterator[str]):
    """Feeds lines to the CSV reader, but never more than `LONGEST_RECORD_LINES` to one record."""

    __slots__ = ("_at", "_lines", "record_start")

    def __init__(self, lines: list[str], start: int) -> None:
        self._lines = lines
        self._at = start
        self.record_start = start

    def __next__(self) -> str:
        if self._at >= len(self._lines) or self._at - self.record_start >= LONGEST_RECORD_LINES:
            raise StopIteration
        line = self._lines[self._at]
        self._at += 1
        return line


def _read(
    lines: list[str], delimiter: str, first: int, encoding: str, cancel: CancelToken, progress: Progress
) -> RawRows:
    rows: list[SourceRow] = []
    damaged: list[DamagedRow] = []
    short: list[int] = []
    at, width = first, 0
    total, last_step = len(lines), 0
    while at < total:
        window = _Window(lines, at)
        reader = csv.reader(window, delimiter=delimiter or _NO_DELIMITER)
        start, base = at, at
        while True:
            try:
                record = next(reader)
            except StopIteration:
                at = base + reader.line_num
                break
            except csv.Error:
                damaged.append(_damage(lines, start, "this line is too long to be a row of a list"))
                at = start + 1
                break
            end = base + reader.line_num
            if end - start > 1 or '"' in lines[start]:
                problem = _problem(lines, start, end, len(record), width, delimiter)
                if problem:
                    damaged.append(_damage(lines, start, problem))
                    at = start + 1
                    break
            cells = _cells(record)
            if len(cells) > MAX_COLUMNS:
                damaged.append(_damage(lines, start, TOO_WIDE))
            else:
                rows.append(SourceRow(start + 1, cells))
                width = width or len(cells)
                if cells and len(record) < width:
                    short.append(start + 1)
            start = window.record_start = end
            if len(rows) - last_step >= STEP_ROWS:
                last_step = len(rows)
                cancel.check()
                progress(start, total, "Reading the list")
            if len(rows) > MAX_ROWS:
                raise not_readable(f"it has more than {MAX_ROWS:,} rows", "Split it into smaller files.")
    progress(total, total, "Reading the list")
    notes = []
    if short:
        named = ", ".join(map(str, short[:NOTES_NAMED]))
        more = f" and {len(short) - NOTES_NAMED} more" if len(short) > NOTES_NAMED else ""
        notes.append(
            f"These lines have fewer cells than the first row; the missing cells were read as empty: {named}{more}."
        )
    return RawRows(rows, damaged, encoding, notes)


def _problem(lines: list[str], start: int, end: int, cells: int, width: int, delimiter: str) -> str:
    """Why the record on lines `start` to `end` cannot be trusted, or ""."""
    if end - start >= LONGEST_RECORD_LINES:
        return _OPEN_QUOTE
    if end == len(lines) or end - start > 1:
        if _ends_inside_quotes(lines[start:end], delimiter):
            return _OPEN_QUOTE
        if end - start > 1 and ((width and cells != width) or not _quotes_are_proper(lines[start:end], delimiter)):
            return _OPEN_QUOTE
    return ""


def _quotes_are_proper(lines: list[str], delimiter: str) -> bool:
    try:
        list(csv.reader(lines, delimiter=delimiter or _NO_DELIMITER, strict=True))
    except csv.Error:
        return False
    return True


def _ends_inside_quotes(lines: list[str], delimiter: str) -> bool:
    # A mark appended to the record becomes a cell of its own only when no quote is open.
    separator = delimiter or _NO_DELIMITER
    pieces = "".join(lines).rstrip("\r\n").splitlines(keepends=True)
    if not pieces:
        return False
    pieces[-1] += separator + _MARK
    records = list(csv.reader(pieces, delimiter=separator))
    return bool(records) and records[-1][-1] != _MARK


def _damage(lines: list[str], at: int, reason: str) -> DamagedRow:
    return DamagedRow(at + 1, lines[at].strip()[:LONGEST_DAMAGED_TEXT], reason)


def _cells(record: list[str]) -> tuple[str, ...]:
    cells = [value_of(cell.strip()) for cell in record]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)
