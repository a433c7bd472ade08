"""Which requests for an officer this person can meet (policy 4.27). Nothing else about them is asked or kept."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.domain.interview import CAN_MEET
from core.foundation.errors import AppError
from desktop.operations import interview_record
from desktop.screens.context import ScreenContext
from desktop.widgets import Banner, Card, ChoiceGroup, Field, Text, Tone, announce

WHAT_IT_IS = (
    "People may ask for an officer of the same sex or ethnic origin. Tick what you may be asked for; untick it at any"
    " time. Colleagues see your ticks and nothing else. Of which origin you are is kept nowhere: you answer each time."
)


class RequestsPresenter(QObject):
    """Loads what was said, and keeps every tick at once."""

    shown = Signal(object)
    """A frozenset of codes."""
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context

    def load(self) -> None:
        """What this person said they can meet."""
        interview_record.what_i_can_meet(self._context.runner, on_done=self._have, on_failed=self._failed)

    def say(self, can_meet: frozenset[str]) -> None:
        """Keep it."""
        interview_record.say_what_i_can_meet(
            self._context.runner, can_meet, on_done=self._kept, on_failed=self._failed
        )

    def _have(self, can_meet: object) -> None:
        self.shown.emit(can_meet)

    def _kept(self, _result: object) -> None:
        self.said.emit("Saved. Colleagues see it after the next sync.")

    def _failed(self, error: AppError) -> None:
        self.failed.emit(error)
        self.load()


class RequestsCard(Card):
    """Three ticks."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(heading="Officers people ask for", parent=parent)
        self.presenter = RequestsPresenter(context, self)
        self.ticks = ChoiceGroup(list(CAN_MEET.items()), many=True)
        self._said, self._problem = Text("", "muted"), Banner("", "", Tone.ERROR)
        for part in (Text(WHAT_IT_IS), Field("You can be asked", self.ticks), self._said, self._problem):
            self.body.addWidget(part)
        self._said.hide()
        self._problem.clear()
        self.ticks.picked.connect(self._picked)
        self.presenter.shown.connect(self._show)
        self.presenter.said.connect(self._say)
        self.presenter.failed.connect(self._problem.say_error)

    def load(self) -> None:
        """Called each time the page is shown."""
        self._said.hide()
        self._problem.clear()
        self.presenter.load()

    def _show(self, can_meet: frozenset[str]) -> None:
        self.ticks.blockSignals(True)
        self.ticks.set_values(can_meet)
        self.ticks.blockSignals(False)

    def _picked(self) -> None:
        self.presenter.say(frozenset(str(code) for code in self.ticks.values()))

    def _say(self, sentence: str) -> None:
        self._problem.clear()
        self._said.setText(sentence)
        self._said.show()
        announce(self, sentence)
