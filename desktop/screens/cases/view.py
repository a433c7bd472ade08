"""The Cases page."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.domain.case import STAGES
from core.foundation.errors import AppError
from desktop.screens.cases.presenter import CasesPresenter, ListState
from desktop.screens.context import ScreenContext
from desktop.widgets import (
    Banner,
    Button,
    Chip,
    EmptyState,
    Flow,
    ListTable,
    Page,
    SearchBox,
    Text,
    Tick,
    Tone,
    announce,
    row,
)


class CasesPage(Page):
    """Search as you type; Enter opens. A glance over the shoulder shows references only."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Cases", scrolls=False, parent=parent)
        self.presenter = CasesPresenter(context, self)
        self._new = Button("New report", "primary", icon_name="plus", window_keys="N")
        self._interviews = Button("Private interviews", icon_name="lock")
        self.actions.add(self._interviews)
        self.actions.add(self._new)
        hint = "Search by name, street, reference or words in the file"
        self._search = SearchBox(hint, name="Search cases", keys="/")
        self._names = Tick("Show names")
        line = row(gap="medium")
        line.addWidget(self._search, 1)
        line.addWidget(self._names)
        self.pinned.addLayout(line)
        self._chips = [_StageChip(stage, words) for stage, words in STAGES.items()]
        self._summary = Text("", "muted")
        chips = Flow(*self._chips)
        self.pinned.addWidget(chips)
        self._problem = Banner("", "", Tone.ERROR)
        self.pinned.addWidget(self._problem)
        self.add(self._summary)
        self.table = ListTable("Cases", self.presenter.model)
        self.add(self.table, 1)
        self._empty_new = Button("New report")
        self._empty = EmptyState("", "", icon_name="search", actions=(self._empty_new,))
        self._empty.hide()
        self.add(self._empty)
        self.body.addStretch(0)
        self._search.asked.connect(self.presenter.search)
        self._names.toggled.connect(self.presenter.show_names)
        self._interviews.clicked.connect(self.presenter.look_at_interviews)
        for chip in self._chips:
            chip.toggled.connect(self._filter)
        self.table.opened.connect(self.presenter.open)
        self._new.clicked.connect(self.presenter.new_report)
        self._empty_new.clicked.connect(self.presenter.new_report)
        self.presenter.listed.connect(self._listed)
        self.presenter.failed.connect(self._failed)

    def arrive(self) -> None:
        """Called each time the page is shown."""
        self.presenter.arrive()

    def leave(self) -> bool:
        """Called before another page is shown."""
        self.presenter.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self._search

    def _listed(self, state: ListState) -> None:
        self._problem.clear()
        self._summary.setText(state.summary)
        self._summary.setVisible(state.empty is None)
        self.table.setVisible(state.empty is None)
        self._empty.setVisible(state.empty is not None)
        self.body.setStretch(self.body.count() - 1, 0 if state.empty is None else 1)
        if state.empty is not None:
            self._empty.say(*state.empty)
        announce(self, " ".join(state.empty) if state.empty else state.summary)

    def _filter(self) -> None:
        self.presenter.filter(tuple(chip.stage for chip in self._chips if chip.isChecked()))

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)


class _StageChip(Chip):
    def __init__(self, stage: str, words: str) -> None:
        super().__init__(words)
        self.stage = stage
