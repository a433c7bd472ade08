"""A private interview in the real window: two actions from anywhere, the whole screen, one key to cover or lock it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from core.domain.interview import Interruption
from core.foundation.ids import RecordId
from core.foundation.system import SystemClock
from core.services import interviews
from core.services.workspace import Parts, Workspace
from desktop.app.screens import SCREENS
from desktop.app.window import NAME, MainWindow, WindowParts
from desktop.background import JobRunner
from desktop.operations import opening as operations
from desktop.operations.opening import Opening
from desktop.screens.interviews.list_view import InterviewsPage
from desktop.screens.interviews.view import InterviewPage
from desktop.screens.preferences import Preferences
from desktop.screens.unlock.view import UnlockView
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import settle, show_at
from tests.support.workspaces import a_workspace, clock_of, join_cheaply, logged

LONG_MS = 20_000
SAID = "He waited on the stairs"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        (tmp_path / "shared").mkdir()
        parts = Parts(clock_of(opened), SeededRandomness(77))
        join_cheaply(
            opened, tmp_path / "ruth", tmp_path / "shared", name="Ruth Okafor", role="officer", parts=parts
        )
        yield opened


@pytest.fixture
def case(workspace: Workspace) -> RecordId:
    return logged(workspace).case


@pytest.fixture
def window(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """The window on an open workbook."""
    monkeypatch.setattr(operations, "_unlock", lambda **_: workspace)
    folder = tmp_path / "window"
    folder.mkdir()
    (folder / "keyslot").write_bytes(b"")
    runner = JobRunner(SystemClock(), close_workspace=lambda _: None)
    parts = WindowParts(
        runner=runner, opening=Opening(runner, folder, SystemClock(), SeededRandomness(1)), clock=clock_of(workspace),
        screens=SCREENS, preferences=Preferences(theme="light"), keep_preferences=[].append,
    )  # fmt: skip
    made = MainWindow(parts)
    made.input.start(qapp)
    made.begin()
    show_at(made, 1366, 768)
    box: Any = made.findChild(UnlockView).first_focus()
    box.setText("right")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: made.workbench is not None, timeout=LONG_MS)
    settle()
    yield made
    made.lock()
    assert runner.shut_down()
    made.input.stop(qapp)


def press(window: QWidget, key: Qt.Key, text: str = "") -> None:
    """A key as the person presses it, wherever the focus is."""
    target = QApplication.focusWidget() or window
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))
    settle()


def heard() -> str:
    """Every name and value a screen reader could find in the whole program, hidden parts included."""
    told: list[str] = []
    ahead = [QAccessible.queryAccessibleInterface(QApplication.instance())]
    while ahead:
        part = ahead.pop()
        told += [part.text(QAccessible.Text.Name), part.text(QAccessible.Text.Value)]
        ahead += [part.child(number) for number in range(part.childCount())]
    return "\n".join(told)


def begun(qtbot: QtBot, window: MainWindow) -> InterviewPage:
    """Two actions, from whatever page is on show: I (Ctrl+I in a box), Enter."""
    bench = window.workbench
    assert bench is not None
    qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    listed = bench.page("interviews")
    assert isinstance(listed, InterviewsPage) and bench.current == "interviews"
    qtbot.waitUntil(listed.begin.go.hasFocus, timeout=LONG_MS)
    qtbot.keyClick(listed.begin.go, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bench.current == "interview", timeout=LONG_MS)
    page = bench.page("interview")
    assert isinstance(page, InterviewPage)
    qtbot.waitUntil(page.inside.isVisible, timeout=LONG_MS)
    settle()
    return page


def test_two_actions_the_whole_screen_esc_covers_and_f12_locks(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, case: RecordId
) -> None:
    bench = window.workbench
    assert bench is not None
    bench.go_to("case", case=case)
    qtbot.waitUntil(lambda: bench.current == "case", timeout=LONG_MS)
    settle()
    page = begun(qtbot, window)
    assert window.isFullScreen() and not bench.side.isVisible() and not bench.top.isVisible()
    assert page.words.statement.hasFocus() and window.windowTitle() == NAME
    page.words.statement.setPlainText(SAID)
    settle()
    assert SAID in heard()
    press(window, Qt.Key.Key_Escape)
    assert window.input.covered and not page.isVisible() and bench.current == "interview"
    qtbot.waitUntil(lambda: SAID not in heard() and "Only 2 people" not in heard(), timeout=LONG_MS)
    assert window.windowTitle() == NAME and all(
        widget.windowTitle() in ("", NAME) for widget in QApplication.topLevelWidgets()
    )
    assert window.isFullScreen(), "whoever comes in sees a plain page, as large as what was there"
    press(window, Qt.Key.Key_Escape)
    assert page.isVisible() and page.words.statement.text() == SAID
    qtbot.waitUntil(lambda: page.kept.text().startswith("Saved "), timeout=LONG_MS)

    (row,) = interviews.list_interviews(workspace)
    press(window, Qt.Key.Key_F12)
    assert window.workbench is None and not window.isFullScreen() and window.windowTitle() == NAME
    kept = interviews.open_interview(workspace, interview=row.interview, reason="look")
    assert SAID in kept.draft, "nothing was lost by locking"


def test_somebody_came_by_one_key_covers_and_is_written_down(
    qtbot: QtBot, window: MainWindow, workspace: Workspace, case: RecordId
) -> None:
    page = begun(qtbot, window)
    page.words.statement.setPlainText(SAID)
    qtbot.keyClick(page.words.statement, Qt.Key.Key_F8)
    assert window.input.covered and not page.isVisible()
    (row,) = interviews.list_interviews(workspace)

    def noted() -> bool:
        found = interviews.open_interview(workspace, interview=row.interview, reason="look")
        return len(found.of(Interruption)) == 1 and SAID in found.draft

    qtbot.waitUntil(noted, timeout=LONG_MS)
    press(window, Qt.Key.Key_Escape)
    assert page.isVisible()
    page.finish.click()
    bench = window.workbench
    assert bench is not None
    qtbot.waitUntil(lambda: bench.current != "interview", timeout=LONG_MS)
    assert not window.isFullScreen() and bench.side.isVisible()
    found = interviews.open_interview(workspace, interview=row.interview, reason="look")
    assert found.record.statement == SAID and found.record.ended_at is not None and found.draft == ""
    press(window, Qt.Key.Key_Escape)
    assert not window.input.covered, "outside an interview Esc goes back"


def test_the_letter_alone_begins_it_too_where_nothing_is_typed(
    qtbot: QtBot, window: MainWindow, case: RecordId
) -> None:
    bench = window.workbench
    assert bench is not None
    bench.go_to("case", case=case)
    qtbot.waitUntil(lambda: bench.current == "case", timeout=LONG_MS)
    settle()
    focus = QApplication.focusWidget()
    assert focus is not None
    qtbot.keyClick(focus, Qt.Key.Key_I)
    assert bench.current == "interviews" and bench._trail[-1] == ("interviews", {"case": case})
