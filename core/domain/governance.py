"""What the organisation keeps about its own policy: offices, training, copies, reviews, prevention (3.2, 6 to 9).

All of it lies in the organisation's stream, which every colleague reads: nothing of a case belongs here.
"""

from __future__ import annotations

import datetime

from core.domain.declare import (
    Care,
    Record,
    StreamKind,
    choice,
    date,
    instant,
    integer,
    labels,
    long_text,
    raw_bytes,
    record,
    text,
)
from core.domain.estate import FORMATS

POLICY_EVENTS = labels(
    ("consultation", "Consultation with residents"),
    ("review", "Review of the policy"),
    ("approval", "Approved by the committee"),
)

PREVENTION = labels(
    ("meeting", "Meeting or talk with residents"),
    ("leaflet", "Leaflet or notice"),
    ("walk", "Walk round the estate"),
    ("works", "Lighting, locks or other works"),
    ("tenancy-support", "Support for tenancies"),
    ("young-people", "Work with children and young people"),
    ("other", "Something else"),
)


@record(name="office_held", label="Office", stream=StreamKind.ORGANISATION)
class OfficeHeld(Record):
    """Somebody holds an office of the policy pack. `name` is for a person who has no workbook here."""

    office: str = text("Office", indexed=True)
    user: bytes = raw_bytes("Colleague", indexed=True)
    name: str = text("Name")
    since: datetime.date | None = date("Since")
    until: datetime.date | None = date("Until")
    noted_at: datetime.datetime | None = instant("Written down")
    noted_by: bytes = raw_bytes("By")


@record(name="training_done", label="Training", stream=StreamKind.ORGANISATION)
class TrainingDone(Record):
    """A colleague did a training of the policy pack (policy 6.6)."""

    user: bytes = raw_bytes("Colleague", indexed=True)
    training: str = text("Training")
    done_on: datetime.date | None = date("Done on", indexed=True)
    given_by: str = text("Given by")
    noted_at: datetime.datetime | None = instant("Written down")
    noted_by: bytes = raw_bytes("By")


@record(name="policy_copy", label="Copy of the policy", stream=StreamKind.ORGANISATION)
class PolicyCopy(Record):
    """Somebody asked for a copy of the policy, and what became of it (policy 6.4, 6.5)."""

    asked_on: datetime.date | None = date("Asked on", indexed=True)
    asked_by: str = text("Who asked", care=Care.PERSONAL)
    format: str = choice("Format", FORMATS, default="standard")
    language: str = text("Language", default="en")
    outsourced_to: str = text("Made by")
    outsourced_on: datetime.date | None = date("Sent to be made on")
    given_on: datetime.date | None = date("Given on")
    given_how: str = text("How it was given")
    noted_by: bytes = raw_bytes("By")


@record(name="policy_event", label="Care of the policy", stream=StreamKind.ORGANISATION)
class PolicyEvent(Record):
    """A consultation, a review or an approval of the policy (policy 8.1, 9.1)."""

    sort: str = choice("What", POLICY_EVENTS)
    held_on: datetime.date | None = date("When", indexed=True)
    with_whom: str = text("Who took part")
    words: str = long_text("What came of it", search=0)
    noted_at: datetime.datetime | None = instant("Written down")
    noted_by: bytes = raw_bytes("By")


@record(name="prevention", label="Prevention", stream=StreamKind.ORGANISATION)
class Prevention(Record):
    """Something done in an area so that harassment does not happen, or to support tenancies (policy 1.3, 3.2)."""

    sort: str = choice("What", PREVENTION)
    area: str = text("Area", indexed=True)
    done_on: datetime.date | None = date("When", indexed=True)
    people: int | None = integer("How many people came")
    words: str = long_text("What was done", search=0)
    noted_at: datetime.datetime | None = instant("Written down")
    noted_by: bytes = raw_bytes("By")


@record(name="on_call_shift", label="Out-of-hours phone", stream=StreamKind.ORGANISATION)
class OnCallShift(Record):
    """Somebody holds the out-of-hours phone from the evening of one day to the morning after another (policy 4.24).

    For a night in several shifts the one written down last holds: that is how nights are swapped. `name` is for a
    person or a service without a workbook here; `phone` only where it is not the usual out-of-hours number.
    """

    user: bytes = raw_bytes("Colleague", indexed=True)
    name: str = text("Name")
    phone: str = text("Number")
    from_on: datetime.date | None = date("First night", indexed=True)
    until_on: datetime.date | None = date("Last night", indexed=True)
    taken_off_at: datetime.datetime | None = instant("Taken off")
    noted_at: datetime.datetime | None = instant("Written down")
    noted_by: bytes = raw_bytes("By")


@record(name="policy_text", label="Text of the policy", stream=StreamKind.ORGANISATION)
class PolicyText(Record):
    """The organisation's own text of its policy, for copies (policy 6.4). The newest is in use."""

    body: str = long_text("Text", search=0)
    from_on: datetime.date | None = date("Version of")
    noted_at: datetime.datetime | None = instant("Written down")
    noted_by: bytes = raw_bytes("By")
