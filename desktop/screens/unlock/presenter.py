"""Unlocking, without a window: what is asked, what is said when it goes wrong."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError, NotAdmittedYet, WrongPassphrase
from desktop.background import Job, Receiver


class Unlocking(Protocol):
    """The operation this screen needs (`desktop.operations.opening.Opening` has it)."""

    def prepare(self, *, on_done: Receiver, on_failed: Receiver) -> Job: ...
    def unlock(self, passphrase: str, *, on_done: Receiver, on_failed: Receiver) -> Job: ...


class UnlockPresenter(QObject):
    """States: waiting for a passphrase; opening (`busy`); then `opened`, or back with a problem."""

    busy = Signal(bool)
    problem = Signal(str, str)
    """(what happened, what to do)."""
    opened = Signal()
    not_admitted = Signal()

    def __init__(self, actions: Unlocking, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._is_busy = False
        self._is_prepared = False

    def typing_begins(self) -> None:
        """Load the rest of the program meanwhile; unlocking works without it, only later."""
        if not self._is_prepared:
            self._is_prepared = True
            self._actions.prepare(on_done=self._prepared, on_failed=self._prepared)

    def unlock(self, passphrase: str) -> None:
        """Try a passphrase. A second press while the first is being tried does nothing."""
        if self._is_busy:
            return
        if not passphrase:
            self.problem.emit("Enter your passphrase.", "")
            return
        self._set_busy(True)
        self._actions.unlock(passphrase, on_done=self._opened, on_failed=self._failed)

    def _prepared(self, _answer: object) -> None:
        """Nothing to say: what could not be loaded now is loaded, or explained, when it is needed."""

    def _opened(self, _nothing: object) -> None:
        self._set_busy(False)
        self.opened.emit()

    def _failed(self, error: AppError) -> None:
        self._set_busy(False)
        if isinstance(error, NotAdmittedYet):
            self.not_admitted.emit()
            return
        told = error.explain()
        rest = told.next_step if isinstance(error, WrongPassphrase) else f"{told.safe} {told.next_step}".strip()
        self.problem.emit(told.happened, rest)

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self.busy.emit(busy)
