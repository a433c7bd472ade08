"""The page of one private interview. It is shut until a reason is given, and shut again when it is left."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.domain.confidential import PrivateInterview
from core.foundation.errors import AppError
from core.foundation.ids import StreamId, UserId
from core.services.access import PersonRow
from core.services.interviews import Interview, InterviewRow
from desktop.screens.context import ScreenContext
from desktop.screens.interviews.list_view import A_COLLEAGUE
from desktop.screens.interviews.presenter import InterviewPresenter
from desktop.widgets import (
    Banner,
    Button,
    Card,
    ChoiceGroup,
    Columns,
    DateTimeField,
    Field,
    Flow,
    Page,
    Select,
    Text,
    TextArea,
    TextBox,
    Tick,
    Tone,
    announce,
    clear,
    column,
    rule,
    styled,
)
from desktop.widgets.fields import PassphraseBox
from desktop.widgets.moments import moment_words, whole_words

YES_NO = ((True, "Yes"), (False, "No"))


class InterviewPage(Page):
    """Opens with `arrive(interview=...)`."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Private interview", parent=parent)
        self.presenter = presenter = InterviewPresenter(context, self)
        self._back = Button("Put away", icon_name="arrow-left")
        self.actions.add(self._back)
        self._problem = Banner("", "", Tone.ERROR)
        self._told = Banner("", "", Tone.OK)
        self.pinned.addWidget(self._problem)
        self.pinned.addWidget(self._told)
        self.door = _DoorCard()
        self.form = _FormCard(presenter)
        self.notes = _NotesCard(presenter)
        self.readers = _ReadersCard()
        self._inside = styled(QWidget(), "clear")
        column(self._inside, gap="none").addWidget(
            Columns(_stack(self.form), _stack(self.notes, self.readers), stretches=(3, 2), stack_below_em=96)
        )
        self.add(self.door)
        self.add(self._inside)
        self.body.addStretch(1)
        presenter.shut.connect(self._shut)
        presenter.opened.connect(self._open)
        presenter.forgotten.connect(self._forget)
        presenter.people.connect(self.readers.offer)
        presenter.problems.connect(self._problems)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._failed)
        self._back.clicked.connect(presenter.go_back)
        self.door.go.clicked.connect(self._enter)
        self.form.go.clicked.connect(self._save)
        self.notes.go.clicked.connect(self._add_note)
        self.readers.wanted.connect(self._change_reader)
        self._forget()

    def arrive(self, interview: StreamId) -> None:
        """Show this interview, shut."""
        self._problem.clear()
        self._told.clear()
        self.presenter.arrive(interview)

    def leave(self) -> bool:
        """Nothing of it stays on the screen."""
        self.presenter.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.door.reason if self.presenter.shown is None else self._back

    def _forget(self) -> None:
        self.form.forget()
        self.notes.forget()
        self.readers.forget()
        self.door.forget()
        self._inside.hide()
        self.door.hide()

    def _shut(self, row: InterviewRow, needs_second: bool) -> None:  # a signal gives it
        self.door.show_row(row, needs_second=needs_second)
        self._inside.hide()
        self.door.reason.setFocus()

    def _open(self, found: Interview) -> None:
        self.door.hide()
        self.door.forget()
        self.form.show_interview(found, self.presenter.unsaved)
        self.notes.show_notes(found, self.presenter)
        self.readers.show_readers(found.row)
        self._inside.show()

    def _enter(self) -> None:
        self.presenter.open(self.door.reason.text(), self.door.passphrase.text())

    def _save(self) -> None:
        self.presenter.save(self.form.settled(), self.form.values())

    def _add_note(self) -> None:
        self.presenter.add_note(self.notes.box.text())

    def _change_reader(self, user: UserId, reason: str, let_in: bool) -> None:  # a signal gives it
        self.presenter.change_reader(user, reason, let_in=let_in)

    def _problems(self, problems: dict[str, str]) -> None:
        self.door.show_problems(problems)
        self.notes.say_problem(problems.get("body", ""))
        inside = self.presenter.shown is not None
        self.readers.say_problem(problems.get("user", "") or (problems.get("reason", "") if inside else ""))

    def _tell(self, sentence: str) -> None:
        self._problem.clear()
        self._told.say(sentence)
        announce(self, sentence)

    def _failed(self, error: AppError) -> None:
        self._told.clear()
        self._problem.say_error(error)


class _DoorCard(Card):
    """Why it is opened, and the second passphrase if there is one."""

    def __init__(self) -> None:
        super().__init__()
        self._label = Text("", "heading")
        self._who = Text("")
        self.reason = TextBox("For example: to prepare the meeting on Friday")
        self._reason = Field(
            "Why do you open it?", self.reason,
            hint="This is written down before anything is opened, with your name and the time. Nobody can alter it.",
        )  # fmt: skip
        self.passphrase = PassphraseBox(wide_em=30)
        self._passphrase = Field("Second passphrase", self.passphrase)
        self.go = Button("Open", "primary")
        for part in (self._label, self._who, self._reason, self._passphrase, Flow(self.go)):
            self.body.addWidget(part)
        self.reason.returnPressed.connect(self.go.click)
        self.passphrase.returnPressed.connect(self.go.click)

    def show_row(self, row: InterviewRow, *, needs_second: bool) -> None:
        self._label.setText(row.label)
        names = " and ".join(person.name or A_COLLEAGUE for person in row.readers)
        self._who.setText(f"Readable by {names}, and by nobody else.")
        self._passphrase.setVisible(needs_second)
        self.show()

    def show_problems(self, problems: dict[str, str]) -> None:
        self._reason.set_problem(problems.get("reason", "") if self.isVisible() else "")
        self._passphrase.set_problem(problems.get("passphrase", ""))

    def forget(self) -> None:
        self.reason.setText("")
        self.passphrase.setText("")
        self.show_problems({})


class _FormCard(Card):
    """What was said and how."""

    def __init__(self, presenter: InterviewPresenter) -> None:
        super().__init__(heading="The interview")
        self._presenter = presenter
        self._filling = False
        self._controls: dict[str, Any] = {
            "place": TextBox(), "present": TextBox(), "private_confirmed": ChoiceGroup(YES_NO),
            "interpreter": TextBox(),
            "started_at": DateTimeField(presenter.moment), "ended_at": DateTimeField(presenter.moment),
            "statement": TextArea(lines=8), "read_back": ChoiceGroup(YES_NO),
            "agreed": ChoiceGroup(YES_NO),
        }  # fmt: skip
        self._settle: dict[str, Tick] = {}
        self._versions = column(gap="small")
        self.go = Button("Save", "primary", keys="Ctrl+S")
        self.body.addLayout(self._versions)
        for name, control in self._controls.items():
            self.body.addWidget(Field(PrivateInterview.SPEC.fields[name].label, control))
            signal = control.textChanged if isinstance(control, TextArea) else (
                control.textEdited if isinstance(control, TextBox) else
                control.edited if isinstance(control, DateTimeField) else control.picked
            )  # fmt: skip
            signal.connect(partial(self._typed, name))
        self.body.addWidget(Flow(self.go))

    @property
    def statement(self) -> TextArea:
        """The box for what the person said."""
        box = self._controls["statement"]
        assert isinstance(box, TextArea)
        return box

    def control(self, name: str) -> Any:
        """The box of one field."""
        return self._controls[name]

    def values(self) -> dict[str, object]:
        return {name: _value(control) for name, control in self._controls.items()}

    def settled(self) -> frozenset[str]:
        """Fields with two versions of which the person said that what stands in the box is right."""
        return frozenset(name for name, tick in self._settle.items() if tick.isChecked())

    def show_interview(self, found: Interview, typed: Mapping[str, Any]) -> None:
        self._filling = True
        for name, control in self._controls.items():
            _fill(control, typed.get(name, getattr(found.record, name)))
        self._filling = False
        clear(self._versions)
        self._settle = {}
        for name, versions in found.apart.items():
            label = PrivateInterview.SPEC.fields[name].label
            said = "; ".join(f"{one.who or A_COLLEAGUE}: {_said(one.value)}" for one in versions)
            tick = self._settle[name] = Tick(f"{label}: what stands below is right")
            self._versions.addWidget(Banner(f"{label}: written apart on two laptops.", said, Tone.SOON))
            self._versions.addWidget(tick)

    def forget(self) -> None:
        self._filling = True
        for control in self._controls.values():
            _fill(control, None)
        self._filling = False
        clear(self._versions)
        self._settle = {}

    def _typed(self, name: str, *_: object) -> None:
        if not self._filling:
            self._presenter.typed(name, _value(self._controls[name]))


class _NotesCard(Card):
    def __init__(self, presenter: InterviewPresenter) -> None:
        super().__init__(heading="Notes beside it")
        self._list = column(gap="medium")
        self.box = TextArea(lines=3)
        self._field = Field("A note", self.box, optional=True)
        self.go = Button("Add the note")
        self.body.addLayout(self._list)
        self.body.addWidget(self._field)
        self.body.addWidget(Flow(self.go))

    def show_notes(self, found: Interview, presenter: InterviewPresenter) -> None:
        clear(self._list)
        self.box.setText("")
        for note in found.notes:
            when = moment_words(note.at, presenter.moment()) if note.at else ""
            self._list.addWidget(Text(f"{when}, {note.who or A_COLLEAGUE}", "muted"))
            self._list.addWidget(Text(note.body))
            self._list.addWidget(rule())

    def say_problem(self, sentence: str) -> None:
        self._field.set_problem(sentence)

    def forget(self) -> None:
        clear(self._list)
        self.box.setText("")


class _ReadersCard(Card):
    """Exactly who can read it; whoever began it changes that."""

    wanted = Signal(object, str, bool)

    def __init__(self) -> None:
        super().__init__(heading="Who can read it")
        self._names = Text("")
        self.who = Select([], empty="Choose", wide_em=24)
        self._field = Field("Change", self.who)
        self.reason = TextBox()
        self._people: dict[str, tuple[PersonRow, bool]] = {}
        self._row: InterviewRow | None = None
        self.go = Button("Change who can read it")
        self._change = styled(QWidget(), "clear")
        layout = column(self._change, gap="small")
        for part in (self._field, Field("Reason", self.reason), Flow(self.go)):
            layout.addWidget(part)
        self.body.addWidget(self._names)
        self.body.addWidget(self._change)
        self.go.clicked.connect(self._press)

    def show_readers(self, row: InterviewRow) -> None:
        self._row = row
        self._names.setText(", ".join(person.name or A_COLLEAGUE for person in row.readers) + ". Nobody else.")
        self._change.setVisible(row.i_lead)

    def offer(self, people: tuple[PersonRow, ...]) -> None:
        row = self._row
        if row is None:
            return
        self._people = {f"in:{person.user.hex()}": (person, True) for person in people}
        self._people |= {f"off:{person.user.hex()}": (person, False) for person in row.readers}
        self.who.set_options([
            (key, f"{'Let in' if let_in else 'Take off'}: {person.name or A_COLLEAGUE}")
            for key, (person, let_in) in self._people.items()
        ])  # fmt: skip

    def say_problem(self, sentence: str) -> None:
        self._field.set_problem(sentence)

    def forget(self) -> None:
        self._row, self._people = None, {}
        self._names.setText("")
        self.reason.setText("")
        self.who.set_options([])

    def _press(self) -> None:
        chosen = self._people.get(str(self.who.value()))
        if chosen is None:
            self.say_problem("Choose somebody from the list.")
            return
        self.wanted.emit(chosen[0].user, self.reason.text(), chosen[1])


def _value(control: Any) -> object:
    return control.text() if isinstance(control, (TextBox, TextArea)) else control.value()


def _fill(control: Any, value: Any) -> None:
    if isinstance(control, (TextBox, TextArea)):
        control.setText(value or "")
    else:
        control.set_value(value)


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(value, "isoformat"):
        return whole_words(value)
    return str(value) if value else "left empty"


def _stack(*parts: QWidget) -> QWidget:
    holder = styled(QWidget(), "clear")
    layout = column(holder, gap="medium")
    for part in parts:
        layout.addWidget(part)
    layout.addStretch(1)
    return holder
