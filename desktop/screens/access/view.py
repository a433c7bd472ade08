"""The page about who can read one case."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.foundation.ids import RecordId, UserId
from core.services.access import PersonRow, ReaderRow
from core.services.access_page import AccessPage
from core.services.conflicts import Connection
from desktop.screens.access import words
from desktop.screens.access.presenter import (
    HAND_OVER,
    KEEP_OUT,
    LET_IN,
    LOOKS_ON,
    NO_CONNECTION,
    TAKE_OFF,
    AccessPresenter,
    Act,
)
from desktop.screens.access.recovery import CaseRecoveryCard
from desktop.screens.clauses import Claused, show_clause
from desktop.screens.context import ScreenContext
from desktop.screens.stepping import to_top
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
    TextArea,
    Tone,
    announce,
    clear,
    column,
    rule,
    styled,
)


class AccessPageView(Page):
    """Opens with `arrive(case=...)`."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Who can read it", parent=parent)
        self.presenter = presenter = AccessPresenter(context, self)
        self._back = Button("Back to the case", icon_name="arrow-left")
        self._interviews = Button("Private interviews", icon_name="lock")
        self._opened = Button("Who has opened it", icon_name="eye")
        for button in (self._interviews, self._opened, self._back):
            self.actions.add(button)
        self._problem = Banner("", "", Tone.ERROR)
        self._told = Banner("", "", Tone.OK)
        self._alone = Banner("", "", Tone.LATE)
        self.act = _ActCard()
        self.act.warning.clause_asked.connect(partial(show_clause, context))
        for widget in (self._problem, self._told, self._alone):
            self.pinned.addWidget(widget)
        self.add(self.act)
        self._count = Text("", "muted")
        self._readers = column(gap="medium")
        self.connections = _PartCard("Perhaps connected with the case")
        self.let_in = _ChooseCard(
            "Let somebody read it", "Who?", "Let them read it",
            "They read the case from its beginning. Somebody who is not listed reads it already or is kept out.",
        )  # fmt: skip
        self.keep_out = _ChooseCard(
            "Keep somebody out", "Who?", "Keep them out",
            "Is anybody in this case, or somebody in their household, a member of your organisation? Keep that"
            " colleague out. They are told nothing.",
        )  # fmt: skip
        self.watch = _ChooseCard(
            "Who looks on", "Who?", "Choose them",
            "Besides whoever leads, one person outside the team sees what is opened, printed, copied and given out"
            " here, and nothing of the case.",
        )  # fmt: skip
        self._out = _PartCard("Kept out")
        self._history = _PartCard("How it came to be so")
        self._interests = _PartCard("What people said about themselves")
        self._declare = Button("I am connected with somebody in it")
        self._possible = _PartCard("Who can still do what takes another person")
        people = Card(self._count, heading="Readers")
        people.body.addLayout(self._readers)
        people.body.addWidget(Flow(self._declare))
        left = _stack(self.connections, people, self._out, self._interests, self._possible, self._history)
        self.recovery = CaseRecoveryCard(context)
        right = _stack(self.let_in, self.keep_out, self.watch, self.recovery)
        self.add(Columns(left, right, stretches=(3, 2), stack_below_em=96))
        self.body.addStretch(1)
        self._shown: object = None
        self._connect(presenter)

    def _connect(self, presenter: AccessPresenter) -> None:
        presenter.changed_case.connect(self._forget)
        presenter.shown.connect(self._show)
        presenter.asked.connect(self._ask)
        presenter.problems.connect(self.act.show_problems)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._failed)
        self._declare.clicked.connect(presenter.declare)
        self._back.clicked.connect(presenter.go_back)
        self.act.confirmed.connect(presenter.confirm)
        self.act.dropped.connect(self._drop)
        self.let_in.chosen.connect(partial(self.presenter.ask, LET_IN))
        self.keep_out.chosen.connect(partial(self.presenter.ask, KEEP_OUT))
        self.watch.chosen.connect(partial(self.presenter.ask, LOOKS_ON))
        self._interviews.clicked.connect(presenter.look_at_interviews)
        self._opened.clicked.connect(presenter.look_at_list)
        self._forget()

    def arrive(self, case: RecordId) -> None:
        """Show the readers of this case."""
        self._problem.clear()
        self._told.clear()
        self.presenter.arrive(case)

    def leave(self) -> bool:
        """Called before another page is shown."""
        self.presenter.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self._back

    def _forget(self) -> None:
        self._shown = None
        self.set_title("Who can read it")
        self._alone.clear()
        clear(self._readers)
        self._count.setText("")
        cards = (
            self.connections, self._out, self._history, self._interests, self._possible, self.let_in, self.keep_out,
            self.watch, self.recovery,
        )  # fmt: skip
        for card in cards:
            card.hide()

    def _show(self, page: AccessPage) -> None:
        if page == self._shown:
            return
        self._shown = page
        now = self.presenter.moment()
        self.set_title(f"Who can read {page.reference}")
        self._count.setText(words.count(page))
        self._alone.say(*words.alone(page))
        clear(self._readers)
        for number, row in enumerate(page.readers):
            if number:
                self._readers.addWidget(rule())
            self._readers.addWidget(self._reader(row, page, words.since(row, now)))
        self.connections.show_parts([self._connection(found, page) for found in page.connections])
        self._out.show_parts([self._kept_out(person, page) for person in page.kept_out])
        self._history.show_parts([_lines(*words.step(step, now)) for step in page.history])
        self._interests.show_parts([_lines(*words.interest(one)) for one in page.interests])
        self._possible.show_parts([_lines(one.duty.words, (one.sentence,)) for one in page.possible])
        self.let_in.offer(page.could_read)
        self.recovery.show_case(page.case, leads=page.i_lead)
        self.watch.offer(page.could_read if page.i_lead else ())
        self.watch.say(f"Now: {page.looks_on or 'nobody was chosen'}.")
        others = [PersonRow(row.user, row.name) for row in page.readers if not row.this_is_me and not row.leads]
        self.keep_out.offer((*others, *page.could_read) if page.i_lead else ())

    def _reader(self, row: ReaderRow, page: AccessPage, since: str) -> QWidget:
        part = _lines(words.who(row), (since,))
        if page.i_lead and not row.this_is_me:
            lead = self._button("Let lead", HAND_OVER, row.user, row.name)
            off = self._button("Take off", TAKE_OFF, row.user, row.name)
            layout = part.layout()
            assert layout is not None
            layout.addWidget(Flow(lead, off))
        return part

    def _connection(self, found: Connection, page: AccessPage) -> QWidget:
        part = _lines(words.connection(found), (words.what_then(found),))
        buttons = [self._button("No connection", NO_CONNECTION, found.user, found.name)]
        if page.i_lead and not found.this_is_me:
            buttons.insert(0, self._button("Keep out", KEEP_OUT, found.user, found.name))
        layout = part.layout()
        assert layout is not None
        layout.addWidget(Flow(*buttons))
        return part

    def _kept_out(self, person: PersonRow, page: AccessPage) -> QWidget:
        part = _lines(person.name or words.A_COLLEAGUE, ())
        layout = part.layout()
        if page.i_lead and layout is not None:
            button = Button("Let in all the same", "link")
            button.setAccessibleName(f"Let in all the same: {person.name or words.A_COLLEAGUE}")
            button.clicked.connect(partial(self.presenter.ask_two, person.user, person.name))
            layout.addWidget(Flow(button))
        return part

    def _button(self, label: str, kind: str, user: UserId, name: str) -> Button:
        button = Button(label)
        button.setAccessibleName(f"{label}: {name or words.A_COLLEAGUE}")
        button.clicked.connect(partial(self.presenter.ask, kind, user, name or words.A_COLLEAGUE))
        return button

    def _ask(self, act: Act | None) -> None:
        self.act.show_act(act)
        if act is not None:
            to_top(self)

    def _drop(self) -> None:
        self.presenter.put_away()
        self._back.setFocus()

    def _tell(self, sentence: str) -> None:
        self._problem.clear()
        self._told.say(sentence)
        announce(self, sentence)
        self._back.setFocus()

    def _failed(self, error: AppError) -> None:
        self._told.clear()
        self._problem.say_error(error)


class _ActCard(Card):
    """What is about to be done, and the reason for it."""

    confirmed = Signal(str)
    dropped = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._title = Text("", "heading")
        self.warning = Claused()
        self.reason = TextArea(lines=2)
        self._field = Field("Reason", self.reason, hint="Everybody who reads the case sees it.")
        self.go = Button("Do it", "primary")
        self.no = Button("Not now")
        for part in (self._title, self.warning, self._field, Flow(self.go, self.no)):
            self.body.addWidget(part)
        self.go.clicked.connect(self._confirm)
        self.no.clicked.connect(self.dropped)
        self.hide()

    def show_act(self, act: Act | None) -> None:
        self.setVisible(act is not None)
        self.reason.setText("")
        if act is None:
            return
        self.reason.setPlaceholderText(act.example)
        self._title.setText(act.title)
        self.warning.say(act.warning)
        self.go.set_words(act.label)
        announce(self, f"{act.title}. {act.warning}")
        self.reason.setFocus()

    def show_problems(self, problems: dict[str, str]) -> None:
        self._field.set_problem(problems.get("reason", ""))
        if problems:
            self.reason.setFocus()

    def _confirm(self) -> None:
        self.confirmed.emit(self.reason.text())


class _ChooseCard(Card):
    """One colleague from a list; hidden when there is nobody to choose."""

    chosen = Signal(object, str)

    def __init__(self, heading: str, label: str, button: str, hint: str) -> None:
        super().__init__(heading=heading)
        self._offered: dict[str, PersonRow] = {}
        self.select = Select([], empty="Choose", wide_em=26)
        self._field = Field(label, self.select)
        self.go = Button(button)
        self._now = Text("")
        self._now.hide()
        for part in (Text(hint, "muted"), self._now, self._field, Flow(self.go)):
            self.body.addWidget(part)
        self.go.clicked.connect(self._choose)

    def offer(self, people: Sequence[PersonRow]) -> None:
        self._offered = {person.user.hex(): person for person in people}
        self.select.set_options([(key, person.name or words.A_COLLEAGUE) for key, person in self._offered.items()])
        self.setVisible(bool(people))

    def say(self, words: str) -> None:
        """How it stands now."""
        self._now.setText(words)
        self._now.setVisible(bool(words))

    def _choose(self) -> None:
        person = self._offered.get(str(self.select.value()))
        self._field.set_problem("" if person else "Choose somebody from the list.")
        if person is not None:
            self.chosen.emit(person.user, person.name or words.A_COLLEAGUE)


class _PartCard(Card):
    """A heading over parts with a line between; hidden when there are none."""

    def __init__(self, heading: str) -> None:
        super().__init__(heading=heading)
        self._parts = column(gap="medium")
        self.body.addLayout(self._parts)

    def show_parts(self, parts: Sequence[QWidget]) -> None:
        clear(self._parts)
        for number, part in enumerate(parts):
            if number:
                self._parts.addWidget(rule())
            self._parts.addWidget(part)
        self.setVisible(bool(parts))


def _lines(heading: str, lines: Sequence[str]) -> QWidget:
    holder = styled(QWidget(), "clear")
    layout = column(holder, gap="tight")
    layout.addWidget(Text(heading, "strong"))
    for line in lines:
        layout.addWidget(Text(line))
    return holder


def _stack(*parts: QWidget) -> QWidget:
    holder = styled(QWidget(), "clear")
    layout = column(holder, gap="medium")
    for part in parts:
        layout.addWidget(part)
    layout.addStretch(1)
    return holder
