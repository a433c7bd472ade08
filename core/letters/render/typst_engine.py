"""Letters in scripts reportlab cannot shape: set by typst from the same model, in the same places, as PDF/UA-1.

What is printed goes in as JSON and is never part of a source text, so no name can be a command. Everything is checked
before: a character without a picture is named; in PDF/UA-1 mode the engine itself refuses one as well.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst

from core.foundation.errors import BugError, GlyphsMissing, TextDoesNotFit
from core.letters.addresses import DL_WINDOW, EnvelopeProfile
from core.letters.direction import isolated, isolated_pieces
from core.letters.languages import is_from_right, primary, words_in
from core.letters.model import (
    Blanks,
    Block,
    Boxes,
    Bullets,
    Drawing,
    Heading,
    Layout,
    Letter,
    LetterFormat,
    Paragraph,
    Run,
)
from core.letters.render.flow import A4, DRAWN_WIDTH_PT, LARGE_PRINT, STANDARD, Frame, PageStyle
from core.letters.render.fonts import tidy
from core.letters.render.joining import TakenApart, taken_apart
from core.letters.render.layout import fitted_address, packed
from core.letters.render.lines import together
from core.letters.render.papers import (
    CARD_FRAME,
    LEAST_NOTICE_PT,
    NOTICE,
    STAMP_BASELINE_MM,
    Paper,
    notice_frame,
    notice_scale,
    pairs,
    scaled,
)
from core.letters.render.tagging import PT_PER_MM
from core.letters.render.typefaces import (
    address_families,
    check_shapeable,
    families_for,
    folders_here,
    needs_shaping,
    typeface_of,
)

_SOURCE = Path(__file__).resolve().parents[3] / "resources" / "layout" / "letter.typ"
_CLEARANCE_MM = 6.0
_COLUMN_GAP_MM = 8.0
_ADDRESS_INSET_MM = 2.0
_TOO_LARGE = "does-not-fit:"
_NO_PICTURE = "could not be displayed"
_LONG = re.compile(r"[^\s]{41,}")
_LONG_BESIDE = re.compile(r"[^\s]{25,}")
"""Longer than a line of the letter, or of the column beside the window, is wide."""
_HURTS_LEAST = re.compile(r"[@/._]|[^@/._]{20}")
_MAY_BREAK = "\u200b"


@dataclass(frozen=True, slots=True)
class SetPages:
    """Where one letter stands in a file of many."""

    made: TakenApart
    first: int
    count: int


def set_letters(
    letters: Sequence[Letter], letter_format: LetterFormat, *, paper: Paper = Paper.A4,
    envelope: EnvelopeProfile = DL_WINDOW,
) -> list[SetPages]:  # fmt: skip
    """Set letters of one layout and format, in one go.

    Raises:
        GlyphsMissing: no typeface of this machine has a picture for a character.
        TextDoesNotFit: `part` names what is too large for the page.
    """
    for letter in letters:
        check_shapeable((*letter.body_texts(), *letter.address_lines))
    style = LARGE_PRINT if letter_format is LetterFormat.LARGE_PRINT else STANDARD
    layout = letters[0].layout
    if layout is Layout.LETTER:
        return _set(letters, style, A4, envelope)
    if layout is not Layout.NOTICE:
        return _set(letters, style, CARD_FRAME if layout is Layout.CARD and style is STANDARD else A4, envelope)
    factor = 1.0
    while NOTICE.body_pt * factor >= LEAST_NOTICE_PT:
        found = _set(letters, scaled(NOTICE, factor * notice_scale(paper)), notice_frame(paper), envelope)
        if all(one.count == 1 for one in found):
            return found
        factor -= 0.05
    raise TextDoesNotFit(part="notice")


def _set(
    letters: Sequence[Letter], style: PageStyle, frame: Frame, envelope: EnvelopeProfile
) -> list[SetPages]:
    data = json.dumps(_data(letters, style, frame, envelope), ensure_ascii=False)
    compiler = _compiler()
    try:
        pdf = compiler.compile(format="pdf", sys_inputs={"data": data}, pdf_standards=["ua-1"], timestamp=0)
        last_pages = json.loads(compiler.query("<last-page>", field="value"))
    except typst.TypstError as error:
        raise _said(str(error.message)) from error
    if not isinstance(pdf, bytes):
        raise BugError(rule="the shaping engine answers with one file")
    made = taken_apart(pdf)
    firsts = [0, *last_pages[:-1]]
    if len(last_pages) != len(letters) or last_pages[-1] != len(made.pages):
        raise BugError(rule="as many letters come out of the shaping engine as went in")
    return [SetPages(made, first, last - first) for first, last in zip(firsts, last_pages, strict=True)]


def _said(message: str) -> Exception:
    """What the engine refused, as one of our own sentences."""
    if _TOO_LARGE in message:
        part = message.split(_TOO_LARGE, 1)[1]
        return TextDoesNotFit(part=part.split('"')[0].strip())
    if _NO_PICTURE in message:
        return GlyphsMissing(characters=message.split(_NO_PICTURE, maxsplit=1)[0].strip())
    return BugError(rule=f"the shaping engine understands what it is given: {message[:200]}")


def _compiler() -> Any:
    """A compiler of its own for each file: it remembers what it was given, and two threads may set letters."""
    return typst.Compiler(str(_SOURCE), root=str(_SOURCE.parent), font_paths=_fonts(folders_here()))


@functools.cache
def _fonts(folders: tuple[Path, ...]) -> Any:
    paths = [str(folder) for folder in folders]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)


# ------------------------------------------------------------------ the model as data


def _data(
    letters: Sequence[Letter], style: PageStyle, frame: Frame, envelope: EnvelopeProfile
) -> dict[str, Any]:
    clear, seen = envelope.keep_clear_zone, envelope.visible_zone
    return {
        "title": letters[0].title,
        "address-fonts": address_families(),
        "page": _points(
            width=frame.width_mm, height=frame.height_mm, left=frame.left_mm, right=frame.right_mm,
            top=frame.next_top_mm, first=frame.top_mm, last_baseline=frame.last_baseline_mm,
        ),
        "window": _points(
            left=seen.left + _ADDRESS_INSET_MM, top=seen.top, right=seen.right - 1, bottom=seen.bottom
        ),
        "clear": _points(right=clear.right, top=clear.top, bottom=clear.bottom),
        "column": _points(left=clear.right + _COLUMN_GAP_MM, right=frame.right_mm),
        "stamp": STAMP_BASELINE_MM * PT_PER_MM,
        "clearance": _CLEARANCE_MM * PT_PER_MM,
        "folds": [fold * PT_PER_MM for fold in envelope.folds_mm],
        "style": {
            "body": style.body_pt, "leading": style.leading_pt, "paragraph-gap": style.paragraph_gap_pt,
            "item-gap": style.item_gap_pt, "heading": style.heading_pt, "heading-gap": style.heading_gap_pt,
            "title": style.title_pt, "name": style.name_pt, "address": style.address_pt, "beside": style.beside,
        },
        "letters": [_letter(letter, style, envelope) for letter in letters],
    }  # fmt: skip


def _points(**lengths_mm: float) -> dict[str, float]:
    return {name.replace("_", "-"): length * PT_PER_MM for name, length in lengths_mm.items()}


def _letter(letter: Letter, style: PageStyle, envelope: EnvelopeProfile) -> dict[str, Any]:
    face, from_right = typeface_of(letter.language), is_from_right(letter.language)
    words = words_in(letter.language)
    region = letter.language.partition("-")[2].upper()
    say = functools.partial(_text, from_right=from_right)
    latin_address = not needs_shaping(letter.address_lines)
    reference = [words.reference + letter.reference_text] if letter.reference_text else []
    return {
        "lang": primary(letter.language) or "en",
        "region": region if len(region) == 2 and region.isalpha() else None,
        "rtl": from_right,
        "fonts": families_for(letter.language),
        "up": face.up, "down": face.down, "open": face.open,
        "address-up": 0.95 if latin_address else 1.05, "address-down": 0.26 if latin_address else 0.4,
        "address-pitch": 1.1 if latin_address else 1.25,
        "layout": "letter" if letter.layout is Layout.LETTER else "paper",
        "organisation": _text(letter.letterhead.name, from_right=False),
        "contact": [_text(line, from_right=False, long=_LONG_BESIDE) for line in _contact(letter, style)],
        "address-fit": _address_fit(letter, style, envelope) if latin_address else None,
        "addresses": [] if latin_address else list(_joined([_address(line) for line in letter.address_lines])),
        "dated": [say(line, long=_LONG_BESIDE) for line in (letter.date_text, *reference) if line],
        "title": say(letter.title),
        "blocks": [_block(block, from_right=from_right) for block in letter.blocks],
        "closing": [say(line) for line in letter.closing],
        "footer": say(letter.footer),
        "stamp": letter.stamp,
        "page-words": say(words.page) if not from_right else words.page,
    }  # fmt: skip


def _contact(letter: Letter, style: PageStyle) -> Sequence[str]:
    """The lines of the letterhead; under the name, short neighbours stand together on one."""
    lines = letter.letterhead.contact_lines
    if letter.layout is not Layout.LETTER:
        return pairs(lines)
    return lines if style.beside else packed(lines, A4.words_pt, style.body_pt)


def _block(block: Block, *, from_right: bool) -> dict[str, Any]:
    match block:
        case Heading(text):
            return {"sort": "heading", "text": _text(text, from_right=from_right)}
        case Paragraph(runs):
            leads = block.plain.rstrip().endswith((":", "：", ":-"))
            return {"sort": "paragraph", "runs": _runs(runs, from_right=from_right), "leads": leads}
        case Bullets(items) | Boxes(items):
            sort = "bullets" if isinstance(block, Bullets) else "boxes"
            return {"sort": sort, "items": [_runs(item, from_right=from_right) for item in items]}
        case Blanks(count):
            return {"sort": "blanks", "count": count}
        case Drawing(strokes, width, height, says):
            scale = DRAWN_WIDTH_PT / width
            points = [[[x * scale, y * scale] for x, y in zip(one[::2], one[1::2], strict=True)] for one in strokes]
            size = {"width": DRAWN_WIDTH_PT, "height": height * scale}
            return {"sort": "drawing", "says": says, "strokes": points, **size}


def _runs(runs: Sequence[Run], *, from_right: bool) -> list[dict[str, Any]]:
    lines = [[_parted(together(line), _LONG) for line in run.text.split("\n")] for run in runs]
    pieces = isolated_pieces(["\n".join(of_run) for of_run in lines], from_right=from_right)
    return [{"text": piece, "bold": run.bold} for piece, run in zip(pieces, runs, strict=True)]


def _text(text: str, *, from_right: bool, long: re.Pattern[str] = _LONG) -> str:
    """As it is set: numbers, dates and postcodes in one piece, what runs the other way isolated."""
    return "\n".join(isolated(_parted(together(line), long), from_right=from_right) for line in text.split("\n"))


def _address(line: str) -> str:
    return isolated(tidy(line), from_right=False)


def _address_fit(letter: Letter, style: PageStyle, envelope: EnvelopeProfile) -> dict[str, Any] | None:
    """An address in Latin letters has the very lines and size it has everywhere else; measuring here is far quicker."""
    if letter.layout is not Layout.LETTER:
        return None
    block = fitted_address(letter.address_lines, style, profile=envelope)
    return {"size": block.size_pt, "lines": ["".join(run.text for run in line).rstrip() for line in block.lines]}


def _joined(lines: Sequence[str]) -> Iterator[list[str]]:
    """The address as it is, then on fewer and fewer lines; the name and the postcode stay alone."""
    wanted = list(lines)
    yield list(wanted)
    while len(wanted) > 4:
        at = min(range(1, len(wanted) - 2), key=lambda i: len(wanted[i]) + len(wanted[i + 1]))
        wanted[at : at + 2] = [f"{wanted[at].rstrip(',')}, {wanted[at + 1]}"]
        yield list(wanted)


def _parted(text: str, long: re.Pattern[str]) -> str:
    """Room to break inside what is longer than a line may be, where it hurts least."""
    return long.sub(lambda word: _HURTS_LEAST.sub(lambda piece: piece[0] + _MAY_BREAK, word[0]), text)
