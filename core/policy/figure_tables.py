"""What a table of figures is (5.1): fixed rows and columns of counts, and what is known to add up in it.

Rows and columns are always the same, however few cases there are, so that their number tells nobody anything. What adds
up is said with the table: whoever reads it can add, too, and a number that is hidden must not come out that way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

Sum: TypeAlias = tuple[tuple[str, int], ...]
"""Rows, by code, with 1 or -1: together they make nothing, in every column."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `shown` False: never shown, but it could be worked out from those that are. `adds`: the quarters of a
    year add up to the year."""

    code: str
    label: str
    values: tuple[int, ...]
    shown: bool = True
    adds: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table. `total`: the columns of a row add up, and their sum is shown. `homes`: also for every 1,000 of them.

    Drawn as bars, the first `whole` columns are one part and the next `striped` another; the rest is not drawn.
    """

    code: str
    clause: str
    title: str
    note: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: bool = False
    sums: tuple[Sum, ...] = ()
    homes: int | None = None
    whole: int = 1
    striped: int = 0


def counted(labels: Mapping[str, str], counts: Mapping[str, Iterable[int]], width: int) -> tuple[Row, ...]:
    """A row for each label, with nothing where nothing was counted."""
    return tuple(Row(code, words, tuple(counts.get(code, (0,) * width))) for code, words in labels.items())
