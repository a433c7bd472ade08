"""The page for letting in somebody who is kept out."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.foundation.ids import RecordId, UserId
from core.services.overrides import OverrideRequest
from desktop.screens.context import ScreenContext
from desktop.screens.override.presenter import OverridePresenter
from desktop.widgets import Banner, Button, Card, Field, Flow, Page, Text, TextArea, Tone, announce


class OverridePage(Page):
    """Opens with `arrive(case=..., user=..., called=...)` for whoever leads, and without for an administrator."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Let in somebody who is kept out", parent=parent)
        self.presenter = presenter = OverridePresenter(context, self)
        self._back = Button("Back", icon_name="arrow-left")
        self.actions.add(self._back)
        self._problem = Banner("", "", Tone.ERROR)
        self._told = Banner("", "", Tone.OK)
        self.pinned.addWidget(self._problem)
        self.pinned.addWidget(self._told)
        self.ask = _AskCard()
        self.answers = _AnswersCard()
        self.sign = _SignCard()
        for card in (self.ask, self.answers, self.sign):
            self.add(card)
        self.body.addStretch(1)
        presenter.begun.connect(self._begin)
        presenter.asked.connect(self._asked)
        presenter.read.connect(self.sign.show_request)
        presenter.signed.connect(self.sign.show_answer)
        presenter.problems.connect(self._problems)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._failed)
        self._back.clicked.connect(presenter.go_back)
        self.ask.go.clicked.connect(self._ask)
        self.answers.go.clicked.connect(self._let_in)
        self.sign.look.clicked.connect(self._look)
        self.sign.go.clicked.connect(presenter.sign)

    def arrive(self, case: RecordId | None = None, user: UserId | None = None, called: str = "") -> None:
        """Begin."""
        self._problem.clear()
        self._told.clear()
        self.presenter.arrive(case, user, called)

    def leave(self) -> bool:
        """Texts that were passed on do not stay on the screen."""
        self.presenter.arrive(None, None, "")
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.ask.reason if self.presenter.case is not None else self.sign.text

    def _begin(self, leads: bool, name: str) -> None:  # a signal gives it
        self.ask.begin(name)
        self.ask.setVisible(leads)
        self.answers.begin()
        self.answers.hide()
        self.sign.begin()
        self.sign.setVisible(not leads)

    def _ask(self) -> None:
        self.presenter.ask(self.ask.reason.text())

    def _asked(self, request: OverrideRequest) -> None:
        self.ask.show_text(request.text)
        self.answers.show()

    def _let_in(self) -> None:
        self.presenter.let_in(self.answers.first.text(), self.answers.second.text())

    def _look(self) -> None:
        self.presenter.look(self.sign.text.text())

    def _problems(self, problems: dict[str, str]) -> None:
        self.ask.say_problem(problems.get("reason", ""))
        said = problems.get("answers", "") or (problems.get("text", "") if self.presenter.case is not None else "")
        self.answers.say_problem(said)
        self.sign.say_problem(problems.get("text", ""))

    def _tell(self, sentence: str) -> None:
        self._problem.clear()
        self._told.say(sentence)
        self.answers.hide()
        announce(self, sentence)

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)


class _PassedOn(TextArea):
    """A text to copy and pass on."""

    def __init__(self, name: str) -> None:
        super().__init__(lines=4)
        self.setReadOnly(True)
        self.setAccessibleName(name)


class _AskCard(Card):
    def __init__(self) -> None:
        super().__init__()
        self._title = Text("", "heading")
        self.reason = TextArea(lines=2)
        self._field = Field("Why must it be this person?", self.reason, hint="The two administrators see this reason.")
        self.go = Button("Make the request", "primary")
        self.text = _PassedOn("Text of the request")
        self.copy = Button("Copy", icon_name="copy")
        self._after = Text("Give this text to two administrators. Each signs it on the Colleagues page and gives you a"
                           " text back. They learn the name and your reason, and nothing of the case.")  # fmt: skip
        for part in (
            self._title, Text("Two administrators and you must agree. It is written down for good.", "muted"),
            self._field, Flow(self.go), self._after, self.text, Flow(self.copy),
        ):  # fmt: skip
            self.body.addWidget(part)
        self.copy.clicked.connect(self._copy)

    def begin(self, name: str) -> None:
        self._title.setText(f"Let {name or 'somebody'} in, in spite of the connection")
        self.reason.setText("")
        self.show_text("")

    def show_text(self, text: str) -> None:
        self.text.setText(text)
        for part in (self._after, self.text, self.copy):
            part.setVisible(bool(text))

    def say_problem(self, sentence: str) -> None:
        self._field.set_problem(sentence)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.text())
        announce(self, "Copied")


class _AnswersCard(Card):
    def __init__(self) -> None:
        super().__init__(heading="The two answers")
        self.first, self.second = TextArea(lines=2), TextArea(lines=2)
        self._field = Field("First answer", self.first)
        self.go = Button("Let them in", "primary")
        for part in (self._field, Field("Second answer", self.second), Flow(self.go)):
            self.body.addWidget(part)

    def begin(self) -> None:
        self.first.setText("")
        self.second.setText("")
        self.say_problem("")

    def say_problem(self, sentence: str) -> None:
        self._field.set_problem(sentence)


class _SignCard(Card):
    def __init__(self) -> None:
        super().__init__(heading="Sign a request")
        self.text = TextArea(lines=4)
        self._field = Field(
            "Text of the request", self.text, hint="It comes from an officer who leads on a case. Ask them about it.",
        )
        self.look = Button("Read it")
        self._said = Text("", "strong")
        self.go = Button("Sign it: I agree", "primary")
        self.answer = _PassedOn("Your answer")
        self.copy = Button("Copy", icon_name="copy")
        for part in (self._field, Flow(self.look), self._said, Flow(self.go), self.answer, Flow(self.copy)):
            self.body.addWidget(part)
        self.copy.clicked.connect(self._copy)

    def begin(self) -> None:
        self.text.setText("")
        self._said.setText("")
        self._said.hide()
        self.go.hide()
        self.show_answer("")
        self.say_problem("")

    def show_request(self, request: OverrideRequest) -> None:
        name = request.name or "Somebody"
        self._said.setText(f"{name} is kept out of a case and is to be let in. Reason: {request.reason}")
        self._said.show()
        self.go.show()

    def show_answer(self, text: str) -> None:
        self.answer.setText(text)
        self.answer.setVisible(bool(text))
        self.copy.setVisible(bool(text))

    def say_problem(self, sentence: str) -> None:
        self._field.set_problem(sentence)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.answer.text())
        announce(self, "Copied")
