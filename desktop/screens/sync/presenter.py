"""Exchange through the shared folder: where everything stands, and an exchange now for who does not want to wait."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from core.domain.changed import Changed
from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.delivery import Standing
from core.services.sync import SyncReport, SyncState
from desktop.operations import sync
from desktop.operations.sync import Exchange
from desktop.screens.context import ScreenContext
from desktop.screens.sync.words import (
    entry_words,
    laptop_tag,
    laptop_words,
    last_words,
    missing_words,
    report_words,
    seen_words,
    silent_words,
    stage_tone,
    stage_words,
)
from desktop.screens.words import choice_lines
from desktop.theme import Tone

SETTLE_MS = 500
AGAIN_MS = 10_000


@dataclass(frozen=True, slots=True)
class SyncView:
    """What the page says. `place` is empty until one is chosen."""

    place: str
    state: str
    last: str
    seen: str
    notices: tuple[str, ...]
    choices: tuple[tuple[str, str, RecordId | None], ...] = ()
    """(in short, the rest, case) of what two laptops wrote apart."""
    question: str = ""
    """The one thing a person is asked, if much of the folder is gone."""


@dataclass(frozen=True, slots=True)
class StandingView:
    """`newest`: (tag, its tone, words). `laptops`: the same. `alarms`: (in short, the rest, tone)."""

    newest: tuple[tuple[str, Tone, str], ...]
    laptops: tuple[tuple[str, Tone, str], ...]
    alarms: tuple[tuple[str, str, Tone], ...]


class SyncPresenter(QObject):
    """One exchange at a time."""

    shown = Signal(object)
    """`SyncView`."""
    stands = Signal(object)
    """`StandingView`."""
    busy = Signal(str)
    progress = Signal(int, int, str)
    told = Signal(str, str)
    """What an exchange did: (in short, the rest); empty: nothing to tell."""
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._exchange = Exchange(context.runner, self)
        self._exchange.progress.connect(self.progress)
        self._exchange.done.connect(self._synced)
        self._exchange.failed.connect(self._failed)
        self._exchange.stopped.connect(self._stopped)
        self._visible = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.load)
        self.again = QTimer(self)
        """Exchanges that happen by themselves move ticks and change no record: a page on show looks again."""
        self.again.setInterval(AGAIN_MS)
        self.again.timeout.connect(self._look_again)
        context.changes.announced.connect(self._changed)

    def arrive(self) -> None:
        """The page is on show."""
        self._visible = True
        self.again.start()
        if not self._exchange.is_running:
            self.told.emit("", "")
        self.load()

    def leave(self) -> None:
        """Another page is on show; an exchange goes on."""
        self._visible = False
        self.again.stop()

    def load(self) -> None:
        """Where this workbook stands, without touching the folder."""
        sync.sync_state(self._context.runner, on_done=self._stands, on_failed=self._failed)
        sync.standing(self._context.runner, on_done=self._is_standing, on_failed=self._failed)

    def sync_now(self, *, everything: bool = False) -> None:
        """Send what is new here, take in what is new there."""
        self._begin(everything=everything)

    def answer(self, put_back: bool) -> None:
        """What the person says about the files the folder lost."""
        self._begin(answer=put_back)

    def _begin(self, *, everything: bool = False, answer: bool | None = None) -> None:
        if self._exchange.is_running:
            return
        self.told.emit("", "")
        self.busy.emit("Syncing")
        self._exchange.start(everything=everything, answer=answer)

    def choose(self, case: RecordId | None) -> None:
        """The versions side by side."""
        self._context.shell.go_to("versions", case=case)

    def place_chosen(self, strong: str, rest: str) -> None:
        """Another place was chosen: (in short, the rest)."""
        self.told.emit(strong, rest)
        self.load()

    def stop(self) -> None:
        """Stop; the next one goes on."""
        self._exchange.stop()

    def _stands(self, state: SyncState) -> None:
        now = self._context.clock.now()
        self.shown.emit(
            SyncView(
                state.place, state.words, last_words(state, now), seen_words(state),
                (*((state.being_checked,) if state.being_checked else ()), *state.notices),
                choice_lines(state.choices), state.question.words if state.question else "",
            )
        )  # fmt: skip

    def _is_standing(self, standing: Standing) -> None:
        now = self._context.clock.now()
        silent = [(*silent_words(row, now), Tone.SOON) for row in standing.laptops if row.silent]
        self.stands.emit(
            StandingView(
                tuple((stage_words(one.delivery), stage_tone(one.delivery), entry_words(one, now))
                      for one in standing.newest),
                tuple((*laptop_tag(row), laptop_words(row, now)) for row in standing.laptops),
                (*(missing_words(one, now) for one in standing.missing), *silent),
            )
        )  # fmt: skip

    def _synced(self, report: SyncReport) -> None:
        self._end()
        self.told.emit(*report_words(report))
        self._context.changes.exchanged.emit()
        self.load()

    def _stopped(self) -> None:
        self._end()
        self.told.emit("Stopped.", "Nothing is lost. The next sync goes on.")
        self.load()

    def _failed(self, error: AppError) -> None:
        self._end()
        self.failed.emit(error)

    def _look_again(self) -> None:
        if not self._exchange.is_running:
            self.load()

    def _changed(self, changed: Changed) -> None:
        if self._visible and not self._exchange.is_running:
            self._settle.start()

    def _end(self) -> None:
        self.busy.emit("")
