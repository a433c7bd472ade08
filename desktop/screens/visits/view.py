"""The Visits page: plan a round, then walk it. It shows doors, and never which case they are for or why."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from desktop.screens.context import ScreenContext
from desktop.screens.stepping import to_top
from desktop.screens.visits.plan_view import PlanPart
from desktop.screens.visits.planning import PlanningPresenter
from desktop.screens.visits.walk_view import WalkPart
from desktop.screens.visits.walking import WalkingPresenter
from desktop.widgets import Banner, Button, Page, Tone


class VisitsPage(Page):
    """`arrive(case=..., subject=...)`: the round that goes on, that round, or planning one."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Visits from door to door", parent=parent)
        self.planning, self.walking = PlanningPresenter(context, self), WalkingPresenter(context, self)
        self._context = context
        self._case: RecordId | None = None
        self._problem = Banner("", "", Tone.ERROR)
        self.pinned.addWidget(self._problem)
        self._back = Button("Back to the case", "quiet", icon_name="arrow-left")
        self.actions.add(self._back)
        self.plan, self.walk = PlanPart(self.planning), WalkPart(self.walking)
        self._now: PlanPart | WalkPart = self.plan
        for part in (self.plan, self.walk):
            self.body.addWidget(part, 1)
            part.hide()
        self.planning.opened.connect(self._plan_it)
        self.planning.begun.connect(self._walk_it)
        self.planning.failed.connect(self._failed)
        self.walk.anew.clicked.connect(self._anew)
        self._back.clicked.connect(self._go_back)

    def arrive(self, case: RecordId, subject: RecordId | None = None) -> None:
        """Called each time the page is shown."""
        self._problem.clear()
        if case != self._case:
            self.plan.forget()
            self.plan.hide()
            self.walk.hide()
        self._case = case
        if subject is not None:
            self._walk_it(subject)
        else:
            self.planning.arrive(case)

    def leave(self) -> bool:
        """Called before another page is shown."""
        self.walking.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self._now.first()

    def _plan_it(self, _found: object) -> None:
        self._show(self.plan)

    def _walk_it(self, visit_round: RecordId) -> None:
        if self._case is not None:
            self.walking.open(self._case, visit_round)
            self._show(self.walk)

    def _anew(self) -> None:
        if self._case is not None:
            self.plan.forget()
            self.planning.arrive(self._case, anew=True)

    def _show(self, part: PlanPart | WalkPart) -> None:
        self._now = part
        self.plan.setVisible(part is self.plan)
        self.walk.setVisible(part is self.walk)
        if self.isVisible():
            self.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
            to_top(self)

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)

    def _go_back(self) -> None:
        self._context.shell.go_back()
