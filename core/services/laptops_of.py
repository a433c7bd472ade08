"""The laptops of each person by number, oldest first: how they are told apart on screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from core.changes.hlc import instant_of
from core.foundation.ids import DeviceId, UserId
from core.services.roster import roster_of
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox
from core.sync.engine.roster import Roster


def laptops_of(workspace: Workspace, roster: Roster, user: UserId) -> Iterator[tuple[DeviceId, int, datetime | None]]:
    """Every laptop of somebody, its number and when it last wrote (None: not heard of yet)."""
    with VaultMailbox(workspace.store.engine).reading() as box:
        stamps = {device: head.hlc for device, head in box.heads().items()}
    mine = sorted(device for device, known in roster.devices.items() if known.certificate.user == user)
    for number, device in enumerate(sorted(mine, key=lambda one: (stamps.get(one, 0), one)), start=1):
        stamp = stamps.get(device, 0)
        yield device, number, instant_of(stamp) if stamp else None


def numbers_of(workspace: Workspace) -> dict[DeviceId, int]:
    """The number of every laptop among those of its owner."""
    roster = roster_of(workspace)
    found = {}
    for user in roster.users:
        found.update({device: number for device, number, _ in laptops_of(workspace, roster, user)})
    return found
