"""Every screen, once. Adding a screen is one line here; it is built on its first visit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from desktop.screens.context import ScreenContext

Factory = Callable[[ScreenContext], QWidget]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """`name` is what `go_to` takes. `key` is shown in the navigation and works everywhere."""

    name: str
    words: str
    factory: Factory
    icon: str = "list"
    key: str = ""
    in_nav: bool = True


def settings(context: ScreenContext) -> QWidget:
    from desktop.screens.settings.view import SettingsPage

    return SettingsPage(context)


def homes(context: ScreenContext) -> QWidget:
    from desktop.screens.homes.view import HomesPage

    return HomesPage(context)


def homes_import(context: ScreenContext) -> QWidget:
    from desktop.screens.homes.import_view import ImportHomesPage

    return ImportHomesPage(context)


SCREENS: tuple[Screen, ...] = (
    Screen(name="homes", words="Homes", icon="house", key="Ctrl+4", factory=homes),
    Screen(name="homes-import", words="Bring in a list of homes", icon="upload", factory=homes_import, in_nav=False),
    Screen(name="settings", words="Settings and help", icon="settings", key="F1", factory=settings),
)
"""In the order of the navigation; the first is shown after unlocking."""
