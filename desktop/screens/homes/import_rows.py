"""The rows of a list in tables: not taken, to look at, new, changed, joined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from PySide6.QtWidgets import QWidget

from core.services.homes import HomeRow, HomesPlan, HomeUpdate, RefusedRow, RepeatedRow, RowWarning
from desktop.models import Column, TupleModel
from desktop.screens.homes.words import change_words, home_words, needs_words
from desktop.widgets import Button, Card, Chip, Flow, ListTable, Text, column, styled

MOST_ROWS = 2000
"""More rows than anyone reads; the file of rows not taken has them all."""


class RowKind(Enum):
    """What became of a row."""

    REFUSED = "refused"
    WARNING = "warning"
    NEW = "new"
    CHANGED = "changed"
    JOINED = "joined"


@dataclass(frozen=True, slots=True)
class _Kind:
    """How one kind of row is shown."""

    words: str
    lead: str
    rows: Callable[[HomesPlan], Sequence[Any]]
    columns: tuple[Column[Any], ...]


class RowTables(QWidget):
    """A chip for each kind that has rows, and one table for the kind that is chosen."""

    def __init__(self, only: tuple[RowKind, ...] = tuple(RowKind), *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._kinds = only
        self._plan: HomesPlan | None = None
        self._chips = {kind: _KindChip(kind) for kind in only}
        self._model: TupleModel[Any] = TupleModel(_KINDS[only[0]].columns, self)
        self._lead = Text("", "muted")
        self.save = Button("Save the rows not taken", icon_name="save")
        self.table = ListTable("Rows", self._model)
        self._whole = Text("", "strong")
        card = Card(Flow(*self._chips.values()), self._lead, self._whole, self.table, Flow(self.save))
        column(self, gap="none").addWidget(card)
        for chip in self._chips.values():
            chip.clicked.connect(self._chosen)
        self.table.moved.connect(self._say_whole)

    def show_plan(self, plan: HomesPlan) -> None:
        """Show the rows of this plan, those not taken first."""
        self._plan = plan
        filled = [kind for kind in self._kinds if _KINDS[kind].rows(plan)]
        for kind, chip in self._chips.items():
            count = len(_KINDS[kind].rows(plan))
            chip.setVisible(bool(count))
            chip.set_words(f"{_KINDS[kind].words}: {count:,}")
        self.setVisible(bool(filled))
        if filled:
            self.show_kind(filled[0])

    def show_kind(self, kind: RowKind) -> None:
        """Show one kind of rows."""
        if self._plan is None:
            return
        shown, rows = _KINDS[kind], _KINDS[kind].rows(self._plan)
        for own, chip in self._chips.items():
            chip.setChecked(own is kind)
        self._model.put(())
        self._model.show_columns(shown.columns)
        self._model.put(tuple(rows[:MOST_ROWS]))
        more = f" The first {MOST_ROWS:,} are shown." if len(rows) > MOST_ROWS else ""
        self._lead.setText(shown.lead + more)
        self._whole.hide()
        self.save.setVisible(kind is RowKind.REFUSED)
        self.table.setAccessibleName(shown.words)

    def _chosen(self) -> None:
        chip = self.sender()
        if isinstance(chip, _KindChip):
            self.show_kind(chip.kind)

    def _say_whole(self, row: object) -> None:
        """A reason is often longer than its column: the row the keyboard is on is said in full."""
        sentence = row.reason if isinstance(row, RefusedRow) else row.sentence if isinstance(row, RowWarning) else ""
        self._whole.setText(f"Line {row.line}: {sentence}" if sentence else "")  # type: ignore[attr-defined]
        self._whole.setVisible(bool(sentence))


class _KindChip(Chip):
    def __init__(self, kind: RowKind) -> None:
        super().__init__(_KINDS[kind].words)
        self.kind = kind

    def set_words(self, words: str) -> None:
        self.setText(words)
        self.setAccessibleName(words)
        self.updateGeometry()


def _line(row: RefusedRow | RowWarning | RepeatedRow) -> str:
    return str(row.line)


def _source_line(row: HomeRow) -> str:
    return str(row.source_line)


def _text(row: RefusedRow | RepeatedRow) -> str:
    return row.text


def _reason(row: RefusedRow) -> str:
    return row.reason


def _sentence(row: RowWarning) -> str:
    return row.sentence


def _joined_to(row: RepeatedRow) -> str:
    return f"Joined to the home on line {row.first_line}"


def _updated_home(update: HomeUpdate) -> str:
    return home_words(update.row)


def _changes(update: HomeUpdate) -> str:
    return "; ".join(change_words(change) for change in update.changes)


def _block(row: HomeRow) -> str:
    return row.block


def _column(heading: str, words: Callable[[Any], str], **shape: Any) -> Column[Any]:
    return Column(heading=heading, words=words, **shape)


_KINDS = {
    RowKind.REFUSED: _Kind(
        "Not taken",
        "These rows cannot be taken. Save them, correct them, and bring that file in: nothing is taken twice.",
        lambda plan: plan.refused,
        (_column("Line", _line, wide_em=6), _column("Why", _reason, wide_em=36, stretch=True),
         _column("What stands there", _text, wide_em=30, drop=1)),
    ),
    RowKind.WARNING: _Kind(
        "To look at",
        "These rows are taken as they are. Something about each is worth a look.",
        lambda plan: plan.warnings,
        (_column("Line", _line, wide_em=6), _column("What to look at", _sentence, wide_em=50, stretch=True)),
    ),
    RowKind.NEW: _Kind(
        "New homes",
        "These homes are not here yet.",
        lambda plan: plan.new,
        (_column("Line", _source_line, wide_em=6, drop=3), _column("Home", home_words, wide_em=36, stretch=True),
         _column("Block or estate", _block, wide_em=18, drop=2), _column("Needs", needs_words, wide_em=22, drop=1)),
    ),
    RowKind.CHANGED: _Kind(
        "Changed homes",
        "The list says something else about these homes. An empty cell never takes anything away.",
        lambda plan: plan.updated,
        (_column("Home", _updated_home, wide_em=30), _column("What changes", _changes, wide_em=36, stretch=True)),
    ),
    RowKind.JOINED: _Kind(
        "Said twice",
        "These rows are about a home an earlier line gave; their people were joined to it.",
        lambda plan: plan.repeated,
        (_column("Line", _line, wide_em=6), _column("What became of it", _joined_to, wide_em=26),
         _column("What stands there", _text, wide_em=30, stretch=True, drop=1)),
    ),
}  # fmt: skip
