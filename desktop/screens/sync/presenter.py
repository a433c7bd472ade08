"""Exchange through the shared folder. Nothing starts without a press."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core.domain.changed import Changed
from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.sync import SyncReport, SyncState
from desktop.background import Job
from desktop.operations import sync
from desktop.screens.context import ScreenContext
from desktop.screens.sync.words import last_words, report_words, seen_words, status_words
from desktop.screens.words import choice_lines

SETTLE_MS = 500


@dataclass(frozen=True, slots=True)
class SyncView:
    """What the page says. `folder` is empty until one is chosen."""

    folder: str
    state: str
    last: str
    seen: str
    notices: tuple[str, ...]
    choices: tuple[tuple[str, str, RecordId | None], ...] = ()
    """(in short, the rest, case) of what two laptops wrote apart."""


class SyncPresenter(QObject):
    """One exchange at a time."""

    shown = Signal(object)
    """`SyncView`."""
    busy = Signal(str)
    progress = Signal(int, int, str)
    told = Signal(str, str)
    """What an exchange did: (in short, the rest); empty: nothing to tell."""
    folder_problem = Signal(str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None
        self._is_busy = False
        self._visible = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.load)
        context.changes.announced.connect(self._changed)

    def arrive(self) -> None:
        """The page is on show."""
        self._visible = True
        if not self._is_busy:
            self.told.emit("", "")
        self.load()

    def leave(self) -> None:
        """Another page is on show; an exchange goes on."""
        self._visible = False

    def load(self) -> None:
        """Where this workbook stands, without touching the folder."""
        sync.sync_state(self._context.runner, on_done=self._stands, on_failed=self._failed)

    def choose_folder(self, words: str) -> None:
        """Use this folder from now on."""
        typed = words.strip()
        self.folder_problem.emit("" if typed else "Choose the folder your organisation shares.")
        if typed and not self._is_busy:
            sync.choose_folder(
                self._context.runner, Path(typed).expanduser(), on_done=self._chosen, on_failed=self._not_chosen
            )

    def sync_now(self, *, everything: bool = False) -> None:
        """Send what is new here, take in what is new there."""
        if self._is_busy:
            return
        self._is_busy = True
        self.told.emit("", "")
        self.busy.emit("Syncing")
        self._job = sync.sync_now(
            self._context.runner,
            everything=everything,
            on_done=self._synced,
            on_failed=self._failed,
            on_cancelled=self._stopped,
            on_progress=self._heard,
        )

    def choose(self, case: RecordId | None) -> None:
        """The versions side by side."""
        self._context.shell.go_to("versions", case=case)

    def stop(self) -> None:
        """Stop; the next one goes on."""
        if self._job is not None and self._is_busy:
            self._job.cancel()

    def _stands(self, state: SyncState) -> None:
        folder = str(state.folder) if state.folder else ""
        now = self._context.clock.now()
        self._context.shell.show_status(status_words(state))
        self.shown.emit(
            SyncView(
                folder, state.words, last_words(state, now), seen_words(state), state.notices,
                choice_lines(state.choices),
            )
        )  # fmt: skip

    def _chosen(self, result: object) -> None:
        self.told.emit("The folder is set.", "Press Sync now to exchange with your colleagues.")
        self.load()

    def _not_chosen(self, error: AppError) -> None:
        self.folder_problem.emit(str(error.explain()))

    def _heard(self, done: int, total: int, stage: str) -> None:
        self.progress.emit(done, total, stage)

    def _synced(self, report: SyncReport) -> None:
        self._end()
        self.told.emit(*report_words(report))
        self.load()

    def _stopped(self) -> None:
        self._end()
        self.told.emit("Stopped.", "Nothing is lost. The next sync goes on.")
        self.load()

    def _failed(self, error: AppError) -> None:
        self._end()
        self.failed.emit(error)

    def _changed(self, changed: Changed) -> None:
        if self._visible and not self._is_busy:
            self._settle.start()

    def _end(self) -> None:
        self._is_busy = False
        self._job = None
        self.busy.emit("")
