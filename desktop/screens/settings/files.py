"""How large a colleague's file may be to be fetched without being asked for."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.services.attachments import FileLimit
from desktop.operations import attachments
from desktop.screens.context import ScreenContext
from desktop.widgets import Banner, Card, Field, Select, Tone

_MB = 1024 * 1024
_CHOICES = (
    (0, "Nothing: I ask for each file"),
    (2 * _MB, "Up to 2 MB"),
    (25 * _MB, "Up to 25 MB (usual)"),
    (100 * _MB, "Up to 100 MB"),
    (1024 * _MB, "Everything"),
)


class FilesCard(Card):
    """One choice, kept in the workbook for this laptop."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(heading="Files from colleagues", parent=parent)
        self._context = context
        self.select = Select(_CHOICES, wide_em=26)
        self._problem = Banner("", "", Tone.ERROR)
        field = Field(
            "Fetch by itself", self.select,
            hint="For a slow or paid connection. A larger file shows in its case and is fetched when you ask.",
        )  # fmt: skip
        for part in (self._problem, field):
            self.body.addWidget(part)
        self.select.picked.connect(self._choose)

    def load(self) -> None:
        """Show what holds."""
        attachments.file_limit(self._context.runner, on_done=self._show, on_failed=self._failed)

    def _choose(self, limit_bytes: object) -> None:
        self._problem.clear()
        if isinstance(limit_bytes, int):
            attachments.set_file_limit(
                self._context.runner, limit_bytes, on_done=self._chosen, on_failed=self._failed
            )

    def _show(self, limit_bytes: int) -> None:
        # A limit set elsewhere shows as the nearest choice that fetches no more.
        self.select.set_value(max(choice for choice, _ in _CHOICES if choice <= limit_bytes))

    def _chosen(self, limit: FileLimit) -> None:
        self._show(limit.limit_bytes)

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)
