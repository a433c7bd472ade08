"""Boxes that look things up while a person types: 150 ms after the last key, off the GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QCompleter, QListView, QWidget

from desktop.theme import dress_alone, look
from desktop.theme.scale import LEAST_TARGET_PX
from desktop.widgets.banners import IconLabel
from desktop.widgets.base import announce
from desktop.widgets.fields import TextBox

DEBOUNCE_MS = 150

_Index = QModelIndex | QPersistentModelIndex


class SearchBox(TextBox):
    """A box with a magnifying glass; `keys` ("/") moves to it.

    `asked(text)` comes 150 ms after the last key, at once on Enter.
    """

    asked = Signal(str)

    def __init__(
        self, placeholder: str, *, name: str = "", keys: str = "", wide_em: float = 40, parent: QWidget | None = None
    ) -> None:
        super().__init__(placeholder, wide_em=wide_em, parent=parent)
        self.setAccessibleName(name or placeholder)
        self.setClearButtonEnabled(False)
        self._glass = IconLabel("search", side_px=18, parent=self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._ask)
        self.textEdited.connect(self._timer.start)
        self.returnPressed.connect(self._ask)
        if keys:
            self._shortcut = QShortcut(QKeySequence(keys), self)
            self._shortcut.activated.connect(self.setFocus)
            self.setAccessibleDescription(f"Key: {keys}")
        self._make_room()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._ask()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._glass.adjustSize()
        self._glass.move(look().scale.space(10), (self.height() - self._glass.height()) // 2)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.StyleChange and hasattr(self, "_glass"):
            self._make_room()

    def _make_room(self) -> None:
        self.setTextMargins(look().scale.icon(18) + look().scale.small, 0, 0, 0)

    def _ask(self) -> None:
        self._timer.stop()
        self.asked.emit(self.text().strip())


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One answer: what it stands for, its words, and a second line in smaller words."""

    value: object
    words: str
    detail: str = ""


class _Suggestions(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[Suggestion, ...] = ()

    def put(self, rows: tuple[Suggestion, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.EditRole:
            return row.words
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.words}   {row.detail}" if row.detail else row.words
        return None


class TypeAhead(TextBox):
    """Type part of a name or address, choose from what comes back.

    `asked(number, text)` asks the presenter; it answers with `show_suggestions(number, rows)`, and
    answers to an older question are dropped. `chosen(value)` follows a choice; `value()` is the
    choice, or None when the words have been changed since.
    """

    asked = Signal(int, str)
    chosen = Signal(object)

    def __init__(
        self, placeholder: str = "Start typing", *, wide_em: float = 40, parent: QWidget | None = None
    ) -> None:
        super().__init__(placeholder, wide_em=wide_em, parent=parent)
        self._number = 0
        self._value: object = None
        self._model = _Suggestions(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setCompletionRole(Qt.ItemDataRole.EditRole)
        self._completer.setMaxVisibleItems(8)
        self._popup = popup = QListView()
        popup.setMinimumHeight(LEAST_TARGET_PX)
        popup.setAccessibleName("Suggestions")
        self._completer.setPopup(popup)
        self._completer.setWidget(self)
        self._completer.activated[QModelIndex].connect(self._take)  # type: ignore[index]  # overloads are not typed
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._ask)
        self.textEdited.connect(self._edited)

    def value(self) -> object:
        return self._value

    def set_value(self, value: object, words: str) -> None:
        """Show a choice made elsewhere."""
        self._value = value
        self.setText(words)

    def show_suggestions(self, number: int, rows: Sequence[Suggestion]) -> None:
        """The answer to question `number`."""
        if number != self._number or not self.hasFocus():
            return
        self._model.put(tuple(rows))
        announce(self, f"{len(rows)} suggestions" if rows else "Nothing found")
        if rows:
            dress_alone(self._popup)
            self._completer.complete()
        else:
            self._popup.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        popup = self._popup
        if popup.isVisible() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape):
            event.ignore()  # the list of suggestions answers these
            return
        if event.key() == Qt.Key.Key_Down and not popup.isVisible():
            self._ask()
            return
        super().keyPressEvent(event)

    def _edited(self) -> None:
        self._value = None
        self._timer.start()

    def _ask(self) -> None:
        self._number += 1
        self.asked.emit(self._number, self.text().strip())

    def _take(self, index: QModelIndex) -> None:
        if not 0 <= index.row() < len(self._model.rows):
            return
        row = self._model.rows[index.row()]
        self.set_value(row.value, row.words)
        self._popup.hide()
        self.chosen.emit(row.value)
