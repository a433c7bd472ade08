"""The page of private interviews: those this person may open, setting one apart, the second passphrase."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.foundation.ids import RecordId, UserId
from core.services.access import PersonRow
from core.services.interviews import InterviewRow
from core.services.rest import RestState
from desktop.screens.context import ScreenContext
from desktop.screens.interviews.presenter import InterviewsPresenter
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    Field,
    Flow,
    Page,
    Select,
    Text,
    Tick,
    Tone,
    announce,
    clear,
    column,
    rule,
    styled,
)
from desktop.widgets.fields import PassphraseBox
from desktop.widgets.moments import moment_words

A_COLLEAGUE = "A former colleague"


class InterviewsPage(Page):
    """Opens with `arrive(case=...)`, or without for the list alone."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Private interviews", parent=parent)
        self.presenter = presenter = InterviewsPresenter(context, self)
        self._back = Button("Back", icon_name="arrow-left")
        self._list_button = Button("Who has opened what", icon_name="eye")
        self.actions.add(self._list_button)
        self.actions.add(self._back)
        self._problem = Banner("", "", Tone.ERROR)
        self._told = Banner("", "", Tone.OK)
        self.pinned.addWidget(self._problem)
        self.pinned.addWidget(self._told)
        self._rows = column(gap="medium")
        listed = Card(heading="Those you can open")
        listed.body.addLayout(self._rows)
        self.begin = _BeginCard()
        self.second = _SecondCard()
        self.add(Columns(_stack(listed), _stack(self.begin, self.second), stretches=(3, 2), stack_below_em=96))
        self.body.addStretch(1)
        presenter.listed.connect(self._show)
        presenter.people.connect(self.begin.offer)
        presenter.problems.connect(self._problems)
        presenter.second.connect(self._second)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._failed)
        self._back.clicked.connect(presenter.go_back)
        self._list_button.clicked.connect(presenter.look_at_list)
        self.begin.go.clicked.connect(self._begin)
        self.second.go.clicked.connect(self._choose_second)

    def arrive(self, case: RecordId | None = None) -> None:
        """Show the list; with a case, one can be set apart for it."""
        self._problem.clear()
        self._told.clear()
        self.begin.setVisible(case is not None)
        self.presenter.arrive(case)

    def leave(self) -> bool:
        """What was typed as a passphrase does not stay."""
        self.second.forget()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self._back

    def _show(self, rows: tuple[InterviewRow, ...]) -> None:
        clear(self._rows)
        if not rows:
            self._rows.addWidget(Text("None. Somebody who sets one apart names exactly who can read it.", "muted"))
        for number, row in enumerate(rows):
            if number:
                self._rows.addWidget(rule())
            names = " and ".join(person.name or A_COLLEAGUE for person in row.readers)
            began = f"Begun {moment_words(row.begun_at, self.presenter.moment())} by {row.begun_by or A_COLLEAGUE}."
            part = styled(QWidget(), "clear")
            layout = column(part, gap="tight")
            layout.addWidget(Text(row.label, "strong"))
            layout.addWidget(Text(f"Readable by {names}, and by nobody else. {began}"))
            go = Button("Open")
            go.setAccessibleName(f"Open: {row.label}")
            go.clicked.connect(partial(self.presenter.open, row.interview))
            layout.addWidget(Flow(go))
            self._rows.addWidget(part)

    def _begin(self) -> None:
        self.presenter.begin(self.begin.chosen(), visible=self.begin.visible_in_case.isChecked())

    def _choose_second(self) -> None:
        self.presenter.choose_second(self.second.first.text(), self.second.again.text())

    def _problems(self, problems: dict[str, str]) -> None:
        self.begin.say_problem(problems.get("reader", ""))
        self.second.say_problem(problems.get("again", ""))

    def _second(self, state: RestState) -> None:
        self.second.setVisible(not state.second)

    def _tell(self, sentence: str) -> None:
        self._problem.clear()
        self.second.forget()
        self._told.say(sentence)
        announce(self, sentence)

    def _failed(self, error: AppError) -> None:
        self._problem.say_error(error)


class _BeginCard(Card):
    def __init__(self) -> None:
        super().__init__(heading="Set one apart for this case")
        self._people: dict[str, PersonRow] = {}
        self.reader = Select([], empty="Choose", wide_em=26)
        self._field = Field(
            "Who can read it besides you?", self.reader,
            hint="Nobody else can, not the officer who leads on the case, and no administrator. Two recovery sheets of"
            " the case's group, put together, open it too.",
        )  # fmt: skip
        self.visible_in_case = Tick("Readers of the case see that there is one, and how many read it")
        self.visible_in_case.setChecked(True)
        self.go = Button("Set it apart")
        for part in (self._field, self.visible_in_case, Flow(self.go)):
            self.body.addWidget(part)

    def offer(self, people: tuple[PersonRow, ...]) -> None:
        self._people = {person.user.hex(): person for person in people}
        self.reader.set_options([(key, person.name or A_COLLEAGUE) for key, person in self._people.items()])

    def chosen(self) -> UserId | None:
        person = self._people.get(str(self.reader.value()))
        return person.user if person else None

    def say_problem(self, sentence: str) -> None:
        self._field.set_problem(sentence)


class _SecondCard(Card):
    def __init__(self) -> None:
        super().__init__(heading="A second passphrase")
        self.first, self.again = PassphraseBox(wide_em=26), PassphraseBox(wide_em=26)
        self._field = Field("Type it again", self.again)
        self.go = Button("Ask for it from now on")
        for part in (
            Text(
                "Somebody who finds your workbook open can then still not read private interviews. It is asked once"
                " each time the workbook is opened, on this laptop. If you forget it, another reader has to let you in"
                " again.", "muted",
            ),
            Field("Second passphrase", self.first), self._field, Flow(self.go),
        ):  # fmt: skip
            self.body.addWidget(part)

    def forget(self) -> None:
        self.first.setText("")
        self.again.setText("")

    def say_problem(self, sentence: str) -> None:
        self._field.set_problem(sentence)


def _stack(*parts: QWidget) -> QWidget:
    holder = styled(QWidget(), "clear")
    layout = column(holder, gap="medium")
    for part in parts:
        layout.addWidget(part)
    layout.addStretch(1)
    return holder
