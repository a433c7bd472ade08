"""Guessing which column of a list holds what, for a person to confirm or change. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.exchange.headings import ADDRESS_FIELDS, FIELDS, MANY_COLUMNS, field_for, heading_words
from core.exchange.languages import format_code, is_not_said, language_code
from core.exchange.postcodes import find_postcode, tidy_postcode
from core.exchange.rows import SourceRow, Table
from core.exchange.words import STREET_WORDS, TITLES

__all__ = ["ADDRESS_FIELDS", "FIELDS", "MANY_COLUMNS", "ColumnGuess", "ColumnMatch", "guess_columns"]

SAMPLE_ROWS = 400
_PLACES = ("locality", "town", "county", "postcode")
_ELSEWHERE = re.compile(
    r"(?:correspondence|corr|forwarding|contact|mailing|billing|alternative|alt|previous|former|old|next of kin|nok)\b"
)
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class ColumnGuess:
    """One column of the file: its name, what it seems to hold ("" for nothing of ours) and examples."""

    index: int
    heading: str
    field: str
    confidence: float
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """Which columns feed which of our fields.

    `first_row_is_data` is True for a list without column names: then the row of "names" is a home too.
    """

    columns: tuple[ColumnGuess, ...]
    first_row_is_data: bool = False

    @property
    def chosen(self) -> Mapping[str, tuple[int, ...]]:
        """Field -> column indexes, in the order of the file."""
        out: dict[str, tuple[int, ...]] = {}
        for column in self.columns:
            if column.field:
                out[column.field] = (*out.get(column.field, ()), column.index)
        return out

    def indexes(self, field: str) -> tuple[int, ...]:
        return tuple(column.index for column in self.columns if column.field == field)

    def with_choice(self, field: str, column: int | Sequence[int] | None) -> ColumnMatch:
        """This match with `field` read from `column` (several where `field` allows it, None for nowhere).

        A column feeds one field only: choosing it here takes it away from another field.

        Raises:
            ValueError: there is no such field or column, or several columns for a field that has one.
        """
        wanted = () if column is None else (column,) if isinstance(column, int) else tuple(column)
        if field not in FIELDS or any(not 0 <= index < len(self.columns) for index in wanted):
            raise ValueError(f"no such field or column: {field} {wanted}")
        if len(wanted) > 1 and field not in MANY_COLUMNS:
            raise ValueError(f"{field} is read from one column only")
        return replace(self, columns=tuple(_chosen(guess, field, wanted) for guess in self.columns))

    def with_first_row_as_data(self, first_row_is_data: bool) -> ColumnMatch:
        return replace(self, first_row_is_data=first_row_is_data)

    @property
    def problem(self) -> str:
        """A sentence saying what is missing before the list can be imported, or ""."""
        if not any(self.indexes(field) for field in ADDRESS_FIELDS):
            return "Choose the column that holds the address."
        return ""


def _chosen(guess: ColumnGuess, field: str, wanted: tuple[int, ...]) -> ColumnGuess:
    if guess.index in wanted:
        return replace(guess, field=field, confidence=1.0)
    return replace(guess, field="", confidence=1.0) if guess.field == field else guess


def guess_columns(table: Table) -> ColumnMatch:
    """The likely match, from the column names first and from what the cells look like second."""
    sample = [row for row in table.rows if not row.is_blank][:SAMPLE_ROWS]
    named = [field_for(heading) for heading in table.columns]
    headless = not any(field for field, _ in named) and _looks_like_data(table.columns, sample)
    # "Flat 1" may be a name with a number; a postcode, or a whole address, is nobody's name for a column.
    headless = headless or any(tidy_postcode(text) or _is_addressish(text) for text in table.columns)
    cells = [[text for row in sample if (text := row.cell(index))] for index in range(len(table.columns))]
    fields: list[tuple[str, float]] = [("", 0.0) if headless else guess for guess in named]
    _keep_single_fields_single(fields)
    taken = {field for field, _ in fields}
    for index, (field, _) in enumerate(fields):
        if field:
            continue
        guess = _by_content(cells[index])
        again = headless and guess[0] in MANY_COLUMNS and guess[0] != "whole_address"
        if guess[0] and (guess[0] not in taken or again):
            fields[index] = guess
            taken.add(guess[0])
    if headless:
        _join_address(fields, cells)
    _settle_address(fields, cells)
    _leave_other_addresses(fields, table.columns)
    return ColumnMatch(
        columns=tuple(
            ColumnGuess(index, heading or f"Column {index + 1}", *fields[index], examples=_examples(cells[index]))
            for index, heading in enumerate(_shown(table.columns, headless))
        ),
        first_row_is_data=headless,
    )


def _shown(columns: Sequence[str], headless: bool) -> Sequence[str]:
    return [""] * len(columns) if headless else columns


def _examples(cells: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(cells))[:EXAMPLES]


def _keep_single_fields_single(fields: list[tuple[str, float]]) -> None:
    """Two columns named alike: the surer one is kept, the first of equals."""
    for field in FIELDS:
        at = [index for index, (name, _) in enumerate(fields) if name == field]
        if len(at) > 1 and field not in MANY_COLUMNS:
            best = max(at, key=lambda index: (fields[index][1], -index))
            for index in at:
                if index != best:
                    fields[index] = ("", 0.0)


_BEGINS_AS_AN_ADDRESS = re.compile(r"(?:flat|flt|unit|apartment|apt|room|studio|maisonette)\b|\d", re.IGNORECASE)


def _join_address(fields: list[tuple[str, float]], cells: list[list[str]]) -> None:
    """Without names, an address over several columns is all of them, from the flat to the postcode."""
    end = next((index for index, (field, _) in enumerate(fields) if field == "postcode"), len(fields))
    own = [index for index in range(end) if fields[index][0] in ("", "number", "street", "whole_address")]
    start = next(
        (
            index for index in own
            if cells[index] and 2 * sum(map(bool, map(_BEGINS_AS_AN_ADDRESS.match, cells[index]))) > len(cells[index])
        ), None,
    )  # fmt: skip
    if start is not None and any(fields[index][0] in ("street", "whole_address") for index in own):
        for index in own:
            if index >= start and cells[index]:
                fields[index] = ("whole_address", 0.5)


def _settle_address(fields: list[tuple[str, float]], cells: list[list[str]]) -> None:
    """ "Name" in a list without people is a house name; "Location" beside a street column is a place."""
    names = [field for field, _ in fields]
    if "street" in names and "number" in names and names.count("whole_address") == 1:
        index = names.index("whole_address")
        if not any(_is_addressish(text) for text in cells[index][:50]):
            fields[index] = ("building" if "building" not in names else "", 0.5)


def _leave_other_addresses(fields: list[tuple[str, float]], headings: Sequence[str]) -> None:
    """Beside the home's own address, where the tenant gets post or lived before is no part of it."""
    elsewhere = [_ELSEWHERE.match(heading_words(heading)) is not None for heading in headings]
    names = [field for field, _ in fields]
    own = any(name in ("whole_address", "street") and not elsewhere[at] for at, name in enumerate(names))
    for index, other in enumerate(elsewhere):
        if own and other and names[index] in (*ADDRESS_FIELDS, *_PLACES):
            fields[index] = ("", 0.0)


def _looks_like_data(columns: Sequence[str], sample: Sequence[SourceRow]) -> bool:
    filled = [text for text in columns if text]
    if not filled:
        return False
    if any(find_postcode(text) is not None and any(c.isdigit() for c in text) for text in filled):
        return True
    if any(re.match(r"\s*(flat\s+)?\d", text, re.IGNORECASE) for text in filled):
        return True
    lower = {text.casefold() for text in filled}
    # A heading does not come back as a cell; a town does.
    return any(cell.casefold() in lower for row in sample[:50] for cell in row.cells if cell)


def _by_content(cells: list[str]) -> tuple[str, float]:
    if not cells:
        return "", 0.0
    some = cells[:SAMPLE_ROWS]

    def share(test: Callable[[str], object]) -> float:
        return sum(1 for text in some if test(text)) / len(some)

    if share(lambda text: len(text) <= 10 and bool(tidy_postcode(text))) > 0.8:
        return "postcode", 0.9
    addressish = share(_is_addressish)
    if addressish > 0.6:
        return "whole_address", round(min(0.95, addressish), 2)
    if share(lambda text: text.strip(" .").casefold() in TITLES) > 0.8:
        return "resident_title", 0.8
    said = [text for text in some if not is_not_said(text)]
    if said and sum(1 for text in said if language_code(text)) / len(said) > 0.8 and len(set(said)) <= 60:
        return "language", 0.8
    if said and sum(1 for text in said if format_code(text)) / len(said) > 0.8 and len(set(said)) <= 30:
        return "format_needed", 0.6
    for field, confidence, needed, test in _LOOKS:
        if share(test) > needed:
            return field, confidence
    return "", 0.0


def _is_addressish(text: str) -> bool:
    words = text.casefold().replace(",", " ").split()
    return (
        len(words) >= 3
        and any(word[0].isdigit() for word in words)
        and any(word.strip(".") in STREET_WORDS for word in words)
    )


def _last_word(text: str) -> str:
    words = text.casefold().split()
    return words[-1].strip(".,") if len(words) > 1 else ""


def _is_street_name(text: str) -> bool:
    return _last_word(text) in STREET_WORDS and not any(character.isdigit() for character in text)


_LOOKS: tuple[tuple[str, float, float, Callable[[str], object]], ...] = (
    ("resident_full", 0.8, 0.5, re.compile(r"(?i)(mr|mrs|ms|miss|mx|dr)\.?\s+\S.*").fullmatch),
    ("number", 0.4, 0.8, re.compile(r"\d{1,4}[A-Za-z]?").fullmatch),
    ("street", 0.7, 0.6, _is_street_name),
)
"""Field, how sure, the share of cells that must look like it, and the look."""
