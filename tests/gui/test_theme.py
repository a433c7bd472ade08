"""Colours, text size, typefaces: computed, not trusted."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontInfo
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from desktop.theme import Letters, Look, ThemeName, Tone, apply_look, icon, look
from desktop.theme.fonts import load_letters
from desktop.theme.tokens import PAIRS, THEMES, contrast
from desktop.widgets import Button, Suggestion, Tag, TextBox, TypeAhead


@pytest.mark.parametrize("theme", THEMES)
def test_every_pair_has_enough_contrast(theme: ThemeName) -> None:
    colours = THEMES[theme].colours()
    low = [
        f"{front} on {back}: {contrast(colours[front], colours[back]):.2f} of {least}"
        for front, back, least in PAIRS
        if contrast(colours[front], colours[back]) < least
    ]
    assert low == []


def test_every_colour_that_words_are_drawn_in_is_in_a_pair() -> None:
    drawn = {name for pair in PAIRS for name in pair[:2]}
    assert set(THEMES[ThemeName.LIGHT].colours()) - drawn == {"border"}


@pytest.mark.parametrize("theme", list(THEMES))
def test_an_example_in_an_empty_box_does_not_look_like_something_written(theme: ThemeName) -> None:
    tokens = THEMES[theme]
    assert contrast(tokens.text, tokens.surface) >= 1.8 * contrast(tokens.placeholder, tokens.surface)


def test_contrast_is_the_published_measure() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_the_bundled_typefaces_have_real_weights(qapp: QApplication) -> None:
    for weight in (QFont.Weight.Normal, QFont.Weight.DemiBold, QFont.Weight.Bold):
        font = QFont(load_letters(Letters.STANDARD))
        font.setWeight(weight)
        assert QFontInfo(font).family() == "Workbook Sans"
        assert QFontInfo(font).weight() == weight


def test_the_theme_changes_while_windows_are_open(qtbot: object, qapp: QApplication) -> None:
    button, tag = Button("Save", icon_name="save"), Tag("Late by 2 h", Tone.LATE)
    before = button.icon().pixmap(18).toImage(), tag.grab().toImage()
    apply_look(Look(theme=ThemeName.DARK))
    assert look().shown is ThemeName.DARK
    assert button.icon().pixmap(18).toImage() != before[0]
    assert tag.grab().toImage() != before[1]


@pytest.fixture
def undressed(qapp: QApplication) -> None:
    """As when the program starts: nothing wears a style sheet yet."""
    qapp.setStyleSheet("")


@pytest.mark.usefixtures("undressed")
def test_a_window_that_wears_the_look_dresses_what_is_put_into_it(qtbot: QtBot, qapp: QApplication) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    apply_look(Look(theme=ThemeName.DARK), window)
    box = TextBox("Street")
    window.setCentralWidget(box)
    window.show()
    assert box.grab().toImage().pixelColor(box.rect().center()).name() == look().tokens.surface.lower()
    apply_look(Look(theme=ThemeName.HIGH_CONTRAST))
    assert box.grab().toImage().pixelColor(box.rect().center()).name() == look().tokens.surface.lower()
    assert not qapp.styleSheet()


@pytest.mark.usefixtures("undressed")
@pytest.mark.qt_log_ignore("plugin does not support")
def test_suggestions_pop_up_in_the_look_of_the_window(qtbot: QtBot, qapp: QApplication) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    apply_look(Look(theme=ThemeName.DARK), window)
    box = TypeAhead("Street")
    window.setCentralWidget(box)
    window.show()
    window.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    qtbot.keyClicks(box, "mil")
    qtbot.keyClick(box, Qt.Key.Key_Down)
    box.show_suggestions(1, (Suggestion(1, "Mill Lane"),))
    popup = box._popup
    qtbot.waitUntil(popup.isVisible)
    picture = popup.grab().toImage()
    assert picture.pixelColor(picture.width() // 2, picture.height() - 12).name() == look().tokens.surface.lower()
    popup.hide()


def test_text_grows_to_twice_its_size_and_no_further(qapp: QApplication) -> None:
    usual = apply_look(Look(theme=ThemeName.LIGHT))
    small = qapp.font().pointSizeF()
    assert apply_look(usual.larger(500)).text_percent == 200
    assert qapp.font().pointSizeF() == pytest.approx(2 * small)
    assert apply_look(usual.larger(-50)).text_percent == 100


def test_easier_letters_are_another_typeface(qapp: QApplication) -> None:
    apply_look(Look(theme=ThemeName.LIGHT, letters=Letters.EASIER))
    assert QFontInfo(qapp.font()).family() == "Workbook Legible"


def test_an_icon_has_the_colour_asked_for(qapp: QApplication) -> None:
    image = icon("check", "#175676", 32).pixmap(32).toImage()
    shown = {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }
    assert shown == {"#175676"}
