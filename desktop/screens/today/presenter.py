"""What is due, late first. Looks at the clock each minute; asks the vault on a change, and after ten minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from PySide6.QtCore import QObject, QTimer, Signal

from core.domain.changed import Changed
from core.foundation.ids import RecordId
from core.services.today import Today, TodayRow
from core.services.unfinished import Unfinished
from desktop.operations import today
from desktop.screens.clauses import show_clause
from desktop.screens.context import ScreenContext
from desktop.screens.duty_pages import DUTY_PAGES
from desktop.screens.unfinished import unfinished_words
from desktop.screens.words import choice_lines, count_words
from desktop.theme import Tone
from desktop.widgets.moments import due_words, moment_words, whole_words

WHAT_COMES = (
    "When somebody tells you about harassment, start a new report. "
    "What has to happen next appears here, with the time by which it is due."
)
TO_BEGIN = (
    "To begin with, bring in your homes (Ctrl+4), and write down what stands at the head of your letters"
    " (Colleagues, Ctrl+6). Help (F1) says how."
)
MINUTE_MS = 60_000
PAGE_ROWS = 30
CLOCK_JUMP = timedelta(minutes=2)
READ_AGAIN_AFTER = timedelta(minutes=10)
"""The page is read again after so long: what has to be done can begin by itself, as when a time to appeal ends."""
SETTLE_MS = 200
"""Several changes close together (a sync, an import) are answered once."""


_SHORT_ACTIONS = {"graffiti": "Mark removed", "survey": "Send the survey"}
"""The policy's words for these can be too long for a button; then they stand in the row."""


class Only(Enum):
    """Which duties a chip leaves on the page."""

    LATE = "late"
    DAY = "due in 24 hours"
    WEEK = "due this week"


@dataclass(frozen=True, slots=True)
class DutyCard:
    """One duty as shown. `key` is the same as long as it is the same duty."""

    key: tuple[bytes, bytes, str]
    standing: str
    tone: Tone
    title: str
    reference: str
    hint: str
    why: str
    when: str
    action: str
    row: TodayRow


@dataclass(frozen=True, slots=True)
class DraftCard:
    """Something unfinished."""

    words: str
    draft: Unfinished


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayView:
    """The page. `groups` are (heading, cards); `more` is how many are not shown yet."""

    groups: tuple[tuple[str, tuple[DutyCard, ...]], ...]
    counts: tuple[tuple[Only, str], ...]
    only: Only | None
    warnings: tuple[str, ...]
    drafts: tuple[DraftCard, ...]
    empty: tuple[str, str] | None
    more: int
    choices: tuple[tuple[str, str, RecordId | None], ...] = ()
    """(in short, the rest, case) of what two laptops wrote apart."""


class TodayPresenter(QObject):
    """Feeds the Today page."""

    shown = Signal(object)
    failed = Signal(object)
    loaded = Signal()
    """The vault has answered."""

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._today: Today | None = None
        self._drafts: tuple[Unfinished, ...] = ()
        self._only: Only | None = None
        self._limit = PAGE_ROWS
        self._looked_at: tuple[datetime, float] | None = None
        self._visible = False
        self._old = True
        self._read_at: datetime | None = None
        self._moved = ""
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self.look_again)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.load)
        context.changes.announced.connect(self._changed)

    def arrive(self) -> None:
        """The page is on show."""
        self._visible = True
        self._minute.start()
        if self._today is not None and not self._old:
            self._show()
        if self._old or self._is_of_before():
            self.load()
        else:
            today.list_unfinished(self._context.runner, on_done=self._have_drafts, on_failed=self._failed)

    def leave(self) -> None:
        """Another page is on show."""
        self._visible = False
        self._minute.stop()

    def load(self) -> None:
        """Ask the vault."""
        self._old, self._read_at = False, self._context.clock.now()
        today.today(self._context.runner, on_done=self._have_today, on_failed=self._failed)
        today.list_unfinished(self._context.runner, on_done=self._have_drafts, on_failed=self._failed)

    def look_again(self) -> None:
        """A minute has passed: the same duties, the time that is left told anew."""
        if self._clock_jumped():
            self._moved = "The clock of this laptop moved. Check that its date and time are right."
            self.load()
        elif self._today is not None:
            self._show()
            if self._is_of_before():
                self.load()

    def _is_of_before(self) -> bool:
        return self._read_at is not None and self._context.clock.now() - self._read_at >= READ_AGAIN_AFTER

    def filter(self, only: Only | None) -> None:
        """Leave only these on the page; None is all of them."""
        self._only = only
        self._limit = PAGE_ROWS
        self._show()

    def show_more(self) -> None:
        """The next rows."""
        self._limit += PAGE_ROWS
        self._show()

    def open_case(self, card: DutyCard) -> None:
        """The file of a duty's case."""
        self._context.shell.go_to("case", case=card.row.case)

    def show_clause(self, number: str) -> None:
        """What a clause of the policy says."""
        show_clause(self._context, number)

    def act(self, card: DutyCard) -> None:
        """Go where a duty is done."""
        row = card.row
        if row.shut:
            self.open_case(card)
            return
        page = DUTY_PAGES.get(row.kind, DUTY_PAGES["first-contact"])
        if not page.step:
            self.open_case(card)
        elif page.about_subject:
            self._context.shell.go_to("step", step=page.step, case=row.case, subject=row.subject)
        else:
            self._context.shell.go_to("step", step=page.step, case=row.case)

    def carry_on(self, card: DraftCard) -> None:
        """Go back to what was being written."""
        carry_on(self._context, card.draft)

    def choose(self, case: RecordId | None) -> None:
        """The versions side by side."""
        self._context.shell.go_to("versions", case=case)

    def new_report(self) -> None:
        """Begin a report."""
        self._context.shell.go_to("report")

    # ------------------------------------------------------------------ answers

    def _have_today(self, found: Today) -> None:
        self._today = found
        self.loaded.emit()
        self._clock_jumped()
        self._show()

    def _have_drafts(self, found: tuple[Unfinished, ...]) -> None:
        self._drafts = found
        self._show()

    def _failed(self, error: object) -> None:
        self._old = True
        self.failed.emit(error)

    def _changed(self, changed: Changed) -> None:
        self._old = True
        if self._visible:
            self._settle.start()

    def _clock_jumped(self) -> bool:
        now, ran_s = self._context.clock.now(), self._context.clock.monotonic_s()
        before, self._looked_at = self._looked_at, (now, ran_s)
        if before is None:
            return False
        return abs((now - before[0]) - timedelta(seconds=ran_s - before[1])) > CLOCK_JUMP

    # ------------------------------------------------------------------ what is shown

    def _show(self) -> None:
        if self._today is None:
            return
        now = self._context.clock.now()
        rows = [row for row in self._today.rows if _passes(row, self._only, now)]
        cards = [_card(row, now) for row in rows[: self._limit]]
        warnings = tuple(dict.fromkeys((*self._today.warnings, *((self._moved,) if self._moved else ()))))
        self.shown.emit(
            TodayView(
                groups=_groups(cards, now),
                counts=self._counts(now),
                only=self._only,
                warnings=warnings,
                drafts=tuple(DraftCard(unfinished_words(draft, now), draft) for draft in self._drafts),
                empty=None if rows else self._empty(),
                more=len(rows) - len(cards),
                choices=choice_lines(self._today.choices),
            )
        )

    def _counts(self, now: datetime) -> tuple[tuple[Only, str], ...]:
        assert self._today is not None
        rows, whole = self._today.rows, self._today.counts
        complete = len(rows) >= whole.all
        late, day, week = (sum(_passes(row, only, now) for row in rows) for only in Only)
        if not complete:
            late, day, week = max(late, whole.late), max(day, whole.within_a_day), max(week, whole.within_a_week)
        found = ((Only.LATE, late), (Only.DAY, day), (Only.WEEK, week))
        return tuple((only, f"{count} {only.value}") for only, count in found if count or only is self._only)

    def _empty(self) -> tuple[str, str]:
        assert self._today is not None
        if self._today.rows:
            return ("Nothing here.", "Press the filter again to see everything that is due.")
        if self._today.open_cases:
            return ("Nothing is due.", f"{count_words(self._today.open_cases, 'case is', 'cases are')} open.")
        return "Nothing is due.", f"{WHAT_COMES} {TO_BEGIN}" if self._today.no_homes else WHAT_COMES


def carry_on(context: ScreenContext, draft: Unfinished) -> None:
    """Show the page on which a draft was being written."""
    if draft.kind == "versions":
        context.shell.go_to("versions", case=draft.case)
    elif draft.kind == "letters":
        context.shell.go_to("letters", case=draft.case)
    elif draft.kind == "case-letter":
        context.shell.go_to("case-letter", case=draft.case)
    elif draft.kind == "visit-said":
        context.shell.go_to("visits", case=draft.case)
    elif draft.kind.startswith("org-"):
        context.shell.go_to("organisation-form", form=draft.kind.removeprefix("org-"))
    elif draft.case is not None:
        context.shell.go_to("step", step=draft.kind, case=draft.case)
    else:
        context.shell.go_to("report")




def _passes(row: TodayRow, only: Only | None, now: datetime) -> bool:
    due = row.duty.due_at
    if only is None:
        return True
    if only is Only.LATE:
        return due < now
    return now <= due < now + timedelta(days=1 if only is Only.DAY else 7)


def _card(row: TodayRow, now: datetime) -> DutyCard:
    due = row.duty.due_at
    tone = Tone.LATE if due < now else Tone.SOON if due < now + timedelta(days=1) else Tone.INFO
    button = row.action if row.shut else _SHORT_ACTIONS.get(row.kind, row.action)
    return DutyCard(
        key=(row.case, row.subject, f"{row.kind} {due.isoformat()}"),
        standing=due_words(due, now),
        tone=tone,
        title=row.title,
        reference=row.reference,
        hint=row.hint if row.action == button else f"{row.action}.",
        why=row.why,
        when=f"{moment_words(due, now)} ({whole_words(due)})",
        action=button,
        row=row,
    )


def _groups(cards: Sequence[DutyCard], now: datetime) -> tuple[tuple[str, tuple[DutyCard, ...]], ...]:
    week = now + timedelta(days=7)
    now_due = tuple(card for card in cards if card.row.duty.due_at < now + timedelta(days=1))
    this_week = tuple(card for card in cards if now + timedelta(days=1) <= card.row.duty.due_at < week)
    later = tuple(card for card in cards if card.row.duty.due_at >= week)
    named = (("", now_due), ("Later this week", this_week), ("Later", later))
    return tuple((heading, group) for heading, group in named if group)
