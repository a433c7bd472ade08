"""Decides nothing by itself: every act on a colleague is asked for twice, with what it means in between."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from core.domain.changed import Changed
from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import DeviceId, RecordId, UserId
from core.services.administrators import AdministratorsChanged
from core.services.leaving import Colleague, RemovalPreview
from core.services.quarantine import LateGroup, LateJudged
from desktop.operations import administrators, leaving
from desktop.screens.context import ScreenContext
from desktop.screens.words import count_words

SETTLE_MS = 200


class ColleaguePresenter(QObject):
    """One person at a time."""

    shown = Signal(object)
    """`Colleague`."""
    preview = Signal(object)
    """`RemovalPreview` when somebody is about to be removed, or None."""
    suspending = Signal(object)
    """The `ColleagueLaptop` about to be suspended, or None."""
    lifting = Signal(object)
    """The `ColleagueLaptop` that is perhaps to count again, or None."""
    problems = Signal(object)
    told = Signal(str, str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._user: UserId | None = None
        self._person: Colleague | None = None
        self._device: DeviceId | None = None
        self._done = ""
        self._visible = False

    def arrive(self, user: UserId) -> None:
        """Show somebody."""
        self._visible = True
        self._user = user
        self.put_away()
        self.load()

    def leave(self) -> None:
        """Another page is on show."""
        self._visible = False
        self.put_away()

    def load(self) -> None:
        """Read them again."""
        if self._user is not None:
            leaving.colleague(self._context.runner, self._user, on_done=self._loaded, on_failed=self._failed)

    def put_away(self) -> None:
        """Nothing is about to be done."""
        self._device = None
        self.problems.emit({})
        self.preview.emit(None)
        self.suspending.emit(None)
        self.lifting.emit(None)

    def ask_to_remove(self) -> None:
        """Say what it would do first."""
        if self._user is not None:
            self.put_away()
            leaving.what_removing_does(
                self._context.runner, self._user, on_done=self._previewed, on_failed=self._failed
            )

    def remove(self, reason: str, leads: dict[RecordId, UserId]) -> None:
        """It was read and confirmed."""
        if self._user is None or self._person is None:
            return
        self._done = f"{self._person.name or 'A colleague'} has been removed."
        leaving.remove_colleague(
            self._context.runner, self._user, reason, leads, on_done=self._changed_something, on_failed=self._refused
        )

    def ask_to_suspend(self, device: DeviceId) -> None:
        """Ask for the reason first."""
        self.put_away()
        self._device = device
        laptops = self._person.laptops if self._person is not None else ()
        self.suspending.emit(next((one for one in laptops if one.device == device), None))

    def suspend(self, reason: str) -> None:
        """It was confirmed."""
        if self._device is not None:
            self._done = "The laptop is suspended."
            leaving.suspend_laptop(
                self._context.runner, self._device, reason, on_done=self._changed_something, on_failed=self._refused
            )

    def ask_to_lift(self, device: DeviceId) -> None:
        """Ask for the reason first."""
        self.put_away()
        self._device = device
        laptops = self._person.laptops if self._person is not None else ()
        self.lifting.emit(next((one for one in laptops if one.device == device), None))

    def lift(self, reason: str) -> None:
        """It was confirmed: the administrators decide it together."""
        if self._device is not None:
            administrators.propose_lifting(
                self._context.runner, self._device, reason, on_done=self._lifted, on_failed=self._refused
            )

    def change_role(self, role: object) -> None:
        """Another role from here on."""
        if self._user is None or not isinstance(role, str):
            self.problems.emit({"role": "Choose what the person will do."})
            return
        self._done = "Saved."
        leaving.change_role(
            self._context.runner, self._user, role, on_done=self._changed_something, on_failed=self._refused
        )

    def go_back(self) -> None:
        """To the colleagues."""
        self._context.shell.go_to("colleagues")

    # ------------------------------------------------------------------ answers

    def _loaded(self, person: Colleague) -> None:
        self._person = person
        self.shown.emit(person)

    def _previewed(self, preview: RemovalPreview) -> None:
        self.preview.emit(preview)

    def _changed_something(self, _done: object) -> None:
        self.put_away()
        self.told.emit(self._done, "The others hear of it with the next sync.")
        self.load()

    def _lifted(self, done: AdministratorsChanged) -> None:
        self._done = "The laptop counts again." if done.decided else "Proposed. The other administrators are asked."
        self._changed_something(done)

    def _refused(self, error: AppError) -> None:
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        else:
            self._failed(error)

    def _failed(self, error: AppError) -> None:
        self.failed.emit(error)


class LatePresenter(QObject):
    """The list of late work; nothing is judged but what was ticked."""

    groups = Signal(object)
    """A tuple of `LateGroup`."""
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._visible = False
        self._done = ""
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.load)
        context.changes.announced.connect(self._changed)

    def arrive(self) -> None:
        """The page is on show."""
        self._visible = True
        self.load()

    def leave(self) -> None:
        """Another page is on show."""
        self._visible = False

    def load(self) -> None:
        """Read the list again."""
        leaving.late_work(self._context.runner, on_done=self._loaded, on_failed=self._failed)

    def adopt(self, changes: tuple[bytes, ...]) -> None:
        """Let these count."""
        self._done = "taken over"
        leaving.adopt(self._context.runner, changes, on_done=self._judged, on_failed=self._failed)

    def put_aside(self, changes: tuple[bytes, ...]) -> None:
        """Take these off the list."""
        self._done = "put aside"
        leaving.put_aside(self._context.runner, changes, on_done=self._judged, on_failed=self._failed)

    def take_the_lead(self, case: RecordId) -> None:
        """Lead a case nobody leads any more, to judge what came late in it."""
        leaving.take_the_lead(self._context.runner, case, on_done=self._led, on_failed=self._failed)

    def open_case(self, case: RecordId) -> None:
        """The case itself."""
        self._context.shell.go_to("case", case=case)

    def go_back(self) -> None:
        """To the colleagues."""
        self._context.shell.go_to("colleagues")

    def _loaded(self, groups: tuple[LateGroup, ...]) -> None:
        self.groups.emit(groups)

    def _judged(self, done: LateJudged) -> None:
        self.told.emit(f"{count_words(done.entries, 'entry', 'entries').capitalize()} {self._done}.")
        self.load()

    def _led(self, _done: object) -> None:
        self.told.emit("You lead the case now.")
        self.load()

    def _changed(self, changed: Changed) -> None:
        if self._visible and changed.kinds:
            self._settle.start()

    def _failed(self, error: AppError) -> None:
        self.failed.emit(error)
