"""The order in which Tab goes through a page: the order in which it is read, whenever its parts were made."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLayout, QScrollArea, QWidget


def step_focus(*roots: QWidget, forward: bool, round_again: bool) -> bool:
    """Go to the control after the one that has the keyboard, or before it, as the layouts below `roots` place them.

    Qt goes by the order in which controls were made: what is filled in later (columns of a list, cards, parts of a
    form) would come after the buttons below it, or after everything else in the window.

    Returns:
        Whether there was one: not where nothing here has the keyboard, nor at the end, unless it goes `round_again`.
    """
    stops = [stop for root in roots for stop in _stops(root)]
    now = QApplication.focusWidget()
    at = next((place for place, stop in enumerate(stops) if stop is now), None)
    if at is None and now is not None:
        at = next((place for place, stop in enumerate(stops) if stop.isAncestorOf(now)), None)
    if at is None:
        return False
    new = at + (1 if forward else -1)
    if not (0 <= new < len(stops) or round_again):
        return False
    stop = stops[new % len(stops)]
    stop.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    bring_into_view(stop)
    return True


def bring_into_view(control: QWidget) -> None:
    """Scroll a control into view, and with it the words it is asked by, as far as both fit."""
    field: QWidget | None = None  # hands its focus on to the control, and holds label and hint as well
    above = control.parentWidget()
    while above is not None:
        handed_on = above.focusProxy()
        if handed_on is not None and above.isAncestorOf(handed_on):
            field = above
        if isinstance(above, QScrollArea):
            if field is not None:
                above.ensureWidgetVisible(field)
            above.ensureWidgetVisible(control)
        above = above.parentWidget()


def _stops(widget: QWidget) -> Iterator[QWidget]:
    if widget.isHidden() or not widget.isEnabled():
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
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
