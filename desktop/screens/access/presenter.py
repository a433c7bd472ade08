"""Decides what may be done to the readers of one case, and asks for a reason before anything is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal

from core.domain.changed import Changed
from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import RecordId, UserId
from core.services.access_page import AccessPage
from desktop.background import Job
from desktop.operations import access, interviews
from desktop.screens.asking import Question
from desktop.screens.context import ScreenContext

SETTLE_MS = 200


@dataclass(frozen=True, slots=True)
class Act:
    """Something about to be done to one person. `title` asks for it, `warning` says what it means."""

    kind: str
    user: UserId
    name: str
    besides: str = ""
    """What else to know before it is done."""

    @property
    def title(self) -> str:
        return _TITLES[self.kind].format(name=self.name)

    @property
    def warning(self) -> str:
        return " ".join(part for part in (_WARNINGS[self.kind].format(name=self.name), self.besides) if part)

    @property
    def label(self) -> str:
        return _LABELS[self.kind]

    @property
    def example(self) -> str:
        """A reason somebody might give."""
        return f"For example: {_EXAMPLES[self.kind]}"


TAKE_OFF, HAND_OVER, KEEP_OUT, NO_CONNECTION, LET_IN = "take-off", "hand-over", "keep-out", "no-connection", "let-in"
LOOKS_ON = "looks-on"

_TITLES = {
    TAKE_OFF: "Take {name} off the case",
    HAND_OVER: "Let {name} lead on the case",
    KEEP_OUT: "Keep {name} out of the case",
    NO_CONNECTION: "{name} has no connection with the case",
    LET_IN: "Let {name} read the case",
    LOOKS_ON: "{name} looks on",
}
_WARNINGS = {
    TAKE_OFF: "{name} reads nothing new from the next sync on, and their laptop forgets the case without a message."
    " What they have read or printed they keep.",
    HAND_OVER: "{name} decides from then on who reads the case. Whoever leads now goes on reading and writing.",
    KEEP_OUT: "Nobody can let {name} in any more. {name} is told nothing: no message, no count, no gap in a list. If"
    " they read the case now, their laptop forgets it. What they have read they know.",
    NO_CONNECTION: "This is written in the case, and nobody asks again.",
    LET_IN: "{name} reads the case from its beginning, and can write in it if their work allows.",
    LOOKS_ON: "{name} sees what everybody opens, prints, copies and gives out in this case from now on, and what was"
    " written down before. They see nothing of the case itself.",
}
_LABELS = {
    TAKE_OFF: "Take off", HAND_OVER: "Let lead", KEEP_OUT: "Keep out", NO_CONNECTION: "Note it", LET_IN: "Let in",
    LOOKS_ON: "Let look on",
}  # fmt: skip
_EXAMPLES = {
    TAKE_OFF: "works in another area now",
    HAND_OVER: "looks after this street from Monday",
    KEEP_OUT: "lives next door to somebody in it",
    NO_CONNECTION: "the same family name, and no relation",
    LET_IN: "covers for me in August",
    LOOKS_ON: "the committee asked for a second pair of eyes",
}
_DONE = {
    TAKE_OFF: "{name} is off the case from the next sync on.",
    HAND_OVER: "{name} leads on the case from the next sync on.",
    KEEP_OUT: "{name} is kept out of the case.",
    NO_CONNECTION: "Noted that {name} has no connection.",
    LET_IN: "{name} can read the case from their next sync on.",
    LOOKS_ON: "{name} looks on from the next sync on.",
}


class AccessPresenter(QObject):
    """One case at a time."""

    changed_case = Signal()
    shown = Signal(object)
    """`AccessPage`."""
    asked = Signal(object)
    """The `Act` that needs a reason now, or None."""
    problems = Signal(object)
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.case: RecordId | None = None
        self._visible = False
        self._page: AccessPage | None = None
        self._act: Act | None = None
        self._running: Act | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.load)
        context.changes.announced.connect(self._changed)

    def arrive(self, case: RecordId) -> None:
        """Show the readers of a case."""
        if case != self.case:
            self._page = None
            self.changed_case.emit()
        self.case, self._visible = case, True
        self.load()

    def leave(self) -> None:
        """Another page is on show."""
        self._visible = False
        self.put_away()

    def load(self) -> None:
        """Ask the vault."""
        if self.case is None:
            return
        question = Question(self.case, self)
        question.answered.connect(self._have)
        question.failed.connect(self._could_not)
        access.read_access(self._context.runner, self.case, on_done=question.done, on_failed=question.fail)

    def ask(self, kind: str, user: UserId, name: str) -> None:
        """Somebody pressed a button beside a name: a reason comes first."""
        known = self._page.training if self._page is not None and kind in (HAND_OVER, LET_IN) else {}
        self._act = Act(kind, user, name, known.get(user, ""))
        self.asked.emit(self._act)

    def put_away(self) -> None:
        """Not now."""
        self._act = None
        self.problems.emit({})
        self.asked.emit(None)

    def confirm(self, reason: str) -> None:
        """Do what was asked."""
        act, case = self._act, self.case
        if act is None or case is None or self._running is not None:
            return
        self._running = act
        _OPERATIONS[act.kind](
            self._context.runner, case, act.user, reason=reason, on_done=self._done, on_failed=self._not_done
        )

    def ask_two(self, user: UserId, name: str) -> None:
        """Ask two administrators to let in somebody who is kept out."""
        self._context.shell.go_to("override", case=self.case, user=user, called=name)

    def look_at_list(self) -> None:
        """Who has opened, printed, copied or given out what."""
        self._context.shell.go_to("opened", case=self.case)

    def declare(self) -> None:
        """Say something about oneself."""
        self._context.shell.go_to("declare", case=self.case)

    def look_at_interviews(self) -> None:
        """What is set apart, and setting something apart."""
        self._context.shell.go_to("interviews", case=self.case)

    def go_back(self) -> None:
        """To the case."""
        self._context.shell.go_back()

    def moment(self) -> datetime:
        """The time now."""
        return self._context.clock.now()

    # ------------------------------------------------------------------ answers

    def _have(self, case: RecordId, page: AccessPage) -> None:
        if case == self.case:
            self._page = page
            self.shown.emit(page)

    def _could_not(self, case: RecordId, error: AppError) -> None:
        if case == self.case:
            self.failed.emit(error)

    def _done(self, result: object) -> None:
        act, self._running = self._running, None
        self.put_away()
        if act is not None:
            self.told.emit(_DONE[act.kind].format(name=act.name))
        self.load()

    def _not_done(self, error: AppError) -> None:
        self._running = None
        if isinstance(error, FormIncomplete):
            self.problems.emit({"reason": next(iter(error.problems.values()))})
        else:
            self.failed.emit(error)

    def _changed(self, changed: Changed) -> None:
        if self._visible:
            self._settle.start()


_OPERATIONS: dict[str, Callable[..., Job]] = {
    TAKE_OFF: access.remove_reader, HAND_OVER: access.hand_over, KEEP_OUT: access.wall_off,
    NO_CONNECTION: access.note_no_conflict, LET_IN: access.add_reader,
    LOOKS_ON: interviews.choose_auditor,
}  # fmt: skip
