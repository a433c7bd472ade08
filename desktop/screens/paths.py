"""A file or folder, typed or chosen: one control of a `Field`."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QWidget

from desktop.widgets import Button, Flow, TextBox, column, styled


class PathKind(Enum):
    """What is asked for."""

    OPEN = "open"
    SAVE = "save"
    FOLDER = "folder"


class PathLine(QWidget):
    """A box with a button beside it that opens the system's own dialog, without stopping the window."""

    entered = Signal()
    """Enter was pressed in the box."""
    chosen = Signal()
    """Something was chosen in the dialog."""

    def __init__(
        self, words: str, kind: PathKind, *, title: str, filters: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._kind, self._title, self._filters = kind, title, filters
        self.box = TextBox(wide_em=46)
        self.button = Button(words, icon_name="folder-open")
        column(self, gap="none").addWidget(Flow(self.box, self.button))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusProxy(self.box)
        self.button.clicked.connect(self._ask)
        self.box.returnPressed.connect(self.entered)

    def text(self) -> str:
        """What stands in the box."""
        return self.box.text().strip()

    def set_text(self, text: str) -> None:
        self.box.setText(text)

    def setAccessibleName(self, name: str) -> None:
        self.box.setAccessibleName(name)

    def setAccessibleDescription(self, description: str) -> None:
        self.box.setAccessibleDescription(description)

    def _ask(self) -> None:
        start = Path(self.text()).expanduser() if self.text() else Path.home()
        dialog = QFileDialog(self, self._title, str(start), self._filters)
        modes = {
            PathKind.OPEN: QFileDialog.FileMode.ExistingFile,
            PathKind.SAVE: QFileDialog.FileMode.AnyFile,
            PathKind.FOLDER: QFileDialog.FileMode.Directory,
        }
        dialog.setFileMode(modes[self._kind])
        if self._kind is PathKind.SAVE:
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._take)
        dialog.open()

    def _take(self, path: str) -> None:
        self.box.setText(path)
        self.chosen.emit()


def usual_folder() -> Path:
    """Where letters go unless somebody chooses otherwise."""
    return Path.home() / "Letters"
