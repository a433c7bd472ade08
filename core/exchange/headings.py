"""What column names in real lists mean. Data and one pure look-up."""
# ruff: noqa: E501 -- tables of words are read, and compared, one entry a line

from __future__ import annotations

import re
from typing import Final

FIELDS: Final = (
    "whole_address", "flat", "building", "number", "street", "locality", "town", "county", "postcode",
    "landlord_reference", "resident_title", "resident_given", "resident_family", "resident_full",
    "language", "format_needed", "block", "notes",
)  # fmt: skip
"""Every field a column can be matched to."""

ADDRESS_FIELDS: Final = ("whole_address", "flat", "building", "number", "street")
"""Without one of these columns there is no list of homes."""

MANY_COLUMNS: Final = frozenset(
    {"whole_address", "resident_title", "resident_given", "resident_family", "resident_full"}
)
"""Fields that may be spread over several columns ("Address 1", "Address 2"; "Tenant", "Joint tenant")."""

_NAMES: Final = {
    "whole_address": "address, full address, location, property address, home address, site address, property, whole address, "
    "postal address, correspondence address, address line, addressline, address line one, addr, add, premises, dwelling, "
    "home, unit address, tenancy address, address details, addresses, rental address",
    "flat": "flat, flat no, flat number, unit, unit no, unit number, apartment, apt, sub building, sub building name, saon, "
    "flat name, room, flat or room, apartment number, sao text",
    "building": "building, building name, house name, court, house name or number, name of building, property name, pao text",
    "number": "number, no, house number, house no, street number, street no, door number, door no, paon, hse no, building number, property number, house, pao start number, house no name",
    "street": "street, road, street name, road name, thoroughfare, street address, address street, street description",
    "locality": "locality, area, village, neighbourhood, district, suburb, dependent locality, parish",
    "town": "town, city, post town, town city, town or city, posttown, town name",
    "county": "county, county name, administrative area",
    "postcode": "postcode, post code, pcode, p code, pc, zip, zip code, postal code, home postcode, property postcode, postcode locator",
    "landlord_reference": "reference, ref, ref no, reference number, property ref, property reference, uprn, property id, "
    "property code, property no, home ref, home reference, unit ref, upr, id, tenancy ref, tenancy reference, asset ref, "
    "asset id, landlord reference, our ref, place ref, prop ref, rent account, home id",
    "resident_title": "title, salutation, tenant title, resident title, mr mrs",
    "resident_given": "first name, firstname, forename, forenames, given name, given names, first names, tenant first name, christian name",
    "resident_family": "surname, last name, lastname, family name, tenant surname, second name",
    "resident_full": "name, full name, tenant, tenants, tenant name, tenant names, resident, residents, resident name, resident names, "
    "names, main tenant, joint tenant, occupier, occupiers, household, household members, member, members, tenancy name, "
    "name of tenant, tenant or tenants, occupant, occupants, leaseholder, lead tenant, second tenant, co tenant, "
    "resident full name, tenants names, householder",
    "language": "language, first language, preferred language, main language, language spoken, spoken language, "
    "home language, lang, languages, mother tongue, translation language, language needed",
    "format_needed": "format, format needed, letter format, accessible format, communication needs, communication need, "
    "preferred format, alternative format, reading needs, format required, accessibility, letters in, access needs, comms needs",
    "block": "block, estate, block estate, estate block, scheme, block name, estate name, scheme name, block or estate, estate or block, site, development, phase",
    "notes": "notes, note, comments, comment, remarks, other, memo",
}  # fmt: skip

_FIELD_OF: Final = {name.strip(): field for field, names in _NAMES.items() for name in names.split(",")}
_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")
_TRAILING_NUMBER: Final = re.compile(r"^(.*?[a-z]) ?\d{1,2}$")
_LEADING: Final = re.compile(r"^(?:(?:joint |main |lead )?tenant|resident|property|home)(?: \d)? (?=\w)")


def heading_words(heading: str) -> str:
    """A column name for comparing: lower case words without punctuation."""
    return " ".join(_NOT_WORD.sub(" ", heading.replace("&", " ").replace("(s)", "s").casefold().replace("'", "")).split())


def field_for(heading: str) -> tuple[str, float]:
    """(field, confidence from 0 to 1) for a column name; ("", 0) for an unknown one."""
    words = heading_words(heading)
    tries = [(words, 1.0)]
    if (numbered := _TRAILING_NUMBER.match(words)) is not None:
        tries.append((numbered.group(1), 0.95))
    if (led := _LEADING.sub("", words)) != words:
        tries.append((led, 0.85))
        if (numbered := _TRAILING_NUMBER.match(led)) is not None:
            tries.append((numbered.group(1), 0.8))
    for name, confidence in tries:
        if name in _FIELD_OF:
            return _FIELD_OF[name], confidence
    return "", 0.0


def recognised(cells: tuple[str, ...] | list[str]) -> int:
    """How many of these cells are column names we know."""
    return sum(1 for cell in cells if cell and len(cell) <= 60 and field_for(cell)[0])
