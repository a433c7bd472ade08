"""What pages of several steps share: where they begin, and where the keyboard goes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from desktop.widgets import Button, ProgressRow, ScrollArea


def to_top(page: QWidget) -> None:
    """Scroll a page back to its beginning, for another step."""
    area = page.findChild(ScrollArea)
    if area is not None:
        area.verticalScrollBar().setValue(0)


def bring_into_view(part: QWidget) -> None:
    """Scroll to a part of a page and put the keyboard on its first button."""
    button = next((one for one in part.findChildren(Button) if one.isVisible()), None)
    if button is not None:
        button.setFocus(Qt.FocusReason.OtherFocusReason)
    above = part.parentWidget()
    while above is not None and not isinstance(above, ScrollArea):
        above = above.parentWidget()
    if above is not None:
        above.ensureWidgetVisible(part)


def focus_stop(progress: ProgressRow) -> None:
    """Put the keyboard on Stop: the button that began the work is not there to stand on."""
    stop = progress.findChild(Button)
    if stop is not None and progress.isVisible():
        stop.setFocus(Qt.FocusReason.OtherFocusReason)
