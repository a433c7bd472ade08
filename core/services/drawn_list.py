"""An area drawn from a list: each row of it a home of ours, or named with the reason until somebody has settled it.

Nothing is written here. The homes that were settled go into the form of the run, and the rows that get no letter go
with them, so that the case tells for ever what became of each row (policy 4.12).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.domain.estate import Home
from core.exchange import drawn
from core.exchange.delimited import decode
from core.exchange.rows import Table
from core.exchange.tables import MAX_FILE_BYTES, read_table
from core.foundation.errors import FormIncomplete, ImportFileRejected, ListUnreadable
from core.foundation.files import read_capped
from core.foundation.ids import RecordId, from_hex
from core.foundation.ports import CancelToken, Progress, no_progress
from core.letters.walk_order import in_walk_order
from core.policy.neighbours import MOST_DOORS, Door, doors_around
from core.services.homes import address_of, known_homes, place_of
from core.services.workspace import Workspace
from core.store import homebook
from core.store.store import table_of

LEFT = "left"
"""A row somebody has said gets no letter."""

_ASKING = (drawn.DOUBTFUL, drawn.UNKNOWN, drawn.UNREADABLE)
_PASTED = "What was pasted"
_MOST_AT_ONCE = 500
_HOUSE_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """A home of ours and its address in one line."""

    home: RecordId
    address: str


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """One row of the list. `state`: found, repeated, doubtful, unknown, unreadable or left.

    `homes`: what it means, where found; otherwise what it could mean, in walk order.
    """

    line: int
    text: str
    state: str
    homes: tuple[ListedPlace, ...] = ()
    why: str = ""

    @property
    def is_open(self) -> bool:
        """Whether a person has to say what it means."""
        return self.state in _ASKING


@dataclass(frozen=True, slots=True)
class DrawnList:
    """A whole list: found, repeated, left, open and blank rows add up to `total`."""

    rows: tuple[DrawnRow, ...] = ()
    blank: int = 0
    notes: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return len(self.rows) + self.blank

    @property
    def to_settle(self) -> tuple[DrawnRow, ...]:
        """The rows nobody has settled yet."""
        return tuple(row for row in self.rows if row.is_open)

    @property
    def homes(self) -> frozenset[RecordId]:
        """The homes that get a letter."""
        return frozenset(place.home for row in self.rows if row.state == drawn.FOUND for place in row.homes)

    @property
    def left(self) -> tuple[str, ...]:
        """The rows that get no letter, each with the reason: kept with the run."""
        return tuple(f"Line {row.line}, {row.text}: {row.why}"[:1900] for row in self.rows if row.state == LEFT)

    def count(self, state: str) -> int:
        """How many rows are in this state."""
        return sum(row.state == state for row in self.rows)

    def with_homes(self, line: int, homes: Collection[RecordId]) -> DrawnList:
        """The open row on `line` means these of the homes it could mean."""
        rows = tuple(_meant(row, homes) if row.line == line and row.is_open else row for row in self.rows)
        return replace(self, rows=rows)

    def with_left(self, lines: Collection[int]) -> DrawnList:
        """The open rows on these lines get no letter, for the reason they were open."""
        rows = tuple(
            replace(row, state=LEFT, homes=()) if row.line in lines and row.is_open else row for row in self.rows
        )
        return replace(self, rows=rows)


def draw_from_file(
    workspace: Workspace, *, path: Path, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> DrawnList:
    """Hold the rows of a spreadsheet, a CSV file or a text file with one address a line against the homes of ours.

    Raises:
        ImportFileRejected: it is no list of addresses; the reason and what to do are sentences.
        FileUnreadable: it is missing or may not be opened.
        Cancelled: the person stopped it.
    """
    try:
        is_text = path.suffix.casefold() == ".txt"
        table = _text_file(path) if is_text else read_table(path, cancel=cancel, progress=progress)
        return _drawn(workspace, table, progress, cancel)
    except ListUnreadable as refusal:
        raise ImportFileRejected(path=str(path), reason=refusal.reason, next_step=refusal.next_step) from refusal


def draw_from_text(
    workspace: Workspace, *, text: str, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> DrawnList:
    """The same for addresses that were pasted.

    Raises:
        ImportFileRejected: there is no list of addresses in it.
        Cancelled: the person stopped it.
    """
    try:
        return _drawn(workspace, drawn.pasted_table(text), progress, cancel)
    except ListUnreadable as refusal:
        raise ImportFileRejected(path=_PASTED, reason=refusal.reason, next_step=refusal.next_step) from refusal


def draw_around(workspace: Workspace, *, home: RecordId, each_side: int | None) -> DrawnList:
    """The doors around a home of ours, counted in the order one walks: so many on each side, and those across.

    Raises:
        FormIncomplete: not how many doors, or far too many.
        NotFound: there is no such home.
    """
    if each_side is None or not 1 <= each_side <= MOST_DOORS:
        raise FormIncomplete(problems={"each_side": f"Enter how many doors on each side, from 1 to {MOST_DOORS}."})
    middle = workspace.store.get(Home, home)
    table = table_of(Home)
    where = (table.c.street == middle.street) if middle.street else (table.c.block == middle.block)
    homes = workspace.store.select(Home, where, table.c.town == middle.town, table.c.state != "not-ours")
    by_id = {bytes(one.id): one for one in homes}
    walked = [by_id[bytes(place.key)] for place in in_walk_order(place_of(one) for one in homes)]
    found = doors_around([Door(one.id, _house_number(one)) for one in walked], home, each_side)
    rows = tuple(
        DrawnRow(line, address_of(by_id[key]), drawn.FOUND, (ListedPlace(RecordId(key), address_of(by_id[key])),))
        for line, key in enumerate(found, start=1)
    )
    doors = "1 door" if each_side == 1 else f"{each_side} doors"
    told = f"{doors} on each side of {address_of(middle)}, and those across. Counted door by door, not measured."
    return DrawnList(rows, notes=(told,))


def _house_number(home: Home) -> int | None:
    found = _HOUSE_NUMBER.search(home.number)
    return int(found[0]) if found else None


def refuse_open_rows(found: DrawnList) -> None:
    """
    Raises:
        FormIncomplete: rows of the list are not settled; each is named with its reason.
    """
    if found.to_settle:
        said = "; ".join(f"line {row.line} ({row.text}): {row.why}" for row in found.to_settle[:10])
        more = len(found.to_settle) - 10
        raise FormIncomplete(
            problems={"list": f"Settle each row of the list first. {said}{f'; and {more} more' if more > 0 else ''}"}
        )


def _meant(row: DrawnRow, homes: Collection[RecordId]) -> DrawnRow:
    chosen = tuple(place for place in row.homes if place.home in homes)
    return replace(row, state=drawn.FOUND, homes=chosen, why="Chosen by hand.") if chosen else row


def _text_file(path: Path) -> Table:
    return drawn.pasted_table(decode(read_capped(path, MAX_FILE_BYTES))[0])


def _drawn(workspace: Workspace, table: Table, progress: Progress, cancel: CancelToken | None) -> DrawnList:
    known = known_homes(workspace)
    gone = [home.id.hex() for home in workspace.store.select(Home, table_of(Home).c.state == "not-ours")]
    match = drawn.columns_of(table)
    lines = drawn.draw(table, match, known=known, gone=gone, progress=progress, cancel=cancel)
    places = _places(workspace, sorted({home for line in lines.lines for home in line.homes}))
    order = {home: number for number, home in enumerate(places)}
    rows = tuple(
        DrawnRow(line.line, line.text, line.state, tuple(
            places[home] for home in sorted(line.homes, key=order.__getitem__)), line.why)
        for line in lines.lines
    )  # fmt: skip
    return DrawnList(rows, lines.blank, lines.notes)


def _places(workspace: Workspace, wanted: Sequence[str]) -> dict[str, ListedPlace]:
    """By hex id, in walk order."""
    ids = [RecordId(from_hex(one)) for one in wanted]
    with workspace.store.reading() as connection:
        homes = [
            home
            for start in range(0, len(ids), _MOST_AT_ONCE)
            for home in homebook.homes_of(connection, ids[start : start + _MOST_AT_ONCE])
        ]
    by_id = {home.id: home for home in homes}
    walked = [by_id[RecordId(place.key)] for place in in_walk_order(place_of(home) for home in homes)]
    return {home.id.hex(): ListedPlace(home.id, address_of(home)) for home in walked}
