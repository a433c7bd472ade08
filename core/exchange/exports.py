"""Exports of the national address files, whose columns mean more together than each alone. Pure.

* The Postcode Address File: where there is a dependent thoroughfare the number is on it, and the thoroughfare says no
  more than where it is; a number with a letter, or a range, stands as the name of the building.
* AddressBase: a number stands in up to four columns, its start and end with their suffixes, for the building (PAO) and
  for the part of it (SAO).

The rows come out as the usual columns hold them; what was put elsewhere is empty where it stood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from core.exchange.headings import heading_words
from core.exchange.rows import SourceRow

_ENDS = re.compile(r"(?:name|description|descriptor|nameanddescriptor)$")
_BARE_NUMBER = re.compile(r"\d{1,5}[A-Za-z]?(?:\s*-\s*\d{1,5}[A-Za-z]?)?")

PAF_NOTE = "This is an export of the Postcode Address File. Where two roads are named, the home is on the smaller one."
ADDRESSBASE_NOTE = "This is an export of AddressBase. The parts of a number were put together: 12, A became 12A."

_Cells = list[str]


def as_usual(columns: Sequence[str], rows: Sequence[SourceRow]) -> tuple[list[SourceRow], list[str]]:
    """The rows, and a sentence for each thing done to them; untouched where the list is no such export."""
    at = {name: index for index, heading in enumerate(columns) if (name := _plain(heading))}
    if {"thoroughfare", "dependentthoroughfare"} <= at.keys():
        return [_changed(row, len(columns), lambda cells: _paf(cells, at)) for row in rows], [PAF_NOTE]
    if {"paostartnumber", "street"} <= at.keys():
        return [_changed(row, len(columns), lambda cells: _addressbase(cells, at)) for row in rows], [ADDRESSBASE_NOTE]
    return list(rows), []


def _plain(heading: str) -> str:
    return _ENDS.sub("", heading_words(heading).replace(" ", ""))


def _changed(row: SourceRow, width: int, change: Callable[[_Cells], None]) -> SourceRow:
    if row.is_blank:
        return row
    cells = [row.cell(index) for index in range(max(width, len(row.cells)))]
    change(cells)
    return replace(row, cells=tuple(cells))


def _paf(cells: _Cells, at: dict[str, int]) -> None:
    smaller = _taken(cells, at, "dependentthoroughfare")
    if smaller:
        larger = cells[at["thoroughfare"]]
        cells[at["thoroughfare"]] = smaller
        where = at.get("dependentlocality")
        if where is not None:
            cells[where] = ", ".join(filter(None, (larger, cells[where])))
    name, number = at.get("building"), at.get("buildingnumber")
    if name is not None and number is not None and not cells[number] and _BARE_NUMBER.fullmatch(cells[name].strip()):
        cells[number], cells[name] = cells[name].strip(), ""


def _addressbase(cells: _Cells, at: dict[str, int]) -> None:
    part, whole = _number(cells, at, "sao"), _number(cells, at, "pao")
    if part and (text := at.get("saotext")) is not None:
        cells[text] = ", ".join(filter(None, (cells[text], part if cells[text] else f"Flat {part}")))
    cells[at["paostartnumber"]] = whole


def _number(cells: _Cells, at: dict[str, int], of: str) -> str:
    """ "12A" or "14-16" of the four columns, which are emptied."""
    start, end = (
        _taken(cells, at, f"{of}{which}number") + _taken(cells, at, f"{of}{which}suffix") for which in ("start", "end")
    )
    return f"{start}-{end}" if start and end else start


def _taken(cells: _Cells, at: dict[str, int], name: str) -> str:
    index = at.get(name)
    if index is None:
        return ""
    text, cells[index] = cells[index].strip(), ""
    return text
