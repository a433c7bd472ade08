"""The list of private interviews, and beginning one in two actions from anywhere."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError, FormIncomplete, WrongPassphrase
from core.foundation.ids import RecordId, StreamId, UserId
from core.services.interview_start import InterviewStarted, StartPage
from core.services.interviews import InterviewRow
from core.services.rest import RestState
from desktop.operations import interview_record, interviews
from desktop.screens.asking import Question
from desktop.screens.context import ScreenContext


class InterviewsPresenter(QObject):
    """What stands ready to begin is asked for anew for each case that is chosen."""

    listed = Signal(object)
    to_delete = Signal(object)
    """The interviews whose case was deleted for good elsewhere, a frozenset."""
    start = Signal(object)
    """`StartPage`."""
    problems = Signal(object)
    told = Signal(str)
    second = Signal(object)
    """`RestState`."""
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._start: StartPage | None = None
        self._wanted: tuple[UserId, bool, bool | None] | None = None
        self._is_busy = False
        self._mark = 0

    @property
    def case(self) -> RecordId | None:
        """The case an interview would be begun for."""
        return self._start.case if self._start else None

    def arrive(self, case: RecordId | None) -> None:
        """Show the list, and what stands ready for this case or the newest."""
        self._start, self._is_busy, self._wanted = None, False, None
        runner = self._context.runner
        self._list()
        interviews.rest_state(runner, on_done=self._have_state, on_failed=self.tell_failure)
        self.choose_case(case)

    def choose_case(self, case: RecordId | None) -> None:
        """Another case."""
        self._mark += 1
        question = Question(self._mark, self)
        question.answered.connect(self._have_start)
        question.failed.connect(self._start_failed)
        interview_record.start_page(self._context.runner, case, on_done=question.done, on_failed=question.fail)

    def begin(self, user: UserId | None, *, visible: bool, private: bool | None, passphrase: str = "") -> None:
        """Set one apart, for this person and one more, and open it. Pressing twice begins one."""
        if self._is_busy or self.case is None:
            return
        if user is None:
            self.problems.emit({"reader": "Choose one more person who can read it."})
            return
        self.problems.emit({})
        self._wanted, self._is_busy = (user, visible, private), True
        if self._start is not None and not self._start.rest.open:
            interviews.open_rest(
                self._context.runner, passphrase=passphrase, on_done=self._rest_opened, on_failed=self._not_done
            )
        else:
            self._begin()

    def delete(self, interview: StreamId) -> None:
        """The second person agrees: it goes after its case, for good."""
        interviews.delete_interview(
            self._context.runner, interview, on_done=self._deleted, on_failed=self.tell_failure
        )

    def open(self, row: InterviewRow) -> None:
        """Go to one. What is asked before its case is opened is asked before it, too (policy 4.31)."""
        self._context.shell.go_to("interview", interview=row.interview, case=row.case)

    def choose_second(self, passphrase: str, again: str) -> None:
        """Choose the second passphrase."""
        interviews.choose_second(
            self._context.runner, passphrase=passphrase, again=again, on_done=self._chosen, on_failed=self._not_done
        )

    def look_at_list(self) -> None:
        """Who has opened what."""
        self._context.shell.go_to("opened", case=self.case)

    def go_back(self) -> None:
        """To where it was asked for."""
        self._context.shell.go_back()

    def moment(self) -> datetime:
        """The time now."""
        return self._context.clock.now()

    def tell_failure(self, error: AppError) -> None:
        """Something could not be had."""
        self.failed.emit(error)

    # ------------------------------------------------------------------ answers

    def _list(self) -> None:
        interviews.list_interviews(self._context.runner, on_done=self._have, on_failed=self.tell_failure)
        interviews.interviews_to_delete(
            self._context.runner, on_done=self._have_to_delete, on_failed=self.tell_failure
        )

    def _have_to_delete(self, found: object) -> None:
        self.to_delete.emit(found)

    def _deleted(self, _result: object) -> None:
        self.told.emit("It is deleted for good.")
        self._list()

    def _have(self, rows: object) -> None:
        self.listed.emit(rows)

    def _have_state(self, state: RestState) -> None:
        self.second.emit(state)

    def _have_start(self, mark: int, page: StartPage) -> None:
        if mark == self._mark:
            self._start = page
            self.start.emit(page)

    def _start_failed(self, mark: int, error: AppError) -> None:
        if mark == self._mark:
            self.failed.emit(error)

    def _rest_opened(self, _result: object) -> None:
        self._begin()

    def _begin(self) -> None:
        if self._wanted is not None and self.case is not None:
            user, visible, private = self._wanted
            interview_record.start_interview(
                self._context.runner, self.case, readers=frozenset({user}), visible=visible, private_confirmed=private,
                on_done=self._begun, on_failed=self._not_done,
            )  # fmt: skip

    def _begun(self, begun: InterviewStarted) -> None:
        self._is_busy = False
        self._context.shell.go_to("interview", interview=begun.interview, entry=begun.entry, case=self.case)

    def _chosen(self, _result: object) -> None:
        self.problems.emit({})
        self.told.emit("The second passphrase is set. It is asked once each time your workbook is opened.")
        interviews.rest_state(self._context.runner, on_done=self._have_state, on_failed=self.tell_failure)

    def _not_done(self, error: AppError) -> None:
        self._is_busy = False
        if isinstance(error, WrongPassphrase):
            self.problems.emit({"passphrase": "That is not the second passphrase. It was written down that you tried."})
        elif isinstance(error, FormIncomplete):
            self.problems.emit({"reader" if name == "readers" else name: said for name, said in error.problems.items()})
        else:
            self.failed.emit(error)
