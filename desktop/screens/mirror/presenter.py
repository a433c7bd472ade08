"""The mirror over all one's cases: which are shown, and where each button leads."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from core.domain.changed import Changed
from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.mirror import MirrorRow
from desktop.operations import mirror
from desktop.screens.case.chapters.mirror import fact_of
from desktop.screens.case.words import Fact
from desktop.screens.clauses import show_clause
from desktop.screens.context import ScreenContext
from desktop.screens.words import count_words

CASES_AT_ONCE = 20
SHOWN_OF_A_CASE = 3
"""The rest of a case is in its own tab."""
SCREENS = frozenset({"letters", "visits", "interviews"})
"""Pages that are screens of their own and not steps."""


@dataclass(frozen=True, slots=True)
class MirrorCard:
    """One case as shown. `more` is how many findings its own page has beside these."""

    case: RecordId
    reference: str
    words: str
    facts: tuple[Fact, ...]
    more: str


@dataclass(frozen=True, slots=True)
class MirrorView:
    """The page. `left` is how many cases are not shown yet."""

    lead: str
    cards: tuple[MirrorCard, ...]
    left: int


class MirrorPresenter(QObject):
    """Looks again each time the page is shown after something changed."""

    shown = Signal(object)
    failed = Signal(object)
    busy = Signal(bool)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._rows: tuple[MirrorRow, ...] = ()
        self._old, self._mine, self._limit = True, True, CASES_AT_ONCE
        context.changes.announced.connect(self._changed)

    def arrive(self) -> None:
        """Show the page."""
        if self._old:
            self._old = False
            self.busy.emit(True)
            mirror.mirror_over_cases(
                self._context.runner, closed=False, on_done=self._have, on_failed=self._could_not,
                on_progress=self._going_on,
            )  # fmt: skip

    def only_mine(self, mine: bool) -> None:
        """Only the cases this person leads, or every case they may read."""
        if mine != self._mine:
            self._mine, self._limit = mine, CASES_AT_ONCE
            self._show()

    def show_more(self) -> None:
        """More cases."""
        self._limit += CASES_AT_ONCE
        self._show()

    def open_case(self, case: RecordId) -> None:
        """The file of one case."""
        self._context.shell.go_to("case", case=case)

    def show_clause(self, number: str) -> None:
        """What a clause of the policy says."""
        show_clause(self._context, number)

    def mend(self, case: RecordId, step: str, subject: RecordId | None) -> None:
        """The page that mends one finding."""
        if step in SCREENS:
            self._context.shell.go_to(step, case=case)
        elif subject is not None:
            self._context.shell.go_to("step", step=step, case=case, subject=subject)
        else:
            self._context.shell.go_to("step", step=step, case=case)

    def _have(self, rows: tuple[MirrorRow, ...]) -> None:
        self._rows = rows
        self.busy.emit(False)
        self._show()

    def _could_not(self, error: AppError) -> None:
        self._old = True
        self.busy.emit(False)
        self.failed.emit(error)

    def _going_on(self, done: int, total: int, stage: str) -> None:
        """It is over at once but for thousands of cases; the page says that it is looking."""

    def _changed(self, changed: Changed) -> None:
        self._old = True

    def _show(self) -> None:
        rows = [row for row in self._rows if row.mine or not self._mine]
        cards = tuple(_card(row) for row in rows[: self._limit])
        whose = "that you lead" if self._mine else "that you can read"
        lead = f"{count_words(len(rows), 'open case', 'open cases')} {whose} with something missing." if rows else ""
        self.shown.emit(MirrorView(lead, cards, max(0, len(rows) - self._limit)))


def _card(row: MirrorRow) -> MirrorCard:
    mend, stay = len(row.to_mend), len(row.findings) - len(row.to_mend)
    words = f"{mend} to mend" + (f", {stay} that stay on the file" if stay else "")
    some = row.findings[:SHOWN_OF_A_CASE]
    more = len(row.findings) - len(some)
    return MirrorCard(
        row.case, row.reference, words, tuple(fact_of(finding) for finding in some),
        f"{more} more in the file" if more else "",
    )  # fmt: skip
