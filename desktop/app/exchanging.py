"""Exchange without thinking: it happens by itself, in short jobs, and says quietly how it stands.

It begins soon after unlocking, half a minute after the last save, soon after the folder seems to have changed, and
every two minutes in any case: what a folder tells of changes is a hint, looking is the truth. While the folder is away
it is tried less and less often. What was written last is sent before the workbook is locked.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from core.domain.changed import Changed
from core.foundation.errors import AppError, FolderUnreachable, NoSharedFolder, RemovedFromOrganisation
from core.foundation.ports import Clock
from core.services.downloads import BroughtDown
from core.services.sync import SyncReport, SyncState
from desktop.operations.base import Runner
from desktop.operations.sync import Exchange, bring_down, send_before_lock
from desktop.screens.context import Changes

AFTER_UNLOCKING_MS = 3_000
AFTER_SAVING_MS = 30_000
AFTER_A_HINT_MS = 2_000
EVERY_MS = 120_000
AWAY_MOST_MS = 1_800_000
"""How long at most until a folder that is away is looked for again."""

SYNCING = "Syncing"
AWAY = "The shared folder is away"
NEEDS_ANSWER = "The shared folder needs an answer: see Sync"
TROUBLE = "The last sync did not work: see Sync"


class BackgroundExchange(QObject):
    """Lives as long as the workbook is open. Never shows a dialog and never takes the focus."""

    words = Signal(str)
    """How it stands, for the status line; empty: nothing to tell."""
    done = Signal()
    """An exchange has come to its end."""
    ended = Signal(object)
    """`RemovedFromOrganisation`: the workbook is closed for good."""

    def __init__(self, runner: Runner, clock: Clock, changes: Changes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner, self._clock = runner, clock
        self._exchange = Exchange(runner, self)
        self._exchange.done.connect(self._done)
        self._exchange.failed.connect(self._failed)
        self._exchange.stopped.connect(self._stopped)
        self._exchange.progress.connect(self._working)
        self.next = QTimer(self)
        """When it is tried next."""
        self.next.setSingleShot(True)
        self.next.timeout.connect(self.begin)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._hint)
        self._unsent = False
        self._was_whole = False
        self._has_folder = True
        self._is_downloading = False
        self._again_ms = EVERY_MS
        changes.announced.connect(self._changed)
        self._in(AFTER_UNLOCKING_MS)

    # ------------------------------------------------------------------ when

    def begin(self) -> None:
        """Exchange now, unless it is going on already."""
        self.next.stop()
        self._exchange.start()

    def heard_state(self, state: SyncState) -> None:
        """A folder or a store may have been chosen, or another one. A store cannot be watched; looking is enough."""
        had, self._has_folder = self._has_folder, state.folder is not None or bool(state.place)
        self._unsent = self._unsent or state.waiting_to_send > 0
        if self._has_folder and not had:
            self._in(AFTER_A_HINT_MS)
        self._watch(state.folder)

    def send_last(self) -> None:
        """Before the workbook is locked: what was written goes now, if it can."""
        self.next.stop()
        self._exchange.stop()
        if self._unsent and self._was_whole:
            self._unsent = False
            send_before_lock(self._runner, on_done=self._sent, on_failed=self._not_sent)

    def _in(self, ms: int) -> None:
        """Try in so long, or sooner if that was meant already."""
        if not self._has_folder or self._exchange.is_running:
            return
        if not self.next.isActive() or self.next.remainingTime() > ms:
            self.next.start(ms)

    def _changed(self, changed: Changed) -> None:
        """Something was saved: once nothing more has come for a while, it goes."""
        if changed is self._exchange.announced:
            return  # that was the exchange itself
        self._unsent = True
        if not self._exchange.is_running and self._has_folder and self._again_ms <= EVERY_MS:
            self.next.start(AFTER_SAVING_MS)

    def _hint(self, _: str) -> None:
        self._again_ms = EVERY_MS
        self._in(AFTER_A_HINT_MS)

    def _watch(self, folder: Path | None) -> None:
        month = f"{self._clock.now():%Y-%m}"
        wanted = [] if folder is None else [str(path) for path in (folder / "cwf1", folder / "cwf1" / month)]
        known = self._watcher.directories()
        if gone := [path for path in known if path not in wanted]:
            self._watcher.removePaths(gone)
        if new := [path for path in wanted if path not in known]:
            self._watcher.addPaths(new)

    # ------------------------------------------------------------------ how it went

    def _working(self, done: int, total: int, stage: str) -> None:
        """Only what takes work is told of: looking and finding nothing new is not."""
        self.words.emit(f"{stage} {done + 1:,} of {total:,}" if total > 1 else SYNCING)

    def _done(self, report: SyncReport) -> None:
        self._unsent, self._was_whole, self._again_ms = False, True, EVERY_MS
        self.words.emit(NEEDS_ANSWER if report.question else "")
        self.done.emit()
        self.next.start(EVERY_MS)
        if report.elsewhere is not None and not self._is_downloading:
            self._is_downloading = True
            bring_down(self._runner, report.elsewhere, on_done=self._brought, on_failed=self._not_brought)

    def _brought(self, brought: BroughtDown) -> None:
        self._is_downloading = False
        if brought.came:
            self._in(AFTER_A_HINT_MS)

    def _not_brought(self, _: AppError) -> None:
        self._is_downloading = False

    def _failed(self, error: AppError) -> None:
        if isinstance(error, RemovedFromOrganisation):
            self.words.emit("")
            self.ended.emit(error)
            return
        if isinstance(error, NoSharedFolder):
            self._has_folder = False
            self.words.emit("")
            return
        self._watch(None)  # a stick that is to be taken out must not be held
        self._again_ms = min(2 * self._again_ms, AWAY_MOST_MS)
        self.words.emit(AWAY if isinstance(error, FolderUnreachable) else TROUBLE)
        self.next.start(self._again_ms)

    def _stopped(self) -> None:
        self.words.emit("")
        self.next.start(EVERY_MS)

    def _sent(self, _: object) -> None:
        """Nobody is there to be told."""

    def _not_sent(self, _: AppError) -> None:
        """It goes next time."""

