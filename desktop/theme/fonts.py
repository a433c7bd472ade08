"""The bundled typefaces, under family names of their own so that an installed copy never wins."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontDatabase

_PROPERTY = "workbook_letters"
"""Noted at the application: asking Qt for every family of the laptop takes longer than loading these."""
RESOURCES = Path(__file__).resolve().parents[2] / "resources"


class Letters(Enum):
    """The two typefaces of the window; the value is the family name."""

    STANDARD = "Workbook Sans"
    EASIER = "Workbook Legible"


_FILES: dict[Letters, tuple[str, ...]] = {
    Letters.STANDARD: (
        "inter/WorkbookSans-Regular.ttf",
        "inter/WorkbookSans-SemiBold.ttf",
        "inter/WorkbookSans-Bold.ttf",
    ),
    Letters.EASIER: ("atkinson/WorkbookLegible-Regular.ttf", "atkinson/WorkbookLegible-Bold.ttf"),
}


_SCRIPTS = ("Arabic", "Bengali", "Gujarati", "Gurmukhi")


def load_scripts() -> None:
    """Make the bundled typefaces of other scripts usable, for whoever writes a text in one. Repeating it costs nothing.

    Where the laptop has none for a script, Qt takes these; the Arabic one has every letter of Urdu.
    """
    app = QCoreApplication.instance()
    if app is None or app.property(f"{_PROPERTY}.scripts"):
        return
    for name in _SCRIPTS:
        QFontDatabase.addApplicationFont(str(RESOURCES / "fonts" / "scripts" / f"Casework{name}-Regular.ttf"))
    app.setProperty(f"{_PROPERTY}.scripts", True)


def load_letters(letters: Letters) -> str:
    """Make a bundled typeface usable and return its family name. Repeating it costs nothing.

    Raises:
        FileUnreadable: a font file is missing or damaged.
    """
    app = QCoreApplication.instance()
    if app is not None and app.property(f"{_PROPERTY}.{letters.name}"):
        return letters.value
    for name in _FILES[letters]:
        path = RESOURCES / "fonts" / name
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            from core.foundation.errors import FileUnreadable

            raise FileUnreadable(path=name, reason="it is missing or is not a typeface")
    if app is not None:
        app.setProperty(f"{_PROPERTY}.{letters.name}", True)
    return letters.value
