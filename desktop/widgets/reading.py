"""The order in which Tab goes through a page: the order in which it is read, whenever its parts were made."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def keep_reading_order(root: QWidget) -> None:
    """Chain the controls below `root` as the layouts place them.

    Qt chains them as they were made: what is filled in later (columns of a list, cards, parts of a form) would
    come after the buttons below it, or after everything else in the window.
    """
    for before, after in pairwise(list(_stops(root))):
        if before.nextInFocusChain() is not after:
            QWidget.setTabOrder(before, after)


def _stops(widget: QWidget) -> Iterator[QWidget]:
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus or widget.focusProxy() is not None:
        yield widget  # one that hands its focus on must stand before the part it hands it to, or Tab goes in circles
    inside = widget.layout()
    if inside is not None:
        yield from _in_layout(inside)
    elif isinstance(widget, QScrollArea) and (shown := widget.widget()) is not None:
        yield from _stops(shown)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        if (widget := item.widget()) is not None:
            yield from _stops(widget)
        elif (inner := item.layout()) is not None:
            yield from _in_layout(inner)
