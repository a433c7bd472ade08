"""The one table view: rows of one height, keys that work, columns that give way on a narrow screen."""

from __future__ import annotations

from typing import Any, Protocol, cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QScroller, QTableView, QWidget

from desktop.theme import look
from desktop.theme.scale import LEAST_TARGET_PX
from desktop.widgets.base import em_px


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
        self.setModel(model)
        self._settle()

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            self.selectionModel().currentRowChanged.connect(self._moved)
            model.modelReset.connect(self._share_width)  # the columns may be others now

    def current_row(self) -> object:
        """The current row's value, or None."""
        return self._rows().row_at(self.currentIndex().row()) if self.currentIndex().isValid() else None

    def sizeHint(self) -> QSize:
        return QSize(em_px(self, 60), self.row_height() * 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(em_px(self, 16), self.row_height() * 3)

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
        self._share_width()

    def _share_width(self) -> None:
        columns: tuple[ColumnLike, ...] = self._rows().columns
        header, room = self.horizontalHeader(), self.viewport().width()
        wide = [em_px(self, max(c.wide_em, len(c.heading) * 1.15 + 2)) for c in columns]
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
