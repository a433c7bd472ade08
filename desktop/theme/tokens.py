"""Every colour of the window, once. Pure data: contrast is computed by a test, without Qt.

A name says what a colour is for, never what it looks like, so a theme may answer differently.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import Enum


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """The colours of one theme, as `#RRGGBB`."""

    canvas: str
    """Behind everything."""
    surface: str
    """Cards, boxes to type in."""
    sunken: str
    """Table headings, tracks, pressed things."""
    text: str
    muted: str
    placeholder: str
    """The example in a box in which nothing is written: never as bright as what somebody wrote."""
    border: str
    """Decoration only; never the one sign that something can be used."""
    control: str
    """The outline of anything that can be used."""
    disabled: str
    selection: str
    """Behind selected text and rows."""

    primary: str
    on_primary: str
    primary_hover: str
    primary_soft: str
    focus: str
    primary_focus: str
    """The focus ring inside a primary button."""

    nav: str
    on_nav: str
    nav_selected: str
    nav_focus: str

    late: str
    late_back: str
    soon: str
    soon_back: str
    ok: str
    ok_back: str
    confidential: str
    confidential_back: str
    info: str
    info_back: str
    error: str
    error_back: str

    def colours(self) -> dict[str, str]:
        """Name -> `#RRGGBB`."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


class Tone(Enum):
    """What a banner, tag or chip is about. The value is the token it is drawn with."""

    NEUTRAL = "neutral"
    INFO = "info"
    OK = "ok"
    SOON = "soon"
    LATE = "late"
    CONFIDENTIAL = "confidential"
    ERROR = "error"


class ThemeName(Enum):
    """What a person can choose. `SYSTEM` follows the laptop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high-contrast"


LIGHT = Tokens(
    canvas="#F3F5F7",
    surface="#FFFFFF",
    sunken="#E9EDF1",
    text="#16202A",
    muted="#4B5866",
    placeholder="#4B5866",
    border="#D3DAE1",
    control="#6B7885",
    disabled="#6F7A85",
    selection="#CFE4EF",
    primary="#175676",
    on_primary="#FFFFFF",
    primary_hover="#0F455F",
    primary_soft="#E3EFF5",
    focus="#0B3A53",
    primary_focus="#FFD24A",
    nav="#12303F",
    on_nav="#E6EEF2",
    nav_selected="#24506A",
    nav_focus="#FFD24A",
    late="#8A3B12",
    late_back="#FDEFE4",
    soon="#6B4E00",
    soon_back="#FFF4D1",
    ok="#1B5E3F",
    ok_back="#E4F3EA",
    confidential="#54308A",
    confidential_back="#F0EAFA",
    info="#1C4F8A",
    info_back="#E6EFFA",
    error="#9B1C3A",
    error_back="#FBE9EE",
)

DARK = Tokens(
    canvas="#13181D",
    surface="#1C232A",
    sunken="#161C22",
    text="#E9EEF2",
    muted="#B4C0CA",
    placeholder="#9DABB7",
    border="#36424D",
    control="#8A98A5",
    disabled="#86929D",
    selection="#28475A",
    primary="#7FC4E6",
    on_primary="#06222F",
    primary_hover="#A3D6F0",
    primary_soft="#1F3644",
    focus="#FFD24A",
    primary_focus="#0B3A53",
    nav="#0D1419",
    on_nav="#DCE6EC",
    nav_selected="#24455A",
    nav_focus="#FFD24A",
    late="#F5B48E",
    late_back="#3B2417",
    soon="#F0D07A",
    soon_back="#372C0E",
    ok="#8FD9B1",
    ok_back="#15301F",
    confidential="#CDB5F5",
    confidential_back="#2B2140",
    info="#A5CBF7",
    info_back="#172C45",
    error="#F7A6BA",
    error_back="#3D1722",
)

HIGH_CONTRAST = Tokens(
    canvas="#000000",
    surface="#000000",
    sunken="#000000",
    text="#FFFFFF",
    muted="#FFFFFF",
    placeholder="#B8B8B8",
    border="#FFFFFF",
    control="#FFFFFF",
    disabled="#C9C9C9",
    selection="#1A4A66",
    primary="#FFE14D",
    on_primary="#000000",
    primary_hover="#FFF0A0",
    primary_soft="#262626",
    focus="#00E5FF",
    primary_focus="#003C8F",
    nav="#000000",
    on_nav="#FFFFFF",
    nav_selected="#333333",
    nav_focus="#00E5FF",
    late="#FFC48A",
    late_back="#000000",
    soon="#FFE14D",
    soon_back="#000000",
    ok="#9CFFC4",
    ok_back="#000000",
    confidential="#DCC6FF",
    confidential_back="#000000",
    info="#B5DAFF",
    info_back="#000000",
    error="#FFB3C4",
    error_back="#000000",
)

THEMES: dict[ThemeName, Tokens] = {
    ThemeName.LIGHT: LIGHT,
    ThemeName.DARK: DARK,
    ThemeName.HIGH_CONTRAST: HIGH_CONTRAST,
}

TEXT_ON_TEXT = 4.5
"""WCAG 2.2 AA, 1.4.3."""
LONG_TEXT = 7.0
"""WCAG 2.2 AAA, 1.4.6: what officers read all day."""
NOT_TEXT = 3.0
"""WCAG 2.2 AA, 1.4.11 and 2.4.13: outlines, rings, icons."""

PAIRS: tuple[tuple[str, str, float], ...] = (
    ("text", "canvas", LONG_TEXT),
    ("text", "surface", LONG_TEXT),
    ("text", "sunken", LONG_TEXT),
    ("text", "selection", TEXT_ON_TEXT),
    ("text", "primary_soft", TEXT_ON_TEXT),
    ("placeholder", "surface", TEXT_ON_TEXT),
    ("placeholder", "error_back", TEXT_ON_TEXT),
    ("muted", "canvas", TEXT_ON_TEXT),
    ("muted", "surface", TEXT_ON_TEXT),
    ("muted", "sunken", TEXT_ON_TEXT),
    ("on_primary", "primary", TEXT_ON_TEXT),
    ("on_primary", "primary_hover", TEXT_ON_TEXT),
    ("primary", "surface", TEXT_ON_TEXT),
    ("primary", "canvas", TEXT_ON_TEXT),
    ("primary", "primary_soft", TEXT_ON_TEXT),
    ("on_nav", "nav", LONG_TEXT),
    ("on_nav", "nav_selected", TEXT_ON_TEXT),
    ("disabled", "surface", NOT_TEXT),
    ("disabled", "canvas", NOT_TEXT),
    ("disabled", "sunken", NOT_TEXT),
    ("control", "surface", NOT_TEXT),
    ("control", "canvas", NOT_TEXT),
    ("focus", "surface", NOT_TEXT),
    ("focus", "canvas", NOT_TEXT),
    ("focus", "selection", NOT_TEXT),
    ("nav_focus", "nav", NOT_TEXT),
    ("nav_focus", "nav_selected", NOT_TEXT),
    ("primary_focus", "primary", NOT_TEXT),
    *(
        (front, back, TEXT_ON_TEXT)
        for tone in ("late", "soon", "ok", "confidential", "info", "error")
        for front, back in ((tone, f"{tone}_back"), (tone, "surface"), (tone, "canvas"), ("text", f"{tone}_back"))
    ),
    *(("focus", f"{tone}_back", NOT_TEXT) for tone in ("late", "soon", "ok", "confidential", "info", "error")),
)
"""(foreground, background, least ratio): every pair the window draws."""


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB` (WCAG 2.2 definition), 0 to 1."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
