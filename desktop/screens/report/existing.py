"""Is there a case about this already? Told while the report is typed, over the cases this person may read."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from core.services.existing import ExistingCase
from desktop.screens.words import count_words
from desktop.theme import Tone
from desktop.widgets import Banner, Button, Card, Flow, Tag, Text, announce, clear, column, rule, styled

HEADING = "This may belong to a case there is already"
HOW = "Only cases you may read are looked at. Names and addresses may be spelt in other ways."
CLOSED = "It is closed. It takes the report all the same; whether it is opened again is decided afterwards."


class ExistingPart(QWidget):
    """The cases that may be the one; hidden while there is none, so that nothing is said where there is nothing."""

    add_asked = Signal(object)
    """The id of the case this report is to be added to."""
    look_asked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._card = Card(heading=HEADING)
        self._inside = column(self._card.body, gap="medium")
        column(self).addWidget(self._card)
        self._see = Button("See which")
        self.short = Banner("", "", Tone.SOON, actions=(self._see,))
        """Stands where it never scrolls away, and leads to the list."""
        self._shown: tuple[ExistingCase, ...] = ()
        self._first: QWidget | None = None
        self._see.clicked.connect(self._go_there)
        self.hide()

    def show_cases(self, found: tuple[ExistingCase, ...]) -> None:
        """Replace the list, where it differs."""
        if found == self._shown:
            return
        self._shown, self._first = found, None
        clear(self._inside)
        self.setVisible(bool(found))
        if not found:
            self.short.clear()
            return
        self._inside.addWidget(Text(HOW))
        for number, one in enumerate(found):
            if number:
                self._inside.addWidget(rule())
            self._inside.addWidget(self._box(one))
        self.short.say(f"{HEADING}.", f"{count_words(len(found), 'case', 'cases')} to look at.")
        announce(self.short, f"{HEADING}: {', '.join(one.reference for one in found)}")

    def _box(self, one: ExistingCase) -> QWidget:
        holder = styled(QWidget(), "clear")
        layout = column(holder, gap="tight")
        layout.addWidget(Flow(Text(one.reference, "strong"), Tag(one.stage, Tone.NEUTRAL)))
        layout.addWidget(Text(f"{one.why[:1].upper()}{one.why[1:]}."))
        if one.summary:
            layout.addWidget(Text(one.summary, "muted"))
        buttons = Flow()
        if not one.is_open:
            layout.addWidget(Text(CLOSED))
        add = Button("Add this report to it", "secondary", icon_name="plus")
        add.setAccessibleName(f"Add this report to {one.reference}")
        add.clicked.connect(partial(self.add_asked.emit, one.case))
        buttons.add(add)
        look = Button("Look at the case", "link")
        look.setAccessibleName(f"Look at {one.reference}")
        look.clicked.connect(partial(self.look_asked.emit, one.case))
        buttons.add(look)
        layout.addWidget(buttons)
        self._first = self._first or add
        return holder

    def _go_there(self) -> None:
        if self._first is not None:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)
