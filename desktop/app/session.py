"""What may lock from outside: the lid, the lock of the whole laptop. Loaded once the first page stands."""

from __future__ import annotations

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage


class SessionWatch(QObject):
    """Locks with the laptop: sleep and session lock, as logind tells them. Silent where there is no logind."""

    lock = Signal()

    _SERVICE, _PATH = "org.freedesktop.login1", "/org/freedesktop/login1"

    def start(self) -> bool:
        """Listen. False if this system does not tell."""
        bus = QDBusConnection.systemBus()
        if not bus.isConnected():
            return False
        heard = bus.connect(
            self._SERVICE,
            self._PATH,
            f"{self._SERVICE}.Manager",
            "PrepareForSleep",
            self,
            SLOT("hear_sleep(QDBusMessage)").encode(),
        )
        also = bus.connect(self._SERVICE, "", f"{self._SERVICE}.Session", "Lock", self, SLOT("hear_lock()").encode())
        return bool(heard and also)

    @Slot(QDBusMessage)
    def hear_sleep(self, message: QDBusMessage) -> None:
        if message.arguments() and message.arguments()[0]:
            self.lock.emit()

    @Slot()
    def hear_lock(self) -> None:
        self.lock.emit()
