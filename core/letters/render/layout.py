"""A letter to placed text: where everything stands on which page, before anything is drawn.

Sizes follow UKAAF G003 (2019): nothing under 12 pt in a standard letter; large print is 18 pt, reflowed,
page numbers and labels as large as the body, left aligned, a blank line between paragraphs.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from core.foundation.errors import TextDoesNotFit
from core.letters.addresses import DL_WINDOW, EnvelopeProfile
from core.letters.model import Block, Bullets, Heading, Letter, Paragraph, Run
from core.letters.render.fonts import tidy, width_pt
from core.letters.render.lines import Line, LineBreaker, TextBlock, break_lines
from core.letters.render.tagging import LIST_ATTRIBUTES, PAGE_H_PT, PT_PER_MM, ROOT, Element

INK = (0.0, 0.0, 0.0)
ACCENT = (0.07, 0.25, 0.33)
"""A dark blue-green that stays nearly black on a one-colour printer (contrast on white 11:1)."""

_LEFT_MM, _RIGHT_MM = 22.0, 188.0
_TOP_MM = 15.0
_NEXT_TOP_MM = 22.0
_LAST_BASELINE_MM = 283.0
_CLEARANCE_MM = 6.0
_FOLD_MARK_MM = (5.0, 9.0)
_ADDRESS_INSET_MM = 2.0
_LEAST_ADDRESS_PT = 8.5
_ADDRESS_LEADING = 1.1
_ASCENT, _DESCENT = 0.95, 0.26
"""Parts of the size that capitals with accents, and letters below the line, need."""
_PAGE_WORDS = MappingProxyType({"en": "Page {0} of {1}", "cy": "Tudalen {0} o {1}"})
_REFERENCE_WORDS = MappingProxyType({"en": "Our reference: ", "cy": "Ein cyfeirnod: "})


@dataclass(frozen=True, slots=True)
class PageStyle:
    """Sizes in points. `beside` puts the contact lines beside the name, otherwise under it.

    An address that would be smaller than `address_pt` has short lines joined to be larger.
    """

    body_pt: float
    leading_pt: float
    paragraph_gap_pt: float
    item_gap_pt: float
    heading_pt: float
    heading_gap_pt: float
    title_pt: float
    name_pt: float
    address_pt: float
    beside: bool


STANDARD = PageStyle(
    body_pt=12, leading_pt=15.5, paragraph_gap_pt=8, item_gap_pt=2.5, heading_pt=13, heading_gap_pt=13, title_pt=16,
    name_pt=19, address_pt=11, beside=True,
)  # fmt: skip
LARGE_PRINT = PageStyle(
    body_pt=18, leading_pt=23, paragraph_gap_pt=23, item_gap_pt=9, heading_pt=20, heading_gap_pt=30, title_pt=23,
    name_pt=23, address_pt=15, beside=False,
)  # fmt: skip


class Slot(enum.Enum):
    """What is different in every letter of a run; the rest of a plan can be shared."""

    ADDRESS = "address"
    REFERENCE = "reference"
    SALUTATION = "salutation"


@dataclass(frozen=True, slots=True)
class Placed:
    """Text at a point: left edge and first baseline, in points from the bottom left. `element` None: decoration."""

    element: int | None
    x_pt: float
    baseline_pt: float
    text: TextBlock | Slot


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line that means nothing, in points from the bottom left."""

    x1_pt: float
    y1_pt: float
    x2_pt: float
    y2_pt: float
    width_pt: float
    colour: tuple[float, float, float]


@dataclass(slots=True)
class PagePlan:
    """One page, in reading order."""

    placed: list[Placed] = field(default_factory=list)
    strokes: list[Stroke] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LetterPlan:
    """All pages of a letter and the elements they hold, in reading order."""

    elements: tuple[Element, ...]
    pages: tuple[PagePlan, ...]


def fitted_address(lines: Sequence[str], style: PageStyle, *, profile: EnvelopeProfile = DL_WINDOW) -> TextBlock:
    """The address at the largest size, up to the body's, that lies wholly in the window wherever the sheet slides.

    Raises:
        TextDoesNotFit: it does not fit at 8.5 points either.
    """
    zone = profile.visible_zone
    width = (zone.right - _address_left_mm(profile) - 1) * PT_PER_MM
    height = zone.height * PT_PER_MM
    wanted = list(lines)
    best = _fitted(wanted, style.body_pt, width, height)
    while (best is None or best.size_pt < style.address_pt) and len(wanted) > 4:
        # Larger type on fewer lines; the name and the postcode stay alone.
        at = min(range(1, len(wanted) - 2), key=lambda i: len(wanted[i]) + len(wanted[i + 1]))
        wanted[at : at + 2] = [f"{wanted[at].rstrip(',')}, {wanted[at + 1]}"]
        joined = _fitted(wanted, style.body_pt, width, height)
        if joined is not None and (best is None or joined.size_pt > best.size_pt):
            best = joined
    if best is None:
        raise TextDoesNotFit(part="address")
    return best


def _fitted(lines: Sequence[str], largest_pt: float, width: float, height: float) -> TextBlock | None:
    """The largest type in which `lines` fit; a line is parted between words or not at all."""
    per_point = [width_pt(tidy(text), bold=False, size_pt=1) for text in lines]
    size = largest_pt
    while size >= _LEAST_ADDRESS_PT:
        if _address_height_pt(len(lines), size) <= height:
            blocks: list[tuple[Line, ...] | None] = [
                ((Run(tidy(text)),),) if wide * size <= width else _parted(text, width, size)
                for text, wide in zip(lines, per_point, strict=True)
            ]
            broken = [line for block in blocks if block for line in block]
            if None not in blocks and _address_height_pt(len(broken), size) <= height:
                ended = [(Run(line[0].text.rstrip(" ") + " "),) for line in broken[:-1]]
                return TextBlock((*ended, broken[-1]), size, size * _ADDRESS_LEADING)
        size -= 0.5
    return None


def _parted(text: str, width: float, size_pt: float) -> tuple[Line, ...] | None:
    return break_lines((Run(text),), width=width, size_pt=size_pt) if " " in text.strip() else None


def _address_height_pt(lines: int, size_pt: float) -> float:
    return (lines - 1) * size_pt * _ADDRESS_LEADING + size_pt * (_ASCENT + _DESCENT)


def address_origin_pt(block: TextBlock, *, profile: EnvelopeProfile = DL_WINDOW) -> tuple[float, float]:
    """Left edge and first baseline of an address block, from the bottom left of the page."""
    return _address_left_mm(profile) * PT_PER_MM, _up(profile.visible_zone.top) - block.size_pt * _ASCENT


def reference_block(letter: Letter, style: PageStyle, *, profile: EnvelopeProfile = DL_WINDOW) -> TextBlock | None:
    """The reference under the date, beside the window, or None."""
    if not letter.reference_text:
        return None
    words = _REFERENCE_WORDS.get(_language(letter), "Ref. ")
    return _beside(words + letter.reference_text, style, profile)


def salutation_block(letter: Letter, style: PageStyle) -> TextBlock | None:
    """The greeting, or None where the letter does not begin with a paragraph."""
    first = letter.blocks[0] if letter.blocks else None
    if not isinstance(first, Paragraph):
        return None
    width = (_RIGHT_MM - _LEFT_MM) * PT_PER_MM
    return TextBlock(break_lines(first.runs, width=width, size_pt=style.body_pt), style.body_pt, style.leading_pt)


def plan_letter(
    letter: Letter, style: PageStyle, *, slot_lines: Mapping[Slot, int], breaker: LineBreaker | None = None,
    profile: EnvelopeProfile = DL_WINDOW,
) -> LetterPlan:  # fmt: skip
    """Place everything but the words of the slots; `slot_lines` tells how many lines reference and greeting need.

    Raises:
        TextDoesNotFit: `part` names what is too large.
    """
    return _Planner(letter, style, profile, breaker or LineBreaker()).plan(slot_lines)


@dataclass(slots=True)
class _FlowItem:
    """Text that may move to the next page. `least` lines must stay together at a page end."""

    element: int
    text: TextBlock
    gap_pt: float
    indent_pt: float = 0.0
    keep_next: bool = False
    whole: bool = False
    bullet: tuple[int, TextBlock] | None = None
    slot: Slot | None = None

    @property
    def least(self) -> int:
        count = len(self.text.lines)
        return count if self.whole or self.keep_next or count < 4 else 2


class _Planner:
    """Lays out one letter."""

    def __init__(self, letter: Letter, style: PageStyle, profile: EnvelopeProfile, breaker: LineBreaker) -> None:
        self._breaker = breaker
        self._letter = letter
        self._style = style
        self._profile = profile
        self._elements: list[Element] = []
        self._first = PagePlan()
        self._width_pt = (_RIGHT_MM - _LEFT_MM) * PT_PER_MM

    def plan(self, slot_lines: Mapping[Slot, int]) -> LetterPlan:
        late = self._place_letterhead()
        column_end = self._place_beside(slot_lines.get(Slot.REFERENCE, 0))
        self._place_marks()
        top_mm = max(self._profile.keep_clear_zone.bottom + _CLEARANCE_MM, column_end + _CLEARANCE_MM)
        items = [*late, *self._flow(slot_lines.get(Slot.SALUTATION, 0))]
        footer_height = self._place_footer()
        pages = self._paginate(items, top_mm * PT_PER_MM, footer_height)
        self._number(pages)
        return LetterPlan(tuple(self._elements), tuple(pages))

    def _new(self, role: str, parent: int = ROOT, attributes: str = "") -> int:
        self._elements.append(Element(role, parent, attributes))
        return len(self._elements) - 1

    def _text(self, runs: Sequence[Run] | str, size: float, *, width: float, leading: float = 0.0) -> TextBlock:
        source = (Run(runs),) if isinstance(runs, str) else runs
        return TextBlock(self._breaker.lines(source, width=width, size_pt=size), size, leading or size * 1.3)

    # ------------------------------------------------------------------ first page, round the window

    def _place_letterhead(self) -> list[_FlowItem]:
        """The name above the window, the contact lines beside or under it; what finds no room flows below."""
        style, head = self._style, self._letter.letterhead
        clear = self._profile.keep_clear_zone
        name_width = ((clear.right if style.beside else _RIGHT_MM) - _LEFT_MM) * PT_PER_MM
        room = (clear.top - _TOP_MM - 3) * PT_PER_MM
        size = style.name_pt
        while True:
            name = self._text((Run(head.name, True),), size, width=name_width, leading=size * 1.2)
            if name.height_pt <= room:
                break
            size -= 1
            if size < style.body_pt:
                raise TextDoesNotFit(part="organisation's name")
        named = TextBlock(name.lines, name.size_pt, name.leading_pt, ACCENT)
        self._put(self._new("P"), named, _LEFT_MM, _TOP_MM)
        if not head.contact_lines:
            return []
        if style.beside:
            return []
        lines = _packed(head.contact_lines, self._width_pt, style.body_pt)
        contact = self._text("\n".join(lines), style.body_pt, width=self._width_pt, leading=style.leading_pt)
        element = self._new("P")
        if named.height_pt + contact.height_pt <= room:
            self._put(element, contact, _LEFT_MM, _TOP_MM + named.height_pt / PT_PER_MM)
            return []
        return [_FlowItem(element, contact, 0.0)]

    def _place_beside(self, reference_lines: int) -> float:
        """Contact lines, address slot, date and reference; returns where the column right of the window ends, in mm."""
        style, letter = self._style, self._letter
        left = self._column_left_mm()
        end = _TOP_MM
        if style.beside:
            for line in letter.letterhead.contact_lines:
                block = _beside(line, style, self._profile)
                self._put(self._new("P"), block, left, end)
                end += block.height_pt / PT_PER_MM
        self._first.placed.append(Placed(self._new("P"), 0.0, 0.0, Slot.ADDRESS))
        end = max(end + style.leading_pt / PT_PER_MM, self._profile.visible_zone.top)
        date = _beside(letter.date_text, style, self._profile)
        self._put(self._new("P"), date, left, end)
        end += date.height_pt / PT_PER_MM
        if reference_lines:
            baseline = _up(end) - style.body_pt * _ASCENT
            self._first.placed.append(Placed(self._new("P"), left * PT_PER_MM, baseline, Slot.REFERENCE))
            end += reference_lines * style.leading_pt / PT_PER_MM
        return end

    def _place_marks(self) -> None:
        """Fold marks, and a rule above the letterhead."""
        left, right = (_LEFT_MM * PT_PER_MM, _RIGHT_MM * PT_PER_MM)
        top = _up(_TOP_MM - 3.5)
        self._first.strokes.append(Stroke(left, top, right, top, 1.6, ACCENT))
        for fold in self._profile.folds_mm:
            start, end = (mark * PT_PER_MM for mark in _FOLD_MARK_MM)
            self._first.strokes.append(Stroke(start, _up(fold), end, _up(fold), 0.4, (0.45, 0.45, 0.45)))

    def _place_footer(self) -> float:
        """The small line at the foot of page 1, read last; returns the points it needs above the page number."""
        style = self._style
        if not self._letter.footer:
            return 0.0
        width = self._width_pt - (110 if style.beside else 0)
        block = self._text(self._letter.footer, style.body_pt, width=width, leading=style.leading_pt)
        if len(block.lines) > 6:
            raise TextDoesNotFit(part="line at the foot of the page")
        above = len(block.lines) - 1 if style.beside else len(block.lines) + 0.6
        baseline = _up(_LAST_BASELINE_MM) + above * style.leading_pt
        self._first.placed.append(Placed(self._new("P"), _LEFT_MM * PT_PER_MM, baseline, block))
        return above * style.leading_pt

    def _column_left_mm(self) -> float:
        return _column_left_mm(self._profile)

    def _put(self, element: int, block: TextBlock, left_mm: float, top_mm: float) -> None:
        baseline = _up(top_mm) - block.size_pt * _ASCENT
        self._first.placed.append(Placed(element, left_mm * PT_PER_MM, baseline, block))

    # ------------------------------------------------------------------ the text

    def _flow(self, salutation_lines: int) -> list[_FlowItem]:
        style, letter = self._style, self._letter
        items: list[_FlowItem] = []
        for number, block in enumerate(letter.blocks):
            if number == 0 and salutation_lines:
                empty = TextBlock(((),) * salutation_lines, style.body_pt, style.leading_pt)
                items.append(_FlowItem(self._new("P"), empty, style.paragraph_gap_pt, slot=Slot.SALUTATION))
            else:
                items += self._block_items(block)
            if number == 0:
                items[-1].keep_next = True
                items.append(self._heading("H1", letter.title, style.title_pt, style.paragraph_gap_pt + 4))
        if letter.closing:
            if items and items[-1].text.height_pt < 8 * style.leading_pt:
                items[-1].keep_next = True
            items += self._closing()
        return items

    def _heading(self, role: str, text: str, size: float, gap: float) -> _FlowItem:
        block = self._text((Run(text, True),), size, width=self._width_pt, leading=size * 1.25)
        coloured = TextBlock(block.lines, block.size_pt, block.leading_pt, ACCENT)
        return _FlowItem(self._new(role), coloured, gap, keep_next=True)

    def _block_items(self, block: Block) -> list[_FlowItem]:
        style = self._style
        match block:
            case Heading(text):
                return [self._heading("H2", text, style.heading_pt, style.heading_gap_pt)]
            case Paragraph(runs):
                text_block = self._text(runs, style.body_pt, width=self._width_pt, leading=style.leading_pt)
                leads_in = block.plain.rstrip().endswith(":")
                return [_FlowItem(self._new("P"), text_block, style.paragraph_gap_pt, keep_next=leads_in)]
            case Bullets(items):
                return self._bullets(items)

    def _bullets(self, items: Sequence[Sequence[Run]]) -> list[_FlowItem]:
        style = self._style
        indent = style.body_pt * 1.25
        the_list = self._new("L", attributes=LIST_ATTRIBUTES)
        bullet = self._text("•", style.body_pt, width=indent, leading=style.leading_pt)
        found = []
        for number, runs in enumerate(items):
            item = self._new("LI", the_list)
            label = self._new("Lbl", item)
            body = self._new("LBody", item)
            text = self._text(runs, style.body_pt, width=self._width_pt - indent, leading=style.leading_pt)
            gap = style.item_gap_pt if number else min(style.paragraph_gap_pt, style.leading_pt * 0.5)
            short = len(text.lines) < 4
            found.append(_FlowItem(body, text, gap, indent_pt=indent, bullet=(label, bullet), whole=short))
        # Neither the first nor the last of a list stands alone on a page.
        for near_end in found[:1] + found[-2:-1]:
            near_end.keep_next = len(found) > 1
        return found

    def _closing(self) -> list[_FlowItem]:
        """The valediction, room for a signature where a person signs, and the signatory, never parted."""
        style, closing = self._style, self._letter.closing
        element = self._new("P")
        signed = 2.2 * style.leading_pt if len(closing) > 2 else 0.35 * style.leading_pt
        first = self._text(closing[0], style.body_pt, width=self._width_pt, leading=style.leading_pt)
        items = [_FlowItem(element, first, style.paragraph_gap_pt + 2, keep_next=len(closing) > 1, whole=True)]
        if len(closing) > 1:
            rest = self._text("\n".join(closing[1:]), style.body_pt, width=self._width_pt, leading=style.leading_pt)
            items.append(_FlowItem(element, rest, signed, whole=True))
        return items

    # ------------------------------------------------------------------ pages

    def _paginate(self, items: Sequence[_FlowItem], top_pt: float, footer_pt: float) -> list[PagePlan]:
        style = self._style
        last_line = _LAST_BASELINE_MM * PT_PER_MM - style.leading_pt * 1.5
        pages = [self._first]
        y, bottom, fresh = top_pt, last_line - footer_pt, True

        def turn() -> None:
            nonlocal y, bottom, fresh
            pages.append(PagePlan())
            y, bottom, fresh = _NEXT_TOP_MM * PT_PER_MM, last_line, True

        for index, item in enumerate(items):
            start, count = 0, len(item.text.lines)
            if not fresh and y + item.gap_pt + _kept_together_pt(items, index) > bottom:
                turn()
            while start < count:
                gap = 0.0 if fresh or start else item.gap_pt
                room = int((bottom - y - gap + 0.01) / item.text.leading_pt)
                left = count - start
                # Never one line alone at the head of a page.
                take = left if room >= left else max(min(room, left - 2), 1)
                self._set(pages[-1], item, start, start + take, y + gap)
                y += gap + take * item.text.leading_pt
                start += take
                fresh = False
                if start < count:
                    turn()
        return pages

    def _set(self, page: PagePlan, item: _FlowItem, start: int, end: int, top_pt: float) -> None:
        x = _LEFT_MM * PT_PER_MM
        baseline = PAGE_H_PT - top_pt - item.text.leading_pt * 0.76
        if item.bullet is not None and start == 0:
            label, bullet = item.bullet
            page.placed.append(Placed(label, x + 2, baseline, bullet))
        text = item.slot or item.text.part(start, end)
        placed = Placed(item.element, x + item.indent_pt, baseline, text)
        page.placed.append(placed)

    def _number(self, pages: Sequence[PagePlan]) -> None:
        if len(pages) == 1:
            return
        style = self._style
        words = _PAGE_WORDS.get(_language(self._letter), "{0} / {1}")
        for number, page in enumerate(pages, start=1):
            block = self._text(words.format(number, len(pages)), style.body_pt, width=self._width_pt)
            x = _RIGHT_MM * PT_PER_MM - block.width_pt if style.beside else _LEFT_MM * PT_PER_MM
            page.placed.append(Placed(None, x, _up(_LAST_BASELINE_MM), block))


def _kept_together_pt(items: Sequence[_FlowItem], index: int) -> float:
    """Points from the top of an item to the end of what must be on the same page."""
    height = 0.0
    while True:
        item = items[index]
        height += item.least * item.text.leading_pt
        index += 1
        enough = height > 6 * item.text.leading_pt  # long runs of small pieces may part after all
        if not item.keep_next or enough or index == len(items):
            return height
        height += items[index].gap_pt


def _packed(lines: Sequence[str], width: float, size_pt: float) -> list[str]:
    """Neighbours together on one line where both fit whole."""
    packed: list[str] = []
    for line in lines:
        together = f"{packed[-1]} · {line}" if packed else line
        if packed and len(break_lines((Run(together),), width=width, size_pt=size_pt)) == 1:
            packed[-1] = together
        else:
            packed.append(line)
    return packed


def _beside(text: str, style: PageStyle, profile: EnvelopeProfile) -> TextBlock:
    width = (_RIGHT_MM + 4 - _column_left_mm(profile)) * PT_PER_MM
    return TextBlock(break_lines((Run(text),), width=width, size_pt=style.body_pt), style.body_pt, style.leading_pt)


def _column_left_mm(profile: EnvelopeProfile) -> float:
    return profile.keep_clear_zone.right + 8


def _address_left_mm(profile: EnvelopeProfile) -> float:
    return profile.visible_zone.left + _ADDRESS_INSET_MM


def _up(from_top_mm: float) -> float:
    """Points from the bottom of the page."""
    return PAGE_H_PT - from_top_mm * PT_PER_MM


def _language(letter: Letter) -> str:
    return letter.language.partition("-")[0].lower()
