"""Help before anything is unlocked, in the real window: the guide and the policy, and back with nothing typed lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.services.guide import read_guide
from desktop.app.help_before import HelpOver
from desktop.app.start import finish, make_window
from desktop.app.window import MainWindow
from desktop.screens.first_run.view import FirstRunView
from desktop.screens.help.before import HelpBefore
from desktop.screens.unlock.view import UnlockView
from tests.support.gui_audits import audit, settle, show_at, words_in

LONG_MS = 60_000
HALF_TYPED = "maple harbour"


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[MainWindow]:
    if getattr(request, "param", "") == "locked":
        (tmp_path / "vault").mkdir()
        (tmp_path / "vault" / "keyslot").write_bytes(b"")
    window, runner = make_window(qapp, tmp_path / "vault")
    window.begin()
    show_at(window, 1366, 768)
    yield window
    finish(qapp, window, runner)


def helped(qtbot: QtBot, window: MainWindow) -> HelpBefore:
    """After F1, once something is there to read."""
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F1)
    help_page = window.findChild(HelpBefore)
    qtbot.waitUntil(lambda: "Next: " in words_in(help_page), timeout=LONG_MS)
    assert help_page.page.search.hasFocus()
    return help_page


def test_what_help_opens_at_is_in_the_guide() -> None:
    assert {FirstRunView.help_section, UnlockView.help_section} <= {section.title for section in read_guide()}


@pytest.mark.parametrize("window", ["first run"], indirect=True)
def test_from_a_form_half_filled_in_and_back(qtbot: QtBot, window: MainWindow) -> None:
    view: Any = window.findChild(FirstRunView)
    view._choose.found.click()
    form = view._found
    for box, words in ((form.first, "Willow Court Homes"), (form.secret._box, HALF_TYPED)):
        box.setFocus()
        qtbot.keyClicks(box, words)
    help_page = helped(qtbot, window)
    assert "Start a new organisation if nobody" in words_in(help_page)

    qtbot.keyClicks(help_page.page.search, "first contact")
    qtbot.waitUntil(lambda: "Found for 'first contact'" in words_in(help_page), timeout=LONG_MS)
    found = next(
        way for button in help_page.findChildren(type(help_page._back)) if (way := button).words.startswith("4.24")
    )
    found.click()
    qtbot.waitUntil(lambda: "Policy 4.24: First contact in 24 hours" in words_in(help_page), timeout=LONG_MS)
    assert "First contact: 24 hours, as the policy says." in words_in(help_page)

    QTest.keyClick(help_page.page.search, Qt.Key.Key_Escape)
    QTest.keyClick(help_page.page.search, Qt.Key.Key_Escape)
    assert view.isVisible() and form.secret._box.hasFocus()
    assert (form.first.text(), form.secret.passphrase) == ("Willow Court Homes", HALF_TYPED)
    settle()
    assert window.findChild(HelpBefore) is None
    patience = view.findChild(HelpOver).patience
    assert not patience.isActive()

    helped(qtbot, window)
    assert patience.isActive()
    patience.timeout.emit()  # two minutes later
    assert (form.first.text(), form.secret.passphrase) == ("Willow Court Homes", "")


def test_on_a_small_screen_with_large_text_nothing_is_cut(qtbot: QtBot, window: MainWindow) -> None:
    page = HelpBefore(window._parts.runner, "Cover and lock")
    qtbot.addWidget(page)
    show_at(page, 1024, 640, percent=200)
    page.arrive()
    qtbot.waitUntil(lambda: "Next: " in words_in(page), timeout=LONG_MS)
    settle(50)
    assert audit(page) == []


@pytest.mark.parametrize("window", ["locked"], indirect=True)
def test_from_the_locked_page_and_back(qtbot: QtBot, window: MainWindow) -> None:
    view: Any = window.findChild(UnlockView)
    qtbot.keyClicks(view.first_focus(), HALF_TYPED)
    help_page = helped(qtbot, window)
    assert "A locked workbook opens with the passphrase of this laptop" in words_in(help_page)
    assert HALF_TYPED not in words_in(window)
    QTest.keyClick(help_page.page.search, Qt.Key.Key_Escape)
    assert view.first_focus().hasFocus() and view.first_focus().text() == HALF_TYPED
    view._ask_help.click()
    window.findChild(HelpOver).patience.timeout.emit()
    assert view.first_focus().text() == ""
