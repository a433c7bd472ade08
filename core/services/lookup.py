"""Whatever somebody types, looked for in one question: cases this person may read, and homes."""

from __future__ import annotations

from dataclasses import dataclass

from core.services import cases, homes
from core.services.cases import ListedCase
from core.services.workspace import Workspace

MOST_CASES, MOST_HOMES = 12, 6
"""Who finds more than that types another word."""


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
    found = cases.list_cases(workspace, words=words, limit=MOST_CASES + 1).rows
    addresses = tuple(homes.address_of(home) for home in homes.find_homes(workspace, words=words, limit=MOST_HOMES))
    return Found(found[:MOST_CASES], len(found) > MOST_CASES, addresses)
