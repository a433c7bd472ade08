"""Letters to an area or to one person, what became of each, and the organisation's own templates.

Letters live in the stream of their case: a list of doors says where a case is. Templates say nothing of any case and
live in the organisation's stream.
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
    long_text,
    raw_bytes,
    record,
    text,
    texts,
)
from core.domain.organisation import WINDOW_ENVELOPES
from core.foundation.ids import RecordId

RUN_STATES = labels(
    ("planned", "Planned"),
    ("waiting", "Waits for a second person"),
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

DOOR_OUTCOMES = labels(*DELIVERY_OUTCOMES.items(), ("reissued", "Sent again"))
"""What can become of a letter of a run: one that came back is made again as it was."""


CASE_LETTER_STATES = labels(
    ("waiting", "Waits for a second person"),
    ("ready", "Can be made"),
    ("made", "Made"),
    ("outsourced", "To be made by somebody else"),
    ("cancelled", "Cancelled"),
    ("none", "No letter, none is safe"),
)

LEFT_US = frozenset({"delivered", "posted"})
"""What became of a letter that counts as sent."""

DELIVERY_WAYS = labels(
    ("post", "Posted to their home"),
    ("door", "By hand, at their door"),
    ("in-person", "Given to them in person"),
    ("email", "By email"),
    ("text", "As a text message"),
    ("read", "Read to them"),
)

PROOFS = labels(
    ("", "Does not need it"),
    ("draft", "Draft: nobody has proofed it yet"),
    ("proofed", "Proofed"),
)


@record(name="letter_run", label="Letters to an area", stream=StreamKind.CASE)
class LetterRun(Record):
    """One general warning to all homes of an area (policy 4.12)."""

    case: RecordId | None = link("Case", indexed=True)
    planned_at: datetime.datetime | None = instant("Planned", indexed=True)
    planned_by: bytes = raw_bytes("Planned by")
    area: str = text("Area", care=Care.SENSITIVE)
    streets: frozenset[str] = texts("Streets and blocks", care=Care.SENSITIVE)
    rows_left: frozenset[str] = texts("Rows of a list that get no letter", care=Care.SENSITIVE)
    reason: str = text("Why")
    person_consulted: bool | None = boolean("The person was asked first")
    template: str = text("Template")
    template_version: int | None = integer("Template version")
    template_sha256: bytes = raw_bytes("Template fingerprint")
    letter_date: datetime.date | None = date("Date on the letters")
    duplex: bool | None = boolean("Each letter begins on a new sheet")
    envelope: str = choice("Window envelope", WINDOW_ENVELOPES, default="dl")
    template_text: str = long_text("Template as it was", search=0)
    translations: str = long_text("Translations as they were, by language", search=0)
    filled_in: str = long_text("What was filled in about the landlord", search=0)
    braille_cells: int | None = integer("Braille: cells on a line")
    braille_lines: int | None = integer("Braille: lines on a page")
    braille_uncontracted: bool | None = boolean("Braille: not contracted")
    state: str = choice("State", RUN_STATES, default="planned")
    finished_at: datetime.datetime | None = instant("Finished")
    hits: frozenset[str] = texts("Words that could give somebody away", care=Care.SENSITIVE)
    approved_at: datetime.datetime | None = instant("Agreed to")
    approved_by: bytes = raw_bytes("Second person")
    override_reason: str = text("Why they go out although words could give somebody away", care=Care.SENSITIVE)


@record(name="letter", label="Letter", stream=StreamKind.CASE)
class LetterRecord(Record):
    """One letter of a run, for one household; it is printed on pages `page_from`.. of chunk `chunk`.

    Where it was printed stands with its file (`LetterFile`), unless it has a file of its own or was made long ago.
    What nearly every letter is goes without saying: these defaults stay what they are, whatever becomes usual.
    """

    run: RecordId | None = link("Run", indexed=True)
    household: RecordId | None = link("Household")
    home: RecordId | None = link("Home", indexed=True)
    place: int | None = integer("Place in walk order")
    address: str = text("Address", care=Care.PERSONAL)
    address_block: str = text("Lines in the address window", care=Care.PERSONAL)
    salutation: str = text("Name after Dear", default="Resident", care=Care.PERSONAL)
    language: str = text("Language", default="en")
    letter_format: str = text("Format", default="standard")
    state: str = choice("State", LETTER_STATES, default="queued")
    why: str = text("Why")
    chunk: int | None = integer("File number")
    page_from: int | None = integer("First page")
    pages: int | None = integer("Pages")
    text_sha256: bytes = raw_bytes("Fingerprint of the words")
    file_sha256: bytes = raw_bytes("Fingerprint of the file")
    proof: str = choice("Proofed", PROOFS)
    proofed_by: str = text("Who proofed it", care=Care.PERSONAL)
    reprints: int | None = integer("Printed again so many times")
    reprinted_at: datetime.datetime | None = instant("Last printed again")
    delivery: str = choice("At the door", DOOR_OUTCOMES)
    delivered_at: datetime.datetime | None = instant("When")
    delivered_by: bytes = raw_bytes("By whom")


@record(name="letter_file", label="File of letters", stream=StreamKind.CASE)
class LetterFile(Record):
    """One file of many letters of a run: made whole, and written down once it was. `letters`: which, and on which page.

    The letters themselves are not written again. A letter that is in such a file was made, whatever else it says.
    """

    run: RecordId | None = link("Run", indexed=True)
    number: int | None = integer("File number")
    made_at: datetime.datetime | None = instant("Made")
    letters: bytes = raw_bytes("Letters in it")
    file_sha256: bytes = raw_bytes("Fingerprint of the file")


@record(name="case_letter", label="Letter about a case", stream=StreamKind.CASE)
class CaseLetter(Record):
    """One document of a case, kept for ever as it was: the template's own text, what was filled in, and the words.

    `about`: the closing, appeal or survey it tells of. With `not_sent_because` there is none, and that is why.
    """

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("To whom")
    about: RecordId | None = link("What it is about")
    addressee: str = text("Name on it", care=Care.PERSONAL)
    audience: str = text("For")
    name: str = text("Document")
    template: str = text("Template")
    template_version: int | None = integer("Template version")
    template_sha256: bytes = raw_bytes("Template fingerprint")
    template_text: str = long_text("Template as it was", search=0)
    filled_in: str = long_text("What was filled in", search=0)
    words: str = long_text("Words of the letter")
    reference: str = text("Reference on it")
    envelope: str = choice("Window envelope", WINDOW_ENVELOPES, default="dl")
    language: str = text("Language")
    letter_format: str = text("Format")
    state: str = choice("State", CASE_LETTER_STATES, default="ready")
    proof: str = choice("Proofed", PROOFS)
    proofed_by: str = text("Who proofed it", care=Care.PERSONAL)
    written_at: datetime.datetime | None = instant("Written", indexed=True)
    written_by: bytes = raw_bytes("Who wrote it")
    hits: frozenset[str] = texts("Words that could give somebody away", care=Care.SENSITIVE)
    approved_at: datetime.datetime | None = instant("Agreed to")
    approved_by: bytes = raw_bytes("Second person")
    override_reason: str = text("Why it goes out although words could give somebody away", care=Care.SENSITIVE)
    made_at: datetime.datetime | None = instant("Made")
    pages: int | None = integer("Pages")
    text_sha256: bytes = raw_bytes("Fingerprint of the words")
    file_sha256: bytes = raw_bytes("Fingerprint of the file")
    outsourced_to: str = text("Who makes it")
    cancelled_because: str = text("Why it was cancelled", care=Care.SENSITIVE)
    not_sent_because: str = text("Why none is safe", care=Care.SENSITIVE)
    delivery: str = choice("What became of it", DELIVERY_OUTCOMES)
    delivery_way: str = choice("How", DELIVERY_WAYS)
    delivered_at: datetime.datetime | None = instant("When")
    delivered_by: bytes = raw_bytes("By whom")
    unsafe_reason: str = text("Why a way was used that is not known to be safe", care=Care.SENSITIVE)


@record(name="letter_template", label="Template of a letter", stream=StreamKind.ORGANISATION)
class LetterTemplate(Record):
    """One version of the organisation's own text of a document. In use once somebody else has agreed to it."""

    template_id: str = text("Document", indexed=True)
    version: int | None = integer("Version")
    language: str = text("Language")
    body: str = long_text("Text", search=0)
    written_at: datetime.datetime | None = instant("Written", indexed=True)
    written_by: bytes = raw_bytes("Who wrote it")
    approved_at: datetime.datetime | None = instant("Agreed to")
    approved_by: bytes = raw_bytes("Who agreed")
    withdrawn_at: datetime.datetime | None = instant("No longer used since")
