"""Recovery sheets step by step: nothing begins before two sheets were read back."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError, FormIncomplete
from core.services.joining import Waiting
from core.services.recovery_groups import GroupForm, GroupRow, PreparedGroup
from core.services.recovery_page import RecoveryPage, SheetsSaved
from desktop.operations import recovery, sync
from desktop.operations.recovery import Sheets
from desktop.screens.context import ScreenContext


class Step(Enum):
    """What the page is at."""

    LIST = "list"
    MAKE = "make"
    SHEETS = "sheets"
    TRY = "try"


class RecoveryPresenter(QObject):
    """Holds the sheets that were made, and no word of them longer than it takes."""

    page = Signal(object)
    """`RecoveryPage`."""
    moved = Signal(object)
    """`Step`."""
    prepared = Signal(object)
    """`PreparedGroup`."""
    trying = Signal(str)
    """Name and edition of the group whose sheets are to be tried out."""
    problems = Signal(object)
    told = Signal(str, str)
    failed = Signal(object)
    busy = Signal(str)
    words_read = Signal(object, str)
    """(box, words)."""
    words_to_compare = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._page: RecoveryPage | None = None
        self._prepared: PreparedGroup | None = None
        self._group: GroupRow | None = None
        self._box: object = None
        self._taken = 0
        self._is_busy = False

    @property
    def group(self) -> GroupRow | None:
        """The group a new edition is made of, or whose sheets are tried out."""
        return self._group

    def arrive(self) -> None:
        """The page is on show."""
        self._load()

    def leave(self) -> None:
        """Another page comes, or a lock: sheets that were not tried out are worth nothing, and are forgotten."""
        self._prepared = self._group = None
        self.moved.emit(Step.LIST)

    def go(self, step: Step, group: GroupRow | None = None) -> None:
        """Another step."""
        self._group = group
        if step is Step.LIST:
            self._prepared = None
        if step is Step.TRY and group is not None:
            self.trying.emit(f"{group.name}, edition {group.edition}")
        self.problems.emit({})
        self.moved.emit(step)

    def make(self, form: GroupForm) -> None:
        """Make the key and its sheets."""
        self._begin("Making the sheets")
        recovery.prepare(self._context.runner, form, on_done=self._made, on_failed=self._failed)

    def save(self, folder: str) -> None:
        """Write the sheets as files, to be printed."""
        typed = folder.strip()
        self.problems.emit({} if typed else {"folder": "Choose a folder, best on a stick that is cleared afterwards."})
        if typed and self._prepared is not None and not self._is_busy:
            self._begin("Saving the sheets")
            recovery.save(
                self._context.runner, self._prepared, Path(typed).expanduser(), on_done=self._saved,
                on_failed=self._failed,
            )  # fmt: skip

    def sheets_are_printed(self) -> None:
        """On to reading two of them back."""
        if self._prepared is not None:
            self.trying.emit(f"{self._prepared.entry.name}, edition {self._prepared.entry.edition}")
            self.problems.emit({})
            self.moved.emit(Step.TRY)

    def read_file(self, box: object, path: Path) -> None:
        """The words of a sheet from a picture or file."""
        self._box = box
        self._begin("Looking for the code in the picture")
        recovery.words_in_file(self._context.runner, path, on_done=self._read, on_failed=self._failed)

    def try_out(self, sheets: Sheets) -> None:
        """Read two sheets and the organisation sheet back."""
        if self._is_busy:
            return
        if self._prepared is not None:
            self._begin("Trying the sheets out")
            recovery.begin(self._context.runner, self._prepared, sheets, on_done=self._begun, on_failed=self._failed)
        elif self._group is not None:
            self._begin("Trying the sheets out")
            recovery.rehearse(
                self._context.runner, self._group.group, sheets, on_done=self._rehearsed, on_failed=self._failed
            )

    def note_destroyed(self, group: GroupRow, edition: int) -> None:
        """Old sheets are gone."""
        recovery.destroyed(self._context.runner, group.group, edition, on_done=self._gone, on_failed=self._failed)

    # ------------------------------------------------------------------ going on from a recovered workbook

    def ask_again(self, invitation: str) -> None:
        """Ask an administrator who is left."""
        if not invitation.strip():
            self.problems.emit({"invitation": "Paste the invitation an administrator gave you."})
            return
        self._begin("Asking to be let in")
        recovery.ask_again(self._context.runner, invitation, on_done=self._asked, on_failed=self._failed)

    def come_back(self) -> None:
        """Nobody is left: let this person in by the sheets."""
        self._begin("Letting you in by the sheets")
        recovery.come_back(self._context.runner, on_done=self._back, on_failed=self._failed)

    def take_over(self) -> None:
        """Take the cases of the group over, batch by batch."""
        self._taken = 0
        self._begin("Taking the cases over")
        recovery.take_over(self._context.runner, on_done=self._took, on_failed=self._failed)

    def forget_sheets(self) -> None:
        """Forget the key of the sheets here."""
        self._begin("Forgetting the key of the sheets")
        recovery.forget_sheets(self._context.runner, on_done=self._forgot, on_failed=self._failed)

    # ------------------------------------------------------------------ answers

    def _load(self) -> None:
        recovery.read_page(self._context.runner, on_done=self._have_page, on_failed=self._failed)

    def _have_page(self, page: RecoveryPage) -> None:
        self._page = page
        self.page.emit(page)

    def _made(self, prepared: PreparedGroup) -> None:
        self._end()
        self._prepared = prepared
        self.prepared.emit(prepared)
        self.moved.emit(Step.SHEETS)

    def _saved(self, saved: SheetsSaved) -> None:
        self._end()
        self.told.emit(
            "The four sheets are saved.",
            "Print each once, hand it over against signature, and delete the files. Until two were tried out they open"
            f" nothing. Files: {', '.join(saved.names)}.",
        )

    def _read(self, words: str) -> None:
        self._end()
        self.words_read.emit(self._box, words)

    def _begun(self, _done: object) -> None:
        self._end()
        self._prepared = None
        self.told.emit("The sheets work, and count from now on.", "Cases are opened to them with the next syncs.")
        self.go(Step.LIST)
        self._load()

    def _rehearsed(self, _done: object) -> None:
        self._end()
        self.told.emit("The sheets work.", "The day is noted. Put them back where they are kept.")
        self.go(Step.LIST)
        self._load()

    def _gone(self, _done: object) -> None:
        self.told.emit("Noted.", "The old sheets are destroyed.")
        self._load()

    def _asked(self, waiting: Waiting) -> None:
        self._end()
        self.words_to_compare.emit(waiting.words)
        sync.sync_now(
            self._context.runner, on_done=self._sent, on_failed=self._failed, on_cancelled=self._stopped,
            on_progress=self._heard,
        )  # fmt: skip

    def _sent(self, _report: object) -> None:
        self.told.emit("Asked.", "When the administrator has let you in, sync and come back to this page.")

    def _heard(self, done: int, total: int, stage: str) -> None:
        """Nothing to show: it is short."""

    def _stopped(self) -> None:
        """The request goes with the next sync."""

    def _back(self, _done: object) -> None:
        self._end()
        self.told.emit("You are an administrator now.", "Everybody who opens the folder sees that sheets did it.")
        self._load()

    def _took(self, count: int) -> None:
        self._taken += count
        if count:
            recovery.take_over(self._context.runner, on_done=self._took, on_failed=self._failed)
            return
        self._end()
        count_words = "One case is" if self._taken == 1 else f"{self._taken} cases are"
        self.told.emit(f"{count_words} yours to read and to lead.", "Their pages say that sheets did it.")
        self._load()

    def _forgot(self, _done: object) -> None:
        self._end()
        self.told.emit("The key of the sheets is forgotten here.", "Put the sheets back where they are kept.")
        self._load()

    def _failed(self, error: AppError) -> None:
        self._end()
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        else:
            self.failed.emit(error)

    def _begin(self, what: str) -> None:
        self._is_busy = True
        self.busy.emit(what)

    def _end(self) -> None:
        self._is_busy = False
        self.busy.emit("")
