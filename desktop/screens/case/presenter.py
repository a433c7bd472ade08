"""The file of one case, in words ready to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer, Signal

from core.domain.case import HANDLING, STAGES
from core.domain.changed import Changed
from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.policy.interview import asked_words, wishes_for_officer
from core.policy.wishes import wishes_in_short
from core.services.case_page import CasePage
from core.services.delivery import Delivery
from core.services.history import HistoryRow
from core.services.unfinished import Unfinished
from desktop.operations import cases, history, sync, today
from desktop.screens.asking import Question
from desktop.screens.case import people_words
from desktop.screens.case import words as case_words
from desktop.screens.case.chapters import PARTS
from desktop.screens.case.words import Doing, DueLine, Fact, NextLine, Story
from desktop.screens.clauses import show_clause
from desktop.screens.context import ScreenContext
from desktop.screens.today.presenter import carry_on
from desktop.screens.unfinished import unfinished_words
from desktop.screens.versions.words import banner_words
from desktop.screens.words import contact_of, open_for
from desktop.theme import Tone
from desktop.widgets import SafeContact

MINUTE_MS = 60_000
READ_AGAIN_AFTER = timedelta(minutes=10)
"""A file that stays on show is read again after so long: a time to appeal may have ended."""
SETTLE_MS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """Everything the page shows. `tags` are (words, tone); `facts` are the people, `incidents` the incidents."""

    reference: str
    tags: tuple[tuple[str, Tone], ...]
    contact: SafeContact
    next_steps: tuple[NextLine, ...]
    offered: tuple[NextLine, ...]
    closing: str
    still_to_ask: tuple[str, ...]
    timeline: tuple[Story, ...]
    people: tuple[Fact, ...]
    incidents: tuple[Fact, ...]
    incident_count: int
    due: tuple[DueLine, ...]
    letters: tuple[Fact, ...]
    readers: tuple[Fact, ...]
    add: tuple[tuple[str, str, str], ...]
    """(step, words, group) of what can be added to the file now."""
    parts: tuple[tuple[tuple[Fact, ...], tuple[Doing, ...]], ...] = ()
    """The facts and buttons of each chapter's tab, in the order of `PARTS`."""
    versions: tuple[str, str] = ("", "")
    """(in short, the rest): what was written apart and waits for a choice."""
    connected: tuple[str, str] = ("", "")
    """(in short, the rest): colleagues who may be connected with somebody in the case."""


class CasePresenter(QObject):
    """Loads one case at a time; an answer about another case is dropped."""

    changed_case = Signal()
    """Another case comes: nothing of the one before may stay."""
    shown = Signal(object)
    failed = Signal(object)
    unfinished = Signal(object)
    """A tuple of (words, `Unfinished`) for this case."""
    told_history = Signal(object)
    """A tuple of `HistoryLine`."""
    reached = Signal(object)
    """A `Delivery`: how far what was written here has come; None if nothing was."""

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.case: RecordId | None = None
        self._page: CasePage | None = None
        self._history_wanted = False
        self._visible = False
        self._old = True
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self._a_minute_went_by)
        self._read_at: datetime | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.load)
        context.changes.announced.connect(self._changed)
        context.changes.exchanged.connect(self._exchanged)

    def arrive(self, case: RecordId) -> None:
        """Show a case."""
        another = case != self.case
        self.case, self._visible = case, True
        self._minute.start()
        if another:
            self._page, self._history_wanted = None, False
            self.changed_case.emit()
        if another or self._old or self._is_of_before():
            self.load()
        else:
            self._look_how_far()
            today.list_unfinished(self._context.runner, on_done=self._have_drafts, on_failed=self.tell_failure)

    def _is_of_before(self) -> bool:
        """Whether the file was read so long ago that what may be done, or is late, may be another by now."""
        return self._read_at is not None and self._context.clock.now() - self._read_at >= READ_AGAIN_AFTER

    def _a_minute_went_by(self) -> None:
        if self._is_of_before():
            self.load()
        else:
            self._show()

    def leave(self) -> None:
        """Another page is on show."""
        self._visible = False
        self._minute.stop()

    def load(self) -> None:
        """Ask the vault."""
        if self.case is None:
            return
        self._old, self._read_at = False, self._context.clock.now()
        question = Question(self.case, self)
        question.answered.connect(self._have_page)
        question.failed.connect(self._load_failed)
        runner = self._context.runner
        cases.read_case(runner, self.case, on_done=question.done, on_failed=question.fail)
        self._look_how_far()
        today.list_unfinished(runner, on_done=self._have_drafts, on_failed=self.tell_failure)
        if self._history_wanted:
            self.want_history()

    def want_history(self) -> None:
        """The list of changes is looked at."""
        if self.case is None:
            return
        self._history_wanted = True
        question = Question(self.case, self)
        question.answered.connect(self._have_history)
        question.failed.connect(self._load_failed)
        history.history_of_case(self._context.runner, self.case, on_done=question.done, on_failed=question.fail)

    def go(self, step: str, subject: RecordId | None = None) -> None:
        """Go to the page on which something is added."""
        if step == "letters":
            self._context.shell.go_to("letters", case=self.case)
        elif step == "case-letter":
            self._context.shell.go_to("case-letter", case=self.case, subject=subject)
        elif step == "file":
            self._context.shell.go_to("file", case=self.case, attachment=subject)
        elif step == "visits":
            self._context.shell.go_to("visits", case=self.case, subject=subject)
        elif step == "interviews":
            self._context.shell.go_to("interviews", case=self.case)
        elif subject is not None:
            self._context.shell.go_to("step", step=step, case=self.case, subject=subject)
        else:
            self._context.shell.go_to("step", step=step, case=self.case)

    def show_clause(self, number: str) -> None:
        """What a clause of the policy says."""
        show_clause(self._context, number)

    def begin_interview(self) -> None:
        """A private interview for this case."""
        self._context.shell.go_to("interviews", case=self.case)

    def look_at_readers(self) -> None:
        """Who can read it, and changing that."""
        self._context.shell.go_to("access", case=self.case)

    def choose(self, case: RecordId | None) -> None:
        """The versions side by side."""
        self._context.shell.go_to("versions", case=case)

    def carry_on(self, draft: Unfinished) -> None:
        """Go back to what was being written."""
        carry_on(self._context, draft)

    def moment(self) -> datetime:
        """The time now."""
        return self._context.clock.now()

    def tell_failure(self, error: AppError) -> None:
        """Something could not be had."""
        self.failed.emit(error)

    # ------------------------------------------------------------------ answers

    def _have_page(self, case: RecordId, page: CasePage) -> None:
        if case != self.case:
            return
        self._page = page
        self._show()

    def _look_how_far(self) -> None:
        if self.case is None:
            return
        question = Question(self.case, self)
        question.answered.connect(self._have_reach)
        question.failed.connect(self._no_reach)
        sync.delivery_of_case(self._context.runner, self.case, on_done=question.done, on_failed=question.fail)

    def _have_reach(self, case: RecordId, delivery: Delivery | None) -> None:
        if case == self.case:
            self.reached.emit(delivery)

    def _no_reach(self, case: RecordId, _: AppError) -> None:
        """A tick that did not come is not missed; what is wrong with the case itself is told by the page."""
        self._have_reach(case, None)

    def _load_failed(self, case: RecordId, error: AppError) -> None:
        if case == self.case:
            self._old = True
            self.failed.emit(error)

    def _have_drafts(self, found: tuple[Unfinished, ...]) -> None:
        now = self._context.clock.now()
        self.unfinished.emit(
            tuple((unfinished_words(draft, now), draft) for draft in found if draft.case == self.case)
        )

    def _have_history(self, case: RecordId, rows: tuple[HistoryRow, ...]) -> None:
        if case == self.case:
            self.told_history.emit(case_words.history_lines(rows))

    def _exchanged(self) -> None:
        if self._visible:
            self._look_how_far()

    def _changed(self, changed: Changed) -> None:
        self._old = True
        if self._visible:
            self._settle.start()

    def _show(self) -> None:
        page = self._page
        if page is None:
            return
        now = self._context.clock.now()
        case = page.file.case
        self.shown.emit(
            CaseView(
                reference=case.reference,
                tags=_tags(page, now),
                contact=contact_of(page, now),
                next_steps=case_words.next_lines(page, now),
                offered=case_words.offered_lines(page),
                closing="" if case.stage == "open" else page.closing.sentence,
                still_to_ask=page.file.still_to_ask,
                timeline=case_words.stories(page, now),
                people=people_words.people(page, now),
                incidents=people_words.incidents(page, now),
                incident_count=len(page.file.contents.incidents),
                due=case_words.due_lines(page, now),
                letters=case_words.letters(page, now),
                readers=case_words.readers(page, now),
                add=case_words.what_can_be_added(page),
                parts=tuple((part.facts(page, now), part.doing(page)) for part in PARTS),
                versions=banner_words(page.contested),
                connected=case_words.connected(page),
            )
        )


def _tags(page: CasePage, now: datetime) -> tuple[tuple[str, Tone], ...]:
    case = page.file.case
    stage = STAGES.get(case.stage, case.stage)
    since = open_for(case.opened_at, now) if case.stage != "closed" else ""
    tags = [
        ("Confidential", Tone.CONFIDENTIAL),
        (f"{stage}, {since}" if since else stage, Tone.INFO),
        (HANDLING.get(case.handling, case.handling), Tone.NEUTRAL),
    ]
    wanted = wishes_in_short(page.file.contents)
    tags += [(wanted, Tone.SOON)] if wanted else []
    tags += [
        (f"Asked for {asked_words(one.wants)}", Tone.SOON if page.officer.sentence else Tone.NEUTRAL)
        for one in wishes_for_officer(page.file.contents).values()
        if one.wants
    ]
    late = sum(duty.to_do and duty.at(now).was_late for duty in page.file.duties)
    if late:
        tags.append((f"{late} late", Tone.LATE))
    return tuple(tags)
