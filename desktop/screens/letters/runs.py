"""Every run of letters this person may read, and the choice of a case for a new one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from core.domain.case import STAGES
from core.domain.changed import Changed
from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.cases import CasePage, ListedCase
from core.services.letter_page import ListedRun
from desktop.models import Column, TupleModel
from desktop.operations import cases, letters
from desktop.screens.asking import Question
from desktop.screens.context import ScreenContext
from desktop.screens.letters.words import run_words
from desktop.screens.words import count_words
from desktop.widgets.moments import day_words

MOST_SUGGESTIONS = 12


class RunsPresenter(QObject):
    """The Letters page before a case is chosen."""

    listed = Signal(int, str)
    """How many runs, and that in words."""
    suggested = Signal(int, object)
    """(question, (case, words, detail) of each case found)."""
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._visible = False
        columns = (
            Column(heading="Case", words=_reference, wide_em=14),
            Column(heading="Planned", words=self._planned, wide_em=14, drop=2),
            Column(heading="Where it stands", words=run_words, wide_em=24, stretch=True),
            Column(heading="Letters", words=_letters, wide_em=9, drop=1),
        )
        self.model: TupleModel[ListedRun] = TupleModel(columns, self)
        context.changes.announced.connect(self._changed)

    def arrive(self) -> None:
        """The list is on show."""
        self._visible = True
        letters.list_all_runs(self._context.runner, on_done=self._listed, on_failed=self._failed)

    def leave(self) -> None:
        """Something else is on show."""
        self._visible = False

    def find_case(self, number: int, words: str) -> None:
        """Cases for a new run: by words, or the newest."""
        question = Question(number, self)
        question.answered.connect(self._found)
        question.failed.connect(self._not_found)
        if words:
            cases.search_cases(self._context.runner, words=words, on_done=question.done, on_failed=question.fail)
        else:
            cases.list_cases(
                self._context.runner, after=None, stages=(), on_done=question.done, on_failed=question.fail
            )

    def begin(self, case: object) -> None:
        """Letters for this case."""
        if isinstance(case, bytes):
            self._context.shell.go_to("letters", case=RecordId(case))

    def open(self, row: ListedRun) -> None:
        """Open a run where it stands."""
        if row.run.case is not None:
            self._context.shell.go_to("letters", case=row.run.case, run=row.run.id)

    def to_cases(self) -> None:
        """The list of cases."""
        self._context.shell.go_to("cases")

    def _listed(self, runs: tuple[ListedRun, ...]) -> None:
        self.model.put(runs)
        self.listed.emit(len(runs), count_words(len(runs), "run of letters", "runs of letters"))

    def _found(self, number: int, page: CasePage) -> None:
        rows = page.rows[:MOST_SUGGESTIONS]
        self.suggested.emit(number, tuple((row.row.id, row.row.reference, _case_detail(row)) for row in rows))

    def _not_found(self, number: int, error: AppError) -> None:
        self.failed.emit(error)

    def _failed(self, error: AppError) -> None:
        self.failed.emit(error)

    def _changed(self, changed: Changed) -> None:
        if self._visible and changed.kinds & {"letter", "letter_run"}:
            self.arrive()

    def _planned(self, row: ListedRun) -> str:
        return day_words(row.run.planned_at, self._context.clock.now()) if row.run.planned_at else ""


def _reference(row: ListedRun) -> str:
    return row.reference


def _letters(row: ListedRun) -> str:
    return str(row.counts.get("made", 0))


def _case_detail(row: ListedCase) -> str:
    return STAGES.get(row.row.stage, row.row.stage)
