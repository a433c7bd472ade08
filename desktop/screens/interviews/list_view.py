"""The page of private interviews: beginning one, those this person may open, the second passphrase."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.foundation.ids import RecordId, StreamId, UserId
from core.services.access import PersonRow
from core.services.interview_start import StartPage
from core.services.interviews import InterviewRow
from core.services.rest import RestState
from desktop.screens.context import ScreenContext
from desktop.screens.interviews.fields import A_COLLEAGUE, YES_NO, stack
from desktop.screens.interviews.list_presenter import InterviewsPresenter
from desktop.widgets import (
    Banner,
    Button,
    Card,
    ChoiceGroup,
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

GONE = "Its case was deleted for good."
AGREE = "Somebody who read both asks that this goes too. If you agree, nothing of it stays on this laptop."


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
        self._is_fresh = True
        self._rows = column(gap="medium")
        self._shown: dict[StreamId, GoesCard] = {}
        listed = Card(heading="Those you can open")
        listed.body.addLayout(self._rows)
        self.begin = _BeginCard()
        self.second = _SecondCard()
        self.add(Columns(stack(self.begin), stack(listed, self.second), stretches=(3, 2), stack_below_em=96))
        self.body.addStretch(1)
        presenter.listed.connect(self._show)
        presenter.to_delete.connect(self._show_to_delete)
        presenter.start.connect(self._show_start)
        presenter.problems.connect(self._problems)
        presenter.second.connect(self._second)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._failed)
        self._back.clicked.connect(presenter.go_back)
        self._list_button.clicked.connect(presenter.look_at_list)
        self.begin.go.clicked.connect(self._begin)
        self.begin.case.picked.connect(self._choose_case)
        self.begin.passphrase.returnPressed.connect(self.begin.go.click)
        self.second.go.clicked.connect(self._choose_second)

    def arrive(self, case: RecordId | None = None) -> None:
        """Show what stands ready, for this case or the newest, and the list."""
        self._problem.clear()
        self._told.clear()
        self.begin.forget()
        self._is_fresh = True
        self.presenter.arrive(case)

    def leave(self) -> bool:
        """What was typed as a passphrase does not stay."""
        self.second.forget()
        self.begin.forget()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts: on Start, so that Enter begins; once it is known what stands ready."""
        return self.begin.first_focus() if self.begin.isVisible() else self._back

    def _show_start(self, page: StartPage) -> None:
        self.begin.show_page(page)
        if self._is_fresh:
            self._is_fresh = False
            self.begin.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def _choose_case(self, key: object) -> None:
        self.presenter.choose_case(RecordId(bytes.fromhex(str(key))))

    def _show(self, rows: tuple[InterviewRow, ...]) -> None:
        clear(self._rows)
        self._shown = {}
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
            go.clicked.connect(partial(self.presenter.open, row))
            layout.addWidget(Flow(go))
            goes = self._shown[row.interview] = GoesCard(partial(self.presenter.delete, row.interview), row.label)
            layout.addWidget(goes)
            self._rows.addWidget(part)

    def _show_to_delete(self, found: frozenset[StreamId]) -> None:  # a signal gives it
        for interview, goes in self._shown.items():
            goes.setVisible(interview in found)

    def _begin(self) -> None:
        private = self.begin.private.value()
        self.presenter.begin(
            self.begin.chosen(), visible=self.begin.visible_in_case.isChecked(),
            private=private if isinstance(private, bool) else None, passphrase=self.begin.passphrase.text(),
        )  # fmt: skip

    def _choose_second(self) -> None:
        self.presenter.choose_second(self.second.first.text(), self.second.again.text())

    def _problems(self, problems: dict[str, str]) -> None:
        self.begin.show_problems(problems)
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


class GoesCard(QWidget):
    """Its case was deleted for good, and whoever reads the interview alone is asked to agree."""

    def __init__(self, delete: Callable[[], None], label: str) -> None:
        super().__init__()
        styled(self, "clear")
        self._delete = delete
        self.go = Button("Delete it for good", "quiet")
        self.sure = Button("Yes, delete it. It cannot be brought back")
        self.go.setAccessibleName(f"Delete it for good: {label}")
        layout = column(self, gap="tight")
        layout.addWidget(Banner(GONE, AGREE, Tone.SOON))
        layout.addWidget(Flow(self.go, self.sure))
        self.go.clicked.connect(self._ask)
        self.sure.clicked.connect(self._delete)
        self.sure.hide()
        self.hide()

    def _ask(self) -> None:
        self.go.hide()
        self.sure.show()
        self.sure.setFocus(Qt.FocusReason.OtherFocusReason)


class _BeginCard(Card):
    """Everything stands ready: Enter begins. What is proposed can be changed."""

    def __init__(self) -> None:
        super().__init__(heading="Begin one")
        self._people: dict[str, PersonRow] = {}
        self.nag = Banner("", "", Tone.SOON, icon_name="users")
        self.case = Select([], empty="Choose", wide_em=26)
        self.reader = Select([], empty="Choose", wide_em=26)
        self._reader = Field(
            "Who can read it besides you?", self.reader,
            hint="Nobody else can, not the officer who leads on the case, and no administrator. Two recovery sheets of"
            " the case's group, put together, open it too.",
        )  # fmt: skip
        self.private = ChoiceGroup(YES_NO, flowing=True)
        self.visible_in_case = Tick("Readers of the case see that there is one, and how many read it")
        self.visible_in_case.setChecked(True)
        self.passphrase = PassphraseBox(wide_em=26)
        self._passphrase = Field("Second passphrase", self.passphrase)
        self.go = Button("Start", "primary")
        for part in (
            Text(
                "It fills the screen, in large letters. Esc or F9 covers it at once, F12 locks. Everything is kept as"
                " you type, and it needs no network.", "muted",
            ),
            self.nag, Flow(self.go), Field("For which case", self.case), self._reader,
            Field("Is this a private place, where nobody else can hear?", self.private, optional=True),
            self.visible_in_case, self._passphrase,
        ):  # fmt: skip
            self.body.addWidget(part)
        self.forget()

    def show_page(self, page: StartPage) -> None:
        """What stands ready."""
        self.setVisible(bool(page.cases))
        self.case.set_options([(row.case.hex(), row.reference) for row in page.cases])
        self.case.set_value(page.case.hex() if page.case else None)
        self._people = {person.user.hex(): person for person in page.people}
        self.reader.set_options([(key, person.name or A_COLLEAGUE) for key, person in self._people.items()])
        self.reader.set_value(page.reader.hex() if page.reader else None)
        self.nag.say(page.nagging.sentence, page.nagging.ask_words)
        self._passphrase.setVisible(not page.rest.open)
        reference = next((row.reference for row in page.cases if row.case == page.case), "")
        self.go.set_words(f"Start for {reference}" if reference else "Start")

    def first_focus(self) -> QWidget:
        """Start if all is ready, otherwise what is missing."""
        if not self._passphrase.isHidden():
            return self.passphrase
        return self.go if self.reader.value() else self.reader

    def chosen(self) -> UserId | None:
        person = self._people.get(str(self.reader.value()))
        return person.user if person else None

    def show_problems(self, problems: dict[str, str]) -> None:
        self._reader.set_problem(problems.get("reader", ""))
        self._passphrase.set_problem(problems.get("passphrase", ""))

    def forget(self) -> None:
        """Nothing is chosen, and no passphrase stays."""
        self.hide()
        self.private.set_value(None)
        self.passphrase.setText("")
        self.nag.clear()
        self.show_problems({})


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
