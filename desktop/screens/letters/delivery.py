"""From door to door: one press a door, the next one follows by itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core.domain.changed import Changed
from core.domain.letters import DOOR_OUTCOMES, LetterRecord
from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.area_afterwards import LetterReprinted
from core.services.letter_page import RunState, folder_for
from desktop.models import Column, TupleModel
from desktop.operations import letters
from desktop.screens.asking import Question
from desktop.screens.context import ScreenContext
from desktop.screens.letters.words import doors_words, short_address, short_where, where_words

SETTLE_MS = 400


class DeliveryPresenter(QObject):
    """The doors of one run in walking order. The model shows all of them, or those not done."""

    totals = Signal(str)
    at = Signal(object)
    """The door to knock at now: `LetterRecord`, or None when every door shown is done."""
    failed = Signal(object)
    reprinted = Signal(str)
    """Where one letter was printed again, in words."""

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._run: RecordId | None = None
        self._asked = 0
        self._doors: tuple[LetterRecord, ...] = ()
        self._state: RunState | None = None
        self._undone: tuple[RecordId, str] | None = None
        self._now: RecordId | None = None
        self.only_left = False
        self.model: TupleModel[LetterRecord] = TupleModel(_COLUMNS, self)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.load)
        context.changes.announced.connect(self._changed)

    def open(self, run: RecordId) -> None:
        """Show the doors of this run."""
        if run != self._run:
            self._doors, self._now = (), None
            self.model.put(())
        self._run = run
        self.load()

    def load(self) -> None:
        """Read the run again."""
        if self._run is None:
            return
        self._asked += 1
        question = Question(self._asked, self)
        question.answered.connect(self._read)
        question.failed.connect(self._not_read)
        letters.run_state(self._context.runner, self._run, on_done=question.done, on_failed=question.fail)

    def show_only_left(self, yes: bool) -> None:
        """Only the doors that are not done."""
        self.only_left = yes
        self._show()
        self._step_to(self._now_or_next())

    def stand_at(self, letter: object) -> None:
        """The person chose a door in the list."""
        if isinstance(letter, LetterRecord) and letter.id != self._now:
            self._now = letter.id
            self.at.emit(letter)

    def tick(self, outcome: str) -> None:
        """What happened at this door; the next door that is not done follows."""
        letter = self._at_now()
        if letter is None:
            return
        self._undone = (letter.id, letter.delivery)
        self._record(letter.id, outcome)
        if outcome:
            said = DOOR_OUTCOMES[outcome].lower()
            self._context.shell.say(f"{letter.address}: {said}.", self.undo)
            self._step_to(self._next_after(letter))
        else:
            self._step_to(self._door(letter.id))

    def reprint(self, folder_words: str) -> None:
        """Make the letter of this door again, as it was; one that came back is then sent again."""
        letter = self._at_now()
        typed = folder_words.strip()
        if letter is None or self._state is None or not typed:
            self.reprinted.emit("" if typed else "Choose the folder the letter goes to.")
            return
        folder = folder_for(self._state.run, Path(typed).expanduser())
        letters.reprint_letter(
            self._context.runner, letter.id, folder=folder, on_done=self._reprinted, on_failed=self._not_recorded
        )

    def undo(self) -> None:
        """Take the last tick back."""
        if self._undone is not None:
            letter, before = self._undone
            self._undone = None
            self._record(letter, before)
            self._step_to(self._door(letter))

    # ------------------------------------------------------------------ answers

    def _read(self, asked: int, state: RunState) -> None:
        if asked != self._asked:
            return
        self._state = state
        self._doors = tuple(letter for letter in state.letters if letter.state in ("made", "outsourced"))
        self._show()
        self._step_to(self._now_or_next())

    def _not_read(self, asked: int, error: AppError) -> None:
        if asked == self._asked:
            self.failed.emit(error)

    def _recorded(self, result: object) -> None:
        """The list shows it already."""

    def _not_recorded(self, error: AppError) -> None:
        self.failed.emit(error)
        self.load()

    def _reprinted(self, result: LetterReprinted) -> None:
        self.reprinted.emit(f"Printed again, as it was: {result.files[0]}")
        self.load()

    def _changed(self, changed: Changed) -> None:
        if self._run is not None and changed.kinds & {"letter", "letter_run"}:
            self._settle.start()

    # ------------------------------------------------------------------ inside

    def _record(self, letter: RecordId, outcome: str) -> None:
        self._doors = tuple(
            replace(door, delivery=outcome) if door.id == letter else door for door in self._doors
        )
        self._show()
        letters.record_delivery(
            self._context.runner, letter, outcome_code=outcome, on_done=self._recorded, on_failed=self._not_recorded
        )

    def _show(self) -> None:
        self.model.put([door for door in self._doors if not (self.only_left and door.delivery)])
        self.totals.emit(doors_words(self._doors) if self._doors else "")

    def _at_now(self) -> LetterRecord | None:
        return self._door(self._now) if self._now else None

    def _door(self, letter: RecordId) -> LetterRecord | None:
        return next((door for door in self._doors if door.id == letter), None)

    def _now_or_next(self) -> LetterRecord | None:
        now = self._at_now()
        if now is not None and not (self.only_left and now.delivery):
            return now
        return next((door for door in self._doors if not door.delivery), None)

    def _next_after(self, letter: LetterRecord) -> LetterRecord | None:
        """The next door not done, on the way; then any that was passed."""
        place = next((number for number, door in enumerate(self._doors) if door.id == letter.id), 0)
        ahead = (*self._doors[place + 1 :], *self._doors[:place])
        return next((door for door in ahead if not door.delivery), None)

    def _step_to(self, letter: LetterRecord | None) -> None:
        self._now = letter.id if letter else None
        self.at.emit(letter)


def _place(letter: LetterRecord) -> str:
    return str(letter.place or "")


def _address(letter: LetterRecord) -> str:
    return letter.address


def _short(letter: LetterRecord) -> str:
    return short_address(letter.address)


def _door_words(letter: LetterRecord) -> str:
    return DOOR_OUTCOMES.get(letter.delivery, letter.delivery)


_COLUMNS = (
    Column(heading="Walk", words=_place, wide_em=5, drop=2),
    Column(heading="Home", words=_short, spoken=_address, wide_em=28, stretch=True),
    Column(heading="At the door", words=_door_words, wide_em=20),
    Column(heading="Letter", words=short_where, spoken=where_words, wide_em=17, drop=1),
)
