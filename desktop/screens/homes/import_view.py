"""The page that brings in a list of homes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from core.foundation.errors import AppError
from core.services.homes import ColumnGuess, HomesPlan, ImportPreview
from desktop.screens.context import ScreenContext
from desktop.screens.homes.import_presenter import ImportPresenter, Step
from desktop.screens.homes.import_rows import RowKind, RowTables
from desktop.screens.homes.words import (
    FIELD_WORDS,
    NOT_USED,
    confidence_words,
    examples_words,
    import_words,
    result_words,
)
from desktop.screens.paths import PathKind, PathLine
from desktop.screens.stepping import focus_stop, to_top
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    Field,
    Flow,
    Page,
    ProgressRow,
    Select,
    StepBar,
    Text,
    Tick,
    Tone,
    announce,
    clear,
    column,
    rule,
    styled,
)

_LISTS = "Lists (*.csv *.xlsx *.txt *.tsv);;All files (*)"
_ROWS_NAME = "rows-not-taken.csv"


class ImportHomesPage(Page):
    """File, columns, check, done: every row that cannot be taken is named, with the reason."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Bring in a list of homes", parent=parent)
        self.presenter = presenter = ImportPresenter(context, self)
        self._steps = StepBar(("File", "Columns", "Check", "Done"))
        self.pinned.addWidget(self._steps)
        self._problem = Banner("", "", Tone.ERROR)
        self._told = Banner("", "", Tone.INFO)
        self._progress = ProgressRow("Reading the list", context.clock.monotonic_s)
        for widget in (self._problem, self._told, self._progress):
            self.pinned.addWidget(widget)
        self._file, self._columns, self._check, self._done = _FilePart(), _ColumnsPart(), _CheckPart(), _DonePart()
        self._parts: dict[Step, _FilePart | _ColumnsPart | _CheckPart | _DonePart] = {
            Step.FILE: self._file,
            Step.COLUMNS: self._columns,
            Step.CHECK: self._check,
            Step.DONE: self._done,
        }
        for part in self._parts.values():
            self.add(part)
        self.body.addStretch(1)
        self._connect(presenter)
        self._move(Step.FILE)

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self._parts[self.presenter.step].first()

    def _connect(self, presenter: ImportPresenter) -> None:
        presenter.moved.connect(self._move)
        presenter.previewed.connect(self._columns.show_preview)
        presenter.previewed.connect(self._check.show_preview)
        presenter.imported.connect(self._done.show_result)
        presenter.busy.connect(self._busy)
        presenter.progress.connect(self._progress.hear)
        presenter.path_problem.connect(self._file.say_problem)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._failed)
        self._progress.stopped.connect(presenter.stop)
        self._file.go.clicked.connect(self._read)
        self._file.path.entered.connect(self._read)
        self._file.path.chosen.connect(self._read)
        self._columns.chosen.connect(presenter.choose_column)
        self._columns.headless.toggled.connect(presenter.first_row_is_data)
        self._columns.go.clicked.connect(presenter.check)
        self._check.go.clicked.connect(presenter.bring_in)
        self._done.homes.clicked.connect(presenter.see_homes)
        for back in (self._columns.back, self._check.back):
            back.clicked.connect(presenter.back)
        for other in (self._check.another, self._done.another):
            other.clicked.connect(presenter.begin)
        for tables in (self._check.rows, self._done.rows):
            tables.save.clicked.connect(self._ask_where)

    def _read(self) -> None:
        self.presenter.read(self._file.path.text())

    def _move(self, step: Step) -> None:
        self._steps.set_step(step.value)
        for name, part in self._parts.items():
            part.setVisible(name is step)
        self._problem.clear()
        self._progress.end()
        announce(self, self._steps.accessibleName())
        if self.isVisible():
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
            to_top(self)

    def _busy(self, what: str) -> None:
        if what:
            self._problem.clear()
            self._progress.begin(what)
            focus_stop(self._progress)
        else:
            self._progress.end()
        for part in self._parts.values():
            part.setEnabled(not what)

    def _tell(self, sentence: str) -> None:
        self._told.say(sentence)
        if sentence:
            announce(self, sentence)

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, "Save the rows not taken", str(Path.home() / _ROWS_NAME), "CSV (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._save_rows)
        dialog.open()

    def _save_rows(self, path: str) -> None:
        self.presenter.save_rows_not_taken(Path(path))


class _FilePart(Card):
    def __init__(self) -> None:
        super().__init__()
        self.path = PathLine("Choose file", PathKind.OPEN, title="Choose the list of homes", filters=_LISTS)
        self._field = Field(
            "Where is the list?",
            self.path,
            hint="A spreadsheet (.xlsx) or a CSV file, one home a row. It is read on this laptop only.",
        )
        self.go = Button("Read the list", "primary")
        self.body.addWidget(self._field)
        self.body.addWidget(Flow(self.go))

    def first(self) -> QWidget:
        return self.path.box

    def say_problem(self, sentence: str) -> None:
        self._field.set_problem(sentence)
        if sentence:
            announce(self, sentence, urgent=True)
            self.path.box.setFocus(Qt.FocusReason.OtherFocusReason)


class _ColumnsPart(QWidget):
    """One block a column: what it is called, three examples, what it feeds, how sure we are."""

    chosen = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        styled(self, "clear")
        layout = column(self)
        self._lead = Text("")
        self.headless = Tick("The list has no column names: its first row is a home")
        self._problem = Banner("", "", Tone.LATE)
        self._list = Card(gap="medium")
        self.go, self.back = Button("Check the list", "primary"), Button("Back", "quiet", icon_name="arrow-left")
        for part in (self._lead, self._problem, self._list, self.headless, Flow(self.go, self.back)):
            layout.addWidget(part)
        self._selects: dict[int, _ColumnSelect] = {}
        self._says: dict[int, Text] = {}
        self._shown: tuple[str, ...] = ()

    def first(self) -> QWidget:
        return next(iter(self._selects.values()), self.go)

    def show_preview(self, preview: ImportPreview) -> None:
        guesses = preview.match.columns
        self._lead.setText(
            f"{preview.path.name} has {len(preview.table.rows):,} rows and {len(guesses)} columns. "
            "Check what each column holds; change what is wrong."
        )
        self._problem.say(preview.match.problem)
        self.headless.blockSignals(True)
        self.headless.setChecked(preview.match.first_row_is_data)
        self.headless.blockSignals(False)
        headings = (str(preview.path), *(guess.heading for guess in guesses))
        if headings != self._shown:
            self._shown = headings
            self._build(guesses)
        for guess in guesses:
            self._selects[guess.index].set_value(guess.field)
            self._says[guess.index].setText(confidence_words(guess))

    def _build(self, guesses: Sequence[ColumnGuess]) -> None:
        clear(self._list.body)
        self._selects.clear()
        self._says.clear()
        for guess in guesses:
            if self._selects:
                self._list.body.addWidget(rule())
            select = _ColumnSelect(guess.index, guess.heading)
            select.feeds.connect(self.chosen)
            says = Text("", "muted")
            self._selects[guess.index], self._says[guess.index] = select, says
            self._list.body.addWidget(
                Columns(_pair(Text(guess.heading, "strong"), Text(examples_words(guess), "muted")), _pair(select, says),
                        stretches=(3, 2), stack_below_em=70)
            )  # fmt: skip


class _ColumnSelect(Select):
    """What one column feeds."""

    feeds = Signal(int, str)

    def __init__(self, index: int, heading: str) -> None:
        super().__init__([("", NOT_USED), *FIELD_WORDS.items()], wide_em=32)
        self._index = index
        self.setAccessibleName(f"What the column {heading} holds")
        self.picked.connect(self._tell_index)

    def _tell_index(self, field: object) -> None:
        self.feeds.emit(self._index, str(field or ""))


class _CheckPart(QWidget):
    def __init__(self) -> None:
        super().__init__()
        styled(self, "clear")
        layout = column(self)
        self._summary = Banner("", "", Tone.INFO)
        self._notes = Text("", "muted")
        self.rows = RowTables()
        self.go = Button("Bring in", "primary", icon_name="check")
        self.back = Button("Back to the columns", "quiet", icon_name="arrow-left")
        self.another = Button("Choose another file", "quiet")
        for part in (self._summary, self._notes, Flow(self.go, self.back, self.another), self.rows):
            layout.addWidget(part)

    def first(self) -> QWidget:
        return self.go

    def show_preview(self, preview: ImportPreview) -> None:
        plan = preview.plan
        self._summary.say("Nothing is written yet.", plan.summary)
        self._notes.setText(" ".join(plan.notes))
        self._notes.setVisible(bool(plan.notes))
        self.go.set_words(import_words(plan))
        self.rows.show_plan(plan)


class _DonePart(QWidget):
    def __init__(self) -> None:
        super().__init__()
        styled(self, "clear")
        layout = column(self)
        self._result = Banner("", "", Tone.OK)
        self.homes = Button("See the homes", "primary", icon_name="house")
        self.another = Button("Bring in another list")
        self.rows = RowTables(only=(RowKind.REFUSED, RowKind.WARNING))
        for part in (self._result, Flow(self.homes, self.another), self.rows):
            layout.addWidget(part)

    def first(self) -> QWidget:
        return self.homes

    def show_result(self, plan: HomesPlan) -> None:
        strong, rest = result_words(plan)
        self._result.say(strong, rest)
        self.rows.show_plan(plan)
        announce(self, f"{strong} {rest}")


def _pair(upper: QWidget, lower: QWidget) -> QWidget:
    holder = styled(QWidget(), "clear")
    layout = column(holder, gap="tight")
    layout.addWidget(upper)
    layout.addWidget(lower)
    layout.addStretch(1)
    return holder
