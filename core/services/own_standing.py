"""How this laptop and its owner stand in the organisation, and what follows when they do not any more.

An honest laptop that learns of its owner's removal sends what waits, so that it can be looked at, and then destroys
the key of its workbook. One that was suspended keeps everything, says so, and lets nothing be written.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from core.foundation.errors import RemovedFromOrganisation
from core.services.access import names_of
from core.services.lifting import is_shut_out
from core.services.roster import roster_of
from core.services.vaults import asks_for_more, settle_rights
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox
from core.sync.engine.entries import REMOVE
from core.sync.engine.leaving import Removal
from core.sync.ports import OUTBOX
from core.vault.database import close_database
from core.vault.keyslot import destroy_keyslot


class How(Enum):
    """Whether what is written here counts."""

    IN = "in"
    SUSPENDED = "suspended"
    SHUT_OUT = "nothing counts although nobody suspended it"
    OUTDATED = "the administrators decided to work with a newer version of the program"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class OwnStanding:
    """How this laptop stands; `by` and `reason` say who decided otherwise, and why."""

    how: How
    by: str = ""
    reason: str = ""

    @property
    def sentence(self) -> str:
        """What is to be told; empty if there is nothing."""
        if self.how is How.IN:
            return ""
        if self.how is How.SHUT_OUT:
            return (
                "Nothing this laptop writes counts yet: it was given its number while another laptop of yours was being"
                " suspended elsewhere. What is here stays. Ask an administrator to open your name on the Colleagues"
                " page and let this laptop count, or pair it again with one of yours that does."
            )
        if self.how is How.OUTDATED:
            return (
                "The administrators decided to work with a newer version of this program. Install it. Until then you"
                " can read what is here; nothing is lost."
            )
        by = self.by or "A colleague"
        why = f" The reason given: {self.reason.rstrip('.')}." if self.reason else ""
        if self.how is How.SUSPENDED:
            return (
                f"{by} has suspended this laptop. You can read what is here. Nothing can be written, because it would "
                f"not count.{why}"
            )
        return f"{by} has removed you from the organisation.{why}"


def own_standing(workspace: Workspace) -> OwnStanding:
    """How this laptop stands by what has arrived here."""
    roster = roster_of(workspace)
    device = workspace.store.author.device
    if roster.withheld_from(device) is None:
        return OwnStanding(How.OUTDATED if asks_for_more(roster) else How.IN)
    if is_shut_out(roster, device):
        return OwnStanding(How.SHUT_OUT)
    entries = roster.standing.removals_of(device)
    if not entries:
        return OwnStanding(How.IN)  # a fork: it goes on under a new number by itself
    entry = next((one for one in entries if one.kind == REMOVE), entries[0])
    by = None if entry.origin is None else roster.owner_of(entry.origin.device)
    said = entry.said
    assert isinstance(said, Removal)
    out = entry.kind == REMOVE and roster.role_of(workspace.user) is None
    return OwnStanding(
        How.REMOVED if out else How.SUSPENDED, names_of(workspace).get(by, "") if by else "", said.reason
    )


def follow_own_standing(workspace: Workspace) -> None:
    """After an exchange: a suspended laptop writes nothing more; one whose owner was removed ends here.

    Raises:
        RemovedFromOrganisation: what waited was sent, and the key of the workbook is destroyed.
    """
    standing = own_standing(workspace)
    if standing.how is How.IN:
        if workspace.store.writable == frozenset() and not workspace.store.checking:
            settle_rights(workspace)  # the administrators let it count again
        return
    workspace.store.writable = frozenset()
    if standing.how is not How.REMOVED:
        return
    with VaultMailbox(workspace.store.engine).reading() as box:
        if box.count_in(OUTBOX) or box.count_unsealed():
            return  # it goes first
    close_database(workspace.store.engine)
    destroy_keyslot(workspace.folder, workspace.parts.randomness)
    workspace.keys.wipe()
    workspace.occupancy.release()
    raise RemovedFromOrganisation()
