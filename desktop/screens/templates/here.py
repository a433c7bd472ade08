"""Braille, sound and Chinese on this computer: what it makes by itself, and the typeface that is brought once."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError, FormIncomplete
from core.services.typefaces import FormatsHere
from desktop.operations import letter_templates
from desktop.screens.context import ScreenContext
from desktop.screens.paths import PathKind, PathLine
from desktop.widgets import Banner, Button, Card, ErrorSummary, Field, Flow, Form, Text, Tone, announce, column


class HerePresenter(QObject):
    """Asks what is here, and brings the typeface."""

    shown = Signal(object)
    """`FormatsHere`."""
    problems = Signal(object)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = context.runner

    def arrive(self) -> None:
        """Look again: a colleague may have put something on the computer."""
        letter_templates.formats_here(self._runner, on_done=self._done, on_failed=self._failed)

    def bring(self, place: str) -> None:
        """Take the typeface from this folder."""
        letter_templates.bring_typeface(self._runner, place, on_done=self._done, on_failed=self._failed)

    def _done(self, here: FormatsHere) -> None:
        self.problems.emit({})
        self.shown.emit(here)

    def _failed(self, error: AppError) -> None:
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        else:
            self.failed.emit(error)


class HereCard(QWidget):
    """One sentence for each format, and where the Chinese typeface is brought."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self.presenter = HerePresenter(context, self)
        self.form = Form(ErrorSummary())
        self._sentences = Text("")
        self._told = Banner("", "", Tone.INFO)
        self.place = PathLine("Choose a folder", PathKind.FOLDER, title="The folder of the Chinese typeface")
        self.bring = Button("Bring the Chinese typeface")
        self._field = self.form.add(
            "typeface",
            Field(
                "Folder of the Chinese typeface", self.place,
                hint="NotoSansSC-Regular.ttf and NotoSansSC-Bold.ttf. They are copied to this computer, once.",
            ),
        )  # fmt: skip
        card = Card(Text("Made on this computer", "heading"), self._sentences, self._told, self.form.summary)
        card.body.addWidget(self._field)
        card.body.addWidget(Flow(self.bring))
        column(self).addWidget(card)
        self.presenter.shown.connect(self._show)
        self.presenter.problems.connect(self._show_problems)
        self.presenter.failed.connect(self._failed)
        self.bring.clicked.connect(self._bring)
        self.place.entered.connect(self._bring)

    def _bring(self) -> None:
        self._told.clear()
        self.form.show_problems({})
        self.bring.setEnabled(False)
        self.presenter.bring(self.place.text())

    def _show(self, here: FormatsHere) -> None:
        self.bring.setEnabled(True)
        self._sentences.setText("\n".join(here.sentences))
        self._field.setVisible(not here.chinese)
        self.bring.setVisible(not here.chinese)
        if here.taken:
            self._told.say("The Chinese typeface is here now.", here.taken_words, Tone.INFO)
            announce(self, here.taken_words)

    def _show_problems(self, problems: dict[str, str]) -> None:
        self.bring.setEnabled(True)
        self.form.show_problems(problems)

    def _failed(self, error: AppError) -> None:
        self.bring.setEnabled(True)
        self._told.say_error(error)
