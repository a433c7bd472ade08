"""How a page that adds one thing to a case is declared: what it asks, and the operation that takes the answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from core.foundation.ids import RecordId
from core.services.case_page import CasePage
from core.services.organisation import MemberRow
from desktop.background import Job, Receiver
from desktop.operations.base import Runner

Answers = Mapping[str, object]
"""Name of a question -> text, True/False/None, a list of texts, or ISO text or None for a moment or a day.

A day or a number that cannot be read stands as it was typed, so that nothing is lost.
"""

Options = tuple[tuple[object, str], ...]


class Answer(Enum):
    """What kind of answer a question takes."""

    LINE = "line"
    WORDS = "words"
    NOTES = "notes"
    """The large box a note is written in."""
    MOMENT = "moment"
    DAY = "day"
    NUMBER = "number"
    YES_NO = "yes-no"
    ONE = "one"
    SOME = "some"
    FROM_LIST = "from-list"
    FOLDER = "folder"
    """A folder outside the workbook, to write files into."""
    FILE = "file"
    """A file outside the workbook, to attach."""


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What is known when the page opens. `subject`: the record the step is about, if one was named."""

    page: CasePage
    colleagues: tuple[MemberRow, ...]
    subject: RecordId | None
    now: datetime


def _never(page: CasePage) -> bool:
    return False


def _nothing(page: CasePage) -> str:
    return ""


def _always(facts: StepFacts, answers: Answers) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question. `need` is the sentence when it is left open and the service cannot tell; empty if it can.

    `options`, `start` and `applies` are asked anew each time the page opens (`applies` at every answer).
    """

    name: str
    kind: Answer
    label: str
    hint: str = ""
    section: str = ""
    """A heading before the question; said once where several questions in a row have the same."""
    optional: bool = False
    need: str = ""
    options: Callable[[StepFacts], Options] | None = None
    start: Callable[[StepFacts], object] | None = None
    applies: Callable[[StepFacts, Answers], bool] = _always


class Run(Protocol):
    """Starts the operation of a step."""

    def __call__(
        self, runner: Runner, facts: StepFacts, answers: Answers, on_done: Receiver, on_failed: Receiver
    ) -> Job: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page. `key` is its name in `go_to("step", step=...)` and in the names of drafts.

    A step of a chapter also says `menu`, its words in the menu of a case, the `group` it lies in there (empty: at the
    top), when it is `offered`, and the `clauses` of the policy it carries out.
    """

    key: str
    title: str
    lead: str
    asks: tuple[Ask, ...]
    save: str
    done: str
    run: Run
    menu: str = ""
    group: str = ""
    asks_from: Callable[[StepFacts], tuple[Ask, ...]] | None = None
    """The questions where they depend on the case or on what the organisation uses; `asks` is empty then."""
    also: tuple[tuple[str, str], ...] = ()
    """(words, step): other pages of the same case that belong before this one. What is typed here is kept meanwhile."""
    offered: Callable[[CasePage], bool] = _never
    clauses: tuple[str, ...] = ()
    remark: Callable[[CasePage], str] = _nothing
    """What to think of before this is done, as a sentence above the questions; empty if nothing."""

    @property
    def plain(self) -> bool:
        """Whether the draft is the text itself: one question, answered in words."""
        return len(self.asks) == 1 and self.asks[0].kind in (Answer.WORDS, Answer.NOTES)


def text(answers: Answers, name: str) -> str:
    """A text answer."""
    value = answers.get(name)
    return value if isinstance(value, str) else ""


def yes_no(answers: Answers, name: str) -> bool | None:
    """A yes-or-no answer; None if it was not given."""
    value = answers.get(name)
    return value if isinstance(value, bool) else None


def some(answers: Answers, name: str) -> frozenset[str]:
    """The ticked answers."""
    value = answers.get(name)
    return frozenset(str(item) for item in value) if isinstance(value, (list, tuple)) else frozenset()


def moment(answers: Answers, name: str) -> datetime:
    """A moment; the presenter has seen to it that it can be read."""
    return datetime.fromisoformat(text(answers, name))


def moment_if_any(answers: Answers, name: str) -> datetime | None:
    """A moment, or None where it was left open."""
    value = text(answers, name)
    return datetime.fromisoformat(value) if value else None


def day(answers: Answers, name: str) -> date | None:
    """A day, or None; the presenter has seen to it that it can be read."""
    value = text(answers, name)
    return date.fromisoformat(value) if value else None


def number(answers: Answers, name: str) -> int | None:
    """A whole number, or None; the presenter has seen to it that it can be read."""
    value = text(answers, name)
    return int(value) if value else None


def record_id(answers: Answers, name: str) -> RecordId | None:
    """A record chosen from a list."""
    value = text(answers, name)
    return RecordId(bytes.fromhex(value)) if value else None
