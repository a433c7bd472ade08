"""Text into lines: nothing lost, nothing too wide, nothing parted that belongs together."""

from __future__ import annotations

import random

import pytest

from core.letters.model import Run
from core.letters.render.fonts import drawable
from core.letters.render.lines import TextBlock, break_lines, line_width_pt

WORDS = (
    "We will tell you within 24 hours call 01865 496 0123 on 3 May 2026 Ms Okafor at Flat 12 OX3 0AB, or ŵŷł".split()
)


@pytest.fixture(autouse=True)
def _typeface() -> None:
    drawable()


def texts(runs: list[Run], width: float, size: float = 12) -> list[str]:
    return ["".join(run.text for run in line) for line in break_lines(runs, width=width, size_pt=size)]


@pytest.mark.parametrize("seed", range(40))
def test_no_word_is_lost_and_no_line_is_too_wide(seed: int) -> None:
    dice = random.Random(seed)
    runs = [
        Run(" ".join(dice.choices(WORDS, k=dice.randrange(1, 30))) + dice.choice(["", " ", "\n"]), dice.random() < 0.3)
        for _ in range(dice.randrange(1, 5))
    ]
    width = dice.uniform(90, 480)
    lines = break_lines(runs, width=width, size_pt=12)
    whole = "".join(run.text for line in lines for run in line).replace("\u00a0", " ")
    assert whole.split() == "".join(run.text for run in runs).split()
    assert all(line_width_pt(line, 12) <= width + 0.01 for line in lines)


@pytest.mark.parametrize("seed", range(20))
def test_one_weight_and_many_runs_break_alike(seed: int) -> None:
    dice = random.Random(seed)
    text = " ".join(dice.choices(WORDS, k=40))
    cut = text.index(" ", 30)
    width = dice.uniform(120, 400)
    # A phone number or date that a run's edge cuts in two is the only thing that may fall differently.
    apart = (
        [Run(text[:cut]), Run(text[cut:])] if not any(c.isdigit() for c in text[cut - 14 : cut + 14]) else [Run(text)]
    )
    assert texts(apart, width) == texts([Run(text)], width)


def test_lines_end_in_a_space_but_the_last() -> None:
    found = texts([Run("one two three four five six seven eight")], 80)
    assert len(found) > 2
    assert all(line.endswith(" ") and not line.endswith("  ") for line in found[:-1])
    assert not found[-1].endswith(" ")


@pytest.mark.parametrize(
    "kept", ["01865 496 0123", "+44 (0)1865 496 0123", "3 May 2026", "24 hours", "OX3 0AB", "Ms Okafor", "Flat 12"]
)
def test_what_belongs_together_stays_together(kept: str) -> None:
    for pad in range(1, 40):
        assert any(
            kept in line.replace("\u00a0", " ") for line in texts([Run("x" * pad + " " + kept + " and more")], 150)
        )


def test_ordinary_words_are_not_glued() -> None:
    assert texts([Run("No answer")], 50) == ["No ", "answer"]


def test_a_word_longer_than_a_line_is_cut_and_whole() -> None:
    word = "hello@" + "very" * 20 + ".example/path_of_things"
    found = texts([Run("write to " + word + " today")], 100)
    assert word in "".join(found)
    assert all(line_width_pt((Run(line),), 12) <= 100 for line in found)


def test_a_new_line_in_the_text_is_a_new_line() -> None:
    assert texts([Run("one\ntwo"), Run("\nthree", True)], 200) == ["one ", "two ", "three"]


def test_a_block_knows_its_size() -> None:
    block = TextBlock(break_lines([Run("one two three four five six")], width=60, size_pt=12), 12, 15)
    assert block.height_pt == 15 * len(block.lines)
    assert 30 < block.width_pt <= 60
    assert block.part(1, 2).lines == block.lines[1:2]
