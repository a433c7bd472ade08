"""The curtain: a plain page in place of the one on show."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop.widgets import Text, column, styled

LOCK_AFTER_S = 60
HOLD_MS = 800


class Curtain(QWidget):
    """Replaces the page in the window, so the page can be neither seen, read out nor typed into."""

    lock_due = Signal()
    lifted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        styled(self, "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Screen covered. Press Escape to uncover.")
        self._left_s = LOCK_AFTER_S
        self._rest = Text("", "muted")
        layout = column(self, gap="small")
        layout.addStretch(1)
        for words in (Text("Screen covered", "title"), self._rest):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(words)
        layout.addStretch(1)
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._second)
        self._hold = QTimer(self)
        self._hold.setSingleShot(True)
        self._hold.setInterval(HOLD_MS)
        self._hold.timeout.connect(self.lifted)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._left_s = LOCK_AFTER_S
        self._say()
        self._clock.start()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._clock.stop()
        self._hold.stop()

    def mousePressEvent(self, event: object) -> None:
        self._hold.start()

    def mouseReleaseEvent(self, event: object) -> None:
        self._hold.stop()

    def _second(self) -> None:
        self._left_s -= 1
        self._say()
        if self._left_s <= 0:
            self._clock.stop()
            self.lock_due.emit()

    def _say(self) -> None:
        self._rest.setText(f"Press Esc or touch and hold to uncover. Locks in {max(0, self._left_s)} seconds.")
