"""What brings a case back if laptops are lost, and choosing other recovery sheets for it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError, FormIncomplete
from core.foundation.ids import RecordId
from core.services.recovery_case import WITHOUT, CaseRecovery
from desktop.operations import recovery
from desktop.screens.asking import Question
from desktop.screens.context import ScreenContext
from desktop.widgets import (
    Banner,
    Button,
    Card,
    ErrorSummary,
    Field,
    Flow,
    Form,
    Select,
    Text,
    TextArea,
    Tone,
    announce,
)

WITHOUT_WORDS = "No recovery sheets"


class CaseRecoveryPresenter(QObject):
    """One case at a time."""

    shown = Signal(object)
    """`CaseRecovery`."""
    problems = Signal(object)
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._case: RecordId | None = None

    def show_case(self, case: RecordId) -> None:
        """Ask the vault."""
        self._case = case
        question = Question(case, self)
        question.answered.connect(self._have)
        question.failed.connect(self._could_not)
        recovery.case_recovery(self._context.runner, case, on_done=question.done, on_failed=question.fail)

    def choose(self, group: object, reason: str) -> None:
        """Let other sheets bring the case back."""
        if self._case is None:
            return
        if not isinstance(group, bytes):
            self.problems.emit({"recovery": "Choose which sheets may bring the case back."})
            return
        recovery.choose_group(
            self._context.runner, self._case, group, reason, on_done=self._chosen, on_failed=self._not_chosen
        )

    def _have(self, case: RecordId, found: CaseRecovery) -> None:
        if case == self._case:
            self.shown.emit(found)

    def _could_not(self, case: RecordId, error: AppError) -> None:
        if case == self._case:
            self.failed.emit(error)

    def _chosen(self, _done: object) -> None:
        self.problems.emit({})
        self.told.emit("Saved. What was written before stays open to the sheets it had.")
        if self._case is not None:
            self.show_case(self._case)

    def _not_chosen(self, error: AppError) -> None:
        if isinstance(error, FormIncomplete):
            self.problems.emit(error.problems)
        else:
            self.failed.emit(error)


class CaseRecoveryCard(Card):
    """One sentence; for who leads, a choice and its reason. Hidden where there are no recovery sheets at all."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(heading="If laptops are lost", parent=parent)
        self.presenter = presenter = CaseRecoveryPresenter(context, self)
        self.form = Form(ErrorSummary())
        self._words = Text("")
        self._problem, self._told = Banner("", "", Tone.ERROR), Banner("", "", Tone.OK)
        self.choice = Select(empty="Choose", wide_em=30)
        self.reason = TextArea("For example: a sheet is kept by a relative", lines=2)
        self.go = Button("Use these sheets")
        hint = "Sheets that somebody in this case, or in their household, keeps are not offered."
        self._choosing = (
            self.form.add("recovery", Field("Other sheets", self.choice, hint=hint)),
            self.form.add("reason", Field("Reason", self.reason, hint="Everybody who reads the case sees it.")),
            Flow(self.go),
        )
        for part in (self._problem, self._told, self.form.summary, self._words, *self._choosing):
            self.body.addWidget(part)
        self._leads = False
        presenter.shown.connect(self._show)
        presenter.problems.connect(self._problems)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._problem.say_error)
        self.go.clicked.connect(self._choose)
        self.hide()

    def show_case(self, case: RecordId, *, leads: bool) -> None:
        """For this case; only who `leads` may choose."""
        self._leads = leads
        self._told.clear()
        self._problem.clear()
        self.presenter.show_case(case)

    def _show(self, found: CaseRecovery) -> None:
        self.setVisible(bool(found.words))
        self._words.setText(found.words)
        usable = [option for option in found.options if option.usable and option.group != found.group]
        others = [(option.group, option.name) for option in usable]
        self.choice.set_options([*others, *([] if found.decided_without else [(WITHOUT, WITHOUT_WORDS)])])
        for part in self._choosing:
            part.setVisible(self._leads and bool(found.options))

    def _choose(self) -> None:
        self.presenter.choose(self.choice.value(), self.reason.text())

    def _problems(self, problems: dict[str, str]) -> None:
        self._problem.clear()
        self._told.clear()
        self.form.show_problems(problems)

    def _tell(self, sentence: str) -> None:
        self.reason.setText("")
        self._told.say(sentence)
        announce(self, sentence)
