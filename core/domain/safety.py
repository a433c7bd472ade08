"""Keeping somebody safe: measures at the home, witnesses, a move, a roof for now (policy 4.17, 4.20 to 4.23).

Where somebody moves to, and where a refuge is, is written in none of these: see `core/policy/safety.py`.
"""

from __future__ import annotations

import datetime

from core.domain.agencies import MEASURES
from core.domain.declare import (
    Care,
    Record,
    StreamKind,
    boolean,
    choice,
    choices,
    date,
    instant,
    integer,
    labels,
    link,
    long_text,
    raw_bytes,
    record,
    text,
)
from core.foundation.ids import RecordId

GROUNDS = labels(
    ("no-evidence", "Evidence cannot be had in another way"),
    ("afraid", "People are too afraid to be witnesses"),
)
"""Policy 4.21."""

TRIED = labels(
    ("diary", "Diary sheets"),
    ("recording", "Sound recordings or a noise app"),
    ("cctv", "Cameras there already are"),
    ("neighbours", "Neighbours were asked"),
    ("police", "What the police hold"),
    ("staff", "Staff or caretakers"),
)

OPENLY = labels(("overt", "Openly"), ("covert", "Covertly"))

TRIGGERS = labels(
    ("assault", "There was a physical assault"),
    ("life", "There was an incident that endangered life"),
    ("cannot-live-there", "The person can no longer live in the home"),
)
"""Policy 4.22: any one of them is enough."""

TRANSFER = labels(("awarded", "Awarded"), ("not-awarded", "Not awarded"))

WHO_MOVES = labels(
    ("harmed", "The person harmed"),
    ("complained-about", "The person complained about"),
    ("nobody", "Nobody"),
)

ADDRESS_WHERE = labels(
    ("not-yet", "There is none yet"),
    ("apart", "In a private interview set apart from this case"),
    ("person", "Somebody holds it, outside this program"),
)

HOUSING = labels(
    ("council", "The council's duty to somebody without a home"),
    ("reciprocal", "A home of another landlord, in exchange"),
    ("refuge", "A refuge"),
    ("transfer", "A move to another home of ours"),
    ("stay-safe", "Staying, with measures at the home"),
    ("friends", "Family or friends"),
    ("hotel", "A hotel or hostel"),
    ("private", "Renting privately"),
)


@record(name="security_measure", label="Measure at a home", stream=StreamKind.CASE)
class SecurityMeasure(Record):
    """Something fitted or mended to keep somebody safe. `order_words` is all whoever does the work is told."""

    case: RecordId | None = link("Case", indexed=True)
    sort: str = choice("What is fitted or mended", MEASURES)
    place: str = text("Where", care=Care.PERSONAL)
    order_words: str = long_text("Words of the works order")
    repair_reference: str = text("Reference of the repair")
    asked_at: datetime.datetime | None = instant("Asked for", indexed=True)
    asked_by: bytes = raw_bytes("Who asked for it")
    done_on: datetime.date | None = date("Done on")
    cost_pounds: int | None = integer("Cost in pounds")
    remark: str = text("What was found", care=Care.SENSITIVE)
    photo_before: RecordId | None = link("Photograph from before")
    photo_after: RecordId | None = link("Photograph from afterwards")


@record(name="professional_witness", label="Professional witness", stream=StreamKind.CASE)
class ProfessionalWitness(Record):
    """Somebody paid to see and write down what happens (policy 4.20, 4.21)."""

    case: RecordId | None = link("Case", indexed=True)
    firm: str = text("Who", care=Care.PERSONAL)
    grounds: frozenset[str] = choices("Grounds", GROUNDS)
    tried: frozenset[str] = choices("Other evidence that was tried", TRIED)
    necessity: str = long_text("Why it is necessary")
    openly: str = choice("How", OPENLY)
    privacy_weighed: bool | None = boolean("What it does to the privacy of others was weighed in writing")
    authority: str = text("By whose authority", care=Care.PERSONAL)
    told: str = long_text("What the witness is told")
    begins_on: datetime.date | None = date("From")
    ends_on: datetime.date | None = date("Until")
    cost_pounds: int | None = integer("Cost in pounds")
    decided_at: datetime.datetime | None = instant("Decided", indexed=True)
    decided_by: bytes = raw_bytes("Who decided")


@record(name="management_transfer", label="Move for safety", stream=StreamKind.CASE)
class ManagementTransfer(Record):
    """A decision on a move (policy 4.22). The new address is not in it, only where it is kept."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person")
    triggers: frozenset[str] = choices("What there was", TRIGGERS)
    decision: str = choice("Decision", TRANSFER)
    reasons: str = long_text("Reasons")
    who_moves: str = choice("Who moves", WHO_MOVES)
    authority: str = text("By whose authority", care=Care.PERSONAL)
    decided_at: datetime.datetime | None = instant("Decided", indexed=True)
    decided_by: bytes = raw_bytes("Who decided")
    appeal_told: bool | None = boolean("The person was told how to appeal")
    address_where: str = choice("Where the new address is kept", ADDRESS_WHERE)
    address_held_by: str = text("Who holds it", care=Care.SENSITIVE)


@record(name="housing_advice", label="Advice on housing", stream=StreamKind.CASE)
class HousingAdvice(Record):
    """What somebody was told they can do, and where they stay for now (policy 4.23). No address is in it."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person")
    told: frozenset[str] = choices("Told about", HOUSING)
    chosen: str = choice("What they chose for now", HOUSING)
    provider: str = text("Who provides it", care=Care.SENSITIVE)
    begins_on: datetime.date | None = date("From")
    ends_on: datetime.date | None = date("Until")
    note: str = long_text("What else was said")
    advised_at: datetime.datetime | None = instant("When", indexed=True)
    advised_by: bytes = raw_bytes("Who advised")
