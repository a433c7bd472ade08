"""Planning a round: the area, why, and the doors of people of the case. Nothing is written before it begins."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import RecordId
from core.services.visits import AreaRow, CaseVisits, RoundForm, RoundPlan, RoundStarted
from desktop.operations import visits
from desktop.screens.asking import Question
from desktop.screens.context import ScreenContext

DO_NOT_VISIT = "Decided when the round was planned."


class PlanningPresenter(QObject):
    """One case at a time."""

    opened = Signal(object)
    """`CaseVisits`."""
    chosen = Signal(object)
    """The areas chosen, a tuple of `AreaRow`."""
    planned = Signal(object)
    """`RoundPlan`."""
    begun = Signal(object)
    """The round that begins, or goes on."""
    problems = Signal(object)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._case: RecordId | None = None
        self._areas: dict[tuple[str, bool], AreaRow] = {}
        self._people: dict[RecordId, str] = {}
        self._plan: RoundPlan | None = None
        self._mark, self._is_busy, self._anew = 0, False, False

    def arrive(self, case: RecordId, *, anew: bool = False) -> None:
        """The visits of a case: the round that goes on, or (`anew`) a new one."""
        if case != self._case or anew:
            self._areas, self._people, self._plan = {}, {}, None
        self._case, self._anew = case, anew
        self._mark += 1
        question = Question(self._mark, self)
        question.answered.connect(self._opened)
        question.failed.connect(self._not_opened)
        visits.open_visits(self._context.runner, case, on_done=question.done, on_failed=question.fail)

    def choose_area(self, area: AreaRow, yes: bool) -> None:
        """Take a street or block in or out."""
        key = (area.name, area.is_block)
        if yes:
            self._areas[key] = area
        else:
            self._areas.pop(key, None)
        self.chosen.emit(tuple(self._areas.values()))

    def look(self, why: str, asked_first: bool | None) -> None:
        """Work out the doors, and begin if everything is decided."""
        if self._case is None or self._is_busy:
            return
        self._is_busy = True
        form = RoundForm(
            case=self._case, why=why, person_consulted=asked_first,
            streets=frozenset(area.name for area in self._areas.values() if not area.is_block),
            blocks=frozenset(area.name for area in self._areas.values() if area.is_block),
            told=frozenset(home for home, answer in self._people.items() if answer == "knock"),
            do_not_visit={home: DO_NOT_VISIT for home, answer in self._people.items() if answer == "skip"},
        )  # fmt: skip
        visits.plan_visits(self._context.runner, form, on_done=self._planned, on_failed=self._not_done)

    def decide(self, home: RecordId, answer: str) -> None:
        """Knock at the home of somebody of the case (`knock`), or not (`skip`)."""
        self._people[home] = answer

    # ------------------------------------------------------------------ answers

    def _opened(self, mark: int, found: CaseVisits) -> None:
        if mark != self._mark:
            return
        if found.going_on is not None and not self._anew:
            self.begun.emit(found.going_on)
            return
        self.opened.emit(found)
        self.chosen.emit(tuple(self._areas.values()))

    def _not_opened(self, mark: int, error: AppError) -> None:
        if mark == self._mark:
            self.failed.emit(error)

    def _planned(self, plan: RoundPlan) -> None:
        looked_at = self._plan is not None and self._plan.area == plan.area
        self._plan = plan
        if looked_at or not (plan.people or plan.warnings):
            visits.start_visits(self._context.runner, plan, on_done=self._started, on_failed=self._not_done)
            return
        self._is_busy = False
        self.problems.emit({})
        self.planned.emit(plan)

    def _started(self, started: RoundStarted) -> None:
        self._is_busy, self._plan, self._areas, self._people = False, None, {}, {}
        self.problems.emit({})
        self.begun.emit(started.round)

    def _not_done(self, error: AppError) -> None:
        self._is_busy = False
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        else:
            self.failed.emit(error)
