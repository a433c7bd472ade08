"""The Deliver step: the doors in walking order, one large press each."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.domain.letters import DOOR_OUTCOMES, LetterRecord
from desktop.screens.letters.delivery import DeliveryPresenter
from desktop.screens.letters.words import OUTCOMES, where_words
from desktop.screens.paths import PathKind, PathLine, usual_folder
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    Field,
    Flow,
    ListTable,
    Text,
    Tick,
    Tone,
    announce,
    column,
    em_px,
    styled,
)

_TALL_EM = 6


class DeliverStep(QWidget):
    """The door to knock at stands large beside the list; a press records it and the next door follows."""

    def __init__(self, presenter: DeliveryPresenter) -> None:
        super().__init__()
        styled(self, "clear")
        self._presenter = presenter
        self._problem = Banner("", "", Tone.ERROR)
        self._totals = Text("", "strong")
        self.only_left = Tick("Only doors not done yet")
        self.table = ListTable("Doors in walking order", presenter.model)
        self._door = Text("", "large")
        self._where = Text("", "muted")
        self._now = Text("", "strong")
        self.buttons = {
            code: _Outcome(code, words, str(number)) for number, (code, words) in enumerate(OUTCOMES, start=1)
        }
        self.clear_tick = Button("Take the tick back", "quiet", icon_name="undo-2")
        self.files = Button("Back to the files", "quiet", icon_name="arrow-left")
        self.case = Button("Back to the case", "quiet", icon_name="folder")
        self.again = Button("Print this letter again", "quiet", icon_name="printer")
        self.folder = PathLine("Choose folder", PathKind.FOLDER, title="Choose where the letter goes")
        self.print_again = Button("Print it again, as it was")
        self._asking = Card(
            Field("Where does this one letter go?", self.folder, hint="The same words, date and address as before."),
            Flow(self.print_again), gap="small",
        )  # fmt: skip
        self._printed = Banner("", "", Tone.OK)
        self._act = Card(Text("At this door", "muted"), self._door, self._where, self._now, *self.buttons.values(),
                         Flow(self.clear_tick, self.again), self._asking, self._printed, gap="small")  # fmt: skip
        self._act.body.addStretch(1)
        self._done = Banner("", "", Tone.OK)
        left = Card(self._totals, self.only_left, self.table)
        left.body.setStretch(2, 1)
        layout = column(self)
        layout.addWidget(self._problem)
        layout.addWidget(self._done)
        layout.addWidget(Columns(self._act, left, stretches=(2, 3), stack_below_em=80), 1)
        layout.addWidget(Flow(self.files, self.case))
        presenter.totals.connect(self._show_totals)
        presenter.at.connect(self._show_door)
        presenter.failed.connect(self._problem.say_error)
        self.only_left.toggled.connect(presenter.show_only_left)
        self.table.moved.connect(presenter.stand_at)
        self.clear_tick.clicked.connect(self._clear)
        self.folder.set_text(str(usual_folder()))
        self._asking.hide()
        self.again.clicked.connect(self._asking.show)
        self.print_again.clicked.connect(self._reprint)
        presenter.reprinted.connect(self._say_printed)
        for button in self.buttons.values():
            button.pressed_for.connect(presenter.tick)
        self._show_door(None)

    def first(self) -> QWidget:
        """Where the keyboard starts."""
        return next(iter(self.buttons.values()))

    def _show_totals(self, words: str) -> None:
        self._totals.setText(words)
        self._problem.clear()

    def _show_door(self, letter: LetterRecord | None) -> None:
        self._act.setVisible(letter is not None)
        finished = letter is None and bool(self._totals.text())
        self._done.say("Every door is done." if finished else "", self._totals.text() if finished else "")
        if letter is None:
            return
        if self._door.text() != letter.address:
            self._printed.clear()
            self._asking.hide()
        self._door.setText(letter.address)
        self.again.setVisible(letter.state == "made")
        self._where.setText(where_words(letter))
        self._now.setText(f"Ticked: {DOOR_OUTCOMES[letter.delivery].lower()}" if letter.delivery else "")
        self._now.setVisible(bool(letter.delivery))
        self.clear_tick.setVisible(bool(letter.delivery))
        self._stand(letter)
        announce(self, letter.address)

    def _stand(self, letter: LetterRecord) -> None:
        model = self._presenter.model
        for number in range(model.rowCount()):
            row = model.row_at(number)
            if row is not None and row.id == letter.id:
                if self.table.currentIndex().row() != number:
                    self.table.setCurrentIndex(model.index(number, 0))
                return

    def _reprint(self) -> None:
        self._presenter.reprint(self.folder.text())

    def _say_printed(self, words: str) -> None:
        self._printed.say(words)
        self._asking.hide()
        announce(self, words)

    def _clear(self) -> None:
        self._presenter.tick("")


class _Outcome(Button):
    """A tall button for one thing that can happen at a door."""

    pressed_for = Signal(str)

    def __init__(self, code: str, words: str, key: str) -> None:
        super().__init__(words, "primary" if code == "delivered" else "secondary", keys=key)
        self._code = code
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._tell)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), em_px(self, _TALL_EM))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), em_px(self, _TALL_EM))

    def _tell(self) -> None:
        self.pressed_for.emit(self._code)
