"""The widget kit on one page: named, reachable, visible, whole."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import ClassVar

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from desktop.app.navigation import Shape, SideBar
from desktop.app.screens import SCREENS
from desktop.theme import ThemeName
from desktop.widgets import (
    Button,
    Card,
    Chip,
    ErrorSummary,
    Field,
    Flow,
    Form,
    Page,
    Select,
    Text,
    TextArea,
    TextBox,
    Tick,
)
from desktop.widgets.base import column
from tests.support import gui_audits
from tests.support.gallery import form_page, parts_page, today_page

PAGES: dict[str, Callable[[], Page]] = {
    "today": today_page,
    "form": form_page,
    "wrong": lambda: form_page(wrong=True),
    "parts": parts_page,
}


@pytest.mark.parametrize("name", PAGES)
def test_every_part_is_named_reached_whole_and_large_enough(qtbot: QtBot, name: str) -> None:
    page = PAGES[name]()
    qtbot.addWidget(page)
    assert gui_audits.audit_everywhere(page) == []


@pytest.mark.parametrize("theme", [ThemeName.LIGHT, ThemeName.DARK, ThemeName.HIGH_CONTRAST])
@pytest.mark.parametrize("name", ["today", "form", "parts"])
def test_the_focus_can_be_seen(qtbot: QtBot, name: str, theme: ThemeName) -> None:
    page = PAGES[name]()
    qtbot.addWidget(page)
    gui_audits.show_at(page, 1366, 1200, theme=theme)
    assert gui_audits.hidden_focus(page) == []


class TestTheAuditsBite:
    """An audit that cannot fail is worth nothing."""

    def test_a_nameless_box(self, qtbot: QtBot) -> None:
        root = QWidget()
        qtbot.addWidget(root)
        TextArea(parent=root)
        gui_audits.show_at(root, 400, 300)
        assert gui_audits.without_names(root) != []

    def test_a_cut_label_and_button(self, qtbot: QtBot) -> None:
        root = QWidget()
        qtbot.addWidget(root)
        label, button = QLabel("Words that do not fit here", root), QPushButton("Nor do these words", root)
        label.setGeometry(0, 0, 30, 20)
        button.setGeometry(0, 40, 30, 40)
        gui_audits.show_at(root, 400, 300)
        assert len(gui_audits.cut_words(root)) == 2

    def test_a_small_target(self, qtbot: QtBot) -> None:
        root = QWidget()
        qtbot.addWidget(root)
        button = QPushButton("x", root)
        button.setGeometry(0, 0, 20, 20)
        gui_audits.show_at(root, 400, 300)
        assert gui_audits.small_targets(root) != []

    def test_a_focus_nobody_sees(self, qtbot: QtBot) -> None:
        root = QWidget()
        qtbot.addWidget(root)
        button = Button("Flat", parent=root)
        button.setStyleSheet("QPushButton, QPushButton:focus { border: none; background: white; }")
        button.setGeometry(0, 0, 120, 40)
        gui_audits.show_at(root, 400, 300)
        assert gui_audits.hidden_focus(root) != []

    def test_a_control_tab_skips(self, qtbot: QtBot) -> None:
        root = QWidget()
        qtbot.addWidget(root)
        trap, _after = TextArea(parent=root), Button("After", parent=root)
        trap.setAccessibleName("Trap")
        trap.setTabChangesFocus(False)
        gui_audits.show_at(root, 400, 300)
        assert gui_audits.unreached(root) != []


@pytest.mark.parametrize("name", PAGES)
def test_no_part_flashes_up_as_a_window_while_a_page_is_made(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    class Watch(QObject):
        windows: ClassVar[list[str]] = []

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
                self.windows.append(type(watched).__name__)
            return False

    watch = Watch()
    qapp.installEventFilter(watch)
    page = PAGES[name]()
    qtbot.addWidget(page)
    qapp.removeEventFilter(watch)
    assert watch.windows == []


def test_tab_leaves_the_text_area(qtbot: QtBot) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    area, button = TextArea(parent=root), Button("After", parent=root)
    gui_audits.show_at(root, 400, 300)
    area.setFocus()
    qtbot.keyClick(area, Qt.Key.Key_Tab)
    assert button.hasFocus()
    assert area.text() == ""


def test_a_chip_switched_on_by_the_page_makes_room_for_its_mark(qtbot: QtBot) -> None:
    chip = Chip("Not taken: 6")
    page = Page("Rows")
    qtbot.addWidget(page)
    page.add(Flow(chip))
    gui_audits.show_at(page, 800, 600)
    before = chip.width()
    chip.setChecked(True)
    gui_audits.settle()
    assert chip.width() > before
    assert chip.width() >= chip.sizeHint().width()


def test_tab_follows_the_page_whenever_its_parts_were_made(qtbot: QtBot) -> None:
    page = Page("Columns")
    qtbot.addWidget(page)
    first, last, late = TextBox(), Button("Check"), [Select([(1, "One")]) for _ in range(3)]
    middle = Card()
    for part in (first, middle, last):
        page.add(part)
    gui_audits.show_at(page, 800, 600)
    for select in late:
        middle.body.addWidget(select)
    gui_audits.settle()
    first.setFocus()
    reached = []
    for _ in range(4):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
    assert reached == [*late, last]
    qtbot.keyClick(last, Qt.Key.Key_Backtab)
    assert late[-1].hasFocus()


def test_whoever_comes_to_a_box_by_tab_sees_what_it_asks(qtbot: QtBot) -> None:
    page, above, box = Page("Long"), TextBox(), TextBox()
    qtbot.addWidget(page)
    asked = Field("What was agreed?", box, hint="In their words.")
    for part in (above, Card(TextArea(lines=30)), asked, Card(TextArea(lines=30))):
        page.add(part)
    gui_audits.show_at(page, 800, 300)
    above.setFocus()
    for _ in range(2):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert box.hasFocus()
    assert asked.visibleRegion().boundingRect().size() == asked.size()
    qtbot.keyClick(box, Qt.Key.Key_Tab)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert asked.visibleRegion().boundingRect().size() == asked.size()


def test_nothing_moves_when_the_scroll_bar_comes(qtbot: QtBot) -> None:
    page, card, more = Page("Long"), Card(Text("First")), Card(TextArea(lines=40))
    qtbot.addWidget(page)
    page.add(card)
    page.add(more)
    page.body.addStretch(1)
    more.hide()
    gui_audits.show_at(page, 800, 400)
    before = card.mapTo(page, card.rect().topRight())
    more.show()
    gui_audits.settle()
    assert card.mapTo(page, card.rect().topRight()) == before


def test_the_navigation_is_as_wide_on_every_page(qtbot: QtBot) -> None:
    bar = SideBar([screen for screen in SCREENS if screen.in_nav])
    qtbot.addWidget(bar)
    wide = set()
    for name in bar.buttons:
        bar.set_current(name)
        bar.set_shape(Shape.WORDS)
        wide.add(bar.width())
    assert len(wide) == 1


def test_what_saves_a_long_form_stays_in_reach_while_the_title_scrolls(qtbot: QtBot) -> None:
    page = Page("Add to file")
    qtbot.addWidget(page)
    save = Button("Save", "primary")
    page.actions.add(save)
    warning = Text("Before you contact them: text only, on weekdays, and never leave a voicemail or a card. " * 14)
    page.pinned.addWidget(warning)
    for number in range(20):
        page.add(Field(f"Question {number}", TextBox()))
    for wide, high in ((1366, 768), (760, 300), (1366, 768)):
        gui_audits.show_at(page, wide, high)
        gui_audits.settle()
        inside = page.rect().contains(save.rect().translated(save.mapTo(page, save.rect().topLeft())))
        assert inside and not save.visibleRegion().isEmpty(), (wide, high)
        below = save.mapTo(page, save.rect().topLeft()).y() > warning.mapTo(page, warning.rect().topLeft()).y()
        assert below is (high == 300), "at the foot only where the title scrolls"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the name itself is given out")
def test_what_a_list_to_choose_from_is_for_can_be_heard(qtbot: QtBot) -> None:
    alone, labelled = Select([(1, "Postcode")]), Select([(1, "One")])
    alone.setAccessibleName("What the column PCode holds")
    field = Field("Lock after", labelled, hint="Minutes.")
    for part in (alone, field):
        qtbot.addWidget(part)
    assert alone.accessibleDescription() == "What the column PCode holds"
    assert labelled.accessibleDescription() == "Minutes."


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_presses_a_button_as_the_space_bar_does(qtbot: QtBot, key: Qt.Key) -> None:
    button = Button("Save")
    qtbot.addWidget(button)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    qtbot.keyClick(button, key)
    assert len(pressed) == 1


def test_long_words_beside_a_box_wrap_and_the_whole_line_can_be_pressed(qtbot: QtBot) -> None:
    tick = Tick("A long sentence that has to go onto a second line when there is little room for it")
    qtbot.addWidget(tick)
    gui_audits.show_at(tick, 200, 200)
    assert tick.heightForWidth(200) > 2 * tick.fontMetrics().height()
    qtbot.mouseClick(tick, Qt.MouseButton.LeftButton, pos=tick.rect().bottomRight())
    assert tick.isChecked()


def test_what_is_wrong_is_in_view_where_the_button_stands_below_the_window(qtbot: QtBot) -> None:
    page, form = Page("A long page"), Form(ErrorSummary())
    page.add(form.summary)
    for number in range(12):
        page.add(form.add(f"box-{number}", Field(f"Box {number}", TextBox())))
    save = Button("Save")
    page.add(save)
    qtbot.addWidget(page)
    gui_audits.show_at(page, 700, 400)
    save.setFocus()
    area = page.findChild(QScrollArea)
    area.verticalScrollBar().setValue(area.verticalScrollBar().maximum())
    assert area.verticalScrollBar().value() > 0
    form.show_problems({"box-1": "Enter something."})
    qtbot.waitUntil(lambda: form.summary.mapTo(area.viewport(), QPoint()).y() >= 0)
    assert form.summary.hasFocus()


def test_a_strip_makes_room_when_something_in_it_grows_comes_goes_or_hides(qtbot: QtBot) -> None:
    first, second = Button("One"), Button("Two")
    strip = Flow(first, second)
    qtbot.addWidget(strip)
    strip.show()
    width = first.sizeHint().width() + second.sizeHint().width() + 40
    one_line = strip.heightForWidth(width)
    first.set_words("One, and so many words more that both have no room on a line")
    two_lines = strip.heightForWidth(width)
    assert two_lines > one_line
    third = Button("Three")
    strip.add(third)
    third.show()
    assert strip.heightForWidth(first.sizeHint().width()) > 0
    first.hide()
    third.hide()
    assert strip.heightForWidth(width) == one_line
    first.show()
    assert strip.heightForWidth(width) == two_lines
    strip.clear()
    assert strip.heightForWidth(width) == 0


class Measured(QLabel):
    """Counts how often its words are measured."""

    times = 0

    def heightForWidth(self, width: int) -> int:
        self.times += 1
        return super().heightForWidth(width)


def test_columns_in_columns_measure_words_once_at_each_width_until_they_change(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    inner: QWidget = page
    for _ in range(10):
        part = QWidget()
        column(inner).addWidget(part)
        inner = part
    words = Measured("what happened on the stairs " * 12)
    words.setWordWrap(True)
    column(inner).addWidget(words)
    page.show()
    outer = page.layout()
    assert outer is not None
    high = {width: outer.heightForWidth(width) for width in (300, 600)}
    assert high[300] > high[600] > 0
    words.times = 0
    assert [outer.heightForWidth(width) for width in (300, 600, 300, 600)] == [high[300], high[600]] * 2
    assert words.times == 0
    words.setText(words.text() * 2)
    qtbot.waitUntil(lambda: outer.heightForWidth(300) > high[300])  # told from column to column
