"""The report of rows not taken and why, as a file a spreadsheet can open without danger. Pure."""

from __future__ import annotations

import csv
import io

from core.exchange.plan import HomesPlan

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def rows_not_taken_csv(plan: HomesPlan) -> bytes:
    """UTF-8 with a byte-order mark: line, reason, then the row in its own columns.

    A cell that a spreadsheet would run as a formula gets an apostrophe in front, which makes it text.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([safe_cell(cell) for cell in ("Line", "Reason", *plan.columns)])
    for row in plan.refused:
        writer.writerow([safe_cell(cell) for cell in (str(row.line), row.reason, *(row.cells or (row.text,)))])
    return stream.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    """`text` as a spreadsheet cell that can only be text (OWASP, "CSV Injection")."""
    return f"'{text}" if text.lstrip(" ").startswith(_STARTS_A_FORMULA) or text.startswith(_STARTS_A_FORMULA) else text
