"""The list of what was written down before it happened, of one case or of everything this person may see."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QObject, Signal

from core.domain.audit import DEEDS
from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.audit import AuditRow
from desktop.models import Column, TupleModel
from desktop.operations import interviews
from desktop.screens.context import ScreenContext
from desktop.screens.words import count_words
from desktop.widgets.moments import moment_words, whole_words

A_COLLEAGUE = "A former colleague"


class OpenedPresenter(QObject):
    """Reads it each time the page is shown."""

    counted = Signal(str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.model: TupleModel[AuditRow] = TupleModel(self._columns(), self)

    def arrive(self, case: RecordId | None) -> None:
        """Show what was done in a case; None for everything this person may see."""
        self.model.put(())
        runner = self._context.runner
        if case is None:
            interviews.entries_here(runner, on_done=self._have, on_failed=self._could_not)
        else:
            interviews.entries_about(runner, case, on_done=self._have, on_failed=self._could_not)

    def leave(self) -> None:
        """Nothing of it stays."""
        self.model.put(())

    def go_back(self) -> None:
        """To where it was asked for."""
        self._context.shell.go_back()

    def _have(self, rows: tuple[AuditRow, ...]) -> None:
        self.model.put(rows)
        self.counted.emit(count_words(len(rows), "entry", "entries") if rows else "Nothing was written down so far.")

    def _could_not(self, error: AppError) -> None:
        self.failed.emit(error)

    def _columns(self) -> tuple[Column[AuditRow], ...]:
        return (
            Column(heading="When", words=self._when, spoken=_exactly, wide_em=20),
            Column(heading="Who", words=_who, wide_em=16),
            Column(heading="What", words=_deed, wide_em=22),
            Column(heading="Why", words=_reason, wide_em=22, stretch=True),
            Column(heading="Details", words=_subject, wide_em=22, drop=1),
            Column(heading="Case", words=_case, wide_em=12, drop=2),
            Column(heading="Laptop", words=_laptop, wide_em=9, drop=3),
        )

    def _when(self, row: AuditRow) -> str:
        return moment_words(row.at, self._now()) if row.at else ""

    def _now(self) -> datetime:
        return self._context.clock.now()


def _exactly(row: AuditRow) -> str:
    return whole_words(row.at) if row.at else ""


def _who(row: AuditRow) -> str:
    name = row.who or A_COLLEAGUE
    return f"{name} (you)" if row.mine else name


def _deed(row: AuditRow) -> str:
    return DEEDS.get(row.deed, row.deed)


def _reason(row: AuditRow) -> str:
    return row.reason


def _subject(row: AuditRow) -> str:
    return row.subject


def _case(row: AuditRow) -> str:
    return row.reference


def _laptop(row: AuditRow) -> str:
    return row.laptop
