"""A table as it is shown: every number, or for the committee those that point to nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from core.policy.figure_tables import Table
from core.policy.figures import STRANDS_TOGETHER
from core.reports.suppress import hidden_cells

HIDDEN = "*"
TOTAL = "Together"
PER_THOUSAND = "For every 1,000 homes"
_Cell: TypeAlias = tuple[int, str, str, int]
"""(which period, table, row, column)."""
CASES, HATE, STRANDS = "cases", "hate", "strands"
MONITORED = frozenset({"race", "religion", "disability", "sexual-orientation", "transgender-identity"})
"""The rows the tables of hate incidents and of what is behind a case share."""
_LINKED = (CASES, HATE, STRANDS)
"""Tables that tell the same numbers: cases opened, and how many have each reason behind them."""
SURVEYS, ANSWERS = "surveys", "answers"
_ANSWERS_TOGETHER = 3
"""The column of the sum in the table of answers: in every row it is the number of surveys that came back."""
EVERYBODY = "all"
"""The row of everybody, which is the same in every table of one side of a case (their codes begin alike)."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row; None in place of a number that is hidden. `rate`: for every 1,000 homes, in words."""

    code: str
    label: str
    values: tuple[int | None, ...]
    rate: str = ""

    def words(self) -> tuple[str, ...]:
        """The row as texts."""
        numbers = tuple(HIDDEN if value is None else f"{value:,}" for value in self.values)
        return (self.label, *numbers, *((self.rate,) if self.rate else ()))


@dataclass(frozen=True, slots=True)
class Bar:
    """One row as a bar of two parts, in counts, with the words at its end."""

    name: str
    whole: int
    striped: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTable:
    """One table. `headings` begin with an empty one, over the labels. For `whole` and `striped` see `Table`."""

    code: str
    clause: str
    title: str
    note: str
    headings: tuple[str, ...]
    rows: tuple[ShownRow, ...]
    whole: int
    striped: int
    total: bool

    @property
    def hides(self) -> bool:
        """Whether any number is hidden."""
        return any(value is None for row in self.rows for value in row.values)

    @property
    def legend(self) -> str:
        """What the two parts of a bar are; empty where it has one."""
        if not self.striped:
            return ""
        names = self.headings[1:]
        striped = ", ".join(names[self.whole : self.whole + self.striped])
        return f"Solid: {', '.join(names[: self.whole])}. Striped: {striped}."

    def bars(self) -> tuple[Bar, ...]:
        """The rows as bars; none where there is nothing to draw. A hidden number has no length."""
        made = tuple(self._bar(row) for row in self.rows)
        return made if any(bar.whole or bar.striped for bar in made) else ()

    def _bar(self, row: ShownRow) -> Bar:
        whole, striped = row.values[: self.whole], row.values[self.whole : self.whole + self.striped]
        first = _sum(whole)
        if first is None and self.total and not self.striped:
            first = row.values[-1]
        second = _sum(striped)
        told = [HIDDEN if number is None else f"{number:,}" for number in (first, *((second,) if striped else ()))]
        return Bar(row.label, first or 0, second or 0, " + ".join(told))

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was counted."""
        return all(value == 0 for row in self.rows for value in row.values)


def as_they_are(tables: Iterable[Table]) -> tuple[ShownTable, ...]:
    """Every number."""
    return tuple(_shown(table, frozenset(), 0) for table in tables)


def for_committee(wanted: int, periods: Sequence[Sequence[Table]], *, least_shown: int) -> tuple[ShownTable, ...]:
    """The tables of one period (its place in `periods`) without numbers that point to people.

    `periods` are the same tables for the quarters of a year, and for the year at the end. They are protected together:
    whoever holds the report of the year and of three quarters can take away, and so can whoever holds two tables.
    """
    hidden: set[_Cell] = set()
    for group in _groups(periods[0]):
        hidden |= _protected([[tables[place] for place in group] for tables in periods], least_shown)
    return tuple(_shown(table, frozenset(hidden), wanted) for table in periods[wanted])


def _groups(tables: Sequence[Table]) -> list[list[int]]:
    """Tables that share a number, by their places; every other table by itself."""
    found: dict[str, list[int]] = {}
    for place, table in enumerate(tables):
        side = table.code.partition("-")[0] if any(row.code == EVERYBODY for row in table.rows) else ""
        shared = side or (CASES if table.code in _LINKED else SURVEYS if table.code == ANSWERS else table.code)
        found.setdefault(shared, []).append(place)
    return list(found.values())


def _protected(periods: Sequence[Sequence[Table]], least_shown: int) -> frozenset[_Cell]:
    values: dict[_Cell, int] = {}
    sums: list[Mapping[_Cell, int]] = []
    never: set[_Cell] = set()
    for time, tables in enumerate(periods):
        for table in tables:
            width = _width(table)
            for row in table.rows:
                cells = [_cell(time, table.code, row.code, column) for column in range(width)]
                values |= dict(zip(cells, _numbers(table, row.values), strict=True))
                never |= set() if row.shown else set(cells)
                if table.total:
                    sums.append(dict.fromkeys(cells[:-1], 1) | {cells[-1]: -1})
            for together in table.sums:
                sums += [{_cell(time, table.code, code, at): sign for code, sign in together} for at in range(width)]
    sums += _over_time(periods)
    return hidden_cells(values, sums, least_shown=least_shown, never_shown=frozenset(never))


def _cell(time: int, table: str, row: str, column: int) -> _Cell:
    """The name of a number; one that is told in two tables has one name, and is hidden in both or in neither."""
    if table == HATE and row == "opened":
        return (time, CASES, row, column)
    if table == HATE and row in MONITORED:
        return (time, STRANDS, row, STRANDS_TOGETHER)
    if table == ANSWERS and column == _ANSWERS_TOGETHER:
        return (time, SURVEYS, "back", 0)
    return (time, table.partition("-")[0] if row == EVERYBODY else table, row, column)


def _over_time(periods: Sequence[Sequence[Table]]) -> list[Mapping[_Cell, int]]:
    """The quarters make the year."""
    if len(periods) == 1:
        return []
    year = len(periods) - 1
    return [
        {_cell(time, table.code, row.code, column): -1 if time == year else 1 for time in range(len(periods))}
        for table in periods[year]
        for row in table.rows
        if row.adds
        for column in range(_width(table))
    ]


def _width(table: Table) -> int:
    return len(table.columns) + table.total


def _numbers(table: Table, values: tuple[int, ...]) -> tuple[int, ...]:
    return (*values, sum(values)) if table.total else values


def _shown(table: Table, hidden: frozenset[_Cell], time: int) -> ShownTable:
    rows = []
    for row in table.rows:
        if row.shown:
            numbers = enumerate(_numbers(table, row.values))
            values = tuple(None if _cell(time, table.code, row.code, at) in hidden else one for at, one in numbers)
            rows.append(ShownRow(row.code, row.label, values, _rate(values[-1], table.homes)))
    told = (*table.columns, *((TOTAL,) if table.total else ()), *((PER_THOUSAND,) if table.homes is not None else ()))
    return ShownTable(
        code=table.code, clause=table.clause, title=table.title, note=table.note, headings=("", *told),
        rows=tuple(rows), whole=table.whole, striped=table.striped, total=table.total,
    )  # fmt: skip


def _sum(numbers: Sequence[int | None]) -> int | None:
    """All of them together; None if one is hidden."""
    known = [number for number in numbers if number is not None]
    return sum(known) if len(known) == len(numbers) else None


def _rate(value: int | None, homes: int | None) -> str:
    if homes is None:
        return ""
    if value is None:
        return HIDDEN
    return f"{value * 1000 / homes:.1f}" if homes else "no homes"
