"""How homes, columns and counts are said. Pure."""

from __future__ import annotations

from core.domain.estate import FORMATS
from core.services.homes import AreaRow, ColumnGuess, FieldChange, HomeRow, HomesPlan, language_name
from desktop.screens.words import count_words

FIELD_WORDS = {
    "whole_address": "The whole address, or a part of it",
    "flat": "Flat",
    "building": "Building",
    "number": "House number",
    "street": "Street",
    "locality": "Area or village",
    "town": "Town",
    "county": "County",
    "postcode": "Postcode",
    "landlord_reference": "Our reference for the home",
    "resident_title": "Title (Mr, Mrs, Mx)",
    "resident_given": "First name",
    "resident_family": "Family name",
    "resident_full": "Full name of somebody who lives there",
    "language": "Language",
    "format_needed": "Format of letters",
    "block": "Block or estate",
    "notes": "Notes",
}
"""Every field a column can feed, in the order it is offered."""

NOT_USED = "Leave this column out"

_DETAIL_WORDS = {"residents": "People", "vacant": "Empty"}


def language_words(code: str) -> str:
    """ "Bengali"; empty when nobody said."""
    return language_name(code) if code else ""


def area_words(area: AreaRow) -> str:
    """ "Marsh House, block (24 homes)"."""
    kind = ", block or estate" if area.is_block else ""
    return f"{area.name}{kind} ({count_words(area.homes, 'home', 'homes')})"


def confidence_words(guess: ColumnGuess) -> str:
    """How sure the guess for a column is, in words."""
    if not guess.field:
        return "Nothing we keep" if guess.confidence == 0 else "You left it out"
    if guess.confidence >= 1:
        return "Sure"
    if guess.confidence >= 0.75:
        return "Very likely"
    return "Likely" if guess.confidence >= 0.6 else "A guess: please check"


def examples_words(guess: ColumnGuess) -> str:
    """Three cells of the column, in quotation marks."""
    if not guess.examples:
        return "Every cell is empty."
    return "For example: " + ", ".join(f"\u2018{_short(text)}\u2019" for text in guess.examples)


def home_words(row: HomeRow) -> str:
    """The address of a row in one line."""
    flat = row.flat if not row.flat or (row.flat[0].isalpha() and len(row.flat) > 2) else f"Flat {row.flat}"
    first = " ".join(part for part in (flat, row.building) if part)
    street = " ".join(part for part in (row.number, row.street) if part)
    return ", ".join(part for part in (first, street, row.locality, row.town, row.postcode) if part)


def needs_words(row: HomeRow) -> str:
    """What the list says about how this home is written to."""
    language = language_words(row.language) if row.language not in ("", "en") else ""
    how = FORMATS.get(row.format_needed, "") if row.format_needed not in ("", "standard") else ""
    empty = "Empty" if row.vacant else ""
    return ", ".join(part for part in (language, how, empty) if part)


def change_words(change: FieldChange) -> str:
    """ "Language: English, now Bengali"."""
    name = _DETAIL_WORDS.get(change.field) or FIELD_WORDS.get(change.field, change.field)
    if change.field == "residents":
        added = len(change.after) if isinstance(change.after, tuple) else 1
        return f"{name}: {count_words(added, 'person', 'people')} added"
    return f"{name}: {_value(change.field, change.before)}, now {_value(change.field, change.after)}"


def result_words(plan: HomesPlan) -> tuple[str, str]:
    """What bringing the list in did: (in short, the rest). The counts add up to every row."""
    counts = plan.counts
    if not counts.new and not counts.updated:
        strong = "Nothing changed."
        rest = f"{_are(counts.unchanged)} here already, just as the list says." if counts.unchanged else ""
    else:
        parts = [f"{count_words(counts.new, 'home', 'homes')} added"] if counts.new else []
        parts += [f"{count_words(counts.updated, 'home', 'homes')} changed"] if counts.updated else []
        strong = f"{' and '.join(parts)}."
        rest = f"{_are(counts.unchanged)} here already, just as the list says." if counts.unchanged else ""
    if counts.refused:
        rest += f" {count_words(counts.refused, 'row was', 'rows were')} not taken; the reasons are below."
    return strong, rest.strip()


def import_words(plan: HomesPlan) -> str:
    """What the button that carries out a plan says."""
    counts = plan.counts
    if not counts.new and not counts.updated:
        return "Finish: nothing would change"
    parts = [f"Bring in {count_words(counts.new, 'home', 'homes')}"] if counts.new else []
    verb = "change" if parts else "Change"
    parts += [f"{verb} {count_words(counts.updated, 'home', 'homes')}"] if counts.updated else []
    return " and ".join(parts)


def _are(count: int) -> str:
    return f"{count:,} home was" if count == 1 else f"{count:,} homes were"


def _value(field: str, value: object) -> str:
    if value in ("", None):
        return "not known"
    if field == "language":
        return language_words(str(value))
    if field == "format_needed":
        return FORMATS.get(str(value), str(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _short(text: str, most: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 3] + "..."
