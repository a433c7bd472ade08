"""The typeface of every page: bundled, loaded under names of its own, and asked before a single glyph is drawn."""

from __future__ import annotations

import copy
import functools
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import SUBSETN, TTFont

from core.foundation.errors import GlyphsMissing

REGULAR = "CaseworkLetters-Regular"
BOLD = "CaseworkLetters-Bold"
"""Names nobody else uses, so that no font of the same family on the machine can stand in for ours."""

NO_BREAK_SPACE = "\u00a0"
_WIDTHS_KEPT = 4096
"""Letters to an area measure the same few words again and again."""

_FILES = {REGULAR: "NotoSans-Regular.ttf", BOLD: "NotoSans-Bold.ttf"}
_UNSEEN = dict.fromkeys(
    (0x00AD, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A), 0xFEFF), None
)
"""Characters that say how to break or order text and have no shape of their own: left out, not missing."""
_NEED_SHAPING = (*range(0x0900, 0x0980), *range(0x1CD0, 0x1D00), 0x200C, 0x200D, *range(0xA830, 0xA840),
                 *range(0xA8E0, 0xA900))  # fmt: skip
"""In the typeface, yet wrong without a shaping engine (Devanagari and its joiners): refused rather than garbled."""


class _LettersFont(TTFont):  # type: ignore[misc]  # reportlab publishes no types
    def addObjects(self, doc: Any) -> None:  # noqa: N802  # reportlab's name
        """As the parent, on a copy: making the subset moves a read position that two documents must not share."""
        alone = copy.copy(self)
        alone.face = copy.copy(self.face)
        subsets = len(self.state[doc].subsets)
        TTFont.addObjects(alone, doc)
        for number in range(subsets):
            base_font = b"".join((SUBSETN(number), b"+", self.face.name, self.face.subfontNameX)).decode("ascii")
            cmap = doc.idToObject["toUnicodeCMap:" + base_font]
            # Codes nobody uses are mapped to U+0000, which PDF/UA forbids (ISO 14289-1 7.21.7).
            cmap.content = cmap.content.replace("<0000>", "<0020>")


@functools.cache
def drawable() -> frozenset[str]:
    """Load both weights once and tell which characters they can draw."""
    drawn: frozenset[str] | None = None
    for name, file_name in _FILES.items():
        font = _LettersFont(name, str(fonts_folder() / file_name))
        if name not in pdfmetrics.getRegisteredFontNames():
            # Another thread may have been first; its documents must go on with the font they began with.
            pdfmetrics.registerFont(font)
        here = frozenset(chr(code) for code in font.face.charToGlyph if code not in _NEED_SHAPING)
        drawn = here if drawn is None else drawn & here
    return (drawn or frozenset()) | {" ", "\n", NO_BREAK_SPACE}


def tidy(text: str) -> str:
    """`text` as it is drawn: composed letters, one kind of space, `\\n` and no-break spaces kept."""
    if text.isascii() and text.isprintable():
        return text
    composed = unicodedata.normalize("NFC", text).translate(_UNSEEN)
    return "".join(" " if c.isspace() and c not in "\n\u00a0" else c for c in composed)


def check_drawable(texts: Iterable[str]) -> None:
    """Raises:
    GlyphsMissing: names every character of `texts` that the typeface cannot draw rightly.
    """
    known = drawable()
    missing = {c for text in texts if not known.issuperset(text) for c in set(tidy(text)) - known}
    if missing:
        seen = {c for c in missing if unicodedata.category(c)[0] not in "CM"} or missing
        raise GlyphsMissing(characters=", ".join(f"{c} (U+{ord(c):04X})" for c in sorted(seen)))


def width_pt(text: str, *, bold: bool, size_pt: float) -> float:
    """How wide `text` (tidy, one line) stands, in points."""
    return _width_per_point(text, bold) * size_pt


@functools.lru_cache(maxsize=_WIDTHS_KEPT)
def _width_per_point(text: str, bold: bool) -> float:  # the key of what is kept
    width: float = pdfmetrics.stringWidth(text, BOLD if bold else REGULAR, 1)
    return width


def fonts_folder() -> Path:
    """Where the typefaces lie that come with the program."""
    return Path(__file__).resolve().parents[3] / "resources" / "fonts"
