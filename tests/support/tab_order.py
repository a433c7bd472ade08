"""In which order Tab goes through a page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_order(root: QWidget) -> list[QWidget]:
    """Everything Tab stops at that can be seen, in its order."""
    found: list[QWidget] = []
    here = root.nextInFocusChain()
    while here is not root and here is not None:
        if root.isAncestorOf(here) and here.isVisibleTo(root) and here.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(here)
        here = here.nextInFocusChain()
    return found


def comes_before(root: QWidget, *widgets: QWidget) -> bool:
    """Whether Tab reaches these in this order."""
    order = tab_order(root)
    places = [order.index(widget) for widget in widgets]
    return places == sorted(places)
