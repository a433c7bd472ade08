"""The letters of a run as they stand: what was planned of each, and in which file and on which page it was made.

Which letters are in a file of many is written down once for the file, not once for each letter: ten thousand letters
are made in half the time, and one line of a file cannot be lost without the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from core.changes import cbor
from core.domain.letters import LetterFile, LetterRecord
from core.foundation.errors import EncodingRejected
from core.foundation.ids import RecordId
from core.letters.batch import LetterMade
from core.services.workspace import Workspace
from core.store.store import table_of

_MOST_BYTES = 1024 * 1024
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class _Printed(NamedTuple):
    """Where a letter is: file number, its first page, its pages, and the fingerprints of words and file."""

    chunk: int
    page_from: int
    pages: int
    text_sha256: bytes
    file_sha256: bytes


def letters_of(workspace: Workspace, run: RecordId) -> tuple[LetterRecord, ...]:
    """Every letter of a run in walk order, as it stands."""
    table = table_of(LetterRecord)
    found = workspace.store.select(LetterRecord, table.c.run == run, order_by=(table.c.place,))
    return _standing(found, files_of_run(workspace, run))


def letter_as_it_stands(workspace: Workspace, letter: RecordId) -> LetterRecord:
    """One letter of a run.

    Raises:
        NotFound: there is no such letter in this vault.
    """
    found = workspace.store.get(LetterRecord, letter)
    return _standing((found,), files_of_run(workspace, found.run))[0] if found.run is not None else found


def files_of_run(workspace: Workspace, run: RecordId) -> tuple[LetterFile, ...]:
    """The files of many letters that were made of a run."""
    return workspace.store.select(LetterFile, table_of(LetterFile).c.run == run)


def packed(letters: Iterable[LetterMade]) -> bytes:
    """What is in a file, as it is kept: `[[place, first page, pages, SHA-256 of the words], ...]`."""
    return cbor.encode([[one.place, one.page_from, one.pages, one.text_sha256] for one in letters])


def _standing(letters: Sequence[LetterRecord], files: Sequence[LetterFile]) -> tuple[LetterRecord, ...]:
    printed = _printed(files)
    if not printed:
        return tuple(letters)
    return tuple(
        replace(letter, state="made", why="", **where._asdict()) if (where := printed.get(letter.place)) else letter
        for letter in letters
    )


def _printed(files: Sequence[LetterFile]) -> dict[int | None, _Printed]:
    """By place in the walk. A letter can have moved to an earlier file: the one made last counts."""
    found: dict[int | None, _Printed] = {}
    for file in sorted(files, key=lambda one: (one.made_at or _LONG_AGO, -(one.number or 0), one.id)):
        number, digest = file.number or 0, file.file_sha256
        for place, page_from, pages, words in _listed(file.letters):
            found[place] = _Printed(number, page_from, pages, words, digest)
    return found


def _listed(untrusted_bytes: bytes) -> list[tuple[int, int, int, bytes]]:
    """What `packed` wrote. A colleague's laptop may have written anything: what is not that, is no letter."""
    try:
        rows = cbor.decode(untrusted_bytes, max_bytes=_MOST_BYTES)
    except EncodingRejected:
        return []
    found = []
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, list) and [type(part) for part in row] == [int, int, int, bytes]:
            place, page_from, pages, words = row
            found.append((place, page_from, pages, words))
    return found
