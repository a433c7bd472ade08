"""What is written down about who may read: connections that were looked into."""

from __future__ import annotations

import datetime

from core.domain.declare import Care, Record, StreamKind, boolean, instant, link, raw_bytes, record, text
from core.foundation.ids import RecordId


@record(name="conflict_check", label="Connection looked into", stream=StreamKind.CASE)
class ConflictCheck(Record):
    """A colleague turned out to have no connection with anybody in the case."""

    case: RecordId | None = link("Case", indexed=True)
    user: bytes = raw_bytes("Colleague")
    reason: str = text("How this is known")
    by: bytes = raw_bytes("Who looked into it")
    at: datetime.datetime | None = instant("When")


@record(name="conflict_declaration", label="Declaration of interest", stream=StreamKind.CASE)
class ConflictDeclaration(Record):
    """What somebody with keys said about themselves before they first opened the case. Theirs only if they wrote it."""

    case: RecordId | None = link("Case", indexed=True)
    user: bytes = raw_bytes("Who")
    connected: bool | None = boolean("Connected with somebody in it")
    how: str = text("How", care=Care.SENSITIVE)
    at: datetime.datetime | None = instant("When")
