"""This person's own laptops: which there are, what they call them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.changes.hlc import instant_of
from core.domain.changed import Changed
from core.domain.personal import OwnLaptop
from core.foundation.errors import NotFound
from core.foundation.ids import DeviceId
from core.services.exchange import me_of
from core.services.laptop_names import checked_name, put_laptop
from core.services.roster import roster_of
from core.services.streams import personal_stream
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox


@dataclass(frozen=True, slots=True)
class LaptopRow:
    """One laptop that signs for this person. `name` is empty if it was never given one; times are None if unknown."""

    device: DeviceId
    name: str
    added_at: datetime | None
    last_wrote_at: datetime | None
    this_one: bool


@dataclass(frozen=True, slots=True)
class LaptopNamed:
    """A laptop has its name, on this person's own laptops only."""

    changed: Changed


def my_laptops(workspace: Workspace) -> tuple[LaptopRow, ...]:
    """Every laptop of this person, this one first. What was one laptop under an earlier number is one row."""
    here = me_of(workspace).device
    roster = roster_of(workspace)
    mine = {device for device, known in roster.devices.items() if known.certificate.user == workspace.user}
    records = {DeviceId(item.device): item for item in workspace.store.select(OwnLaptop)}
    gone = {DeviceId(bytes.fromhex(text)) for item in records.values() for text in item.earlier}
    with VaultMailbox(workspace.store.engine).reading() as box:
        heads = box.heads()
    rows = []
    for device in (mine - gone) | {here}:
        known = records.get(device)
        head = heads.get(device)
        rows.append(
            LaptopRow(
                device, known.name if known else "", known.added_at if known else None,
                instant_of(head.hlc) if head is not None and head.hlc else None, device == here,
            )
        )  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (not row.this_one, row.name.casefold(), row.device)))


def name_laptop(workspace: Workspace, *, device: DeviceId, name: str) -> LaptopNamed:
    """Call one of this person's laptops by a name.

    Raises:
        FormIncomplete: no name, or a long one.
        NotFound: it is no laptop of theirs.
    """
    called = checked_name(name)
    if device not in {row.device for row in my_laptops(workspace)}:
        raise NotFound(what="laptop of yours")
    with workspace.store.unit("name-laptop") as (unit, outcome):
        put_laptop(unit, personal_stream(unit, workspace), device=device, name=called)
    return LaptopNamed(outcome.changed)
