"""The Sync page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from desktop.screens.choosing import ChoiceBanners
from desktop.screens.context import ScreenContext
from desktop.screens.stepping import focus_stop
from desktop.screens.sync.comparing import CompareCard
from desktop.screens.sync.place import PlaceCard
from desktop.screens.sync.presenter import SyncPresenter, SyncView
from desktop.screens.sync.standing import QuestionBox, StandingCards
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Page,
    ProgressRow,
    Text,
    Tick,
    Tone,
    announce,
    clear,
    column,
)


class SyncPage(Page):
    """Where the work is saved, who has it, one button, and the one question there may be."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Sync", parent=parent)
        self.presenter = presenter = SyncPresenter(context, self)
        self.go = Button("Sync now", "primary", icon_name="refresh-cw")
        self.actions.add(self.go)
        self._problem = Banner("", "", Tone.ERROR)
        self._told = Banner("", "", Tone.OK)
        self._progress = ProgressRow("Syncing", context.clock.monotonic_s)
        for widget in (self._problem, self._told, self._progress):
            self.pinned.addWidget(widget)
        self.question = QuestionBox()
        self.add(self.question)
        self._state, self._last, self._seen = Text("", "strong"), Text(""), Text("")
        self._choices = ChoiceBanners(presenter.choose)
        self._notices = column(gap="small")
        self._everything = Tick("Read the whole folder again, not only what is new. This takes longer.")
        self.add(Card(self._state, self._last, self._seen, self._everything, heading="Where your work is", gap="small"))
        self.add(self._choices)
        self.body.addLayout(self._notices)
        self.standing = StandingCards()
        self.add(self.standing)
        self.place = PlaceCard(context)
        self.add(self.place)
        self.comparing = CompareCard(context)
        self.add(self.comparing)
        self.body.addStretch(1)
        presenter.stands.connect(self.standing.show_standing)
        self.question.answered.connect(presenter.answer)
        presenter.shown.connect(self._show)
        presenter.busy.connect(self._busy)
        presenter.progress.connect(self._progress.hear)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._failed)
        self._progress.stopped.connect(presenter.stop)
        self.go.clicked.connect(self._sync)
        self.place.presenter.chosen.connect(presenter.place_chosen)

    def arrive(self) -> None:
        """Called each time the page is shown."""
        self.presenter.arrive()
        self.place.presenter.load()

    def leave(self) -> bool:
        """Called before another page is shown."""
        self.presenter.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.go if self.place.is_chosen else self.place.first

    def _sync(self) -> None:
        self.presenter.sync_now(everything=self._everything.isChecked())

    def _show(self, view: SyncView) -> None:
        self._state.setText(view.state)
        self._last.setText(view.last)
        self._seen.setText(view.seen)
        self._seen.setVisible(bool(view.seen))
        self._choices.show_lines(view.choices)
        self.question.ask(view.question)
        clear(self._notices)
        for notice in view.notices:
            self._notices.addWidget(Banner("Please note.", notice, Tone.LATE))

    def _busy(self, what: str) -> None:
        for widget in (self.go, self.question):
            widget.setEnabled(not what)
        self.place.set_usable(not what)
        if what:
            self._problem.clear()
            self._progress.begin(what)
            focus_stop(self._progress)
        else:
            had_focus = self._progress.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
            self._progress.end()
            if had_focus:
                self.go.setFocus(Qt.FocusReason.OtherFocusReason)

    def _tell(self, strong: str, rest: str) -> None:
        self._told.say(strong, rest)
        self._problem.clear()
        if strong:
            announce(self, f"{strong} {rest}")

    def _failed(self, error: AppError) -> None:
        self._told.clear()
        self._problem.say_error(error)
