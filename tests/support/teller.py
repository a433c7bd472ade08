"""Somebody at the program's real window, for stories told the way a person would: by what the controls are called.

A `Teller` finds a control by its accessible name, types, presses, and looks at the words on show. It knows nothing of
pages and presenters. What it cannot see or reach is an `AssertionError` that says what is on show instead.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep
from typing import Protocol, TypeVar, cast

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QPlainTextEdit,
    QScrollArea,
    QWidget,
)

from desktop.app.window import MainWindow
from desktop.background import JobRunner
from desktop.theme import Look, ThemeName, apply_look
from desktop.widgets import PassphraseBox, Toast
from desktop.widgets.tables import ListTable
from tests.support.gui_audits import cut_words, name_of, settle
from tests.support.vaults import TestClock

LONG_S = 30.0
PICTURES = "IMANI_PICTURES"
"""Set to a folder, each story leaves pictures of what it shows there, in four looks."""
LOOKS = (
    ("light", ThemeName.LIGHT, 1366, 768, 100),
    ("dark", ThemeName.DARK, 1024, 640, 100),
    ("contrast", ThemeName.HIGH_CONTRAST, 1024, 640, 100),
    ("large", ThemeName.LIGHT, 1024, 640, 200),
)
"""(name, theme, width and height in pixels, text per cent)."""
_MARKUP = re.compile("<[^<>]+>")
_W = TypeVar("_W", bound=QWidget)


class _Named(Protocol):
    """Whatever has a name on screen."""

    def text(self) -> str: ...


class Teller:
    """One person at one laptop's window. `picture` writes files named after the `story`."""

    def __init__(self, window: MainWindow, runner: JobRunner, clock: TestClock, *, story: str = "") -> None:
        self.window, self.clock = window, clock
        self._runner, self._story, self._pictures = runner, story, 0

    # ------------------------------------------------------------------ looking

    @property
    def at(self) -> str:
        """Name of the screen on show."""
        return self.window.workbench.current if self.window.workbench else "locked"

    def words(self) -> str:
        """What is written on the page on show, folded words left out; and the message over it."""
        bench = self.window.workbench
        assert bench is not None, "the workbook is locked"
        page = bench.page(bench.current)
        assert page is not None
        toast = bench.findChild(Toast)
        shown = [part for whole in (page, toast) if whole is not None for part in whole.findChildren(QWidget)]
        return "\n".join(words for part in shown if part.isVisible() and (words := _said(part)))

    def sees(self, *words: str) -> None:
        """All of it is on show, or will be in a moment."""
        for one in words:
            if not self._soon(lambda one=one: one in self.words()):  # type: ignore[misc]
                raise AssertionError(f"“{one}” is not on show. There is:\n{self.words()}")

    def sees_no(self, *words: str) -> None:
        """None of it is on show."""
        for one in words:
            if not self._soon(lambda one=one: one not in self.words()):  # type: ignore[misc]
                raise AssertionError(f"“{one}” is on show:\n{self.words()}")

    def stands_on(self, screen: str) -> None:
        """The screen of that name is on show."""
        if not self._soon(lambda: self.at == screen):
            raise AssertionError(f"on show is {self.at}, not {screen}:\n{self.words()}")

    # ------------------------------------------------------------------ doing

    def unlock(self, passphrase: str) -> None:
        """Type the passphrase and go in."""
        self.window.activateWindow()
        box = self.window.findChild(PassphraseBox)
        QTest.keyClicks(box, passphrase)
        QTest.keyClick(box, Qt.Key.Key_Return)
        assert self._soon(lambda: self.window.workbench is not None), "the workbook did not open"
        self._settle()

    def press(self, name: str, *, last: bool = False) -> None:
        """Press the button of that name, the first or the last there is. A `*` at an end stands for any words."""
        first = self._control(QAbstractButton, name)
        self._click(self._find((QAbstractButton,), name)[-1] if last else first)

    def due(self, title: str, case: str) -> None:
        """Press the button of a duty on Today."""
        self.press(f"*: {title}, {case}")

    def write(self, box: str, words: str) -> None:
        """Type words into the box of that name, in place of what stands there."""
        found = self._box(box)
        _into_view(found)
        found.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(found, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(found, words)
        QTest.keyClick(found, Qt.Key.Key_Tab)
        self._settle()

    def write_place(self, box: str, typed: str, home: str) -> None:
        """Type part of an address and take the home from what comes back."""
        found = self._box(box)
        _into_view(found)
        found.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClicks(found, typed)
        assert self._soon(lambda: isinstance(QApplication.activePopupWidget(), QListView)), f"no home for {typed}"
        popup = cast(QListView, QApplication.activePopupWidget())
        rows = [row for row in range(popup.model().rowCount()) if _shown(popup, row).startswith(home)]
        assert rows, [_shown(popup, row) for row in range(popup.model().rowCount())]
        place = popup.visualRect(popup.model().index(rows[0], 0)).center()
        QTest.mouseClick(popup.viewport(), Qt.MouseButton.LeftButton, pos=place)
        self._settle()

    def choose(self, question: str, *answers: str) -> None:
        """Pick or tick answers of a question, or choose one from its list. An ending `*` stands for what follows."""
        found = self._control(QWidget, question, among=(QGroupBox, QComboBox))
        if isinstance(found, QComboBox):
            self._choose_from(found, answers[0])
            return
        for answer in answers:
            buttons = [one for one in found.findChildren(QAbstractButton) if _fits(one.text(), answer)]
            assert buttons, f"{question} has no answer “{answer}”: {_texts(found.findChildren(QAbstractButton))}"
            self._click(buttons[0])

    def answers(self, question: str) -> tuple[str, ...]:
        """What a question offers to choose from."""
        found = self._control(QWidget, question, among=(QGroupBox, QComboBox))
        if isinstance(found, QComboBox):
            return tuple(found.itemText(row) for row in range(found.count()))
        return tuple(one.text() for one in found.findChildren(QAbstractButton))

    def standing(self, box: str) -> str:
        """What stands in a box."""
        found = self._box(box)
        return found.text() if isinstance(found, QLineEdit) else found.toPlainText()

    def key(self, key: Qt.Key, *, control: bool = False) -> None:
        """Press one key, wherever the keyboard is."""
        modifier = Qt.KeyboardModifier.ControlModifier if control else Qt.KeyboardModifier.NoModifier
        self.window.activateWindow()
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        self._settle()

    def save(self) -> None:
        """Ctrl+S."""
        self.key(Qt.Key.Key_S, control=True)

    def add(self, *lines: str) -> None:
        """Add something to the file on show: the menu of `Add to file`, line by line."""
        self.press("Add to file")
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu), "the menu did not open"
        for line in lines:
            found = [one for one in menu.actions() if _fits(one.text().replace("&", ""), line)]
            if not found:
                offered = [one.text() for one in menu.actions()]
                menu.close()
                raise AssertionError(f"“{line}” is not offered: {offered}")
            if found[0].menu() is None:
                QTest.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(found[0]).center())
            else:
                menu.setActiveAction(found[0])
                QTest.keyClick(menu, Qt.Key.Key_Right)
                settle()
                menu = cast(QMenu, found[0].menu())
        self._settle()
        self.stands_on_one_of("step", "letters", "visits")

    def not_offered(self, *lines: str) -> bool:
        """Whether the menu of `Add to file` lacks a line."""
        menus = [one for one in self.window.findChildren(QMenu) if one.accessibleName() == "Add to file"]
        texts = [action.text() for menu in menus for action in _actions(menu)]
        return not any(_fits(text, line) for text in texts for line in lines)

    def stands_on_one_of(self, *screens: str) -> None:
        """One of these screens is on show."""
        assert self._soon(lambda: self.at in screens), f"on show is {self.at}"

    def answer(self, *said: tuple[str, str | tuple[str, ...]]) -> None:
        """Fill in the page: each question by its name, typed or chosen, then save it and be back where one was."""
        for question, answer in said:
            self.fill(question, answer)
        self.save()
        if not self._soon(lambda: self.at != "step"):
            raise AssertionError(f"it was not saved:\n{self.words()}")

    def is_refused(self, *why: str) -> None:
        """Ctrl+S saves nothing: the page stays and says why."""
        self.save()
        self.sees("There is a problem", *why)

    def fill(self, question: str, answer: str | tuple[str, ...]) -> None:
        """Answer one question, whatever kind of box it has."""
        self._soon(lambda: bool(self._find((QGroupBox, QComboBox, QLineEdit, QPlainTextEdit), question)))
        if isinstance(answer, tuple):
            self.choose(question, *answer)
        elif self._find((QGroupBox, QComboBox), question):
            self.choose(question, answer)
        else:
            self.write(question, answer)

    def tab(self, name: str) -> None:
        """Open a part of the file."""
        self.press(name)

    def row(self, table: str, words: str) -> None:
        """Open the line of a table that holds these words."""
        found = self._control(ListTable, table)
        assert self._soon(lambda: self._row_with(found, words) is not None), f"no line of {table} holds “{words}”"
        number = self._row_with(found, words)
        assert number is not None
        found.setCurrentIndex(found.model().index(number, 0))
        found.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(found, Qt.Key.Key_Return)
        self._settle()

    def open_case(self, reference: str) -> None:
        """By way of the list of cases. Whoever is asked whether they are connected with somebody in it says no."""
        self.open_cases()
        self.row("Cases", reference)
        self.stands_on_one_of("case", "declare")
        if self.at == "declare":
            self.choose("Are you related to, a neighbour of*", "No")
            self.press("Save and go on")
        self.stands_on("case")
        self.sees(reference)

    def open_cases(self) -> None:
        """Ctrl+2."""
        self.go(Qt.Key.Key_2)
        self.stands_on("cases")

    def search(self, words: str) -> None:
        """Look for words in the list of cases."""
        self.write("Search cases", words)
        self.key(Qt.Key.Key_Return)

    def no_question(self, question: str) -> None:
        """The page does not ask that."""
        assert not self._find((QGroupBox, QComboBox, QLineEdit, QPlainTextEdit), question), f"{question} is asked"

    def today(self) -> None:
        """Ctrl+1."""
        self.go(Qt.Key.Key_1)
        self.stands_on("today")

    def go(self, key: Qt.Key) -> None:
        """One of the pages of the navigation, by its key."""
        self.key(key, control=True)

    def exchange(self) -> None:
        """Sync now, and wait until it is over."""
        self.window.activateWindow()
        assert self.window.workbench is not None
        self.press_navigation("Sync")
        self.press("Sync now")
        self._settle()
        assert self._soon(lambda: any(words in self.words() for words in ("Nothing new, here or there.", "received")))

    def press_navigation(self, words: str) -> None:
        """A page of the navigation, by its name."""
        assert self.window.workbench is not None
        buttons = self.window.workbench.side.findChildren(QAbstractButton)
        found = [one for one in buttons if name_of(one).startswith(words) or one.text().startswith(words)]
        assert found, f"no {words} in the navigation: {[name_of(one) for one in buttons]}"
        self._click(found[0])

    def later(self, **how: float) -> None:
        """Time goes by on every laptop."""
        self.clock.forward(**how)

    # ------------------------------------------------------------------ pictures

    def picture(self, name: str) -> None:
        """The window in each look, if somebody asked for pictures; words that are cut are an error then."""
        folder = os.environ.get(PICTURES, "")
        self._pictures += 1
        if not folder:
            return
        Path(folder).mkdir(parents=True, exist_ok=True)
        wide, high = self.window.width(), self.window.height()
        cut: list[str] = []
        for look, theme, width, height, percent in LOOKS:
            self._wear(theme, percent, width, height)
            cut += [f"{look}: {fault}" for fault in cut_words(self.window)]
            file = Path(folder) / f"{self._story}-{self._pictures:02d}-{name}-{look}.png"
            assert self.window.grab().save(str(file))
        self._wear(ThemeName.LIGHT, 100, wide, high)
        assert not cut, cut

    def _wear(self, theme: ThemeName, percent: int, width: int, height: int) -> None:
        apply_look(replace(Look(), theme=theme, text_percent=percent))
        if self.window.workbench is not None:
            self.window.workbench.take_look()
        self.window.resize(width, height)
        settle(60)
        self.window.resize(width, height)
        settle(60)

    # ------------------------------------------------------------------ inside

    def _page(self) -> QWidget:
        bench = self.window.workbench
        page = bench.page(bench.current) if bench is not None else None
        return page if page is not None else self.window

    def _find(self, kinds: tuple[type[QWidget], ...], name: str) -> list[QWidget]:
        return [
            one
            for one in self._page().findChildren(QWidget)
            if isinstance(one, kinds) and one.isVisible() and _fits(_name(one), name)
        ]

    def _control(self, kind: type[_W], name: str, *, among: tuple[type[QWidget], ...] = ()) -> _W:
        kinds = among or (kind,)
        if not self._soon(lambda: any(one.isEnabled() for one in self._find(kinds, name))):
            there = _texts(self._find(kinds, "*"))
            raise AssertionError(f"there is no “{name}” on {self.at} to use. There is: {there}\n{self.words()}")
        return cast(_W, next(one for one in self._find(kinds, name) if one.isEnabled()))

    def _box(self, name: str) -> QLineEdit | QPlainTextEdit:
        return cast("QLineEdit | QPlainTextEdit", self._control(QWidget, name, among=(QLineEdit, QPlainTextEdit)))

    def _choose_from(self, box: QComboBox, answer: str) -> None:
        rows = [row for row in range(box.count()) if _fits(box.itemText(row), answer)]
        assert rows, f"there is no “{answer}” to choose: {[box.itemText(row) for row in range(box.count())]}"
        _into_view(box)
        box.setFocus(Qt.FocusReason.TabFocusReason)
        key = Qt.Key.Key_Down if rows[0] > box.currentIndex() else Qt.Key.Key_Up
        for _ in range(abs(rows[0] - box.currentIndex())):
            QTest.keyClick(box, key)
        self._settle()

    def _click(self, button: QWidget) -> None:
        _into_view(button)
        button.setFocus(Qt.FocusReason.MouseFocusReason)
        middle = QPoint(min(button.width() // 2, 40), button.height() // 2)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=middle)
        self._settle()

    def _row_with(self, table: ListTable, words: str) -> int | None:
        model = table.model()
        for row in range(model.rowCount()):
            line = " ".join(str(model.index(row, column).data() or "") for column in range(model.columnCount()))
            if words in line:
                return row
        return None

    def _settle(self) -> None:
        """Everything that was begun has ended and is on show."""
        settle()
        while self._runner.jobs:
            ends = monotonic() + LONG_S
            assert self._soon(lambda: not self._runner.jobs) and monotonic() < ends
            settle()

    def _soon(self, condition: Callable[[], bool]) -> bool:
        ends = monotonic() + LONG_S if self._runner.jobs else monotonic() + 2.0
        while not condition():
            if monotonic() > (ends if not self._runner.jobs else ends + LONG_S):
                return False
            QApplication.processEvents()
            sleep(0.005)
        return True


def _name(widget: QWidget) -> str:
    return widget.accessibleName() or name_of(widget)


def _shown(popup: QListView, row: int) -> str:
    return str(popup.model().index(row, 0).data() or "")


def _fits(text: str, wanted: str) -> bool:
    text = text.removesuffix(" (optional)")
    if wanted.startswith("*") and len(wanted) > 1:
        return text.endswith(wanted[1:])
    return text.startswith(wanted[:-1]) if wanted.endswith("*") else text == wanted


def _said(widget: QWidget) -> str:
    if isinstance(widget, (QLabel, QAbstractButton, QLineEdit)):
        return _MARKUP.sub("", widget.text())
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    if isinstance(widget, ListTable):
        model = widget.model()
        rows = range(model.rowCount())
        return "\n".join(
            " ".join(str(model.index(row, column).data() or "") for column in range(model.columnCount()))
            for row in rows
        )
    return ""


def _texts(widgets: list[_W]) -> list[str]:
    return [_name(one) for one in widgets]


def _actions(menu: QMenu) -> Iterator[_Named]:
    for action in menu.actions():
        inner = action.menu()
        if inner is None:
            yield action
        else:
            yield from _actions(cast(QMenu, inner))


def _into_view(widget: QWidget) -> None:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            parent.ensureWidgetVisible(widget)
        parent = parent.parentWidget()
