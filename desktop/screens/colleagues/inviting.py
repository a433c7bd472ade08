"""Inviting somebody: the text, the same as a square code, and a sheet to print if they are not here."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from core.domain.organisation import ROLES
from core.foundation.errors import AppError, FormIncomplete
from core.services.organisation import InvitationIssued
from desktop.operations import handing_over
from desktop.screens.context import ScreenContext
from desktop.screens.paths import PathKind, PathLine
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Field,
    Flow,
    Select,
    SquareCode,
    Text,
    TextArea,
    Tone,
    announce,
    column,
    rule,
    styled,
)

if TYPE_CHECKING:
    from core.services.handing_over import SheetSaved

LEAD = "They can photograph the square, or get the text. It lets one person ask to join, for 14 days."
SAYS = "The invitation as a square code. The text below holds the same."
WARNING = "Whoever has the sheet can ask to join. Hand it over yourself, and delete the file when it is printed."


class SheetPresenter(QObject):
    """Saves an invitation as a sheet, where the person wants it."""

    told = Signal(str, str)
    problem = Signal(str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def save(self, text: str, words: str) -> None:
        """Write the sheet."""
        typed = words.strip()
        self.problem.emit("" if typed else "Choose where the sheet goes.")
        if typed and text:
            handing_over.save_invitation_sheet(
                self._context.runner, text, Path(typed).expanduser(), on_done=self._saved, on_failed=self._refused
            )

    def _saved(self, saved: SheetSaved) -> None:
        self.told.emit("The sheet is saved.", f"{saved.path.name}: print it, hand it over, delete it.")

    def _refused(self, error: AppError) -> None:
        if isinstance(error, FormIncomplete):
            self.problem.emit(" ".join(error.problems.values()))
        else:
            self.failed.emit(error)


class InviteCard(Card):
    """An invitation, to be handed over in person."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(heading="Invite somebody", parent=parent)
        self.presenter = presenter = SheetPresenter(context, self)
        self.role = Select(list(ROLES.items()), empty="Choose", wide_em=28)
        self._field = Field("What will they do?", self.role)
        self.go = Button("Make an invitation")
        self.square = SquareCode()
        self.text = TextArea(lines=4, most_lines=8)
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Text of the invitation")
        self.copy = Button("Copy", icon_name="copy")
        self.path = PathLine("Choose file", PathKind.SAVE, title="Choose where the sheet goes", filters="PDF (*.pdf)")
        self.path.set_text(str(Path.home() / "invitation.pdf"))
        self._sheet = Field("A sheet to print", self.path, hint=WARNING)
        self.save = Button("Save the sheet", icon_name="printer")
        self._told, self._problem = Banner("", "", Tone.OK), Banner("", "", Tone.ERROR)
        self._made = styled(QWidget(), "clear")
        inner = column(self._made, gap="small")
        sheet = (rule(), self._problem, self._told, self._sheet, Flow(self.save))
        for part in (Text(LEAD), self.square, self.text, Flow(self.copy), *sheet):
            inner.addWidget(part)
        self.body.addWidget(self._field)
        self.body.addWidget(Flow(self.go))
        self.body.addWidget(self._made)
        self._made.hide()
        self._told.clear()
        self._problem.clear()
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._save)
        self.path.entered.connect(self._save)
        presenter.told.connect(self._tell)
        presenter.problem.connect(self._sheet.set_problem)
        presenter.failed.connect(self._problem.say_error)

    def show_invitation(self, issued: InvitationIssued) -> None:
        self.text.setText(issued.text)
        self.square.show_rows(issued.square, SAYS)
        self._told.clear()
        self._problem.clear()
        self._made.show()
        self.text.setFocus()
        self.text.selectAll()

    def forget(self) -> None:
        """Whoever has the text can ask to join: it does not stay on the screen."""
        self.text.setText("")
        self.square.forget()
        self._made.hide()

    def say_problem(self, sentence: str) -> None:
        self._field.set_problem(sentence)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.text())
        announce(self, "Copied")

    def _save(self) -> None:
        self._problem.clear()
        self.presenter.save(self.text.text(), self.path.text())

    def _tell(self, strong: str, rest: str) -> None:
        self._told.say(strong, rest)
        announce(self, f"{strong} {rest}")
