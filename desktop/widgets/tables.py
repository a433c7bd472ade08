"""The one table view: rows of one height, keys that work, columns that give way on a narrow screen."""

from __future__ import annotations

from typing import Any, Protocol, cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QScroller, QTableView, QWidget

from desktop.theme import look
from desktop.theme.scale import FOCUS_RING_PX, LEAST_TARGET_PX
from desktop.widgets.base import em_px

_ROWS_MEASURED = 40
"""So many rows from the top say how wide a column has to be."""
_MOST_TIMES = 1.5
"""So many times as wide as declared may words be before another column gives way for them; a stretching one waits."""
_BESIDE_WORDS_PX = 4
"""What Qt leaves free beside words and icons in a cell."""


class ColumnLike(Protocol):
    """What the view needs to know of a column (`desktop.models.Column` is one)."""

    @property
    def heading(self) -> str: ...
    @property
    def wide_em(self) -> float: ...
    @property
    def stretch(self) -> bool: ...
    @property
    def drop(self) -> int: ...


class RowModel(Protocol):
    """What the view needs of a model (both of `desktop.models` are)."""

    columns: tuple[Any, ...]

    def row_at(self, number: int) -> Any: ...


class ListTable(QTableView):
    """Rows to go through by key or mouse. `opened(row)`: Enter or double click. `moved(row)`: another is current."""

    opened = Signal(object)
    moved = Signal(object)

    def __init__(self, name: str, model: QAbstractItemModel, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setMinimumSectionSize(1)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self.activated.connect(self._open)
        self._needs: list[int] = []
        self._needs_of: tuple[ColumnLike, ...] = ()
        self.setModel(model)
        self._settle()

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            self.selectionModel().currentRowChanged.connect(self._moved)
            model.modelReset.connect(self._measure)  # the columns may be others now
            model.dataChanged.connect(self._rows_arrived)

    def current_row(self) -> object:
        """The current row's value, or None."""
        return self._rows().row_at(self.currentIndex().row()) if self.currentIndex().isValid() else None

    def sizeHint(self) -> QSize:
        return QSize(em_px(self, 60), self.row_height() * 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(em_px(self, 16), self.row_height() * 3)

    def height_for(self, rows: int) -> int:
        """High enough for so many rows under the heading, without a scroll bar."""
        return self.horizontalHeader().sizeHint().height() + rows * self.row_height() + 2 * FOCUS_RING_PX

    def row_height(self) -> int:
        """Height of every row, in pixels."""
        return max(LEAST_TARGET_PX, self.fontMetrics().height() + 2 * look().scale.space(10))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange) and self.model() is not None:
            self._settle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model() is not None and self.model().rowCount():
            self.setCurrentIndex(self.model().index(0, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        step = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}.get(Qt.Key(event.key()), 0) if plain else 0
        if step and self.model() is not None:
            row = min(max(0, self.currentIndex().row() + step), self.model().rowCount() - 1)
            self.setCurrentIndex(self.model().index(row, 0))
            return
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _rows(self) -> RowModel:
        return cast(RowModel, self.model())

    def _settle(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.row_height())
        side = look().scale.icon()
        self.setIconSize(QSize(side, side))
        self._needs = []  # the letters have another size
        self._measure()

    def _rows_arrived(self, first: QModelIndex) -> None:
        if first.row() < _ROWS_MEASURED:
            self._measure()

    def _measure(self) -> None:
        """How wide the words of the first rows are. A column that was once wide stays so: nothing jumps in a search."""
        columns, model = self._rows().columns, self.model()
        if self._needs_of is not columns or len(self._needs) != len(columns):
            self._needs_of, self._needs = columns, [0] * len(columns)
        sides = 2 * (look().scale.small + _BESIDE_WORDS_PX)
        for number in range(len(columns)):
            for row in range(min(model.rowCount(), _ROWS_MEASURED)):
                index = model.index(row, number)
                words, icon = index.data(), index.data(Qt.ItemDataRole.DecorationRole)
                wide = self.fontMetrics().horizontalAdvance(str(words or "")) + sides
                wide += self.iconSize().width() + _BESIDE_WORDS_PX if icon is not None else 0
                self._needs[number] = max(self._needs[number], wide)
        self._share_width()

    def _widths(self, room: int) -> list[int]:
        """Each column as wide as declared, or as its words where those need less; what is left over goes first to
        those whose words need more."""
        columns: tuple[ColumnLike, ...] = self._rows().columns
        if self._needs_of is not columns or not any(self._needs):
            return [em_px(self, max(c.wide_em, len(c.heading) * 1.15 + 2)) for c in columns]
        heads = [em_px(self, len(c.heading) * 1.15 + 2) for c in columns]
        needs = [max(head, need) for head, need in zip(heads, self._needs, strict=True)]
        said = [
            max(head, em_px(self, column.wide_em * (1 if column.stretch else _MOST_TIMES)))
            for head, column in zip(heads, columns, strict=True)
        ]
        wide = [min(need, most) for need, most in zip(needs, said, strict=True)]
        spare, wanted = max(0, room - sum(wide)), sum(needs) - sum(wide)
        part = min(1.0, spare / wanted) if wanted else 0
        return [have + int((need - have) * part) for have, need in zip(wide, needs, strict=True)]

    def _share_width(self) -> None:
        columns: tuple[ColumnLike, ...] = self._rows().columns
        header, room = self.horizontalHeader(), self.viewport().width()
        wide = self._widths(room)
        shown = set(range(len(columns)))
        for number in sorted(shown, key=lambda n: -columns[n].drop):
            if sum(wide[n] for n in shown) <= room or columns[number].drop == 0:
                break
            shown.discard(number)
        spare = max(0, room - sum(wide[n] for n in shown))
        eager = [n for n in shown if columns[n].stretch] or [max(shown, default=0)]
        for number in range(len(columns)):
            self.setColumnHidden(number, number not in shown)
            if number in shown:
                share = spare // len(eager) if number in eager else 0
                header.resizeSection(number, min(wide[number] + share, room) if room > 0 else wide[number])

    def _open(self, index: QModelIndex) -> None:
        if index.isValid() and (row := self._rows().row_at(index.row())) is not None:
            self.opened.emit(row)

    def _moved(self, current: QModelIndex) -> None:
        if current.isValid() and (row := self._rows().row_at(current.row())) is not None:
            self.moved.emit(row)
