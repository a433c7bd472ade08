"""Going to the doors when nobody is named, warnings, the police, places and graffiti (policy 4.11, 4.25, 6.3).

All of it lives in the stream of its case, places too: a list of places for everybody would tell those who are kept out
of a case that something happened there. That two cases mean the same place is seen by whoever may read both.
"""

from __future__ import annotations

import datetime

from core.domain.declare import (
    Care,
    Record,
    StreamKind,
    boolean,
    choice,
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
from core.foundation.ids import RecordId

VISIT_OUTCOMES = labels(
    ("spoke", "Spoke with them"),
    ("no-answer", "No answer"),
    ("info", "Told us something"),
    ("refused", "Did not want to talk"),
    ("card", "Card left"),
    ("do-not-visit", "Do not visit"),
)
"""What can come of one knock at one door."""

WARNING_WAYS = labels(
    ("in-person", "In person"),
    ("phone", "By phone"),
    ("letter", "By letter"),
)

PLACE_KINDS = labels(
    ("flat", "Home"),
    ("stairwell", "Stairwell or landing"),
    ("entrance", "Entrance or door"),
    ("lift", "Lift"),
    ("bin-store", "Bin store"),
    ("gate", "Gate or path"),
    ("car-park", "Car park or garage"),
    ("garden", "Garden or yard"),
    ("other", "Somewhere else"),
)

WALLS = labels(
    ("ours", "Ours"),
    ("private", "Somebody else's"),
    ("public", "The council's or a road"),
)

ORDER_OUTCOMES = labels(
    ("ordered", "Ordered"),
    ("attended", "They came"),
    ("cannot", "They cannot come in time"),
)


@record(name="visit_round", label="Visits from door to door", stream=StreamKind.CASE)
class VisitRound(Record):
    """A round of visits to every tenant of an area (policy 4.11)."""

    case: RecordId | None = link("Case", indexed=True)
    planned_at: datetime.datetime | None = instant("Planned", indexed=True)
    planned_by: bytes = raw_bytes("Decided by")
    area: str = text("Area", care=Care.SENSITIVE)
    streets: frozenset[str] = texts("Streets and blocks", care=Care.SENSITIVE)
    why: str = long_text("Why every tenant is visited")
    person_consulted: bool | None = boolean("The person was asked first")
    ended_at: datetime.datetime | None = instant("Ended")


@record(name="visit_door", label="Door of a round", stream=StreamKind.CASE)
class VisitDoor(Record):
    """One home of a round, as it was when the round was planned; with `left_out_because` nobody knocks there."""

    case: RecordId | None = link("Case", indexed=True)
    round: RecordId | None = link("Round", indexed=True)
    home: RecordId | None = link("Home", care=Care.PERSONAL)
    place: int | None = integer("Place in walk order")
    address: str = text("Address", care=Care.PERSONAL)
    left_out_because: str = text("Why nobody knocks there", care=Care.SENSITIVE)


@record(name="visit", label="Visit", stream=StreamKind.CASE)
class Visit(Record):
    """One knock at one door and what came of it. A knock taken back stays, and counts no more."""

    case: RecordId | None = link("Case", indexed=True)
    round: RecordId | None = link("Round", indexed=True)
    door: RecordId | None = link("Door", indexed=True)
    at: datetime.datetime | None = instant("When", indexed=True)
    by: bytes = raw_bytes("Who knocked")
    outcome: str = choice("What came of it", VISIT_OUTCOMES)
    note: RecordId | None = link("What was said, as a note")
    taken_back_at: datetime.datetime | None = instant("Taken back")


@record(name="warning", label="Warning", stream=StreamKind.CASE)
class WarningGiven(Record):
    """Somebody whom it may be was warned (policy 4.11). What was said is written down as it was said."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person warned")
    given_to: str = text("Who was warned", care=Care.PERSONAL, search=1)
    given_at: datetime.datetime | None = instant("When", indexed=True)
    given_by: bytes = raw_bytes("Who warned")
    way: str = choice("How", WARNING_WAYS)
    words: str = long_text("What was said")
    named_nobody: bool | None = boolean("Nobody was accused and nobody who reported was named")
    against_wish_because: str = text("Why they were approached all the same", care=Care.SENSITIVE)


@record(name="police_chase", label="Police asked again", stream=StreamKind.CASE)
class PoliceChase(Record):
    """A request to the police got no answer, and was made again (policy 4.11)."""

    case: RecordId | None = link("Case", indexed=True)
    request: RecordId | None = link("Request", indexed=True)
    at: datetime.datetime | None = instant("When", indexed=True)
    by: bytes = raw_bytes("Who asked")
    notes: str = long_text("How, and with whom")


@record(name="place", label="Place", stream=StreamKind.CASE)
class KnownPlace(Record):
    """One place where things happen: a flat, a stairwell, a gate. Incidents and graffiti name it."""

    case: RecordId | None = link("Case", indexed=True)
    what: str = choice("What kind of place", PLACE_KINDS)
    name: str = text("Which one", care=Care.PERSONAL, search=1)
    home: RecordId | None = link("Home", care=Care.PERSONAL)
    block: str = text("Block or street", care=Care.PERSONAL, search=1)


@record(name="graffiti_judgement", label="Judgement on graffiti", stream=StreamKind.CASE)
class GraffitiJudgement(Record):
    """Whether graffiti is offensive or discriminatory, judged by whom and when (policy 4.25). The latest holds."""

    case: RecordId | None = link("Case", indexed=True)
    graffiti: RecordId | None = link("Graffiti", indexed=True)
    offensive: bool | None = boolean("Offensive or discriminatory")
    judged_at: datetime.datetime | None = instant("When", indexed=True)
    judged_by: bytes = raw_bytes("Who judged")
    reasons: str = long_text("Why")


@record(name="contractor_order", label="Order to a contractor", stream=StreamKind.CASE)
class ContractorOrder(Record):
    """A contractor was asked to remove graffiti, in words that do not say why (policy 4.25)."""

    case: RecordId | None = link("Case", indexed=True)
    graffiti: RecordId | None = link("Graffiti", indexed=True)
    contractor: str = text("Contractor")
    words: str = text("What they were asked", care=Care.PERSONAL)
    wall: str = choice("Whose wall", WALLS)
    owner_agreed: bool | None = boolean("The owner of the wall agreed")
    ordered_at: datetime.datetime | None = instant("Ordered", indexed=True)
    ordered_by: bytes = raw_bytes("Who ordered")
    outcome: str = choice("What became of it", ORDER_OUTCOMES, default="ordered")
    cannot_because: str = text("Why they cannot come")
