"""Figures: which period, whose version, which group of tables; and what is written to a file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.domain.changed import Changed
from core.foundation.errors import AppError, FolderNotWritable, FormIncomplete
from core.reports.shown import ShownTable
from core.services.figures import Asked, Figures, FiguresSaved, PeriodChoice
from desktop.operations import figures
from desktop.screens.asking import Question
from desktop.screens.context import ScreenContext
from desktop.widgets.bars import BarLine

DAYS = "days"
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Cases and promises", ("cases", "promises", "surveys", "answers")),
    ("What happened", ("hate", "strands", "acts", "repeats")),
    ("What was done", ("tools", "moves", "appeals")),
    ("People harmed", ("harmed-",)),
    ("People complained about", ("about-",)),
)
"""Name of a tab -> the codes of its tables; one that ends in a hyphen means all that begin so."""
PLAIN = "For yourself: every number. Do not pass it on: a small number can point to somebody."
COMMITTEE = "For the committee: small numbers are hidden, and whatever they could be worked out from."


@dataclass(frozen=True, slots=True)
class TableView:
    """One table as shown: the bars (none if there is nothing to draw), and the words of every cell."""

    title: str
    clause: str
    note: str
    legend: str
    bars: tuple[BarLine, ...]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class FiguresView:
    """The page. `groups` has the tables of each tab, in the order of `GROUPS`."""

    period: str
    version: str
    scope: str
    hides: str
    groups: tuple[tuple[TableView, ...], ...]


class FiguresPresenter(QObject):
    """Counts when the page is shown, and again when something else is asked or something changed."""

    chosen_from = Signal(object)
    """A tuple of (value, words): the periods to choose from."""
    shown = Signal(object)
    failed = Signal(object)
    problems = Signal(object)
    """field -> sentence, for the days and for the file."""
    busy = Signal(bool)
    saved = Signal(str)
    there_already = Signal(str)
    """A file of that name is there: ask whether to write over it."""

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.asked = Asked()
        self._mark = 0
        self._old, self._known = True, False
        context.changes.announced.connect(self._changed)

    def arrive(self) -> None:
        """Show the page."""
        if not self._known:
            figures.period_choices(self._context.runner, on_done=self._have_choices, on_failed=self._could_not)
        if self._old:
            self.count()

    def leave(self) -> None:
        """What is counted while another page is shown is not wanted."""

    def choose_period(self, value: object) -> None:
        """A year or a quarter, or days to be entered."""
        if value == DAYS:
            self.asked = replace(self.asked, kind=DAYS, committee=False)
            return
        assert isinstance(value, PeriodChoice)
        kind = "quarter" if value.quarter else "year"
        self.asked = replace(self.asked, kind=kind, year=value.year, quarter=value.quarter or 1)
        self.count()

    def choose_days(self, first: date | None, last: date | None) -> None:
        """Days of one's own choosing."""
        missing = {"first": "Enter the first day."} if first is None else {}
        missing |= {"last": "Enter the last day."} if last is None else {}
        if missing:
            self.problems.emit(missing)
            return
        self.asked = replace(self.asked, kind=DAYS, first=first, last=last, committee=False)
        self.count()

    def for_committee(self, committee: bool) -> None:
        """Whose version."""
        if committee != self.asked.committee:
            self.asked = replace(self.asked, committee=committee)
            self.count()

    def count(self) -> None:
        """Ask the vault."""
        if self.asked.kind == DAYS and self.asked.first is None:
            return
        self._old = False
        self._mark += 1
        question = Question(self._mark, self)
        question.answered.connect(self._have)
        question.failed.connect(self._failed)
        self.busy.emit(True)
        figures.read_figures(self._context.runner, self.asked, on_done=question.done, on_failed=question.fail)

    def suggested(self, form: str) -> Path:
        """A neutral name with the year in it."""
        whose = "committee" if self.asked.committee else "own"
        return Path.home() / f"figures-{whose}-{self._context.clock.now():%Y-%m-%d}.{form}"

    def save(self, path: str, form: str, remark: str, *, over: bool = False) -> None:
        """Write them to a file."""
        typed = path.strip()
        if not typed:
            self.problems.emit({"path": "Choose where the file goes."})
            return
        self.problems.emit({})
        figures.save_figures(
            self._context.runner, self.asked, Path(typed).expanduser(), form=form, remark=remark, replace=over,
            on_done=self._saved, on_failed=self._not_saved,
        )  # fmt: skip

    def _have_choices(self, found: tuple[PeriodChoice, ...]) -> None:
        self._known = True
        self.chosen_from.emit((*((choice, choice.words) for choice in found), (DAYS, "Days of your own choosing")))

    def _have(self, mark: int, found: Figures) -> None:
        if mark == self._mark:
            self.busy.emit(False)
            self.problems.emit({})
            self.shown.emit(view_of(found))

    def _failed(self, mark: int, error: AppError) -> None:
        if mark == self._mark:
            self._could_not(error)

    def _could_not(self, error: AppError) -> None:
        self._old = True
        self.busy.emit(False)
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        else:
            self.failed.emit(error)

    def _saved(self, made: FiguresSaved) -> None:
        self.saved.emit(f"{made.path.name} is written. It is not protected any more: give it only to those it is for.")

    def _not_saved(self, error: AppError) -> None:
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        elif isinstance(error, FolderNotWritable) and "is there already" in str(error):
            self.there_already.emit(
                "A file of that name is there. Press Write over it, or choose another name."
            )
        else:
            self.failed.emit(error)

    def _changed(self, changed: Changed) -> None:
        self._old = True


def view_of(found: Figures) -> FiguresView:
    """The tables in words, in their tabs. Pure."""
    tables = [(table.code, _table(table)) for table in found.tables]
    groups = tuple(tuple(view for code, view in tables if _belongs(code, codes)) for _, codes in GROUPS)
    return FiguresView(
        found.period.words, COMMITTEE if found.committee else PLAIN, found.scope, found.hides, groups
    )  # fmt: skip


def _belongs(code: str, codes: tuple[str, ...]) -> bool:
    return any(code == one or (one.endswith("-") and code.startswith(one)) for one in codes)


def _table(table: ShownTable) -> TableView:
    says = {
        row.label: f"{row.label}. " + ", ".join(
            f"{heading}: {word}" for heading, word in zip(table.headings[1:], row.words()[1:], strict=True)
        )
        for row in table.rows
    }  # fmt: skip
    bars = tuple(BarLine(bar.name, bar.whole, bar.striped, bar.words, says[bar.name]) for bar in table.bars())
    return TableView(
        table.title, table.clause, table.note, table.legend if bars else "", bars, table.headings,
        tuple(row.words() for row in table.rows),
    )  # fmt: skip
