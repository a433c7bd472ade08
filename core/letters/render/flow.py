"""Blocks of a letter to lines that flow from page to page, before anything is drawn.

Sizes follow UKAAF G003 (2019): nothing under 12 pt in a standard letter; large print is 18 pt, reflowed,
page numbers and labels as large as the body, left aligned, a blank line between paragraphs.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.letters.model import Blanks, Block, Boxes, Bullets, Drawing, Heading, Paragraph, Run
from core.letters.render.lines import LineBreaker, TextBlock
from core.letters.render.tagging import LIST_ATTRIBUTES, PT_PER_MM, ROOT, Element

INK = (0.0, 0.0, 0.0)
ACCENT = (0.07, 0.25, 0.33)
"""A dark blue-green that stays nearly black on a one-colour printer (contrast on white 11:1)."""
ASCENT, DESCENT = 0.95, 0.26
"""Parts of the size that capitals with accents, and letters below the line, need."""

NOTHING_READ = -1
"""As `FlowItem.element`: there is nothing a reader could hear."""
_RULED_LEADING = 2.3
_GREY = (0.45, 0.45, 0.45)
DRAWN_WIDTH_PT = 200.0


@dataclass(frozen=True, slots=True)
class Frame:
    """A page and where its words may stand; millimetres from the top left corner."""

    width_mm: float
    height_mm: float
    left_mm: float
    right_mm: float
    top_mm: float
    next_top_mm: float
    last_baseline_mm: float

    @property
    def words_pt(self) -> float:
        """The width of a line."""
        return (self.right_mm - self.left_mm) * PT_PER_MM

    def up_pt(self, from_top_mm: float) -> float:
        """Points from the bottom of the page."""
        return (self.height_mm - from_top_mm) * PT_PER_MM


A4 = Frame(210.0, 297.0, 22.0, 188.0, 15.0, 22.0, 283.0)


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
class Picture:
    """A drawing at its size on the page."""

    drawing: Drawing
    width_pt: float
    height_pt: float


@dataclass(frozen=True, slots=True)
class Placed:
    """Text at a point: left edge and first baseline, in points from the bottom left. `element` None: decoration.

    Of a picture the point is its bottom left corner.
    """

    element: int | None
    x_pt: float
    baseline_pt: float
    text: TextBlock | Slot | Picture


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


@dataclass(slots=True)
class FlowItem:
    """Text that may move to the next page. `least` lines must stay together at a page end."""

    element: int
    text: TextBlock
    gap_pt: float
    indent_pt: float = 0.0
    keep_next: bool = False
    whole: bool = False
    bullet: tuple[int, TextBlock] | None = None
    slot: Slot | None = None
    box: bool = False
    """Whether an empty box stands before it."""
    ruled: bool = False
    """Whether it is lines to write on, and no words."""
    picture: Picture | None = None
    to_end: bool = False
    """Whether it stays with everything that follows: what ends a document does not stand on a page of its own."""

    @property
    def least(self) -> int:
        count = len(self.text.lines)
        return count if self.whole or self.keep_next or count < 4 else 2


class FlowBuilder:
    """Makes the elements and the flowing lines of one letter, in reading order."""

    def __init__(self, style: PageStyle, frame: Frame, breaker: LineBreaker) -> None:
        self._style = style
        self._frame = frame
        self._breaker = breaker
        self.elements: list[Element] = []

    @property
    def words_pt(self) -> float:
        """The width of a line."""
        return self._frame.words_pt

    def new(self, role: str, parent: int = ROOT, attributes: str = "") -> int:
        """A new element; its place in `elements`."""
        self.elements.append(Element(role, parent, attributes))
        return len(self.elements) - 1

    def text(self, runs: Sequence[Run] | str, size: float, *, width: float, leading: float = 0.0) -> TextBlock:
        """Words broken into lines `width` points wide."""
        source = (Run(runs),) if isinstance(runs, str) else runs
        return TextBlock(self._breaker.lines(source, width=width, size_pt=size), size, leading or size * 1.3)

    def heading(self, role: str, text: str, size: float, gap: float) -> FlowItem:
        """A line that stays with what follows."""
        block = self._even(Run(text, True), size)
        coloured = TextBlock(block.lines, block.size_pt, block.leading_pt, ACCENT)
        return FlowItem(self.new(role), coloured, gap, keep_next=True)

    def _even(self, run: Run, size: float) -> TextBlock:
        """No more lines than needed, and about as long as each other: no single word on the last."""
        width = self._frame.words_pt
        block = self.text((run,), size, width=width, leading=size * 1.25)
        while len(block.lines) > 1 and width > self._frame.words_pt / 2:
            width -= size
            narrower = self.text((run,), size, width=width, leading=size * 1.25)
            if len(narrower.lines) > len(block.lines):
                break
            block = narrower
        return block

    def block_items(self, block: Block) -> list[FlowItem]:
        """A block as items; a list has one for each item."""
        style = self._style
        match block:
            case Heading(text):
                return [self.heading("H2", text, style.heading_pt, style.heading_gap_pt)]
            case Paragraph(runs):
                text_block = self.text(runs, style.body_pt, width=self._frame.words_pt, leading=style.leading_pt)
                leads_in = block.plain.rstrip().endswith(":")
                return [FlowItem(self.new("P"), text_block, style.paragraph_gap_pt, keep_next=leads_in)]
            case Bullets(items):
                return self._bullets(items)
            case Boxes(items):
                return self._boxes(items)
            case Blanks(count):
                lines = TextBlock(((),) * count, style.body_pt, style.body_pt * _RULED_LEADING)
                return [FlowItem(NOTHING_READ, lines, style.item_gap_pt, ruled=True)]
            case Drawing():
                return [self._drawing(block)]

    def _bullets(self, items: Sequence[Sequence[Run]]) -> list[FlowItem]:
        style = self._style
        indent = style.body_pt * 1.25
        the_list = self.new("L", attributes=LIST_ATTRIBUTES)
        bullet = self.text("•", style.body_pt, width=indent, leading=style.leading_pt)
        found = []
        for number, runs in enumerate(items):
            item = self.new("LI", the_list)
            label = self.new("Lbl", item)
            body = self.new("LBody", item)
            text = self.text(runs, style.body_pt, width=self._frame.words_pt - indent, leading=style.leading_pt)
            gap = style.item_gap_pt if number else min(style.paragraph_gap_pt, style.leading_pt * 0.5)
            short = len(text.lines) < 4
            found.append(FlowItem(body, text, gap, indent_pt=indent, bullet=(label, bullet), whole=short))
        # Neither the first nor the last of a list stands alone on a page.
        for near_end in found[:1] + found[-2:-1]:
            near_end.keep_next = len(found) > 1
        return found

    def _boxes(self, items: Sequence[Sequence[Run]]) -> list[FlowItem]:
        """Answers of one question, never parted from each other's lines; the box is drawn, the words are read."""
        style = self._style
        indent = style.body_pt * 1.7
        the_list = self.new("L", attributes=LIST_ATTRIBUTES)
        found = []
        for number, runs in enumerate(items):
            body = self.new("LBody", self.new("LI", the_list))
            text = self.text(runs, style.body_pt, width=self._frame.words_pt - indent, leading=style.leading_pt * 1.15)
            gap = style.item_gap_pt if number else style.item_gap_pt + 2
            found.append(FlowItem(body, text, gap, indent_pt=indent, box=True, whole=True))
        for item in found[:-1]:
            item.keep_next = True
        return found

    def _drawing(self, drawing: Drawing) -> FlowItem:
        """What was drawn by hand, never parted from the words before it."""
        height = DRAWN_WIDTH_PT * drawing.height / drawing.width
        room = TextBlock(((),), self._style.body_pt, height)
        picture = Picture(drawing, DRAWN_WIDTH_PT, height)
        return FlowItem(self.new("Figure"), room, self._style.item_gap_pt, whole=True, picture=picture)

    def closing_items(self, closing: Sequence[str]) -> list[FlowItem]:
        """The valediction, room for a signature where a person signs, and the signatory, never parted."""
        style = self._style
        element = self.new("P")
        signed = 2.2 * style.leading_pt if len(closing) > 2 else 0.35 * style.leading_pt
        first = self.text(closing[0], style.body_pt, width=self._frame.words_pt, leading=style.leading_pt)
        items = [FlowItem(element, first, style.paragraph_gap_pt + 2, keep_next=len(closing) > 1, whole=True)]
        items[0].to_end = True
        if len(closing) > 1:
            rest = self.text(
                "\n".join(closing[1:]), style.body_pt, width=self._frame.words_pt, leading=style.leading_pt
            )
            items.append(FlowItem(element, rest, signed, whole=True))
        return items


def stays_with_the_end(items: Sequence[FlowItem], style: PageStyle) -> None:
    """The last words before what closes a document go with it, if they are few."""
    if items and items[-1].text.height_pt < 8 * style.leading_pt:
        items[-1].keep_next = items[-1].to_end = True


def paginate(  # where the flow begins, by keyword
    items: Sequence[FlowItem], *, first: PagePlan, top_pt: float, footer_pt: float, style: PageStyle, frame: Frame
) -> list[PagePlan]:
    """Set the items on `first` from `top_pt` below its top edge, and on as many pages as they need.

    `footer_pt` is kept free above the last line of the first page.
    """
    last_line = frame.last_baseline_mm * PT_PER_MM - style.leading_pt * 1.5
    pages = [first]
    y, bottom, fresh = top_pt, last_line - footer_pt, True

    def turn() -> None:
        nonlocal y, bottom, fresh
        pages.append(PagePlan())
        y, bottom, fresh = frame.next_top_mm * PT_PER_MM, last_line, True

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
            _set(pages[-1], item, start, start + take, y + gap, frame)
            y += gap + take * item.text.leading_pt
            start += take
            fresh = False
            if start < count:
                turn()
    return pages


def _set(  # one private step of `paginate`
    page: PagePlan, item: FlowItem, start: int, end: int, top_pt: float, frame: Frame
) -> None:
    x = frame.left_mm * PT_PER_MM
    baseline = frame.height_mm * PT_PER_MM - top_pt - item.text.leading_pt * 0.76
    if item.ruled:
        for line in range(end - start):
            y = frame.height_mm * PT_PER_MM - top_pt - (line + 0.85) * item.text.leading_pt
            page.strokes.append(Stroke(x, y, x + frame.words_pt, y, 0.6, _GREY))
        return
    if item.picture is not None:
        bottom = frame.height_mm * PT_PER_MM - top_pt - item.picture.height_pt
        page.placed.append(Placed(item.element, x, bottom, item.picture))
        return
    if item.box and start == 0:
        page.strokes += _box(x + 1, baseline, item.text.size_pt)
    if item.bullet is not None and start == 0:
        label, bullet = item.bullet
        page.placed.append(Placed(label, x + 2, baseline, bullet))
    text = item.slot or item.text.part(start, end)
    placed = Placed(item.element, x + item.indent_pt, baseline, text)
    page.placed.append(placed)


def _box(x_pt: float, baseline_pt: float, size_pt: float) -> list[Stroke]:
    """An empty box that stands on the line."""
    side = size_pt * 0.9
    x0, x1, y0, y1 = x_pt, x_pt + side, baseline_pt - size_pt * 0.12, baseline_pt - size_pt * 0.12 + side
    edges = ((x0, y0, x1, y0), (x1, y0, x1, y1), (x1, y1, x0, y1), (x0, y1, x0, y0))
    return [Stroke(*edge, 0.8, INK) for edge in edges]


def _kept_together_pt(items: Sequence[FlowItem], index: int) -> float:
    """Points from the top of an item to the end of what must be on the same page."""
    height = 0.0
    while True:
        item = items[index]
        height += item.least * item.text.leading_pt
        index += 1
        enough = height > 6 * item.text.leading_pt  # long runs of small pieces may part after all
        if not item.keep_next or (enough and not item.to_end) or index == len(items):
            return height
        height += items[index].gap_pt
