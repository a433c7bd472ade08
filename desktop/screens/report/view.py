"""The New report page: what is needed first, everything else below."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.policy.people import hidden_from_colleagues
from core.services.organisation import MemberRow
from core.services.out_of_hours import ReceivedWhen
from desktop.screens.clauses import ClausedBanner, show_clause
from desktop.screens.context import ScreenContext
from desktop.screens.report.existing import ExistingPart
from desktop.screens.report.form import Typed
from desktop.screens.report.later import LaterPart
from desktop.screens.report.more import MorePart
from desktop.screens.report.needed import NeededPart
from desktop.screens.report.presenter import ReportPresenter
from desktop.screens.report.reading import ReadersPart
from desktop.screens.report.recovery import RecoveryPart
from desktop.screens.report.rows import Rows
from desktop.widgets import Banner, Button, ErrorSummary, Form, Page, Text, Tone

SAVING = "Kept on this laptop as you type."


class ReportPage(Page):
    """One page that saves as you type. Each part reads and writes its own share of `Typed`."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("New report", parent=parent)
        self._context = context
        self.presenter = ReportPresenter(context, self)
        self._quiet = False
        self._state = Text("", "small")
        self.pinned.addWidget(self._state)
        self._again = Button("Start again", "quiet")
        self._save = Button("Save report", "primary", icon_name="save", keys="Ctrl+S")
        self.actions.add(self._again)
        self.actions.add(self._save)
        self._summary = ErrorSummary()
        self._problem = Banner("", "", Tone.ERROR)
        self._draft = Banner("", "", Tone.INFO, icon_name="pencil")
        self._training = ClausedBanner(Tone.SOON)
        self._training.clause_asked.connect(partial(show_clause, context))
        for part in (self._summary, self._problem, self._draft, self._training):
            self.add(part)
        self._say("")
        self._form = Form(self._summary)
        self.needed = NeededPart(self._form, context.clock.now)
        self.existing = ExistingPart()
        self.pinned.addWidget(self.existing.short)
        self.later = LaterPart(self._form)
        self.more = MorePart(self._form)
        self.readers = ReadersPart(self._form)
        self.recovery = RecoveryPart(self._form)
        self._shares = (self.needed, self.later, self.more, self.readers, self.recovery)
        for share in self._shares:
            self.add(share)
            share.edited.connect(self._edited)
            if share is self.needed:
                self.add(self.existing)
        self.body.addStretch(1)
        for rows in self.more.rows.values():
            rows.gone.connect(partial(self._offer_back, rows))
        self.needed.homes_asked.connect(self.presenter.find_homes)
        self.presenter.suggested.connect(self.needed.show_homes)
        self.presenter.colleagues_known.connect(self._show_colleagues)
        self.presenter.received.connect(self._show_when)
        self.presenter.restored.connect(self._restore)
        self.presenter.existing.connect(self.existing.show_cases)
        self.existing.add_asked.connect(self.presenter.add_to)
        self.existing.look_asked.connect(self.presenter.look_at)
        self.presenter.recovery_asked.connect(self.recovery.ask)
        self.presenter.cleared.connect(self._clear)
        self.presenter.problems.connect(self._form.show_problems)
        self.presenter.failed.connect(self._failed)
        self.presenter.said.connect(self._say)
        self.presenter.warned.connect(self._warn)
        self.presenter.busy.connect(self._busy)
        self._save.clicked.connect(self.presenter.save)
        self._again.clicked.connect(self.presenter.start_again)

    def arrive(self) -> None:
        """Called each time the page is shown."""
        if self.typed().empty:
            self._begin_at(self.presenter.now())
        self.presenter.arrive()

    def leave(self) -> bool:
        """Save what is not saved yet."""
        self.presenter.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.needed.first

    def typed(self) -> Typed:
        """Everything on the page."""
        typed = Typed()
        for share in self._shares:
            typed = share.read(typed)
        return typed

    # ------------------------------------------------------------------ inside

    def _edited(self) -> None:
        if not self._quiet:
            self.readers.hide_from_colleagues(hidden_from_colleagues(self.typed().sorts_harmed))
            self.presenter.typed(self.typed())

    def _offer_back(self, rows: Rows, words: str) -> None:
        self._context.shell.say(words, rows.put_back)

    def _begin_at(self, now: datetime) -> None:
        self._quiet = True
        self.needed.begin_at(now)
        self._quiet = False
        self.presenter.typed(self.typed())

    def _restore(self, typed: Typed, words: str) -> None:
        self._quiet = True
        for share in self._shares:
            share.write(typed)
        self._quiet = False
        self._draft.say(words)
        self._edited()

    def _clear(self) -> None:
        self._restore(Typed(), "")
        self._form.show_problems({})
        self._problem.clear()
        self._say("")
        self._begin_at(self.presenter.now())
        self.needed.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_when(self, found: ReceivedWhen) -> None:
        self.needed.show_on_call(found, self.presenter.now())

    def _show_colleagues(self, colleagues: tuple[MemberRow, ...]) -> None:
        self._quiet = True
        self.readers.show_colleagues(colleagues)
        self._quiet = False

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)

    def _warn(self, words: str) -> None:
        self._training.say_claused(words)

    def _say(self, words: str) -> None:
        self._state.setText(words or SAVING)
        if words:
            self._problem.clear()

    def _busy(self, busy: bool) -> None:
        self._save.set_words("Saving" if busy else "Save report")
