"""Documents without an address: sheets to hand over, notices to put up, cards to leave at a door.

No window and no fold; the landlord's name above, the title first. A notice is set large, to be read standing.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import replace

from core.foundation.errors import TextDoesNotFit
from core.letters.model import Blanks, Boxes, Drawing, Layout, Letter, Run
from core.letters.render.flow import (
    A4,
    ACCENT,
    ASCENT,
    STANDARD,
    FlowBuilder,
    FlowItem,
    Frame,
    LetterPlan,
    PagePlan,
    PageStyle,
    Picture,
    Placed,
    Stroke,
    paginate,
    stays_with_the_end,
)
from core.letters.render.layout import number_pages
from core.letters.render.lines import LineBreaker, TextBlock
from core.letters.render.tagging import PT_PER_MM, Element

_A3_OF_A4 = 2**0.5


class Paper(enum.Enum):
    """The size of a notice."""

    A4 = "a4"
    A3 = "a3"


_A3 = Frame(297.0, 420.0, 31.0, 266.0, 21.0, 31.0, 400.0)
CARD_FRAME = Frame(148.0, 210.0, 14.0, 134.0, 12.0, 15.0, 198.0)
NOTICE = PageStyle(
    body_pt=17, leading_pt=22.5, paragraph_gap_pt=11, item_gap_pt=5, heading_pt=20, heading_gap_pt=16, title_pt=34,
    name_pt=20, address_pt=12, beside=False,
)  # fmt: skip
LEAST_NOTICE_PT = 14.0
STAMP_BASELINE_MM = 9.0


def notice_frame(paper: Paper) -> Frame:
    """The page of a notice."""
    return _A3 if paper is Paper.A3 else A4


def notice_scale(paper: Paper) -> float:
    """How much larger everything stands than on A4."""
    return _A3_OF_A4 if paper is Paper.A3 else 1.0


def plan_paper(
    letter: Letter, style: PageStyle, *, paper: Paper = Paper.A4, breaker: LineBreaker | None = None
) -> tuple[LetterPlan, Frame]:
    """Place every word of a document that is no letter, and tell on which page. A notice stands on one page:
    its words become smaller until they do.

    Raises:
        TextDoesNotFit: a notice would have to be smaller than 14 points on A4.
    """
    lines = breaker or LineBreaker()
    if letter.layout is not Layout.NOTICE:
        frame = CARD_FRAME if letter.layout is Layout.CARD and style is STANDARD else A4
        return _planned(letter, style, frame, lines), frame
    frame, scale = notice_frame(paper), notice_scale(paper)
    factor = 1.0
    while NOTICE.body_pt * factor >= LEAST_NOTICE_PT:
        plan = _planned(letter, scaled(NOTICE, factor * scale), frame, lines)
        if len(plan.pages) == 1:
            return plan, frame
        factor -= 0.05
    raise TextDoesNotFit(part="notice")


def scaled(style: PageStyle, factor: float) -> PageStyle:
    """Every size of a notice, larger or smaller by one factor."""
    return replace(
        style, body_pt=style.body_pt * factor, leading_pt=style.leading_pt * factor,
        paragraph_gap_pt=style.paragraph_gap_pt * factor, item_gap_pt=style.item_gap_pt * factor,
        heading_pt=style.heading_pt * factor, heading_gap_pt=style.heading_gap_pt * factor,
        title_pt=style.title_pt * factor, name_pt=style.name_pt * factor,
    )  # fmt: skip


def _planned(letter: Letter, style: PageStyle, frame: Frame, breaker: LineBreaker) -> LetterPlan:
    build, first = FlowBuilder(style, frame, breaker), PagePlan()
    top = frame.up_pt(frame.top_mm - 3.5)
    left, right = frame.left_mm * PT_PER_MM, frame.right_mm * PT_PER_MM
    first.strokes.append(Stroke(left, top, right, top, 1.6, ACCENT))
    stamp = _stamp(letter, style, frame, build)
    stamped = build.new("P") if stamp is not None else None
    items = [*_head(letter, style, frame, build), *_words(letter, style, build)]
    footer = _footer(letter, style, frame, build)
    pages = paginate(
        items, first=first, top_pt=frame.top_mm * PT_PER_MM, footer_pt=footer.height_pt if footer else 0.0,
        style=style, frame=frame,
    )  # fmt: skip
    if footer is not None:
        up = frame.up_pt(frame.last_baseline_mm) + (len(footer.lines) - 1 + (len(pages) > 1)) * footer.leading_pt
        first.placed.append(Placed(build.new("P"), left, up, footer))
    number_pages(pages, letter, style, frame)
    if stamp is not None:
        right_pt = right - stamp.width_pt
        for number, page in enumerate(pages):  # heard once, seen on every page
            element = stamped if number == 0 else None
            page.placed.insert(0, Placed(element, right_pt, frame.up_pt(STAMP_BASELINE_MM), stamp))
    for page in pages:
        for placed in page.placed:
            if isinstance(placed.text, Picture) and placed.element is not None:
                build.elements[placed.element] = Element("Figure", attributes=_figure(placed, placed.text))
    return LetterPlan(tuple(build.elements), tuple(pages))


def _stamp(letter: Letter, style: PageStyle, frame: Frame, build: FlowBuilder) -> TextBlock | None:
    if not letter.stamp:
        return None
    block = build.text((Run(letter.stamp, True),), style.body_pt, width=frame.words_pt)
    if len(block.lines) > 1:
        raise TextDoesNotFit(part="stamp at the top of the page")
    return TextBlock(block.lines, block.size_pt, block.leading_pt, ACCENT)


def _figure(placed: Placed, picture: Picture) -> str:
    """What a reader hears of a picture, and where it stands."""
    says = "".join(c for c in picture.drawing.says if c.isascii() and c not in "()\\")
    x, y = placed.x_pt, placed.baseline_pt
    box = f"/BBox [{x:.2f} {y:.2f} {x + picture.width_pt:.2f} {y + picture.height_pt:.2f}]"
    return f"/Alt ({says}) /A <</O /Layout /Placement /Block {box}>>"


def _head(letter: Letter, style: PageStyle, frame: Frame, build: FlowBuilder) -> list[FlowItem]:
    name = build.text((Run(letter.letterhead.name, True),), style.name_pt * 0.85, width=frame.words_pt)
    named = TextBlock(name.lines, name.size_pt, name.leading_pt, ACCENT)
    items = [FlowItem(build.new("P"), named, 0.0, whole=True)]
    under = "\n".join(filter(None, (letter.date_text, letter.reference_text)))
    if under:
        block = build.text(under, style.body_pt, width=frame.words_pt, leading=style.leading_pt)
        items.append(FlowItem(build.new("P"), block, style.item_gap_pt, whole=True))
    title = build.heading("H1", letter.title, style.title_pt, style.paragraph_gap_pt + style.body_pt)
    return [*items, title]


def _words(letter: Letter, style: PageStyle, build: FlowBuilder) -> list[FlowItem]:
    items: list[FlowItem] = []
    for block, following in zip(letter.blocks, (*letter.blocks[1:], None), strict=True):
        made = build.block_items(block)
        if isinstance(following, (Boxes, Blanks, Drawing)) and made:
            made[-1].keep_next = True
        items += made
    if letter.closing:
        stays_with_the_end(items, style)
        items += build.closing_items(letter.closing)
    if letter.letterhead.contact_lines:
        stays_with_the_end(items, style)
        contact = build.text(
            "\n".join(pairs(letter.letterhead.contact_lines)), style.body_pt, width=build.words_pt,
            leading=style.leading_pt,
        )  # fmt: skip
        items.append(FlowItem(build.new("P"), contact, style.paragraph_gap_pt + 4, whole=True))
    return items


def pairs(lines: Sequence[str]) -> list[str]:
    """The address on a line of its own, everything else together on the next."""
    return [lines[0], " · ".join(lines[1:])] if len(lines) > 1 else list(lines)


def _footer(letter: Letter, style: PageStyle, frame: Frame, build: FlowBuilder) -> TextBlock | None:
    if not letter.footer:
        return None
    block = build.text(letter.footer, style.body_pt, width=frame.words_pt, leading=style.leading_pt)
    if block.height_pt > frame.height_mm * PT_PER_MM / 4 - ASCENT * style.body_pt:
        raise TextDoesNotFit(part="line at the foot of the page")
    return block
