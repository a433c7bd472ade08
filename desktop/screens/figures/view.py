"""The page of figures: what is asked at the top, then a picture and a table for each count."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from desktop.screens.clauses import clause_links, in_brackets, show_clause
from desktop.screens.context import ScreenContext
from desktop.screens.figures.presenter import DAYS, GROUPS, FiguresPresenter, FiguresView, TableView
from desktop.screens.paths import PathKind, PathLine
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Chip,
    ChoiceGroup,
    Columns,
    DayField,
    Field,
    Flow,
    Page,
    Select,
    TabRow,
    Text,
    TextArea,
    Tone,
    announce,
    clear,
    column,
    styled,
)
from desktop.widgets.bars import Bars
from desktop.widgets.number_table import NumberTable

FORMS = (("pdf", "PDF, to read and print"), ("csv", "Numbers for a spreadsheet (CSV)"))


class FiguresPage(Page):
    """Counted over the cases this person can read."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Figures", parent=parent)
        self._context = context
        self.presenter = presenter = FiguresPresenter(context, self)
        self._view: FiguresView | None = None
        self._keep = Button("Save as a file", icon_name="download")
        self.actions.add(self._keep)
        self._problem, self._told = Banner("", "", Tone.ERROR), Banner("", "", Tone.OK)
        self.pinned.addWidget(self._problem)
        self.pinned.addWidget(self._told)
        self.period = Select(wide_em=30)
        self.days = _Days(context)
        self.own, self.committee = Chip("With every number", Tone.INFO), Chip("For the committee", Tone.INFO)
        self.own.setChecked(True)
        self.file = _FileCard()
        self._version, self._scope, self._hides = Text("", "strong"), Text("", "muted"), Text("", "muted")
        self.tabs = TabRow()
        self.tabs.setAccessibleName("Groups of figures")
        for name, _ in GROUPS:
            self.tabs.addTab(name)
        for part in (Field("Period", self.period), self.days, Flow(self.own, self.committee), self.file,
                     self._version, self._scope, self._hides, self.tabs):  # fmt: skip
            self.add(part)
        self._cards = column(self.body, gap="medium")
        self.body.addStretch(1)
        self.days.hide()
        self.file.hide()
        self._hides.hide()
        self._connect(presenter)

    def arrive(self) -> None:
        """Called each time the page is shown."""
        self._problem.clear()
        self._told.clear()
        self.presenter.arrive()

    def leave(self) -> bool:
        """Called before another page is shown."""
        self.file.hide()
        self.presenter.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.period

    def _connect(self, presenter: FiguresPresenter) -> None:
        presenter.chosen_from.connect(self.period.set_options)
        presenter.shown.connect(self._show)
        presenter.failed.connect(self._failed)
        presenter.problems.connect(self._problems)
        presenter.saved.connect(self._saved)
        presenter.there_already.connect(self.file.there_already)
        self.period.picked.connect(self._choose)
        self.days.entered.connect(self._days_entered)
        self.own.clicked.connect(self._own)
        self.committee.clicked.connect(self._for_committee)
        self.tabs.currentChanged.connect(self._turn)
        self._keep.clicked.connect(self._open_file)
        self.file.save.clicked.connect(self._save)
        self.file.over.clicked.connect(self._save_over)
        self.file.cancel.clicked.connect(self.file.hide)
        self.file.form.picked.connect(self._another_form)

    # ------------------------------------------------------------------ what is shown

    def _show(self, view: FiguresView) -> None:
        self._view = view
        self._problem.clear()
        self._version.setText(view.version)
        self._scope.setText(f"{view.period}. {view.scope}")
        self._hides.setText(view.hides)
        self._hides.setVisible(bool(view.hides))
        self._turn(self.tabs.currentIndex())

    def _turn(self, number: int) -> None:
        clear(self._cards)
        if self._view is None or not 0 <= number < len(self._view.groups):
            return
        for table in self._view.groups[number]:
            self._cards.addWidget(_TableCard(table, self._show_clause))

    def _show_clause(self, number: str) -> None:
        show_clause(self._context, number)

    def _problems(self, found: dict[str, str]) -> None:
        self.days.show_problems(found)
        self.file.show_problems(found)
        other = [sentence for name, sentence in found.items() if name not in ("first", "last", "path", "remark")]
        self._problem.say(other[0] if other else "", "")

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)

    # ------------------------------------------------------------------ what is chosen

    def _choose(self, value: object) -> None:
        is_days = value == DAYS
        self.days.setVisible(is_days)
        self.committee.setEnabled(not is_days)
        self._mark_version(committee=self.presenter.asked.committee and not is_days)
        self.presenter.choose_period(value)

    def _days_entered(self) -> None:
        self.presenter.choose_days(self.days.first.day(), self.days.last.day())

    def _own(self) -> None:
        self._mark_version(committee=False)
        self.presenter.for_committee(False)

    def _for_committee(self) -> None:
        self._mark_version(committee=True)
        self.presenter.for_committee(True)

    def _mark_version(self, *, committee: bool) -> None:
        self.own.setChecked(not committee)
        self.committee.setChecked(committee)

    # ------------------------------------------------------------------ a file

    def _open_file(self) -> None:
        self.file.begin(str(self.presenter.suggested(self.file.chosen())))

    def _another_form(self) -> None:
        self.file.suggest(str(self.presenter.suggested(self.file.chosen())))

    def _save(self) -> None:
        self.presenter.save(self.file.path.text(), self.file.chosen(), self.file.remark.toPlainText())

    def _save_over(self) -> None:
        self.presenter.save(self.file.path.text(), self.file.chosen(), self.file.remark.toPlainText(), over=True)

    def _saved(self, words: str) -> None:
        self.file.hide()
        self._told.say("Saved.", words)
        announce(self, f"Saved. {words}")


class _TableCard(Card):
    """One count: the picture, and the same numbers as a table."""

    def __init__(self, table: TableView, clause_asked: Callable[[str], None]) -> None:
        super().__init__(heading=table.title)
        named = in_brackets(row[0] for row in table.rows)
        self.body.addWidget(clause_links(tuple(dict.fromkeys((table.clause, *named))), clause_asked))
        if table.note:
            self.body.addWidget(Text(table.note, "muted"))
        numbers = NumberTable(table.title, table.headings, table.rows)
        if not table.bars:
            self.body.addWidget(numbers)
            return
        picture = styled(QWidget(), "clear")
        under = column(picture, gap="tight")
        self.bars = Bars(table.title, table.bars)
        under.addWidget(self.bars)
        if table.legend:
            under.addWidget(Text(table.legend, "small"))
        under.addStretch(1)
        self.body.addWidget(Columns(picture, _top(numbers), stretches=(1, 1), stack_below_em=96))


def _top(widget: QWidget) -> QWidget:
    """As high as it needs to be, at the top of its column."""
    holder = styled(QWidget(), "clear")
    lines = column(holder, gap="none")
    lines.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
    lines.addStretch(1)
    return holder


class _Days(QWidget):
    """The first and the last day."""

    entered = Signal()

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self.first, self.last = DayField(context.clock.now), DayField(context.clock.now)
        self._fields = {"first": Field("First day", self.first), "last": Field("Last day", self.last)}
        self.go = Button("Count")
        layout = column(self, gap="small")
        layout.addWidget(Columns(*self._fields.values(), stack_below_em=70))
        layout.addWidget(Flow(self.go))
        self.go.clicked.connect(self.entered)

    def show_problems(self, found: dict[str, str]) -> None:
        """What is wrong with a day, beside it."""
        for name, field in self._fields.items():
            field.set_problem(found.get(name, ""))


class _FileCard(Card):
    """Where to, in which form, and words to go with it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(heading="Save these figures as a file", parent=parent)
        self.form = ChoiceGroup(FORMS)
        self.path = PathLine("Choose file", PathKind.SAVE, title="Choose where the figures go")
        self.remark = TextArea()
        self._there = Banner("", "", Tone.SOON)
        self._fields = {
            "path": Field("Where does it go?", self.path, hint="Outside the workbook it is not protected any more."),
            "remark": Field(
                "Words to go with it", self.remark, optional=True,
                hint="They are looked through for names and addresses of the cases.",
            ),
        }  # fmt: skip
        self.save, self.over = Button("Save", "primary", icon_name="save"), Button("Write over it")
        self.cancel = Button("Cancel", "quiet")
        for part in (
            Field("As", self.form),
            *self._fields.values(),
            self._there,
            Flow(self.save, self.over, self.cancel),
        ):
            self.body.addWidget(part)
        self.over.hide()
        self._suggested = ""

    def chosen(self) -> str:
        """pdf or csv."""
        return str(self.form.value() or "pdf")

    def begin(self, suggested: str) -> None:
        """Show it, with a name for the file."""
        self.form.set_value(self.chosen())
        self._there.clear()
        self.over.hide()
        self.path.set_text(suggested)
        self._suggested = suggested
        self.show()
        self.path.box.setFocus(Qt.FocusReason.OtherFocusReason)

    def suggest(self, suggested: str) -> None:
        """Another form: another name, unless somebody typed one."""
        if self.path.text() == self._suggested:
            self.path.set_text(suggested)
            self._suggested = suggested

    def there_already(self, words: str) -> None:
        """A file of that name is there."""
        self._there.say(words, "")
        self.over.show()

    def show_problems(self, found: dict[str, str]) -> None:
        """What is wrong, beside it."""
        for name, field in self._fields.items():
            field.set_problem(found.get(name, ""))
