"""A run of letters to an area, one letter a household, and what became of each at the door.

They live in the stream of the case that asked for the run: a list of doors says where a case is.
"""

from __future__ import annotations

import datetime

from core.domain.declare import (
    Care,
    Record,
    StreamKind,
    boolean,
    choice,
    date,
    instant,
    integer,
    labels,
    link,
    raw_bytes,
    record,
    text,
    texts,
)
from core.foundation.ids import RecordId

RUN_STATES = labels(
    ("planned", "Planned"),
    ("making", "Being made"),
    ("made", "Letters ready"),
    ("stopped", "Stopped before the end"),
    ("delivered", "Delivered"),
)

LETTER_STATES = labels(
    ("queued", "Waiting to be made"),
    ("made", "Made"),
    ("left-out", "Left out"),
    ("refused", "Could not be made"),
    ("outsourced", "To be made by somebody else"),
)

DELIVERY_OUTCOMES = labels(
    ("", "Not yet"),
    ("delivered", "Delivered by hand"),
    ("posted", "Posted"),
    ("no-answer", "No answer"),
    ("refused", "Refused"),
    ("no-access", "No way in"),
    ("returned", "Came back"),
)


@record(name="letter_run", label="Letters to an area", stream=StreamKind.CASE)
class LetterRun(Record):
    """One general warning to all homes of an area (policy 4.12)."""

    case: RecordId | None = link("Case", indexed=True)
    planned_at: datetime.datetime | None = instant("Planned", indexed=True)
    planned_by: bytes = raw_bytes("Planned by")
    area: str = text("Area", care=Care.SENSITIVE)
    streets: frozenset[str] = texts("Streets and blocks", care=Care.SENSITIVE)
    reason: str = text("Why")
    person_consulted: bool | None = boolean("The person was asked first")
    template: str = text("Template")
    template_version: int | None = integer("Template version")
    template_sha256: bytes = raw_bytes("Template fingerprint")
    letter_date: datetime.date | None = date("Date on the letters")
    duplex: bool | None = boolean("Each letter begins on a new sheet")
    state: str = choice("State", RUN_STATES, default="planned")
    finished_at: datetime.datetime | None = instant("Finished")


@record(name="letter", label="Letter", stream=StreamKind.CASE)
class LetterRecord(Record):
    """One letter of a run, for one household; it is printed on pages `page_from`.. of chunk `chunk`."""

    run: RecordId | None = link("Run", indexed=True)
    household: RecordId | None = link("Household")
    home: RecordId | None = link("Home", indexed=True)
    place: int | None = integer("Place in walk order")
    address: str = text("Address", care=Care.PERSONAL)
    address_block: str = text("Lines in the address window", care=Care.PERSONAL)
    salutation: str = text("Name after Dear", care=Care.PERSONAL)
    language: str = text("Language")
    letter_format: str = text("Format")
    state: str = choice("State", LETTER_STATES, default="queued")
    why: str = text("Why")
    chunk: int | None = integer("File number")
    page_from: int | None = integer("First page")
    pages: int | None = integer("Pages")
    text_sha256: bytes = raw_bytes("Fingerprint of the words")
    file_sha256: bytes = raw_bytes("Fingerprint of the file")
    delivery: str = choice("At the door", DELIVERY_OUTCOMES)
    delivered_at: datetime.datetime | None = instant("When")
    delivered_by: bytes = raw_bytes("By whom")
