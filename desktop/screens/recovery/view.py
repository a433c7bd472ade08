"""The page about recovery sheets."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.services.recovery_groups import GroupRow, OldSheets
from core.services.recovery_page import RecoveryPage
from desktop.screens.context import ScreenContext
from desktop.screens.recovery.going_on import GoingOnCard
from desktop.screens.recovery.making import MakeCard, SheetsCard, TryCard
from desktop.screens.recovery.presenter import RecoveryPresenter, Step
from desktop.screens.stepping import to_top
from desktop.widgets import Banner, Button, Card, Flow, Page, Text, Tone, announce, clear, column, rule

NONE_YET = "There are no recovery sheets yet. If every laptop is lost now, no case can be brought back."
LEAD = "Three people keep one sheet each. Two sheets, the organisation sheet and the shared folder bring cases back."


class RecoveryPageView(Page):
    """The groups there are; making, printing and trying out sheets one step after another."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Recovery sheets", parent=parent)
        self._context = context
        self._page: RecoveryPage | None = None
        self.presenter = presenter = RecoveryPresenter(context, self)
        self._back = Button("Back to colleagues", icon_name="arrow-left")
        self.actions.add(self._back)
        self._problem, self._told = Banner("", "", Tone.ERROR), Banner("", "", Tone.OK)
        self._busy = Banner("", "", Tone.INFO, icon_name="clock")
        for banner in (self._problem, self._told, self._busy):
            self.pinned.addWidget(banner)
            banner.clear()
        self.going_on = GoingOnCard(presenter)
        self.list = Card(Text(LEAD, "muted"))
        self._rows = column(gap="medium")
        self.new = Button("Make recovery sheets", icon_name="plus")
        self.list.body.addLayout(self._rows)
        self.list.body.addWidget(Flow(self.new))
        self.make, self.sheets, self.attempt = MakeCard(), SheetsCard(), TryCard()
        self._steps = {
            Step.LIST: self.list, Step.MAKE: self.make, Step.SHEETS: self.sheets, Step.TRY: self.attempt,
        }  # fmt: skip
        self._forms = {
            Step.LIST: self.going_on.form, Step.MAKE: self.make.form, Step.SHEETS: self.sheets.form,
        }  # fmt: skip
        for card in (self.going_on, *self._steps.values()):
            self.add(card)
        self.body.addStretch(1)
        self.going_on.hide()
        self._move(Step.LIST)
        presenter.page.connect(self._show)
        presenter.moved.connect(self._move)
        presenter.prepared.connect(self.sheets.show_sheets)
        presenter.trying.connect(self.attempt.begin)
        presenter.problems.connect(self._problems)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._failed)
        presenter.busy.connect(self._set_busy)
        presenter.words_read.connect(self.attempt.show_words)
        self._back.clicked.connect(self._leave_for_colleagues)
        self.new.clicked.connect(partial(self._begin, None))
        self.make.made.connect(presenter.make)
        self.sheets.save.clicked.connect(self._save)
        self.sheets.printed.clicked.connect(presenter.sheets_are_printed)
        self.attempt.tried.connect(presenter.try_out)
        self.attempt.file_chosen.connect(presenter.read_file)
        for card in (self.make, self.sheets, self.attempt):
            card.back.clicked.connect(self._to_list)

    def arrive(self) -> None:
        """Called each time the page is shown."""
        self._problem.clear()
        self._told.clear()
        self.presenter.arrive()

    def leave(self) -> bool:
        """Called before another page is shown."""
        self.attempt.forget()
        self.presenter.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.new if self.new.isVisibleTo(self) else self._back

    # ------------------------------------------------------------------ inside

    def _show(self, page: RecoveryPage) -> None:
        self._page = page
        self.going_on.show_state(page.recovered)
        self.new.setVisible(page.administrator)
        self.new.set_words("Make recovery sheets" if not page.groups else "Make a second group")
        clear(self._rows)
        if not page.groups:
            self._rows.addWidget(Text(NONE_YET))
        for number, row in enumerate(page.groups):
            if number:
                self._rows.addWidget(rule())
            self._show_group(row, administrator=page.administrator)

    def _show_group(self, row: GroupRow, *, administrator: bool) -> None:
        add = self._rows.addWidget
        add(Text(f"{row.name}, edition {row.edition}", "heading"))
        cases = "1 case of yours uses" if row.cases == 1 else f"{row.cases} cases of yours use"
        tried = f"Last tried out on {_day(row.rehearsed_at)}." if row.rehearsed_at else "Never tried out."
        add(Text(f"{cases} it. {tried}"))
        if row.due:
            add(Banner("Try them out again.", "Once a year two sheets are read back, to be sure of them.", Tone.SOON))
        for holder in row.holders:
            add(Text(f"Sheet {holder.sheet}: {holder.name}"))
        attempt = Button("Try the sheets out", icon_name="check")
        attempt.setAccessibleName(f"Try the sheets of {row.name} out")
        attempt.clicked.connect(partial(self.presenter.go, Step.TRY, row))
        buttons = [attempt]
        if administrator:
            change = Button("Somebody else keeps a sheet", icon_name="pencil")
            change.setAccessibleName(f"Somebody else keeps a sheet of {row.name}")
            change.clicked.connect(partial(self._begin, row))
            buttons.append(change)
        add(Flow(*buttons))
        for old in row.old_sheets:
            self._show_old(row, old)

    def _show_old(self, row: GroupRow, old: OldSheets) -> None:
        names = ", ".join(holder.name for holder in old.holders)
        if old.destroyed_at is not None:
            self._rows.addWidget(Text(f"Edition {old.edition} was destroyed on {_day(old.destroyed_at)}.", "muted"))
            return
        done = Button("They are destroyed")
        done.setAccessibleName(f"The sheets of edition {old.edition} of {row.name} are destroyed")
        done.clicked.connect(partial(self.presenter.note_destroyed, row, old.edition))
        self._rows.addWidget(Banner(
            f"Collect the sheets of edition {old.edition} and destroy them.",
            f"They were kept by {names}, who sign that it was done. They still open what was written in their day.",
            Tone.SOON, actions=(done,),
        ))  # fmt: skip

    def _begin(self, row: GroupRow | None) -> None:
        if self._page is not None:
            self.make.begin(self._page.members, row)
            self.presenter.go(Step.MAKE, row)

    def _to_list(self) -> None:
        self.attempt.forget()
        self.presenter.go(Step.LIST)

    def _move(self, step: Step) -> None:
        self._step = step
        for known, card in self._steps.items():
            card.setVisible(known is step)
        if step is Step.LIST:
            self.attempt.forget()
        to_top(self)

    def _save(self) -> None:
        self.presenter.save(self.sheets.folder.text())

    def _problems(self, problems: dict[str, str]) -> None:
        self._problem.clear()
        for step, form in self._forms.items():
            form.show_problems(problems if step is self._step else {})

    def _tell(self, strong: str, rest: str) -> None:
        self._problem.clear()
        self._told.say(strong, rest)
        announce(self, f"{strong} {rest}")

    def _failed(self, error: AppError) -> None:
        self._told.clear()
        self._problem.say_error(error)
        to_top(self)

    def _set_busy(self, what: str) -> None:
        self._busy.say(what)
        for card in self._steps.values():
            card.setEnabled(not what)

    def _leave_for_colleagues(self) -> None:
        self._context.shell.go_to("colleagues")


def _day(moment: datetime) -> str:
    return f"{moment:%d %B %Y}".lstrip("0")
