"""A code that comes from elsewhere: typed, pasted, or read out of a picture of its square."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.widgets import Button, Flow, TextArea, column, styled

PICTURES = "Pictures and PDF (*.png *.jpg *.jpeg *.webp *.bmp *.gif *.tif *.tiff *.pdf)"


class CodeBox(QWidget):
    """One control of a `Field`. Whoever made it reads the picture and gives the code back with `set_text`."""

    picture_chosen = Signal(str)
    """The path of a picture or PDF."""

    def __init__(self, inside: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self.area = TextArea(inside, lines=3)
        self.open = Button("Open a picture of it", icon_name="folder-open")
        layout = column(self, gap="small")
        layout.addWidget(self.area)
        layout.addWidget(Flow(self.open))
        self.setFocusProxy(self.area)
        self.open.clicked.connect(self._ask)

    def text(self) -> str:
        """What stands in the box."""
        return self.area.text().strip()

    def set_text(self, text: str) -> None:
        self.area.setText(text)

    def setAccessibleName(self, name: str) -> None:
        self.area.setAccessibleName(name)

    def setAccessibleDescription(self, description: str) -> None:
        self.area.setAccessibleDescription(description)

    def _ask(self) -> None:
        dialog = QFileDialog(self, "Open a picture of the code", "", PICTURES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.picture_chosen)
        dialog.open()
