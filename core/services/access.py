"""Who may read a case, since when and by whose decision; giving somebody access.

Only people who read a case can see who reads it, or that anybody is kept out of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from core.changes.hlc import instant_of
from core.domain.case import Case
from core.domain.changed import Changed
from core.domain.organisation import Member
from core.foundation.errors import FormIncomplete, NotAllowed
from core.foundation.ids import RecordId, StreamId, UserId
from core.services.rekeying import settle_organisation
from core.services.roster import (
    KnownEpoch,
    epochs_in,
    epochs_of,
    headers_of,
    keys_of,
    new_stream_key,
    now_ms,
    put_epoch,
    roster_in,
    roster_of,
    writing_epoch,
)
from core.services.roster_news import refuse_old_roster
from core.services.streams import memberships
from core.services.workspace import Workspace
from core.store import keyring
from core.store.unit import WriteUnit
from core.sync.engine import epochs
from core.sync.engine.epochs import Membership, StreamRole
from core.sync.engine.farewell import farewells_of, op_of


@dataclass(frozen=True, slots=True)
class ReaderRow:
    """One person who can read the case. `given_by`: the name of who decided it, `since` when."""

    user: UserId
    name: str
    since: datetime
    given_by: str
    reason: str
    leads: bool
    this_is_me: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody by name."""

    user: UserId
    name: str


@dataclass(frozen=True, slots=True)
class ReaderAdded:
    """Somebody can read the case from the next exchange on, its history included."""

    changed: Changed


def may_be_second(workspace: Workspace, *, case: RecordId, user: UserId | None) -> bool:
    """Whether somebody reads the case and is not the person at this laptop, so that they can agree on their own."""
    return any(row.user == user and not row.this_is_me for row in readers_of(workspace, case))


def readers_of(workspace: Workspace, case: RecordId) -> tuple[ReaderRow, ...]:
    """Everybody who can read the case, the lead first.

    Raises:
        NotFound: this person cannot read it themselves.
    """
    known = epochs_of(workspace, workspace.store.get(Case, case).stream)
    names = names_of(workspace)
    rows = []
    for member in epochs.effective_members(headers_of(known)).values():
        first = _since(known, member.user)
        rows.append(
            ReaderRow(
                member.user, names.get(member.user, ""), instant_of(first.hlc),
                names.get(first.author or UserId(b""), ""), first.header.reason,
                leads=member.role is epochs.StreamRole.LEAD, this_is_me=member.user == workspace.user,
            )
        )
    return tuple(sorted(rows, key=lambda row: (not row.leads, row.name.casefold(), row.user)))


def kept_out_of(workspace: Workspace, case: RecordId) -> tuple[PersonRow, ...]:
    """Everybody walled off from the case, for its readers' eyes only.

    Raises:
        NotFound: this person cannot read it themselves.
    """
    known = epochs_of(workspace, workspace.store.get(Case, case).stream)
    names = names_of(workspace)
    return tuple(sorted((PersonRow(user, names.get(user, "")) for user in walled_off(known)), key=lambda row: row.name))


def may_be_reader(workspace: Workspace, case: RecordId) -> tuple[PersonRow, ...]:
    """Colleagues who could be given access: in the organisation, not readers yet, not walled off.

    Raises:
        NotFound: this person cannot read it themselves.
    """
    known = epochs_of(workspace, workspace.store.get(Case, case).stream)
    out = epochs.effective_members(headers_of(known)).keys() | walled_off(known)
    roster = roster_of(workspace)
    names = names_of(workspace)
    rows = (PersonRow(user, names.get(user, "")) for user in roster.users if user not in out and roster.role_of(user))
    return tuple(sorted(rows, key=lambda row: (row.name.casefold(), row.user)))


def add_reader(workspace: Workspace, case: RecordId, user: UserId, reason: str) -> ReaderAdded:
    """Let somebody read the case, from its beginning.

    Raises:
        NotFound: no such case here, or no such colleague.
        NotAllowed: this person only reads the case, or the other one is walled off from it.
        FormIncomplete: no reason was given.
        RosterStale: there was no news of who left for too long.
    """
    if not reason.strip():
        raise FormIncomplete(problems={"reason": "Say why this person needs to read the case."})
    stream = workspace.store.get(Case, case).stream
    with workspace.store.unit("add-reader") as (unit, outcome):
        known = epochs_in(unit, stream)
        members = epochs.effective_members(headers_of(known))
        if user in walled_off(known) or not may_change(known, workspace.user):
            raise NotAllowed()
        (added,) = memberships(roster_in(unit, workspace), {user}, lead=workspace.user)
        if user not in members:
            refuse_old_roster(workspace, unit)
            begin_epoch(unit, workspace, known, [*members.values(), added], reason.strip())
    return ReaderAdded(outcome.changed | about_case(case))


def about_case(case: RecordId) -> Changed:
    """Who reads a case is no record: pages that show the case hear of it all the same."""
    return Changed(frozenset({Case.SPEC.name}), frozenset({case}))


def settle_readers(workspace: Workspace) -> bool:
    """Where two people changed the readers of a stream without knowing of each other, begin the epoch that holds
    for both: everybody added by either, nobody removed by either. Returns whether there was such a stream.
    """
    settled = settle_organisation(workspace)
    with workspace.store.reading() as connection:
        streams = keyring.streams_with_several_epochs(connection)
    for stream in streams:
        if stream != workspace.organisation_stream and _unsettled(workspace, epochs_of(workspace, stream)):
            with workspace.store.unit("settle-readers") as (unit, _):
                known = epochs_in(unit, stream)
                members = epochs.effective_members(headers_of(known))
                begin_epoch(unit, workspace, known, members.values(), "two changes of readers joined")
            settled = True
    return settled


def _unsettled(workspace: Workspace, known: dict[bytes, KnownEpoch]) -> bool:
    headers = headers_of(known)
    standing = epochs.leaves(headers)
    if not any(epoch.key for epoch in known.values()):
        return False  # it rests under a second passphrase
    if len(standing) < 2 or not may_change(known, workspace.user):
        return False
    members = epochs.effective_members(headers)
    return workspace.user in members and set(writing_epoch(known).header.users) != set(members)


def may_change(known: dict[bytes, KnownEpoch], user: UserId) -> bool:
    """Whether somebody may let others read."""
    headers = headers_of(known)
    return all(headers[name].may_write(user) for name in epochs.leaves(headers))


def begin_epoch(
    unit: WriteUnit, workspace: Workspace, known: dict[bytes, KnownEpoch], members: Iterable[Membership], reason: str,
    *, walled: frozenset[UserId] = frozenset(), lifted: frozenset[UserId] = frozenset(),
) -> StreamId:  # fmt: skip
    """Begin the epoch in which exactly `members` read, after everything that stands. Whoever read before and does not
    any more is told so by their own laptop forgetting it. `walled` comes on top of who was kept out before;
    `lifted` are kept out no more, which needs an override beside it."""
    headers = headers_of(known)
    key = new_stream_key(workspace)
    header = epochs.following_header(
        organisation=workspace.keys.organisation,
        parents=[headers[name] for name in epochs.leaves(headers)[: epochs.MAX_PARENTS]],
        members=members, key=key, earlier=keys_of(known.values()), reason=reason,
        conflicted=walled,
    )  # fmt: skip
    header = replace(header, conflicted=header.conflicted - lifted)
    header = put_epoch(unit, header, key, workspace_user=workspace.user, now_ms=now_ms(workspace))
    name = epochs.hash_of(header)
    for farewell in farewells_of({**headers, name: header}, name):
        if headers[farewell.under].role_of(workspace.user) is StreamRole.LEAD:
            unit.put_alone(header.stream, op_of(header.stream, farewell))
    return header.stream


def walled_off(known: dict[bytes, KnownEpoch]) -> frozenset[UserId]:
    """Everybody kept out by an epoch that stands."""
    headers = headers_of(known)
    return frozenset(user for name in epochs.leaves(headers) for user in headers[name].conflicted)


def leads(known: dict[bytes, KnownEpoch], user: UserId) -> bool:
    """Whether somebody leads in everything that stands: only then may they take readers away."""
    headers = headers_of(known)
    return all(headers[name].role_of(user) is StreamRole.LEAD for name in epochs.leaves(headers))


def _since(known: dict[bytes, KnownEpoch], user: UserId) -> KnownEpoch:
    """The epoch that let somebody in, for the last time if they went and came again."""
    let_in = [
        epoch
        for epoch in known.values()
        if user in epoch.header.users
        and not any(name in known and user in known[name].header.users for name in epoch.header.parents)
    ]
    return max(let_in, key=lambda epoch: (epoch.header.number, epoch.header_hash))


def names_of(workspace: Workspace) -> dict[UserId, str]:
    """Colleagues by name."""
    return {UserId(member.user): member.name for member in workspace.store.select(Member)}
