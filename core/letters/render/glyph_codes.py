"""Words to the operators that draw them, a whole run of text at a time.

The library codes letter by letter and measures each run again; for thousands of letters that was a third of all
drawing. Here each character is coded once for a document, by the library itself, and then looked up.
"""

from __future__ import annotations

from typing import Any

from reportlab.pdfbase import pdfmetrics

from core.letters.render.fonts import BOLD, REGULAR
from core.letters.render.lines import TextBlock

_ELSEWHERE = "\x00"
"""Stands for a character outside the first subset; what is escaped never holds it."""


class _First(dict[int, str]):
    """Character -> its escaped code in the first subset of one typeface, filled as characters come."""

    def __init__(self, canvas: Any, font: Any) -> None:
        super().__init__()
        self._canvas, self._font = canvas, font

    def __missing__(self, code: int) -> str:
        ((subset, coded),) = self._font.splitString(chr(code), self._canvas._doc)  # noqa: SLF001  # reportlab's own
        said: str = self._canvas._escape(coded) if subset == 0 else _ELSEWHERE  # noqa: SLF001  # as above
        self[code] = said
        return said


class GlyphCodes:
    """Codes text for one document of reportlab."""

    def __init__(self, canvas: Any) -> None:
        self._canvas = canvas
        self._fonts = {bold: pdfmetrics.getFont(BOLD if bold else REGULAR) for bold in (False, True)}
        self._first = {bold: _First(canvas, font) for bold, font in self._fonts.items()}
        self._names: dict[tuple[bool, int], str] = {}

    def block(self, block: TextBlock, x_pt: float, baseline_pt: float) -> str:
        """Operators that draw `block` with its first baseline at this point, from the bottom left of the page."""
        down = f"0 {-block.leading_pt:.2f} Td"
        code = [f"1 0 0 1 {x_pt:.2f} {baseline_pt:.2f} Tm"]
        now = ""
        for number, line in enumerate(block.lines):
            if number:
                code.append(down)
            for run in line:
                for name, text in self._pieces(run.text, run.bold):
                    if name != now:
                        now = name
                        code.append(f"{name} {block.size_pt:g} Tf")
                    code.append(f"({text}) Tj")
        drawn = " ".join(code)
        if not any(block.colour):
            return f"BT {drawn} ET"
        red, green, blue = block.colour
        return f"q BT {red:g} {green:g} {blue:g} rg {drawn} ET Q"

    def _pieces(self, text: str, bold: bool) -> list[tuple[str, str]]:  # the weight of a run
        """Pieces of `text` with the name of the subset each is in."""
        said = text.translate(self._first[bold])
        if _ELSEWHERE not in said:
            return [(self._name(bold, 0), said)] if said else []
        found = self._fonts[bold].splitString(text, self._canvas._doc)  # noqa: SLF001  # reportlab's own
        escape = self._canvas._escape  # noqa: SLF001  # as above
        return [(self._name(bold, subset), escape(coded)) for subset, coded in found]

    def _name(self, bold: bool, subset: int) -> str:  # as above
        known = self._names.get((bold, subset))
        if known is None:
            known = self._fonts[bold].getSubsetInternalName(subset, self._canvas._doc)  # noqa: SLF001  # as above
            self._names[bold, subset] = known
        return known
