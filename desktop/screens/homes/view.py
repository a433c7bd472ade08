"""The Homes page."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from desktop.screens.context import ScreenContext
from desktop.screens.homes.presenter import HomesPresenter, HomesState
from desktop.widgets import (
    Banner,
    Button,
    EmptyState,
    Flow,
    ListTable,
    Page,
    SearchBox,
    Select,
    Text,
    Tone,
    announce,
)


class HomesPage(Page):
    """Search as you type, or choose a street or block."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Homes", scrolls=False, parent=parent)
        self.presenter = HomesPresenter(context, self)
        self._bring = Button("Bring in a list", "primary", icon_name="upload")
        self.actions.add(self._bring)
        self._search = SearchBox("Search by street, number or postcode", name="Search homes", keys="/")
        self._areas = Select(empty="Every street and block", wide_em=34)
        self._areas.setAccessibleName("Street or block")
        self.pinned.addWidget(Flow(self._search, self._areas))
        self._problem = Banner("", "", Tone.ERROR)
        self._summary = Text("", "muted")
        self.pinned.addWidget(self._problem)
        self.add(self._summary)
        self.table = ListTable("Homes", self.presenter.model)
        self.add(self.table, 1)
        self._empty_bring = Button("Bring in a list")
        self._empty = EmptyState("", "", icon_name="house", actions=(self._empty_bring,))
        self._empty.hide()
        self.add(self._empty)
        self.body.addStretch(0)
        self._search.asked.connect(self.presenter.search)
        self._areas.picked.connect(self._area)
        self._bring.clicked.connect(self.presenter.bring_in)
        self._empty_bring.clicked.connect(self.presenter.bring_in)
        self.presenter.listed.connect(self._listed)
        self.presenter.failed.connect(self._failed)

    def arrive(self, words: str = "") -> None:
        """Called each time the page is shown; with `words` to look for."""
        if words and words != self._search.text():
            self._search.setText(words)
            self.presenter.search(words)
        self.presenter.arrive()

    def leave(self) -> bool:
        """Called before another page is shown."""
        self.presenter.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self._search

    def _area(self, area: object) -> None:
        self._search.clear()
        self.presenter.choose_area(area)

    def _listed(self, state: HomesState) -> None:
        self._problem.clear()
        self._summary.setText(state.summary)
        self._areas.set_options(state.areas)
        for widget in (self._summary, self.table):
            widget.setVisible(state.empty is None)
        self._empty.setVisible(state.empty is not None)
        self.body.setStretch(self.body.count() - 1, 0 if state.empty is None else 1)
        if state.empty is not None:
            self._empty.say(*state.empty)
        announce(self, " ".join(state.empty) if state.empty else state.summary)

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)
