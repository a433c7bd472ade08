"""What is written down of a private interview beside the interview itself, and the officer a person asked for.

Policy 4.26 and 4.27. What lies in the compartment is read by the people it names and nobody else. What the readers of
the case see of it is what was put into the case from it, and what the person asked for there.
"""

from __future__ import annotations

import datetime

from core.domain.case import ACTS
from core.domain.declare import (
    Care,
    Record,
    StreamKind,
    boolean,
    choice,
    choices,
    instant,
    integer,
    labels,
    link,
    links,
    long_text,
    raw_bytes,
    record,
    text,
)
from core.foundation.ids import RecordId

PLACES = labels(
    ("office", "Our office"),
    ("home", "The person's home"),
    ("other-home", "The home of somebody they trust"),
    ("agency", "Another agency"),
    ("public", "A quiet place they chose"),
    ("refuge", "A refuge or another safe place"),
    ("phone", "By phone"),
    ("video", "By video"),
)
"""Sorts of place. Where a refuge is, is written nowhere (policy 4.23)."""

PRESENT = labels(
    ("person", "The person"),
    ("officer", "Officer who asks"),
    ("second-officer", "A second officer"),
    ("interpreter", "Interpreter"),
    ("support", "Somebody who supports them"),
    ("agency", "Another agency"),
    ("household", "Somebody of their household"),
    ("child", "A child"),
    ("complained-about", "The person complained about, or somebody of theirs"),
)

INTERPRETERS = labels(
    ("none", "None needed"),
    ("professional", "A professional interpreter, in the room"),
    ("by-phone", "A professional interpreter, by phone or video"),
    ("officer", "An officer who speaks the language"),
    ("not-had", "Wanted, and nobody could be had"),
    ("friend", "A friend or relative of the person"),
    ("child", "A child"),
    ("theirs", "A relative or friend of the person complained about"),
)
"""The last two are refused: they are on the list so that the page can say why."""

REQUESTS = labels(
    ("woman", "A woman"),
    ("man", "A man"),
    ("origin", "Somebody of the same ethnic origin"),
)
"""Policy 4.27: the same sex and/or ethnic origin, as the person asks for it."""

CAN_MEET = labels(
    ("woman", "When a woman is asked for"),
    ("man", "When a man is asked for"),
    ("origin", "I may be asked when somebody wants the same ethnic origin"),
)
"""What an officer may say they can meet. Of which origin anybody is, is kept nowhere."""

INTO_CASE = labels(
    ("all", "What the officer and the person choose together"),
    ("some", "Only what the person said may go in"),
    ("nothing", "Nothing"),
)

WHO_CAME = labels(
    ("complained-about", "The person complained about, or somebody of theirs"),
    ("household", "Somebody of the household"),
    ("child", "A child"),
    ("other", "Somebody else"),
    ("call", "A call or a message"),
)

WENT_ON = labels(
    ("went-on", "It went on there, in private again"),
    ("elsewhere", "It went on somewhere else"),
    ("later", "It was left for another day"),
)

SIGNED_HOW = labels(
    ("drawn", "Signed on the screen"),
    ("typed", "Name typed, and agreed aloud"),
    ("refused", "The person did not want to sign"),
    ("unable", "The person could not sign"),
)

OFFER_SAID = labels(
    ("yes", "They want one"),
    ("later", "Not now"),
    ("no", "They do not want one"),
)

COPY_FOR = labels(
    ("person", "The person themselves"),
    ("file", "A file: our own, the police's or a court's"),
)
"""For whom a copy of the statement is made. There is nobody else."""

PIECES = labels(
    ("incident", "An incident"),
    ("contact", "That you spoke"),
    ("risk", "Answers about risk"),
    ("wish", "What they want"),
    ("officer", "Which officer they asked for"),
)
"""What can go from an interview into the case. The statement is not among them."""


@record(name="interview_person", label="Somebody present", stream=StreamKind.COMPARTMENT)
class InterviewPerson(Record):
    """One person who was there, and as what."""

    role: str = choice("As what", PRESENT)
    name: str = text("Name", care=Care.SENSITIVE)


@record(name="interruption", label="Interruption", stream=StreamKind.COMPARTMENT)
class Interruption(Record):
    """Somebody came in, or could have heard. It is closed once it says what was done to be safe."""

    at: datetime.datetime | None = instant("When")
    by: bytes = raw_bytes("Who wrote it down")
    who_came: str = choice("Who came", WHO_CAME)
    made_safe: str = long_text("What was done to be safe", search=0)
    went_on: str = choice("How it went on", WENT_ON)


@record(name="interview_event", label="Something that happened, as told", stream=StreamKind.COMPARTMENT)
class InterviewEvent(Record):
    """One thing that happened: who, what, when, where, and what it did to the person. Asked once."""

    who: str = long_text("Who did it", search=0)
    what: str = long_text("What happened", search=0)
    happened_text: str = text("When", care=Care.SENSITIVE)
    place: str = text("Where", care=Care.SENSITIVE)
    impact: str = long_text("What it did to them", search=0)
    acts: frozenset[str] = choices("What kind of act", ACTS, care=Care.SENSITIVE)
    set_id: str = text("Set of questions")
    set_version: int | None = integer("Version of the questions")
    put_at: datetime.datetime | None = instant("Put into the case")


@record(name="signed_statement", label="Statement, signed or not", stream=StreamKind.COMPARTMENT)
class SignedStatement(Record):
    """The end of reading a statement back: the very words, their hash, and how they were signed. Never changed.

    `words_hash` is SHA-256 of the words in UTF-8. `strokes` are what was drawn: canonical CBOR, a list of strokes, each
    a list x, y, x, y ... of whole numbers from 0 to 1000 (x) and 0 to 300 (y).
    """

    at: datetime.datetime | None = instant("When")
    by: bytes = raw_bytes("Before whom")
    how: str = choice("How", SIGNED_HOW)
    words: str = long_text("The statement", search=0)
    words_hash: bytes = raw_bytes("Hash of the statement")
    strokes: bytes = raw_bytes("Signature", care=Care.SENSITIVE)
    name: str = text("Name as typed", care=Care.SENSITIVE)
    agreed_aloud: bool | None = boolean("Agreed aloud")
    corrected: bool | None = boolean("Corrected when it was read back")
    read_in: str = text("Read back in", care=Care.SENSITIVE)
    reason: str = long_text("Why it is not signed", search=0)


@record(name="put_into_case", label="Put into the case", stream=StreamKind.COMPARTMENT)
class PutIntoCase(Record):
    """What went from the interview into the case, when, and by whom."""

    at: datetime.datetime | None = instant("When")
    by: bytes = raw_bytes("Who put it in")
    pieces: frozenset[str] = choices("What", PIECES)
    against_wish_because: str = long_text("Why, although the person did not want it", search=0)


@record(name="from_interview", label="From a private interview", stream=StreamKind.CASE)
class FromInterview(Record):
    """Where records of the case came from: a private interview. What was said in it beside them is not here."""

    case: RecordId | None = link("Case", indexed=True)
    at: datetime.datetime | None = instant("When", indexed=True)
    by: bytes = raw_bytes("Who put it in")
    said_at: datetime.datetime | None = instant("When it was said")
    pieces: frozenset[str] = choices("What", PIECES)
    records: frozenset[RecordId] = links("The records that came from it")
    against_wish_because: str = long_text("Why, although the person did not want it")


@record(name="officer_wish", label="Officer asked for", stream=StreamKind.CASE)
class OfficerWish(Record):
    """Which officer and interpreter somebody asked for, and whether it could be met (policy 4.27). The latest holds."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person")
    said_at: datetime.datetime | None = instant("When they said so", indexed=True)
    wants: frozenset[str] = choices("Officer asked for", REQUESTS, care=Care.SENSITIVE)
    wants_interpreter: frozenset[str] = choices("Interpreter asked for", REQUESTS, care=Care.SENSITIVE)
    met: bool | None = boolean("It could be met")
    not_met_because: str = text("Why it could not be met", care=Care.SENSITIVE)
    recorded_by: bytes = raw_bytes("Who wrote it down")


@record(name="interview_offer", label="Private interview offered", stream=StreamKind.CASE)
class InterviewOffer(Record):
    """Somebody was offered a talk in a private and safe place, and what they said (policy 4.26). The latest holds.

    An offer that was declined stays: it was made. Whether an interview was held is not said here.
    """

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person")
    offered_at: datetime.datetime | None = instant("When it was offered", indexed=True)
    answer: str = choice("What they said", OFFER_SAID, care=Care.SENSITIVE)
    words: str = text("In their words", care=Care.SENSITIVE)
    recorded_by: bytes = raw_bytes("Who wrote it down")


@record(name="requests_met", label="Requests a colleague can meet", stream=StreamKind.ORGANISATION)
class RequestsMet(Record):
    """Which requests a colleague says they can meet. Nothing about the colleague beside that (policy 4.27)."""

    user: bytes = raw_bytes("User", indexed=True)
    can_meet: frozenset[str] = choices("Can be asked", CAN_MEET)
    said_at: datetime.datetime | None = instant("When they said so")
