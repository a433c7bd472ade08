"""Bringing in a list of homes: file, columns, check, done. Reading and writing happen off the GUI thread."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError
from core.services.homes import ColumnMatch, HomesImported, HomesPlan, ImportPreview, with_column
from desktop.background import Job
from desktop.operations import homes
from desktop.screens.context import ScreenContext


class Step(Enum):
    """The steps of the page, in order."""

    FILE = 0
    COLUMNS = 1
    CHECK = 2
    DONE = 3


class ImportPresenter(QObject):
    """One list at a time. Nothing is written before `bring_in`."""

    moved = Signal(object)
    """`Step`."""
    previewed = Signal(object)
    """`ImportPreview`: the columns and the plan on show are these now."""
    imported = Signal(object)
    """`HomesPlan` as carried out."""
    busy = Signal(str)
    """What is going on, or empty."""
    progress = Signal(int, int, str)
    path_problem = Signal(str)
    """What is wrong with the file, to stand beside the field; empty: nothing."""
    told = Signal(str)
    """A sentence that is neither a problem nor a result: stopped, saved."""
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._job: Job | None = None
        self._is_busy = False
        self._preview: ImportPreview | None = None
        self._checked = False
        self._plan: HomesPlan | None = None
        self.step = Step.FILE

    # ------------------------------------------------------------------ asked by the page

    def begin(self) -> None:
        """Another list."""
        if not self._is_busy:
            self._preview = self._plan = None
            self._go(Step.FILE)

    def read(self, path_words: str) -> None:
        """Read the file and guess its columns."""
        typed = path_words.strip().strip('"')
        self.path_problem.emit("" if typed else "Choose the file with the list, or type where it is.")
        if not typed or self._is_busy:
            return
        self._begin("Reading the list")
        self._job = homes.preview_import(
            self._context.runner,
            Path(typed).expanduser(),
            on_done=self._read,
            on_failed=self._not_read,
            on_cancelled=self._stopped,
            on_progress=self._heard,
        )

    def choose_column(self, index: int, field: str) -> None:
        """Column `index` feeds `field`; "" is none. Seen at once; the rows are read again by `check`."""
        if self._preview is not None and not self._is_busy:
            self._rematch(with_column(self._preview.match, index=index, field=field))

    def first_row_is_data(self, yes: bool) -> None:
        """The list has no column names: its first row is a home."""
        if self._preview is not None and not self._is_busy and yes != self._preview.match.first_row_is_data:
            self._rematch(self._preview.match.with_first_row_as_data(yes))

    def check(self) -> None:
        """Go on to what bringing the list in would do; read the rows again if the columns were changed."""
        preview = self._preview
        if preview is None or self._is_busy:
            return
        if preview.match.problem:
            self.told.emit(preview.match.problem)
            return
        if self._checked:
            self._go(Step.CHECK)
            return
        self._begin("Reading the homes")
        self._job = homes.preview_import(
            self._context.runner,
            preview.path,
            earlier=preview,
            match=preview.match,
            on_done=self._checked_again,
            on_failed=self._failed,
            on_cancelled=self._stopped,
            on_progress=self._heard,
        )

    def back(self) -> None:
        """To the step before."""
        if not self._is_busy and self.step in (Step.COLUMNS, Step.CHECK):
            self._go(Step(self.step.value - 1))

    def bring_in(self) -> None:
        """Carry the plan out: all of it or nothing."""
        if self._preview is None or self._is_busy:
            return
        self._begin("Taking in homes")
        self._job = homes.import_homes(
            self._context.runner,
            self._preview,
            on_done=self._imported,
            on_failed=self._failed,
            on_cancelled=self._stopped,
            on_progress=self._heard,
        )

    def stop(self) -> None:
        """Ask the work that is going on to stop."""
        if self._job is not None and self._is_busy:
            self._job.cancel()

    def save_rows_not_taken(self, path: Path) -> None:
        """Keep the rows that were not taken, with the reasons, as a CSV file."""
        plan = self._plan or (self._preview.plan if self._preview else None)
        if plan is not None:
            homes.save_rows_not_taken(
                self._context.runner, plan, path=path, on_done=self._saved, on_failed=self._failed
            )

    def see_homes(self) -> None:
        """Show the list of homes."""
        self._context.shell.go_to("homes")

    # ------------------------------------------------------------------ answers

    def _heard(self, done: int, total: int, stage: str) -> None:
        self.progress.emit(done, total, stage)

    def _read(self, preview: ImportPreview) -> None:
        self._end()
        self._take(preview)
        self._go(Step.COLUMNS)

    def _checked_again(self, preview: ImportPreview) -> None:
        self._end()
        self._take(preview)
        self._go(Step.CHECK)

    def _imported(self, result: HomesImported) -> None:
        self._end()
        self._plan = result.plan
        self._preview = None
        self.imported.emit(result.plan)
        self._go(Step.DONE)

    def _saved(self, path: Path) -> None:
        self.told.emit(f"The rows are in {path.name}. Correct them there, then bring that file in.")

    def _stopped(self) -> None:
        self._end()
        self.told.emit("Stopped. Nothing was changed.")

    def _not_read(self, error: AppError) -> None:
        self._end()
        self.path_problem.emit(str(error.explain()))

    def _failed(self, error: AppError) -> None:
        self._end()
        self.failed.emit(error)

    # ------------------------------------------------------------------ inside

    def _take(self, preview: ImportPreview) -> None:
        self._preview, self._checked, self._plan = preview, True, None
        self.previewed.emit(preview)

    def _rematch(self, match: ColumnMatch) -> None:
        preview = self._preview
        assert preview is not None
        self._preview = ImportPreview(preview.path, preview.table, match, preview.plan)
        self._checked = False
        self.previewed.emit(self._preview)

    def _go(self, step: Step) -> None:
        self.step = step
        self.told.emit("")
        self.moved.emit(step)

    def _begin(self, what: str) -> None:
        self._is_busy = True
        self.told.emit("")
        self.busy.emit(what)

    def _end(self) -> None:
        self._is_busy = False
        self._job = None
        self.busy.emit("")
