"""Somebody leaves, a laptop is lost, a role changes: what a person can do about it, and what it will mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.changes import cbor
from core.domain.case import Case
from core.domain.changed import Changed
from core.domain.organisation import ROLES, Member
from core.foundation.errors import FormIncomplete, NotAllowed, NotFound
from core.foundation.ids import DeviceId, RecordId, StreamId, UserId
from core.services.access import names_of
from core.services.laptops_of import laptops_of
from core.services.lifting import in_the_way, is_shut_out
from core.services.rekeying import make_lead, renew_organisation
from core.services.roster import KnownEpoch, epochs_in, epochs_of, headers_of, roster_in, roster_of
from core.services.vaults import put_roster_entry
from core.services.workspace import Workspace
from core.store.mailbox import VaultBox
from core.store.store import table_of
from core.store.unit import WriteUnit
from core.sync.engine import epochs
from core.sync.engine.entries import ADMINISTRATOR, REMOVE, ROLE, SUSPEND, WRITING_ROLES
from core.sync.engine.epochs import StreamRole
from core.sync.engine.judging import cut_offs, suspended_by
from core.sync.engine.leaving import Removal, RoleChange
from core.sync.engine.roster import Roster

SHUT_OUT = (
    "It was given its number while another laptop of the same person was being suspended elsewhere, so nothing it sends"
    " counts yet. Nothing is lost."
)
NAMED_BY_ROOT = (
    "This person is one of those who hold the organisation's root. They can be taken out of it first, "
    "by enough of the others."
)


@dataclass(frozen=True, slots=True)
class ColleagueLaptop:
    """One laptop of a colleague. `number` tells them apart, oldest first; `suspended`: its work does not count."""

    device: DeviceId
    number: int
    last_wrote_at: datetime | None
    suspended: bool
    this_one: bool
    why: str = ""
    may_count_again: bool = False
    """Whether this person may propose that it counts again."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person of the organisation, with what this person may do about them."""

    user: UserId
    name: str
    role: str
    removed: bool
    laptops: tuple[ColleagueLaptop, ...]
    this_is_me: bool
    may_remove: bool
    may_suspend: bool
    why_not_removed: str


@dataclass(frozen=True, slots=True)
class CaseWithoutLead:
    """A case that would have no lead any more, and who could lead it then."""

    case: RecordId
    reference: str
    could_lead: tuple[tuple[UserId, str], ...]


@dataclass(frozen=True, slots=True)
class RemovalPreview:
    """What removing somebody will do, as far as this workbook can see."""

    name: str
    laptops: int
    cases_read: int
    without_lead: tuple[CaseWithoutLead, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """It is done here, and the others learn of it with the next exchange."""

    changed: Changed


def colleague(workspace: Workspace, user: UserId) -> Colleague:
    """One person, also one who has been removed.

    Raises:
        NotFound: nobody ever let them in.
    """
    roster = roster_of(workspace)
    if user not in roster.users:
        raise NotFound(what="colleague")
    names, root = names_of(workspace), roster.newest_root
    decides = root is not None and workspace.user in dict(root.admins)
    laptops = tuple(
        ColleagueLaptop(
            device, number, last, roster.withheld_from(device) is not None, device == workspace.store.author.device,
            _why_suspended(roster, device, names, workspace.user), decides and bool(in_the_way(roster, device)),
        )
        for device, number, last in laptops_of(workspace, roster, user)
    )  # fmt: skip
    removed = roster.role_of(user) is None
    administrator = roster.is_administrator(workspace.user)
    this_is_me = user == workspace.user
    return Colleague(
        user, names.get(user, ""), roster.role_of(user) or "", removed, laptops, this_is_me,
        may_remove=administrator and not (removed or this_is_me or roster.is_named(user)),
        may_suspend=not removed and (administrator or this_is_me),
        why_not_removed=NAMED_BY_ROOT if roster.is_named(user) and not this_is_me else "",
    )  # fmt: skip


def _why_suspended(roster: Roster, device: DeviceId, names: Mapping[UserId, str], me: UserId) -> str:
    """By whom it was suspended and why, in a sentence; or that another suspension keeps it from counting."""
    if is_shut_out(roster, device):
        return SHUT_OUT
    entry = next((one for one in roster.standing.removals_of(device) if one.kind == SUSPEND), None)
    if entry is None or not isinstance(entry.said, Removal):
        return ""
    by = me if entry.origin is None else roster.owner_of(entry.origin.device)
    who = names.get(by, "") if by else ""
    return f"Suspended by {who or 'a colleague'}. The reason given: {entry.said.reason.rstrip('.')}."


def what_removing_does(workspace: Workspace, user: UserId) -> RemovalPreview:
    """What will happen if somebody is removed, before anything happens.

    Raises:
        NotFound: no such colleague.
    """
    person = colleague(workspace, user)
    roster, names = roster_of(workspace), names_of(workspace)
    read, without = 0, []
    for case in workspace.store.select(Case, order_by=[table_of(Case).c.reference]):
        known = epochs_of(workspace, case.stream)
        members = epochs.effective_members(headers_of(known))
        if user not in members:
            continue
        read += 1
        staying = {one for one in members if one != user and roster.role_of(one) in WRITING_ROLES}
        leads = {one for one in staying if members[one].role is StreamRole.LEAD}
        writes = {one for one in staying if members[one].role >= StreamRole.WRITE}
        if members[user].role is StreamRole.LEAD and not leads and workspace.user in writes:
            could = tuple(sorted(((one, names.get(one, "")) for one in writes), key=lambda item: item[1].casefold()))
            without.append(CaseWithoutLead(case.id, case.reference, could))
    return RemovalPreview(person.name, len(person.laptops), read, tuple(without))


def remove_colleague(
    workspace: Workspace, *, user: UserId, reason: str, leads: Mapping[RecordId, UserId] | None = None
) -> Left:
    """Remove somebody. What they wrote so far counts for ever; what comes later waits to be looked at.

    `leads`: who leads from now on the cases `what_removing_does` names; a case left out stays without a lead until
    somebody who reads it takes it over.

    Raises:
        NotAllowed: this person is no administrator, or it is themselves, or somebody the root names.
        NotFound: they are not in the organisation.
        FormIncomplete: no reason was given.
    """
    _need_reason(reason)
    with workspace.store.unit("remove-colleague") as (unit, outcome):
        roster = _roster_if_in(unit, workspace)
        if not roster.is_administrator(workspace.user) or user == workspace.user or roster.is_named(user):
            raise NotAllowed()
        if roster.role_of(user) is None:
            raise NotFound(what="colleague")
        entry = Removal(user, None, cut_offs(roster, _heads(unit), user), reason.strip())
        put_roster_entry(unit, workspace.organisation_stream, user, REMOVE, cbor.encode(entry.wire()), alone=True)
        renew_organisation(unit, workspace)
        for case, lead in (leads or {}).items():
            make_lead(unit, workspace, unit.stream_of(Case, case), lead)
    return Left(outcome.changed)


def suspend_laptop(workspace: Workspace, *, device: DeviceId, reason: str) -> Left:
    """Cut one laptop off: what it sent so far counts, what comes later waits. Its owner goes on on their others.

    Raises:
        NotAllowed: it is this very laptop, or another person's and this one is no administrator.
        NotFound: there is no such laptop, or its owner is not in any more.
        FormIncomplete: no reason was given.
    """
    _need_reason(reason)
    with workspace.store.unit("suspend-laptop") as (unit, outcome):
        roster = _roster_if_in(unit, workspace)
        owner = roster.owner_of(device)
        if owner is None or roster.role_of(owner) is None:
            raise NotFound(what="laptop")
        mine = owner == workspace.user
        if device == workspace.store.author.device or not (mine or roster.is_administrator(workspace.user)):
            raise NotAllowed()
        heads = _heads(unit)
        entry = suspended_by(owner, device, heads, reason.strip())
        put_roster_entry(unit, workspace.organisation_stream, owner, SUSPEND, cbor.encode(entry.wire()))
    return Left(outcome.changed)


def change_role(workspace: Workspace, *, user: UserId, role: str) -> Left:
    """Give somebody another role.

    Raises:
        NotAllowed: this person is no administrator, or it is themselves, or somebody the root names.
        NotFound: they are not in the organisation.
        FormIncomplete: there is no such role.
    """
    if role not in ROLES:
        raise FormIncomplete(problems={"role": "Choose what the person will do."})
    with workspace.store.unit("change-role") as (unit, outcome):
        roster = _roster_if_in(unit, workspace)
        if not roster.is_administrator(workspace.user) or user == workspace.user or roster.is_named(user):
            raise NotAllowed()
        if roster.role_of(user) is None:
            raise NotFound(what="colleague")
        if roster.role_of(user) != role:
            entry = RoleChange(user, role, cut_offs(roster, _heads(unit), user))
            put_roster_entry(unit, workspace.organisation_stream, user, ROLE, cbor.encode(entry.wire()))
            for member in workspace.store.select(Member, table_of(Member).c.user == user):
                unit.update(Member, member.id, role=role)
    return Left(outcome.changed)


def take_the_lead(workspace: Workspace, case: RecordId) -> Left:
    """Lead a case whose leads have all left the organisation.

    Raises:
        NotFound: no such case here.
        NotAllowed: somebody leads it still, or this person only reads it.
    """
    stream = workspace.store.get(Case, case).stream
    with workspace.store.unit("take-the-lead") as (unit, outcome):
        if not may_take_the_lead(epochs_in(unit, stream), roster_in(unit, workspace), workspace.user):
            raise NotAllowed()
        make_lead(unit, workspace, stream, workspace.user)
    return Left(outcome.changed)


def may_take_the_lead(known: dict[bytes, KnownEpoch], roster: Roster, user: UserId) -> bool:
    """Whether nobody in the organisation leads a stream any more, and this person may write there."""
    members = epochs.effective_members(headers_of(known))
    mine = members.get(user)
    if mine is None or mine.role is not StreamRole.WRITE or roster.role_of(user) not in WRITING_ROLES:
        return False
    return not any(one.role is StreamRole.LEAD and roster.role_of(who) for who, one in members.items())


def administrators_left(workspace: Workspace) -> int:
    """How many administrators there are."""
    roster = roster_of(workspace)
    return sum(roster.role_of(user) == ADMINISTRATOR for user in roster.users)


def _need_reason(reason: str) -> None:
    if not reason.strip():
        raise FormIncomplete(problems={"reason": "Say in a few words why. The others will read it."})


def _roster_if_in(unit: WriteUnit, workspace: Workspace) -> Roster:
    """The roster, for somebody whose own laptop still counts.

    Raises:
        NotAllowed: this laptop was suspended, or its owner removed.
    """
    roster = roster_in(unit, workspace)
    if roster.is_withheld(workspace.store.author.device, None):
        raise NotAllowed()
    return roster


def _heads(unit: WriteUnit) -> dict[DeviceId, tuple[int, bytes]]:
    return {device: (head.seq, head.body_hash) for device, head in VaultBox(unit.connection).heads().items()}


def cases_of(workspace: Workspace) -> dict[StreamId, Case]:
    """The cases here by their stream."""
    return {case.stream: case for case in workspace.store.select(Case)}
