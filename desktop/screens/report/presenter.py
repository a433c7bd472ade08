"""Logging a report: kept as it is typed, checked when it is saved."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import RecordId
from core.services.cases import REPORT_DRAFT, CaseLogged
from core.services.existing import ExistingCase, ReportAdded, ReportSoFar
from core.services.homes import address_of
from core.services.organisation import MemberRow
from core.services.out_of_hours import ReceivedWhen
from core.services.recovery_case import GroupOption
from desktop.operations import cases, drafts, existing, governance, homes, organisation
from desktop.screens.asking import Question
from desktop.screens.autosave import Autosave
from desktop.screens.context import ScreenContext
from desktop.screens.report.form import Typed, from_draft, report_form, so_far, to_draft
from desktop.screens.words import small_first, when_words
from desktop.widgets import Suggestion
from desktop.widgets.moments import moment_words

LOOK_AFTER_MS = 600
"""After so long without a key, cases that may be the same are looked for."""
TO_DECIDE = " It is closed: decide now or later whether it is opened again."
NO_MOMENT = "Enter a day and a time, for example: today, 9:41am."


class ReportPresenter(QObject):
    """Holds what is typed, so that a draft and a save never ask the screen."""

    restored = Signal(object, str)
    """(`Typed`, words): a draft was found and is shown."""
    cleared = Signal()
    """The page begins anew."""
    problems = Signal(object)
    """Field name -> sentence."""
    failed = Signal(object)
    said = Signal(str)
    """ "Saved at 9:41am on this laptop"."""
    suggested = Signal(int, object)
    """(number of the question, tuple of `Suggestion`)."""
    colleagues_known = Signal(object)
    recovery_asked = Signal(object)
    """A tuple of `GroupOption`: which sheets may bring the case back must be chosen."""
    busy = Signal(bool)
    warned = Signal(str)
    """That this person's own training has lapsed; empty if it has not."""
    received = Signal(object)
    """`ReceivedWhen`: whether the moment typed lies outside office hours, and who held the phone."""
    existing = Signal(object)
    """A tuple of `ExistingCase`: cases that may be about the same."""

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._typed = Typed()
        self._colleagues: tuple[MemberRow, ...] | None = None
        self._is_busy = False
        self._thrown: Typed | None = None
        self.autosave = Autosave(context, self._draft_body, self)
        self.autosave.said.connect(self.said)
        self.autosave.failed.connect(self.failed)
        self.autosave.begin(REPORT_DRAFT)
        self._looked_for = ReportSoFar()
        self._asked_when: str | None = None
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(LOOK_AFTER_MS)
        self._look.timeout.connect(self.look_for_cases)

    def arrive(self) -> None:
        """The page is on show: carry on where it was left."""
        organisation.members(self._context.runner, on_done=self._have_colleagues, on_failed=self._failed)
        governance.own_training_warning(self._context.runner, on_done=self._have_warning, on_failed=self._no_warning)
        if self._typed.empty:
            drafts.load_draft(self._context.runner, REPORT_DRAFT, on_done=self._have_draft, on_failed=self._failed)

    def leave(self) -> None:
        """Another page comes, or a lock."""
        self.autosave.settle()

    def typed(self, typed: Typed) -> None:
        """Something was typed or ticked."""
        before, self._typed = self._typed, typed
        if typed != before and not (typed.empty and before.empty):
            self.autosave.typed()
        if typed.received_at != self._asked_when and typed.received_at is not None:
            self._ask_when(typed.received_at)
        if so_far(typed) != self._looked_for:
            self._look.start()

    def look_for_cases(self) -> None:
        """Ask whether there is a case already about what was typed so far."""
        asked = self._looked_for = so_far(self._typed)
        if asked.empty:
            self.existing.emit(())
            return
        question = Question(asked, self)
        question.answered.connect(self._have_existing)
        question.failed.connect(self._look_failed)
        existing.find_existing(self._context.runner, asked, on_done=question.done, on_failed=question.fail)

    def add_to(self, case: RecordId) -> None:
        """Add the report to a case there is already, in place of a case of its own."""
        if self._may_save():
            self._set_busy(True)
            self.autosave.settle()
            form = report_form(self._typed, self._colleagues or ())
            existing.add_report(
                self._context.runner, case, form, on_done=self._added, on_failed=self._not_logged
            )

    def look_at(self, case: RecordId) -> None:
        """Go to a case; what is typed here is kept."""
        self._context.shell.go_to("case", case=case)

    def find_homes(self, number: int, words: str) -> None:
        """Homes for what was typed; answered by `suggested(number, ...)`."""
        if len(words) < 2:
            self.suggested.emit(number, ())
            return
        question = Question(number, self)
        question.answered.connect(self._have_homes)
        homes.find_homes(self._context.runner, words=words, on_done=question.done, on_failed=question.fail)

    def save(self) -> None:
        """Log the report. Pressing twice saves once."""
        if not self._may_save():
            return
        self._set_busy(True)
        self.autosave.settle()
        form = report_form(self._typed, self._colleagues or ())
        cases.log_report(self._context.runner, form, on_done=self._logged, on_failed=self._not_logged)

    def start_again(self) -> None:
        """Throw away what was typed; it can be brought back for ten seconds."""
        self._thrown = self._typed
        self._typed = Typed()
        self.autosave.throw_away()
        self.cleared.emit()
        self._context.shell.say("What you had typed is thrown away.", self.bring_back)

    def bring_back(self) -> None:
        """Undo `start_again`."""
        if self._thrown is not None:
            self._typed, self._thrown = self._thrown, None
            self.restored.emit(self._typed, "")
            self.autosave.typed()

    def now(self) -> datetime:
        """The time now."""
        return self._context.clock.now()

    # ------------------------------------------------------------------ answers

    def _draft_body(self) -> str:
        return to_draft(self._typed)

    def _have_draft(self, draft: object) -> None:
        body = getattr(draft, "body", "")
        if not body or not self._typed.empty:
            return
        self._typed = from_draft(body)
        saved = when_words(draft.saved_at, self.now())  # type: ignore[attr-defined]  # a Draft
        self.restored.emit(self._typed, f"You were writing this report. It is saved up to {saved}.")

    def _have_colleagues(self, found: tuple[MemberRow, ...]) -> None:
        if found != self._colleagues:
            self._colleagues = found
            self.colleagues_known.emit(found)

    def _have_warning(self, words: str) -> None:
        self.warned.emit(words)

    def _no_warning(self, error: AppError) -> None:
        """As with a hint: no reason to stop somebody who writes a report down."""

    def _ask_when(self, received_at: str) -> None:
        self._asked_when = received_at
        question = Question(received_at, self)
        question.answered.connect(self._have_when)
        question.failed.connect(self._when_failed)
        moment = datetime.fromisoformat(received_at)
        governance.received_when(self._context.runner, moment, on_done=question.done, on_failed=question.fail)

    def _have_when(self, asked: str, found: ReceivedWhen) -> None:
        if asked == self._asked_when:
            self.received.emit(found)

    def _when_failed(self, _asked: str, _error: AppError) -> None:
        self._asked_when = None  # a hint that cannot be had is no reason to stop anybody

    def _have_homes(self, number: int, found: tuple[object, ...]) -> None:
        rows = tuple(Suggestion(home.id.hex(), address_of(home)) for home in found)  # type: ignore[attr-defined,arg-type]
        self.suggested.emit(number, rows)

    def _may_save(self) -> bool:
        if self._is_busy:
            return False
        if self._typed.received_at is None:
            self.problems.emit({"received_at": NO_MOMENT})
            return False
        return True

    def _have_existing(self, asked: ReportSoFar, found: tuple[ExistingCase, ...]) -> None:
        if asked == self._looked_for:
            self.existing.emit(found)

    def _look_failed(self, asked: ReportSoFar, error: AppError) -> None:
        """A hint that cannot be had is no reason to stop somebody who writes a report down."""

    def _added(self, added: ReportAdded) -> None:
        self._leave_for(added.case)
        if added.to_decide:
            self._context.shell.go_to("step", step="late-report", case=added.case, subject=added.report)
        self._context.shell.say(f"The report was added to {added.reference}.{TO_DECIDE if added.to_decide else ''}")

    def _leave_for(self, case: RecordId) -> None:
        self._set_busy(False)
        self.autosave.finished()
        self._typed, self._looked_for = Typed(), ReportSoFar()
        self.cleared.emit()
        self.existing.emit(())
        self._context.shell.go_back()
        self._context.shell.go_to("case", case=case)

    def _logged(self, logged: CaseLogged) -> None:
        self._leave_for(logged.case)
        self._context.shell.say(f"{logged.reference} saved. {self._first_duty(logged)}".strip())

    def _not_logged(self, error: AppError) -> None:
        self._set_busy(False)
        if isinstance(error, FormIncomplete):
            if "recovery" in error.problems:
                form = report_form(self._typed, self._colleagues or ())
                cases.recovery_options(
                    self._context.runner, form, on_done=self._have_options, on_failed=self._failed
                )
            self.problems.emit(error.problems)
        else:
            self.failed.emit(error)

    def _have_options(self, found: tuple[GroupOption, ...]) -> None:
        self.recovery_asked.emit(found)

    def _failed(self, error: AppError) -> None:
        self.failed.emit(error)

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self.busy.emit(busy)

    def _first_duty(self, logged: CaseLogged) -> str:
        to_do = [duty for duty in logged.duties if duty.to_do and duty.due_at is not None]
        if not to_do:
            return ""
        first = min(to_do, key=lambda duty: duty.due_at or duty.anchor_at)
        due_at = first.due_at
        assert due_at is not None
        if due_at < self.now():
            return f"{first.title} was due {small_first(moment_words(due_at, self.now()))}."
        return f"{first.title} due {small_first(moment_words(due_at, self.now()))}."
