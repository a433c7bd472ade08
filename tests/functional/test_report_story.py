"""The main story through the real window on a real workbook, by keyboard only.

Found -> log a report -> Today shows the first contact -> record it -> the duty is met -> lock -> nothing is left on
the screen -> unlock -> all of it is still there, and so is the note that was being typed.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.app.screens import SCREENS
from desktop.app.window import MainWindow, WindowParts
from desktop.background import JobRunner
from desktop.operations.opening import Opening, close_workspace
from desktop.screens.preferences import Preferences
from desktop.theme import Look, ThemeName, apply_look
from desktop.widgets import Toast
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import name_of, settle, show_at, words_in
from tests.support.vaults import NOON, TestClock
from tests.support.workspaces import PASSPHRASE, new_vault

LONG_MS = 10_000
STORY = "Two people shouted at Meera from the landing"
NOTE = "She rang back and said that"


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    """The real window on a founded workbook, locked."""
    qapp.setCursorFlashTime(0)
    apply_look(Look(theme=ThemeName.LIGHT))
    clock = TestClock(NOON)
    runner = JobRunner(clock, close_workspace=close_workspace)
    parts = WindowParts(
        runner=runner,
        opening=Opening(runner, new_vault(tmp_path / "vault"), clock, SeededRandomness(5)),
        clock=clock,
        screens=SCREENS,
        preferences=Preferences(theme="light"),
        keep_preferences=lambda wanted: None,
    )
    made = MainWindow(parts)
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


class Hands:
    """Somebody who only has a keyboard."""

    def __init__(self, qtbot: QtBot, window: MainWindow) -> None:
        self._qtbot, self._window = qtbot, window

    @property
    def at(self) -> QWidget:
        """What has the focus."""
        found = QApplication.focusWidget()
        assert found is not None, "the keyboard is nowhere"
        return found

    def press(self, key: Qt.Key, *, control: bool = False) -> None:
        modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(self.at, key, modifier)
        settle()

    def type(self, words: str) -> None:
        QTest.keyClicks(self.at, words)

    def tab_to(self, name: str) -> None:
        for _ in range(80):
            if name_of(self.at).startswith(name):
                return
            QTest.keyClick(self.at, Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never reaches {name}")

    def sees(self, words: str) -> None:
        """On the page on show, or in a message over it."""
        self.until(lambda: words in self.page_words())

    def sees_no(self, words: str) -> None:
        self.until(lambda: words not in self.page_words())

    def page_words(self) -> str:
        bench = self._window.workbench
        if bench is None:
            return words_in(self._window)
        page = bench.page(bench.current)
        assert page is not None
        return words_in(page) + words_in(bench.findChild(Toast))

    def until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=LONG_MS)
        settle()

    def unlock(self) -> None:
        self.type(PASSPHRASE)
        self.press(Qt.Key.Key_Return)
        self.until(lambda: self._window.workbench is not None)

    def stands_on(self, screen: str) -> None:
        self.until(lambda: self._window.workbench is not None and self._window.workbench.current == screen)


@pytest.mark.qt_log_ignore("plugin does not support")
def test_the_main_story_by_keyboard(qtbot: QtBot, window: MainWindow) -> None:
    hands = Hands(qtbot, window)
    hands.unlock()
    hands.sees("When somebody tells you about harassment, start a new report.")

    # N, what, who, where, danger, a safe way, Ctrl+S
    hands.press(Qt.Key.Key_N)
    hands.stands_on("report")
    hands.until(lambda: name_of(hands.at) == "What happened?")
    hands.type(STORY)
    hands.tab_to("Who told us?")
    hands.type("Meera Quill")
    hands.tab_to("Where?")
    hands.type("Marsh House")
    hands.tab_to("No")
    hands.press(Qt.Key.Key_Space)
    hands.tab_to("Text message")
    hands.press(Qt.Key.Key_Space)
    hands.press(Qt.Key.Key_S, control=True)
    hands.stands_on("case")
    hands.sees("2026-AB-001 saved. First contact due tomorrow at 12:00pm.")
    hands.sees("First contact")

    # Today leads to the contact
    hands.press(Qt.Key.Key_1, control=True)
    hands.stands_on("today")
    hands.sees("Record contact: First contact, 2026-AB-001")
    hands.tab_to("Record contact: First contact")
    hands.press(Qt.Key.Key_Space)
    hands.stands_on("step")
    hands.until(lambda: name_of(hands.at) == "Text message (safe)")
    hands.press(Qt.Key.Key_Tab)
    assert name_of(hands.at) == "Spoke with the person"
    hands.press(Qt.Key.Key_Space)
    hands.press(Qt.Key.Key_S, control=True)
    hands.stands_on("today")
    hands.sees_no("Record contact: First contact")
    hands.sees("3-month review")

    # the file says so, and a note is begun
    hands.tab_to("Open 2026-AB-001")
    hands.press(Qt.Key.Key_Space)
    hands.stands_on("case")
    hands.sees("Text message: spoke with the person")
    hands.sees("in time. It was due")
    hands.press(Qt.Key.Key_N)  # somebody rings with something new meanwhile
    hands.stands_on("report")
    hands.press(Qt.Key.Key_Escape)
    hands.stands_on("case")
    hands.press(Qt.Key.Key_A)
    hands.until(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    hands.stands_on("step")
    hands.until(lambda: name_of(hands.at) == "Note")
    hands.type(NOTE)

    # lock in the middle of a word
    hands.press(Qt.Key.Key_F12)
    assert window.workbench is None
    hands.sees("Workbook is locked")
    gc.collect()
    left = "\n".join(words_in(widget) for widget in QApplication.topLevelWidgets())
    for secret in (STORY, "Meera", "Marsh House", "2026-AB-001", NOTE):
        assert secret not in left

    # everything is still there
    hands.unlock()
    hands.sees("You were writing a note on 2026-AB-001. It is saved up to 12:00pm.")
    hands.tab_to("Carry on")
    hands.press(Qt.Key.Key_Space)
    hands.stands_on("step")
    hands.until(lambda: name_of(hands.at) == "Note")
    assert hands.at.toPlainText() == NOTE  # type: ignore[attr-defined]
    hands.type(" she feels safer.")
    hands.press(Qt.Key.Key_S, control=True)
    hands.stands_on("today")
    hands.sees_no("You were writing")
    hands.press(Qt.Key.Key_2, control=True)
    hands.stands_on("cases")
    hands.until(lambda: name_of(hands.at) == "Search cases")
    hands.type("safer")
    hands.press(Qt.Key.Key_Return)
    hands.sees("1 case matches")
    hands.tab_to("Cases")
    hands.press(Qt.Key.Key_Return)
    hands.stands_on("case")
    hands.sees(f"{NOTE} she feels safer.")
