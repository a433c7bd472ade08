"""A set of questions about risk, as data: questions, weights, dangers that count whatever the score, and bands.

An organisation may put its own in the place of the shipped one (`resources/risk`). A case keeps the answers with the
version they were given to, so that a later set changes nothing that was assessed before.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.risk import BANDS
from core.policy.rows import Noted, Row, top_row

FORMAT = 1
MOST_WEIGHT = 100
NOT_ASKED, DECLINED = "not-asked", "declined"
ALWAYS_POSSIBLE = ((DECLINED, "Does not want to say"), (NOT_ASKED, "Not asked"))
"""Answers every question takes; neither is held against anybody, and neither adds to the score."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer and what it adds to the score."""

    code: str
    words: str
    weight: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question with its answers, in the order shown."""

    code: str
    section: str
    words: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Floor:
    """A danger that makes the risk high whatever the score."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Band:
    """A band begins at `at_least` points."""

    code: str
    words: str
    at_least: int


@dataclass(frozen=True, slots=True)
class Questions:
    """One version of a set."""

    id: str
    version: int
    title: str
    note: str
    bands: tuple[Band, ...]
    floors: tuple[Floor, ...]
    questions: tuple[Question, ...]

    @property
    def most(self) -> int:
        """The highest score there can be."""
        return sum(max(option.weight for option in question.options) for question in self.questions)


def parse_questions(text: str) -> Questions:
    """Read a set.

    Raises:
        PolicyPackInvalid: not whole; the sentence names the row.
    """
    top = top_row(text, "the questions", formats=FORMAT)
    made = Questions(
        top.words("id"), top.whole("version", most=1_000_000), top.words("title"), top.words("note"),
        top.each("bands", _band), top.each("floors", _floor), top.each("questions", _question),
    )  # fmt: skip
    top.nothing_else()
    top.noted.settle()
    _check(made, top.noted)
    top.noted.settle()
    return made


def _band(row: Row) -> Band:
    return Band(row.words("code"), row.words("words"), row.whole("from", least=0, most=10_000))


def _floor(row: Row) -> Floor:
    return Floor(row.words("code"), row.words("words"))


def _question(row: Row) -> Question:
    return Question(row.words("code"), row.words("section"), row.words("words"), row.each("options", _option))


def _option(row: Row) -> Option:
    return Option(row.words("code"), row.words("words"), row.whole("weight", least=0, most=MOST_WEIGHT))


def _check(made: Questions, noted: Noted) -> None:
    _distinct(noted, "bands", [band.code for band in made.bands])
    _distinct(noted, "floors", [floor.code for floor in made.floors])
    _distinct(noted, "questions", [question.code for question in made.questions])
    if [band.code for band in made.bands] != list(BANDS):
        noted.add(f"the bands must be {', '.join(BANDS)}, in this order")
    starts = [band.at_least for band in made.bands]
    if starts != sorted(set(starts)) or starts[:1] != [0]:
        noted.add("each band begins above the one before, and the first at 0")
    for question in made.questions:
        codes = [option.code for option in question.options]
        _distinct(noted, f"answers of {question.code}", codes)
        if len(codes) < 2 or {NOT_ASKED, DECLINED} & set(codes) or any(":" in code for code in (question.code, *codes)):
            noted.add(f"the answers of {question.code} cannot be used")
    if not made.questions:
        noted.add("there is no question")


def _distinct(noted: Noted, what: str, codes: list[str]) -> None:
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        noted.add(f"two of the {what} are the same: {code}")
