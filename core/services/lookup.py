"""Whatever somebody types, looked for in one question: cases this person may read, and homes. And the list of cases.

A case that is still shut for this person (policy 4.31) shows only what the question before it shows, and is found only
by that: its reference, names and places. Otherwise one could ask, word by word, what stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.services import cases, homes
from core.services.cases import CaseOutline, CasePage, ListedCase
from core.services.declarations import Shown, shown_before, shut_among
from core.services.workspace import Workspace
from core.store.casebook import PageKey

MOST_CASES, MOST_HOMES = 12, 6
"""Who finds more than that types another word."""
TO_SAY = "say first whether you are connected with it"
"""In the place of what is due in a case that is shut."""


@dataclass(frozen=True, slots=True)
class Found:
    """Newest first. `homes` are addresses in one line. `more_cases`: there are others that match as well."""

    cases: tuple[ListedCase, ...]
    more_cases: bool
    homes: tuple[str, ...]


def find_anywhere(workspace: Workspace, *, words: str) -> Found:
    """Cases in whose file, and homes in whose address, every word begins a word; nothing for no words.

    It is the search of the Cases page and that of the Homes page: what this vault has no key to is not in it.
    """
    if not words.strip():
        return Found((), False, ())
    listed = cases.list_cases(workspace, words=words, limit=MOST_CASES + 1).rows
    addresses = tuple(homes.address_of(home) for home in homes.find_homes(workspace, words=words, limit=MOST_HOMES))
    return Found(_as_shown(workspace, listed, words)[:MOST_CASES], len(listed) > MOST_CASES, addresses)


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
    said = re.findall(r"\w+", " ".join((shown.reference, *shown.people, *shown.places)).casefold())
    return all(any(part.startswith(word) for part in said) for word in re.findall(r"\w+", words.casefold()))
