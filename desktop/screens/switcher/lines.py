"""The lines of the switcher: what each says and where it leads. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.domain.case import STAGES
from core.foundation.ids import RecordId
from core.services.case_page import CasePage
from core.services.cases import ListedCase
from core.services.interviews import InterviewRow
from core.services.lookup import FoundLetter
from core.services.organisation import MemberRow
from desktop.screens.case.chapters import titles_of_file
from desktop.screens.case.words import what_can_be_added
from desktop.screens.words import small_first
from desktop.widgets.moments import due_words, moment_words

COVER, LOCK = "cover", "lock"
"""What is no page: covering and locking."""
SCREENS_OF_A_CASE = frozenset({"letters", "visits", "interviews", "case-letter"})
"""What the menu of a case offers and is a screen of its own, not a step."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `page` and `arguments` are for the shell; `detail` says of what sort it is."""

    words: str
    detail: str
    page: str
    arguments: tuple[tuple[str, object], ...] = field(default=())
    named: str = ""
    """The same with its names and its place; empty if there are none to hide."""

    def shown(self, *, names: bool) -> str:
        """The second column."""
        return self.named if names and self.named else self.detail


@dataclass(frozen=True, slots=True)
class PageName:
    """A page that opens by its name: what it is called, the name the shell knows, its key."""

    words: str
    page: str
    key: str = ""


def page_lines(pages: Iterable[PageName]) -> tuple[Line, ...]:
    """The pages of the program, then covering and locking."""
    lines = [Line(one.words, f"Page, {one.key}" if one.key else "Page", one.page) for one in pages]
    return (*lines, Line("Cover", "Hide the screen, F9", COVER), Line("Lock", "Lock the workbook, F12", LOCK))


def case_lines(page: CasePage) -> tuple[Line, ...]:
    """What can be done in the case on show, in the words of its own menu and buttons."""
    case = page.file.case
    to, of = f"Add to {case.reference}", f"In {case.reference}"
    lines = [_step_line(words, step, case.id, to) for step, words, _ in what_can_be_added(page)]
    own = (("case", "Case"), ("interviews", "Private interview"), ("case-letter", "Write to one person"),
           ("access", "Who can read it"))  # fmt: skip
    there = {line.page for line in lines}
    lines += [Line(words, of, name, (("case", case.id),)) for name, words in own if name not in there]
    part = f"Page of {case.reference}"
    lines += [Line(title, part, "case", (("case", case.id), ("part", title))) for title in titles_of_file()]
    return tuple(lines)


def found_case(row: ListedCase, now: datetime) -> Line:
    """A case that was found: what it is about only where names are shown, and never before it was opened."""
    if row.shut:
        return Line(row.row.reference, "Case, not open to you yet", "case", (("case", row.row.id),))
    stage = STAGES.get(row.row.stage, row.row.stage)
    due = f"{due_words(row.next_due_at, now)}: {row.next_due}" if row.next_due_at else "Nothing due"
    about = ". ".join(part for part in (row.row.summary, row.row.place) if part)
    return Line(row.row.reference, f"Case, {stage.lower()}. {due}", "case", (("case", row.row.id),), f"Case. {about}")


def found_letter(one: FoundLetter) -> Line:
    """A letter to one person: to whom only where names are shown."""
    detail = f"Letter, {one.reference}"
    named = f"{detail}. To {one.addressee}" if one.addressee else ""
    return Line(one.name, detail, "case-letter", (("case", one.case), ("subject", one.letter)), named)


def found_interview(row: InterviewRow, now: datetime) -> Line:
    """A private interview: which case it belongs to, and when it was begun."""
    detail = f"Begun {small_first(moment_words(row.begun_at, now))}"
    return Line(row.label, detail, "interview", (("interview", row.interview), ("case", row.case)))


def found_colleague(row: MemberRow) -> Line:
    """Somebody who works here."""
    return Line(row.name, f"Colleague. {row.job_title}" if row.job_title else "Colleague", "colleague",
                (("user", row.user),))  # fmt: skip


def found_home(address: str) -> Line:
    """A home that was found."""
    return Line(address, "Home", "homes", (("words", address),))


def matching(lines: Sequence[Line], words: str) -> tuple[Line, ...]:
    """Lines in which every word begins a word; those that begin with what was typed come first. No words: all."""
    typed = _parts(words)
    found = [line for line in lines if all(any(part.startswith(one) for part in _parts(line.words)) for one in typed)]
    start = words.strip().casefold()
    return tuple(sorted(found, key=lambda line: not line.words.casefold().startswith(start)))


def _step_line(words: str, step: str, case: RecordId, to: str) -> Line:
    if step in SCREENS_OF_A_CASE:
        return Line(words, to, step, (("case", case),))
    return Line(words, to, "step", (("step", step), ("case", case)))


def _parts(words: str) -> list[str]:
    return re.findall(r"\w+", words.casefold())
