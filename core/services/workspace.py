"""An open vault and everything a service needs to work in it. Used by one thread at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from core.foundation.ids import DeviceId, StreamId, UserId
from core.foundation.ports import Clock, Randomness
from core.policy.calendar import LONDON, WorkingCalendar
from core.policy.duties import CaseFacts, Setting
from core.policy.pack import PolicyPack
from core.store.store import Store
from core.vault.keyslot import KeyslotContent
from core.vault.occupancy import Occupancy

if TYPE_CHECKING:
    from core.services.packs import PackShelf


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
    shelf: PackShelf
    organisation_stream: StreamId
    occupancy: Occupancy

    @property
    def today(self) -> date:
        """The civil day."""
        return self.parts.clock.now().astimezone(LONDON).date()

    @property
    def pack(self) -> PolicyPack:
        """The policy as it is in force today."""
        return self.shelf.policy(self.today)

    @property
    def calendar(self) -> WorkingCalendar:
        """The working days as they are known today."""
        return self.shelf.calendar(self.today)

    def setting_of(self, facts: CaseFacts) -> Setting:
        """What the rules are given about one case: it keeps the policy that was in force when it was opened."""
        opened_at = facts.case.opened_at
        today = self.today
        opened = min(opened_at.astimezone(LONDON).date(), today) if opened_at is not None else today
        return Setting(self.shelf.policy(opened), self.shelf.calendar(today), self.parts.clock.now())

    @property
    def user(self) -> UserId:
        """Whose vault this is."""
        return self.keys.user

    @property
    def device(self) -> DeviceId:
        """This laptop."""
        return self.keys.device
