"""Whatever somebody types, looked for in one question: cases this person may read, what is theirs, homes, colleagues.

And the list of cases.

A case that is still shut for this person (policy 4.31) shows only what the question before it shows, and is found only
by that: its reference, names and places. Otherwise one could ask, word by word, what stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.domain.case import Case
from core.domain.letters import CaseLetter
from core.foundation.ids import RecordId
from core.services import cases, homes
from core.services.cases import CaseOutline, CasePage, ListedCase
from core.services.declarations import Shown, shown_before, shut_among
from core.services.interviews import InterviewRow, list_interviews
from core.services.organisation import MemberRow, members
from core.services.workspace import Workspace
from core.store.casebook import PageKey
from core.store.store import table_of

MOST_CASES, MOST_HOMES, MOST_OTHERS = 12, 6, 6
"""Who finds more than that types another word."""
LETTERS_LOOKED_AT = 60
INTERVIEW = ("private", "interview")
"""Interviews are looked through once somebody types one of these, or something with a number in it."""
TO_SAY = "say first whether you are connected with it"
"""In the place of what is due in a case that is shut."""


@dataclass(frozen=True, slots=True)
class FoundLetter:
    """A letter to one person. `name`: what sort of letter; `addressee`: the name on it."""

    letter: RecordId
    case: RecordId
    reference: str
    name: str
    addressee: str


@dataclass(frozen=True, slots=True)
class Found:
    """Newest first. `homes` are addresses in one line. `more_cases`: there are others that match as well.

    `interviews` by the case they belong to and the day they were begun; nothing of them is opened.
    """

    cases: tuple[ListedCase, ...]
    more_cases: bool
    homes: tuple[str, ...]
    letters: tuple[FoundLetter, ...] = ()
    interviews: tuple[InterviewRow, ...] = ()
    colleagues: tuple[MemberRow, ...] = ()


def find_anywhere(workspace: Workspace, *, words: str) -> Found:
    """Cases in whose file, and homes in whose address, every word begins a word; nothing for no words.

    It is the search of the Cases page and that of the Homes page: what this vault has no key to is not in it.
    """
    if not words.strip():
        return Found((), False, ())
    listed = cases.list_cases(workspace, words=words, limit=MOST_CASES + 1).rows
    addresses = tuple(homes.address_of(home) for home in homes.find_homes(workspace, words=words, limit=MOST_HOMES))
    return Found(
        _as_shown(workspace, listed, words)[:MOST_CASES], len(listed) > MOST_CASES, addresses,
        letters=_letters(workspace, words), interviews=_interviews(workspace, words),
        colleagues=tuple(one for one in members(workspace) if _begins(words, one.name))[:MOST_OTHERS],
    )  # fmt: skip


def find_cases(workspace: Workspace, *, words: str, limit: int = 200) -> CasePage:
    """The newest cases in whose file every word begins a word; of one that is shut, in what is shown of it."""
    rows = _as_shown(workspace, cases.list_cases(workspace, words=words, limit=limit).rows, words)
    return CasePage(rows, len(rows), None)


def list_cases(
    workspace: Workspace, *, after: PageKey | None = None, limit: int = 200, stages: tuple[str, ...] = ()
) -> CasePage:
    """One page of the list, newest first; a case that is shut says nothing of what happened."""
    page = cases.list_cases(workspace, after=after, limit=limit, stages=stages)
    return replace(page, rows=_as_shown(workspace, page.rows, ""))


def outline_cases(workspace: Workspace, *, page_rows: int = 200, stages: tuple[str, ...] = ()) -> CaseOutline:
    """What a table needs to show the whole list and fetch any page of it with `list_cases(after=...)`."""
    outline = cases.outline_cases(workspace, page_rows=page_rows, stages=stages)
    return replace(outline, first=_as_shown(workspace, outline.first, ""))


def _as_shown(workspace: Workspace, listed: Sequence[ListedCase], words: str) -> tuple[ListedCase, ...]:
    shut = shut_among(workspace, [one.row.id for one in listed])
    if not shut:
        return tuple(listed)
    shown = shown_before(workspace, shut)
    found = (one for one in listed if one.row.id not in shut or _is_shown(shown[one.row.id], words))
    return tuple(_closed(one, shown[one.row.id]) if one.row.id in shut else one for one in found)


def _closed(listed: ListedCase, shown: Shown) -> ListedCase:
    row = replace(listed.row, summary="", place="; ".join(shown.places))
    return replace(listed, row=row, next_due=TO_SAY, shut=True)


def _is_shown(shown: Shown, words: str) -> bool:
    return _begins(words, " ".join((shown.reference, *shown.people, *shown.places)))


def _letters(workspace: Workspace, words: str) -> tuple[FoundLetter, ...]:
    """Letters to one person, by their sort, the name on them and their reference; none of a case that is shut."""
    table = table_of(CaseLetter)
    said = table.c.name + " " + table.c.reference + " " + table.c.addressee
    wanted = [said.ilike(f"%{word}%") for word in _parts(words)]
    if not wanted:
        return ()
    newest = (table.c.written_at.desc(), table.c.id)
    near = workspace.store.select(CaseLetter, *wanted, order_by=newest, limit=LETTERS_LOOKED_AT)
    found = [one for one in near if one.case and _begins(words, f"{one.name} {one.reference} {one.addressee}")]
    cases_of = {one.case for one in found if one.case is not None}
    shut = shut_among(workspace, cases_of) if cases_of else frozenset()
    files = {one.id: one.reference for one in workspace.store.select(Case, table_of(Case).c.id.in_(cases_of))}
    return tuple(
        FoundLetter(one.id, one.case, files[one.case], one.name, one.addressee)
        for one in found
        if one.case in files and one.case not in shut
    )[:MOST_OTHERS]


def _interviews(workspace: Workspace, words: str) -> tuple[InterviewRow, ...]:
    """Private interviews this person may open, but for those of a case that is shut."""
    parts = _parts(words)
    if not any(word.isdecimal() or any(len(word) > 2 and one.startswith(word) for one in INTERVIEW) for word in parts):
        return ()
    rows = [row for row in list_interviews(workspace) if _begins(words, f"{' '.join(INTERVIEW)} {row.label}")]
    of = {row.case for row in rows if row.case is not None}
    shut = shut_among(workspace, of) if of else frozenset()
    return tuple(row for row in rows if row.case not in shut)[:MOST_OTHERS]


def _begins(words: str, said: str) -> bool:
    """Whether every word begins a word of what is said."""
    parts = _parts(said)
    return all(any(part.startswith(word) for part in parts) for word in _parts(words))


def _parts(words: str) -> list[str]:
    return re.findall(r"\w+", words.casefold())
