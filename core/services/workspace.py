"""An open vault and everything a service needs to work in it. Used by one thread at a time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.foundation.ids import DeviceId, StreamId, UserId
from core.foundation.ports import Clock, Randomness
from core.policy.calendar import WorkingCalendar
from core.policy.pack import PolicyPack
from core.store.store import Store
from core.vault.keyslot import KeyslotContent
from core.vault.occupancy import Occupancy


@dataclass(frozen=True, slots=True)
class Parts:
    """The real clock and the real dice, chosen by the composition root."""

    clock: Clock
    randomness: Randomness


@dataclass(frozen=True, slots=True)
class Workspace:
    """One person's open vault on one laptop. `core.services.opening` makes and ends it."""

    folder: Path
    keys: KeyslotContent
    store: Store
    parts: Parts
    pack: PolicyPack
    calendar: WorkingCalendar
    organisation_stream: StreamId
    occupancy: Occupancy

    @property
    def user(self) -> UserId:
        """Whose vault this is."""
        return self.keys.user

    @property
    def device(self) -> DeviceId:
        """This laptop."""
        return self.keys.device
