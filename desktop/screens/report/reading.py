"""Who may read the new case. A connection keeps a colleague out, whatever else is ticked."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.domain.organisation import ROLES
from core.services.organisation import MemberRow
from desktop.screens.report.form import Typed
from desktop.screens.words import does_casework
from desktop.widgets import Card, ChoiceGroup, Field, Form, Text, clear, column, styled

ONE_OF_US_WORDS = (
    "One of us is harmed, so nobody here is ticked: only you read it, and whoever you name. "
    "If their manager should not know, tick them as connected below."
)


class ReadersPart(QWidget):
    """Casework colleagues are ticked until somebody unticks them; the choice is kept while the list is unknown."""

    edited = Signal()

    def __init__(self, form: Form, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "clear")
        self._form = form
        self._card = Card(heading="Who may read it")
        self._one_of_us = Text(ONE_OF_US_WORDS, "strong")
        self._one_of_us.hide()
        self._card.body.addWidget(self._one_of_us)
        self._inside = column(self._card.body, gap="medium")
        column(self).addWidget(self._card)
        self._colleagues: tuple[MemberRow, ...] = ()
        self._may: ChoiceGroup | None = None
        self._connected: ChoiceGroup | None = None
        self._kept = Typed()
        self._hidden = False
        self._decided = self._by_itself = False

    def hide_from_colleagues(self, hidden: bool) -> None:
        """One of us is harmed: until somebody decides, no colleague is ticked (policy 3.1)."""
        if hidden == self._hidden:
            return
        self._hidden = hidden
        self._one_of_us.setVisible(hidden)
        self._untick()

    def show_colleagues(self, colleagues: tuple[MemberRow, ...]) -> None:
        """Everybody in the organisation."""
        self._kept = self.read(self._kept)
        self._colleagues = tuple(one for one in colleagues if not one.this_is_me)
        clear(self._inside)
        self._may = self._connected = None
        if not self._colleagues:
            self._inside.addWidget(Text("Only you: nobody else has joined yet.", "muted"))
            return
        casework = tuple(
            (one.user.hex(), f"{one.name} ({ROLES.get(one.role, one.role).lower()})")
            for one in self._colleagues
            if does_casework(one)
        )
        everybody = tuple((one.user.hex(), one.name) for one in self._colleagues)
        if casework:
            self._may = ChoiceGroup(casework, many=True, flowing=True)
            may = Field("They can read it from the start", self._may, hint="You can always read it yourself.")
            self._inside.addWidget(self._form.add("readers", may))
            self._may.picked.connect(self._chosen)
        self._connected = ChoiceGroup(everybody, many=True, flowing=True)
        self._inside.addWidget(
            Field(
                "Is anyone here, or in their household, connected with this?",
                self._connected,
                hint="They are kept out of the case. Their copy of the workbook never gets its key.",
            )
        )
        self._connected.picked.connect(self._told)
        self.write(self._kept)
        self._untick()

    def read(self, typed: Typed) -> Typed:
        """`typed` with this part's share filled in."""
        if self._connected is None:
            return replace(typed, not_readers=self._kept.not_readers, connected=self._kept.connected)
        ticked = self._may.values() if self._may else ()
        casework = [one.user.hex() for one in self._colleagues if does_casework(one)]
        connected = tuple(str(user) for user in self._connected.values())
        left_out = tuple(user for user in casework if user not in ticked and user not in connected)
        return replace(typed, not_readers=left_out, connected=connected)

    def write(self, typed: Typed) -> None:
        """Show this part's share of `typed`."""
        self._kept = typed
        self._decided = bool(typed.not_readers)
        if self._connected is None:
            return
        self._by_itself = True
        self._connected.set_values(typed.connected)
        if self._may is not None:
            out = {*typed.not_readers, *typed.connected}
            casework = [one.user.hex() for one in self._colleagues if does_casework(one)]
            self._may.set_values([user for user in casework if user not in out])
        self._settle()
        self._by_itself = False

    def _chosen(self) -> None:
        self._decided = self._decided or not self._by_itself
        self.edited.emit()

    def _untick(self) -> None:
        """Every caseworker, or nobody where one of us is harmed; left alone once somebody decided."""
        if self._may is None or self._decided:
            return
        self._by_itself = True
        for button in self._may.buttons:
            button.setChecked(button.isEnabled() and not self._hidden)
        self._by_itself = False

    def _told(self) -> None:
        self._by_itself = True
        self._settle()
        self._by_itself = False
        self.edited.emit()

    def _settle(self) -> None:
        """A colleague with a connection cannot be ticked as a reader."""
        if self._may is None or self._connected is None:
            return
        connected = self._connected.values()
        users = [one.user.hex() for one in self._colleagues if does_casework(one)]
        for user, button in zip(users, self._may.buttons, strict=True):
            if user in connected:
                button.setChecked(False)
            elif not button.isEnabled():
                button.setChecked(not self._hidden)
            button.setEnabled(user not in connected)
