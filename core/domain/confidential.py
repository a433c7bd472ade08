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
    choice,
    choices,
    instant,
    integer,
    link,
    links,
    long_text,
    raw_bytes,
    record,
    text,
    texts,
)
from core.domain.interview import INTERPRETERS, INTO_CASE, PLACES, REQUESTS
from core.domain.retention import DELETION_REASONS
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
    corrected: bool | None = boolean("They corrected it when it was read back")
    place_sort: str = choice("Sort of place", PLACES, care=Care.SENSITIVE)
    interpreter_sort: str = choice("Who interpreted", INTERPRETERS, care=Care.SENSITIVE)
    interpreter_language: str = text("Language", care=Care.SENSITIVE)
    support_person: str = text("Who supported them", care=Care.SENSITIVE)
    sound_agreed: bool | None = boolean("They agreed to a sound recording")
    stopped: bool | None = boolean("They wanted to stop")
    officer_asked: bool | None = boolean("They were asked which officer they want")
    wants: frozenset[str] = choices("Officer they want", REQUESTS, care=Care.SENSITIVE)
    wants_interpreter: frozenset[str] = choices("Interpreter they want", REQUESTS, care=Care.SENSITIVE)
    wants_met: bool | None = boolean("It could be met")
    wants_not_met_because: str = text("Why it could not be met", care=Care.SENSITIVE)
    into_case: str = choice("What may go into the case", INTO_CASE, care=Care.SENSITIVE)
    into_case_words: str = text("In their words", care=Care.SENSITIVE)
    risk_answers: frozenset[str] = texts("Answers about risk", care=Care.SENSITIVE)
    wanted: str = long_text("What they want to happen", search=0)


@record(name="interview_note", label="Note on an interview", stream=StreamKind.COMPARTMENT)
class InterviewNote(Record):
    """Something written beside the interview."""

    at: datetime.datetime | None = instant("When")
    by: bytes = raw_bytes("Who wrote it")
    body: str = long_text("Note", search=0)


@record(name="compartment_deletion", label="Deletion of what was set apart", stream=StreamKind.COMPARTMENT)
class CompartmentDeletion(Record):
    """The case was deleted for good, and what was set apart from it is to go as well."""

    reason: str = choice("Why", DELETION_REASONS)
    ordered_at: datetime.datetime | None = instant("When")
    ordered_by: bytes = raw_bytes("By whom")


@record(name="compartment_stub", label="Private interview", stream=StreamKind.CASE)
class CompartmentStub(Record):
    """What readers of the case see of something set apart: that there is one, and how many read it."""

    case: RecordId | None = link("Case", indexed=True)
    compartment: bytes = raw_bytes("Set apart", indexed=True)
    readers: int | None = integer("How many read it")
    by: bytes = raw_bytes("Who began it")
    at: datetime.datetime | None = instant("When")
