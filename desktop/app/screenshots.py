"""Pictures of every screen that needs no answer first, for the user guide and for looking at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core.foundation.files import make_private_folder
from desktop.app.window import MainWindow
from desktop.theme import Look, ThemeName, apply_look, look

SETTLE_MS = 250
THEMES = (ThemeName.LIGHT, ThemeName.DARK, ThemeName.HIGH_CONTRAST)
SIZES = ((1366, 768), (1024, 640))
PERCENTS = (100, 200)


class Photographer(QObject):
    """Takes the window as it is, in each theme, size and text size, one a moment."""

    finished = Signal()

    def __init__(self, window: MainWindow, folder: Path, name: str = "start") -> None:
        super().__init__(window)
        self._window, self._folder, self._name = window, folder, name
        self._before = look()
        self._left = [(theme, size, percent) for percent in PERCENTS for size in SIZES for theme in THEMES]
        self._now: tuple[ThemeName, tuple[int, int], int] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self._next)

    def start(self) -> None:
        make_private_folder(self._folder)
        self._timer.start()

    def _next(self) -> None:
        if self._now is not None:
            theme, (width, height), percent = self._now
            file = f"{self._name}-{theme.value}-{width}x{height}-{percent}.png"
            self._window.grab().save(str(self._folder / file))
        if not self._left:
            self._timer.stop()
            apply_look(self._before)
            self.finished.emit()
            return
        self._now = self._left.pop(0)
        theme, size, percent = self._now
        apply_look(replace(Look(), theme=theme, text_percent=percent))
        self._window.resize(*size)
