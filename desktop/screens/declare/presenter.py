"""Asks before a case is opened for the first time whether one is connected with anybody in it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import RecordId
from core.services.declarations import DeclarationPage, Declared
from desktop.operations import declarations
from desktop.screens.asking import Question
from desktop.screens.context import ScreenContext

STAYS_SHUT = "The case stays shut for you. Whoever leads on it keeps you out with their next exchange."
KEPT_HERE = (
    "The case stays shut for you. You cannot write in it yet, so what you said stays on this laptop until you can."
    " Tell whoever leads on it."
)
"""What they said was kept, and nobody else knows of it."""


class DeclarePresenter(QObject):
    """One case at a time."""

    begun = Signal()
    """Another case comes: nothing of the one before may stay."""
    shown = Signal(object)
    """`DeclarationPage`."""
    problems = Signal(object)
    failed = Signal(object)
    busy = Signal(bool)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._case: RecordId | None = None
        self._is_busy = False

    def arrive(self, case: RecordId) -> None:
        """Ask about a case."""
        self._case = case
        self.begun.emit()
        question = Question(case, self)
        question.answered.connect(self._have)
        question.failed.connect(self._could_not)
        declarations.declaration_of(self._context.runner, case, on_done=question.done, on_failed=question.fail)

    def say(self, connected: bool | None, how: str) -> None:
        """Write it into the case. Pressing twice says it once."""
        if self._case is None or self._is_busy:
            return
        self._set_busy(True)
        declarations.declare(
            self._context.runner, self._case, connected=connected, how=how, on_done=self._said,
            on_failed=self._not_said,
        )  # fmt: skip

    def hand_over(self) -> None:
        """To the page on which somebody else can be made to lead."""
        self._context.shell.go_to("access", case=self._case)

    def to_cases(self) -> None:
        """Away from here."""
        self._context.shell.go_to("cases")

    def _have(self, case: RecordId, page: DeclarationPage) -> None:
        if case == self._case:
            self.shown.emit(page)

    def _could_not(self, case: RecordId, error: AppError) -> None:
        if case == self._case:
            self.failed.emit(error)

    def _said(self, declared: Declared) -> None:
        self._set_busy(False)
        if not declared.connected:
            self._context.shell.go_to("case", case=self._case)
            return
        self._context.shell.say("The case stays shut for you.")
        if self._case is not None:
            self.arrive(self._case)

    def _not_said(self, error: AppError) -> None:
        self._set_busy(False)
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        else:
            self.failed.emit(error)

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self.busy.emit(busy)
