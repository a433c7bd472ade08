"""What a person keeps for themselves: read on their own laptops and nowhere else."""

from __future__ import annotations

from datetime import datetime

from core.domain.declare import Record, StreamKind, instant, raw_bytes, record, text, texts

LONGEST_LAPTOP_NAME = 60


@record(name="own_laptop", label="My laptop", stream=StreamKind.PERSONAL)
class OwnLaptop(Record):
    """A laptop of this person by the name they call it. Which keys are its own is the roster's business."""

    device: bytes = raw_bytes("Laptop", indexed=True)
    name: str = text("Name of the laptop")
    added_at: datetime | None = instant("Added")
    earlier: frozenset[str] = texts("Its earlier numbers, after it was put back from a copy")
