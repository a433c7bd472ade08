"""How old the newest news of who is in the organisation is. Warned of after three weeks; after 90 days nobody new is
given access, because somebody may have left without this laptop's knowing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.changes.hlc import instant_of
from core.foundation.errors import FormIncomplete, RosterStale
from core.foundation.ids import DeviceId, UserId
from core.services.roster import roster_in, roster_of
from core.services.workspace import Workspace
from core.store.mailbox import VaultBox, VaultMailbox
from core.store.unit import WriteUnit
from core.sync.engine.roster import Roster
from core.sync.ports import KeptHead

WARN_AFTER = timedelta(days=21)
BLOCK_AFTER = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class RosterNews:
    """When another administrator's laptop was last heard of (None: never, or there is no other administrator)."""

    last_at: datetime | None
    days: int
    is_old: bool
    blocks: bool

    @property
    def sentence(self) -> str:
        """What to tell, or nothing."""
        if not self.is_old:
            return ""
        since = f"for {self.days} days" if self.last_at is not None else "yet"
        then = " Until then nobody new can be given access." if self.blocks else ""
        return (
            f"Nothing has come from an administrator\u2019s laptop {since}, so somebody may have left and you would not"
            f" know. Sync, or ask an administrator to sync.{then}"
        )


UP_TO_DATE = RosterNews(None, 0, is_old=False, blocks=False)


def news_of_roster(workspace: Workspace) -> RosterNews:
    """How old the newest news of an administrator is."""
    with VaultMailbox(workspace.store.engine).reading() as box:
        heads = box.heads()
    return _news(workspace, roster_of(workspace), heads)


def refuse_old_roster(workspace: Workspace, unit: WriteUnit | None = None) -> None:
    """Before somebody is given access.

    Raises:
        RosterStale: this laptop has had no news of the roster for too long.
    """
    news = news_of_roster(workspace) if unit is None else _news_in(unit, workspace)
    if news.blocks:
        raise RosterStale(days=news.days)


def refuse_readers_of_old_roster(unit: WriteUnit, workspace: Workspace, readers: frozenset[UserId]) -> None:
    """Before a case is opened with other readers than the person themselves, who may open it alone at any time.

    Raises:
        FormIncomplete: as `refuse_old_roster`, beside the field it concerns.
    """
    news = _news_in(unit, workspace) if readers - {workspace.user} else UP_TO_DATE
    if news.blocks:
        said = f"{news.sentence} You can open the case for yourself alone, and give access later."
        raise FormIncomplete(problems={"readers": said})


def _news_in(unit: WriteUnit, workspace: Workspace) -> RosterNews:
    return _news(workspace, roster_in(unit, workspace), VaultBox(unit.connection).heads())


def _news(workspace: Workspace, roster: Roster, heads: Mapping[DeviceId, KeptHead]) -> RosterNews:
    others = {
        user
        for user in roster.users
        if user != workspace.user and roster.role_of(user) is not None and roster.is_administrator(user)
    }
    if not others:
        return UP_TO_DATE
    stamps = [head.hlc for device, head in heads.items() if head.hlc and roster.owner_of(device) in others]
    last = instant_of(max(stamps)) if stamps else None
    age = workspace.parts.clock.now() - last if last is not None else WARN_AFTER + timedelta(days=1)
    # An administrator is one of those the news would come from: they are warned, and go on.
    blocks = age > BLOCK_AFTER and not roster.is_administrator(workspace.user)
    return RosterNews(last, age.days, is_old=age > WARN_AFTER, blocks=blocks)
