"""After new sheets were made: a stream gets a new key before the next entry in it, which the old sheets do not open.

Wrapping a key to the new sheets takes nothing from the old ones, which opened it before. Until something is written
under it there is nothing new for them to open, so nothing is done before.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.foundation.ids import ID_BYTES, StreamId
from core.services.recovery_choice import current_groups, groups_in
from core.services.roster import (
    KnownEpoch,
    epochs_in,
    headers_of,
    keys_of,
    new_stream_key,
    now_ms,
    put_epoch,
    roster_in,
    roster_of,
)
from core.services.workspace import Workspace
from core.store import recovery_wraps
from core.store.unit import WriteUnit
from core.sync.engine import epochs
from core.sync.engine.epochs import StreamType
from core.sync.engine.recovery import RecoveryGroup
from core.sync.engine.rekeying import members_now, organisation_members

REASON = "new recovery sheets"


def renew_after_new_sheets(workspace: Workspace) -> int:
    """Begin an epoch of every stream about to be written in that old sheets open. Returns how many."""
    with workspace.store.reading() as connection:
        newest = {group.group: group for group in current_groups(connection)}
        if not any(group.edition > 1 for group in newest.values()):
            return 0
        streams = recovery_wraps.streams_to_send(connection)
    if not streams or roster_of(workspace).role_of(workspace.user) is None:
        return 0
    with workspace.store.unit("new-sheets") as (unit, _):
        return sum(_renew(unit, workspace, stream, newest) for stream in streams)


def _renew(
    unit: WriteUnit, workspace: Workspace, stream: StreamId, newest: Mapping[bytes, RecoveryGroup]
) -> bool:
    known = epochs_in(unit, stream)
    headers = headers_of(known)
    if not headers or not _opened_by_old(unit, known, newest):
        return False
    uncounted = frozenset(name for name, epoch in known.items() if not epoch.counts)
    standing = epochs.leaves(headers, uncounted)[: epochs.MAX_PARENTS]
    if next(iter(headers.values())).kind is StreamType.ORGANISATION:
        members = {member.user: member for member in organisation_members(roster_in(unit, workspace))}
    elif all(headers[name].may_write(workspace.user) for name in standing):
        members = members_now(headers, roster_in(unit, workspace), uncounted)
    else:
        return False
    if workspace.user not in members:
        return False
    key = new_stream_key(workspace)
    header = epochs.following_header(
        organisation=workspace.keys.organisation, parents=[headers[name] for name in standing],
        members=members.values(), key=key, earlier=keys_of(known.values()), reason=REASON,
    )  # fmt: skip
    put_epoch(unit, header, key, workspace_user=workspace.user, now_ms=now_ms(workspace))
    return True


def _opened_by_old(unit: WriteUnit, known: Mapping[bytes, KnownEpoch], newest: Mapping[bytes, RecoveryGroup]) -> bool:
    """Whether sheets that were replaced open the epoch that would be written with."""
    headers = {name: epoch.header for name, epoch in known.items()}
    name = next((item for item in epochs.leaves(headers) if known[item].key is not None), None)
    if name is None:
        return False
    late = recovery_wraps.wraps(unit.connection, headers[name].stream)
    marks = {headers[name].recovery_group, *(row.mark for row in late if row.header_hash == name and not row.proven)}
    groups = groups_in(unit.connection)
    return any(
        mark in groups and mark[:ID_BYTES] in newest and newest[mark[:ID_BYTES]].mark != mark for mark in marks
    )
