"""The names a person gives their own laptops, in the stream only they read. For the services beside it."""

from __future__ import annotations

from datetime import datetime

from core.domain.personal import LONGEST_LAPTOP_NAME, OwnLaptop
from core.foundation.errors import FormIncomplete
from core.foundation.ids import DeviceId, StreamId
from core.store.store import select_records, table_of
from core.store.unit import WriteUnit


def checked_name(name: str) -> str:
    """The name as it is kept.

    Raises:
        FormIncomplete: no name, or a long one.
    """
    called = " ".join(name.split())
    if not called:
        raise FormIncomplete(problems={"laptop_name": "Enter a name for the laptop, such as Office laptop."})
    if len(called) > LONGEST_LAPTOP_NAME:
        raise FormIncomplete(problems={"laptop_name": f"Use no more than {LONGEST_LAPTOP_NAME} letters."})
    return called


def put_laptop(
    unit: WriteUnit, stream: StreamId, *, device: DeviceId, name: str, added_at: datetime | None = None
) -> None:
    """Write a laptop's name, anew or over the one it has."""
    known = _record_of(unit, device)
    if known is not None:
        unit.update(OwnLaptop, known.id, name=name)
    else:
        unit.create(OwnLaptop, stream, device=device, name=name, added_at=added_at)


def renumber(unit: WriteUnit, *, old: DeviceId, new: DeviceId) -> None:
    """After this laptop was put back from a copy: it keeps its name under its new number."""
    known = _record_of(unit, old)
    if known is not None:
        unit.update(OwnLaptop, known.id, device=new, earlier=known.earlier | {old.hex()})


def _record_of(unit: WriteUnit, device: DeviceId) -> OwnLaptop | None:
    found = select_records(unit.connection, OwnLaptop, table_of(OwnLaptop).c.device == device, limit=1)
    return found[0] if found else None
