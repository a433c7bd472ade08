"""The Letters page: the runs there are, or the five steps for one case."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.domain.changed import Changed
from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.letter_page import CaseLetters
from desktop.screens.context import ScreenContext
from desktop.screens.letters.area_view import AreaPart
from desktop.screens.letters.check_view import CheckStep
from desktop.screens.letters.deliver_view import DeliverStep
from desktop.screens.letters.delivery import DeliveryPresenter
from desktop.screens.letters.kept import LetterChoices
from desktop.screens.letters.letter_view import LetterStep
from desktop.screens.letters.list_view import ListPart
from desktop.screens.letters.make_view import MakeStep
from desktop.screens.letters.presenter import LettersPresenter, Step
from desktop.screens.letters.runs import RunsPresenter
from desktop.screens.letters.runs_view import RunsPart
from desktop.screens.stepping import to_top
from desktop.widgets import Banner, Button, Page, ProgressRow, StepBar, Tag, Tone, announce

_Part = RunsPart | AreaPart | LetterStep | CheckStep | MakeStep | DeliverStep


class LettersPage(Page):
    """`arrive(case=...)` begins or goes on with letters for a case; without a case it lists every run."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Letters to an area", parent=parent)
        self.runs, self.presenter = RunsPresenter(context, self), LettersPresenter(context, self)
        self.delivery = DeliveryPresenter(context, self)
        self._context = context
        self._case: RecordId | None = None
        self._tag = Tag("", Tone.CONFIDENTIAL)
        self.tags.add(self._tag)
        self._all = Button("All letters", "quiet", icon_name="list")
        self._texts = Button("Texts of letters", "quiet", icon_name="file-text")
        self.actions.add(self._all)
        self.actions.add(self._texts)
        self._steps = StepBar(("Area", "Letter", "Check", "Make", "Deliver"))
        self.pinned.addWidget(self._steps)
        self._problem = Banner("", "", Tone.ERROR)
        self._progress = ProgressRow("Looking at the homes", context.clock.monotonic_s, stop="Pause")
        self.pinned.addWidget(self._problem)
        self.list = RunsPart(self.runs)
        self.drawn = ListPart(self.presenter.drawing)
        self.area, self.letter = AreaPart(self.drawn), LetterStep(context.clock)
        self.check = CheckStep(context.runner)
        self.make = MakeStep(self.presenter.making, self._progress)
        self.deliver = DeliverStep(self.delivery)
        self._parts: dict[Step | None, _Part] = {
            None: self.list,
            Step.AREA: self.area,
            Step.LETTER: self.letter,
            Step.CHECK: self.check,
            Step.MAKE: self.make,
            Step.DELIVER: self.deliver,
        }
        for part in self._parts.values():
            self.body.addWidget(part, 1)
        self._connect()
        self._show(None)

    def arrive(self, case: RecordId | None = None, run: RecordId | None = None) -> None:
        """Called each time the page is shown."""
        self._problem.clear()
        if case is None:
            self._case = None
            self._show(None)
            self.list.forget()
            self.runs.arrive()
            return
        self.runs.leave()
        if case != self._case:
            self._show(Step.AREA)
        self._case = case
        self.presenter.arrive(case, run)

    def leave(self) -> bool:
        """Called before another page is shown."""
        self.runs.leave()
        self.presenter.autosave.settle()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self._parts[self._now].first()

    # ------------------------------------------------------------------ inside

    def _connect(self) -> None:
        presenter, making = self.presenter, self.presenter.making
        presenter.moved.connect(self._move)
        presenter.opened.connect(self._opened)
        presenter.chosen.connect(self.area.show_chosen)
        presenter.problems.connect(self._show_problems)
        presenter.restored.connect(self.letter.show_choices)
        presenter.planned.connect(self.check.show_plan)
        presenter.previews.connect(self.check.show_previews)
        presenter.delivering.connect(self.delivery.open)
        presenter.busy.connect(self._busy)
        presenter.failed.connect(self._failed)
        making.failed.connect(self._failed)
        making.stands.connect(self._refocus)
        self.runs.failed.connect(self._failed)
        self._context.changes.announced.connect(self._changed)
        self._all.clicked.connect(self._to_all)
        self._texts.clicked.connect(self._to_texts)
        self.area.toggled.connect(presenter.choose_area)
        presenter.drawing.touched.connect(self._list_touched)
        self.area.run_opened.connect(presenter.open_run)
        self.area.go.clicked.connect(presenter.area_done)
        self.letter.edited.connect(self._note)
        self.letter.go.clicked.connect(self._letter_done)
        self.letter.to_colleagues.clicked.connect(presenter.to_colleagues)
        self.check.leave_out.connect(presenter.leave_out)
        self.check.put_back.connect(presenter.put_back)
        self.check.told.connect(presenter.told)
        self.check.go.clicked.connect(presenter.check_done)
        self.make.deliver.clicked.connect(presenter.deliver)
        self.deliver.case.clicked.connect(self._to_case)
        self.make.anew.clicked.connect(presenter.begin_anew)
        for back in (self.letter.back, self.check.back, self.make.back, self.deliver.files):
            back.clicked.connect(presenter.back)

    def _to_case(self) -> None:
        self._context.shell.go_to("case", case=self._case)

    def _move(self, step: Step) -> None:
        if self._case is not None:
            self._show(step)

    def _show(self, step: Step | None) -> None:
        self._now = step
        for name, part in self._parts.items():
            part.setVisible(name is step)
        in_case = step is not None
        for widget in (self._steps, self._tag, self._all):
            widget.setVisible(in_case)
        if step is not None:
            self._steps.set_step(step.value)
            announce(self, self._steps.accessibleName())
        self._refocus()

    def _refocus(self) -> None:
        if self.isVisible():
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
            to_top(self)

    def _opened(self, opened: CaseLetters) -> None:
        self._problem.clear()
        if self._tag.text() != opened.reference:
            self.letter.show_choices(LetterChoices())
            self.check.forget()
        self._tag.say(opened.reference, Tone.CONFIDENTIAL)
        self.area.show_case(opened)
        self.letter.show_case(opened)

    def _show_problems(self, problems: dict[str, str]) -> None:
        self.area.say_problem(problems.get("area", ""))
        self.check.show_problems(problems)
        if self._now is Step.LETTER:
            self.letter.show_problems(problems)
        elif not problems:
            self.letter.show_problems({})

    def _list_touched(self) -> None:
        self.area.say_problem("")

    def _note(self) -> None:
        self.presenter.note(self.letter.choices())

    def _letter_done(self) -> None:
        self.presenter.letter_done(self.letter.choices())

    def _busy(self, what: str) -> None:
        for part in (self.letter, self.check):
            part.setEnabled(not what)
        if what:
            self._problem.clear()
            announce(self, what)

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)

    def _changed(self, changed: Changed) -> None:
        if "letter_run" in changed.kinds:
            self.presenter.making.look_again()
        if changed.kinds & {"organisation", "home"}:
            self.presenter.refresh()

    def _to_texts(self) -> None:
        self._context.shell.go_to("templates")

    def _to_all(self) -> None:
        self._context.shell.go_to("letters")
