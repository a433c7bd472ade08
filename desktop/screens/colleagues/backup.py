"""One sealed file with everything in this workbook."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.services.backups import BackupMade
from desktop.background import Job
from desktop.operations import backups
from desktop.screens.context import ScreenContext
from desktop.screens.paths import PathKind, PathLine
from desktop.screens.stepping import focus_stop
from desktop.widgets import Banner, Button, Card, Field, Flow, ProgressRow, Text, Tone, announce

_BYTES_A_MB = 1_000_000


class BackupPresenter(QObject):
    """One backup at a time. An older file of that name stays until the new one is whole."""

    told = Signal(str, str)
    problem = Signal(str)
    busy = Signal(str)
    progress = Signal(int, int, str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None
        self._is_busy = False

    def suggested(self) -> Path:
        """A neutral name with the day in it."""
        return Path.home() / f"workbook-{self._context.clock.now():%Y-%m-%d}.backup"

    def make(self, words: str) -> None:
        """Write the backup."""
        typed = words.strip()
        self.problem.emit("" if typed else "Choose where the backup goes.")
        if not typed or self._is_busy:
            return
        self._is_busy = True
        self.told.emit("", "")
        self.busy.emit("Making a backup")
        self._job = backups.backup(
            self._context.runner, Path(typed).expanduser(), on_done=self._made, on_failed=self._failed,
            on_cancelled=self._stopped, on_progress=self._heard,
        )  # fmt: skip

    def stop(self) -> None:
        """Stop; nothing half-written stays."""
        if self._job is not None and self._is_busy:
            self._job.cancel()

    def _made(self, made: BackupMade) -> None:
        self._end()
        size = max(1, round(made.size_bytes / _BYTES_A_MB))
        self.told.emit("The backup is made.", f"{made.path.name}, {size:,} MB. It opens with your passphrase of today.")

    def _stopped(self) -> None:
        self._end()
        self.told.emit("Stopped.", "No backup was made; an older one is untouched.")

    def _heard(self, done: int, total: int, stage: str) -> None:
        self.progress.emit(done, total, stage)

    def _failed(self, error: AppError) -> None:
        self._end()
        self.failed.emit(error)

    def _end(self) -> None:
        self._is_busy = False
        self._job = None
        self.busy.emit("")


class BackupCard(Card):
    """Where to, one button, and how far it is."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(heading="Backup", parent=parent)
        self.presenter = presenter = BackupPresenter(context, self)
        self.path = PathLine("Choose file", PathKind.SAVE, title="Choose where the backup goes")
        self.path.set_text(str(presenter.suggested()))
        self._field = Field("Where does the backup go?", self.path, hint="Best on a stick that is kept somewhere else.")
        self.go = Button("Make a backup", icon_name="download")
        self._progress = ProgressRow("Making a backup", context.clock.monotonic_s)
        self._told, self._problem = Banner("", "", Tone.OK), Banner("", "", Tone.ERROR)
        lead = Text("One sealed file with everything in this workbook. Only your passphrase opens it.")
        for part in (lead, self._problem, self._told, self._field, self._progress, Flow(self.go)):
            self.body.addWidget(part)
        presenter.told.connect(self._tell)
        presenter.problem.connect(self._field.set_problem)
        presenter.busy.connect(self._busy)
        presenter.progress.connect(self._progress.hear)
        presenter.failed.connect(self._problem.say_error)
        self._progress.stopped.connect(presenter.stop)
        self.go.clicked.connect(self._make)
        self.path.entered.connect(self._make)

    def _make(self) -> None:
        self.presenter.make(self.path.text())

    def _tell(self, strong: str, rest: str) -> None:
        self._told.say(strong, rest)
        if strong:
            announce(self, f"{strong} {rest}")

    def _busy(self, what: str) -> None:
        self._field.setEnabled(not what)
        self.go.setEnabled(not what)
        if what:
            self._problem.clear()
            self._progress.begin(what)
            focus_stop(self._progress)
        else:
            self._progress.end()
