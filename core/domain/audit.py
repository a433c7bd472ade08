"""What is written down before it happens, and who may look at it."""

from __future__ import annotations

import datetime

from core.domain.declare import Record, StreamKind, choice, instant, labels, link, raw_bytes, record, text
from core.foundation.ids import RecordId

DEEDS = labels(
    ("read-confidential", "Opened a private interview"),
    ("print", "Made letters to print"),
    ("export", "Took something out of the workbook"),
    ("save-copy", "Saved a copy of an attached file"),
    ("backup", "Made a backup"),
    ("grant", "Let somebody read it"),
    ("removal", "Took somebody off it"),
    ("hand-over", "Let somebody else lead"),
    ("wall", "Kept somebody out"),
    ("override", "Let somebody in who was kept out"),
    ("auditor", "Chose who looks at this list"),
    ("recovery-use", "Used recovery sheets"),
    ("deletion", "Deleted it for good"),
    ("failed-unlock", "Entered a wrong second passphrase"),
)


@record(name="audit_entry", label="Line in the list of what happened", stream=StreamKind.AUDIT, append_only=True)
class AuditEntry(Record):
    """One thing somebody was about to do. Nobody changes or deletes it, its writer neither.

    `about` is the stream it concerns; `record` what in it, if it is one record; `laptop` the device.
    """

    who: bytes = raw_bytes("Who")
    laptop: bytes = raw_bytes("Laptop")
    at: datetime.datetime | None = instant("When", indexed=True)
    deed: str = choice("What", DEEDS)
    about: bytes = raw_bytes("About", indexed=True)
    record: RecordId | None = link("Record")
    reference: str = text("Case")
    subject: str = text("Details")
    reason: str = text("Reason")


@record(name="audit_keeper", label="Who looks at the list of openings", stream=StreamKind.CASE)
class AuditKeeper(Record):
    """One person outside the team who may see, beside the lead, what was opened, printed and given out."""

    case: RecordId | None = link("Case", indexed=True)
    user: bytes = raw_bytes("Colleague")
    reason: str = text("Why them")
    at: datetime.datetime | None = instant("When")
