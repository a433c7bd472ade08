"""Which numbers of which laptops' chains are held here, as rows tell it."""

from __future__ import annotations

from sqlalchemy import select

from core.foundation.ids import DeviceId
from core.store.recovery_wraps import Reading
from core.store.schema import DEVICE, SEGMENT

_HELD = ("applied", "withheld", "outbox", "published")


def numbers_held(connection: Reading) -> dict[DeviceId, frozenset[int]]:
    """For each laptop the numbers of its segments that were applied here."""
    rows = connection.execute(
        select(SEGMENT.c.device, SEGMENT.c.seq).where(SEGMENT.c.state.in_(_HELD), SEGMENT.c.seq.is_not(None))
    )
    found: dict[DeviceId, set[int]] = {}
    for row in rows:
        found.setdefault(DeviceId(row.device), set()).add(row.seq)
    for row in connection.execute(select(DEVICE.c.id)):
        found.setdefault(DeviceId(row.id), set())
    return {device: frozenset(numbers) for device, numbers in found.items()}
