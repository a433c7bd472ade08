"""What people did to make sure of the exchange itself."""

from __future__ import annotations

from datetime import datetime

from core.domain.declare import Record, StreamKind, boolean, instant, integer, raw_bytes, record


@record(name="words_check", label="Comparison of sync words", stream=StreamKind.ORGANISATION)
class WordsCheck(Record):
    """Two people read each other the words of one laptop, up to entry `number`: the same, or not."""

    laptop: bytes = raw_bytes("Laptop", indexed=True)
    number: int | None = integer("Up to entry")
    same: bool | None = boolean("The words were the same")
    checked_by: bytes = raw_bytes("Checked by")
    checked_at: datetime | None = instant("Checked")
