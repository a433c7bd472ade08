"""What an import would do, as frozen values: shown before anything is written, and then carried out."""

from __future__ import annotations

from dataclasses import dataclass, fields

ADDRESS_PARTS = ("flat", "building", "number", "street", "locality", "town", "county", "postcode")


@dataclass(frozen=True, slots=True)
class ResidentRow:
    """One person of a household. `full` is always there; the parts only when the list separates them."""

    title: str = ""
    given: str = ""
    family: str = ""
    full: str = ""


@dataclass(frozen=True, slots=True)
class HomeRow:
    """One home to be, from one or more rows of the list.

    `key` is `addresses.same_home_key`; `language` a BCP 47 tag or ""; `format_needed` one of
    `languages.FORMATS` or ""; `source_line` the first line it stood on. `vacant`: the list says nobody lives there.
    """

    key: str
    flat: str = ""
    building: str = ""
    number: str = ""
    street: str = ""
    locality: str = ""
    town: str = ""
    county: str = ""
    postcode: str = ""
    landlord_reference: str = ""
    residents: tuple[ResidentRow, ...] = ()
    language: str = ""
    format_needed: str = ""
    block: str = ""
    source_line: int = 0
    notes: str = ""
    vacant: bool = False


@dataclass(frozen=True, slots=True)
class KnownHome:
    """A home already in the workbook, as far as a list can change it."""

    home_id: str
    flat: str = ""
    building: str = ""
    number: str = ""
    street: str = ""
    locality: str = ""
    town: str = ""
    county: str = ""
    postcode: str = ""
    landlord_reference: str = ""
    residents: tuple[ResidentRow, ...] = ()
    language: str = ""
    format_needed: str = ""
    block: str = ""
    notes: str = ""
    vacant: bool = False

    @classmethod
    def from_row(cls, home_id: str, row: HomeRow) -> KnownHome:
        """The home as it is known once `row` has been imported."""
        return cls(home_id=home_id, **{f.name: getattr(row, f.name) for f in fields(cls) if f.name != "home_id"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One detail of a known home that the list gives differently. Residents are the ones to add."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class HomeUpdate:
    """A known home whose details differ. An empty cell never takes anything away."""

    home_id: str
    row: HomeRow
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class UnchangedHome:
    """A known home about which the list says nothing new."""

    home_id: str
    row: HomeRow


@dataclass(frozen=True, slots=True)
class RepeatedRow:
    """A row about a home that an earlier line of the same file already gave; its people were joined to it."""

    line: int
    first_line: int
    text: str


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not taken, its cells, and a sentence why."""

    line: int
    text: str
    reason: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowWarning:
    """A row that was taken although something about it needs a look. `code` is stable."""

    line: int
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class RowCounts:
    """Every row of the list in exactly one bucket: `total` is the sum of the others."""

    total: int
    new: int
    updated: int
    unchanged: int
    repeated: int
    refused: int
    blank: int


@dataclass(frozen=True, slots=True)
class HomesPlan:
    """What importing a list would do. Homes in the order of the list."""

    columns: tuple[str, ...]
    new: tuple[HomeRow, ...] = ()
    updated: tuple[HomeUpdate, ...] = ()
    unchanged: tuple[UnchangedHome, ...] = ()
    repeated: tuple[RepeatedRow, ...] = ()
    refused: tuple[RefusedRow, ...] = ()
    warnings: tuple[RowWarning, ...] = ()
    blank_rows: int = 0
    total_rows: int = 0
    notes: tuple[str, ...] = ()

    @property
    def counts(self) -> RowCounts:
        return RowCounts(
            total=self.total_rows,
            new=len(self.new),
            updated=len(self.updated),
            unchanged=len(self.unchanged),
            repeated=len(self.repeated),
            refused=len(self.refused),
            blank=self.blank_rows,
        )

    @property
    def summary(self) -> str:
        """One sentence for the preview."""
        counts = self.counts
        parts = [f"{counts.new:,} new", f"{counts.updated:,} changed", f"{counts.unchanged:,} as before"]
        homes = counts.new + counts.updated + counts.unchanged
        homes_said = "1 home" if homes == 1 else f"{homes:,} homes"
        text = f"{homes_said} in {_rows(counts.total)}: {', '.join(parts)}."
        if counts.repeated:
            text += f" {_rows(counts.repeated)} joined to a home on an earlier line."
        if counts.refused:
            text += f" {_rows(counts.refused)} cannot be taken; the reasons are listed."
        if counts.blank:
            text += (
                f" {_rows(counts.blank)} without anything in it."
                if counts.blank == 1
                else f" {counts.blank:,} empty rows."
            )
        return text


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
