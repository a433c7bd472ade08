"""From a recovered workbook to an ordinary one, one button at a time."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from core.services.coming_back import RecoveredState
from desktop.screens.recovery.presenter import RecoveryPresenter
from desktop.widgets import Banner, Button, Card, ErrorSummary, Field, Flow, Form, Text, TextArea, Tone, rule

ASK = "An administrator is left"
ALONE = "Nobody is left who could let you in"
SEEN = "Everybody who ever opens this folder sees that you became an administrator by the sheets, and when."


class GoingOnCard(Card):
    """Shown in a workbook that was made from sheets."""

    def __init__(self, presenter: RecoveryPresenter, parent: QWidget | None = None) -> None:
        super().__init__(heading="This workbook was recovered from sheets", parent=parent)
        self.form = Form(ErrorSummary())
        self._state = Text("")
        self._missing = Banner("", "", Tone.LATE)
        self.invitation = TextArea("Paste the invitation", lines=3)
        self.ask = Button("Ask to be let in")
        self.words = Text("", "large")
        self.alone = Button("Become an administrator by the sheets")
        self.take = Button("Take the cases over", "primary")
        self.forget = Button("Forget the key of the sheets here")
        field = Field("Invitation", self.invitation, hint="From an administrator who still has a workbook.")
        self._asking = (
            rule(), Text(ASK, "strong"), self.form.add("invitation", field), Flow(self.ask), self.words,
        )  # fmt: skip
        self._alone = (rule(), Text(ALONE, "strong"), Text(SEEN), Flow(self.alone))
        for part in (self.form.summary, self._state, self._missing, *self._asking, *self._alone):
            self.body.addWidget(part)
        self.body.addWidget(Flow(self.take, self.forget))
        self.words.hide()
        self.ask.clicked.connect(self._ask)
        self.alone.clicked.connect(presenter.come_back)
        self.take.clicked.connect(presenter.take_over)
        self.forget.clicked.connect(presenter.forget_sheets)
        self._presenter = presenter
        presenter.words_to_compare.connect(self._compare)

    def show_state(self, state: RecoveredState | None) -> None:
        """What is to be done next."""
        self.setVisible(state is not None and not state.finished)
        if state is None:
            return
        outside = not state.admitted
        if outside:
            said = (
                "You can read, search and back it up. Before you open a case you say whether you are connected with it;"
                " that is written into it once you are in. Nothing else can be written yet: nobody would take it."
            )
        elif state.to_give:
            said = f"You are in. {state.to_give} cases of {state.group} are still to be taken over."
        else:
            said = "You are in, and the cases are yours. Forget the key of the sheets here, and put the sheets back."
        self._state.setText(said)
        missing = "\n".join(state.missing)
        self._missing.say("Something is missing from this copy of the folder." if missing else "", missing)
        for part in self._asking:
            part.setVisible(outside and part is not self.words)
        for part in self._alone:
            part.setVisible(outside and not state.missing)
        self.take.setVisible(state.admitted and state.to_give > 0)
        self.forget.setVisible(state.admitted and not state.to_give)

    def _ask(self) -> None:
        self._presenter.ask_again(self.invitation.text())

    def _compare(self, words: tuple[str, ...]) -> None:
        self.words.setText("\n".join("   ".join(words[start : start + 4]) for start in range(0, len(words), 4)))
        self.words.setAccessibleName(f"Words to compare: {', '.join(words)}")
        self.words.show()
