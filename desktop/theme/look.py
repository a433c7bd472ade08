"""How the window looks now: colours, text size, typeface. Applied to the application in one call.

The current look travels with the QApplication, as its palette and font do, so a widget can ask for
it while it paints and no widget needs it handed down. `look()` never fails: before `apply_look`,
and in a test of one bare widget, it is the light theme at 100 %.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from weakref import WeakSet

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from desktop.theme.fonts import Letters, load_letters
from desktop.theme.scale import BODY_PT, Scale, clamped_percent
from desktop.theme.stylesheet import stylesheet
from desktop.theme.tokens import THEMES, ThemeName, Tokens, Tone

_PROPERTY = "workbook_look"
_STYLE_PROPERTY = "workbook_style"
_SHEET_PROPERTY = "workbook_sheet"

_wearers: WeakSet[QWidget] = WeakSet()
"""The windows that wear the style sheet themselves."""

STYLE = "Fusion"
"""Give an application `-style` with this, then `style_is_set(app)`, and `apply_look` need not load it again."""


@dataclass(frozen=True, slots=True)
class Look:
    """A person's choices. `theme` may be SYSTEM; `shown` is what that means right now."""

    theme: ThemeName = ThemeName.SYSTEM
    text_percent: int = 100
    letters: Letters = Letters.STANDARD
    shown: ThemeName = ThemeName.LIGHT

    @property
    def tokens(self) -> Tokens:
        return THEMES[self.shown]

    @property
    def scale(self) -> Scale:
        return Scale(self.text_percent)

    def larger(self, step_percent: int) -> Look:
        """The same look with larger (or, below zero, smaller) text."""
        return replace(self, text_percent=clamped_percent(self.text_percent + step_percent))

    def front(self, tone: Tone) -> str:
        """The text and outline colour of a tone."""
        return self.tokens.muted if tone is Tone.NEUTRAL else str(getattr(self.tokens, tone.value))

    def back(self, tone: Tone) -> str:
        """The background colour of a tone."""
        return self.tokens.sunken if tone is Tone.NEUTRAL else str(getattr(self.tokens, f"{tone.value}_back"))


def look() -> Look:
    """The look of the application now."""
    app = QApplication.instance()
    name = app.property(_PROPERTY) if app is not None else None
    if not isinstance(name, str):
        return Look(shown=ThemeName.LIGHT)
    return _read(name)


@lru_cache(maxsize=8)
def _read(name: str) -> Look:
    """What `apply_look` wrote down. Asked many times for every page, so each look is read once."""
    theme, percent, letters, shown = name.split("|")
    return Look(ThemeName(theme), int(percent), Letters(letters), ThemeName(shown))


def apply_look(wanted: Look, window: QWidget | None = None) -> Look:
    """Dress the whole application; open windows change at once. Returns the look as shown.

    `window` wears the style sheet itself from now on. What is put together before it has its place in a window is then
    dressed once, when it gets there; under a sheet of the application Qt dresses all of it again at every step on the
    way, which is half of what a page costs. Without such a window the application wears the sheet, and goes on to: to
    take it off again while a window stands can end the process.
    """
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    shown = system_theme() if wanted.theme is ThemeName.SYSTEM else wanted.theme
    result = replace(wanted, shown=shown, text_percent=clamped_percent(wanted.text_percent))
    family = load_letters(result.letters)
    font = QFont(family)
    font.setPointSizeF(result.scale.points(BODY_PT))
    name = f"{result.theme.value}|{result.text_percent}|{result.letters.value}|{shown.value}"
    sheet = stylesheet(result.tokens, result.scale, family)
    if window is not None and not app.styleSheet():
        _wearers.add(window)
    wearers = [one for one in _wearers if isValid(one)]
    dressed: list[QApplication | QWidget] = [*wearers] if wearers and not app.styleSheet() else [app]
    worn = all(one.styleSheet() == sheet for one in dressed)
    if worn and (app.property(_PROPERTY), app.property(_STYLE_PROPERTY)) == (name, STYLE):
        return result  # dressing every open page anew takes long, and it wears this already
    app.setProperty(_PROPERTY, name)
    if app.property(_STYLE_PROPERTY) != STYLE:  # once; later the style sheet stands in front of it
        from PySide6.QtWidgets import QStyleFactory

        app.setStyle(QStyleFactory.create(STYLE))
        style_is_set(app)
    app.setFont(font)
    app.setPalette(palette(result.tokens))
    app.setProperty(_SHEET_PROPERTY, sheet)
    for one in dressed:
        one.setStyleSheet(sheet)
    return result


def dress_alone(widget: QWidget) -> None:
    """Before a list pops up that stands in no window, as Qt has the lists of suggestions: give it the same look."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    sheet = "" if app.styleSheet() else str(app.property(_SHEET_PROPERTY) or "")
    if widget.styleSheet() != sheet:
        widget.setStyleSheet(sheet)


def style_is_set(app: QApplication) -> None:
    """Take note that the application draws with `STYLE`."""
    app.setProperty(_STYLE_PROPERTY, STYLE)


def system_theme() -> ThemeName:
    """What the laptop asks for; light when it does not say."""
    hints = QGuiApplication.styleHints()
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return ThemeName.HIGH_CONTRAST
    return ThemeName.DARK if hints.colorScheme() == Qt.ColorScheme.Dark else ThemeName.LIGHT


def palette(tokens: Tokens) -> QPalette:
    """The Qt palette of a theme, for whatever the style sheet does not draw."""
    role, result = QPalette.ColorRole, QPalette()
    for part, colour in (
        (role.Window, tokens.canvas),
        (role.WindowText, tokens.text),
        (role.Base, tokens.surface),
        (role.AlternateBase, tokens.sunken),
        (role.Text, tokens.text),
        (role.PlaceholderText, tokens.placeholder),
        (role.Button, tokens.surface),
        (role.ButtonText, tokens.text),
        (role.BrightText, tokens.on_primary),
        (role.Highlight, tokens.selection),
        (role.HighlightedText, tokens.text),
        (role.ToolTipBase, tokens.text),
        (role.ToolTipText, tokens.canvas),
        (role.Link, tokens.primary),
        (role.LinkVisited, tokens.primary),
        (role.Light, tokens.surface),
        (role.Midlight, tokens.sunken),
        (role.Mid, tokens.border),
        (role.Dark, tokens.control),
        (role.Shadow, tokens.control),
        (role.Accent, tokens.primary),
    ):
        result.setColor(part, QColor(colour))
    for part in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        result.setColor(QPalette.ColorGroup.Disabled, part, QColor(tokens.disabled))
    return result
