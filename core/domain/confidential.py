"""What is set apart from a case: a private interview (policy 4.26, 4.31), for exactly the readers it names.

These records never become rows and are never searched: they rest sealed and are read by opening them.
"""

from __future__ import annotations

import datetime

from core.domain.declare import (
    Care,
    Record,
    StreamKind,
    boolean,
    instant,
    integer,
    link,
    links,
    long_text,
    raw_bytes,
    record,
    text,
)
from core.foundation.ids import RecordId


@record(name="compartment", label="Set apart", stream=StreamKind.COMPARTMENT)
class Compartment(Record):
    """Which case something set apart belongs to, and who sees that it was opened."""

    case: RecordId | None = link("Case")
    reference: str = text("Case reference")
    lookers: frozenset[RecordId] = links("Who sees that it was opened")


@record(name="private_interview", label="Private interview", stream=StreamKind.COMPARTMENT)
class PrivateInterview(Record):
    """A talk in a private and safe place, in the person's own words."""

    place: str = text("Where it took place", care=Care.SENSITIVE)
    present: str = text("Who was there", care=Care.SENSITIVE)
    private_confirmed: bool | None = boolean("Nobody else could hear")
    interpreter: str = text("Interpreter", care=Care.SENSITIVE)
    started_at: datetime.datetime | None = instant("Began")
    ended_at: datetime.datetime | None = instant("Ended")
    statement: str = long_text("What the person said, in their own words", search=0)
    read_back: bool | None = boolean("Read back to them")
    agreed: bool | None = boolean("They agreed that it is what they said")


@record(name="interview_note", label="Note on an interview", stream=StreamKind.COMPARTMENT)
class InterviewNote(Record):
    """Something written beside the interview."""

    at: datetime.datetime | None = instant("When")
    by: bytes = raw_bytes("Who wrote it")
    body: str = long_text("Note", search=0)


@record(name="compartment_stub", label="Private interview", stream=StreamKind.CASE)
class CompartmentStub(Record):
    """What readers of the case see of something set apart: that there is one, and how many read it."""

    case: RecordId | None = link("Case", indexed=True)
    compartment: bytes = raw_bytes("Set apart", indexed=True)
    readers: int | None = integer("How many read it")
    by: bytes = raw_bytes("Who began it")
    at: datetime.datetime | None = instant("When")
