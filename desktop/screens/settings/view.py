"""How the window looks, when it locks, and which keys it knows."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QGridLayout, QWidget

from desktop.screens.context import ScreenContext
from desktop.screens.preferences import Preferences
from desktop.screens.settings.files import FilesCard
from desktop.screens.settings.passphrase import PassphraseCard
from desktop.screens.settings.presenter import IDLE_WORDS, KEYS, TEXT_SIZES, THEME_WORDS, SettingsPresenter
from desktop.screens.settings.requests import RequestsCard
from desktop.screens.settings.retention import RetentionCard
from desktop.widgets import Card, ChoiceGroup, Columns, Field, Page, Select, Text, Tick, styled
from desktop.widgets.base import gap_px


class SettingsPage(Page):
    """Two cards: choices, and the list of keys."""

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__("Settings", parent=parent)
        self._theme = ChoiceGroup(THEME_WORDS, flowing=True)
        self._size = Select(TEXT_SIZES, wide_em=16)
        self._idle = Select(IDLE_WORDS, wide_em=16)
        self._easier = Tick("Easier letters, for people who find the usual ones hard to tell apart")
        self._keys = Tick("Single letters work as keys, such as N for a new report")
        choices = Card(
            Field("Colours", self._theme),
            Field("Size of the text", self._size, hint="Ctrl + and Ctrl - change it from anywhere."),
            self._easier,
            Field("Lock after", self._idle, hint="The workbook also locks when the laptop sleeps or is locked."),
            self._keys,
            heading="This window",
            gap="large",
        )
        choices.body.addStretch(1)
        self.add(Columns(choices, _key_list(), stretches=(1, 1), stack_below_em=110))
        self.files = FilesCard(context)
        self.add(self.files)
        self.requests = RequestsCard(context)
        self.add(self.requests)
        self.passphrase = PassphraseCard(context)
        self.add(self.passphrase)
        self.retention = RetentionCard(context)
        self.add(self.retention)
        self.add(Card(Text(DISCREET), heading="What others can see"))
        self.body.addStretch(1)
        self._presenter = SettingsPresenter(context, self)
        self._presenter.shown.connect(self._show)
        self._theme.picked.connect(self._theme_picked)
        self._size.picked.connect(self._presenter.choose_text_size)
        self._idle.picked.connect(self._presenter.choose_lock_after)
        self._easier.toggled.connect(self._presenter.choose_easier_letters)
        self._keys.toggled.connect(self._presenter.choose_letter_keys)

    def arrive(self) -> None:
        """Called by the window each time the page is shown."""
        self._presenter.load()
        self.files.load()
        self.requests.load()
        self.retention.load()

    def leave(self) -> bool:
        """Called before another page is shown."""
        self.passphrase.forget()
        self.retention.forget()
        return True

    def first_focus(self) -> QWidget:
        """Where the keyboard starts."""
        return self._theme

    def _show(self, now: Preferences) -> None:
        for box, on in ((self._easier, now.easier_letters), (self._keys, now.letter_keys)):
            box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(False)
        self._theme.blockSignals(True)
        self._theme.set_value(now.theme)
        self._theme.blockSignals(False)
        self._size.set_value(now.text_percent)
        self._idle.set_value(now.lock_after_minutes)

    def _theme_picked(self) -> None:
        self._presenter.choose_theme(cast(str, self._theme.value()))


DISCREET = (
    "The window is called Workbook everywhere: in its title, on the task bar, in the list of programs. "
    "It shows no notifications and adds nothing to recent files. "
    "What you copy is cleared after 30 seconds and at every lock. "
    "Another program on this laptop could still take a picture of the screen, so cover it when you are not alone."
)


def _key_list() -> Card:
    card = Card(heading="Keys")
    grid = styled(QWidget(), "clear")
    lines = QGridLayout(grid)
    lines.setContentsMargins(0, 0, 0, 0)
    lines.setColumnStretch(1, 1)
    lines.setHorizontalSpacing(gap_px("large"))
    for number, (key, what) in enumerate(KEYS):
        lines.addWidget(Text(key, "strong"), number, 0)
        lines.addWidget(Text(what), number, 1)
    card.body.addWidget(grid)
    card.body.addStretch(1)
    return card
