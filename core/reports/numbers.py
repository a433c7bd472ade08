"""Figures as a file of numbers: one CSV with a block for each table, which spreadsheets open as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from core.reports.shown import ShownTable

BOM = "\ufeff"
"""So that spreadsheets read it as UTF-8."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(head: Sequence[str], tables: Iterable[ShownTable]) -> bytes:
    """A CSV file: `head` a line each, then every table with its title, headings and rows, after an empty line."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for line in head:
        writer.writerow([_plain(line)])
    for table in tables:
        writer.writerow([])
        writer.writerow([_plain(f"{table.title} (policy {table.clause})")])
        writer.writerow([_plain(heading) for heading in table.headings])
        for row in table.rows:
            writer.writerow([_plain(word) for word in row.words()])
    return (BOM + text.getvalue()).encode("utf-8")


def _plain(word: str) -> str:
    """A text no spreadsheet takes for a formula. A hidden number, "*", is no formula."""
    return f"'{word}" if word.startswith(_FORMULA) else word
