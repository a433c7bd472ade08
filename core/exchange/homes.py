"""From the rows of a list to a plan of what importing it would do. Pure.

Every row of the list ends in exactly one place: the first row of a home (new, changed or as
before), a repeated row joined to such a home, a refused row with its reason, or an empty row.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.domain.values import MAX_TEXT_LENGTH
from core.exchange.addresses import ParsedAddress, Places, learn_places, parse_address, same_home_key
from core.exchange.cells import is_a_date, is_shortened, seldom_lived_in, tidy_case
from core.exchange.columns import ColumnMatch
from core.exchange.languages import format_code, language_code
from core.exchange.people import joined, people_in, person_from, person_key
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
    UnchangedHome,
)
from core.exchange.postcodes import tidy_postcode
from core.exchange.rows import SourceRow, Table
from core.exchange.sameness import loose_home_key, plain_name
from core.exchange.words import NOT_AN_ADDRESS, VACANT
from core.foundation.errors import RowNotTaken
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress

__all__ = [
    "FieldChange", "HomeRow", "HomeUpdate", "HomesPlan", "KnownHome", "RefusedRow", "RepeatedRow", "ResidentRow",
    "RowWarning", "UnchangedHome", "plan_import",
]  # fmt: skip

STEP_ROWS = 500
LONGEST_SHOWN_TEXT = LONGEST_ADDRESS_CHARACTERS = 300
SPELLED_PARTS = ("building", "street", "locality", "town", "county")
UNSURE_BELOW = 0.7
MOST_LOOKALIKES_COMPARED = 40

_BARE_DESIGNATOR = re.compile(r"\d{1,4}[A-Za-z½¼¾]?|[A-Za-z]\d{0,3}|(?:\d{1,3}|[A-Za-z])[/-]\d{1,3}")
_SHORT_FLAT = re.compile(r"\b(?:flt|fl)\.? ", re.IGNORECASE)
_PO_BOX = re.compile(r"\bp\.?\s*o\.?\s*box\b", re.IGNORECASE)


@dataclass(slots=True)
class _Draft:
    """A home while its rows are being gathered."""

    row: HomeRow
    residents: list[ResidentRow]
    lines: list[int]


@dataclass(slots=True)
class _Gathering:
    """The buckets while the list is read."""

    homes: dict[str, _Draft] = field(default_factory=dict)
    repeated: list[RepeatedRow] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    warnings: list[RowWarning] = field(default_factory=list)
    blank: int = 0

    def warn(self, line: int, code: str, sentence: str) -> None:
        self.warnings.append(RowWarning(line, code, sentence))


def plan_import(
    table: Table,
    match: ColumnMatch,
    *,
    known: Mapping[str, KnownHome],
    progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> HomesPlan:
    """What importing `table` would do to the homes in `known` (by `same_home_key`).

    Raises:
        Cancelled: the person stopped it.
    """
    cancel = cancel or NeverCancel()
    rows = list(table.rows)
    if match.first_row_is_data:
        rows.insert(0, SourceRow(table.heading_line, tuple(table.columns)))
    total = len(rows) + len(table.damaged)
    progress(0, total, "Learning the places")
    reader = _RowReader(match, rows, progress=progress, cancel=cancel)
    gathering = _Gathering()
    gathering.refused.extend(
        RefusedRow(damage.line, damage.text, _sentence(damage.reason), (damage.text,)) for damage in table.damaged
    )
    for done, row in enumerate(rows):
        if done % STEP_ROWS == 0:
            cancel.check()
            progress(done, total, "Reading the homes")
        _take(gathering, reader, row)
    cancel.check()
    homes = [
        replace(draft.row, residents=joined(draft.residents), vacant=draft.row.vacant and not draft.residents)
        for draft in gathering.homes.values()
    ]
    homes = _with_one_spelling(homes, known)
    _warn_of_lookalikes(gathering, homes)
    new, updated, unchanged = _against_known(homes, known)
    progress(total, total, "Reading the homes")
    return HomesPlan(
        columns=table.columns,
        new=tuple(new),
        updated=tuple(updated),
        unchanged=tuple(unchanged),
        repeated=tuple(gathering.repeated),
        refused=tuple(sorted(gathering.refused, key=lambda refused: refused.line)),
        warnings=tuple(sorted(gathering.warnings, key=lambda warning: warning.line)),
        blank_rows=gathering.blank,
        total_rows=total,
        notes=table.notes,
    )


# ------------------------------------------------------------------ one row


class _RowReader:
    """Turns one row into a home, with what the whole list taught about its places."""

    def __init__(
        self, match: ColumnMatch, rows: Sequence[SourceRow], *, progress: Progress, cancel: CancelToken
    ) -> None:
        self._columns = dict(match.chosen)
        self._separate = bool(self._columns.get("street")) and not self._columns.get("whole_address")
        self.places: Places = learn_places(self._address_texts(rows, progress, cancel))

    def _address_texts(
        self, rows: Sequence[SourceRow], progress: Progress, cancel: CancelToken
    ) -> Iterator[str]:
        for done, row in enumerate(rows):
            if done % STEP_ROWS == 0:
                cancel.check()
                progress(done, len(rows), "Learning the places")
            if not row.is_blank:
                yield self.address_text(row)
        cancel.check()

    def cells(self, row: SourceRow, name: str) -> list[str]:
        return [text for index in self._columns.get(name, ()) if (text := row.cell(index))]

    def cell(self, row: SourceRow, name: str) -> str:
        return next(iter(self.cells(row, name)), "")

    def address_text(self, row: SourceRow) -> str:
        """All address cells of the row as one text, separated by commas."""
        flat = self.cell(row, "flat")
        if _BARE_DESIGNATOR.fullmatch(flat):
            flat = f"Flat {flat}"
        number, street = self.cell(row, "number"), self.cell(row, "street")
        parts = [flat, *self.cells(row, "whole_address"), self.cell(row, "building"), f"{number} {street}".strip()]
        parts += [self.cell(row, name) for name in ("locality", "town", "county")]
        postcode = self.cell(row, "postcode")
        parts.append(postcode if tidy_postcode(postcode) else "")  # "TBC" is no part of an address
        return ", ".join(part.strip(" ,") for part in parts if part.strip(" ,"))

    def parse(self, row: SourceRow) -> ParsedAddress:
        """Raises RowNotTaken."""
        text = self.address_text(row)
        plain = " ".join(text.casefold().split()).strip(" .,:")
        if not plain:
            raise RowNotTaken(reason="There is no address in this row.")
        if plain in NOT_AN_ADDRESS or plain.split(":")[0].split(" ")[0] in ("total", "totals", "subtotal"):
            raise RowNotTaken(reason="The address cell does not hold an address.")
        if len(text) > LONGEST_ADDRESS_CHARACTERS:
            raise RowNotTaken(reason="The address cell is too long to be one address.")
        if _PO_BOX.search(text):
            raise RowNotTaken(reason="This is a post box, not a home.")
        parsed = self._with_own_columns(row, parse_address(text, self.places))
        begins = parsed.street.partition(" ")[0]
        if any(map(is_a_date, (self.cell(row, "flat"), self.cell(row, "number"), parsed.building, begins))):
            raise RowNotTaken(reason="The spreadsheet has turned the house or flat number into a date; write it again.")
        if not parsed.street and not parsed.building:
            raise RowNotTaken(reason="The address has no street and no house name, so the home cannot be found.")
        tidied: dict[str, Any] = {
            part: tidy_case(getattr(parsed, part)) for part in ADDRESS_PARTS if part != "postcode"
        }
        tidied["flat"] = _SHORT_FLAT.sub("Flat ", tidied["flat"])
        return replace(parsed, **tidied)

    def _with_own_columns(self, row: SourceRow, parsed: ParsedAddress) -> ParsedAddress:
        """A part that has its own column is what that column says."""
        own: dict[str, Any] = {}
        for part in ("locality", "town", "county"):
            if part in self._columns and (self.cell(row, part) or self._separate):
                own[part] = self.cell(row, part).strip(" ,")
        if postcode := tidy_postcode(self.cell(row, "postcode")):
            own["postcode"] = postcode
        number, street = self.cell(row, "number"), self.cell(row, "street")
        if self._separate and street and not any(character.isdigit() for character in street):
            own["street"] = street.strip(" ,")
            if number and _BARE_DESIGNATOR.fullmatch(number):
                own["number"] = number.upper()
            own["building"] = self.cell(row, "building").strip(" ,") or ("" if number else parsed.building)
        parsed = replace(parsed, **own)
        if parsed.flat and not (parsed.number or parsed.building):
            # "Flat 1, High Street" alone would be one home for every block of the street.
            parsed = replace(parsed, building=self.cell(row, "block").strip(" ,"))
        if parsed.building and plain_name(parsed.building) in (plain_name(parsed.street), plain_name(parsed.town)):
            parsed = replace(parsed, building="")
        return parsed

    def people(self, row: SourceRow) -> list[ResidentRow]:
        found: list[ResidentRow] = []
        titles, given, family = (
            [row.cell(index) for index in self._columns.get(name, ())]
            for name in ("resident_title", "resident_given", "resident_family")
        )
        for at in range(max(len(given), len(family))):
            person = person_from(_at(titles, at), _at(given, at), _at(family, at), "")
            if person is not None:
                found.append(person)
        full_at = self._columns.get("resident_full", ())
        for at, index in enumerate(full_at):
            people = people_in(row.cell(index))
            if (
                len(people) == 1
                and not given
                and not family
                and len(titles) >= len(full_at)
                and titles[at]
                and not people[0].title
            ):
                people = [p for p in [person_from(titles[at], people[0].given, people[0].family, people[0].full)] if p]
            found.extend(people)
        return found

    def says_vacant(self, row: SourceRow) -> bool:
        """Whether a name cell says that nobody lives there."""
        names = ("resident_full", "resident_family", "resident_given")
        return any(text.strip(" .").casefold() in VACANT for name in names for text in self.cells(row, name))


def _take(gathering: _Gathering, reader: _RowReader, row: SourceRow) -> None:
    if row.is_blank:
        gathering.blank += 1
        return
    try:
        if any(len(cell) > MAX_TEXT_LENGTH for cell in row.cells):
            raise RowNotTaken(reason=f"One of its cells has more than {MAX_TEXT_LENGTH:,} letters.")
        parsed = reader.parse(row)
    except RowNotTaken as refusal:
        gathering.refused.append(RefusedRow(row.line, _shown(row), refusal.reason, row.cells))
        return
    line = row.line
    language, format_needed = _needs(gathering, reader, row)
    home = HomeRow(
        key=same_home_key(parsed),
        **{part: getattr(parsed, part) for part in ADDRESS_PARTS},
        landlord_reference=_reference(gathering, reader, row),
        language=language,
        format_needed=format_needed,
        block=reader.cell(row, "block"),
        notes=reader.cell(row, "notes"),
        source_line=line,
        vacant=reader.says_vacant(row),
    )
    people = reader.people(row)
    draft = gathering.homes.get(home.key)
    if draft is not None and _cannot_be_told_apart(draft, home, people):
        reason = (
            f"This street has no house number or name here, nor on line {draft.row.source_line}, so the two"
            " cannot be told apart."
        )
        gathering.refused.append(RefusedRow(line, _shown(row), reason, row.cells))
        return
    if draft is not None:
        gathering.repeated.append(RepeatedRow(line, draft.row.source_line, _shown(row)))
        draft.residents.extend(people)
        draft.lines.append(line)
        _join(gathering, draft, home)
        return
    gathering.homes[home.key] = _Draft(home, people, [line])
    if not home.postcode:
        written = reader.cell(row, "postcode")[:20]
        left_out = f"; “{written}” is not one and was left out." if written else "."
        gathering.warn(line, "no-postcode", f"This home has no postcode{left_out}")
    if seldom_lived_in(home):
        gathering.warn(line, "not-a-home", "This may be a garage or a piece of land, where nobody lives.")
    if not (home.number or home.building or home.flat):
        gathering.warn(line, "no-number", "This home has a street but no number or name, so a letter may not find it.")
    elif parsed.confidence < UNSURE_BELOW:
        gathering.warn(line, "unsure", "Please check how this address was cut into parts.")


def _reference(gathering: _Gathering, reader: _RowReader, row: SourceRow) -> str:
    text = reader.cell(row, "landlord_reference")
    if not is_shortened(text):
        return text
    gathering.warn(
        row.line, "shortened-reference",
        f"The spreadsheet has shortened the reference to “{text}”, so it was left out; show the column as text.",
    )  # fmt: skip
    return ""


def _cannot_be_told_apart(draft: _Draft, home: HomeRow, people: Sequence[ResidentRow]) -> bool:
    """Two rows with a bare street, other people and no reference in common: joining them could lose a home."""
    if home.number or home.building or home.flat:
        return False
    if home.landlord_reference and home.landlord_reference == draft.row.landlord_reference:
        return False
    here, there = ({person_key(person) for person in some} for some in (people, draft.residents))
    return here != there


def _needs(gathering: _Gathering, reader: _RowReader, row: SourceRow) -> tuple[str, str]:
    said_language, said_format = reader.cell(row, "language"), reader.cell(row, "format_needed")
    language, format_needed = language_code(said_language), format_code(said_format)
    if language is None:
        gathering.warn(
            row.line, "unknown-language", f"The language “{said_language[:40]}” is not known; choose it by hand."
        )
    if format_needed is None:
        gathering.warn(
            row.line, "unknown-format", f"The letter format “{said_format[:40]}” is not known; choose it by hand."
        )
    return language or "", format_needed or ""


def _join(gathering: _Gathering, draft: _Draft, home: HomeRow) -> None:
    """Fill what the earlier rows of the home left empty; a contradiction keeps the earlier and is named."""
    filled: dict[str, Any] = {}
    for name, words in (
        ("language", "language"), ("format_needed", "letter format"),
        ("landlord_reference", "reference"), ("block", "block"),
        ("locality", ""), ("town", ""), ("county", ""), ("notes", ""),
    ):  # fmt: skip
        before, after = getattr(draft.row, name), getattr(home, name)
        if after and not before:
            filled[name] = after
        elif words and after and plain_name(after) != plain_name(before):
            gathering.warn(
                home.source_line,
                "rows-disagree",
                f"This row gives another {words} than line {draft.row.source_line} for the same home; "
                "the earlier one was kept.",
            )
    if filled:
        draft.row = replace(draft.row, **filled)


def _with_one_spelling(homes: Sequence[HomeRow], known: Mapping[str, KnownHome]) -> list[HomeRow]:
    """One spelling for each street, building and place, or "Marsh Rd" and "Marsh Road" would be two streets.

    A spelling already in the workbook wins, then the commonest in the list, then the longer one.
    """
    votes: Counter[tuple[str, str]] = Counter()
    for home in (*homes, *known.values()):
        weight = 1 if isinstance(home, HomeRow) else len(homes) + 1
        for part in SPELLED_PARTS:
            if text := getattr(home, part):
                votes[part, text] += weight
    writings: dict[tuple[str, str], list[str]] = {}
    for part, text in votes:
        writings.setdefault((part, plain_name(text)), []).append(text)
    best = {
        (part, text): max(texts, key=lambda text: (votes[part, text], len(text), text))
        for (part, _), texts in writings.items()
        for text in texts
    }
    spelled = []
    for home in homes:
        found: dict[str, Any] = {
            part: spelling
            for part in SPELLED_PARTS
            if (text := getattr(home, part)) and (spelling := best[part, text]) != text
        }
        spelled.append(replace(home, **found) if found else home)
    return spelled


def _warn_of_lookalikes(gathering: _Gathering, homes: Sequence[HomeRow]) -> None:
    """Homes that may be one home written with less detail are kept apart and shown."""
    first: dict[str, list[HomeRow]] = {}
    for home in homes:
        for other in (others := first.setdefault(loose_home_key(home), [])):
            if _could_be_one(home, other):
                gathering.warn(
                    home.source_line,
                    "looks-like",
                    f"This may be the same home as line {other.source_line}, written with less detail; both were kept.",
                )
                break
        if len(others) < MOST_LOOKALIKES_COMPARED:
            others.append(home)


def _could_be_one(home: HomeRow, other: HomeRow) -> bool:
    return all(
        not getattr(home, part)
        or not getattr(other, part)
        or plain_name(getattr(home, part)) == plain_name(getattr(other, part))
        for part in ("postcode", "building", "locality", "town")
    )


# ------------------------------------------------------------------ against what is known


def _against_known(
    homes: Sequence[HomeRow], known: Mapping[str, KnownHome]
) -> tuple[list[HomeRow], list[HomeUpdate], list[UnchangedHome]]:
    new: list[HomeRow] = []
    updated: list[HomeUpdate] = []
    unchanged: list[UnchangedHome] = []
    keys = {home.key for home in homes}
    loose: dict[str, list[str]] = {}
    for key, known_home in known.items():
        if key not in keys:
            loose.setdefault(loose_home_key(known_home), []).append(key)
    for home in homes:
        match = known.get(home.key)
        if match is None:
            match = _less_detailed(home, known, loose)
        if match is None:
            new.append(home)
            continue
        changes = _changes(match, home)
        if changes:
            updated.append(HomeUpdate(match.home_id, home, changes))
        else:
            unchanged.append(UnchangedHome(match.home_id, home))
    return new, updated, unchanged


def _less_detailed(home: HomeRow, known: Mapping[str, KnownHome], loose: dict[str, list[str]]) -> KnownHome | None:
    """The one known home that differs only by a postcode the other lacks; each is used once."""
    candidates = loose.get(loose_home_key(home), [])
    fitting = [
        key
        for key in candidates
        if bool(known[key].postcode) != bool(home.postcode)
        and plain_name(known[key].building) == plain_name(home.building)
        and plain_name(known[key].flat) == plain_name(home.flat)
        and plain_name(known[key].town) == plain_name(home.town)
        and plain_name(known[key].locality) == plain_name(home.locality)
    ]
    if len(fitting) != 1:
        return None
    candidates.remove(fitting[0])
    return known[fitting[0]]


def _changes(known: KnownHome, home: HomeRow) -> tuple[FieldChange, ...]:
    changes: list[FieldChange] = []
    for name in (*ADDRESS_PARTS, "landlord_reference", "language", "format_needed", "block", "notes"):
        before, after = getattr(known, name), getattr(home, name)
        # A different writing of the same address is no news ("Rd" for "Road", capitals).
        same = before == after or (name in ADDRESS_PARTS and plain_name(before) == plain_name(after))
        if (
            after
            and not same
            and not (name in ADDRESS_PARTS and name != "postcode" and before and _agreed_by_key(name))
        ):
            changes.append(FieldChange(name, before, after))
    there = {person_key(person) for person in known.residents}
    added = tuple(person for person in home.residents if person_key(person) not in there)
    if added:
        changes.append(FieldChange("residents", known.residents, added))
    if (home.vacant and not known.vacant) or (known.vacant and home.residents):
        changes.append(FieldChange("vacant", known.vacant, home.vacant))
    return tuple(changes)


def _agreed_by_key(name: str) -> bool:
    """Parts that already agreed by key: another writing of them ("2" for "Flat 2") is no change."""
    return name in ("flat", "building", "number", "street")


# ------------------------------------------------------------------ words


def _at(cells: Sequence[str], index: int) -> str:
    return cells[index] if index < len(cells) else ""


def _shown(row: SourceRow) -> str:
    return ", ".join(cell for cell in row.cells if cell)[:LONGEST_SHOWN_TEXT]


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:].rstrip('.')}."
