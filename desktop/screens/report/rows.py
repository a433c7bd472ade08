"""Rows that can be added and taken out: one more person, one more incident. Each row is kept as one line of a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.screens.report.lines import Row, from_line, to_line
from desktop.widgets import (
    Button,
    Card,
    ChoiceGroup,
    Field,
    Flow,
    Select,
    Text,
    TextArea,
    TextBox,
    clear,
    column,
    styled,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowBox:
    """One box of a row. With `options` it is a list, or ticks where `many`; else a line, or `words` for a large box."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    many: bool = False
    words: bool = False
    hint: str = ""


class Rows(QWidget):
    """Any number of rows of the same boxes; none to begin with."""

    edited = Signal()
    gone = Signal(str)
    """A row was taken out, in words; `put_back` brings it back."""

    def __init__(self, one: str, boxes: Sequence[RowBox], *, add: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._one, self._boxes = one, tuple(boxes)
        self._rows: list[_Row] = []
        self._gone: tuple[int, dict[str, Any]] | None = None
        layout = column(self, gap="medium")
        self._place = column(layout, gap="medium")
        self.add_button = Button(add, icon_name="plus")
        layout.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.add_button.clicked.connect(self._add)

    def read(self) -> tuple[str, ...]:
        """Every row in which anything was said."""
        return tuple(line for row in self._rows if (line := to_line(row.read())))

    def write(self, lines: Sequence[str]) -> None:
        """Show exactly these rows."""
        if tuple(lines) == self.read():
            return
        self._rows, self._gone = [], None
        clear(self._place)
        for line in lines:
            self._new().write(from_line(line))

    def put_back(self) -> None:
        """The row that was taken out last stands where it stood."""
        if self._gone is None:
            return
        (place, said), self._gone = self._gone, None
        row = self._new(place)
        row.write(said)
        self._number()
        row.first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _new(self, place: int | None = None) -> _Row:
        row = _Row(f"{self._one} {len(self._rows) + 1}", self._boxes)
        row.edited.connect(self.edited)
        row.taken_out.connect(partial(self._take_out, row))
        where = len(self._rows) if place is None else min(place, len(self._rows))
        self._rows.insert(where, row)
        self._place.insertWidget(where, row)
        return row

    def _add(self) -> None:
        self._new().first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_out(self, row: _Row) -> None:
        said, place = row.read(), self._rows.index(row)
        words = f"{row.accessibleName()} is taken out."
        self._rows.remove(row)
        row.hide()
        self._place.removeWidget(row)
        row.deleteLater()
        self._number()
        self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()
        if to_line(said):
            self._gone = (place, said)
            self.gone.emit(words)

    def _number(self) -> None:
        for number, left in enumerate(self._rows, start=1):
            left.rename(f"{self._one} {number}")


class _Row(QWidget):
    edited = Signal()
    taken_out = Signal()

    def __init__(self, heading: str, boxes: Sequence[RowBox]) -> None:
        super().__init__()
        styled(self, "clear")
        self._heading = Text(heading, "strong", selectable=False)
        self._out = Button("Take out", "link")
        self._controls: dict[str, QWidget] = {}
        card = Card(Flow(self._heading, self._out))
        for box in boxes:
            control = _control(box)
            self._controls[box.name] = control
            card.body.addWidget(Field(box.label, control, hint=box.hint, optional=True))
            signal = {
                ChoiceGroup: "picked", Select: "picked", TextArea: "textChanged", TextBox: "textEdited",
            }[type(control)]  # fmt: skip
            getattr(control, signal).connect(self._told)
        self.first = next(iter(self._controls.values()))
        column(self).addWidget(card)
        self._out.clicked.connect(self.taken_out)
        self.rename(heading)

    def rename(self, heading: str) -> None:
        self._heading.setText(heading)
        self._out.setAccessibleName(f"Take out: {heading}")
        self.setAccessibleName(heading)

    def read(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, control in self._controls.items():
            if isinstance(control, ChoiceGroup):
                found[name] = [str(value) for value in control.values()]
            elif isinstance(control, Select):
                found[name] = control.value() or ""
            else:
                assert isinstance(control, (TextBox, TextArea))
                found[name] = control.text()
        return found

    def write(self, row: Row) -> None:
        for name, control in self._controls.items():
            value = row.get(name, "")
            if isinstance(control, ChoiceGroup):
                control.set_values(value if isinstance(value, list) else [])
            elif isinstance(control, Select):
                control.set_value(value or None)
            elif isinstance(control, (TextBox, TextArea)):
                control.setText(value if isinstance(value, str) else "")

    def _told(self, *_what: object) -> None:
        self.edited.emit()


def _control(box: RowBox) -> QWidget:
    if box.many:
        return ChoiceGroup(box.options, many=True, flowing=True)
    if box.options:
        return Select(box.options, empty="Not asked", wide_em=30)
    return TextArea(lines=3) if box.words else TextBox()
