"""The page of late work: what came after somebody left, or from a laptop cut off; read, taken over or put aside."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from core.services.quarantine import LateEntry, LateGroup
from desktop.screens.context import ScreenContext
from desktop.screens.leaving.presenter import LatePresenter
from desktop.screens.words import when_words
from desktop.widgets import (
    Banner,
    Button,
    Card,
    EmptyState,
    Flow,
    Page,
    Text,
    Tick,
    Tone,
    announce,
    clear,
    column,
    styled,
)

LEAD = "None of this shows anywhere or replaces anything until it is taken over."
NOTHING = "Work that comes after somebody was removed, or from a suspended laptop, is listed here."


class LatePage(Page):
    """Everything that waits, person by person and case by case."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Late work", parent=parent)
        self._context = context
        self.presenter = presenter = LatePresenter(context, self)
        self.back = Button("Back to colleagues", icon_name="arrow-left")
        self.actions.add(self.back)
        self._problem, self._told = Banner("", "", Tone.ERROR), Banner("", "", Tone.OK)
        self.pinned.addWidget(self._problem)
        self.pinned.addWidget(self._told)
        self.lead, self.nothing = Text(LEAD), EmptyState("Nothing waits.", NOTHING)
        holder = styled(QWidget(), "clear")
        self._list = column(holder, gap="medium")
        for part in (self.lead, self.nothing):
            part.hide()
            self.add(part)
        self.add(holder)
        self.body.addStretch(1)
        self.cards: list[LateCard] = []
        presenter.groups.connect(self._show)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._failed)
        self.back.clicked.connect(presenter.go_back)

    def arrive(self) -> None:
        """The page is shown."""
        self._problem.clear()
        self._told.clear()
        self.presenter.arrive()

    def leave(self) -> bool:
        """Called before another page is shown."""
        self.presenter.leave()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self.back

    def _show(self, groups: tuple[LateGroup, ...]) -> None:
        clear(self._list)
        self.cards = []
        self.lead.setVisible(bool(groups))
        self.nothing.setVisible(not groups)
        for group in groups:
            card = LateCard(group, partial(self._when))
            card.adopted.connect(self.presenter.adopt)
            card.aside.connect(self.presenter.put_aside)
            card.led.connect(self.presenter.take_the_lead)
            card.opened.connect(self.presenter.open_case)
            self.cards.append(card)
            self._list.addWidget(card)

    def _when(self, entry: LateEntry) -> str:
        return when_words(entry.at, self._context.clock.now())

    def _tell(self, words: str) -> None:
        self._problem.clear()
        self._told.say(words, "")
        announce(self, words)
        self.back.setFocus()

    def _failed(self, error: AppError) -> None:
        self._told.clear()
        self._problem.say_error(error)


class LateCard(Card):
    """The late work of one person in one case: every entry in full, with a box to tick."""

    adopted = Signal(object)
    aside = Signal(object)
    led = Signal(object)
    opened = Signal(object)

    def __init__(self, group: LateGroup, when: partial[str]) -> None:
        super().__init__(heading=group.where)
        self._group = group
        self.body.addWidget(Text(group.sentence, "strong"))
        self.boxes: list[Tick] = []
        for entry in group.entries:
            box = Tick(when(entry))
            box.setChecked(True)
            box.setAccessibleName(f"Entry of {when(entry)}: {_said(entry)}")
            box.setVisible(group.may_judge)
            self.boxes.append(box)
            self.body.addWidget(box)
            if not group.may_judge:
                self.body.addWidget(Text(when(entry), "muted"))
            for line in entry.lines:
                self.body.addWidget(Text(line))
        self.adopt, self.put_aside = Button("Take over what is ticked", "primary"), Button("Put it aside", "quiet")
        self.lead = Button("Lead this case")
        self.open = Button("Open the case", "quiet")
        parts: list[Button] = []
        if group.may_judge:
            parts += [self.adopt, self.put_aside]
        elif group.leaderless:
            self.body.addWidget(Text("Nobody leads this case any more. Whoever takes the lead can decide.", "muted"))
            parts.append(self.lead)
        else:
            who = "Whoever leads the case decides." if group.case else "An administrator decides."
            self.body.addWidget(Text(who, "muted"))
        if group.case is not None:
            parts.append(self.open)
        if parts:
            self.body.addWidget(Flow(*parts))
        self.adopt.clicked.connect(self._adopt)
        self.put_aside.clicked.connect(self._put_aside)
        self.lead.clicked.connect(self._lead)
        self.open.clicked.connect(self._open)

    def _chosen(self) -> tuple[bytes, ...]:
        ticked = zip(self._group.entries, self.boxes, strict=True)
        return tuple(entry.change for entry, box in ticked if box.isChecked())

    def _adopt(self) -> None:
        self.adopted.emit(self._chosen())

    def _put_aside(self) -> None:
        self.aside.emit(self._chosen())

    def _lead(self) -> None:
        self.led.emit(self._group.case)

    def _open(self) -> None:
        self.opened.emit(self._group.case)


def _said(entry: LateEntry) -> str:
    return "; ".join(entry.lines)
