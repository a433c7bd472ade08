"""The page of what was opened, printed, copied and given out."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from desktop.screens.context import ScreenContext
from desktop.screens.opened.presenter import OpenedPresenter
from desktop.widgets import Banner, Button, ListTable, Page, Text, Tone


class OpenedPage(Page):
    """Opens with `arrive(case=...)`, or without for everything."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Who has opened what", scrolls=False, parent=parent)
        self.presenter = OpenedPresenter(context, self)
        self._back = Button("Back", icon_name="arrow-left")
        self.actions.add(self._back)
        self._problem = Banner("", "", Tone.ERROR)
        self.pinned.addWidget(self._problem)
        self.pinned.addWidget(Text(
            "Each line was written before the thing was done, and nobody can alter it. Whoever leads on a case and one"
            " person outside the team see everything done in it; you always see what you did yourself.", "muted",
        ))  # fmt: skip
        self._count = Text("", "muted")
        self.table = ListTable("What was written down", self.presenter.model)
        self.add(self._count)
        self.add(self.table, 1)
        self.presenter.counted.connect(self._count.setText)
        self.presenter.failed.connect(self._failed)
        self._back.clicked.connect(self.presenter.go_back)

    def arrive(self, case: RecordId | None = None) -> None:
        """Show what was done in this case; None for everything this person may see."""
        self._problem.clear()
        self.presenter.arrive(case)

    def leave(self) -> bool:
        """Nothing of it stays."""
        self.presenter.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.table if self.presenter.model.rowCount() else self._back

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)
