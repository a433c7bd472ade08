"""The list of cases: all of them by page, or those a search finds. Everything runs off the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from core.domain.case import STAGES
from core.domain.changed import Changed
from core.foundation.errors import AppError
from core.services.cases import CaseOutline, CasePage, ListedCase
from desktop.models import Column, KeysetModel
from desktop.operations import cases
from desktop.screens.asking import Question
from desktop.screens.context import ScreenContext
from desktop.screens.words import count_words
from desktop.widgets.moments import day_words, due_words

SEARCH_LIMIT = 200
SETTLE_MS = 300


@dataclass(frozen=True, slots=True)
class ListState:
    """What stands around the table. `empty` is (what, what to do) when there is nothing to list."""

    summary: str
    empty: tuple[str, str] | None


class CasesPresenter(QObject):
    """Keeps the model of the table filled. Names stay hidden until asked for, once a session."""

    listed = Signal(object)
    """`ListState`: the list is another one now."""
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._asked = 0
        self._words = ""
        self._stages: tuple[str, ...] = ()
        self._visible = False
        self._old = True
        self.names_shown = False
        self.model: KeysetModel[ListedCase] = KeysetModel(self._columns(), self)
        self.model.wanted.connect(self._page_wanted)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.load)
        context.changes.announced.connect(self._changed)

    def arrive(self) -> None:
        """The page is on show."""
        self._visible = True
        if self._old:
            self.load()

    def leave(self) -> None:
        """Another page is on show."""
        self._visible = False

    def search(self, words: str) -> None:
        """Only cases in whose file every word begins a word; empty is all."""
        if words != self._words:
            self._words = words
            self.load()

    def filter(self, stages: tuple[str, ...]) -> None:
        """Only cases at these stages; none is all."""
        self._stages = stages
        self.load()

    def look_at_interviews(self) -> None:
        """The private interviews this person may open, of whatever case."""
        self._context.shell.go_to("interviews")

    def show_names(self, shown: bool) -> None:
        """Whether place and summary can be read over a shoulder."""
        self.names_shown = shown
        self.model.show_columns(self._columns())

    def load(self) -> None:
        """Ask anew; whatever is still on its way is dropped when it comes."""
        self._old = False
        self._asked += 1
        question = Question(self._asked, self)
        question.failed.connect(self._failed)
        if self._words:
            question.answered.connect(self._found)
            cases.search_cases(
                self._context.runner, words=self._words, on_done=question.done, on_failed=question.fail
            )
        else:
            question.answered.connect(self._outlined)
            cases.outline_cases(
                self._context.runner, stages=self._stages, on_done=question.done, on_failed=question.fail
            )

    def open(self, row: ListedCase) -> None:
        """Show one case."""
        self._context.shell.go_to("case", case=row.row.id)

    def new_report(self) -> None:
        """Begin a report."""
        self._context.shell.go_to("report")

    # ------------------------------------------------------------------ answers

    def _outlined(self, asked: int, outline: CaseOutline) -> None:
        if asked != self._asked:
            return
        self.model.restart(count=outline.total, page_starts=outline.page_starts, first_page=outline.first)
        empty = None
        if not outline.total:
            empty = (
                ("No case is at this stage.", "Press the filter again to see every case.")
                if self._stages
                else ("There are no cases yet.", "A case begins with a report. Press New report to log the first.")
            )
        self.listed.emit(ListState(count_words(outline.total, "case", "cases"), empty))

    def _found(self, asked: int, page: CasePage) -> None:
        if asked != self._asked:
            return
        rows = tuple(row for row in page.rows if not self._stages or row.row.stage in self._stages)
        self.model.restart(count=len(rows), page_starts=(None,), first_page=rows)
        many = len(page.rows) >= SEARCH_LIMIT
        counted = count_words(len(rows), "case matches", "cases match")
        summary = f"The newest {len(rows)} that match" if many else counted
        sentence = f"No case matches '{self._words}'."
        advice = "Try the street name, a name, or part of the reference."
        self.listed.emit(ListState(summary, None if rows else (sentence, advice)))

    def _page_wanted(self, generation: int, page: int) -> None:
        question = Question((generation, page), self)
        question.answered.connect(self._have_page)
        question.failed.connect(self._page_failed)
        cases.list_cases(
            self._context.runner,
            after=self.model.start_of(page),
            stages=self._stages,
            on_done=question.done,
            on_failed=question.fail,
        )

    def _have_page(self, mark: tuple[int, int], page: CasePage) -> None:
        self.model.put_page(*mark, page.rows)

    def _page_failed(self, mark: tuple[int, int], error: AppError) -> None:
        self.model.forget_page(*mark)
        self.failed.emit(error)

    def _failed(self, asked: int, error: AppError) -> None:
        if asked == self._asked:
            self._old = True
            self.failed.emit(error)

    def _changed(self, changed: Changed) -> None:
        self._old = True
        if self._visible:
            self._settle.start()

    # ------------------------------------------------------------------ columns

    def _columns(self) -> tuple[Column[ListedCase], ...]:
        reference: Column[ListedCase] = Column(heading="Reference", words=_reference, wide_em=14)
        stage: Column[ListedCase] = Column(heading="Stage", words=_stage, wide_em=17, drop=2)
        due: Column[ListedCase] = Column(
            heading="Next due", words=self._due, wide_em=32, drop=1, stretch=not self.names_shown
        )
        opened: Column[ListedCase] = Column(heading="Opened", words=self._opened, wide_em=15, drop=4)
        if not self.names_shown:
            return (reference, stage, due, opened)
        what: Column[ListedCase] = Column(heading="What", words=_what, wide_em=24, stretch=True)
        where: Column[ListedCase] = Column(heading="Where", words=_where, wide_em=22, drop=3)
        return (reference, what, where, stage, due, opened)

    def _due(self, row: ListedCase) -> str:
        if row.next_due_at is None:
            return "Nothing due"
        return f"{due_words(row.next_due_at, self._context.clock.now())}: {row.next_due}"

    def _opened(self, row: ListedCase) -> str:
        opened_at = row.row.opened_at
        return day_words(opened_at, self._context.clock.now()) if opened_at else ""


def _reference(row: ListedCase) -> str:
    return row.row.reference


def _stage(row: ListedCase) -> str:
    return STAGES.get(row.row.stage, row.row.stage)


def _what(row: ListedCase) -> str:
    return "Not open to you yet" if row.shut else row.row.summary


def _where(row: ListedCase) -> str:
    return row.row.place
