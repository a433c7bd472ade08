"""The Organisation page: offices, training, copies and care of the policy, prevention, law, packs."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.services.governance_page import OrganisationPage
from desktop.screens.case.parts import PartPage, Tabs
from desktop.screens.clauses import show_clause
from desktop.screens.context import ScreenContext
from desktop.screens.organisation.presenter import OrganisationPresenter
from desktop.screens.organisation.words import EMPTY, TABS, doing_of, facts_of
from desktop.widgets import Banner, Card, Page, Tone


class OrganisationPageView(Page):
    """What belongs to the organisation and its policy, and to no case."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Organisation", parent=parent)
        self.presenter = presenter = OrganisationPresenter(context, self)
        self._problem = Banner("", "", Tone.ERROR)
        self._reminders = Banner("", "", Tone.SOON, icon_name="clock")
        self.pinned.addWidget(self._problem)
        self.add(self._reminders)
        self._pages = {name: PartPage(EMPTY[name]) for name in TABS}
        self.tabs = Tabs("Parts of the page", tuple(self._pages.items()))
        self.add(Card(self.tabs))
        self.body.addStretch(1)
        for banner in (self._problem, self._reminders):
            banner.clear()
        for page in self._pages.values():
            page.pressed.connect(presenter.go)
            page.clause_asked.connect(partial(show_clause, context))
        presenter.shown.connect(self._show)
        presenter.failed.connect(self._failed)

    def arrive(self, tab: str = "") -> None:
        """Show the page, at a tab if one is named."""
        self._problem.clear()
        if tab in TABS:
            self.tabs.bar.setCurrentIndex(TABS.index(tab))
        self.presenter.arrive()

    def leave(self) -> bool:
        """Another page comes."""
        self.presenter.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.tabs.bar

    def _show(self, page: OrganisationPage) -> None:
        self._reminders.say("To be seen to." if page.reminders else "", " ".join(page.reminders))
        facts, doing = facts_of(page), doing_of(page)
        for name, part in self._pages.items():
            part.show_facts(facts[name], doing[name])

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)
