"""The words of one sheet: typed with completion, or read out of a picture of its square code."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.services.sheet_words import words_seen
from desktop.screens.code_box import CodeBox
from desktop.widgets import Text, column, styled

INSIDE = "Type the words in order. Four letters of each are enough."


class SheetBox(QWidget):
    """One control of a `Field`. Says under the box how far the words are and which one cannot be right."""

    file_chosen = Signal(object, object)
    """(this box, `Path`)."""

    def __init__(self, *, organisation: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._organisation = organisation
        self._quiet = False
        self.code = CodeBox(INSIDE)
        self._state = Text("", "small")
        layout = column(self, gap="small")
        layout.addWidget(self.code)
        layout.addWidget(self._state)
        self.setFocusProxy(self.code)
        self.code.area.textChanged.connect(self._typed)
        self.code.picture_chosen.connect(self._chosen)
        self._typed()

    def text(self) -> str:
        """The words as they stand."""
        return self.code.text()

    def set_text(self, text: str) -> None:
        self.code.set_text(text)

    def forget(self) -> None:
        """Take the words off the screen and out of the box's memory."""
        self.code.set_text("")
        self.code.area.document().clearUndoRedoStacks()

    def setAccessibleName(self, name: str) -> None:
        self.code.setAccessibleName(name)

    def setAccessibleDescription(self, description: str) -> None:
        self.code.setAccessibleDescription(description)

    def _typed(self) -> None:
        if self._quiet:
            return
        text = self.code.area.text()
        seen = words_seen(text, organisation=self._organisation)
        self._state.setText(seen.sentence)
        if text[-1:].isspace() and seen.text.split() != text.casefold().split() and not any(c.isdigit() for c in text):
            self._quiet = True
            self.code.set_text(seen.text)
            self._quiet = False

    def _chosen(self, path: str) -> None:
        self.file_chosen.emit(self, Path(path))
