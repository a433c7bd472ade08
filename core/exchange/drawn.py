"""A list of addresses held against the homes there are: which home each row means, and why a row means none. Pure.

Every row of the list ends in exactly one place, as in `homes.plan_import`, whose reading of rows this shares. A row
with less detail than we have is taken where exactly one home fits and nothing it says speaks against it; wherever a
person would have to think, the row is doubtful and the homes it could mean stand beside it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from core.exchange.columns import ADDRESS_FIELDS, ColumnMatch, guess_columns
from core.exchange.headings import recognised
from core.exchange.homes import plan_import
from core.exchange.plan import HomeRow, KnownHome
from core.exchange.rows import SourceRow, Table
from core.exchange.sameness import plain_flat, plain_name
from core.exchange.tables import read_table_bytes
from core.foundation.errors import ListUnreadable
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress

FOUND, DOUBTFUL, UNKNOWN, UNREADABLE, REPEATED = "found", "doubtful", "unknown", "unreadable", "repeated"

MOST_CANDIDATES = 60
"""More than anybody would read through: a whole street is chosen as a street."""

_ALMOST = 0.82
_NO_ADDRESS = "no column of it holds addresses"
_NAME_IT = "Write 'Address' above the column with the addresses, or paste the addresses, one on each line."


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """One row. `homes`: the ids of the home it means (one, where found) or of those it could mean."""

    line: int
    text: str
    state: str
    homes: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class DrawnLines:
    """All rows in the order of the list. `blank` rows hold nothing; `notes` are sentences about the file."""

    lines: tuple[DrawnLine, ...]
    blank: int
    notes: tuple[str, ...]


def pasted_table(text: str) -> Table:
    """Text that was pasted: cells of a spreadsheet with their column names, or one address on each line.

    Raises:
        ListUnreadable: there is nothing in it.
    """
    rows = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    filled = [row for row in rows if row.strip()]
    if not filled:
        raise ListUnreadable(reason="there is nothing in it", next_step="Paste the addresses, one on each line.")
    if max(recognised(filled[0].split(mark)) for mark in "\t,;") > 1 and len(filled) > 1:
        return read_table_bytes(text.encode("utf-8"), cancel=NeverCancel(), progress=no_progress)
    skip = 1 if recognised([filled[0].strip()]) and len(filled) > 1 else 0
    cells = [(number, row.replace("\t", ", ").strip()) for number, row in enumerate(rows, start=1)]
    first = next(number for number, row in cells if row) if skip else 0
    addresses = tuple(SourceRow(number, (row,)) for number, row in cells if number > first)
    return Table(("Address",), addresses, heading_line=first)


def columns_of(table: Table) -> ColumnMatch:
    """Which columns hold the addresses, or the landlord's references.

    Raises:
        ListUnreadable: none does, as far as can be told.
    """
    match = guess_columns(table)
    if not any(match.indexes(field) for field in (*ADDRESS_FIELDS, "landlord_reference")):
        raise ListUnreadable(reason=_NO_ADDRESS, next_step=_NAME_IT)
    return match


def draw(
    table: Table, match: ColumnMatch, *, known: Mapping[str, KnownHome], gone: Collection[str] = (),
    progress: Progress = no_progress, cancel: CancelToken | None = None,
) -> DrawnLines:  # fmt: skip
    """Hold each row of `table` against the homes in `known` (by `same_home_key`). `gone`: ids of homes no longer ours.

    Raises:
        Cancelled: the person stopped it.
    """
    plan = plan_import(table, match, known=known, progress=progress, cancel=cancel)
    texts = _texts(table)
    estate = _Estate(known, gone)
    met = [(one.home_id, one.row) for one in plan.unchanged] + [(one.home_id, one.row) for one in plan.updated]
    found = [estate.exact(row.source_line, texts.get(row.source_line, ""), home_id) for home_id, row in met]
    found += [estate.search(row, texts.get(row.source_line, "")) for row in plan.new]
    for refused in plan.refused:
        by_reference = estate.by_reference(refused.cells, match.indexes("landlord_reference"))
        found.append(
            estate.exact(refused.line, refused.text, by_reference) if by_reference
            else DrawnLine(refused.line, refused.text, UNREADABLE, (), refused.reason)
        )  # fmt: skip
    for repeated in plan.repeated:
        why = f"The same home as on line {repeated.first_line}: it gets one letter."
        found.append(DrawnLine(repeated.line, repeated.text, REPEATED, (), why))
    return DrawnLines(_once(sorted(found, key=lambda one: one.line)), plan.blank_rows, plan.notes)


def _texts(table: Table) -> dict[int, str]:
    rows = [SourceRow(table.heading_line, table.columns), *table.rows]
    return {row.line: ", ".join(cell for cell in row.cells if cell)[:300] for row in rows}


def _once(lines: Sequence[DrawnLine]) -> tuple[DrawnLine, ...]:
    """Two rows may mean one home although they are written differently: the second is a repeat."""
    first: dict[str, int] = {}
    kept = []
    for one in lines:
        if one.state == FOUND and (before := first.setdefault(one.homes[0], one.line)) != one.line:
            why = f"The same home as on line {before}: it gets one letter."
            kept.append(DrawnLine(one.line, one.text, REPEATED, (), why))
        else:
            kept.append(one)
    return tuple(kept)


class _Estate:
    """The homes there are, by their names and by the landlord's references."""

    def __init__(self, known: Mapping[str, KnownHome], gone: Collection[str]) -> None:
        self._gone = frozenset(gone)
        self._named: dict[str, list[KnownHome]] = {}
        self._by_reference: dict[str, str] = {}
        twice: set[str] = set()
        for home in known.values():
            for name in _names(home.building, home.street, home.block):
                self._named.setdefault(name, []).append(home)
            reference = home.landlord_reference.strip().casefold()
            if reference and reference in self._by_reference:
                twice.add(reference)
            if reference:
                self._by_reference[reference] = home.home_id
        for reference in twice:
            del self._by_reference[reference]

    def by_reference(self, cells: Sequence[str], indexes: Iterable[int]) -> str:
        """The home with the reference in one of these cells, or ""."""
        said = [cells[index].strip().casefold() for index in indexes if index < len(cells)]
        return next((self._by_reference[one] for one in said if one in self._by_reference), "")

    def exact(self, line: int, text: str, home_id: str) -> DrawnLine:
        if home_id in self._gone:
            return DrawnLine(line, text, UNKNOWN, (), "This home is no longer ours.")
        return DrawnLine(line, text, FOUND, (home_id,))

    def search(self, row: HomeRow, text: str) -> DrawnLine:
        """A row that is no home of ours as it is written."""
        pool = self._with_names(_names(row.building, row.street))
        numbered = [home for home in pool if _numbers_agree(row, home)]
        fitting = [home for home in numbered if _places_agree(row, home)]
        if len(fitting) == 1:
            return self.exact(row.source_line, text, fitting[0].home_id)
        if fitting:
            return self._doubtful(row, text, fitting, f"{len(fitting)} homes of ours fit this row.")
        if numbered:
            return self._doubtful(row, text, numbered, "The postcode or town is not the one we have for this home.")
        if pool:
            where = row.street or row.building
            same_post = [home for home in pool if not row.postcode or home.postcode == row.postcode]
            return self._doubtful(row, text, same_post, f"We know no home with this number in {where}.")
        return self._almost(row, text)

    def _almost(self, row: HomeRow, text: str) -> DrawnLine:
        """Another spelling of a name, or nothing of ours."""
        names = [
            almost for name in _names(row.building, row.street)
            for almost in get_close_matches(name, list(self._named), n=3, cutoff=_ALMOST)
        ]  # fmt: skip
        near = [home for name in dict.fromkeys(names) for home in self._named[name] if _numbers_agree(row, home)]
        if near:
            return self._doubtful(row, text, near, "The street or building is written differently from ours.")
        why = "No street or building of ours has this name, so it seems to be none of our homes."
        return DrawnLine(row.source_line, text, UNKNOWN, (), why)

    def _doubtful(self, row: HomeRow, text: str, homes: Sequence[KnownHome], why: str) -> DrawnLine:
        ids = tuple(dict.fromkeys(home.home_id for home in homes if home.home_id not in self._gone))
        if not ids:
            return DrawnLine(row.source_line, text, UNKNOWN, (), "This home is no longer ours.")
        if len(ids) > MOST_CANDIDATES:
            return DrawnLine(row.source_line, text, UNKNOWN, (), f"{why} Choose the street or block as a whole.")
        return DrawnLine(row.source_line, text, DOUBTFUL, ids, why)

    def _with_names(self, names: Sequence[str]) -> list[KnownHome]:
        if not names or any(name not in self._named for name in names):
            return []
        pool = self._named[names[0]]
        for name in names[1:]:
            others = {home.home_id for home in self._named[name]}
            pool = [home for home in pool if home.home_id in others]
        return list({home.home_id: home for home in pool}.values())


def _names(*names: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(plain for name in names if (plain := plain_name(name))))


def _numbers_agree(row: HomeRow, home: KnownHome) -> bool:
    """Whether everything the row says about number and flat is so; "2 Quill House" may be its Flat 2."""
    flat, number = plain_flat(row.flat), plain_name(row.number)
    theirs, house = plain_flat(home.flat), plain_name(home.number)
    if not flat and number and row.building and not row.street:
        return number in (theirs, house)
    if not flat and number and plain_name(home.building) in _names(row.street, row.building):
        return number in (theirs, house)
    return (not flat or flat == theirs) and (not number or number == house)


def _places_agree(row: HomeRow, home: KnownHome) -> bool:
    if row.postcode and home.postcode and row.postcode != home.postcode:
        return False
    theirs = _names(home.town, home.locality, home.county)
    said = _names(row.town)
    return not said or not home.town or said[0] in theirs or bool(row.postcode and row.postcode == home.postcode)
