"""Homes, and who lives in them. Kept in the organisation's stream: every member may read it."""

from __future__ import annotations

import datetime

from core.domain.declare import Care, Record, StreamKind, choice, date, labels, link, record, text
from core.foundation.ids import RecordId

FORMATS = labels(
    ("standard", "Standard print"),
    ("large-print", "Large print"),
    ("braille", "Braille"),
    ("audio", "Audio"),
    ("plain-text", "Plain text by email"),
    ("easy-read", "Easy read"),
    ("translation", "Translation"),
)
"""The formats of policy 6.5."""

HOME_STATES = labels(("let", "Let"), ("empty", "Empty"), ("not-ours", "No longer ours"))


@record(name="home", label="Home", stream=StreamKind.ORGANISATION)
class Home(Record):
    """One front door. `key` is the normalised address that recognises the same home in another list."""

    key: str = text("Address key", indexed=True)
    flat: str = text("Flat", search=2)
    building: str = text("Building", search=2, indexed=True)
    number: str = text("House number", search=2)
    street: str = text("Street", search=2, indexed=True)
    locality: str = text("Area", search=1)
    town: str = text("Town", search=1)
    county: str = text("County", search=1)
    postcode: str = text("Postcode", search=2, indexed=True)
    block: str = text("Block or estate", search=1, indexed=True)
    landlord_reference: str = text("Landlord's reference", search=1)
    notes: str = text("Notes from the list", search=1)
    state: str = choice("State", HOME_STATES, default="let")


@record(name="household", label="Household", stream=StreamKind.ORGANISATION)
class Household(Record):
    """The people who live in one home, and how they need to be written to (policy 6.5)."""

    home: RecordId | None = link("Home", indexed=True)
    language: str = text("Language (BCP 47 code)", default="en", care=Care.PERSONAL)
    format_needed: str = choice("Format needed", FORMATS, default="standard", care=Care.PERSONAL)
    moved_out_on: datetime.date | None = date("Moved out on")


@record(name="resident", label="Resident", stream=StreamKind.ORGANISATION)
class Resident(Record):
    """One person of a household."""

    household: RecordId | None = link("Household", indexed=True)
    title: str = text("Title", care=Care.PERSONAL)
    given_name: str = text("First name", care=Care.PERSONAL, search=1)
    family_name: str = text("Family name", care=Care.PERSONAL, search=2)
    full_name: str = text("Name as written", care=Care.PERSONAL, search=1)
