"""Two cards: the newest entries with how far each has come, and the laptops of the organisation."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from desktop.screens.sync.presenter import StandingView
from desktop.widgets import Banner, Card, Flow, Tag, Text, Tone, clear, column, styled

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
            self._layout.addWidget(Flow(Tag(tag, tone), Text(words)))


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
