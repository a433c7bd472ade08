"""The first run on a second laptop: its name, the shared folder, a passphrase of its own; then its code."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QWidget

from desktop.operations.beginning import Pairing
from desktop.screens.first_run.cards import StepCard
from desktop.screens.first_run.passphrase import PassphrasePart
from desktop.screens.paths import PathKind, PathLine
from desktop.widgets import Button, Field, SquareCode, Text, TextBox, column, rule, styled

SAYS = "The code of this laptop as a square code. The same stands below it as letters."


class SecondLaptop(StepCard):
    """Asks for as little as can be: the person is known on the other laptop."""

    def __init__(self) -> None:
        super().__init__(
            "My second laptop", "Have your other laptop at hand, with the workbook open. It gives this one your keys."
        )
        self.back = Button("Back", "quiet", icon_name="arrow-left")
        self.laptop_name = TextBox(wide_em=36)
        self.folder = PathLine("Choose folder", PathKind.FOLDER, title="Choose the shared folder")
        self.secret = PassphrasePart(self.form)
        hint = "So that you can tell your laptops apart. For example: Home laptop"
        add = self.body.addWidget
        add(self.form.add("laptop_name", Field("Name of this laptop", self.laptop_name, hint=hint)))
        hint = "The same as on your other laptop: a folder, or the code of a store. Everything in it is sealed."
        add(self.form.add("shared_folder", Field("Shared folder", self.folder, hint=hint)))
        add(rule())
        add(self.secret)
        self.finish("Show the code", self.back)
        self.first = self.laptop_name

    def names(self) -> tuple[str, ...]:
        return (self.laptop_name.text(),)

    def form_values(self) -> Pairing:
        return Pairing(
            laptop_name=self.laptop_name.text().strip(),
            passphrase=self.secret.passphrase,
            shared_folder=Path(self.folder.text()),
        )


class CodeShown(QWidget):
    """A code to be carried to another laptop: as a square, and as letters that can be copied."""

    def __init__(self) -> None:
        super().__init__()
        styled(self, "clear")
        self.square, self.text = SquareCode(), Text("", "strong", selectable=True)
        layout = column(self, gap="small")
        layout.addWidget(self.square)
        layout.addWidget(self.text)
        self.hide()

    def show_code(self, code: str, square: object) -> None:
        self.square.show_rows(cast(tuple[tuple[bool, ...], ...], square), SAYS)
        groups = code.split("-")
        self.text.setText("\n".join("  ".join(groups[start : start + 5]) for start in range(0, len(groups), 5)))
        self.text.setAccessibleName(f"Code of this laptop: {' '.join(groups)}")
        self.show()
