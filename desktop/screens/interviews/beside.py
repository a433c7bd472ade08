"""Notes beside an interview, and exactly who can read it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.services.access import PersonRow
from core.services.interviews import Interview, InterviewRow
from desktop.screens.interviews.drafting import NOTE
from desktop.screens.interviews.fields import A_COLLEAGUE, fill
from desktop.screens.interviews.presenter import InterviewPresenter
from desktop.widgets import Button, Card, Field, Flow, Select, Text, TextArea, TextBox, clear, column, rule, styled
from desktop.widgets.moments import moment_words


class NotesCard(Card):
    """Notes beside it, and one being written, kept as it is typed."""

    def __init__(self, presenter: InterviewPresenter) -> None:
        super().__init__(heading="Notes beside it")
        self._list = column(gap="medium")
        self.box = TextArea(lines=3)
        self._field = Field("A note", self.box, optional=True)
        self.go = Button("Add the note")
        self._presenter = presenter
        self._filling = False
        self.box.textChanged.connect(self._typed)
        self.body.addLayout(self._list)
        self.body.addWidget(self._field)
        self.body.addWidget(Flow(self.go))

    def show_notes(self, found: Interview, presenter: InterviewPresenter) -> None:
        clear(self._list)
        self._filling = True
        fill(self.box, presenter.unsaved.get(NOTE, ""))
        self._filling = False
        if not found.notes:
            self._list.addWidget(Text("None.", "muted"))
        for note in found.notes:
            when = moment_words(note.at, presenter.moment()) if note.at else ""
            self._list.addWidget(Text(f"{when}, {note.who or A_COLLEAGUE}", "muted"))
            self._list.addWidget(Text(note.body))
            self._list.addWidget(rule())

    def say_problem(self, sentence: str) -> None:
        self._field.set_problem(sentence)

    def forget(self) -> None:
        clear(self._list)
        self._filling = True
        self.box.setText("")
        self._filling = False

    def _typed(self) -> None:
        if not self._filling:
            self._presenter.typed(NOTE, self.box.text())


class ReadersCard(Card):
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
