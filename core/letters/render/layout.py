"""A letter to placed text: where everything stands on which page, before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.foundation.errors import TextDoesNotFit
from core.letters.addresses import DL_WINDOW, EnvelopeProfile
from core.letters.languages import words_in
from core.letters.model import Letter, Paragraph, Run
from core.letters.render.flow import (
    A4,
    ACCENT,
    ASCENT,
    DESCENT,
    FlowBuilder,
    FlowItem,
    Frame,
    LetterPlan,
    PagePlan,
    PageStyle,
    Placed,
    Slot,
    Stroke,
    paginate,
    stays_with_the_end,
)
from core.letters.render.fonts import tidy, width_pt
from core.letters.render.lines import Line, LineBreaker, TextBlock, break_lines
from core.letters.render.tagging import PT_PER_MM

_LEFT_MM, _RIGHT_MM, _TOP_MM = A4.left_mm, A4.right_mm, A4.top_mm
_LAST_BASELINE_MM = A4.last_baseline_mm
_CLEARANCE_MM = 6.0
_FOLD_MARK_MM = (5.0, 9.0)
_ADDRESS_INSET_MM = 2.0
_LEAST_ADDRESS_PT = 8.5
_ADDRESS_LEADING = 1.1


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
    return (lines - 1) * size_pt * _ADDRESS_LEADING + size_pt * (ASCENT + DESCENT)


def address_origin_pt(block: TextBlock, *, profile: EnvelopeProfile = DL_WINDOW) -> tuple[float, float]:
    """Left edge and first baseline of an address block, from the bottom left of the page."""
    return _address_left_mm(profile) * PT_PER_MM, A4.up_pt(profile.visible_zone.top) - block.size_pt * ASCENT


def reference_block(letter: Letter, style: PageStyle, *, profile: EnvelopeProfile = DL_WINDOW) -> TextBlock | None:
    """The reference under the date, beside the window, or None."""
    if not letter.reference_text:
        return None
    return _beside(words_in(letter.language).reference + letter.reference_text, style, profile)


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


class _Planner:
    """Lays out one letter."""

    def __init__(self, letter: Letter, style: PageStyle, profile: EnvelopeProfile, breaker: LineBreaker) -> None:
        self._letter = letter
        self._style = style
        self._profile = profile
        self._build = FlowBuilder(style, A4, breaker)
        self._first = PagePlan()

    def plan(self, slot_lines: Mapping[Slot, int]) -> LetterPlan:
        late = self._place_letterhead()
        column_end = self._place_beside(slot_lines.get(Slot.REFERENCE, 0))
        self._place_marks()
        top_mm = max(self._profile.keep_clear_zone.bottom + _CLEARANCE_MM, column_end + _CLEARANCE_MM)
        items = [*late, *self._flow(slot_lines.get(Slot.SALUTATION, 0))]
        footer_height = self._place_footer()
        pages = paginate(
            items, first=self._first, top_pt=top_mm * PT_PER_MM, footer_pt=footer_height, style=self._style, frame=A4
        )
        number_pages(pages, self._letter, self._style, A4)
        return LetterPlan(tuple(self._build.elements), tuple(pages))

    # ------------------------------------------------------------------ first page, round the window

    def _place_letterhead(self) -> list[FlowItem]:
        """The name above the window, the contact lines beside or under it; what finds no room flows below."""
        style, head = self._style, self._letter.letterhead
        clear = self._profile.keep_clear_zone
        name_width = ((clear.right if style.beside else _RIGHT_MM) - _LEFT_MM) * PT_PER_MM
        room = (clear.top - _TOP_MM - 3) * PT_PER_MM
        size = style.name_pt
        while True:
            name = self._build.text((Run(head.name, True),), size, width=name_width, leading=size * 1.2)
            if name.height_pt <= room:
                break
            size -= 1
            if size < style.body_pt:
                raise TextDoesNotFit(part="organisation's name")
        named = TextBlock(name.lines, name.size_pt, name.leading_pt, ACCENT)
        self._put(self._build.new("P"), named, _LEFT_MM, _TOP_MM)
        if not head.contact_lines:
            return []
        if style.beside:
            return []
        lines = packed(head.contact_lines, A4.words_pt, style.body_pt)
        contact = self._build.text("\n".join(lines), style.body_pt, width=A4.words_pt, leading=style.leading_pt)
        element = self._build.new("P")
        if named.height_pt + contact.height_pt <= room:
            self._put(element, contact, _LEFT_MM, _TOP_MM + named.height_pt / PT_PER_MM)
            return []
        return [FlowItem(element, contact, 0.0)]

    def _place_beside(self, reference_lines: int) -> float:
        """Contact lines, address slot, date and reference; returns where the column right of the window ends, in mm."""
        style, letter = self._style, self._letter
        left = self._column_left_mm()
        end = _TOP_MM
        if style.beside:
            for line in letter.letterhead.contact_lines:
                block = _beside(line, style, self._profile)
                self._put(self._build.new("P"), block, left, end)
                end += block.height_pt / PT_PER_MM
        self._first.placed.append(Placed(self._build.new("P"), 0.0, 0.0, Slot.ADDRESS))
        end = max(end + style.leading_pt / PT_PER_MM, self._profile.visible_zone.top)
        date = _beside(letter.date_text, style, self._profile)
        self._put(self._build.new("P"), date, left, end)
        end += date.height_pt / PT_PER_MM
        if reference_lines:
            baseline = A4.up_pt(end) - style.body_pt * ASCENT
            self._first.placed.append(Placed(self._build.new("P"), left * PT_PER_MM, baseline, Slot.REFERENCE))
            end += reference_lines * style.leading_pt / PT_PER_MM
        return end

    def _place_marks(self) -> None:
        """Fold marks, and a rule above the letterhead."""
        left, right = (_LEFT_MM * PT_PER_MM, _RIGHT_MM * PT_PER_MM)
        top = A4.up_pt(_TOP_MM - 3.5)
        self._first.strokes.append(Stroke(left, top, right, top, 1.6, ACCENT))
        for fold in self._profile.folds_mm:
            start, end = (mark * PT_PER_MM for mark in _FOLD_MARK_MM)
            self._first.strokes.append(Stroke(start, A4.up_pt(fold), end, A4.up_pt(fold), 0.4, (0.45, 0.45, 0.45)))

    def _place_footer(self) -> float:
        """The small line at the foot of page 1, read last; returns the points it needs above the page number."""
        style = self._style
        if not self._letter.footer:
            return 0.0
        width = A4.words_pt - (110 if style.beside else 0)
        block = self._build.text(self._letter.footer, style.body_pt, width=width, leading=style.leading_pt)
        if len(block.lines) > 6:
            raise TextDoesNotFit(part="line at the foot of the page")
        above = len(block.lines) - 1 if style.beside else len(block.lines) + 0.6
        baseline = A4.up_pt(_LAST_BASELINE_MM) + above * style.leading_pt
        self._first.placed.append(Placed(self._build.new("P"), _LEFT_MM * PT_PER_MM, baseline, block))
        return above * style.leading_pt

    def _column_left_mm(self) -> float:
        return _column_left_mm(self._profile)

    def _put(self, element: int, block: TextBlock, left_mm: float, top_mm: float) -> None:
        baseline = A4.up_pt(top_mm) - block.size_pt * ASCENT
        self._first.placed.append(Placed(element, left_mm * PT_PER_MM, baseline, block))

    # ------------------------------------------------------------------ the text

    def _flow(self, salutation_lines: int) -> list[FlowItem]:
        style, letter = self._style, self._letter
        items: list[FlowItem] = []
        for number, block in enumerate(letter.blocks):
            if number == 0 and salutation_lines:
                empty = TextBlock(((),) * salutation_lines, style.body_pt, style.leading_pt)
                items.append(FlowItem(self._build.new("P"), empty, style.paragraph_gap_pt, slot=Slot.SALUTATION))
            else:
                items += self._build.block_items(block)
            if number == 0:
                items[-1].keep_next = True
                items.append(self._build.heading("H1", letter.title, style.title_pt, style.paragraph_gap_pt + 4))
        if letter.closing:
            stays_with_the_end(items, style)
            items += self._build.closing_items(letter.closing)
        return items


def number_pages(pages: Sequence[PagePlan], letter: Letter, style: PageStyle, frame: Frame) -> None:
    """Number the pages, if there is more than one, in the size of the body."""
    if len(pages) == 1:
        return
    words = words_in(letter.language).page
    for number, page in enumerate(pages, start=1):
        lines = break_lines((Run(words.format(number, len(pages))),), width=frame.words_pt, size_pt=style.body_pt)
        block = TextBlock(lines, style.body_pt, style.body_pt * 1.3)
        x = frame.right_mm * PT_PER_MM - block.width_pt if style.beside else frame.left_mm * PT_PER_MM
        page.placed.append(Placed(None, x, frame.up_pt(frame.last_baseline_mm), block))


def packed(lines: Sequence[str], width: float, size_pt: float) -> list[str]:
    """Neighbours together on one line where both fit whole."""
    found: list[str] = []
    for line in lines:
        together = f"{found[-1]} · {line}" if found else line
        if found and len(break_lines((Run(together),), width=width, size_pt=size_pt)) == 1:
            found[-1] = together
        else:
            found.append(line)
    return found


def _beside(text: str, style: PageStyle, profile: EnvelopeProfile) -> TextBlock:
    width = (_RIGHT_MM + 4 - _column_left_mm(profile)) * PT_PER_MM
    return TextBlock(break_lines((Run(text),), width=width, size_pt=style.body_pt), style.body_pt, style.leading_pt)


def _column_left_mm(profile: EnvelopeProfile) -> float:
    return profile.keep_clear_zone.right + 8


def _address_left_mm(profile: EnvelopeProfile) -> float:
    return profile.visible_zone.left + _ADDRESS_INSET_MM

