"""Every test here starts with the light theme at 100 % and leaves no window behind."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication

from desktop.theme import Look, ThemeName, apply_look, look
from tests.support.quick_passphrases import quick_passphrases

__all__ = ["quick_passphrases"]


@pytest.fixture(autouse=True)
def _plain_look(qapp: QApplication) -> Iterator[None]:
    qapp.setCursorFlashTime(0)
    if look() != Look(theme=ThemeName.LIGHT, shown=ThemeName.LIGHT) or not qapp.styleSheet():
        apply_look(Look(theme=ThemeName.LIGHT))
    yield
    if not qapp.topLevelWidgets():
        return
    for widget in qapp.topLevelWidgets():
        if widget.windowType() is Qt.WindowType.Popup:
            continue  # its owner deletes it
        widget.close()
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
