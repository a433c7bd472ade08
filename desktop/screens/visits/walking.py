"""Walking a round: one press a door, the next one follows by itself; undo; what was said becomes a note."""

from __future__ import annotations

import json
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from core.domain.changed import Changed
from core.domain.doors import VISIT_OUTCOMES
from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import RecordId
from core.services.casework import StepRecorded
from core.services.visits import DoorNow, RoundState, progress_of, said_draft
from desktop.models import Column, TupleModel
from desktop.operations import drafts, visits
from desktop.screens.asking import Question
from desktop.screens.autosave import Autosave
from desktop.screens.context import ScreenContext
from desktop.screens.letters.words import short_address
from desktop.screens.visits.words import door_words

SETTLE_MS = 400


class WalkingPresenter(QObject):
    """The doors of one round in walk order. Doors ticked on this way round are not offered again before the next."""

    progress = Signal(object)
    """`Progress`."""
    at = Signal(object)
    """The door to knock at now: `DoorNow`, or None when every door was knocked at."""
    telling = Signal(object, str)
    """(the door at which somebody tells something or None, the words so far)."""
    problems = Signal(object)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._case: RecordId | None = None
        self._round: RecordId | None = None
        self._asked = 0
        self._doors: tuple[DoorNow, ...] = ()
        self._attempts = 1
        self._now: RecordId | None = None
        self._passed: set[RecordId] = set()
        self._knocks: list[tuple[RecordId, RecordId]] = []
        self._waiting: list[RecordId] = []
        self._told_at: RecordId | None = None
        self._words = ""
        self.only_left = False
        self.model: TupleModel[DoorNow] = TupleModel(_COLUMNS, self)
        self.autosave = Autosave(context, self._draft, self)
        self.autosave.failed.connect(self.failed)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.load)
        context.changes.announced.connect(self._changed)

    def open(self, case: RecordId, visit_round: RecordId) -> None:
        """Show the doors of this round, and what was being written at one of them."""
        if visit_round != self._round:
            self._doors, self._now, self._passed, self._knocks = (), None, set(), []
            self._told_at, self._words = None, ""
            self.model.put(())
            self.telling.emit(None, "")
        self._case, self._round = case, visit_round
        self.autosave.begin(said_draft(case))
        self.load()
        question = Question(self._asked, self)
        question.answered.connect(self._have_draft)
        question.failed.connect(self._not_read)
        drafts.load_draft(
            self._context.runner, said_draft(case), on_done=question.done, on_failed=question.fail
        )

    def leave(self) -> None:
        """Another page comes, or a lock."""
        self.autosave.settle()

    def load(self) -> None:
        """Read the round again."""
        if self._round is None:
            return
        self._asked += 1
        question = Question(self._asked, self)
        question.answered.connect(self._read)
        question.failed.connect(self._not_read)
        visits.round_state(self._context.runner, self._round, on_done=question.done, on_failed=question.fail)

    # ------------------------------------------------------------------ at the door

    def show_only_left(self, yes: bool) -> None:
        """Only the doors somebody still has to come to."""
        self.only_left = yes
        self._show()
        self._step_to(self._now_or_next())

    def stand_at(self, door: object) -> None:
        """The person chose a door in the list."""
        if isinstance(door, DoorNow) and door.door.id != self._now and not door.left_out:
            self._now = door.door.id
            self.at.emit(door)

    def knock(self, outcome: str) -> None:
        """What came of it at this door; the next door follows."""
        here = self._door(self._now)
        if here is None:
            return
        self._passed.add(here.door.id)
        self._waiting.append(here.door.id)
        more = here.no_answers + (outcome == "no-answer")
        card = outcome == "no-answer" and more >= self._attempts
        now = replace(here, outcome=outcome, at=self._context.clock.now(), no_answers=more, leave_card=card)
        self._put(now)
        visits.knock(
            self._context.runner, here.door.id, outcome_code=outcome, on_done=self._knocked, on_failed=self._not_kept
        )
        self._context.shell.say(f"{short_address(here.door.address)}: {VISIT_OUTCOMES[outcome].lower()}.", self.undo)
        if outcome == "info":
            self._told_at, self._words = here.door.id, ""
            self.telling.emit(here, "")
            return
        if card:
            self.at.emit(now)  # a card is left before one walks on
            return
        self._step_to(self._next_after(here))

    def undo(self) -> None:
        """Take the last knock back."""
        if not self._knocks:
            return
        door, visit = self._knocks.pop()
        self._passed.discard(door)
        if self._told_at == door:
            self._stop_telling()
        self._now = door
        visits.take_back(self._context.runner, visit, on_done=self._taken_back, on_failed=self._not_kept)

    def next_door(self) -> None:
        """Walk on without an outcome, or after it."""
        if self._now is not None:
            self._passed.add(self._now)
        self._go_on()

    def go_round_again(self) -> None:
        """Doors nobody answered are offered once more."""
        self._passed.clear()
        self._step_to(self._next_left(self._doors))

    def end(self) -> None:
        """Nobody goes round any more."""
        if self._round is not None:
            visits.end_round(self._context.runner, self._round, on_done=self._taken_back, on_failed=self._not_kept)

    # ------------------------------------------------------------------ what was said

    def typed(self, words: str) -> None:
        """What somebody tells is being written down."""
        if self._told_at is not None and words != self._words:
            self._words = words
            self.autosave.typed()

    def keep_words(self) -> None:
        """Write it to the case as a note."""
        if self._told_at is not None:
            self.autosave.settle()
            visits.note_from_door(
                self._context.runner, self._told_at, words=self._words, on_done=self._noted, on_failed=self._not_noted
            )

    def no_words(self) -> None:
        """Nothing is to be written down after all."""
        self._stop_telling()
        self._go_on()

    # ------------------------------------------------------------------ answers

    def _read(self, asked: int, state: RoundState) -> None:
        if asked != self._asked:
            return
        self._doors, self._attempts = state.doors, state.attempts
        self._show()
        self._step_to(None if state.ended else self._now_or_next())

    def _have_draft(self, _asked: int, draft: object) -> None:
        body = getattr(draft, "body", "")
        try:
            kept = json.loads(body) if body else {}
            door, words = RecordId(bytes.fromhex(kept["door"])), str(kept["words"])
        except (ValueError, KeyError, TypeError):
            return
        found = self._door(door)
        if found is not None:
            self._told_at, self._words, self._now = door, words, door
            self.at.emit(found)
            self.telling.emit(found, words)

    def _not_read(self, asked: int, error: AppError) -> None:
        if asked == self._asked:
            self.failed.emit(error)

    def _knocked(self, recorded: StepRecorded) -> None:
        if self._waiting:
            self._knocks.append((self._waiting.pop(0), recorded.record))

    def _taken_back(self, recorded: object) -> None:
        self.load()

    def _noted(self, recorded: object) -> None:
        self._told_at, self._words = None, ""
        self.autosave.finished()
        self.problems.emit({})
        self.telling.emit(None, "")
        self._context.shell.say("What you were told is a note now.")
        self._go_on()

    def _not_noted(self, error: AppError) -> None:
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        else:
            self.failed.emit(error)

    def _not_kept(self, error: AppError) -> None:
        self._waiting.clear()
        self.failed.emit(error)
        self.load()

    def _changed(self, changed: Changed) -> None:
        if self._round is not None and changed.kinds & {"visit", "visit_door", "visit_round"}:
            self._settle.start()

    # ------------------------------------------------------------------ inside

    def _draft(self) -> str:
        if self._told_at is None or not self._words.strip():
            return ""
        return json.dumps({"door": self._told_at.hex(), "words": self._words}, ensure_ascii=False)

    def _stop_telling(self) -> None:
        if self._told_at is not None:
            self._told_at, self._words = None, ""
            self.autosave.throw_away()
            self.telling.emit(None, "")

    def _put(self, changed: DoorNow) -> None:
        self._doors = tuple(changed if one.door.id == changed.door.id else one for one in self._doors)
        self._show()

    def _show(self) -> None:
        self.model.put([one for one in self._doors if not (self.only_left and one.done)])
        self.progress.emit(progress_of(self._doors))

    def _go_on(self) -> None:
        here = self._door(self._now)
        self._step_to(self._next_after(here) if here else self._next_left(self._doors))

    def _door(self, door: RecordId | None) -> DoorNow | None:
        return next((one for one in self._doors if one.door.id == door), None)

    def _now_or_next(self) -> DoorNow | None:
        here = self._door(self._now)
        if here is not None and (self._told_at == here.door.id or here.leave_card or here.door.id not in self._passed):
            return here
        return self._next_left(self._doors)

    def _next_after(self, here: DoorNow) -> DoorNow | None:
        place = next((number for number, one in enumerate(self._doors) if one.door.id == here.door.id), 0)
        return self._next_left((*self._doors[place + 1 :], *self._doors[:place]))

    def _next_left(self, doors: tuple[DoorNow, ...]) -> DoorNow | None:
        return next((one for one in doors if not one.done and one.door.id not in self._passed), None)

    def _step_to(self, door: DoorNow | None) -> None:
        self._now = door.door.id if door else None
        self.at.emit(door)


def _place(one: DoorNow) -> str:
    return str(one.door.place or "")


def _address(one: DoorNow) -> str:
    return one.door.address


def _short(one: DoorNow) -> str:
    return short_address(one.door.address)


_COLUMNS = (
    Column(heading="Walk", words=_place, wide_em=5, drop=1),
    Column(heading="Home", words=_short, spoken=_address, wide_em=26, stretch=True),
    Column(heading="At the door", words=door_words, wide_em=18),
)
