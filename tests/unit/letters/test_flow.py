"""Where a page ends: what closes a document never stands alone, and a heading on two lines has two even ones."""

from __future__ import annotations

import dataclasses

import pytest

from core.letters.model import Layout, Letter, Paragraph, Run
from core.letters.render.flow import A4, LARGE_PRINT, STANDARD, FlowBuilder, LetterPlan, PageStyle, Placed
from core.letters.render.fonts import drawable
from core.letters.render.layout import plan_letter
from core.letters.render.lines import LineBreaker, TextBlock
from core.letters.render.papers import plan_paper
from tests.support.letter_pages import sample_letter

BOTH = pytest.mark.parametrize("style", [STANDARD, LARGE_PRINT], ids=["standard", "large print"])
LAST = "These are the last words before the end, and there are a few of them, so that they take more than a line."


def words_of(placed: Placed) -> str:
    text = placed.text
    return "".join(run.text for line in text.lines for run in line) if isinstance(text, TextBlock) else ""


def last_page(plan: LetterPlan) -> str:
    return " ".join(words_of(placed) for placed in plan.pages[-1].placed)


def of_length(paragraphs: int, layout: Layout) -> Letter:
    blocks = (*(Paragraph((Run(f"Paragraph {n}."),)) for n in range(paragraphs)), Paragraph((Run(LAST),)))
    return dataclasses.replace(sample_letter(), blocks=blocks, layout=layout)


@BOTH
def test_what_closes_a_document_never_stands_alone_on_a_page(style: PageStyle) -> None:
    drawable()
    breaker, seen = LineBreaker(), set()
    for paragraphs in range(1, 45):
        letter = of_length(paragraphs, Layout.LETTER)
        plan = plan_letter(letter, style, slot_lines={}, breaker=breaker)
        seen.add(len(plan.pages))
        assert letter.closing[-1] in last_page(plan) and "last words before the end" in last_page(plan)
        sheet, _ = plan_paper(of_length(paragraphs, Layout.SHEET), style, breaker=breaker)
        assert "last words before the end" in last_page(sheet)
    assert len(seen) > 1, "the end of a page was met"


@BOTH
def test_the_lines_of_a_heading_are_about_as_long_as_each_other(style: PageStyle) -> None:
    drawable()
    build = FlowBuilder(style, A4, LineBreaker())
    one = build.heading("H1", "Short", style.title_pt, 0.0)
    assert len(one.text.lines) == 1
    for words in range(4, 30):
        lines = build.heading("H1", " ".join(["acceptable"] * words), style.title_pt, 0.0).text.lines
        lengths = [len("".join(run.text for run in line).split()) for line in lines]
        assert len(lines) == 1 or max(lengths) - min(lengths) <= len(lines), lengths
