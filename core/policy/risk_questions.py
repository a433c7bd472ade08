"""A set of questions about risk, as data: questions, weights, dangers that count whatever the score, and bands.

An organisation may put its own in the place of the shipped one (`resources/risk`). A case keeps the answers with the
version they were given to, so that a later set changes nothing that was assessed before.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from core.domain.risk import BANDS
from core.foundation.errors import PolicyPackInvalid

FORMAT = 1
MOST_WEIGHT = 100
NOT_ASKED, DECLINED = "not-asked", "declined"
ALWAYS_POSSIBLE = ((DECLINED, "Does not want to say"), (NOT_ASKED, "Not asked"))
"""Answers every question takes; neither is held against anybody, and neither adds to the score."""

T = TypeVar("T")


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
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise PolicyPackInvalid(reason=f"the questions are not readable ({problem})") from None
    top = _Row(content, "the questions")
    if top.number("format", at_most=1_000) != FORMAT:
        raise PolicyPackInvalid(reason=f"the format of the questions is not {FORMAT}")
    made = Questions(
        top.words("id"), top.number("version", at_most=1_000_000), top.words("title"), top.words("note"),
        top.each("bands", _band), top.each("floors", _floor), top.each("questions", _question),
    )  # fmt: skip
    _check(made)
    return made


def _band(row: _Row) -> Band:
    return Band(row.words("code"), row.words("words"), row.number("from", at_most=10_000))


def _floor(row: _Row) -> Floor:
    return Floor(row.words("code"), row.words("words"))


def _question(row: _Row) -> Question:
    return Question(row.words("code"), row.words("section"), row.words("words"), row.each("options", _option))


def _option(row: _Row) -> Option:
    return Option(row.words("code"), row.words("words"), row.number("weight", at_most=MOST_WEIGHT))


def _check(made: Questions) -> None:
    _distinct("bands", [band.code for band in made.bands])
    _distinct("floors", [floor.code for floor in made.floors])
    _distinct("questions", [question.code for question in made.questions])
    if [band.code for band in made.bands] != list(BANDS):
        raise PolicyPackInvalid(reason=f"the bands must be {', '.join(BANDS)}, in this order")
    starts = [band.at_least for band in made.bands]
    if starts != sorted(set(starts)) or starts[0] != 0:
        raise PolicyPackInvalid(reason="each band begins above the one before, and the first at 0")
    for question in made.questions:
        codes = [option.code for option in question.options]
        _distinct(f"answers of {question.code}", codes)
        if len(codes) < 2 or {NOT_ASKED, DECLINED} & set(codes) or any(":" in code for code in (question.code, *codes)):
            raise PolicyPackInvalid(reason=f"the answers of {question.code} cannot be used")
    if not made.questions:
        raise PolicyPackInvalid(reason="there is no question")


def _distinct(what: str, codes: list[str]) -> None:
    if len(set(codes)) != len(codes):
        raise PolicyPackInvalid(reason=f"two of the {what} are the same")


class _Row:
    """One JSON object, with its place for the sentence when something is wrong."""

    def __init__(self, content: Any, where: str) -> None:
        if not isinstance(content, dict):
            raise PolicyPackInvalid(reason=f"{where} is not a list of named values")
        self._content, self._where = content, where

    def words(self, name: str) -> str:
        value = self._content.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > 1_000:
            raise PolicyPackInvalid(reason=f"{name} of {self._where} is not a text")
        return value

    def number(self, name: str, *, at_most: int) -> int:
        value = self._content.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= at_most:
            raise PolicyPackInvalid(reason=f"{name} of {self._where} is not a whole number from 0 to {at_most}")
        return value

    def each(self, name: str, read: Callable[[_Row], T]) -> tuple[T, ...]:
        value = self._content.get(name)
        if not isinstance(value, list) or len(value) > 500:
            raise PolicyPackInvalid(reason=f"{name} of {self._where} is not a list")
        return tuple(read(_Row(item, f"{name}, row {place}")) for place, item in enumerate(value, start=1))
