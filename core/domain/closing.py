"""What goes with closing a case: talks, appeals, opening it again, reports after it, letters of
before (4.29, 4.30).

A talk and an appeal are each about one person: where several were harmed, each has their own.
"""

from __future__ import annotations

import datetime

from core.domain.case import CHANNELS, CONTACT_WAYS
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
    long_text,
    raw_bytes,
    record,
    text,
)
from core.domain.estate import FORMATS
from core.foundation.ids import RecordId

NO_TALK = labels(
    ("acted-for", "Somebody who acts for them was talked to"),
    ("moved", "They moved away, and no way to reach them is known"),
)
"""What may stand in for a talk, with its reason.

That somebody cannot be reached follows from the contacts, that they died from what became of them (`intake.py`).
"""

APPEAL_GROUNDS = labels(
    ("goes-on", "It still goes on"),
    ("not-looked-at", "Something was not looked at"),
    ("wrong", "Something in the reasons is not right"),
    ("not-done", "Something that was agreed was not done"),
    ("not-safe", "They do not feel safe"),
    ("new", "They have something new to tell"),
    ("other", "Another reason"),
)

APPEAL_DECISIONS = labels(
    ("upheld", "The appeal was right"),
    ("partly", "The appeal was right in part"),
    ("not-upheld", "The decision stands"),
    ("late", "It came too late and was not looked at"),
)

REOPENED = labels(
    ("appeal", "An appeal was right"),
    ("incident", "Something new happened"),
    ("known", "Something new is known"),
    ("mistake", "It should not have been closed"),
)

PERSON_LETTERS = labels(
    ("closing", "Letter about closing"),
    ("appeal", "Letter about an appeal"),
    ("survey", "Satisfaction survey"),
    ("survey-reminder", "Reminder of the survey"),
)

LETTER_WAYS = labels(
    ("post", "Posted"),
    ("email", "Sent by email"),
    ("text", "Sent as a text message"),
    ("hand", "Handed over"),
    ("read", "Read out to them"),
    ("returned", "Came back"),
)


@record(name="closure_talk", label="Talk about closing", stream=StreamKind.CASE)
class ClosureTalk(Record):
    """Closing was talked over with one person, or what stands in for that (policy 4.29)."""

    case: RecordId | None = link("Case", indexed=True)
    closure: RecordId | None = link("Proposal to close", indexed=True)
    party: RecordId | None = link("Person")
    talked_at: datetime.datetime | None = instant("When", indexed=True)
    talked_by: bytes = raw_bytes("Who talked with them")
    way: str = choice("How", CONTACT_WAYS)
    instead: str = choice("In place of a talk", NO_TALK)
    instead_because: str = long_text("Why, and how that is known")
    person_agrees: bool | None = boolean("The person agrees")
    views: str = long_text("What the person thinks")
    appeal_explained: bool | None = boolean("How to appeal was explained")


@record(name="appeal", label="Appeal", stream=StreamKind.CASE)
class Appeal(Record):
    """One person does not accept a decision: to close the case, or on a move (policy 4.22, 4.29)."""

    case: RecordId | None = link("Case", indexed=True)
    closure: RecordId | None = link("Proposal to close")
    transfer: RecordId | None = link("Decision on a move")
    party: RecordId | None = link("Person")
    made_at: datetime.datetime | None = instant("When they appealed", indexed=True)
    channel: str = choice("How", CHANNELS)
    grounds: frozenset[str] = choices("On which grounds", APPEAL_GROUNDS)
    words: str = long_text("In their words")
    recorded_at: datetime.datetime | None = instant("When it was written down")
    recorded_by: bytes = raw_bytes("Who wrote it down")
    decided_at: datetime.datetime | None = instant("Decided")
    decided_by: bytes = raw_bytes("Who decided")
    decision: str = choice("Decision", APPEAL_DECISIONS)
    keep_open: bool | None = boolean("The case stays open")
    reasons: str = long_text("Reasons")


@record(name="reopening", label="Case opened again", stream=StreamKind.CASE)
class Reopening(Record):
    """The same case goes on; reviews are counted from here (policy 4.29)."""

    case: RecordId | None = link("Case", indexed=True)
    closure: RecordId | None = link("The closing before")
    appeal: RecordId | None = link("Appeal")
    reopened_at: datetime.datetime | None = instant("Opened again", indexed=True)
    reopened_by: bytes = raw_bytes("Who opened it again")
    why: str = choice("Why", REOPENED)
    reasons: str = long_text("What happened")


@record(name="late_report", label="Report after closing", stream=StreamKind.CASE)
class LateReport(Record):
    """What was decided about a report that came when the case was closed: opened again, or not, and why (4.29)."""

    case: RecordId | None = link("Case", indexed=True)
    report: RecordId | None = link("Report")
    decided_at: datetime.datetime | None = instant("Decided", indexed=True)
    decided_by: bytes = raw_bytes("Who decided")
    opened_again: bool | None = boolean("The case was opened again")
    reasons: str = long_text("Reasons")
    person_told: bool | None = boolean("The person was told")


@record(name="person_letter", label="Letter to one person", stream=StreamKind.CASE)
class PersonLetter(Record):
    """A letter of an earlier version: read, and written no more (`letters.CaseLetter`). Its file is an attachment."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person")
    sort: str = choice("Letter", PERSON_LETTERS)
    about: RecordId | None = link("What it is about")
    made_at: datetime.datetime | None = instant("Made", indexed=True)
    made_by: bytes = raw_bytes("Who made it")
    template: str = text("Template")
    template_version: int | None = integer("Template version")
    template_sha256: bytes = raw_bytes("Template fingerprint")
    text_sha256: bytes = raw_bytes("Fingerprint of the words")
    letter_format: str = choice("Format", FORMATS)
    attachment: RecordId | None = link("File")
    not_sent_because: str = text("Why it was not sent", care=Care.SENSITIVE)
    delivery: str = choice("How it reached them", LETTER_WAYS)
    delivered_at: datetime.datetime | None = instant("When it left us")
    delivered_by: bytes = raw_bytes("By whom")
