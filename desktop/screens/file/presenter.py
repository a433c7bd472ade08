"""One attached file: what may be done with it, and what is said afterwards. Its bytes are forgotten on leaving."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from core.domain.changed import Changed
from core.domain.documents import Attachment
from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.attachment_copies import MAX_VIEW_BYTES, CopySaved, FileForView
from core.services.attachments import AttachedFile
from desktop.background import Job, Lane
from desktop.background.pictures import can_read, read_picture
from desktop.operations import attachments
from desktop.screens.asking import Question
from desktop.screens.context import ScreenContext

PDF = "application/pdf"
SETTLE_MS = 200


class FilePresenter(QObject):
    """One file at a time; an answer about another is dropped."""

    changed_file = Signal()
    """Another file comes: nothing of the one before may stay."""
    shown = Signal(object)
    """`AttachedFile`."""
    picture = Signal(object, str)
    """(`QImage`, what it is called)."""
    pages = Signal(object, str)
    """(bytes of a PDF, what it is called)."""
    not_viewable = Signal(str)
    """Why there is nothing to look at."""
    busy = Signal(str)
    progress = Signal(int, int, str)
    problems = Signal(object)
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.file: RecordId | None = None
        self._row: AttachedFile | None = None
        self._opened = False
        self._visible = False
        self._job: Job | None = None
        self._is_busy = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.load)
        context.changes.announced.connect(self._changed)

    def arrive(self, attachment: RecordId) -> None:
        """Show a file."""
        self.file, self._row, self._opened, self._visible = attachment, None, False, True
        self.changed_file.emit()
        self.load()

    def leave(self) -> None:
        """Another page is on show."""
        self._visible, self._opened, self._row = False, False, None
        self.stop()

    def load(self) -> None:
        """Ask the vault."""
        if self.file is None or not self._visible:
            return
        question = Question(self.file, self)
        question.answered.connect(self._have)
        question.failed.connect(self._could_not)
        attachments.get_attachment(self._context.runner, self.file, on_done=question.done, on_failed=question.fail)

    def fetch(self) -> None:
        """Fetch it with the next sync, however large."""
        if self.file is not None:
            attachments.ask_for(self._context.runner, self.file, on_done=self._asked, on_failed=self._failed)

    def save(self, words: str, *, original: bool, replace: bool) -> None:
        """Save a copy outside. `replace`: the person said so when choosing the name."""
        typed = words.strip()
        self.problems.emit({} if typed else {"path": "Choose where the copy goes."})
        if not typed or self.file is None or self._is_busy:
            return
        self._is_busy = True
        self.busy.emit("Saving a copy")
        self._job = attachments.save_copy(
            self._context.runner, self.file, Path(typed).expanduser(), original=original, replace=replace,
            on_done=self._saved, on_failed=self._not_saved, on_cancelled=self._stopped, on_progress=self._heard,
        )  # fmt: skip

    def stop(self) -> None:
        """Stop saving; nothing half-written stays."""
        if self._job is not None and self._is_busy:
            self._job.cancel()

    def remove(self) -> None:
        """Take it off the list of the case."""
        if self.file is not None:
            attachments.remove_attachment(
                self._context.runner, self.file, on_done=self._removed, on_failed=self._failed
            )

    def go_back(self) -> None:
        """To the case."""
        self._context.shell.go_back()

    def moment(self) -> datetime:
        """The time now."""
        return self._context.clock.now()

    # ------------------------------------------------------------------ answers

    def _have(self, file: RecordId, row: AttachedFile) -> None:
        if file != self.file or not self._visible:
            return
        self._row = row
        self.shown.emit(row)
        if not row.here or self._opened:
            return
        if row.size_bytes > MAX_VIEW_BYTES:
            self.not_viewable.emit("It is too large to look at here. Save a copy and open that.")
        elif row.media_type == PDF or can_read(row.media_type):
            self._opened = True
            question = Question(file, self)
            question.answered.connect(self._have_bytes)
            question.failed.connect(self._could_not)
            attachments.open_for_view(self._context.runner, file, on_done=question.done, on_failed=question.fail)
        else:
            self.not_viewable.emit(
                "This kind of file cannot be shown here. Save a copy to open or play it in another program."
            )

    def _have_bytes(self, file: RecordId, found: FileForView) -> None:
        if file != self.file or not self._visible:
            return
        if found.row.media_type == PDF:
            self.pages.emit(found.data, found.row.what)
            return
        question = Question(file, self)
        question.answered.connect(self._have_picture)
        question.failed.connect(self._could_not)
        work = partial(read_picture, found.data, found.row.media_type)
        self._context.runner.start(work, lane=Lane.POOL, name="read_picture").tell(
            on_done=question.done, on_failed=question.fail
        )

    def _have_picture(self, file: RecordId, image: QImage) -> None:
        if file == self.file and self._visible and self._row is not None:
            self.picture.emit(image, self._row.about or self._row.what or "Picture")

    def _could_not(self, file: RecordId, error: AppError) -> None:
        if file == self.file:
            self.failed.emit(error)

    def _asked(self, _: object) -> None:
        self.told.emit("It is fetched with the next sync.")
        self.load()

    def _saved(self, saved: CopySaved) -> None:
        self._end()
        how = "without location data" if saved.cleaned else "exactly as it was attached"
        self.told.emit(f"Saved {how} as {saved.path.name}. Anybody who gets at the copy can read it.")

    def _not_saved(self, error: AppError) -> None:
        self._end()
        self.failed.emit(error)

    def _stopped(self) -> None:
        self._end()
        self.told.emit("Stopped. No copy was made.")

    def _heard(self, done: int, total: int, stage: str) -> None:
        self.progress.emit(done, total, stage)

    def _removed(self, _: object) -> None:
        self._context.shell.say("The file is off the list.")
        self._context.shell.go_back()

    def _failed(self, error: AppError) -> None:
        self.failed.emit(error)

    def _changed(self, changed: Changed) -> None:
        if self._visible and Attachment.SPEC.name in changed.kinds and self.file in changed.ids:
            self._settle.start()

    def _end(self) -> None:
        self._is_busy = False
        self.busy.emit("")
