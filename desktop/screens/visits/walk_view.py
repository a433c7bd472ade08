"""At the doors: where one stands, large presses for what came of it, the list beside it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.services.visits import DoorNow, Progress
from desktop.screens.visits.walking import WalkingPresenter
from desktop.screens.visits.words import OUTCOMES, door_words, progress_words, tip_words
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Columns,
    Field,
    Flow,
    ListTable,
    Text,
    TextArea,
    Tick,
    Tone,
    announce,
    column,
    em_px,
    styled,
)

_TALL_EM = 6


class WalkPart(QWidget):
    """Neither the case nor a reason stands here: doors are knocked at with the screen in sight."""

    def __init__(self, presenter: WalkingPresenter) -> None:
        super().__init__()
        styled(self, "clear")
        self._presenter = presenter
        self._problem = Banner("", "", Tone.ERROR)
        self._done = Banner("", "", Tone.OK)
        self._totals = Text("", "strong")
        self.only_left = Tick("Only doors still to come to")
        self.table = ListTable("Doors in walking order", presenter.model)
        self._door = Text("", "large")
        self._now = Text("", "muted")
        self._tip = Banner("", "", Tone.LATE)
        self.buttons = {code: _Outcome(code, words, str(number)) for number, (code, words) in enumerate(OUTCOMES, 1)}
        self.next = Button("Next door", "quiet")
        self.words = TextArea(lines=4, most_lines=12)
        self._said = Field("What were you told?", self.words, hint="It becomes a note. Names are safe in the file.")
        self.keep, self.nothing = Button("Save what was said", "primary"), Button("Nothing to write down", "quiet")
        self._whose = Text("", "large")
        self._telling = Card(self._whose, self._said, Flow(self.keep, self.nothing))
        self._act = Card(
            Text("At this door", "muted"), self._door, self._now, self._tip, *self.buttons.values(), Flow(self.next),
            gap="small",
        )  # fmt: skip
        self._act.body.addStretch(1)
        self.again = Button("Go round again to doors without an answer", icon_name="refresh-cw")
        self.undo = Button("Take the last one back", "quiet", icon_name="undo-2")
        self.end = Button("End this round", "quiet")
        self.anew = Button("Plan another round", "quiet")
        left = Card(self._totals, self.only_left, self.table)
        left.body.setStretch(2, 1)
        layout = column(self)
        for part in (self._problem, self._done, Flow(self.again)):
            layout.addWidget(part)
        layout.addWidget(self._telling)
        layout.addWidget(Columns(self._act, left, stretches=(2, 3), stack_below_em=80), 1)
        layout.addWidget(Flow(self.undo, self.end, self.anew))
        self._connect(presenter)
        self._show_door(None)
        self._tell(None, "")

    def first(self) -> QWidget:
        """Where the keyboard starts."""
        return next(iter(self.buttons.values())) if self._act.isVisibleTo(self) else self.table

    def _connect(self, presenter: WalkingPresenter) -> None:
        presenter.progress.connect(self._show_totals)
        presenter.at.connect(self._show_door)
        presenter.telling.connect(self._tell)
        presenter.problems.connect(self._show_problems)
        presenter.failed.connect(self._problem.say_error)
        self.only_left.toggled.connect(presenter.show_only_left)
        self.table.moved.connect(presenter.stand_at)
        self.words.textChanged.connect(self._typed)
        self.keep.clicked.connect(presenter.keep_words)
        self.nothing.clicked.connect(presenter.no_words)
        self.next.clicked.connect(presenter.next_door)
        self.again.clicked.connect(presenter.go_round_again)
        self.undo.clicked.connect(presenter.undo)
        self.end.clicked.connect(presenter.end)
        for button in self.buttons.values():
            button.pressed_for.connect(presenter.knock)

    def _show_totals(self, progress: Progress) -> None:
        self._problem.clear()
        self._totals.setText(progress_words(progress) if progress.doors or progress.left_out else "")
        self._progress = progress

    def _show_door(self, door: DoorNow | None) -> None:
        self._act.setVisible(door is not None and not self._telling.isVisibleTo(self))
        progress: Progress | None = getattr(self, "_progress", None)
        over = door is None and progress is not None and progress.doors > 0
        left = progress.no_answer if over and progress is not None else 0
        self.again.setVisible(left > 0)
        words = "Every door was knocked at." if left else "Every door is done."
        self._done.say(words if over else "", self._totals.text() if over else "")
        if door is None:
            self._door.setText("")
            return
        self._door.setText(door.door.address)
        self._now.setText(f"So far: {door_words(door).lower()}" if door.outcome else "")
        self._now.setVisible(bool(door.outcome))
        self._tip.say(tip_words(door))
        self._stand(door)
        announce(self, door.door.address)

    def _tell(self, door: DoorNow | None, words: str) -> None:
        self._telling.setVisible(door is not None)
        self._whose.setText(door.door.address if door is not None else "")
        self._act.setVisible(door is None and bool(self._door.text()))
        self._said.set_problem("")
        self.words.blockSignals(True)
        self.words.setText(words)
        self.words.blockSignals(False)
        if door is not None:
            self.words.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_problems(self, problems: dict[str, str]) -> None:
        self._said.set_problem(problems.get("words", ""))

    def _typed(self) -> None:
        self._presenter.typed(self.words.text())

    def _stand(self, door: DoorNow) -> None:
        model = self._presenter.model
        for number in range(model.rowCount()):
            shown = model.row_at(number)
            if shown is not None and shown.door.id == door.door.id:
                if self.table.currentIndex().row() != number:
                    self.table.setCurrentIndex(model.index(number, 0))
                return


class _Outcome(Button):
    """A tall button for one thing that can come of a knock."""

    pressed_for = Signal(str)

    def __init__(self, code: str, words: str, key: str) -> None:
        super().__init__(words, "primary" if code == "spoke" else "secondary", keys=key)
        self._code = code
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._tell)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), em_px(self, _TALL_EM))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), em_px(self, _TALL_EM))

    def _tell(self) -> None:
        self.pressed_for.emit(self._code)
