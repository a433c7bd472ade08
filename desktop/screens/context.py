"""What a screen is given: nothing else reaches it from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from core.foundation.ports import Clock
from desktop.operations.base import Runner
from desktop.screens.preferences import Preferences


class Shell(Protocol):
    """What a screen may ask of the window it stands in."""

    def go_to(self, name: str, **arguments: object) -> None:
        """Show another screen. Arguments are ids and frozen values; the screen's `arrive` gets them."""
        ...

    def go_back(self) -> None:
        """One level up."""
        ...

    def say(self, words: str, undo: Callable[[], None] | None = None) -> None:
        """A message that passes by, with Undo for ten seconds if `undo` (a bound method of a QObject) is given."""
        ...

    def preferences(self) -> Preferences:
        """The settings of the window now."""
        ...

    def set_preferences(self, wanted: Preferences) -> None:
        """Change the settings of the window; it changes at once and is kept."""
        ...

    def lock(self) -> None:
        """Lock the workbook now."""
        ...

    def cover(self) -> None:
        """Put the curtain in place of the page, now."""
        ...

    def stand_alone(self, alone: bool) -> None:
        """Whether the page on show has the whole screen: no navigation, and Esc covers it."""
        ...

    def show_status(self, words: str) -> None:
        """The words at the foot of the navigation: saved, offline, to send."""
        ...


class Changes(QObject):
    """Tells what services changed: connect `announced` to a bound method that takes a `Changed`."""

    announced = Signal(object)
    exchanged = Signal()
    """An exchange has come to its end: how far things have come may be another, though no record changed."""


@dataclass(frozen=True, slots=True)
class ScreenContext:
    """Handed to every screen and its presenter."""

    runner: Runner
    clock: Clock
    shell: Shell
    changes: Changes
