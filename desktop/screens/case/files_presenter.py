"""The files of one case: which there are, and attaching more, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core.domain.changed import Changed
from core.domain.documents import Attachment
from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import RecordId
from core.services.attachments import Attached, AttachedFile, AttachmentForm, GivenFile
from desktop.background import Job
from desktop.operations import attachments
from desktop.screens.asking import Question
from desktop.screens.context import ScreenContext
from desktop.screens.file import words
from desktop.widgets import problems_of

SETTLE_MS = 200


class FilesPresenter(QObject):
    """One case at a time. What was chosen waits until somebody has said what it is."""

    shown = Signal(object)
    """A tuple of `AttachedFile`, newest first."""
    chosen = Signal(object)
    """The tuple of `GivenFile` that waits to be attached; empty: none."""
    brought_back = Signal()
    """What was chosen and put away waits again."""
    busy = Signal(str)
    progress = Signal(int, int, str)
    problems = Signal(object)
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.case: RecordId | None = None
        self._visible = False
        self._waiting: tuple[GivenFile, ...] = ()
        self._taken_off: tuple[RecordId | None, tuple[GivenFile, ...]] = (None, ())
        self._form: AttachmentForm | None = None
        self._job: Job | None = None
        self._is_busy = False
        self._names: list[str] = []
        self._already: list[str] = []
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.load)
        context.changes.announced.connect(self._changed)

    def arrive(self, case: RecordId) -> None:
        """Show the files of a case; what was chosen for another is forgotten."""
        if case != self.case:
            self.put_away()
            self.told.emit("")
        self.case, self._visible = case, True
        self.load()

    def leave(self) -> None:
        """Another page is on show."""
        self._visible = False

    def load(self) -> None:
        """Ask the vault."""
        if self.case is None:
            return
        question = Question(self.case, self)
        question.answered.connect(self._have)
        question.failed.connect(self._could_not)
        attachments.list_attachments(
            self._context.runner, self.case, on_done=question.done, on_failed=question.fail
        )

    def choose(self, files: Sequence[GivenFile]) -> None:
        """These are to be attached, once it is said what they are."""
        if not files or self._is_busy:
            return
        self._waiting = (*self._waiting, *files)
        self.told.emit("")
        self.chosen.emit(self._waiting)

    def choose_paths(self, paths: Sequence[str]) -> None:
        """As `choose`, for files on the disk."""
        self.choose([GivenFile(Path(path)) for path in paths if path])

    def choose_picture(self, png: bytes) -> None:
        """As `choose`, for a picture that was pasted."""
        self.choose([GivenFile(data=png, name=f"Pasted picture {self.moment():%Y-%m-%d %H%M}.png")])

    def put_away(self) -> None:
        """Attach nothing after all."""
        self._waiting = ()
        self.chosen.emit(())
        self.problems.emit({})

    def not_now(self) -> None:
        """The person wants to attach nothing after all; for ten seconds the choice can be brought back."""
        if self._is_busy or not self._waiting:
            return
        self._taken_off = (self.case, self._waiting)
        self.put_away()
        self._context.shell.say("Nothing is attached.", self.bring_back)

    def bring_back(self) -> None:
        """Undo `not_now`, on the same case, before anything else was chosen."""
        case, files = self._taken_off
        self._taken_off = (None, ())
        if files and case == self.case and self._visible and not self._waiting:
            self._waiting = files
            self.chosen.emit(files)
            self.brought_back.emit()

    def attach(self, form: AttachmentForm) -> None:
        """Attach what was chosen; the same is said about all of it."""
        if not self._waiting or self._is_busy:
            return
        self._is_busy = True
        self._form, self._names, self._already = form, [], []
        self.problems.emit({})
        self.busy.emit("Attaching")
        self._next()

    def stop(self) -> None:
        """Stop; what is attached already stays, and nothing is there by half."""
        if self._job is not None and self._is_busy:
            self._job.cancel()

    def open(self, attachment: RecordId) -> None:
        """The page of one file."""
        self._context.shell.go_to("file", case=self.case, attachment=attachment)

    def moment(self) -> datetime:
        """The time now."""
        return self._context.clock.now()

    # ------------------------------------------------------------------ answers

    def _next(self) -> None:
        if self._form is None or self.case is None:
            return
        if not self._waiting:
            self._end()
            self.chosen.emit(())
            return
        self._job = attachments.attach(
            self._context.runner, self.case, self._waiting[0], self._form, on_done=self._attached,
            on_failed=self._not_attached, on_cancelled=self._stopped, on_progress=self._heard,
        )  # fmt: skip

    def _attached(self, attached: Attached) -> None:
        (self._already if attached.already else self._names).append(attached.name)
        self._waiting = self._waiting[1:]
        self._next()

    def _not_attached(self, error: AppError) -> None:
        self._end()
        if isinstance(error, FormIncomplete):
            self.problems.emit(problems_of(error))
            return
        self._waiting = self._waiting[1:]  # that one cannot be attached; the others still wait
        self.chosen.emit(self._waiting)
        self.failed.emit(error)

    def _stopped(self) -> None:
        self._end()
        self.chosen.emit(self._waiting)

    def _heard(self, done: int, total: int, stage: str) -> None:
        self.progress.emit(done, total, stage)

    def _end(self) -> None:
        self._is_busy, self._form = False, None
        self.busy.emit("")
        if said := words.told_attached(self._names, self._already):
            self.told.emit(said)
        self.load()

    def _have(self, case: RecordId, rows: tuple[AttachedFile, ...]) -> None:
        if case == self.case:
            self.shown.emit(rows)

    def _could_not(self, case: RecordId, error: AppError) -> None:
        if case == self.case:
            self.failed.emit(error)

    def _changed(self, changed: Changed) -> None:
        if self._visible and Attachment.SPEC.name in changed.kinds:
            self._settle.start()
