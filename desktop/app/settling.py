"""What can wait until the first page stands: watching for keys and for the laptop's own lock, loading the workbench.

None of the watching is of use before a workbook is open; if one is opened sooner, it begins at that moment.
"""

from __future__ import annotations

from importlib import import_module

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from desktop.app.window import MainWindow

AFTER_MS = 50
"""From the first turn of the event loop, in which the first page is painted."""
BETWEEN_MS = 5
"""Between two loads, so that a key pressed meanwhile is heard at once."""
LOADS = (
    "desktop.widgets.banners",
    "desktop.widgets.states",
    "desktop.widgets.tags",
    "desktop.widgets.moments",
    "desktop.app.navigation",
    "desktop.app.workbench",
    "desktop.app.curtain",
)
"""Each brings those before it, so none of these loads is long."""


class Settling(QObject):
    """Starts the watches once, then loads the frame of the workbench piece by piece."""

    def __init__(self, app: QApplication, window: MainWindow) -> None:
        super().__init__(window)
        self._app, self._window = app, window
        self._loads = list(LOADS)
        self._is_painted = self._is_watching = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._next)
        window.work_begins.connect(self.watch)
        self._timer.start(0)

    def watch(self) -> None:
        """Hear keys, idle time and the lock of the laptop from now on. Repeating it does nothing."""
        if self._is_watching:
            return
        self._is_watching = True
        from desktop.app.session import SessionWatch
        from desktop.theme import icon
        from desktop.widgets.roles import tell_roles

        tell_roles()
        self._app.setWindowIcon(icon("file-text", "#4B5866", 64))
        self._window.input.start(self._app)
        session = SessionWatch(self._window)
        session.lock.connect(self._window.lock)
        session.start()

    def _next(self) -> None:
        if not self._is_painted:
            self._is_painted = True
            self._timer.start(AFTER_MS)
            return
        if not self._is_watching:
            self.watch()
        elif self._loads:
            import_module(self._loads.pop(0))
        if self._loads:
            self._timer.start(BETWEEN_MS)
