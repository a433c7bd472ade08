"""Choosing a passphrase: five words to take or leave, twice to type, how strong it is in words."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from desktop.screens.first_run.presenter import STRENGTH_WORDS
from desktop.widgets import Button, Field, Flow, Form, PassphraseBox, Text, Tick, column, styled

NOBODY_CAN_RESET_IT = (
    "It opens the workbook on this laptop, and nobody can look it up or reset it. Five words are easy to remember."
)


class PassphrasePart(QWidget):
    """The part of a form that both ways in share."""

    typed = Signal(str)
    another_asked = Signal()
    finished = Signal()
    """Enter in the second box: there is nothing left to fill in."""

    def __init__(self, form: Form, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._suggestion = ""
        self._box, self._again = PassphraseBox(wide_em=40), PassphraseBox(wide_em=40)
        self._words = Text("", "large", selectable=True)
        self._use, self._another = Button("Use these words"), Button("Suggest another", "quiet")
        self._show = Tick("Show passphrase")
        self._meter, self._verdict = QProgressBar(), Text("", "strong")
        self._advice = Text("", "muted")
        self._meter.setRange(0, len(STRENGTH_WORDS) - 1)
        self._meter.setTextVisible(False)
        self._meter.setAccessibleName("Strength of the passphrase")
        layout = column(self, gap="small")
        layout.addWidget(Text("Passphrase", "heading"))
        layout.addWidget(Text(NOBODY_CAN_RESET_IT, "muted"))
        layout.addWidget(self._words)
        layout.addWidget(Flow(self._use, self._another))
        for name, label, box in (
            ("passphrase", "Your passphrase", self._box),
            ("again", "The same again", self._again),
        ):
            layout.addWidget(form.add(name, Field(label, box)))
            if name == "passphrase":
                for part in (self._meter, self._verdict, self._advice):
                    layout.addWidget(part)
        layout.addWidget(self._show, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_strength(-1, "", "")
        self._use.hide()
        self._use.clicked.connect(self._take)
        self._another.clicked.connect(self.another_asked)
        self._box.textChanged.connect(self.typed)
        self._again.returnPressed.connect(self.finished)
        self._show.toggled.connect(self._box.show_letters)
        self._show.toggled.connect(self._again.show_letters)

    @property
    def passphrase(self) -> str:
        return self._box.text()

    @property
    def again(self) -> str:
        return self._again.text()

    def show_suggestion(self, words: str) -> None:
        self._suggestion = words
        self._words.setText(words)
        self._words.setAccessibleName(f"Suggested passphrase: {words}")
        self._use.show()

    def show_strength(self, score: int, word: str, advice: str) -> None:
        """A score below zero takes the meter away."""
        for part in (self._meter, self._verdict):
            part.setVisible(score >= 0)
        self._advice.setVisible(score >= 0 and bool(advice))
        self._meter.setValue(max(0, score))
        self._verdict.setText(f"Strength: {word.lower()}")
        self._advice.setText(advice)
        self._meter.setAccessibleDescription(f"{word}. {advice}".strip())

    def forget(self) -> None:
        """Take the secrets off the screen."""
        self.empty()
        self._words.setText("")
        self._words.setAccessibleName("")
        self._suggestion = ""

    def empty(self) -> None:
        """Nothing typed stays; the five words to take or leave do."""
        for box in (self._box, self._again):
            box.clear()
        self.show_strength(-1, "", "")

    def _take(self) -> None:
        self._box.setText(self._suggestion)
        self._again.clear()
        self._again.setFocus(Qt.FocusReason.OtherFocusReason)
