"""Two laptops write one note apart; one person chooses at the real window, by keyboard; both laptops agree."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.domain.case import Note
from core.foundation.ids import RecordId
from core.services import declarations, versions
from core.services.opening import lock
from core.services.sync import sync_now
from core.services.workspace import Parts
from desktop.app.screens import SCREENS
from desktop.app.window import MainWindow, WindowParts
from desktop.background import JobRunner
from desktop.operations.opening import Opening, close_workspace
from desktop.screens.preferences import Preferences
from desktop.theme import Look, ThemeName, apply_look
from tests.functional.test_report_story import Hands
from tests.support.apart import shared_case, swap, write
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import show_at
from tests.support.vaults import NOON, TestClock
from tests.support.workspaces import a_workspace, join_cheaply

ANAS = "She is well and her sister is with her."
BENS = "She is worried and her sister is with her."


@pytest.fixture
def apart(tmp_path: Path) -> tuple[RecordId, RecordId]:
    """(case, note): Ana and Ben each changed the note, and both laptops have both versions. Both are locked."""
    shared = tmp_path / "shared"
    shared.mkdir()
    with a_workspace(tmp_path / "ana") as ana:
        parts = Parts(TestClock(NOON), SeededRandomness(21))
        ben = join_cheaply(ana, tmp_path / "ben", shared, name="Ben Okafor", role="officer", parts=parts)
        case, note = shared_case(ana, ben, Note, body="She is well.", at=NOON)
        write(ana, Note, note, body=ANAS)
        write(ben, Note, note, body=BENS)
        swap(ana, ben)
        declarations.declare(ben, case=case, connected=False)
        lock(ben)
    return case, note


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, apart: object) -> Iterator[MainWindow]:
    """Ben's laptop, locked."""
    qapp.setCursorFlashTime(0)
    apply_look(Look(theme=ThemeName.LIGHT))
    clock = TestClock(NOON)
    runner = JobRunner(clock, close_workspace=close_workspace)
    made = MainWindow(
        WindowParts(
            runner=runner, opening=Opening(runner, tmp_path / "ben", clock, SeededRandomness(5)), clock=clock,
            screens=SCREENS, preferences=Preferences(theme="light"), keep_preferences=lambda wanted: None,
        )
    )  # fmt: skip
    made.input.start(qapp)
    made.begin()
    show_at(made, 1366, 768)
    yield made
    made.lock()
    assert runner.shut_down()
    made.input.stop(qapp)
    made.close()
    made.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()


@pytest.mark.qt_log_ignore("plugin does not support")
def test_a_choice_by_keyboard_reaches_the_other_laptop(
    qtbot: QtBot, window: MainWindow, apart: tuple[RecordId, RecordId], tmp_path: Path
) -> None:
    case, note = apart
    hands = Hands(qtbot, window)
    hands.unlock()
    hands.sees("1 entry of 2026-AR-001 needs your choice.")
    hands.tab_to("Choose")
    hands.press(Qt.Key.Key_Return)
    hands.stands_on("versions")
    hands.sees(ANAS)
    hands.sees(BENS)
    hands.tab_to("Write one from both")
    hands.press(Qt.Key.Key_Return)
    hands.until(lambda: type(hands.at).__name__ == "TextArea")
    hands.press(Qt.Key.Key_A, control=True)
    hands.type("Well, but worried.")
    hands.tab_to("Keep this text")
    hands.press(Qt.Key.Key_Return)
    hands.stands_on("today")
    hands.sees("Your choice is saved. The other version stays in the history.")
    hands.sees_no("needs your choice")
    hands.press(Qt.Key.Key_5, control=True)
    hands.stands_on("sync")
    hands.tab_to("Sync now")
    hands.press(Qt.Key.Key_Return)
    hands.sees("Sent 1 file")

    with a_workspace(tmp_path / "ana") as ana:
        assert versions.waiting_choices(ana).count == 1
        sync_now(ana)
        assert versions.waiting_choices(ana).count == 0
        assert ana.store.get(Note, note).body == "Well, but worried."
        assert versions.versions_of_case(ana, case=case) == ()
