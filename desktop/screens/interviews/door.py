"""The door of an interview: why it is opened, and the second passphrase if there is one."""

from __future__ import annotations

from core.services.interviews import InterviewRow
from desktop.screens.interviews.fields import A_COLLEAGUE
from desktop.widgets import Button, Card, Field, Flow, Text, TextBox
from desktop.widgets.fields import PassphraseBox


class DoorCard(Card):
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
