"""The prompts of a private interview, as data (policy 4.26).

What to ask, what is asked of each thing that happened, and which questions of the risk assessment are answered along
the way.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.foundation.errors import PolicyPackInvalid

FORMAT = 1
EVENT_FIELDS = ("what", "who", "happened_text", "place", "impact")
"""Who, what, when, where, impact: the fields of what happened. A set asks each of them once."""
_LONGEST = 1_000
_MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Prompt:
    """One thing to ask or to say, under its heading."""

    code: str
    section: str
    words: str


@dataclass(frozen=True, slots=True)
class EventQuestion:
    """The question for one field of what happened."""

    field: str
    words: str


@dataclass(frozen=True, slots=True)
class InterviewQuestions:
    """One version of the set. `risk`: codes of questions of the risk assessment, in the order asked."""

    id: str
    version: int
    title: str
    prompts: tuple[Prompt, ...]
    event: tuple[EventQuestion, ...]
    risk: tuple[str, ...]

    def words_of(self, field: str) -> str:
        """The question for a field of what happened."""
        return next(one.words for one in self.event if one.field == field)


def parse_interview_questions(text: str) -> InterviewQuestions:
    """Read a set (policy 4.26).

    Raises:
        PolicyPackInvalid: not whole; the sentence names the row.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise PolicyPackInvalid(reason=f"the prompts are not readable ({problem})") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise PolicyPackInvalid(reason=f"the format of the prompts is not {FORMAT}")
    version = content.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise PolicyPackInvalid(reason="version of the prompts is not a whole number from 1")
    prompts = tuple(
        Prompt(_words(row, "code", where), _words(row, "section", where), _words(row, "words", where))
        for row, where in _rows(content, "prompts")
    )
    event = tuple(
        EventQuestion(_words(row, "code", where), _words(row, "words", where)) for row, where in _rows(content, "event")
    )
    risk = _codes(content.get("risk"))
    _distinct("prompts", [one.code for one in prompts])
    _distinct("risk", risk)
    if sorted(one.field for one in event) != sorted(EVENT_FIELDS):
        raise PolicyPackInvalid(reason=f"event must ask {', '.join(EVENT_FIELDS)}, each once")
    return InterviewQuestions(
        _words(content, "id", "the prompts"), version, _words(content, "title", "the prompts"), prompts, event,
        tuple(risk),
    )  # fmt: skip


def _rows(content: dict[str, Any], name: str) -> list[tuple[dict[str, Any], str]]:
    rows = content.get(name)
    if not isinstance(rows, list) or not 0 < len(rows) <= _MOST_ROWS:
        raise PolicyPackInvalid(reason=f"{name} is not a list of rows")
    found = []
    for place, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise PolicyPackInvalid(reason=f"{name}, row {place}, is not a list of named values")
        found.append((row, f"{name}, row {place},"))
    return found


def _words(row: dict[str, Any], name: str, where: str) -> str:
    value = row.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST:
        raise PolicyPackInvalid(reason=f"{name} of {where} is not a text")
    return value


def _codes(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(code, str) and code for code in value):
        raise PolicyPackInvalid(reason="risk is not a list of codes")
    return [str(code) for code in value]


def _distinct(what: str, codes: Sequence[str]) -> None:
    if len(set(codes)) != len(codes):
        raise PolicyPackInvalid(reason=f"two of the {what} are the same")
