"""Both sides of letting in somebody who is kept out: whoever leads asks and lets in, an administrator signs."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import RecordId, UserId
from core.services.overrides import OverrideRequest
from desktop.operations import overrides
from desktop.screens.context import ScreenContext


class OverridePresenter(QObject):
    """With a case and a person: the lead's side. Without: the administrator's."""

    begun = Signal(bool, str)
    """(whether it is the lead's side, the name of who is kept out)."""
    asked = Signal(object)
    """`OverrideRequest` to pass on."""
    read = Signal(object)
    """`OverrideRequest` an administrator is to decide on."""
    signed = Signal(str)
    problems = Signal(object)
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.case: RecordId | None = None
        self._user: UserId | None = None
        self._request = ""

    def arrive(self, case: RecordId | None, user: UserId | None, name: str) -> None:
        """Begin on one side."""
        self.case, self._user, self._request = case, user, ""
        self.problems.emit({})
        self.begun.emit(case is not None, name)

    def ask(self, reason: str) -> None:
        """Make the text for two administrators."""
        if self.case is not None and self._user is not None:
            overrides.ask_override(
                self._context.runner, self.case, self._user, reason=reason, on_done=self._have_request,
                on_failed=self._not_done,
            )  # fmt: skip

    def let_in(self, first: str, second: str) -> None:
        """Let them in with two answers."""
        if self.case is not None:
            overrides.let_in_anyway(
                self._context.runner, self.case, text=self._request, answers=(first, second), on_done=self._let_in,
                on_failed=self._not_done,
            )  # fmt: skip

    def look(self, text: str) -> None:
        """Read a request before signing it."""
        overrides.read_request(self._context.runner, text=text, on_done=self._have_read, on_failed=self._not_done)

    def sign(self) -> None:
        """Sign what was read."""
        overrides.sign_request(
            self._context.runner, text=self._request, on_done=self._have_signed, on_failed=self._not_done
        )

    def go_back(self) -> None:
        """To where it was asked for."""
        self._context.shell.go_back()

    def _have_request(self, request: OverrideRequest) -> None:
        self._request = request.text
        self.problems.emit({})
        self.asked.emit(request)

    def _have_read(self, request: OverrideRequest) -> None:
        self._request = request.text
        self.problems.emit({})
        self.read.emit(request)

    def _have_signed(self, text: str) -> None:
        self.signed.emit(text)

    def _let_in(self, result: object) -> None:
        self.problems.emit({})
        self.told.emit("They can read the case from their next sync on.")

    def _not_done(self, error: AppError) -> None:
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        else:
            self.failed.emit(error)
