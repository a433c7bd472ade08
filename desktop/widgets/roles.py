"""What Qt does not tell a screen reader by itself: which words are headings, and that a page is one thing.

Whoever listens goes from heading to heading, and hears where they are when the keyboard comes into another group. Qt
knows no heading among widgets, and calls a bare widget filler, which a screen reader passes over in silence.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

from desktop.widgets.text import HEADINGS

GROUPS = frozenset({"Page", "TabRow"})
"""Classes whose name is heard when the keyboard comes into them."""


@cache
def tell_roles() -> None:
    """From now on a screen reader hears them. It takes a few milliseconds: the first page stands before."""
    QAccessible.installFactory(_interface)


def _interface(kind: str, thing: QObject | None) -> QAccessibleInterface | None:
    """Qt asks for every class of a widget, from its own to the first. None: as Qt would have it."""
    if not isinstance(thing, QWidget):
        return None
    if kind == "QLabel" and thing.property("kind") in HEADINGS:
        return QAccessibleWidget(thing, QAccessible.Role.Heading)
    return QAccessibleWidget(thing, QAccessible.Role.Grouping) if kind in GROUPS else None
