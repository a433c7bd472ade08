"""Exchange with the others through the shared folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.domain.changed import NOTHING
from core.foundation.errors import AppError
from core.foundation.ids import DeviceId, RecordId
from core.services import delivery, downloads, place_trial, sync_words
from core.services import place as places
from core.services import sync as services
from core.services.downloads import Elsewhere
from core.services.place import Place, ReadyToTry
from core.services.sync import NEW, Carried, SyncTurn
from desktop.background import Job, Lane, Receiver
from desktop.operations.base import Runner, operation


def sync_state(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `SyncState`, without touching the folder."""
    return operation(runner, services.sync_state, {}, on_done=on_done, on_failed=on_failed)


def standing(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Standing`, without touching the folder."""
    return operation(runner, delivery.standing, {}, on_done=on_done, on_failed=on_failed)


def delivery_of_case(runner: Runner, case: RecordId, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `Delivery`, or None if nothing was written here; without touching the folder."""
    return operation(runner, delivery.delivery_of_case, {"case": case}, on_done=on_done, on_failed=on_failed)


def shown_place(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with the place of exchange without its secret, or None."""
    return operation(runner, places.shown_place, {}, on_done=on_done, on_failed=on_failed)


def choose_place(runner: Runner, place: Place, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `PlaceChosen`."""
    return operation(runner, places.choose_place, {"place": place}, on_done=on_done, on_failed=on_failed)


def ready_to_try(runner: Runner, place: Place, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `ReadyToTry`, which `try_place` takes."""
    return operation(runner, places.ready_to_try, {"place": place}, on_done=on_done, on_failed=on_failed)


def try_place(runner: Runner, ready: ReadyToTry, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `PlaceTried`. A store may take its time: saving goes on meanwhile."""
    arguments = {"place": ready.place, "clock": ready.parts.clock, "randomness": ready.parts.randomness}
    return operation(
        runner, place_trial.try_place, arguments, on_done=on_done, on_failed=on_failed, lane=Lane.POOL
    )


def bring_down(runner: Runner, elsewhere: Elsewhere, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with `BroughtDown`. It may wait for a download, so it holds up nothing else."""
    return operation(
        runner, downloads.bring_down, {"elsewhere": elsewhere}, on_done=on_done, on_failed=on_failed, lane=Lane.POOL
    )


def code_of(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with the code of the store for a colleague."""
    return operation(runner, places.code_of, {}, on_done=on_done, on_failed=on_failed)


def sync_now(
    runner: Runner,
    *,
    everything: bool = False,
    on_done: Receiver,
    on_failed: Receiver,
    on_cancelled: Receiver,
    on_progress: Receiver,
) -> Job:
    """Answers with `SyncReport`. Stopped anywhere, the next one goes on. `Exchange` lets saves go in between."""
    return operation(
        runner, services.sync_now, {"everything": everything},
        on_done=on_done, on_failed=on_failed, on_cancelled=on_cancelled, on_progress=on_progress,
    )  # fmt: skip


def send_before_lock(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Send what was written, even if the workbook is being locked. Answers with `LastSent`."""
    return operation(
        runner, services.send_before_lock, {}, on_done=on_done, on_failed=on_failed, last_words=True
    )


def words_of_laptops(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with a tuple of `LaptopWords`."""
    return operation(runner, sync_words.words_of_laptops, {}, on_done=on_done, on_failed=on_failed)


def minutes_text(runner: Runner, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Answers with the sync words as a text for the minutes."""
    return operation(runner, sync_words.minutes_text, {}, on_done=on_done, on_failed=on_failed)


def save_minutes(runner: Runner, path: Path, *, on_done: Receiver, on_failed: Receiver) -> Job:
    """Write that text to a file. Answers with `MinutesSaved`."""
    return operation(runner, sync_words.save_minutes, {"path": path}, on_done=on_done, on_failed=on_failed)


def compare_words(
    runner: Runner, device: DeviceId, number: int, words: str, *, on_done: Receiver, on_failed: Receiver
) -> Job:
    """Answers with `WordsCompared`."""
    return operation(
        runner, sync_words.compare_words, {"device": device, "number": number, "words": words},
        on_done=on_done, on_failed=on_failed,
    )  # fmt: skip


class Exchange(QObject):
    """One exchange, as a row of short jobs: whatever is saved meanwhile goes between two of them."""

    progress = Signal(int, int, str)
    done = Signal(object)
    """`SyncReport`, with everything that changed told by the jobs themselves."""
    failed = Signal(object)
    stopped = Signal()

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._job: Job | None = None
        self._carried: Carried = NEW
        self._everything = False
        self._answer: bool | None = None
        self.is_running = False
        self.announced = NOTHING
        """What its newest job has changed, as the runner announces it."""

    def start(self, *, everything: bool = False, answer: bool | None = None) -> bool:
        """Begin. False if one is running."""
        if self.is_running:
            return False
        self.is_running = True
        self._carried, self._everything, self._answer = NEW, everything, answer
        self._turn()
        return True

    def stop(self) -> None:
        """Stop; the next one goes on."""
        if self._job is not None:
            self._job.cancel()

    def _turn(self) -> None:
        self._job = operation(
            self._runner, services.sync_turn,
            {"carried": self._carried, "everything": self._everything, "answer": self._answer},
            on_done=self._turned, on_failed=self._ended_badly, on_cancelled=self._ended_early,
            on_progress=self._heard,
        )  # fmt: skip

    def _turned(self, turn: SyncTurn) -> None:
        self.announced = turn.changed
        if turn.report is None:
            self._carried = turn.carried
            self._turn()
            return
        self._end()
        self.done.emit(turn.report)

    def _heard(self, done: int, total: int, stage: str) -> None:
        self.progress.emit(done, total, stage)

    def _ended_badly(self, error: AppError) -> None:
        self._end()
        self.failed.emit(error)

    def _ended_early(self) -> None:
        self._end()
        self.stopped.emit()

    def _end(self) -> None:
        self.is_running = False
        self._job = None
        self._carried = NEW
