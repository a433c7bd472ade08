"""What became of a report, and of a person (policy 3.3, 4.2, 4.3 and 4.29). Added beside it; never in its place.

A report that was taken back or found to be malicious stays on the file with what was found. So does a person who died,
moved away or can no longer decide for themselves: what would trouble the wrong person stops, the rest goes on.
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
    labels,
    link,
    long_text,
    raw_bytes,
    record,
    text,
)
from core.foundation.ids import RecordId

REPORT_FATES = labels(
    ("retracted", "Taken back by whoever made it"),
    ("mistaken", "Made in good faith, and mistaken"),
    ("malicious", "Found to be malicious"),
    ("stands", "Stands after all"),
)

PERSON_FATES = labels(
    ("died", "Died"),
    ("lost-capacity", "Can no longer decide for themselves"),
    ("moved-away", "Moved away"),
    ("as-before", "As before: decides for themselves, at the home on file"),
)


@record(name="report_fate", label="What became of a report", stream=StreamKind.CASE)
class ReportFate(Record):
    """What a report turned out to be, and on what grounds. The report and all it led to stay (policy 4.3)."""

    case: RecordId | None = link("Case", indexed=True)
    report: RecordId | None = link("Report", indexed=True)
    what: str = choice("What became of it", REPORT_FATES)
    decided_at: datetime.datetime | None = instant("When", indexed=True)
    evidence: str = long_text("Evidence relied on")
    reasons: str = long_text("Reasons")
    pressed: bool | None = boolean("Whether pressure to take it back was asked about", care=Care.SENSITIVE)
    decided_by: bytes = raw_bytes("Who wrote it down")
    second_person: bytes = raw_bytes("Second person who agreed")
    person_told: bool | None = boolean("The person was told")


@record(name="person_fate", label="What became of a person", stream=StreamKind.CASE)
class PersonFate(Record):
    """A death, a move, or the loss of capacity to decide; the latest of each person holds."""

    case: RecordId | None = link("Case", indexed=True)
    party: RecordId | None = link("Person", indexed=True)
    what: str = choice("What happened", PERSON_FATES, care=Care.SENSITIVE)
    since: datetime.date | None = date("Since")
    noted_at: datetime.datetime | None = instant("When we learned of it", indexed=True)
    noted_by: bytes = raw_bytes("Who wrote it down")
    words: str = long_text("How we know")
    left_home: RecordId | None = link("The home they left", care=Care.PERSONAL)
    speak_with: RecordId | None = link("Whom to speak with instead", care=Care.PERSONAL)
    authority: str = text("By what right they speak", care=Care.SENSITIVE)
