"""The newest entries with how far each has come, the laptops of the organisation, and the one question."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.screens.sync.presenter import StandingView
from desktop.widgets import Banner, Button, Card, Flow, Line, Tag, Text, Tone, announce, clear, column, styled

Row = tuple[str, Tone, str]


class TaggedRows(QWidget):
    """One line a thing: a tag, then words."""

    def __init__(self, empty: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._empty = empty
        self._rows: tuple[Row, ...] | None = None
        self._layout = column(self, gap="small")
        self.show_rows(())

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these; the same as before stay as they are."""
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        clear(self._layout)
        if not rows:
            self._layout.addWidget(Text(self._empty, "muted"))
        for tag, tone, words in rows:
            self._layout.addWidget(Flow(Tag(tag, tone), Line(words)))


class StandingCards(QWidget):
    """Both cards, and above them what is missing or silent."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        whole = column(self, gap="medium")
        self._alarms = column(gap="small")
        self._shown: tuple[tuple[str, str, Tone], ...] = ()
        self._newest = TaggedRows("Nothing has been written on this laptop yet.")
        self._laptops = TaggedRows("No other laptop is known yet.")
        whole.addLayout(self._alarms)
        whole.addWidget(Card(self._newest, heading="Your newest entries", gap="small"))
        whole.addWidget(Card(self._laptops, heading="Laptops", gap="small"))

    def show_standing(self, view: StandingView) -> None:
        """The receiver of the presenter's `stands`."""
        self._newest.show_rows(view.newest)
        self._laptops.show_rows(view.laptops)
        if view.alarms != self._shown:
            self._shown = view.alarms
            clear(self._alarms)
            for strong, rest, tone in view.alarms:
                self._alarms.addWidget(Banner(strong, rest, tone))


class QuestionBox(QWidget):
    """The one question there may be: much of the folder is gone. Hidden while there is none."""

    answered = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self.put_back, self.leave_lost = Button("Put them back", "primary"), Button("Leave the folder as it is")
        self._words = Banner("", "", Tone.SOON)
        whole = column(self, gap="small")
        whole.addWidget(self._words)
        whole.addWidget(Flow(self.put_back, self.leave_lost))
        self.put_back.clicked.connect(partial(self.answered.emit, True))
        self.leave_lost.clicked.connect(partial(self.answered.emit, False))
        self.hide()

    def ask(self, question: str) -> None:
        """Ask it, or take it away."""
        rest = "Nothing of yours is lost: everything lies on this laptop. If the wrong folder or stick is in, leave it."
        was_there = self.isVisible()
        self._words.say(question, rest if question else "")
        self.setVisible(bool(question))
        if question and not was_there:
            announce(self, f"{question} {rest}")
