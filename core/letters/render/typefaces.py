"""The typefaces of scripts that need a shaping engine: bundled ones, and the Chinese one where somebody brought it."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from reportlab.pdfbase.ttfonts import TTFontFile

from core.foundation.errors import GlyphsMissing
from core.letters.languages import primary
from core.letters.render.font_pack import FAMILY, pack_files
from core.letters.render.fonts import drawable, fonts_folder, tidy

LATIN = "Noto Sans"
"""As it is called in its own file; the engine sees no typeface but those of `files_here`."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """`up` and `down` are the parts of the size its lines need, `open` widens the space between lines."""

    family: str
    stem: str
    languages: tuple[str, ...]
    up: float = 1.05
    down: float = 0.4
    open: float = 1.15


_ALL = (
    Typeface("Casework Arabic", "CaseworkArabic", ("ar", "fa", "ps", "sd", "ckb"), open=1.2),
    Typeface("Casework Urdu", "CaseworkUrdu", ("ur",), up=1.4, down=0.8, open=1.55),
    Typeface("Casework Bengali", "CaseworkBengali", ("bn", "as")),
    Typeface("Casework Gujarati", "CaseworkGujarati", ("gu",)),
    Typeface("Casework Gurmukhi", "CaseworkGurmukhi", ("pa",)),
)
_PLAIN = Typeface(LATIN, "NotoSans", (), up=0.95, down=0.26, open=1.0)
_CHINESE = Typeface(FAMILY, "", ("zh",), up=1.0, down=0.3)
_TALL = frozenset({"Casework Urdu"})
"""Too tall for the lines of an address; the Arabic typeface has every letter of Urdu."""


def typefaces() -> tuple[Typeface, ...]:
    """Every typeface of this machine for scripts, in the order in which a missing character is looked for."""
    return (*_ALL, _CHINESE) if pack_files() else _ALL


def typeface_of(language: str) -> Typeface:
    """The typeface letters in `language` are set in."""
    wanted = primary(language)
    return next((one for one in typefaces() if wanted in one.languages), _PLAIN)


def has_typeface(language: str) -> bool:
    """Whether this machine can print letters in a language; of one we know nothing of, its characters will tell."""
    return primary(language) not in _CHINESE.languages or any(primary(language) in one.languages for one in typefaces())


def families_for(language: str) -> list[str]:
    """The families a letter is set in, in the order they are asked: Latin first, so that numbers look as elsewhere."""
    own = typeface_of(language).family
    others = [one.family for one in typefaces() if one.family != own and one.family not in _TALL]
    return list(dict.fromkeys((LATIN, own, *others)))


def address_families() -> list[str]:
    """The families the lines of an address are set in."""
    return [LATIN, *(one.family for one in typefaces() if one.family not in _TALL)]


def folders_here() -> tuple[Path, ...]:
    """The folders the engine reads typefaces from."""
    return (fonts_folder(), pack_files()[0].parent) if pack_files() else (fonts_folder(),)


@functools.cache
def _covered(pack: tuple[Path, ...]) -> frozenset[str]:
    """What the typefaces for scripts can draw, in both weights."""
    found: set[str] = set()
    pairs = [[fonts_folder() / "scripts" / f"{face.stem}-{one}.ttf" for one in ("Regular", "Bold")] for face in _ALL]
    for pair in [*pairs, list(pack)]:
        found |= frozenset.intersection(*(_characters(path) for path in pair)) if pair else frozenset()
    return frozenset(found) | {chr(code) for code in (0x200C, 0x200D)}


def _characters(path: Path) -> frozenset[str]:
    return frozenset(chr(code) for code in TTFontFile(str(path)).charToGlyph)


@functools.cache
def _latin() -> frozenset[str]:
    """What the typeface of all letters can draw once there is a shaping engine: Devanagari with the rest."""
    return drawable() | _characters(fonts_folder() / "NotoSans-Regular.ttf")


def needs_shaping(texts: Iterable[str]) -> bool:
    """Whether any of `texts` holds what the quick engine cannot draw."""
    return any(not text.isascii() and not drawable().issuperset(tidy(text)) for text in texts)


def check_shapeable(texts: Iterable[str]) -> None:
    """Raises:
    GlyphsMissing: names every character of `texts` that no typeface of this machine can draw.
    """
    known = _covered(pack_files()) | _latin()
    said = {c for text in texts for c in tidy(text)}
    missing = (said - known) | {c for c in said if c != "\n" and unicodedata.category(c) == "Cc"}
    if missing:
        seen = {c for c in missing if unicodedata.category(c)[0] not in "CM"} or missing
        raise GlyphsMissing(characters=", ".join(f"{c} (U+{ord(c):04X})" for c in sorted(seen)))
