"""The watchdog of the window's thread sees what holds the loop, whichever way it came, and not what only waits."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QObject, QTimer
from pytestqt.qtbot import QtBot

from tests.support.loop_watch import FRAME_MS, LoopWatch

HELD_MS = 40


def burn() -> None:
    end = time.thread_time() + HELD_MS / 1000
    while time.thread_time() < end:
        pass


class Burner(QObject):
    def customEvent(self, _: QEvent) -> None:
        burn()


def watched(ms: int) -> list[float]:
    loop = QEventLoop()
    watch = LoopWatch(lambda: "here")
    watch.start()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()
    watch.stop()
    return [turn.cpu_ms for turn in watch.by_page().get("here", ())]


@pytest.mark.parametrize("way", ["timer", "posted"])
def test_what_holds_the_loop_is_seen(qtbot: QtBot, way: str) -> None:
    burner = Burner()
    if way == "timer":
        QTimer.singleShot(20, burn)
    else:
        QTimer.singleShot(20, lambda: QCoreApplication.postEvent(burner, QEvent(QEvent.Type.User)))
    assert watched(120)[0] >= HELD_MS


def test_waiting_is_not_being_held(qtbot: QtBot) -> None:
    assert all(spent < FRAME_MS for spent in watched(60))
