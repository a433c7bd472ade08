"""Letters before a case is chosen: the runs there are, and the case for a new one."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.screens.letters.runs import RunsPresenter
from desktop.widgets import (
    Button,
    Card,
    EmptyState,
    Field,
    Flow,
    ListTable,
    Suggestion,
    Text,
    TypeAhead,
    column,
    styled,
)


class RunsPart(QWidget):
    """Enter opens a run where it stands."""

    def __init__(self, presenter: RunsPresenter) -> None:
        super().__init__()
        styled(self, "clear")
        self._case = TypeAhead("Type part of the reference, or a word in the file", wide_em=40)
        self._to_cases = Button("Choose from the list of cases", icon_name="folder")
        begin = Card(
            Field("Which case are the letters for?", self._case, hint="A letter to an area always belongs to a case."),
            Flow(self._to_cases),
        )
        self._summary = Text("", "muted")
        self.table = ListTable("Letters", presenter.model)
        self._empty = EmptyState(
            "No letters to an area yet.",
            "Choose the case above. Every home in the area gets the same words, so that nobody is pointed at.",
            icon_name="mail",
        )
        layout = column(self)
        for part in (begin, self._summary, self._empty):
            layout.addWidget(part)
        layout.addWidget(self.table, 1)
        layout.addStretch(0)
        self._layout = layout
        self._presenter = presenter
        presenter.listed.connect(self._listed)
        presenter.suggested.connect(self._suggest)
        self._case.asked.connect(presenter.find_case)
        self._case.chosen.connect(presenter.begin)
        self._to_cases.clicked.connect(presenter.to_cases)
        self.table.opened.connect(presenter.open)
        self._empty.hide()

    def first(self) -> QWidget:
        """Where the keyboard starts."""
        return self._case

    def forget(self) -> None:
        """Empty the box."""
        self._case.set_value(None, "")

    def _listed(self, count: int, words: str) -> None:
        self._summary.setText(f"{words}. Press Enter to open one where it stands.")
        for widget in (self._summary, self.table):
            widget.setVisible(bool(count))
        self._empty.setVisible(not count)
        self._layout.setStretch(self._layout.count() - 1, 0 if count else 1)

    def _suggest(self, number: int, rows: tuple[tuple[object, str, str], ...]) -> None:
        self._case.show_suggestions(number, [Suggestion(value, words, detail) for value, words, detail in rows])
