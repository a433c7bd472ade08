"""One whole story with the real services: begin an organisation, lock, refuse a wrong passphrase, unlock."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.app.start import finish, make_window
from desktop.screens.first_run.view import FirstRunView
from desktop.screens.unlock.view import UnlockView
from tests.support.gui_audits import show_at, words_in

LONG_MS = 60_000
PASSPHRASE = "maple harbour tin violet canoe"


def test_from_the_first_run_to_unlocking_again(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    window, runner = make_window(qapp, tmp_path / "vault")
    try:
        window.begin()
        show_at(window, 1366, 768)
        view = window.findChild(FirstRunView)
        view._choose.found.click()
        qtbot.waitUntil(lambda: len(view._found.secret._suggestion.split()) == 5, timeout=LONG_MS)
        page: Any = view._found
        for box, words in ((page.first, "Willow Court Homes"), (page.your_name, "Rosa Okafor"), (page.initials, "RO")):
            qtbot.keyClicks(box, words)
        for box in (page.secret._box, page.secret._again):
            qtbot.keyClicks(box, PASSPHRASE)
        qtbot.waitUntil(lambda: "Strength: " in page.secret._verdict.text(), timeout=LONG_MS)
        qtbot.waitUntil(lambda: page.secret._meter.value() >= 3, timeout=LONG_MS)
        page.go.click()
        qtbot.waitUntil(lambda: window.workbench is not None, timeout=LONG_MS)
        assert runner.is_open

        with qtbot.waitSignal(runner.closed, timeout=LONG_MS):
            window.lock()
        box: Any = window.findChild(UnlockView).first_focus()
        box.setText("not the passphrase")
        qtbot.keyClick(box, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "did not open" in words_in(window), timeout=LONG_MS)
        box.setText(PASSPHRASE)
        qtbot.keyClick(box, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: window.workbench is not None, timeout=LONG_MS)
    finally:
        finish(qapp, window, runner)
