"""Tables of any length from pages of 200 rows.

The model knows how many rows there are and the key at which each page starts (both from one
index-only query of the service), so the scroll bar tells the truth and a jump costs one page. It asks
with `wanted(generation, page)`; the presenter runs the operation and answers with `put_page`. Answers
of an older generation are dropped.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

PAGE_ROWS = 200
PAGES_KEPT = 24
_Index = QModelIndex | QPersistentModelIndex
R = TypeVar("R")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[R]):
    """One column: its heading, how to say a row, and how wide it is in letters.

    One column may `stretch`. On a narrow screen, columns with the highest `drop` are hidden first;
    0 is never hidden. `spoken` says a row to a screen reader where the shown words are too short.
    """

    heading: str
    words: Callable[[R], str]
    wide_em: float = 12
    stretch: bool = False
    drop: int = 0
    spoken: Callable[[R], str] | None = None
    icon: Callable[[R], Any] | None = None
    """A QIcon for a row, or None."""


class _Rows(QAbstractTableModel, Generic[R]):
    """Shared by both models: columns, headings, words."""

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column[R], ...] = tuple(columns)

    def show_columns(self, columns: Sequence[Column[R]]) -> None:
        """Other columns for the same rows."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self.endResetModel()

    def row_at(self, number: int) -> R | None:
        """The row, or None if it has not arrived."""
        raise AssertionError("a model of this room says how it keeps its rows")

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].heading
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column, row = self.columns[index.column()], self.row_at(index.row())
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole}:
            return "..." if row is None else column.words(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return "Loading" if row is None else (column.spoken or column.words)(row)
        if role == Qt.ItemDataRole.DecorationRole and column.icon is not None and row is not None:
            return column.icon(row)
        return None


class KeysetModel(_Rows[R]):
    """Long lists. See the top of the module."""

    wanted = Signal(int, int)
    """(generation, page): run the service for this page and answer with `put_page`."""

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(columns, parent)
        self._generation = 0
        self._count = 0
        self._starts: tuple[object, ...] = ()
        self._pages: OrderedDict[int, tuple[R, ...]] = OrderedDict()
        self._asked: set[int] = set()

    @property
    def generation(self) -> int:
        return self._generation

    def restart(self, *, count: int, page_starts: Sequence[object], first_page: Sequence[R] = ()) -> None:
        """A new list: how many rows, and the key before the first row of each page (page 0 first)."""
        self.beginResetModel()
        self._generation += 1
        self._count, self._starts = count, tuple(page_starts)
        self._pages.clear()
        self._asked.clear()
        if first_page:
            self._pages[0] = tuple(first_page)
        self.endResetModel()

    def start_of(self, page: int) -> object:
        """The key before the first row of a page; None is the beginning."""
        return self._starts[page] if page < len(self._starts) else None

    def put_page(self, generation: int, page: int, rows: Sequence[R]) -> None:
        """The answer to `wanted(generation, page)`."""
        if generation != self._generation:
            return
        self._asked.discard(page)
        self._pages[page] = tuple(rows)
        while len(self._pages) > PAGES_KEPT:
            self._pages.popitem(last=False)
        first = page * PAGE_ROWS
        last = min(self._count, first + PAGE_ROWS) - 1
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def forget_page(self, generation: int, page: int) -> None:
        """The page could not be had; it is asked for again when next looked at."""
        if generation == self._generation:
            self._asked.discard(page)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._count

    def row_at(self, number: int) -> R | None:
        page, place = divmod(number, PAGE_ROWS)
        rows = self._pages.get(page)
        if rows is None:
            if page not in self._asked:
                self._asked.add(page)
                self.wanted.emit(self._generation, page)
            return None
        self._pages.move_to_end(page)
        return rows[place] if place < len(rows) else None


class TupleModel(_Rows[R]):
    """Short lists (up to a few thousand rows) held whole; replacing them emits the smallest change."""

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(columns, parent)
        self._rows: tuple[R, ...] = ()

    def put(self, rows: Sequence[R]) -> None:
        """Replace the rows. If the number is the same, only rows that differ are announced."""
        new = tuple(rows)
        if len(new) != len(self._rows):
            self.beginResetModel()
            self._rows = new
            self.endResetModel()
            return
        changed = [number for number, (old, row) in enumerate(zip(self._rows, new, strict=True)) if old != row]
        self._rows = new
        if changed:
            self.dataChanged.emit(self.index(changed[0], 0), self.index(changed[-1], len(self.columns) - 1))

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def row_at(self, number: int) -> R | None:
        return self._rows[number] if 0 <= number < len(self._rows) else None
