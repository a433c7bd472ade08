"""One private interview at a time: shut, opened with a reason, held, and forgotten when the page is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from core.foundation.errors import AppError, FormIncomplete, WrongPassphrase
from core.foundation.ids import RecordId, StreamId
from core.services.interviews import Interview, InterviewRow
from core.services.rest import RestState
from desktop.operations import interview_record, interviews
from desktop.screens.context import ScreenContext
from desktop.screens.interviews.drafting import FIELDS, pack, unpack

PAUSE_MS = 1_000
"""At most so much typing is lost when the laptop dies: it is kept every second while somebody types."""


class InterviewPresenter(QObject):
    """Nothing of an interview is asked for before a reason was given, and nothing of it stays afterwards."""

    shut = Signal(object, bool)
    """(`InterviewRow`, whether the second passphrase is needed first)."""
    opened = Signal(object)
    """`Interview`."""
    forgotten = Signal()
    people = Signal(object)
    """Who else could be let in, a tuple of `PersonRow`."""
    risk_questions = Signal(object)
    """`Questions` of the risk assessment."""
    kept = Signal(object)
    """When what is typed was last on the disk; None while something is not yet."""
    problems = Signal(object)
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.interview: StreamId | None = None
        self.shown: Interview | None = None
        self._row: InterviewRow | None = None
        self._entry: RecordId | None = None
        self._used: set[RecordId] = set()
        self._needs_second = False
        self._reason = ""
        self._typed: dict[str, Any] = {}
        self._told = ""
        self._is_busy = False
        self._drops: tuple[str, ...] = ()
        self._then: Callable[[], None] | None = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.keep_draft)

    # ------------------------------------------------------------------ opening and leaving

    def arrive(self, interview: StreamId, entry: RecordId | None = None) -> None:
        """Show an interview, shut. With `entry` it was begun just now and opens, once."""
        self._forget()
        self.interview = interview
        self._entry = entry if entry is not None and entry not in self._used else None
        if self._entry is not None:
            self._used.add(self._entry)
        interviews.list_interviews(self._context.runner, on_done=self._have_rows, on_failed=self.tell_failure)

    def leave(self) -> None:
        """Put it away: what is typed is kept sealed, what was read is gone from the screen."""
        self.keep_draft()
        self._forget()
        self._context.shell.stand_alone(False)

    def open(self, reason: str, passphrase: str) -> None:
        """Write down the reason, then open it."""
        self._reason = reason
        if not reason.strip():
            self.problems.emit({"reason": "Say why you open it."})
        elif self._needs_second:
            interviews.open_rest(
                self._context.runner, passphrase=passphrase, on_done=self._rest_opened, on_failed=self._not_opened
            )
        else:
            self._ask()

    # ------------------------------------------------------------------ typing and saving

    def typed(self, name: str, value: object) -> None:
        """Something was typed; it is kept, sealed, within a second, also while somebody goes on typing."""
        self._typed[name] = value
        if not self._pause.isActive():
            self._pause.start()
        self.kept.emit(None)

    def keep_draft(self) -> None:
        """Keep what is typed and not saved."""
        self._pause.stop()
        if self.shown is not None and self._typed:
            self.keep_what_is_left()

    def keep_what_is_left(self) -> None:
        """Something typed was saved by itself: what is kept of the typing is what is left."""
        if self.interview is not None:
            interviews.save_interview_draft(
                self._context.runner, self.interview, body=pack(self._typed), on_done=self._drafted,
                on_failed=self.tell_failure,
            )  # fmt: skip

    def save(self, settled: Mapping[str, object] | None = None, then: Callable[[], None] | None = None) -> None:
        """Save what was typed, and of fields with two versions those the person looked at (`settled`)."""
        wanted = {**(settled or {}), **{name: value for name, value in self._typed.items() if name in FIELDS}}
        if self.interview is None or self.shown is None:
            return
        if not wanted:
            if then is None:
                self.told.emit("Nothing was changed.")
            else:
                then()
            return
        if self.begin("Saved, sealed. The other readers have it after the next sync.", drops=tuple(wanted), then=then):
            self._pause.stop()
            interviews.save_interview(
                self._context.runner, self.interview, values=wanted, left=self.left_of(wanted), on_done=self.written,
                on_failed=self.not_saved,
            )  # fmt: skip

    def finish(self) -> None:
        """It is over: say when it ended unless that was said, save, and put it away."""
        self._end_now()
        self.save(then=self._context.shell.go_back)

    def want_to_stop(self) -> None:
        """The person wants to stop: save at once, and cover the screen."""
        self.typed("stopped", True)
        self._end_now()
        self._context.shell.cover()
        self.save()

    def begin(self, told: str, *, drops: tuple[str, ...] = (), then: Callable[[], None] | None = None) -> bool:
        """Whether something may be written now; if so `written` or `not_saved` follows. Pressing twice does it once.

        `drops`: what was typed and is saved by it. `then`: what comes once it is read again.
        """
        if self.interview is None or self.shown is None or self._is_busy:
            return False
        self._is_busy, self._told, self._drops, self._then = True, told, drops, then
        return True

    def written(self, _result: object) -> None:
        """Something was written; look again."""
        self._is_busy = False
        for name in self._drops:
            self._typed.pop(name, None)
        self.kept.emit(self.moment())
        if self.shown is not None:
            self.told.emit(self._told)
            interviews.read_again(
                self._context.runner, self.shown.row.interview, self.shown.entry, on_done=self._have_again,
                on_failed=self.tell_failure,
            )  # fmt: skip

    def look_again(self, told: str) -> None:
        """Something was written beside everything else: read the interview again, whatever else is going on."""
        if self.shown is not None:
            self.told.emit(told)
            interviews.read_again(
                self._context.runner, self.shown.row.interview, self.shown.entry, on_done=self._have,
                on_failed=self.tell_failure,
            )  # fmt: skip

    def not_saved(self, error: AppError) -> None:
        """Nothing was written; what was typed is kept."""
        self._is_busy, self._then = False, None
        self.keep_draft()
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        else:
            self.failed.emit(error)

    def left_of(self, names: Iterable[str]) -> str:
        """What is typed beside `names`, as it is kept."""
        taken = set(names)
        return pack({name: value for name, value in self._typed.items() if name not in taken})

    # ------------------------------------------------------------------ for the window

    def go_back(self) -> None:
        """To the list."""
        self._context.shell.go_back()

    def cover(self) -> None:
        """The curtain."""
        self._context.shell.cover()

    def lock(self) -> None:
        """Lock the workbook."""
        self._context.shell.lock()

    def moment(self) -> datetime:
        """The time now."""
        return self._context.clock.now()

    @property
    def unsaved(self) -> Mapping[str, Any]:
        """What was typed and not saved, from an earlier time too."""
        return self._typed

    # ------------------------------------------------------------------ answers

    def _have_rows(self, rows: tuple[InterviewRow, ...]) -> None:
        self._row = next((row for row in rows if row.interview == self.interview), None)
        if self._row is not None:
            interviews.rest_state(self._context.runner, on_done=self._have_state, on_failed=self.tell_failure)

    def _have_state(self, state: RestState) -> None:
        self._needs_second = not state.open
        if self._row is None or self.shown is not None:
            return
        if self._entry is not None and state.open:
            interviews.read_again(
                self._context.runner, self._row.interview, self._entry, on_done=self._have, on_failed=self.tell_failure
            )
        else:
            self.shut.emit(self._row, self._needs_second)

    def _rest_opened(self, _result: object) -> None:
        self._needs_second = False
        self._ask()

    def _ask(self) -> None:
        if self.interview is not None:
            interviews.open_interview(
                self._context.runner, self.interview, reason=self._reason, on_done=self._have, on_failed=self.not_saved
            )

    def _not_opened(self, error: AppError) -> None:
        if isinstance(error, WrongPassphrase):
            self.problems.emit({"passphrase": "That is not the second passphrase. It was written down that you tried."})
        else:
            self.failed.emit(error)

    def _have(self, found: Interview) -> None:
        if found.row.interview != self.interview:
            return
        first = self.shown is None
        self.shown = found
        if first:
            self._typed = unpack(found.draft)
            self._context.shell.stand_alone(True)
            interview_record.risk_questions(
                self._context.runner, on_done=self._have_questions, on_failed=self.tell_failure
            )
        self.problems.emit({})
        self.opened.emit(found)
        if found.row.i_lead:
            interviews.could_read_interview(
                self._context.runner, found.row.interview, on_done=self._have_people, on_failed=self.tell_failure
            )

    def _have_again(self, found: Interview) -> None:
        then, self._then = self._then, None
        self._have(found)
        if then is not None:
            then()

    def _have_people(self, people: object) -> None:
        self.people.emit(people)

    def _have_questions(self, questions: object) -> None:
        self.risk_questions.emit(questions)

    def _end_now(self) -> None:
        if self.shown is not None and self.shown.record.ended_at is None and not self._typed.get("ended_at"):
            self.typed("ended_at", self.moment())

    def _drafted(self, at: datetime) -> None:
        if not self._pause.isActive():
            self.kept.emit(at)

    def tell_failure(self, error: AppError) -> None:
        """Something could not be had."""
        self.failed.emit(error)

    def _forget(self) -> None:
        self.interview, self.shown, self._row, self._reason = None, None, None, ""
        self._entry, self._then, self._typed, self._is_busy = None, None, {}, False
        self.forgotten.emit()
