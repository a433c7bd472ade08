"""Where a page of several steps begins."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.widgets import ScrollArea


def to_top(page: QWidget) -> None:
    """Scroll a page back to its beginning, for another step."""
    area = page.findChild(ScrollArea)
    if area is not None:
        area.verticalScrollBar().setValue(0)
