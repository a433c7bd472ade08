"""The first thing anyone sees. It says that something is locked and nothing about what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from core.foundation.errors import AppError
from desktop.screens.centred import Centred
from desktop.screens.unlock.presenter import Unlocking, UnlockPresenter
from desktop.widgets import Button, Card, Field, PassphraseBox, Text, Tick, Tone

if TYPE_CHECKING:
    from desktop.widgets import Banner

FORGOTTEN = (
    "Nobody can look your passphrase up, not even the people who made this program. "
    "Restore a backup whose passphrase you know, "
    "or ask a colleague who can open the workbook to let this laptop join again."
)

_UNDER_THE_TITLE = 1


class UnlockView(Centred):
    """One box, one button. `opened` when the workbook is open, `not_admitted` when it still waits to be let in."""

    opened = Signal()
    not_admitted = Signal()
    help_section = "Cover and lock"

    def __init__(self, actions: Unlocking, parent: QWidget | None = None) -> None:
        self._box = PassphraseBox(wide_em=36)
        self._unlock = Button("Unlock", "primary")
        self._show = Tick("Show passphrase")
        self._problem: Banner | None = None
        self._forgot = Button("I forgot my passphrase", "quiet")
        self._help: Banner | None = None
        self._card = Card(
            Text("Workbook is locked", "title"),
            Field("Passphrase", self._box),
            self._show,
            self._unlock,
        )
        self._card.body.addWidget(self._forgot, 0, Qt.AlignmentFlag.AlignLeft)
        super().__init__(self._card, foot="Works offline. Nothing leaves this laptop until you sync.", parent=parent)
        self._presenter = UnlockPresenter(actions, self)
        self._presenter.busy.connect(self._busy)
        self._presenter.problem.connect(self._say)
        self._presenter.opened.connect(self.opened)
        self._presenter.not_admitted.connect(self.not_admitted)
        self._unlock.clicked.connect(self._try)
        self._box.returnPressed.connect(self._try)
        self._box.textEdited.connect(self._presenter.typing_begins)
        self._show.toggled.connect(self._box.show_letters)
        self._forgot.clicked.connect(self._toggle_help)
        self.setAccessibleName("Workbook is locked")

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self._box

    def forget_passphrase(self) -> None:
        self._box.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._box.clear()
            return
        super().keyPressEvent(event)

    def _try(self) -> None:
        self._presenter.unlock(self._box.text())

    def _busy(self, busy: bool) -> None:
        self._unlock.set_words("Opening. This takes a second or two." if busy else "Unlock")
        self._unlock.setEnabled(not busy)
        self._box.setReadOnly(busy)
        if busy and self._problem is not None:
            self._problem.clear()

    def tell(self, error: AppError) -> None:
        """What happened to the workbook."""
        said = error.explain()
        self._say(said.happened, f"{said.safe} {said.next_step}")

    def _say(self, happened: str, rest: str) -> None:
        from desktop.widgets import Banner, announce

        if self._problem is None:  # messages are made when there is something to say: the first page stands sooner
            self._problem = Banner("", "", Tone.ERROR)
            self._card.body.insertWidget(_UNDER_THE_TITLE, self._problem)
        self._problem.say(happened, rest, Tone.ERROR)
        self._box.setAccessibleDescription(f"{happened} {rest}".strip())
        announce(self._box, f"{happened} {rest}".strip(), urgent=True)  # the keyboard is there already, and stays
        self._box.setFocus(Qt.FocusReason.OtherFocusReason)
        self._box.selectAll()

    def _toggle_help(self) -> None:
        from desktop.widgets import Banner

        if self._help is None:
            self._help = Banner("", FORGOTTEN, Tone.INFO)
            self._help.hide()
            self._card.body.addWidget(self._help)
        self._help.setVisible(not self._help.isVisible())
