"""The page of the mirror: a box for each case, with the first of what is missing and the buttons that mend it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.foundation.ids import RecordId
from desktop.screens.case.parts import FactBox
from desktop.screens.context import ScreenContext
from desktop.screens.mirror.presenter import MirrorCard, MirrorPresenter, MirrorView
from desktop.widgets import (
    Banner,
    Button,
    Card,
    Chip,
    EmptyState,
    Flow,
    Page,
    Tag,
    Text,
    Tone,
    clear,
    column,
    rule,
)


class MirrorPage(Page):
    """What an investigator would find missing today, case by case."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Mirror", parent=parent)
        self.presenter = MirrorPresenter(context, self)
        self.mine = Chip("Cases I lead", Tone.INFO)
        self.every = Chip("Every case I can read", Tone.INFO)
        self.mine.setChecked(True)
        self._problem = Banner("", "", Tone.ERROR)
        self.pinned.addWidget(self._problem)
        self.add(Text("What somebody who looks into a case from outside would find missing in it today.", "muted"))
        self.add(Flow(self.mine, self.every))
        self._lead = Text("Looking at the cases ...", "strong")
        self.add(self._lead)
        self._empty = EmptyState("Nothing is missing.", "No open case lacks anything the policy asks for.")
        self.add(self._empty)
        self._empty.hide()
        self._list = column(self.body, gap="medium")
        self.more = Button("Show more")
        self.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self.more.hide()
        self.body.addStretch(1)
        self._shown: tuple[MirrorCard, ...] = ()
        self.presenter.shown.connect(self._show)
        self.presenter.failed.connect(self._failed)
        self.presenter.busy.connect(self._busy)
        self.mine.clicked.connect(self._mine)
        self.every.clicked.connect(self._every)
        self.more.clicked.connect(self.presenter.show_more)

    def arrive(self) -> None:
        """Called each time the page is shown."""
        self._problem.clear()
        self.presenter.arrive()

    def leave(self) -> bool:
        """Called before another page is shown."""
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.mine

    def _show(self, view: MirrorView) -> None:
        self._lead.setText(view.lead)
        self._lead.setVisible(bool(view.lead))
        self._empty.setVisible(not view.cards)
        if view.cards != self._shown:
            self._shown = view.cards
            clear(self._list)
            for card in view.cards:
                box = _CaseBox(card)
                box.opened.connect(self.presenter.open_case)
                box.mended.connect(self.presenter.mend)
                box.clause_asked.connect(self.presenter.show_clause)
                self._list.addWidget(box)
        self.more.setVisible(view.left > 0)
        self.more.set_words(f"Show more ({view.left} left)")

    def _mine(self) -> None:
        self._choose(mine=True)

    def _every(self) -> None:
        self._choose(mine=False)

    def _choose(self, *, mine: bool) -> None:
        self.mine.setChecked(mine)
        self.every.setChecked(not mine)
        self.presenter.only_mine(mine)

    def _busy(self, busy: bool) -> None:
        if busy and not self._shown:
            self._lead.setText("Looking at the cases ...")
            self._lead.show()
            self._empty.hide()

    def _failed(self, error: AppError) -> None:
        self._lead.hide()
        self._problem.say_error(error)


class _CaseBox(Card):
    """One case."""

    opened = Signal(object)
    mended = Signal(object, str, object)
    """(case, step, subject)."""
    clause_asked = Signal(str)

    def __init__(self, card: MirrorCard) -> None:
        super().__init__()
        self._case: RecordId = card.case
        reference = Button(card.reference, "link")
        reference.setAccessibleName(f"Open {card.reference}")
        reference.clicked.connect(self._open)
        self.body.addWidget(Flow(reference, Tag(card.words, Tone.NEUTRAL)))
        for place, fact in enumerate(card.facts):
            if place:
                self.body.addWidget(rule())
            box = FactBox(fact, of=card.reference)
            box.pressed.connect(self._mend)
            box.clause_asked.connect(self.clause_asked)
            self.body.addWidget(box)
        if card.more:
            more = Button(card.more, "link")
            more.setAccessibleName(f"{card.more}: {card.reference}")
            more.clicked.connect(self._open)
            self.body.addWidget(more, 0, Qt.AlignmentFlag.AlignLeft)

    def _open(self) -> None:
        self.opened.emit(self._case)

    def _mend(self, step: str, subject: object) -> None:
        self.mended.emit(self._case, step, subject)
