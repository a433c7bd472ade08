"""One private interview at a time: shut, opened with a reason, written, and forgotten when the page is left."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from core.foundation.errors import AppError, FormIncomplete, WrongPassphrase
from core.foundation.ids import RecordId, StreamId, UserId
from core.services.interviews import Interview, InterviewBegun, InterviewRow
from core.services.rest import RestState
from desktop.operations import interviews
from desktop.screens.context import ScreenContext

PAUSE_MS = 500
TEXTS = ("place", "present", "interpreter", "statement")
TICKS = ("private_confirmed", "read_back", "agreed")
MOMENTS = ("started_at", "ended_at")


class InterviewPresenter(QObject):
    """Nothing of an interview is asked for before a reason was given, and nothing of it stays afterwards."""

    shut = Signal(object, bool)
    """(`InterviewRow`, whether the second passphrase is needed first)."""
    opened = Signal(object)
    """`Interview`."""
    forgotten = Signal()
    people = Signal(object)
    """Who else could be let in, a tuple of `PersonRow`."""
    problems = Signal(object)
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.interview: StreamId | None = None
        self.shown: Interview | None = None
        self._row: InterviewRow | None = None
        self._needs_second = False
        self._reason = ""
        self._typed: dict[str, Any] = {}
        self._told = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.keep_draft)

    def arrive(self, interview: StreamId) -> None:
        """Show an interview, shut."""
        self._forget()
        self.interview = interview
        interviews.list_interviews(self._context.runner, on_done=self._have_rows, on_failed=self._failed)

    def leave(self) -> None:
        """Put it away: what is typed is kept sealed, what was read is gone from the screen."""
        self.keep_draft()
        self._forget()

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

    def typed(self, name: str, value: object) -> None:
        """Something was typed; it is kept, sealed, after every pause."""
        self._typed[name] = value
        self._pause.start()

    def keep_draft(self) -> None:
        """Keep what is typed and not saved."""
        self._pause.stop()
        if self.interview is not None and self.shown is not None and self._typed:
            interviews.save_interview_draft(
                self._context.runner, self.interview, body=pack(self._typed), on_done=self._drafted,
                on_failed=self._failed,
            )  # fmt: skip

    def save(self, settled: frozenset[str], values: Mapping[str, object]) -> None:
        """Save what was typed, and of fields with two versions those the person looked at (`settled`)."""
        if self.interview is None or self.shown is None:
            return
        wanted = {**{name: values[name] for name in settled}, **{name: values[name] for name in self._typed}}
        if not wanted:
            self.told.emit("Nothing was changed.")
            return
        self._told = "Saved, sealed. The other readers have it after the next sync."
        interviews.save_interview(
            self._context.runner, self.interview, values=wanted, on_done=self._saved, on_failed=self._not_saved
        )

    def add_note(self, body: str) -> None:
        """One more note."""
        if self.interview is not None:
            self._told = "The note is saved, sealed."
            interviews.add_interview_note(
                self._context.runner, self.interview, body=body, on_done=self._saved_note, on_failed=self._not_saved
            )

    def change_reader(self, user: UserId, reason: str, *, let_in: bool) -> None:
        """Let somebody in, or take somebody off."""
        if self.interview is not None:
            self._told = "The readers are changed from the next sync on."
            interviews.change_interview_readers(
                self._context.runner, self.interview, user, let_in=let_in, reason=reason, on_done=self._changed,
                on_failed=self._not_saved,
            )  # fmt: skip

    def go_back(self) -> None:
        """To the list."""
        self._context.shell.go_back()

    def moment(self) -> datetime:
        """The time now."""
        return self._context.clock.now()

    # ------------------------------------------------------------------ answers

    def _have_rows(self, rows: tuple[InterviewRow, ...]) -> None:
        self._row = next((row for row in rows if row.interview == self.interview), None)
        if self._row is not None:
            interviews.rest_state(self._context.runner, on_done=self._have_state, on_failed=self._failed)

    def _have_state(self, state: RestState) -> None:
        self._needs_second = not state.open
        if self._row is not None and self.shown is None:
            self.shut.emit(self._row, self._needs_second)

    def _rest_opened(self, result: object) -> None:
        self._needs_second = False
        self._ask()

    def _ask(self) -> None:
        if self.interview is not None:
            interviews.open_interview(
                self._context.runner, self.interview, reason=self._reason, on_done=self._have, on_failed=self._not_saved
            )

    def _not_opened(self, error: AppError) -> None:
        if isinstance(error, WrongPassphrase):
            self.problems.emit({"passphrase": "That is not the second passphrase. It was written down that you tried."})
        else:
            self.failed.emit(error)

    def _have(self, found: Interview) -> None:
        if found.row.interview != self.interview:
            return
        self.shown = found
        self._typed = unpack(found.draft)
        self.problems.emit({})
        self.opened.emit(found)
        if found.row.i_lead:
            interviews.could_read_interview(
                self._context.runner, found.row.interview, on_done=self._have_people, on_failed=self._failed
            )

    @property
    def unsaved(self) -> Mapping[str, Any]:
        """What was typed and not saved, from an earlier time too."""
        return self._typed

    def _have_people(self, people: object) -> None:
        self.people.emit(people)

    def _saved(self, result: object) -> None:
        self._typed = {}
        self._again()

    def _saved_note(self, result: object) -> None:
        self._again()

    def _changed(self, result: object) -> None:
        self._again()

    def _again(self) -> None:
        self.told.emit(self._told)
        if self.shown is not None:
            interviews.read_again(
                self._context.runner, self.shown.row.interview, self.shown.entry, on_done=self._have,
                on_failed=self._failed,
            )  # fmt: skip

    def _not_saved(self, error: AppError) -> None:
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        else:
            self.failed.emit(error)

    def _drafted(self, nothing: object) -> None:
        self.told.emit("What you typed is kept on this laptop, sealed.")

    def _failed(self, error: AppError) -> None:
        self.failed.emit(error)

    def _forget(self) -> None:
        self.interview, self.shown, self._row, self._reason = None, None, None, ""
        self._typed = {}
        self.forgotten.emit()


def pack(typed: Mapping[str, Any]) -> str:
    """What is typed as one text."""
    return json.dumps({name: _plain(value) for name, value in typed.items()})


def unpack(kept: str) -> dict[str, Any]:
    """The typed values behind `pack`; nothing if it is not one."""
    try:
        found = json.loads(kept) if kept else {}
    except ValueError:
        return {}
    typed: dict[str, Any] = {}
    for name, value in found.items() if isinstance(found, dict) else ():
        if name in MOMENTS:
            typed[name] = datetime.fromisoformat(value) if value else None
        elif name in (*TEXTS, *TICKS):
            typed[name] = value
    return typed


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


class InterviewsPresenter(QObject):
    """The list of private interviews, and setting one apart for a case."""

    listed = Signal(object)
    people = Signal(object)
    problems = Signal(object)
    told = Signal(str)
    second = Signal(object)
    """`RestState`."""
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.case: RecordId | None = None

    def arrive(self, case: RecordId | None) -> None:
        """Show the list; with a case, one can be set apart for it."""
        self.case = case
        runner = self._context.runner
        interviews.list_interviews(runner, on_done=self._have, on_failed=self._failed)
        interviews.rest_state(runner, on_done=self._have_state, on_failed=self._failed)
        if case is not None:
            interviews.who_could_read(runner, case, on_done=self._have_people, on_failed=self._failed)

    def begin(self, user: UserId | None, *, visible: bool) -> None:
        """Set one apart, for this person and one more."""
        if user is None:
            self.problems.emit({"reader": "Choose one more person who can read it."})
        elif self.case is not None:
            self.problems.emit({})
            interviews.begin_interview(
                self._context.runner, self.case, readers=frozenset({user}), visible=visible, on_done=self._begun,
                on_failed=self._not_done,
            )  # fmt: skip

    def open(self, interview: StreamId) -> None:
        """Go to one."""
        self._context.shell.go_to("interview", interview=interview)

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

    def _have(self, rows: object) -> None:
        self.listed.emit(rows)

    def _have_state(self, state: RestState) -> None:
        self.second.emit(state)

    def _have_people(self, people: object) -> None:
        self.people.emit(people)

    def _begun(self, begun: InterviewBegun) -> None:
        self.open(begun.interview)

    def _chosen(self, result: object) -> None:
        self.problems.emit({})
        self.told.emit("The second passphrase is set. It is asked once each time your workbook is opened.")
        interviews.rest_state(self._context.runner, on_done=self._have_state, on_failed=self._failed)

    def _not_done(self, error: AppError) -> None:
        if isinstance(error, FormIncomplete):
            self.problems.emit({"reader" if name == "readers" else name: said for name, said in error.problems.items()})
        else:
            self.failed.emit(error)

    def _failed(self, error: AppError) -> None:
        self.failed.emit(error)
