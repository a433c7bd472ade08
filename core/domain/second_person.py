"""What a second person says of a decision that takes two (policy 3.3, 4.3), in their own word."""

from __future__ import annotations

import datetime

from core.domain.declare import Record, StreamKind, boolean, instant, link, long_text, raw_bytes, record
from core.foundation.ids import RecordId


@record(name="second_opinion", label="Word of a second person", stream=StreamKind.CASE)
class SecondOpinion(Record):
    """The second person agrees with one decision, or does not. Written on their own laptop; nobody writes another's."""

    case: RecordId | None = link("Case", indexed=True)
    about: RecordId | None = link("Decision", indexed=True)
    agrees: bool | None = boolean("Agrees")
    reasons: str = long_text("Reasons")
    said_at: datetime.datetime | None = instant("When", indexed=True)
    said_by: bytes = raw_bytes("Second person")
