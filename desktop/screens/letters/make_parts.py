"""Beside making: drafts somebody goes over, and cancelling what is not made yet."""

from __future__ import annotations

from desktop.screens.letters.making import MakingPresenter
from desktop.screens.letters.words import draft_words
from desktop.widgets import Button, Card, Field, Flow, Text, TextBox


class DraftsPart(Card):
    """Braille and sound made by a machine, until somebody named has gone over them."""

    def __init__(self, presenter: MakingPresenter) -> None:
        super().__init__(heading="Drafts")
        self._presenter = presenter
        self._words = Text("")
        self.by = TextBox(wide_em=30)
        self._field = Field("Who has gone over them?", self.by)
        self.proof = Button("They are proofed")
        for part in (self._words, self._field, Flow(self.proof)):
            self.body.addWidget(part)
        self.proof.clicked.connect(self._proof)
        presenter.proof_problem.connect(self._field.set_problem)
        self.hide()

    def show_drafts(self, count: int) -> None:
        """How many there are; hidden for none."""
        self._words.setText(draft_words(count))
        self.setVisible(bool(count))

    def _proof(self) -> None:
        self._presenter.proof(self.by.text())


class CancelPart(Card):
    """Asked for by `ask`; what was made stays."""

    def __init__(self, presenter: MakingPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self.ask = Button("Cancel these letters", "quiet")
        self.reason = TextBox(wide_em=36)
        self._field = Field("Why are they cancelled?", self.reason)
        self.cancel = Button("Cancel what is not made yet")
        self.body.addWidget(self._field)
        self.body.addWidget(Flow(self.cancel))
        self.ask.clicked.connect(self.show)
        self.cancel.clicked.connect(self._cancel)
        presenter.cancel_problem.connect(self._field.set_problem)
        self.ask.hide()
        self.hide()

    def offer(self, yes: bool) -> None:
        """Whether there is something to cancel."""
        self.ask.setVisible(yes)
        self.hide()

    def _cancel(self) -> None:
        self._presenter.cancel_rest(self.reason.text())
