"""Letters to an area for one case, step by step: area, letter, check, make. Making and delivering: beside it."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import Any

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import RecordId
from core.services.letter_page import AreaPlan, AreaRow, CaseLetters, LetterPreview, ListedRun, not_told_yet
from desktop.operations import drafts, letters
from desktop.screens.asking import Question
from desktop.screens.autosave import Autosave
from desktop.screens.context import ScreenContext
from desktop.screens.letters.drawing import DrawingPresenter
from desktop.screens.letters.kept import (
    Begun,
    LetterChoices,
    draft_name,
    form_of,
    from_text,
    missing_on_area,
    missing_on_letter,
    to_text,
)
from desktop.screens.letters.making import MakingPresenter
from desktop.screens.letters.words import is_made


class Step(Enum):
    """The steps, in order."""

    AREA = 0
    LETTER = 1
    CHECK = 2
    MAKE = 3
    DELIVER = 4


class LettersPresenter(QObject):
    """One case at a time. Nothing is written before `make`."""

    moved = Signal(object)
    """`Step`."""
    opened = Signal(object)
    """`CaseLetters`."""
    chosen = Signal(object)
    """The areas chosen, a tuple of `AreaRow`."""
    problems = Signal(object)
    """Field name -> sentence; empty: none."""
    restored = Signal(object)
    """`LetterChoices`, as they were kept."""
    planned = Signal(object)
    """`AreaPlan`."""
    previews = Signal(object)
    """A tuple of `LetterPreview`; empty while they are being made, or when there are none."""
    delivering = Signal(object)
    """The run whose doors are to be ticked."""
    busy = Signal(str)
    """What is going on, or empty."""
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._case: RecordId | None = None
        self._begun: Begun | None = None
        self._wanted_run: RecordId | None = None
        self._asked = 0
        self._is_busy = False
        self.making = MakingPresenter(context, self)
        self.drawing = DrawingPresenter(context, self)
        self.autosave = Autosave(context, self._kept, self)
        self.autosave.failed.connect(self.failed)
        self.drawing.touched.connect(self.autosave.typed)
        self.making.written.connect(self.autosave.throw_away)
        self.step = Step.AREA

    # ------------------------------------------------------------------ arriving

    def arrive(self, case: RecordId, run: RecordId | None = None) -> None:
        """Letters for this case: go on where we were, begin, or open one of its runs."""
        if case == self._case and self._begun is not None and run is None:
            self.moved.emit(self.step)
            return
        if self.making.is_busy:
            self.moved.emit(self.step)  # one run is made at a time; it is on show until it is done or stopped
            return
        self._case, self._begun, self._wanted_run = case, None, run
        self._asked += 1
        question = Question(self._asked, self)
        question.answered.connect(self._opened)
        question.failed.connect(self._not_opened)
        letters.open_letters(self._context.runner, case, on_done=question.done, on_failed=question.fail)

    def refresh(self) -> None:
        """Homes or the organisation's details are others now: read them again, keep what was chosen."""
        if self._begun is not None and self._case is not None:
            self._asked += 1
            question = Question(self._asked, self)
            question.answered.connect(self._opened_again)
            question.failed.connect(self._not_opened)
            letters.open_letters(self._context.runner, self._case, on_done=question.done, on_failed=question.fail)

    # ------------------------------------------------------------------ area

    def choose_area(self, area: AreaRow, yes: bool) -> None:
        """Take a street or block in or out."""
        begun = self._begun
        if begun is None:
            return
        key = (area.name, area.is_block)
        if yes:
            begun.areas[key] = area
        else:
            begun.areas.pop(key, None)
        begun.left_out.clear()
        self.autosave.typed()
        self.chosen.emit(tuple(begun.areas.values()))

    def area_done(self) -> None:
        """Go on to the letter."""
        if self._begun is None:
            return
        found = missing_on_area(self._begun)
        self.problems.emit(found)
        if not found:
            self._go(Step.LETTER)

    # ------------------------------------------------------------------ letter

    def note(self, choices: LetterChoices) -> None:
        """Something was typed on the Letter step: keep it."""
        if self._begun is not None:
            self._begun.choices = choices
            self.autosave.typed()

    def letter_done(self, choices: LetterChoices) -> None:
        """Go on to the check: plan who gets what."""
        begun = self._begun
        if begun is None or self._stuck:
            return
        begun.choices = choices
        found = missing_on_letter(begun)
        self.problems.emit(found)
        if not found:
            self._plan()

    # ------------------------------------------------------------------ check, make and deliver

    def leave_out(self, home: RecordId, reason: str) -> None:
        """Give a home no letter, for a reason that is kept with the run."""
        if self._begun is None or self._stuck:
            return
        if not reason.strip():
            self.problems.emit({"left_out": "Say why this home gets no letter."})
            return
        self._begun.left_out[home] = reason.strip()
        self.autosave.typed()
        self._plan()

    def put_back(self, home: RecordId) -> None:
        """Give the home its letter after all."""
        if self._begun is not None and not self._stuck and home in self._begun.left_out:
            del self._begun.left_out[home]
            self.autosave.typed()
            self._plan()

    def told(self, home: RecordId, yes: bool) -> None:
        """Somebody of the case who lives there knows that the letter is coming, or does not."""
        if self._begun is not None:
            (self._begun.told.add if yes else self._begun.told.discard)(home)
            self.autosave.typed()

    def check_done(self) -> None:
        """Go on to making: nothing gives anybody away, nobody is taken by surprise, something is to be made."""
        begun = self._begun
        if begun is None or begun.plan is None or self._stuck:
            return
        if begun.plan.leaks and not begun.plan.needs_second:
            self.problems.emit({"leaks": "The words could give somebody away. The letter cannot be made like this."})
            return
        if not begun.plan.to_make:
            self.problems.emit({"leaks": "No home in this area would get a letter."})
        elif not_told_yet(begun.plan.people, told=begun.told, left_out=begun.left_out):
            self.problems.emit({"told": "Tell the people below first, then tick that they know."})
        else:
            self.making.begin(replace(begun.plan, form=replace(begun.plan.form, told=frozenset(begun.told))))
            self._go(Step.MAKE)

    def deliver(self) -> None:
        """Go on to the doors."""
        if self.making.run is not None and not self._stuck:
            self.delivering.emit(self.making.run)
            self._go(Step.DELIVER)

    # ------------------------------------------------------------------ moving about

    def back(self) -> None:
        """To the step before; what was chosen stays. A run that is written down cannot be planned again."""
        if self._begun is None or self._stuck or self.step is Step.AREA:
            return
        if self.step is Step.DELIVER:
            self.making.look()
            self._go(Step.MAKE)
        elif self.step is not Step.MAKE or self.making.run is None:
            self._go(Step(self.step.value - 1))

    def begin_anew(self) -> None:
        """Other letters for the same case."""
        if self._begun is not None and not self._stuck and self._case is not None:
            case, self._case = self._case, None
            self.arrive(case)

    def open_run(self, row: ListedRun) -> None:
        """Open an earlier run where it stands."""
        if self._begun is None or self._stuck:
            return
        self.making.open(row.run.id)
        if is_made(row):
            self.deliver()
        else:
            self._go(Step.MAKE)

    def to_colleagues(self) -> None:
        """Where the organisation's details on letters are kept."""
        self._context.shell.go_to("colleagues", details=True)

    # ------------------------------------------------------------------ answers

    def _opened(self, asked: int, opened: CaseLetters) -> None:
        if asked != self._asked:
            return
        self._begun = Begun(opened)
        self.making.forget()
        self.opened.emit(opened)
        self.chosen.emit(())
        self.drawing.show(self._begun)
        wanted, self._wanted_run = self._wanted_run, None
        row = next((row for row in opened.runs if row.run.id == wanted), None)
        if row is not None:
            self.open_run(row)
            return
        self._go(Step.AREA)
        self.autosave.begin(draft_name(opened.case))
        question = Question(asked, self)
        question.answered.connect(self._loaded)
        question.failed.connect(self._not_opened)
        drafts.load_draft(
            self._context.runner, draft_name(opened.case), on_done=question.done, on_failed=question.fail
        )

    def _loaded(self, asked: int, draft: Any) -> None:
        begun = self._begun
        if asked != self._asked or begun is None or draft is None or begun.areas or begun.drawn:
            return
        self._begun = begun = from_text(draft.body, begun.opened)
        self.chosen.emit(tuple(begun.areas.values()))
        self.drawing.show(begun)
        self.restored.emit(begun.choices)
        if not missing_on_area(begun):
            self._go(Step.LETTER)

    def _kept(self) -> str:
        return to_text(self._begun) if self._begun is not None and self.making.run is None else ""

    def _opened_again(self, asked: int, opened: CaseLetters) -> None:
        if asked == self._asked and self._begun is not None:
            self._begun.opened = opened
            self.opened.emit(opened)
            self.chosen.emit(tuple(self._begun.areas.values()))

    def _not_opened(self, asked: int, error: AppError) -> None:
        if asked == self._asked:
            self._case = None
            self.failed.emit(error)

    def _planned(self, plan: AreaPlan) -> None:
        self._end()
        if self._begun is None:
            return
        self._begun.plan = plan
        self.planned.emit(plan)
        self.previews.emit(())
        if self.step is not Step.CHECK:
            self._go(Step.CHECK)
        if not plan.leaks:
            question = Question(plan, self)
            question.answered.connect(self._previewed)
            question.failed.connect(self._not_previewed)
            letters.preview_area_letters(
                self._context.runner, plan, on_done=question.done, on_failed=question.fail
            )

    def _previewed(self, plan: AreaPlan, previews: tuple[LetterPreview, ...]) -> None:
        if self._begun is not None and plan is self._begun.plan:
            self.previews.emit(previews)

    def _not_previewed(self, plan: AreaPlan, error: AppError) -> None:
        if self._begun is not None and plan is self._begun.plan:
            self.failed.emit(error)

    def _not_planned(self, error: AppError) -> None:
        self._end()
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        else:
            self.failed.emit(error)

    def _failed(self, error: AppError) -> None:
        self._end()
        self.failed.emit(error)

    # ------------------------------------------------------------------ inside

    @property
    def _stuck(self) -> bool:
        """Whether something is going on that must end first."""
        return self._is_busy or self.making.is_busy

    def _plan(self) -> None:
        assert self._begun is not None
        form = form_of(self._begun)
        self._begin("Looking at the homes")
        letters.plan_area_letters(self._context.runner, form, on_done=self._planned, on_failed=self._not_planned)

    def _go(self, step: Step) -> None:
        self.step = step
        self.problems.emit({})
        self.moved.emit(step)

    def _begin(self, what: str) -> None:
        self._is_busy = True
        self.busy.emit(what)

    def _end(self) -> None:
        self._is_busy = False
        self.busy.emit("")
