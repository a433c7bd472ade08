"""What may lock or cover at any moment: keys and idle time. And what was copied."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QInputEvent, QKeyEvent
from PySide6.QtWidgets import QApplication

_INPUT = frozenset(
    (
        QEvent.Type.KeyPress,
        QEvent.Type.ShortcutOverride,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    )
)
_KEYS = frozenset((QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride))


class InputWatch(QObject):
    """Hears every key before anything else does, in menus and dialogs too, and measures idle time.

    While `covered`, every key but Esc (and F12) is swallowed, so no shortcut of a hidden page can act.
    With `letter_keys` off, single letters are never shortcuts.
    """

    cover_key = Signal()
    lock_key = Signal()
    lift_key = Signal()
    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.covered = False
        self.letter_keys = True
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.idle)

    def start(self, app: QApplication) -> None:
        app.installEventFilter(self)

    def stop(self, app: QApplication) -> None:
        self._timer.stop()
        app.removeEventFilter(self)

    def set_idle_minutes(self, minutes: float) -> None:
        """Locks after so long without a key, a touch or the mouse; 0 is never."""
        self._timer.stop()
        if minutes > 0:
            self._timer.start(round(minutes * 60_000))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QInputEvent):  # to ask what kind it is takes longer, and nearly all are others
            return False
        kind = event.type()
        if kind not in _INPUT:
            return False
        if self._timer.isActive():
            self._timer.start()
        return self._key(event) if kind in _KEYS and isinstance(event, QKeyEvent) else False

    def _key(self, event: QKeyEvent) -> bool:
        key, press = event.key(), event.type() is QEvent.Type.KeyPress
        act = {Qt.Key.Key_F9: self.cover_key, Qt.Key.Key_F12: self.lock_key}.get(Qt.Key(key))
        if act is None and self.covered and key == Qt.Key.Key_Escape:
            act = self.lift_key
        if act is not None:
            event.accept()
            if press and not event.isAutoRepeat():
                act.emit()
            return True
        if self.covered:
            event.accept()
            return True
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)
        if not self.letter_keys and not press and plain and event.text().isprintable() and event.text():
            event.accept()
            return True
        return False


class ClipboardWatch(QObject):
    """What was copied here is gone after 30 seconds, and at every lock. What others copied is left alone."""

    KEPT_MS = 30_000

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clipboard = QApplication.clipboard()
        self._copied_here: int | None = None  # the hash of it; the words themselves are not kept
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(self.KEPT_MS)
        self._timer.timeout.connect(self.clear)
        self._clipboard.dataChanged.connect(self._copied)

    def clear(self) -> None:
        self._timer.stop()
        if self._is_ours():
            self._clipboard.clear()
        self._copied_here = None
        if self._clipboard.supportsSelection() and self._clipboard.ownsSelection():
            self._clipboard.clear(self._clipboard.Mode.Selection)

    def _copied(self) -> None:
        text = self._clipboard.text()
        active = QApplication.applicationState() is Qt.ApplicationState.ApplicationActive
        if text and (active or self._clipboard.ownsClipboard()):
            self._copied_here = hash(text)
            self._timer.start()

    def _is_ours(self) -> bool:
        """Not every system says whose it is, so the words are compared as well."""
        return self._clipboard.ownsClipboard() or hash(self._clipboard.text()) == self._copied_here
