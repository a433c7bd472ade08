"""Letters to tagged PDF: one for a look, or many in one file with everything shared drawn once.

Drawn through reportlab; a letter with a script that needs shaping is set by the second engine and its pages join the
same file in its place, so that a stack stays in walk order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.foundation.errors import BugError, GlyphsMissing, TextDoesNotFit
from core.letters.addresses import DL_WINDOW, EnvelopeProfile
from core.letters.model import Layout, Letter, LetterFormat, same_words
from core.letters.render.flow import A4, LARGE_PRINT, STANDARD, LetterPlan, PagePlan, PageStyle, Picture, Slot, Stroke
from core.letters.render.fonts import check_drawable
from core.letters.render.layout import (
    address_origin_pt,
    fitted_address,
    plan_letter,
    reference_block,
    salutation_block,
)
from core.letters.render.lines import LineBreaker, TextBlock
from core.letters.render.papers import Paper, plan_paper
from core.letters.render.tagging import PT_PER_MM, Element, FinishedPdf, MarkedPage, TaggedPages, decoration, marked
from core.letters.render.typefaces import needs_shaping
from core.letters.render.typst_engine import SetPages, set_letters

_SET_TOGETHER = 40
"""More at once is hardly quicker, and takes memory as it grows."""
_STYLES = ((LetterFormat.STANDARD, STANDARD), (LetterFormat.LARGE_PRINT, LARGE_PRINT))


def render_letter(
    letter: Letter, letter_format: LetterFormat, *, paper: Paper = Paper.A4, envelope: EnvelopeProfile = DL_WINDOW
) -> bytes:
    """One document as a PDF/UA-1 file, in memory. `paper` is the size of a notice, `envelope` that of a letter.

    Raises:
        GlyphsMissing: the typeface has no picture for a character; `characters` names them.
        TextDoesNotFit: `part` names what is too large for the page.
    """
    document = LetterDocument(title=letter.title, language=letter.language, many=False, envelope=envelope)
    if letter.layout is Layout.LETTER:
        document.add(letter, letter_format)
    else:
        document.add_paper(letter, letter_format, paper)
    return document.finish().data


@dataclass(frozen=True, slots=True)
class _DrawnPage:
    """A page's code, parted where the words of one letter go in."""

    pieces: tuple[str, ...]
    slots: tuple[tuple[Slot, int, float, float], ...]
    forms: tuple[str, ...]
    marks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Drawn:
    plan: LetterPlan
    pages: tuple[_DrawnPage, ...]


class LetterDocument:
    """A PDF that letters are added to one after the other, all for one `envelope`.

    `many` keeps repeated text once in the file.
    """

    def __init__(
        self, *, title: str, language: str, many: bool = True, envelope: EnvelopeProfile = DL_WINDOW
    ) -> None:
        self._envelope = envelope
        self._pages = TaggedPages(title=title, language=language)
        self._many = many
        self._drawn: dict[tuple[object, ...], _Drawn] = {}
        self._breaker = LineBreaker()
        self._seen: set[TextBlock] = set()
        self._forms: dict[TextBlock, str] = {}
        self._codes: dict[tuple[TextBlock, float, float], str] = {}
        self._coming: list[tuple[Letter, LetterFormat]] = []
        self._set: dict[int, SetPages] = {}
        self._last: tuple[Letter, tuple[object, ...], _Drawn] | None = None
        self._shaping = Shaping()

    def coming(self, letters: Sequence[tuple[Letter, LetterFormat]]) -> None:
        """Say which letters are added next, in order: those that need shaping are then set together, far quicker."""
        self._coming = [one for one in letters if self._shaping.needed(one[0])]

    @property
    def page_count(self) -> int:
        """Pages so far, blank ones included."""
        return self._pages.page_count

    def add(self, letter: Letter, letter_format: LetterFormat) -> int:
        """Draw a letter and return its number of pages. A letter that is refused leaves no trace.

        Raises:
            GlyphsMissing, TextDoesNotFit: as `render_letter`.
        """
        if self._shaping.needed(letter):
            return self._add_set(letter, letter_format, Paper.A4)
        style = _style(letter_format)
        greeting = letter.blocks[0].plain if letter.blocks else ""
        check_drawable((*letter.address_lines, letter.reference_text, greeting))
        own = {
            Slot.ADDRESS: fitted_address(letter.address_lines, style, profile=self._envelope),
            Slot.REFERENCE: reference_block(letter, style, profile=self._envelope),
            Slot.SALUTATION: salutation_block(letter, style),
        }
        drawn = self._common(letter, style, {slot: len(text.lines) for slot, text in own.items() if text})
        pages = [self._filled(page, own) for page in drawn.pages]
        self._pages.add_section(drawn.plan.elements, pages, language=letter.language)
        return len(pages)

    def add_paper(self, letter: Letter, letter_format: LetterFormat, paper: Paper = Paper.A4) -> int:
        """Draw a document that is no letter and return its number of pages.

        Raises:
            GlyphsMissing, TextDoesNotFit: as `render_letter`.
        """
        if is_shaped(letter):
            return self._add_set(letter, letter_format, paper)
        check_drawable(letter.body_texts())
        plan, frame = plan_paper(letter, _style(letter_format), paper=paper, breaker=self._breaker)
        drawn = [self._draw(page, plan.elements) for page in plan.pages]
        pages = [MarkedPage(page.pieces[0], page.forms, page.marks) for page in drawn]
        size = None if frame is A4 else (frame.width_mm * PT_PER_MM, frame.height_mm * PT_PER_MM)
        self._pages.add_section(plan.elements, pages, language=letter.language, size_pt=size)
        return len(pages)

    def add_blank_page(self) -> None:
        """The empty back of a sheet: no number, nothing."""
        self._pages.add_blank_page()

    def finish(self) -> FinishedPdf:
        """The whole file, with its pages counted."""
        return self._pages.finish()

    def _add_set(self, letter: Letter, letter_format: LetterFormat, paper: Paper) -> int:
        found = self._set.pop(id(letter), None)
        if found is None:
            self._set_coming(letter)
            found = self._set.pop(id(letter), None)
        if found is None:
            (found,) = set_letters((letter,), letter_format, paper=paper, envelope=self._envelope)
        self._pages.add_section_made(found.made, found.first, found.count, language=letter.language)
        return found.count

    def _set_coming(self, letter: Letter) -> None:
        """Set the letters that were announced, in one go as far as they are alike; nothing if one would be refused."""
        at = next((at for at, (one, _) in enumerate(self._coming) if one is letter), None)
        if at is None:
            return
        together = self._coming[at : at + _SET_TOGETHER]
        self._coming = self._coming[at + _SET_TOGETHER :]
        for wanted, _ in _STYLES:
            alike = [one for one, form in together if form is wanted and one.layout is Layout.LETTER]
            if len(alike) < 2:
                continue
            try:
                pages = set_letters(alike, wanted, envelope=self._envelope)
            except (GlyphsMissing, TextDoesNotFit):
                continue  # each is set alone, and only the one that cannot be is refused
            self._set |= {id(one): found for one, found in zip(alike, pages, strict=True)}

    def _common(self, letter: Letter, style: PageStyle, slot_lines: Mapping[Slot, int]) -> _Drawn:
        """Everything but the slots, laid out and drawn once for all letters that share it."""
        shared = letter.blocks[1:] if Slot.SALUTATION in slot_lines else letter.blocks
        lines = (style, slot_lines.get(Slot.REFERENCE), slot_lines.get(Slot.SALUTATION))
        if self._last is not None and self._last[1] == lines and same_words(self._last[0], letter):
            return self._last[2]
        key = (
            style.body_pt, letter.title, letter.language, letter.letterhead, shared, letter.date_text, letter.closing,
            letter.footer, slot_lines.get(Slot.REFERENCE), slot_lines.get(Slot.SALUTATION),
        )  # fmt: skip
        found = self._drawn.get(key)
        if found is None:
            check_drawable(letter.body_texts())
            plan = plan_letter(
                letter, style, slot_lines=slot_lines, breaker=self._breaker, profile=self._envelope
            )
            found = _Drawn(plan, tuple(self._draw(page, plan.elements) for page in plan.pages))
            self._drawn[key] = found
        self._last = letter, lines, found
        return found

    def _draw(self, page: PagePlan, elements: Sequence[Element]) -> _DrawnPage:
        pieces: list[str] = []
        code = [decoration("\n".join(_stroke_code(page.strokes)))] if page.strokes else []
        slots: list[tuple[Slot, int, float, float]] = []
        forms: list[str] = []
        marks: list[int] = []
        for placed in page.placed:
            if isinstance(placed.text, Slot):
                pieces.append("\n".join(code))
                code = []
                slots.append((placed.text, len(marks), placed.x_pt, placed.baseline_pt))
                marks.append(placed.element if placed.element is not None else 0)
                continue
            if isinstance(placed.text, Picture):
                code.append(marked("Figure", len(marks), _picture_code(placed.text, placed.x_pt, placed.baseline_pt)))
                marks.append(placed.element if placed.element is not None else 0)
                continue
            text = self._text_code(placed.text, placed.x_pt, placed.baseline_pt, forms)
            if placed.element is None:
                code.append(decoration(text))
            else:
                code.append(marked(elements[placed.element].role, len(marks), text))
                marks.append(placed.element)
        pieces.append("\n".join(code))
        return _DrawnPage(tuple(pieces), tuple(slots), tuple(dict.fromkeys(forms)), tuple(marks))

    def _text_code(self, block: TextBlock, x_pt: float, baseline_pt: float, forms: list[str]) -> str:
        """The code of a block; in a file of many letters, what they share is kept once.

        A form for each single line would cost more than it saves, and the second letter that has the
        same words is the first sign that they are shared.
        """
        name = self._forms.get(block)
        if name is None and self._many and len(block.lines) > 1:
            if block in self._seen or not self._drawn:
                name = self._forms[block] = f"t{len(self._forms)}"
                self._pages.define_form(name, block)
            self._seen.add(block)
        if name is not None:
            forms.append(name)
            return self._pages.form_code(name, x_pt, baseline_pt)
        place = (block, x_pt, baseline_pt)
        code = self._codes.get(place)
        if code is None:
            code = self._codes[place] = self._pages.text_code(*place)
        return code

    def _filled(self, page: _DrawnPage, own: Mapping[Slot, TextBlock | None]) -> MarkedPage:
        if not page.slots:
            return MarkedPage(page.pieces[0], page.forms, page.marks)
        code = [page.pieces[0]]
        for (slot, mark, x_pt, baseline_pt), after in zip(page.slots, page.pieces[1:], strict=True):
            block = own[slot]
            if block is None:
                raise BugError(rule="a page that has room for a reference or greeting belongs to a letter with one")
            place = (x_pt, baseline_pt)
            if slot is Slot.ADDRESS:
                place = address_origin_pt(block, profile=self._envelope)
            code += [marked("P", mark, self._pages.text_code(block, *place)), after]
        return MarkedPage("\n".join(code), page.forms, page.marks)


class Shaping:
    """`is_shaped` of letter after letter, quicker where one follows another that only goes elsewhere."""

    def __init__(self) -> None:
        self._last: tuple[Letter, bool] | None = None

    def needed(self, letter: Letter) -> bool:
        """As `is_shaped`."""
        if self._last is None or not same_words(self._last[0], letter):
            self._last = letter, needs_shaping(letter.body_texts())
        return self._last[1] or needs_shaping((*letter.address_lines, letter.reference_text))


def is_shaped(letter: Letter) -> bool:
    """Whether a letter is set by the second engine: it holds letters that reportlab would put wrong."""
    return needs_shaping(letter.address_lines) or needs_shaping(letter.body_texts())


def _style(letter_format: LetterFormat) -> PageStyle:
    for printed, style in _STYLES:
        if printed is letter_format:
            return style
    raise BugError(rule="only standard and large-print letters are printed")


def _stroke_code(strokes: list[Stroke]) -> Iterator[str]:
    for stroke in strokes:
        red, green, blue = stroke.colour
        yield (
            f"q {red:.3f} {green:.3f} {blue:.3f} RG {stroke.width_pt:.2f} w {stroke.x1_pt:.2f} {stroke.y1_pt:.2f} m"
            f" {stroke.x2_pt:.2f} {stroke.y2_pt:.2f} l S Q"
        )


def _picture_code(picture: Picture, x_pt: float, bottom_pt: float) -> str:
    """The lines as they were drawn, on a rule that closes the box below."""
    scale = picture.width_pt / picture.drawing.width
    top = bottom_pt + picture.height_pt
    code = [
        f"q 0.45 0.45 0.45 RG 0.6 w {x_pt:.2f} {bottom_pt:.2f} m {x_pt + picture.width_pt:.2f} {bottom_pt:.2f} l S Q"
    ]
    code.append("q 0 0 0 RG 1.4 w 1 J 1 j")
    for stroke in picture.drawing.strokes:
        points = [(x_pt + x * scale, top - y * scale) for x, y in zip(stroke[::2], stroke[1::2], strict=True)]
        path = [f"{x:.2f} {y:.2f} {'m' if place == 0 else 'l'}" for place, (x, y) in enumerate(points)]
        if len(points) == 1:  # a dot is a line to where it began
            path.append(f"{points[0][0]:.2f} {points[0][1]:.2f} l")
        code.append(" ".join([*path, "S"]))
    return "\n".join([*code, "Q"])
