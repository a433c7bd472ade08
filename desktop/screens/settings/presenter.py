"""Settings: every choice takes effect at once and is kept; there is nothing to save."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from desktop.screens.context import ScreenContext
from desktop.screens.preferences import IDLE_CHOICES_MINUTES, Preferences
from desktop.theme import ThemeName
from desktop.theme.scale import LARGEST_TEXT_PERCENT, SMALLEST_TEXT_PERCENT

THEME_WORDS = (
    (ThemeName.SYSTEM.value, "As this laptop is set"),
    (ThemeName.LIGHT.value, "Light"),
    (ThemeName.DARK.value, "Dark"),
    (ThemeName.HIGH_CONTRAST.value, "High contrast"),
)
TEXT_SIZES = tuple(
    (percent, "Usual" if percent == SMALLEST_TEXT_PERCENT else f"{percent} %")
    for percent in range(SMALLEST_TEXT_PERCENT, LARGEST_TEXT_PERCENT + 1, 10)
)
IDLE_WORDS = tuple((minutes, "1 minute" if minutes == 1 else f"{minutes} minutes") for minutes in IDLE_CHOICES_MINUTES)
KEYS = (
    ("F9", "Cover the screen. Esc uncovers it"),
    ("F12", "Lock"),
    ("F1", "Help, about the page on show"),
    ("Ctrl+,", "This page"),
    ("Ctrl+K", "Find a case, a home, a page or a step, from anywhere"),
    ("Ctrl+1 to Ctrl+9", "Go to a page"),
    ("Esc", "Go back"),
    ("N", "New report"),
    ("I, or Ctrl+I in a box", "Private interview"),
    ("Esc in a private interview", "Cover the screen"),
    ("/", "Search in a list"),
    ("J and K, or the arrows", "Next and previous in a list. Enter opens"),
    ("Space", "Tick or pick"),
    ("Ctrl+S", "Save"),
    ("Ctrl+Z", "Undo"),
    ("Ctrl + and Ctrl -", "Larger and smaller text. Ctrl 0 for the usual size"),
)


class SettingsPresenter(QObject):
    """Hands every choice to the window, and tells the page what holds now."""

    shown = Signal(object)
    """`Preferences`."""

    def __init__(self, context: ScreenContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._shell = context.shell

    def load(self) -> None:
        self.shown.emit(self._shell.preferences())

    def choose_theme(self, theme: str) -> None:
        self._use(replace(self._now, theme=theme))

    def choose_text_size(self, percent: int) -> None:
        self._use(replace(self._now, text_percent=percent))

    def choose_easier_letters(self, wanted: bool) -> None:
        self._use(replace(self._now, easier_letters=wanted))

    def choose_lock_after(self, minutes: int) -> None:
        self._use(replace(self._now, lock_after_minutes=minutes))

    def choose_letter_keys(self, wanted: bool) -> None:
        self._use(replace(self._now, letter_keys=wanted))

    @property
    def _now(self) -> Preferences:
        return self._shell.preferences()

    def _use(self, wanted: Preferences) -> None:
        if wanted != self._now:
            self._shell.set_preferences(wanted)
