"""New keys after somebody left: the organisation's at once, a case's before the next entry in it.

Nothing new has been written under the old key until then, so the secrecy is the same as if every case had got new keys
at once, and what leaving costs does not depend on the number of cases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.changes import cbor
from core.crypto.secrets import SecretBytes
from core.foundation.errors import NotAllowed
from core.foundation.ids import StreamId, UserId
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
)
from core.services.vaults import put_roster_entry
from core.services.workspace import Workspace
from core.store import keyring
from core.store.unit import WriteUnit
from core.store.withholding import unsealed_streams
from core.sync.engine import epochs
from core.sync.engine.entries import ENVELOPE_KEY, REMOVE
from core.sync.engine.entry import admission_in
from core.sync.engine.epochs import EpochHeader, Membership, StreamRole
from core.sync.engine.leaving import ENVELOPE_KEY_BYTES, EnvelopeKeyEntry
from core.sync.engine.rekeying import members_now, organisation_members
from core.sync.engine.roster import Roster

LEFT = "somebody left"


def renew_what_is_written(workspace: Workspace) -> None:
    """Before anything is sealed: a stream about to be written in, whose readers are not those who should be, gets a
    new key first. Does nothing where nobody ever left."""
    roster = roster_of(workspace)
    standing = roster.standing
    left = any(entry.kind == REMOVE for entry in standing.removals)
    if not (left or standing.new_keys or standing.cut_devices()):
        return
    if roster.role_of(workspace.user) is None or roster.is_withheld(workspace.store.author.device, None):
        return
    with workspace.store.reading() as connection:
        waiting = unsealed_streams(connection)
    if not waiting:
        return
    with workspace.store.unit("new-keys") as (unit, _):
        renew_organisation(unit, workspace)
        for stream in waiting:
            if stream != workspace.organisation_stream:
                _renew(unit, workspace, stream, roster)


def settle_organisation(workspace: Workspace) -> bool:
    """Where two people began an epoch of the organisation's records without knowing of each other, begin the one whose
    readers are those of the roster. Returns whether it was needed."""
    roster, known = roster_of(workspace), epochs_of(workspace, workspace.organisation_stream)
    if len(epochs.leaves(headers_of(known))) < 2 or roster.role_of(workspace.user) is None:
        return False
    if roster.is_withheld(workspace.store.author.device, None) or _are_holders(known, roster):
        return False
    with workspace.store.unit("settle-readers") as (unit, _):
        renew_organisation(unit, workspace)
    return True


def renew_organisation(unit: WriteUnit, workspace: Workspace) -> None:
    """A new key for the organisation's own records and a new one for the outside of every file, for exactly those
    who are in now, if they are not in place yet."""
    roster = roster_in(unit, workspace)
    known = epochs_in(unit, workspace.organisation_stream)
    if not _are_holders(known, roster):
        _begin(unit, workspace, known, headers_of(known), list(organisation_members(roster)))
    if _envelope_is_stale(roster):
        number = 1 + max(row.number for row in keyring.envelope_keys(unit.connection))
        entry = EnvelopeKeyEntry(number, workspace.parts.randomness.bytes(ENVELOPE_KEY_BYTES))
        keyring.add_envelope_key(unit.connection, number, SecretBytes(entry.key), told=False)
        put_roster_entry(
            unit, workspace.organisation_stream, workspace.user, ENVELOPE_KEY, cbor.encode(entry.wire())
        )


def _renew(unit: WriteUnit, workspace: Workspace, stream: StreamId, roster: Roster) -> None:
    known = epochs_in(unit, stream)
    if not known:
        return
    headers = {name: epoch.header for name, epoch in known.items()}
    without = frozenset(name for name, epoch in known.items() if not epoch.counts)
    members = members_now(headers, roster, without)
    standing = epochs.leaves(headers, without)
    newest = next((name for name in standing if known[name].key is not None), None)
    if newest is None or workspace.user not in members:
        return
    if not all(headers[name].may_write(workspace.user) for name in standing):
        return
    if _keys(headers[newest].members) != _keys(members.values()):
        _begin(unit, workspace, known, {name: headers[name] for name in standing}, list(members.values()))


def _begin(
    unit: WriteUnit, workspace: Workspace, known: Mapping[bytes, KnownEpoch], headers: Mapping[bytes, EpochHeader],
    members: list[Membership],
) -> None:  # fmt: skip
    key = new_stream_key(workspace)
    header = epochs.following_header(
        organisation=workspace.keys.organisation,
        parents=[headers[name] for name in epochs.leaves(headers)[: epochs.MAX_PARENTS]],
        members=members, key=key, earlier=keys_of(known.values()), reason=LEFT,
    )  # fmt: skip
    put_epoch(unit, header, key, workspace_user=workspace.user, now_ms=now_ms(workspace))


def _keys(members: Iterable[Membership]) -> frozenset[tuple[UserId, int]]:
    return frozenset((member.user, member.user_epoch) for member in members)


def _are_holders(known: dict[bytes, KnownEpoch], roster: Roster) -> bool:
    return _holders(known, roster) == {user: record.user_epoch for user, record in roster.people().items()}


def _holders(known: dict[bytes, KnownEpoch], roster: Roster) -> dict[UserId, int]:
    """Who holds the key the organisation's records are written with, and with which of their own keys: whom its epoch
    names, and whoever was let in by somebody who had it."""
    headers = headers_of(known)
    newest = next((name for name in epochs.leaves(headers) if known[name].key is not None), None)
    if newest is None:
        return {}
    found = {member.user: member.user_epoch for member in headers[newest].members}
    device, seq = known[newest].device, known[newest].seq
    for entry in roster.entries:
        made = admission_in(entry)
        if made is None or not entry.confirmed or made.record.user in found:
            continue
        if device is None or seq is None:
            had = headers[newest].number == 1 or entry.origin is None
        else:
            had = entry.origin is None or entry.seen.get(device, 0) >= seq
        if had:
            found[made.record.user] = made.record.user_epoch
    return found


def _envelope_is_stale(roster: Roster) -> bool:
    """Whether somebody who is out knows the newest key of the outside."""
    standing = roster.standing
    told = [entry for entry in roster.entries if isinstance(entry.said, EnvelopeKeyEntry) and standing.counts(entry)]
    numbered = [(entry.said.number, entry.name, entry) for entry in told if isinstance(entry.said, EnvelopeKeyEntry)]
    newest = max(numbered, key=lambda item: item[:2])[2] if numbered else None
    leaving = [entry for entry in standing.removals if entry.kind == REMOVE]
    leaving += [entry for entries in standing.new_keys.values() for entry in entries if standing.counts(entry)]
    return any(newest is None or not newest.follows(entry) for entry in leaving)


def make_lead(unit: WriteUnit, workspace: Workspace, stream: StreamId, lead: UserId) -> None:
    """A new epoch without those who left, led by somebody who writes there already.

    Raises:
        NotAllowed: this person does not write there, or that one does not, or somebody leads it still.
    """
    roster, known = roster_in(unit, workspace), epochs_in(unit, stream)
    headers = {name: epoch.header for name, epoch in known.items()}
    without = frozenset(name for name, epoch in known.items() if not epoch.counts)
    members = members_now(headers, roster, without)
    mine, theirs = members.get(workspace.user), members.get(lead)
    if mine is None or theirs is None or StreamRole.READ in (mine.role, theirs.role):
        raise NotAllowed()
    if any(member.role is StreamRole.LEAD for member in members.values()):
        raise NotAllowed()
    members[lead] = Membership(lead, theirs.user_epoch, StreamRole.LEAD)
    standing = {name: headers[name] for name in epochs.leaves(headers, without)}
    _begin(unit, workspace, known, standing, list(members.values()))
