"""Which recovery group a case uses: nobody of the case, or of their household, keeps a sheet that opens it.

The program sees colleagues who are kept out, and names: of the people in the case, and of those who live with them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from core.domain.case import Case, Party
from core.domain.changed import Changed
from core.domain.estate import Household, Resident
from core.foundation.errors import FormIncomplete, NotAllowed
from core.foundation.ids import ID_BYTES, RecordId, StreamId, UserId
from core.services.access import leads, walled_off
from core.services.readers import need_reason
from core.services.recovery_choice import current_groups, open_to
from core.services.recovery_holders import groups_held_by
from core.services.roster import (
    epochs_in,
    epochs_of,
    headers_of,
    keys_of,
    new_stream_key,
    now_ms,
    put_epoch,
    roster_in,
)
from core.services.workspace import Workspace
from core.store.store import table_of
from core.sync.engine import epochs, recovery
from core.sync.engine.rekeying import members_now

WITHOUT = recovery.NONE
"""In place of a group: this case has no recovery, by decision of whoever leads on it."""
NO_GROUP_LEFT = (
    "Somebody in this case, or in their household, keeps a recovery sheet of every group there is. Ask an"
    " administrator to set up a second group with other holders, for example a federation officer, a solicitor or a"
    " second co-op. Or go on without recovery sheets: then the case is lost if every laptop that reads it is lost."
)
ONE_READER = (
    "Nobody else would read this case, and no recovery sheet could bring it back. Choose one more reader, or a"
    " recovery group."
)


@dataclass(frozen=True, slots=True)
class GroupOption:
    """One group a case could use. `usable`: nobody of the case keeps a sheet of it."""

    group: bytes
    name: str
    holders: tuple[str, ...]
    usable: bool


@dataclass(frozen=True, slots=True)
class CaseRecovery:
    """What brings a case back. `group` is empty if nothing does; `held_by_party`: somebody of the case keeps a sheet of
    that group, and another one should be chosen."""

    group: bytes
    name: str
    current: bool
    decided_without: bool
    held_by_party: bool
    options: tuple[GroupOption, ...]

    @property
    def words(self) -> str:
        """In one sentence; empty where there are no groups at all and nothing was decided."""
        if self.held_by_party:
            return f"{self.name}: somebody in this case, or in their household, keeps a sheet. Choose another group."
        if self.group:
            later = "" if self.current else ", on its newest sheets after the next exchange"
            return f"Two recovery sheets of {self.name} open it{later}."
        if self.decided_without:
            return "No recovery sheet opens it, as was decided."
        return "No recovery sheet opens it." if self.options else ""


@dataclass(frozen=True, slots=True)
class RecoveryChosen:
    """A case uses another group, or none, from now on."""

    changed: Changed


def options(
    workspace: Workspace, *, conflicted: frozenset[UserId], names: Iterable[str], homes: Iterable[RecordId] = ()
) -> tuple[GroupOption, ...]:
    """The groups there are, for a case about these people who live in these homes."""
    told = [*names, *residents_of(workspace, homes)]
    held = groups_held_by(workspace, conflicted, told)
    with workspace.store.reading() as connection:
        current = current_groups(connection)
    return tuple(
        GroupOption(group.group, group.name, tuple(one.name for one in group.holders), group.group not in held)
        for group in current
    )


def settled_choice(chosen: bytes | None, offered: Collection[GroupOption], readers: int) -> bytes:
    """The group for a new case: what was chosen, or the first that will do.

    Raises:
        FormIncomplete: none will do and nobody has decided; or the case would be lost with one laptop.
    """
    if not offered:
        return b""
    usable = [option.group for option in offered if option.usable]
    if chosen == WITHOUT:
        if readers < 2:
            raise FormIncomplete(problems={"recovery": ONE_READER})
        return WITHOUT
    if chosen is None and not usable:
        raise FormIncomplete(problems={"recovery": NO_GROUP_LEFT})
    if chosen is not None and chosen not in usable:
        raise FormIncomplete(
            problems={"recovery": "Somebody in this case, or in their household, keeps a sheet of that group."}
        )
    return usable[0] if chosen is None else chosen


def case_recovery(workspace: Workspace, *, case: RecordId) -> CaseRecovery:
    """What brings a case back, and what could.

    Raises:
        NotFound: this person cannot read it.
    """
    stream = workspace.store.get(Case, case).stream
    offered = case_options(workspace, stream)
    with workspace.store.reading() as connection:
        found = open_to(connection, stream)
    group = found.group.group if found.group else b""
    return CaseRecovery(
        group, found.group.name if found.group else "", found.current, found.decided,
        any(option.group == group and not option.usable for option in offered), offered,
    )  # fmt: skip


def case_options(workspace: Workspace, stream: StreamId) -> tuple[GroupOption, ...]:
    """The groups there are, as far as the people of a case that is here allow them."""
    parties = workspace.store.select(Party, table_of(Party).c.stream == stream)
    names = [name for party in parties for name in (party.name, *party.also_known_as)]
    homes = [party.home for party in parties if party.home is not None]
    walled = walled_off(epochs_of(workspace, stream))
    return options(workspace, conflicted=walled, names=names, homes=homes)


def choose_group(workspace: Workspace, *, case: RecordId, group: bytes, reason: str) -> RecoveryChosen:
    """Let another group bring a case back, or none (`WITHOUT`). What was written before stays open to the old one.

    Raises:
        NotFound: no such case here.
        NotAllowed: this person does not lead on it.
        FormIncomplete: no reason; somebody of the case keeps a sheet of that group; or nobody else could read it.
    """
    need_reason(reason, "Say why the case needs another recovery group.")
    stream = workspace.store.get(Case, case).stream
    offered = case_options(workspace, stream)
    with workspace.store.unit("choose-recovery-group") as (unit, outcome):
        known = epochs_in(unit, stream)
        if not leads(known, workspace.user):
            raise NotAllowed()
        headers = headers_of(known)
        uncounted = frozenset(name for name, epoch in known.items() if not epoch.counts)
        members = members_now(headers, roster_in(unit, workspace), uncounted)
        chosen = settled_choice(group, offered, len(members))
        key = new_stream_key(workspace)
        header = epochs.following_header(
            organisation=workspace.keys.organisation,
            parents=[headers[name] for name in epochs.leaves(headers, uncounted)[: epochs.MAX_PARENTS]],
            members=members.values(), key=key, earlier=keys_of(known.values()), reason=reason.strip(),
        )  # fmt: skip
        named = chosen if chosen == WITHOUT else _mark_of(current_groups(unit.connection), chosen)
        header = replace(header, recovery_group=named)
        put_epoch(unit, header, key, workspace_user=workspace.user, now_ms=now_ms(workspace))
    return RecoveryChosen(outcome.changed)


def residents_of(workspace: Workspace, homes: Iterable[RecordId]) -> tuple[str, ...]:
    """The names of everybody who lives in these homes."""
    wanted = frozenset(homes)
    if not wanted:
        return ()
    table = table_of(Household)
    households = workspace.store.select(Household, table.c.home.in_(wanted), table.c.moved_out_on.is_(None))
    ids = [one.id for one in households]
    found = workspace.store.select(Resident, table_of(Resident).c.household.in_(ids)) if ids else ()
    return tuple(
        name for one in found for name in (one.full_name, f"{one.given_name} {one.family_name}") if name.strip()
    )


def _mark_of(current: Iterable[recovery.RecoveryGroup], group: bytes) -> bytes:
    return next((item.mark for item in current if item.group == group[:ID_BYTES]), b"")
