"""In which order Tab goes through a page."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

MOST_STOPS = 120


def comes_before(first: QWidget, *others: QWidget) -> bool:
    """Whether Tab, pressed from `first`, reaches the others in this order."""
    first.setFocus(Qt.FocusReason.OtherFocusReason)
    wanted = list(others)
    for _ in range(MOST_STOPS):
        now = QApplication.focusWidget()
        if now is None or not wanted:
            break
        QTest.keyClick(now, Qt.Key.Key_Tab)
        here = QApplication.focusWidget()
        if here is wanted[0]:
            wanted.pop(0)
        elif here in wanted:
            return False
    return not wanted
