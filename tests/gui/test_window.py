"""The window: what it shows when, cover, lock, keys, and that nothing readable is left behind."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from core.foundation.errors import BugError, WrongPassphrase
from core.foundation.system import SystemClock
from desktop.app.navigation import Shape, shape_for
from desktop.app.screens import SCREENS, Screen
from desktop.app.window import NAME, MainWindow, WindowParts
from desktop.background import JobRunner, Lane
from desktop.operations import opening as operations
from desktop.operations.opening import Opening
from desktop.screens.context import ScreenContext
from desktop.screens.first_run.view import FirstRunView
from desktop.screens.preferences import Preferences
from desktop.screens.unlock.view import UnlockView
from desktop.widgets import Button, Page, Text, TextBox
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import audit_everywhere, name_of, settle, show_at, words_in

SECRET = "Amara heard shouting in the stairwell"
CHECKOUT = Path(__file__).resolve().parents[2]
LONG_MS = 20_000


def heard() -> str:
    """Every name and value a screen reader could find in the whole program, hidden parts included."""
    told: list[str] = []
    ahead = [QAccessible.queryAccessibleInterface(QApplication.instance())]
    while ahead:
        part = ahead.pop()
        told += [part.text(QAccessible.Text.Name), part.text(QAccessible.Text.Value)]
        ahead += [part.child(number) for number in range(part.childCount())]
    return "\n".join(told)


class CasePage(Page):
    """A page with something to hide."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__("HC-0142")
        self.context = context
        self.left = 0
        self.pressed = 0
        self.arrived: list[dict[str, Any]] = []
        self.stay = False
        self.notes = TextBox()
        self.notes.setAccessibleName("Notes")
        self.notes.setText(SECRET)
        self.act = Button("Add to file", keys="A")
        self.act.clicked.connect(self._press)
        self.save = Button("Save", keys="Ctrl+S")
        self.save.clicked.connect(self._press)
        for part in (Text(SECRET), self.notes, self.act, self.save):
            self.add(part)

    def arrive(self, **arguments: Any) -> None:
        self.arrived.append(arguments)

    def leave(self) -> bool:
        self.left += 1
        return not self.stay

    def first_focus(self) -> QWidget:
        return self.act

    def _press(self) -> None:
        self.pressed += 1


TABLE = (
    Screen(name="today", words="Today", icon="house", key="Ctrl+1", factory=CasePage),
    Screen(name="cases", words="Cases", icon="folder", key="Ctrl+2", factory=CasePage),
    Screen(name="case", words="Case", factory=CasePage, in_nav=False),
    *SCREENS[-1:],
)


@pytest.fixture
def made(qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """A window on a folder that holds a workbook; the passphrase is `right`."""

    def unlock(*, passphrase: str, **rest: object) -> object:
        if passphrase != "right":
            raise WrongPassphrase()
        return "workspace"

    monkeypatch.setattr(operations, "_unlock", unlock)
    (tmp_path / "keyslot").write_bytes(b"")
    runner = JobRunner(SystemClock(), close_workspace=lambda workspace: None)
    kept: list[Preferences] = []
    parts = WindowParts(
        runner=runner,
        opening=Opening(runner, tmp_path, SystemClock(), SeededRandomness(1)),
        clock=SystemClock(),
        screens=TABLE,
        preferences=Preferences(theme="light"),
        keep_preferences=kept.append,
    )
    window = MainWindow(parts)
    window.kept = kept  # type: ignore[attr-defined]
    window.runner = runner  # type: ignore[attr-defined]
    window.input.start(qapp)
    window.begin()
    show_at(window, 1366, 768)
    yield window
    window.lock()
    assert runner.shut_down()
    window.input.stop(qapp)


def unlock(qtbot: QtBot, window: MainWindow) -> CasePage:
    view = window.findChild(UnlockView)
    view.first_focus().setText("right")  # type: ignore[attr-defined]
    qtbot.keyClick(view.first_focus(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.workbench is not None, timeout=LONG_MS)
    settle()
    page = window.workbench.page("today")  # type: ignore[union-attr]
    assert isinstance(page, CasePage)
    return page


def press(window: QWidget, key: Qt.Key, text: str = "") -> None:
    """A key as the person presses it, wherever the focus is."""
    target = QApplication.focusWidget() or window
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(target, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, text))
    settle()


def test_it_begins_locked_under_a_neutral_name(made: MainWindow) -> None:
    assert made.windowTitle() == NAME == "Workbook"
    assert name_of(made) == "Workbook"
    view = made.findChild(UnlockView)
    assert view is not None
    assert view.first_focus().hasFocus()


def test_a_wrong_passphrase_keeps_the_box_and_selects_what_was_typed(qtbot: QtBot, made: MainWindow) -> None:
    box: Any = made.findChild(UnlockView).first_focus()
    box.setText("wrong")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "did not open" in words_in(made), timeout=LONG_MS)
    assert box.hasFocus()
    assert box.selectedText() != ""
    assert made.workbench is None


def test_unlocking_shows_the_first_screen_and_others_are_built_when_visited(qtbot: QtBot, made: MainWindow) -> None:
    page = unlock(qtbot, made)
    bench = made.workbench
    assert bench is not None
    assert page.arrived == [{}]
    assert page.act.hasFocus()
    assert bench.page("cases") is None
    bench.go_to("case", record=b"1")
    assert bench.current == "case"
    assert bench.page("case").arrived == [{"record": b"1"}]  # type: ignore[union-attr]
    bench.go_back()
    assert bench.current == "today"


def test_a_page_may_keep_the_person_where_they_are(qtbot: QtBot, made: MainWindow) -> None:
    page = unlock(qtbot, made)
    page.stay = True
    made.workbench.go_to("cases")  # type: ignore[union-attr]
    assert made.workbench.current == "today"  # type: ignore[union-attr]


def test_there_is_no_way_to_a_screen_that_does_not_exist(qtbot: QtBot, made: MainWindow) -> None:
    unlock(qtbot, made)
    with pytest.raises(BugError):
        made.workbench.go_to("nowhere")  # type: ignore[union-attr]


class TestLock:
    def test_f12_shows_the_box_and_leaves_nothing_readable(self, qtbot: QtBot, made: MainWindow) -> None:
        page = unlock(qtbot, made)
        alive = weakref.ref(page)
        assert SECRET in words_in(made)
        del page
        press(made, Qt.Key.Key_F12)
        view = made.findChild(UnlockView)
        assert view is not None
        assert view.isVisible()
        assert view.first_focus().hasFocus()
        gc.collect()
        assert alive() is None
        assert SECRET not in "".join(words_in(widget) for widget in QApplication.allWidgets())

    def test_the_page_cannot_be_seen_any_more_when_the_call_returns(self, qtbot: QtBot, made: MainWindow) -> None:
        page = unlock(qtbot, made)
        made.lock()
        assert not page.isVisible()
        assert made.findChild(UnlockView).isVisible()

    def test_the_workbook_is_closed_and_can_be_opened_again(self, qtbot: QtBot, made: MainWindow) -> None:
        unlock(qtbot, made)
        with qtbot.waitSignal(made.runner.closed, timeout=LONG_MS):  # type: ignore[attr-defined]
            made.lock()
        assert isinstance(unlock(qtbot, made), CasePage)

    def test_the_lock_button_may_destroy_itself(self, qtbot: QtBot, made: MainWindow) -> None:
        unlock(qtbot, made)
        with qtbot.waitSignal(made.locked, timeout=LONG_MS):
            made.workbench.side.lock.click()  # type: ignore[union-attr]
        assert made.workbench is None

    def test_what_was_being_typed_is_saved_first(self, qtbot: QtBot, made: MainWindow) -> None:
        page, saved = unlock(qtbot, made), []
        runner: JobRunner = made.runner  # type: ignore[attr-defined]

        def leave() -> bool:
            runner.start(lambda w, p, c: saved.append(w), lane=Lane.VAULT, name="save_draft", last_words=True)
            return True

        page.leave = leave  # type: ignore[method-assign]
        with qtbot.waitSignal(runner.closed, timeout=LONG_MS):
            made.lock()
        assert saved == ["workspace"]

    @pytest.mark.qt_log_ignore("This plugin does not support")
    def test_while_a_menu_is_open(self, qtbot: QtBot, made: MainWindow) -> None:
        unlock(qtbot, made)
        menu = QMenu(made)
        menu.addAction(SECRET)
        menu.popup(made.mapToGlobal(made.rect().center()))
        settle()
        press(menu, Qt.Key.Key_F12)
        assert made.workbench is None
        assert not menu.isVisible()

    def test_other_windows_go_too(self, qtbot: QtBot, made: MainWindow) -> None:
        unlock(qtbot, made)
        other = Text(SECRET)
        other.setWindowFlag(Qt.WindowType.Dialog)
        other.show()
        with qtbot.waitSignal(made.locked, timeout=LONG_MS):
            made.lock()
        del other
        assert SECRET not in "".join(words_in(widget) for widget in QApplication.topLevelWidgets())

    def test_the_clipboard_is_emptied(self, qtbot: QtBot, made: MainWindow) -> None:
        page = unlock(qtbot, made)
        page.notes.selectAll()
        page.notes.copy()
        assert QApplication.clipboard().text() == SECRET
        made.lock()
        assert QApplication.clipboard().text() == ""

    def test_idle_time_locks_and_a_key_begins_it_again(self, qtbot: QtBot, made: MainWindow) -> None:
        unlock(qtbot, made)
        made.input.set_idle_minutes(0.001)
        qtbot.waitUntil(lambda: made.workbench is None, timeout=LONG_MS)

    def test_locking_twice_is_locking_once(self, qtbot: QtBot, made: MainWindow) -> None:
        unlock(qtbot, made)
        made.lock()
        made.lock()
        settle()
        assert len(made.findChildren(UnlockView)) == 1

    def test_many_rounds_leave_no_widgets(self, qtbot: QtBot, made: MainWindow) -> None:
        counts = []
        for _ in range(4):
            unlock(qtbot, made)
            made.lock()
            settle()
            gc.collect()
            counts.append(len(QApplication.allWidgets()))
        assert counts[-1] <= counts[0]


class TestCover:
    def test_f9_covers_and_esc_uncovers_where_one_was(self, qtbot: QtBot, made: MainWindow) -> None:
        page = unlock(qtbot, made)
        page.notes.setFocus()
        press(made, Qt.Key.Key_F9)
        assert not page.isVisible()
        assert made.input.covered
        press(made, Qt.Key.Key_Escape)
        assert page.isVisible()
        assert page.notes.hasFocus()
        assert made.workbench.current == "today"  # type: ignore[union-attr]

    def test_nothing_of_the_page_is_left_for_a_screen_reader(self, qtbot: QtBot, made: MainWindow) -> None:
        page = unlock(qtbot, made)
        assert SECRET in heard()
        made.cover()
        qtbot.waitUntil(lambda: SECRET not in heard(), timeout=LONG_MS)
        assert "Screen covered" in heard()
        press(made, Qt.Key.Key_Escape)
        assert page.isVisible()
        assert SECRET in heard()

    def test_covering_and_uncovering_at_once_leaves_the_page(self, qtbot: QtBot, made: MainWindow) -> None:
        page = unlock(qtbot, made)
        made.cover()
        made.lift()
        settle()
        assert page.isVisible()
        made.cover()
        settle()
        made.lock()
        settle()
        assert made.findChild(UnlockView).isVisible()

    def test_no_other_key_does_anything(self, qtbot: QtBot, made: MainWindow) -> None:
        page = unlock(qtbot, made)
        made.cover()
        settle()
        for key, text in ((Qt.Key.Key_A, "a"), (Qt.Key.Key_Space, " "), (Qt.Key.Key_Return, "\r"), (Qt.Key.Key_F1, "")):
            press(made, key, text)
        qtbot.keyClick(made, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(made, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(made, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
        settle(60)
        assert made.kept == []  # type: ignore[attr-defined]
        assert page.pressed == 0
        assert made.workbench.current == "today"  # type: ignore[union-attr]
        assert not page.isVisible()

    def test_f12_locks_from_under_the_cover(self, qtbot: QtBot, made: MainWindow) -> None:
        unlock(qtbot, made)
        made.cover()
        press(made, Qt.Key.Key_F12)
        assert made.workbench is None
        assert not made.input.covered
        assert made.findChild(UnlockView).isVisible()

    def test_it_locks_by_itself_after_a_minute(self, qtbot: QtBot, made: MainWindow) -> None:
        unlock(qtbot, made)
        made.cover()
        for _ in range(60):
            made._curtain._second()
        assert made.workbench is None

    def test_there_is_nothing_to_cover_while_locked(self, made: MainWindow) -> None:
        made.cover()
        assert made.findChild(UnlockView).isVisible()
        assert not made.input.covered


def test_larger_text_does_not_push_the_window_over_the_edge_of_a_small_screen(qtbot: QtBot, made: MainWindow) -> None:
    unlock(qtbot, made)
    made.resize(1024, 640)
    settle()
    made._resize_text(100)
    made.resize(1300, 640)  # what a page does that wants more room before its columns give way
    qtbot.waitUntil(lambda: not made._shrinker.isActive(), timeout=LONG_MS)
    assert made.width() == 1024


class TestKeys:
    def test_page_keys_and_single_letters(self, qtbot: QtBot, made: MainWindow) -> None:
        page = unlock(qtbot, made)
        qtbot.keyClick(page.act, Qt.Key.Key_A)
        qtbot.waitUntil(lambda: page.pressed == 1, timeout=LONG_MS)
        qtbot.keyClick(page.act, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        assert made.workbench.current == "cases"  # type: ignore[union-attr]

    def test_a_letter_typed_into_a_box_is_a_letter(self, qtbot: QtBot, made: MainWindow) -> None:
        page = unlock(qtbot, made)
        page.notes.setFocus()
        page.notes.clear()
        qtbot.keyClick(page.notes, Qt.Key.Key_A, delay=0)
        assert page.pressed == 0
        assert page.notes.text() == "a"

    def test_single_letters_can_be_turned_off_and_others_stay(self, qtbot: QtBot, made: MainWindow) -> None:
        page = unlock(qtbot, made)
        made.workbench.set_preferences(Preferences(theme="light", letter_keys=False))  # type: ignore[union-attr]
        qtbot.keyClick(page.act, Qt.Key.Key_A)
        assert page.pressed == 0
        qtbot.keyClick(page.act, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: page.pressed > 0, timeout=LONG_MS)
        settle(60)
        assert page.pressed == 1

    def test_text_size_keys(self, qtbot: QtBot, made: MainWindow, qapp: QApplication) -> None:
        page = unlock(qtbot, made)
        before = qapp.font().pointSizeF()
        qtbot.keyClick(page.act, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
        assert qapp.font().pointSizeF() == pytest.approx(before * 1.1, abs=0.01)
        assert made.kept[-1].text_percent == 110  # type: ignore[attr-defined]
        qtbot.keyClick(page.act, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
        assert qapp.font().pointSizeF() == pytest.approx(before)


class TestShell:
    def test_the_navigation_gives_way_in_two_steps(self, made: MainWindow) -> None:
        assert [shape_for(made, width) for width in (1366, 1024, 640)] == [Shape.WORDS, Shape.RAIL, Shape.MENU]

    def test_it_passes_the_audit_at_every_size(self, qtbot: QtBot, made: MainWindow) -> None:
        unlock(qtbot, made)
        made.workbench.show_status("Saved here. 4 to send")  # type: ignore[union-attr]
        assert audit_everywhere(made) == []

    def test_the_current_page_is_said(self, qtbot: QtBot, made: MainWindow) -> None:
        unlock(qtbot, made)
        side = made.workbench.side  # type: ignore[union-attr]
        assert "Current page" in side.buttons["today"].accessibleDescription()
        assert "Current page" not in side.buttons["cases"].accessibleDescription()

    def test_settings_pass_the_audit_and_change_the_window(self, qtbot: QtBot, made: MainWindow) -> None:
        unlock(qtbot, made)
        made.workbench.go_to("settings")  # type: ignore[union-attr]
        assert audit_everywhere(made) == []
        page: Any = made.workbench.page("settings")  # type: ignore[union-attr]
        page._theme.buttons[2].click()
        assert made.kept[-1].theme == "dark"  # type: ignore[attr-defined]
        assert QApplication.palette().window().color().name() == "#13181d"

    def test_undo_is_offered_once(self, qtbot: QtBot, made: MainWindow) -> None:
        page = unlock(qtbot, made)
        bench: Any = made.workbench
        bench.say("HC-0149 saved.", page._press)
        settle()
        qtbot.keyClick(page.act, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: page.pressed > 0, timeout=LONG_MS)
        assert page.pressed == 1
        assert not bench._toast.isVisible()
        assert SECRET not in bench._toast.accessibleName()


@pytest.mark.parametrize(("there", "told"), [(("workbook.db",), True), (("workbook.db", "unfinished"), False)])
def test_a_workbook_without_its_key_file_is_no_empty_laptop(
    made: MainWindow, tmp_path: Path, there: tuple[str, ...], told: bool
) -> None:
    (tmp_path / "keyslot").unlink()
    for name in there:
        (tmp_path / name).write_bytes(b"")
    made.begin()
    front = made.findChildren(UnlockView)[-1] if told else None
    assert (made.findChild(FirstRunView) is None) is told
    if front is not None:
        assert "The key file of this workbook is gone" in words_in(front) and "has not been touched" in words_in(front)


def test_the_unlock_window_loads_only_what_it_shows_and_the_workbench_once_it_stands() -> None:
    program = (
        "import sys, tempfile, pathlib\n"
        "from desktop.app.start import make_application, make_window, finish\n"
        "app = make_application()\n"
        "folder = pathlib.Path(tempfile.mkdtemp())\n"
        "(folder / 'keyslot').write_bytes(b'')\n"
        "window, runner = make_window(app, folder)\n"
        "window.begin(); window.resize(window.sizeHint()); window.show(); window.grab()\n"
        "heavy = {'sqlalchemy', 'reportlab', 'cryptography', 'sqlcipher3', 'pypdfium2', 'core.services'}\n"
        "heavy |= {'PySide6.QtSvg', 'openpyxl', 'zxcvbn', 'PySide6.QtDBus', 'socket', 'json', 'zoneinfo', 'html'}\n"
        "heavy |= {'desktop.app.' + part for part in ('workbench', 'navigation', 'curtain', 'session')}\n"
        "heavy |= {'desktop.widgets.' + part for part in ('banners', 'dates', 'entry', 'search', 'tables', 'tags')}\n"
        "heavy |= {'desktop.theme.icons', 'desktop.screens.context', 'desktop.screens.first_run', 'core.domain'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))\n"
        "import time\n"
        "until = time.monotonic() + 60\n"
        "while 'desktop.app.curtain' not in sys.modules and time.monotonic() < until:\n"
        "    app.processEvents()\n"
        "print('READY', 'desktop.app.workbench' in sys.modules, app.windowIcon().isNull())\n"
        "print('TITLE', window.windowTitle(), app.applicationName(), app.desktopFileName())\n"
        "app.setStyleSheet('')\n"
        "print('STYLE', app.style().name())\n"
        "finish(app, window, runner)\n"
        "print('END')\n"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        cwd=CHECKOUT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "HEAVY []" in done.stdout
    assert "READY True False" in done.stdout
    assert "STYLE fusion" in done.stdout
    assert "TITLE Workbook Workbook workbook" in done.stdout
    assert "END" in done.stdout
