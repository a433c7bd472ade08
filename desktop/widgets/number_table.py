"""A small table of numbers, every word in it readable and wrapped, never cut: for figures beside a picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.widgets.base import gap_px, styled
from desktop.widgets.page import rule
from desktop.widgets.text import Text

_NAMES_STRETCH, _NUMBER_STRETCH = 3, 1


class NumberTable(QWidget):
    """Headings, the first over the names of the rows, and rows of words. Each number says its row and column."""

    def __init__(
        self, name: str, headings: Sequence[str], rows: Sequence[Sequence[str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self.setAccessibleName(name)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(gap_px("medium"))
        layout.setVerticalSpacing(gap_px("tight"))
        for place, heading in enumerate(headings):
            layout.setColumnStretch(place, _NUMBER_STRETCH if place else _NAMES_STRETCH)
            if heading:
                layout.addWidget(_right(Text(heading, "strong", selectable=False), place), 0, place)
        for number, row in enumerate(rows):
            layout.addWidget(rule(), 2 * number + 1, 0, 1, len(headings))
            for place, words in enumerate(row):
                cell = _right(Text(words, selectable=False), place)
                if place:
                    cell.setAccessibleName(f"{row[0]}, {headings[place]}: {words}")
                layout.addWidget(cell, 2 * number + 2, place)


def _right(text: Text, place: int) -> Text:
    """Numbers stand at the right, names at the left."""
    side = Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft
    text.setAlignment(side | Qt.AlignmentFlag.AlignBottom)
    return text
