"""Help: the guide by section, the policy by clause, and one search over both."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.foundation.errors import AppError
from core.services.guide import Kind, Part, Run, Section
from desktop.operations.help import Book
from desktop.screens.asking import Question
from desktop.screens.help.places import section_for
from desktop.screens.words import count_words

if TYPE_CHECKING:
    from core.policy.pack import Clause
    from core.services.clauses import ClausePage

OWN_WORDS = "In our own plain words; the wording that counts is the landlord's. The Organisation page has copies."
LANDLORDS_WORDS = "The landlord's own text, as it was given on the Organisation page."
HERE = "Everything here is in the program. Nothing is looked up on the internet."
AS_SHIPPED = "The policy stands here as it comes with the program; your organisation may have changed it."
_NUMBER = re.compile(r"\b[1-9]\.\d{1,2}\b")
_LONGEST_EXCERPT = 220


class Showing(Enum):
    """What the page shows."""

    CONTENTS = "contents"
    SECTION = "section"
    CLAUSE = "clause"
    FOUND = "found"


@dataclass(frozen=True, slots=True)
class Way:
    """A line that leads to a section or a clause, with a few words of what is there. `inner`: under the one above."""

    words: str
    section: str = ""
    clause: str = ""
    excerpt: str = ""
    inner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpView:
    """The page. `ways` are grouped under headings; `before` and `after` are the neighbours of a section or clause."""

    showing: Showing
    heading: str
    lead: str = ""
    parts: tuple[Part, ...] = ()
    ways: tuple[tuple[str, tuple[Way, ...]], ...] = ()
    before: Way | None = None
    after: Way | None = None


class HelpPresenter(QObject):
    """Reads the guide once; looks up a clause each time, since the policy may have changed."""

    shown = Signal(object)
    """`HelpView`."""
    failed = Signal(object)

    def __init__(self, book: Book, go_to: Callable[..., None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book, self._go_to = book, go_to
        self._sections: tuple[Section, ...] | None = None
        self._clauses: tuple[Clause, ...] | None = None
        self._mark = 0
        self._wanted = ("", "", "")
        """(section, clause, words)."""

    def arrive(self, *, section: str, clause: str, place: str, step: str) -> None:
        """Open a clause, a section, or the section of a screen; otherwise the contents."""
        self._wanted = (section or section_for(place, step), clause, "")
        self._mark += 1
        if self._sections is None:
            self._book.read_guide(on_done=self._have_guide, on_failed=self._could_not)
        if self._clauses is None:
            self._book.list_clauses(on_done=self._have_clauses, on_failed=self._could_not)
        self._show()

    def search(self, words: str) -> None:
        """List the sections and clauses in which every word begins a word; no words: back to the contents."""
        self._wanted = ("", "", words)
        self._mark += 1
        self._show()

    def follow(self, way: Way) -> None:
        """Open what a line leads to; Esc comes back."""
        if way.clause:
            self._go_to("help", clause=way.clause)
        else:
            self._go_to("help", section=way.section)

    def contents(self) -> None:
        """The list of everything."""
        self._go_to("help")

    # ------------------------------------------------------------------ answers

    def _have_guide(self, sections: tuple[Section, ...]) -> None:
        self._sections = sections
        self._show()

    def _have_clauses(self, clauses: tuple[Clause, ...]) -> None:
        self._clauses = clauses
        self._show()

    def _could_not(self, error: AppError) -> None:
        self.failed.emit(error)

    def _show(self) -> None:
        section, clause, words = self._wanted
        if clause:
            question = Question(self._mark, self)
            question.answered.connect(self._have_clause)
            question.failed.connect(self._no_clause)
            self._book.show_clause(clause, on_done=question.done, on_failed=question.fail)
        elif self._sections is None:
            return  # the policy may take longer, and is added when it is there
        elif words:
            self._show_found(words)
        else:
            found = next((one for one in self._sections if one.title == section), None)
            self.shown.emit(self._contents() if found is None else self._section(found))

    def _have_clause(self, mark: int, page: ClausePage) -> None:
        if mark == self._mark:
            before, after = self._beside([way_of(one) for one in self._clauses or ()], page.number)
            self.shown.emit(clause_view(page, before, after))

    def _no_clause(self, mark: int, error: AppError) -> None:
        if mark == self._mark:
            self.failed.emit(error)

    def _contents(self) -> HelpView:
        sections = tuple(Way(one.title, section=one.title, inner=bool(one.under)) for one in self._sections or ())
        clauses = tuple(way_of(one) for one in self._clauses or ())
        return HelpView(
            showing=Showing.CONTENTS, heading="What the guide and the policy say",
            lead=f"{HERE} {AS_SHIPPED}" if self._book.shipped else HERE,
            ways=(("The guide", sections), ("The policy, clause by clause", clauses)),
        )  # fmt: skip

    def _section(self, section: Section) -> HelpView:
        sections = self._sections or ()
        ways = [Way(one.title, section=one.title) for one in sections]
        before, after = self._beside(ways, section.title)
        below = tuple(Way(one.title, section=one.title) for one in sections if one.under == section.title)
        known = {clause.number: clause for clause in self._clauses or ()}
        numbers = dict.fromkeys(number for part in section.parts for number in _NUMBER.findall(part.words))
        clauses = tuple(way_of(known[number]) for number in numbers if number in known)
        groups = (("More on this", below), ("The policy behind it", clauses))
        return HelpView(
            showing=Showing.SECTION, heading=section.heading, lead=section.under and f"Part of: {section.under}",
            parts=section.parts, ways=tuple(group for group in groups if group[1]), before=before, after=after,
        )  # fmt: skip

    @staticmethod
    def _beside(ways: Sequence[Way], here: str) -> tuple[Way | None, Way | None]:
        at = next((place for place, way in enumerate(ways) if here in (way.section, way.clause)), None)
        if at is None:
            return None, None
        return (ways[at - 1] if at else None, ways[at + 1] if at + 1 < len(ways) else None)

    def _show_found(self, words: str) -> None:
        sections = [way for one in self._sections or () if (way := _in_section(one, words)) is not None]
        sections.sort(key=lambda way: not _has(way.words, words))
        clauses = [
            Way(way_of(one).words, clause=one.number, excerpt=one.paraphrase)
            for one in self._clauses or ()
            if _has(f"{one.number} {one.title} {one.paraphrase}", words)
        ]
        count = len(sections) + len(clauses)
        groups = (("The guide", tuple(sections)), ("The policy", tuple(clauses)))
        lead = count_words(count, "place", "places") if count else f"Nothing is said about '{words}'. Try another word."
        self.shown.emit(
            HelpView(
                showing=Showing.FOUND,
                heading=f"Found for '{words}'",
                lead=lead,
                ways=tuple(group for group in groups if group[1]),
            )
        )


def way_of(clause: Clause) -> Way:
    """The line that leads to a clause."""
    return Way(f"{clause.number} {clause.title}", clause=clause.number)


def clause_view(page: ClausePage, before: Way | None, after: Way | None) -> HelpView:
    """A clause as a page: its words, its times, and where the program keeps it."""
    said = page.own or page.words
    parts = [_plain(line) for line in said.split("\n\n") if line.strip()]
    if page.own:
        parts += [_strong("In plain words"), _plain(page.words)]
    if page.times:
        parts += [_strong("Times"), *(Part(Kind.POINT, (Run(time),)) for time in page.times)]
    if page.promises:
        parts.append(_strong("What the program does to keep it"))
    parts += [
        Part(Kind.POINT, (Run(f"{promise.words}. "), Run(f"Seen on: {', '.join(promise.screens)}.")))
        for promise in page.promises
    ]
    return HelpView(
        showing=Showing.CLAUSE, heading=f"Policy {page.number}: {page.title}",
        lead=f"{page.source} {LANDLORDS_WORDS if page.own else OWN_WORDS}", parts=tuple(parts),
        before=before, after=after,
    )  # fmt: skip


def _plain(words: str) -> Part:
    return Part(Kind.WORDS, (Run(" ".join(words.split())),))


def _strong(words: str) -> Part:
    return Part(Kind.WORDS, (Run(words, strong=True),))


def _in_section(section: Section, words: str) -> Way | None:
    """The line of a section in which all words stand, with the part that has most of them."""
    whole = " ".join((section.title, *(part.words for part in section.parts)))
    if not _has(whole, words):
        return None
    typed = words.split()
    best = max(section.parts, key=lambda part: sum(_has(part.words, one) for one in typed), default=None)
    return Way(section.title, section=section.title, excerpt=_excerpt(best.words, typed[0]) if best else "")


def _excerpt(words: str, first: str) -> str:
    """A few sentences around the first word that was typed."""
    if len(words) <= _LONGEST_EXCERPT:
        return words
    at = max(0, words.casefold().find(first.casefold()) - _LONGEST_EXCERPT // 3)
    start = words.rfind(" ", 0, at) + 1 if at else 0
    end = words.find(" ", min(len(words) - 1, start + _LONGEST_EXCERPT))
    cut = words[start : end if end > 0 else len(words)]
    return f"{'... ' if start else ''}{cut}{' ...' if end > 0 else ''}"


def _has(text: str, words: str) -> bool:
    """Whether every word begins a word of the text. A clause number counts as one word."""
    said = re.findall(r"[\w.]+", text.casefold())
    return all(any(one.startswith(typed) for one in said) for typed in words.casefold().split())
