"""Homes: bring in a list, look one up, name the areas."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

from core.domain.changed import Changed
from core.domain.estate import Home, Household, Resident
from core.exchange.columns import MANY_COLUMNS, ColumnGuess, ColumnMatch, guess_columns
from core.exchange.homes import plan_import
from core.exchange.languages import language_names
from core.exchange.plan import (
    ADDRESS_PARTS,
    FieldChange,
    HomeRow,
    HomesPlan,
    HomeUpdate,
    KnownHome,
    RefusedRow,
    RepeatedRow,
    ResidentRow,
    RowWarning,
)
from core.exchange.rejects import rows_not_taken_csv
from core.exchange.rows import Table
from core.exchange.sameness import plain_name
from core.exchange.tables import read_table
from core.foundation.errors import FormIncomplete
from core.foundation.files import write_atomic
from core.foundation.ids import RecordId, from_hex
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.letters.walk_order import Place, in_walk_order
from core.services.places import refuse_own_folder
from core.services.workspace import Workspace
from core.store import homebook
from core.store.homebook import AreaRow, Dwelling
from core.store.unit import WriteUnit

__all__ = [
    "AreaRow",
    "ColumnGuess",
    "ColumnMatch",
    "FieldChange",
    "HomeRow",
    "HomeUpdate",
    "HomesImported",
    "HomesList",
    "HomesPlan",
    "ImportPreview",
    "ListedHome",
    "RefusedRow",
    "RepeatedRow",
    "RowWarning",
    "address_lines",
    "address_of",
    "count_homes",
    "find_area",
    "find_homes",
    "import_homes",
    "known_homes",
    "language_name",
    "list_areas",
    "list_homes",
    "preview_import",
    "save_rows_not_taken",
    "with_column",
]

_HOME_FIELDS = (*ADDRESS_PARTS, "block", "landlord_reference", "notes")
_LANGUAGE_NAMES = MappingProxyType(language_names())
STEP = 100


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """A list as read, what each column seems to hold, and what taking it in would do. Nothing is written yet."""

    path: Path
    table: Table
    match: ColumnMatch
    plan: HomesPlan


@dataclass(frozen=True, slots=True)
class HomesImported:
    """What taking a list in did. `counts` add up to every row of the list."""

    plan: HomesPlan
    changed: Changed


def preview_import(
    workspace: Workspace, *, path: Path, match: ColumnMatch | None = None, table: Table | None = None,
    progress: Progress = no_progress, cancel: CancelToken | None = None,
) -> ImportPreview:  # fmt: skip
    """Read a list of homes and say what importing it would do.

    Pass `table` and a corrected `match` from an earlier preview to look again without reading the file.

    Raises:
        ImportFileRejected: the file cannot be read as a list; it says why and what to do.
        Cancelled: the person stopped it.
    """
    token = cancel or NeverCancel()
    read = table or read_table(path, cancel=token, progress=progress)
    chosen = match or guess_columns(read)
    known = known_homes(workspace)
    plan = plan_import(read, chosen, known=known, progress=progress, cancel=token)
    return ImportPreview(path, read, chosen, plan)


def import_homes(
    workspace: Workspace, *, preview: ImportPreview, progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> HomesImported:  # fmt: skip
    """Carry out a preview, all of it or nothing. The plan is made again first, in case the homes changed meanwhile.

    Raises:
        Cancelled: nothing was imported.
        DiskFull: nothing was imported.
    """
    token = cancel or NeverCancel()
    plan = plan_import(
        preview.table, preview.match, known=known_homes(workspace), progress=progress, cancel=token
    )
    total = len(plan.new) + len(plan.updated)
    with workspace.store.unit("import-homes") as (unit, outcome):
        for done, row in enumerate(plan.new):
            if done % STEP == 0:
                token.check()
                progress(done, total, "Taking in homes")
            _create(unit, workspace, row)
        for done, update in enumerate(plan.updated, start=len(plan.new)):
            if done % STEP == 0:
                token.check()
                progress(done, total, "Taking in homes")
            _update(unit, workspace, update)
        token.check()
    progress(total, total, "Taking in homes")
    return HomesImported(plan, outcome.changed)


def save_rows_not_taken(workspace: Workspace, *, plan: HomesPlan, path: Path) -> Path:
    """Write the rows that were not taken, with the reasons, as a CSV file that can be corrected and tried again.

    Raises:
        FolderNotWritable, DiskFull: nothing was written.
    """
    refuse_own_folder(workspace.folder, path)
    write_atomic(path, rows_not_taken_csv(plan))
    return path


def with_column(match: ColumnMatch, *, index: int, field: str) -> ColumnMatch:
    """`match` with column `index` feeding `field` ("" for nothing of ours).

    A field that one column gives is taken away from the column that gave it before.

    Raises:
        ValueError: there is no such field or column.
    """
    if not field:
        now = match.columns[index].field
        return match.with_choice(now, tuple(i for i in match.indexes(now) if i != index)) if now else match
    others = match.indexes(field) if field in MANY_COLUMNS else ()
    return match.with_choice(field, tuple(sorted({*others, index})))


@dataclass(frozen=True, slots=True)
class ListedHome:
    """One line of the list of homes: how its household is written to, never who lives there."""

    home: Home
    address: str
    language: str
    format_needed: str


@dataclass(frozen=True, slots=True)
class HomesList:
    """The first homes that match, how many there are in all, and every street and block."""

    homes: tuple[ListedHome, ...]
    total: int
    areas: tuple[AreaRow, ...]


def list_homes(workspace: Workspace, *, words: str = "", area: AreaRow | None = None, limit: int = 500) -> HomesList:
    """Homes by words of their address, or every home of one street or block; `limit` of them."""
    with workspace.store.reading() as connection:
        areas = homebook.areas(connection)
        if area is None:
            found = homebook.dwellings_of(connection, homebook.find_homes(connection, words, limit=limit))
        else:
            names = [area.name]
            inside = homebook.dwellings_in(
                connection, streets=[] if area.is_block else names, blocks=names if area.is_block else []
            )
            by_home = {dwelling.home.id: dwelling for dwelling in inside}
            walked = in_walk_order([place_of(dwelling.home) for dwelling in inside])
            found = tuple(by_home[RecordId(place.key)] for place in walked[:limit])
    listed = tuple(_listed(dwelling) for dwelling in found)
    return HomesList(listed, count_homes(workspace), areas)


def _listed(dwelling: Dwelling) -> ListedHome:
    household = dwelling.household
    return ListedHome(
        dwelling.home, address_of(dwelling.home), household.language if household else "",
        household.format_needed if household else "",
    )  # fmt: skip


def place_of(home: Home) -> Place:
    """Where a home stands, for putting homes in the order one walks them."""
    return Place(
        street=home.street, number=home.number, building=home.building, flat=home.flat, postcode=home.postcode,
        key=home.id,
    )  # fmt: skip


def language_name(code: str) -> str:
    """The English name of a BCP 47 code; the code itself where no name is known."""
    return _LANGUAGE_NAMES.get(code, code)


def find_homes(workspace: Workspace, *, words: str, limit: int = 12) -> tuple[Home, ...]:
    """Homes whose address has every word, or its beginning; an exact house number comes first."""
    with workspace.store.reading() as connection:
        return homebook.find_homes(connection, words, limit=limit)


def list_areas(workspace: Workspace) -> tuple[AreaRow, ...]:
    """Every street and block with its number of homes."""
    with workspace.store.reading() as connection:
        return homebook.areas(connection)


def find_area(workspace: Workspace, *, name: str, is_block: bool) -> AreaRow:
    """The street or block called `name`, however it is written ("marsh rd").

    Raises:
        FormIncomplete: there is none; the nearest names are suggested.
    """
    areas = {plain_name(area.name): area for area in list_areas(workspace) if area.is_block is is_block}
    if plain_name(name) in areas:
        return areas[plain_name(name)]
    kind = "block" if is_block else "street"
    near = [areas[found].name for found in get_close_matches(plain_name(name), list(areas), n=3)]
    hint = f" Perhaps: {'; '.join(near)}." if near else " Check the spelling, or bring in the list."
    raise FormIncomplete(problems={"area": f"No home of ours is known in a {kind} called {name}.{hint}"})


def count_homes(workspace: Workspace) -> int:
    """How many homes there are."""
    return workspace.store.count(Home)


def address_of(home: Home) -> str:
    """The address in one line, as people write it."""
    return ", ".join(address_lines(home))


def address_lines(home: Home) -> tuple[str, ...]:
    """The address in lines for an envelope: flat and building, number and street, area, town, postcode."""
    flat = home.flat if not home.flat or (home.flat[0].isalpha() and len(home.flat) > 2) else f"Flat {home.flat}"
    first = " ".join(part for part in (flat, home.building) if part)
    street = " ".join(part for part in (home.number, home.street) if part)
    lines = (first, street, home.locality, home.town, home.county, home.postcode)
    return tuple(line for line in lines if line)


def known_homes(workspace: Workspace) -> dict[str, KnownHome]:
    """Every home with its household, by the key that recognises it in a list."""
    with workspace.store.reading() as connection:
        dwellings = homebook.all_dwellings(connection)
    return {dwelling.home.key: _known(dwelling) for dwelling in dwellings}


def _known(dwelling: Dwelling) -> KnownHome:
    home, household = dwelling.home, dwelling.household
    return KnownHome(
        home_id=home.id.hex(),
        residents=tuple(
            ResidentRow(person.title, person.given_name, person.family_name, person.full_name)
            for person in dwelling.residents
        ),
        language=household.language if household else "",
        format_needed=household.format_needed if household else "",
        vacant=home.state == "empty",
        **{name: getattr(home, name) for name in _HOME_FIELDS},
    )


def _create(unit: WriteUnit, workspace: Workspace, row: HomeRow) -> None:
    stream = workspace.organisation_stream
    details = {name: getattr(row, name) for name in _HOME_FIELDS}
    home = unit.create(Home, stream, key=row.key, state="empty" if row.vacant else "let", **details)
    household = unit.create(
        Household, stream, home=home, language=row.language or "en", format_needed=row.format_needed or "standard"
    )
    _create_residents(unit, workspace, household, row.residents)


def _create_residents(
    unit: WriteUnit, workspace: Workspace, household: RecordId, residents: tuple[ResidentRow, ...]
) -> None:
    for person in residents:
        unit.create(
            Resident, workspace.organisation_stream, household=household, title=person.title,
            given_name=person.given, family_name=person.family, full_name=person.full,
        )  # fmt: skip


def _update(unit: WriteUnit, workspace: Workspace, update: HomeUpdate) -> None:
    home = RecordId(from_hex(update.home_id))
    after = {change.field: change.after for change in update.changes}
    details = {name: after[name] for name in _HOME_FIELDS if name in after}
    if "postcode" in details:
        details["key"] = update.row.key
    if "vacant" in after:
        details["state"] = "empty" if after["vacant"] else "let"
    unit.update(Home, home, **details)
    household_fields = {name: after[name] for name in ("language", "format_needed") if name in after}
    if not household_fields and "residents" not in after:
        return
    dwelling = homebook.dwellings_of(unit.connection, [workspace.store.get(Home, home)])[0]
    household = dwelling.household.id if dwelling.household else unit.create(
        Household, workspace.organisation_stream, home=home
    )
    unit.update(Household, household, **household_fields)
    added = after.get("residents", ())
    if isinstance(added, tuple):
        _create_residents(unit, workspace, household, added)
