"""The first run when laptops were lost: two recovery sheets, the organisation sheet, a copy of the folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from desktop.operations.beginning import Recovering
from desktop.screens.first_run.cards import StepCard
from desktop.screens.first_run.passphrase import PassphrasePart
from desktop.screens.paths import PathKind, PathLine
from desktop.screens.recovery.sheet_box import SheetBox
from desktop.widgets import Button, Field, Text, TextBox, rule

LEAD = "You need two of the three recovery sheets, the organisation sheet, and any copy of the shared folder."
AFTER = (
    "The workbook reads every case of the sheets' group. Nothing can be written in it until an administrator lets you"
    " in, or, if nobody is left, the sheets do. The page Recovery sheets says how."
)


class LostLaptops(StepCard):
    """Asks for the sheets, the folder, and who the person is."""

    def __init__(self) -> None:
        super().__init__("We have lost our laptops", LEAD)
        self.back = Button("Back", "quiet", icon_name="arrow-left")
        self.first_sheet, self.second_sheet = SheetBox(), SheetBox()
        self.organisation_sheet = SheetBox(organisation=True)
        self.folder = PathLine("Choose folder", PathKind.FOLDER, title="Choose the shared folder or a copy of it")
        self.your_name, self.initials = TextBox(wide_em=36), TextBox(wide_em=8)
        self.secret = PassphrasePart(self.form)
        add = self.body.addWidget
        hint = "33 numbered words, or a picture of the square code."
        add(self.form.add("first_sheet", Field("One recovery sheet", self.first_sheet, hint=hint)))
        add(self.form.add("second_sheet", Field("Another recovery sheet", self.second_sheet)))
        add(self.form.add("organisation_sheet", Field("The organisation sheet", self.organisation_sheet)))
        hint = "The shared folder itself, a backup of it, or a copy on a stick."
        add(self.form.add("shared_folder", Field("Shared folder", self.folder, hint=hint)))
        add(rule())
        add(self.form.add("your_name", Field("Your name", self.your_name)))
        add(self.form.add("initials", Field("Your initials", self.initials)))
        add(self.secret)
        add(Text(AFTER, "muted"))
        self.finish("Recover", self.back)
        self.first = self.first_sheet

    @property
    def boxes(self) -> tuple[SheetBox, SheetBox, SheetBox]:
        """The three sheets in order."""
        return self.first_sheet, self.second_sheet, self.organisation_sheet

    def names(self) -> tuple[str, ...]:
        return (self.your_name.text(),)

    def form_values(self) -> Recovering:
        first, second, organisation = (box.text() for box in self.boxes)
        return Recovering(
            first_sheet=first, second_sheet=second, organisation_sheet=organisation,
            shared_folder=Path(self.folder.text()), your_name=self.your_name.text().strip(),
            initials=self.initials.text().strip(), passphrase=self.secret.passphrase,
        )  # fmt: skip

    def show_words(self, box: QObject, words: str) -> None:
        """What was found in a picture."""
        for known in self.boxes:
            if known is box:
                known.set_text(words)

    def forget(self) -> None:
        """No word stays on the screen."""
        self.secret.forget()
        for box in self.boxes:
            box.forget()
