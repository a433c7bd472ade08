"""What waits until the first page stands: it comes by itself, and at once when a workbook is opened sooner."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import desktop.widgets as kit
from desktop.app.start import finish, make_window

CHECKOUT = Path(__file__).resolve().parents[2]
LONG_MS = 20_000


def is_heard(app: QApplication, watched: QObject) -> bool:
    """Whether the watch takes F9 before anything else does."""
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_F9, Qt.KeyboardModifier.NoModifier)
    event.ignore()
    app.sendEvent(watched, event)
    return event.isAccepted()


@pytest.mark.parametrize("opened_sooner", [True, False])
def test_keys_are_watched_from_the_moment_a_workbook_opens_at_the_latest(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, opened_sooner: bool
) -> None:
    (tmp_path / "keyslot").write_bytes(b"")
    qapp.setWindowIcon(QIcon())
    window, runner = make_window(qapp, tmp_path)
    try:
        assert not is_heard(qapp, window)
        if opened_sooner:
            window.work_begins.emit()
            assert is_heard(qapp, window)
        qtbot.waitUntil(lambda: is_heard(qapp, window), timeout=LONG_MS)
        assert not qapp.windowIcon().isNull()
    finally:
        finish(qapp, window, runner)


def test_every_part_of_the_kit_is_found_by_name_and_nothing_else_is() -> None:
    assert sorted(kit.__all__) == list(kit.__all__)
    for name in kit.__all__:
        assert getattr(kit, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'Bananner'"):
        _ = kit.Bananner  # type: ignore[attr-defined]


def test_while_the_passphrase_is_typed_all_that_today_asks_is_loaded() -> None:
    program = (
        "import sys\n"
        "from desktop.operations.opening import _prepare\n"
        "_prepare(progress=None, cancel=None)\n"
        "before = {name for name in sys.modules if name.startswith(('core.', 'sqlalchemy'))}\n"
        "import desktop.screens.today.view\n"
        "after = {name for name in sys.modules if name.startswith(('core.', 'sqlalchemy'))}\n"
        "print('LEFT', sorted(after - before))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=100, cwd=CHECKOUT, check=True
    )
    assert "LEFT []" in done.stdout
