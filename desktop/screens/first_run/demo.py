"""A demo to learn on, at the foot of the first page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from desktop.screens.first_run.demo_presenter import DemoActions, DemoPresenter, DemoStanding
from desktop.widgets import Banner, Button, Flow, ProgressRow, Text, Tone, announce, column, styled

LEAD = (
    "To learn on: made-up people, cases and homes. Every page and every letter of it is marked, and it stays on this"
    " laptop. It is thrown away here, or when a real workbook begins."
)
WORKING = {
    DemoStanding.MAKING: "Making the demo",
    DemoStanding.OPENING: "Opening the demo.",
    DemoStanding.REMOVING: "Throwing the demo away.",
}


class DemoPart(QWidget):
    """Shows one of: try it; open or throw away; how far the making is, with a Stop."""

    opened = Signal()
    busy = Signal(bool)
    """While something is going on, nothing else is begun on the page."""

    def __init__(self, actions: DemoActions, monotonic_s: Callable[[], float], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self.try_it = Button("Try it with made-up people", icon_name="eye")
        self.open_it = Button("Open the demo", icon_name="eye")
        self.throw_away = Button("Throw the demo away", "quiet", icon_name="trash-2")
        self.progress = ProgressRow(
            WORKING[DemoStanding.MAKING], monotonic_s, stopping="Stopping. Nothing of the demo is kept."
        )
        self._said = Banner("", "", Tone.INFO)
        self._said.clear()
        layout = column(self, gap="small")
        layout.addWidget(Text(LEAD))
        layout.addWidget(self._said)
        layout.addWidget(self.progress)
        layout.addWidget(Flow(self.try_it, self.open_it, self.throw_away))
        self.presenter = presenter = DemoPresenter(actions, self)
        presenter.standing_changed.connect(self._show)
        presenter.progress.connect(self.progress.hear)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._fail)
        presenter.opened.connect(self.opened)
        self.try_it.clicked.connect(presenter.make)
        self.open_it.clicked.connect(presenter.open)
        self.throw_away.clicked.connect(presenter.throw_away)
        self.progress.stopped.connect(presenter.stop)
        self._arrange(presenter.standing)

    def _show(self, standing: DemoStanding) -> None:
        self._arrange(standing)
        self.busy.emit(standing.busy)
        if standing is DemoStanding.MAKING:
            self._said.clear()
            self.progress.begin()
            return
        self.progress.end()
        words = WORKING.get(standing, "")
        self._said.say(words, "", Tone.INFO)
        if words:
            announce(self, words)
        else:
            first = self.open_it if standing is DemoStanding.THERE else self.try_it
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _arrange(self, standing: DemoStanding) -> None:
        self.try_it.setVisible(standing is DemoStanding.NONE)
        for button in (self.open_it, self.throw_away):
            button.setVisible(standing is DemoStanding.THERE)

    def _tell(self, words: str) -> None:
        self._said.say(words, "", Tone.OK)
        announce(self, words)

    def _fail(self, error: AppError) -> None:
        self._said.say_error(error)
