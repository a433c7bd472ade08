"""A letter as Braille pages: a BRF for embossers and displays, a PEF for exchange.

Contracted by liblouis where it is on this machine, otherwise uncontracted by our own table (`core/letters/braille.py`).
Machine Braille is a draft until somebody who reads it has gone over it.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import functools
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType
from xml.sax.saxutils import escape

from core.foundation.errors import FormIncomplete
from core.letters.braille import to_ascii, uncontracted
from core.letters.model import Blanks, Boxes, Bullets, Drawing, Heading, Layout, Letter, Paragraph

CELLS, LINES = 40, 25
FEWEST_CELLS, MOST_CELLS_ON_A_LINE = 20, 48
FEWEST_LINES, MOST_LINES_ON_A_PAGE = 10, 40
_BLANK = "\u2800"
_TABLES = MappingProxyType({"en": "unicode.dis,en-ueb-g2.ctb", "cy": "unicode.dis,cy-cy-g2.ctb"})
_MOST_CELLS = 8

Transcribe = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class BrailleSheet:
    """The page of an embosser or a display, and how its reader reads: contracted (by liblouis) or letter by letter.

    Raises:
        FormIncomplete: no reader has a page like this.
    """

    cells: int = CELLS
    lines: int = LINES
    contracted: bool = True

    def __post_init__(self) -> None:
        problems = {}
        if not FEWEST_CELLS <= self.cells <= MOST_CELLS_ON_A_LINE:
            problems["braille_cells"] = f"A line has {FEWEST_CELLS} to {MOST_CELLS_ON_A_LINE} cells."
        if not FEWEST_LINES <= self.lines <= MOST_LINES_ON_A_PAGE:
            problems["braille_lines"] = f"A page has {FEWEST_LINES} to {MOST_LINES_ON_A_PAGE} lines."
        if problems:
            raise FormIncomplete(problems=problems)


USUAL = BrailleSheet()


@dataclass(frozen=True, slots=True)
class _Line:
    """One piece of text: cells before its first line, cells before the others, and whether a blank line goes before."""

    text: str
    first: int = 0
    other: int = 0
    apart: bool = False


def has_liblouis() -> bool:
    """Whether contracted Braille can be made on this machine."""
    return _louis() is not None


def braille_files(letter: Letter, sheet: BrailleSheet = USUAL) -> tuple[tuple[str, bytes], ...]:
    """The BRF and the PEF of a letter.

    Raises:
        GlyphsMissing: there is no Braille for a character; `characters` names them.
    """
    transcribe = transcriber_for(letter.language) if sheet.contracted else uncontracted
    pages = pages_of(letter, transcribe, sheet)
    return ((".brf", _brf(pages)), (".pef", _pef(pages, letter, sheet)))


def transcriber_for(language: str) -> Transcribe:
    """Contracted by liblouis where it has the language, otherwise our own table."""
    table = _TABLES.get(language.partition("-")[0].lower())
    louis = _louis()
    if louis is None or table is None:
        return uncontracted
    return functools.partial(_contracted, louis, table)


def pages_of(letter: Letter, transcribe: Transcribe, sheet: BrailleSheet = USUAL) -> tuple[tuple[str, ...], ...]:
    """The letter as pages of lines of cells; the last line of each page is its number."""
    lines: list[str] = []
    for piece in _pieces(letter):
        if piece.apart and lines:
            lines.append("")
        lines += _wrapped(transcribe(piece.text), piece, sheet.cells)
    room = sheet.lines - 1
    parts = [lines[at : at + room] for at in range(0, len(lines), room)] or [[]]
    return tuple(
        (*(part + [""] * (room - len(part))), uncontracted(str(number)).rjust(sheet.cells, _BLANK))
        for number, part in enumerate(parts, start=1)
    )


def _pieces(letter: Letter) -> Iterator[_Line]:
    yield _Line(letter.letterhead.name)
    for line in letter.letterhead.contact_lines:
        yield _Line(line, other=2)
    for number, line in enumerate(letter.address_lines):
        yield _Line(line, other=2, apart=not number)
    for number, line in enumerate(filter(None, (letter.date_text, letter.reference_text))):
        yield _Line(line, apart=not number)
    if letter.layout is not Layout.LETTER:
        yield _Line(letter.title, first=4, other=4, apart=True)
    for number, block in enumerate(letter.blocks):
        yield from _of_block(block)
        if number == 0 and letter.layout is Layout.LETTER:
            yield _Line(letter.title, first=4, other=4, apart=True)
    for number, line in enumerate(letter.closing):
        yield _Line(line, first=2, apart=not number)
    if letter.footer:
        yield _Line(letter.footer, first=2, apart=True)


def _of_block(block: object) -> Iterator[_Line]:
    match block:
        case Heading(text):
            yield _Line(text, first=4, other=4, apart=True)
        case Paragraph():
            for number, line in enumerate(block.plain.split("\n")):
                yield _Line(line, first=2, apart=not number)
        case Bullets(items) | Boxes(items):
            mark = "• " if isinstance(block, Bullets) else "[ ] "
            for item in items:
                yield _Line(mark + "".join(run.text for run in item), other=2)
        case Blanks():
            yield _Line("_ _ _", apart=True)
        case Drawing():
            yield _Line(block.plain, apart=True)


def _wrapped(cells: str, piece: _Line, width: int) -> list[str]:
    words = cells.replace(_BLANK, " ")
    found = textwrap.wrap(
        words, width, initial_indent=" " * piece.first, subsequent_indent=" " * piece.other, break_on_hyphens=False
    )
    return [line.replace(" ", _BLANK) for line in found]


def _brf(pages: tuple[tuple[str, ...], ...]) -> bytes:
    """Lines end in CR LF, pages in a form feed, as embossers want it."""
    return "".join("".join(f"{to_ascii(line).rstrip()}\r\n" for line in page) + "\f" for page in pages).encode("ascii")


def _pef(pages: tuple[tuple[str, ...], ...], letter: Letter, sheet: BrailleSheet) -> bytes:
    """Portable Embosser Format 2008-1."""
    rows = "".join(
        "<page>" + "".join(f"<row>{line.rstrip(_BLANK)}</row>" for line in page) + "</page>" for page in pages
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<pef version="2008-1" xmlns="http://www.daisy.org/ns/2008/pef">'
        '<head><meta xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>application/x-pef+xml</dc:format>'
        f"<dc:identifier>{escape(letter.reference_text or 'letter')}</dc:identifier>"
        f"<dc:title>{escape(letter.title)}</dc:title><dc:language>{escape(letter.language)}</dc:language></meta></head>"
        f'<body><volume cols="{sheet.cells}" rows="{sheet.lines}" rowgap="0" duplex="false">'
        f"<section>{rows}</section></volume></body></pef>\n"
    ).encode()


@functools.cache
def _louis() -> ctypes.CDLL | None:
    name = ctypes.util.find_library("louis")
    try:
        library = ctypes.CDLL(name) if name else None
        if library is not None and library.lou_charSize() in (2, 4):
            return library
    except (OSError, AttributeError):
        return None
    return None


def _contracted(louis: ctypes.CDLL, table: str, text: str) -> str:
    """As `uncontracted`, by liblouis. What it cannot transcribe falls back to our own table."""
    wide = ctypes.c_uint16 if louis.lou_charSize() == 2 else ctypes.c_uint32
    raw = text.encode("utf-16-le" if wide is ctypes.c_uint16 else "utf-32-le")
    size = ctypes.sizeof(wide)
    count, room = len(raw) // size, len(raw) // size * _MOST_CELLS + 16
    given = (wide * (count + 1)).from_buffer_copy(raw + bytes(size))
    taken, cells = ctypes.c_int(count), ctypes.c_int(room)
    into = (wide * room)()
    done = louis.lou_translateString(
        table.encode(), given, ctypes.byref(taken), into, ctypes.byref(cells), None, None, 0
    )
    if not done or taken.value < count:
        return uncontracted(text)
    made = "".join(chr(into[at]) for at in range(cells.value))
    return made if all(character == " " or 0x2800 <= ord(character) <= 0x28FF for character in made) else uncontracted(
        text
    )
