"""The messages that say that two versions of something wait for a choice, with the way there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from core.foundation.ids import RecordId
from desktop.theme import Tone
from desktop.widgets import Banner, Button, clear, column, styled

MOST = 3
"""So many at once: the page must still be a page."""

Line = tuple[str, str, RecordId | None]
"""(in short, the rest, case); the case is None for what belongs to none."""


class ChoiceBanners(QWidget):
    """One message a place; hidden while nothing waits. `choose(case)` is a bound method of a presenter."""

    def __init__(self, choose: Callable[[RecordId | None], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._choose = choose
        self._lines: tuple[Line, ...] = ()
        self._layout = column(self, gap="small")
        self.hide()

    def show_lines(self, lines: Sequence[Line], words: str = "Choose") -> None:
        """Show these; what is shown already stays as it is, with the keyboard in it. `words`: what the button says."""
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        clear(self._layout)
        for strong, rest, case in self._lines[:MOST]:
            button = Button(words)
            button.setAccessibleDescription(strong)
            button.clicked.connect(partial(self._choose, case))
            self._layout.addWidget(Banner(strong, rest, Tone.SOON, icon_name="copy", actions=(button,)))
        if self.parentWidget() is not None:
            self.setVisible(bool(self._lines))
