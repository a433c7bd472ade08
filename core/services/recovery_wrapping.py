"""Opening streams to their recovery group that are older than it, or than its newest edition. No new epoch for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from core.changes import cbor
from core.changes.change import Op, Wire
from core.changes.hlc import to_ms
from core.crypto.derive import sha256
from core.domain.case import Party
from core.domain.organisation import Member
from core.foundation.ids import RecordId, StreamId, UserId
from core.services.recovery_capsule import keep_capsule
from core.services.recovery_case import residents_of
from core.services.recovery_choice import current_groups, still_to_wrap
from core.services.recovery_holders import folded, held_by
from core.services.roster import roster_in, roster_of
from core.services.workspace import Workspace
from core.store import keyring, meta, recovery_wraps
from core.store.store import table_of
from core.store.unit import WriteUnit
from core.sync.engine import epochs, recovery
from core.sync.engine.epochs import EpochHeader, EpochKey, StreamRole, StreamType
from core.sync.engine.recovery import RecoveryGroup

OTHERS_WAIT = timedelta(days=7)
"""How long somebody who does not lead a case leaves it to its lead to open it to a new edition."""
WRAP_TABLE = "recovery"
_SETTLED = "recovery:settled"
_FIRST_SEEN = "recovery:first-seen:"


@dataclass(frozen=True, slots=True)
class _Standing:
    """The epoch of a stream that is written with, as far as recovery is concerned. `walled`: in all that stand."""

    header: EpochHeader
    key: EpochKey
    walled: frozenset[UserId]
    done: frozenset[bytes]


def settle_recovery(workspace: Workspace, *, at_most: int = 500) -> int:
    """Open the next streams to their group. Also renews what the organisation sheet opens, where there are new keys of
    the folder. Ended at any moment, the next call goes on.

    Returns how many streams were done; call again until it is 0.
    """
    with workspace.store.reading() as connection:
        current = current_groups(connection)
        if not current or roster_of(workspace).role_of(workspace.user) is None:
            return 0
        week_over = _week_over(connection, workspace, current)
        marks: list[Wire] = [group.mark for group in current]
        keys: list[Wire] = [[row.number, row.key.reveal()] for row in keyring.envelope_keys(connection)]
        state = sha256(cbor.encode([marks, keys, recovery_wraps.epochs_held(connection), week_over]))
        if meta.read(connection, _SETTLED) == state:
            return 0
        found = _unwrapped(workspace, connection, current, week_over=week_over)
        wanted = [item for item, _ in zip(found, range(at_most), strict=False)]
    with workspace.store.unit("settle-recovery") as (unit, _):
        for group in current:
            name = _FIRST_SEEN + group.mark.hex()
            if meta.read_number(unit.connection, name) is None:
                meta.write_number(unit.connection, name, to_ms(workspace.parts.clock.now()))
            if roster_in(unit, workspace).is_administrator(workspace.user):
                keep_capsule(unit, workspace, group)
        for key, group in wanted:
            _wrap(unit, key, group)
        if not wanted:
            meta.write(unit.connection, _SETTLED, state)
    return len(wanted)


def wrap_organisation(unit: WriteUnit, workspace: Workspace) -> None:
    """Open the organisation's own stream to its group at once."""
    current = current_groups(unit.connection)
    stands = _standing(unit.connection, workspace.organisation_stream).get(workspace.organisation_stream)
    if stands is not None:
        group = still_to_wrap(stands.header, stands.done, current)
        if group is not None:
            _wrap(unit, stands.key, group)


def _wrap(unit: WriteUnit, key: EpochKey, group: RecoveryGroup) -> None:
    wire = recovery.wrapped_wire(group.mark, key.header_hash)
    unit.put_op(key.stream, Op(recovery.WRAPPED, RecordId(key.stream), WRAP_TABLE, "", wire))
    row = recovery_wraps.WrapRow(key.stream, key.header_hash, group.mark, proven=False)
    recovery_wraps.add_wrap(unit.connection, row)


def _unwrapped(
    workspace: Workspace, connection: recovery_wraps.Reading, current: Sequence[RecoveryGroup], *, week_over: bool
) -> Iterator[tuple[EpochKey, RecoveryGroup]]:
    """Streams this person is to open, with the group each is to be opened to."""
    if workspace.store.writable is not None:
        return
    members = {UserId(member.user): folded(member.name) for member in workspace.store.select(Member)}
    for stream, item in _standing(connection).items():
        header = replace(item.header, conflicted=item.walled)
        if header.kind is StreamType.PERSONAL or still_to_wrap(header, item.done, current) is None:
            continue
        leads = header.role_of(workspace.user) is StreamRole.LEAD
        others = week_over and header.kind is not StreamType.ORGANISATION and header.may_write(workspace.user)
        if not leads and not others:
            continue
        left = current
        if header.kind is StreamType.CASE:
            held = held_by(current, members, item.walled, _people(workspace, stream))
            left = [group for group in current if group.group not in held]
        group = still_to_wrap(header, item.done, left) if left else None
        if group is not None:
            yield item.key, group


def _people(workspace: Workspace, stream: StreamId) -> list[str]:
    """The names of everybody in a case, and of whoever lives with them."""
    parties = workspace.store.select(Party, table_of(Party).c.stream == stream)
    names = [name for party in parties for name in (party.name, *party.also_known_as)]
    return [*names, *residents_of(workspace, [party.home for party in parties if party.home is not None])]


def _standing(connection: recovery_wraps.Reading, only: StreamId | None = None) -> dict[StreamId, _Standing]:
    """For each stream the epoch that would be written with and whose key is here."""
    headers: dict[StreamId, dict[bytes, EpochHeader]] = {}
    keys: dict[bytes, EpochKey] = {}
    for row in keyring.epochs(connection, only):
        if row.header is not None:
            headers.setdefault(row.stream, {})[row.header_hash] = epochs.decode(row.header)
        if row.key is not None:
            keys[row.header_hash] = EpochKey(row.stream, row.number, row.header_hash, row.key)
    late: dict[bytes, frozenset[bytes]] = {}
    for wrapped in recovery_wraps.wraps(connection, only):
        if not wrapped.proven:
            late[wrapped.header_hash] = late.get(wrapped.header_hash, frozenset()) | {wrapped.mark}
    found = {}
    for stream, known in headers.items():
        leaves = epochs.leaves(known)
        name = next((name for name in leaves if name in keys), None)
        if name is not None:
            walled = frozenset(user for leaf in leaves for user in known[leaf].conflicted)
            found[stream] = _Standing(known[name], keys[name], walled, late.get(name, frozenset()))
    return found


def _week_over(connection: recovery_wraps.Reading, workspace: Workspace, current: Sequence[RecoveryGroup]) -> bool:
    seen = [meta.read_number(connection, _FIRST_SEEN + group.mark.hex()) for group in current]
    now_ms = to_ms(workspace.parts.clock.now())
    return all(item is not None and now_ms - item > OTHERS_WAIT / timedelta(milliseconds=1) for item in seen)
