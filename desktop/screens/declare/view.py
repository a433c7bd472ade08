"""The question before a case is opened for the first time, and what follows when the answer is yes."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from core.services.declarations import DeclarationPage
from desktop.screens.context import ScreenContext
from desktop.screens.declare.presenter import KEPT_HERE, STAYS_SHUT, DeclarePresenter
from desktop.widgets import (
    Banner,
    Button,
    Card,
    ChoiceGroup,
    ErrorSummary,
    Field,
    Flow,
    Form,
    Page,
    Text,
    TextArea,
    Tone,
)

QUESTION = "Are you related to, a neighbour of, employed by, or otherwise close to anybody in it?"
WHY = (
    "Everybody with a key to a case is asked this once, before they open it. What you say stands in the case for those"
    " who read it. If you are connected, the case stays shut for you and you are kept out by key; nobody holds it"
    " against you."
)
LEAD_FIRST = "You lead on this case. Let somebody else lead; then you are kept out."


class DeclarePageView(Page):
    """Opens with `arrive(case=...)`."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Before you open it", parent=parent)
        self.presenter = presenter = DeclarePresenter(context, self)
        self._problem = Banner("", "", Tone.ERROR)
        self.pinned.addWidget(self._problem)
        self._about = Text("")
        self._where = Text("", "muted")
        self.form = Form(ErrorSummary())
        self.connected = ChoiceGroup(((False, "No"), (True, "Yes")))
        self.how = TextArea("For example: lives two doors away from her", lines=2)
        self._how = self.form.add("how", Field("How", self.how))
        self.save = Button("Save and go on", "primary", keys="Ctrl+S")
        self._back = Button("Back to the cases")
        self.question = Card(
            Text(WHY, "muted"), self.form.summary, self._about, self._where,
            self.form.add("connected", Field(QUESTION, self.connected)), self._how, Flow(self.save, self._back),
        )  # fmt: skip
        self._over = Button("Let somebody else lead")
        self._leave = Button("Back to the cases")
        self._said = Text("")
        self.shut = Card(self._said, Flow(self._over, self._leave), heading="You said that you are connected")
        self.add(self.question)
        self.add(self.shut)
        self.body.addStretch(1)
        self._forget()
        self.connected.picked.connect(self._picked)
        self.save.clicked.connect(self._save)
        self._over.clicked.connect(presenter.hand_over)
        for button in (self._back, self._leave):
            button.clicked.connect(presenter.to_cases)
        presenter.begun.connect(self._forget)
        presenter.shown.connect(self._show)
        presenter.problems.connect(self.form.show_problems)
        presenter.failed.connect(self._failed)
        presenter.busy.connect(self.save.setDisabled)

    def arrive(self, case: RecordId) -> None:
        """Ask about a case."""
        self.presenter.arrive(case)

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self._leave if self.question.isHidden() else self.connected

    def _forget(self) -> None:
        self._problem.clear()
        self.form.show_problems({})
        self.connected.set_values([])
        self.how.setText("")
        self._how.hide()
        self.question.hide()
        self.shut.hide()

    def _show(self, page: DeclarationPage) -> None:
        self.set_title(f"Before you open {page.reference}")
        names = "" if page.connected else ", ".join(page.people)
        self._about.setText(f"In this case: {names}." if names else "Nobody is named in this case yet.")
        self._where.setText(f"Where: {'; '.join(page.places)}." if page.places and not page.connected else "")
        self._where.setVisible(bool(self._where.text()))
        self._said.setText(LEAD_FIRST if page.leads else KEPT_HERE if page.kept else STAYS_SHUT)
        self._over.setVisible(page.leads)
        self.question.setVisible(not page.connected)
        self.shut.setVisible(page.connected)

    def _picked(self) -> None:
        self._how.setVisible(self.connected.value() is True)

    def _save(self) -> None:
        value = self.connected.value()
        self.presenter.say(value if isinstance(value, bool) else None, self.how.text())

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)
