"""Whatever somebody types, looked for in one question: cases this person may read, and homes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.foundation.ids import RecordId
from core.services import cases, declarations, homes
from core.services.cases import ListedCase
from core.services.declarations import DeclarationPage
from core.services.workspace import Workspace

MOST_CASES, MOST_HOMES = 12, 6
"""Who finds more than that types another word."""


@dataclass(frozen=True, slots=True)
class Found:
    """Newest first. `homes` are addresses in one line. `more_cases`: there are others that match as well.

    `shut`: those of the cases that this person has not opened yet, or is connected with.
    """

    cases: tuple[ListedCase, ...]
    shut: frozenset[RecordId]
    more_cases: bool
    homes: tuple[str, ...]


def find_anywhere(workspace: Workspace, *, words: str) -> Found:
    """Cases in whose file, and homes in whose address, every word begins a word; nothing for no words.

    It is the search of the Cases page and that of the Homes page: what this vault has no key to is not in it. A case
    that is still shut for this person (policy 4.31) is found only by what the question before it shows: its reference,
    names and places. Otherwise one could ask, word by word, what stands in it.
    """
    if not words.strip():
        return Found((), frozenset(), False, ())
    listed = cases.list_cases(workspace, words=words, limit=MOST_CASES + 1).rows
    asked = {row.row.id: declarations.declaration_of(workspace, case=row.row.id) for row in listed}
    found = tuple(row for row in listed if not asked[row.row.id].shut or _is_shown(asked[row.row.id], words))
    shut = frozenset(case for case, page in asked.items() if page.shut)
    addresses = tuple(homes.address_of(home) for home in homes.find_homes(workspace, words=words, limit=MOST_HOMES))
    return Found(found[:MOST_CASES], shut, len(listed) > MOST_CASES, addresses)


def _is_shown(page: DeclarationPage, words: str) -> bool:
    shown = re.findall(r"\w+", " ".join((page.reference, *page.people, *page.places)).casefold())
    return all(any(part.startswith(word) for part in shown) for word in re.findall(r"\w+", words.casefold()))
