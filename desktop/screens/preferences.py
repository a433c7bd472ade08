"""What a person may set about the window, declared once. Nothing here is secret: it is read before unlocking."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from desktop.theme import Letters, Look, ThemeName
from desktop.theme.scale import clamped_percent

IDLE_CHOICES_MINUTES = (1, 2, 5, 10, 15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Every setting of the window and its default."""

    theme: str = ThemeName.SYSTEM.value
    text_percent: int = 100
    easier_letters: bool = False
    lock_after_minutes: int = 5
    letter_keys: bool = True
    """Single letters such as N work as keys."""

    def look(self) -> Look:
        """These settings as a look."""
        letters = Letters.EASIER if self.easier_letters else Letters.STANDARD
        return Look(theme=ThemeName(self.theme), text_percent=self.text_percent, letters=letters)

    def to_text(self) -> str:
        """As kept in a file."""
        import json  # here, so that a window without kept settings starts without it

        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"


def preferences_from(text: str) -> Preferences:
    """Read `to_text` back. Whatever is missing, strange or out of range becomes its default."""
    import json

    try:
        said: Any = json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return Preferences()
    usual = Preferences()
    theme, percent, minutes = said.get("theme"), said.get("text_percent"), said.get("lock_after_minutes")
    return Preferences(
        theme=theme if theme in {name.value for name in ThemeName} else usual.theme,
        text_percent=clamped_percent(percent) if type(percent) is int else usual.text_percent,
        easier_letters=said.get("easier_letters") is True,
        lock_after_minutes=minutes if minutes in IDLE_CHOICES_MINUTES else usual.lock_after_minutes,
        letter_keys=said.get("letter_keys") is not False,
    )
