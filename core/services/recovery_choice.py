"""Which recovery group opens a stream: chosen when an epoch begins, and kept up to date afterwards.

Nobody who is kept out of a stream holds a sheet of its group. Where the group in use will not do, another one is taken;
where none will do, the stream has none until there is one, unless whoever leads it decided so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.changes import cbor
from core.foundation.ids import ID_BYTES, StreamId, UserId
from core.store import keyring, recovery_wraps
from core.store.recovery_wraps import Reading
from core.sync.engine import epochs, recovery
from core.sync.engine.entries import MAX_ENTRY_BYTES
from core.sync.engine.epochs import EpochHeader, StreamType
from core.sync.engine.recovery import RecoveryGroup


@dataclass(frozen=True, slots=True)
class OpenTo:
    """The group that opens a stream's newest epoch. `group` None: none does; `decided`: because its lead said so."""

    group: RecoveryGroup | None
    current: bool
    """Whether the newest edition does: older sheets open nothing that came after it."""
    decided: bool
    by_recovery: bool
    """Whether recovery sheets let its newest readers in."""


def groups_in(connection: Reading) -> dict[bytes, RecoveryGroup]:
    """Every edition of every group by its mark, in the order they became known."""
    found = {}
    for row in keyring.roster_entries(connection):
        if row.kind == recovery.GROUP:
            made = recovery.stored_group(cbor.decode(row.value, max_bytes=MAX_ENTRY_BYTES))
            found[made.mark] = made
    return found


def current_groups(connection: Reading) -> tuple[RecoveryGroup, ...]:
    """The edition of each group that counts. The group set up first is in front: it is used unless another must be."""
    return tuple(recovery.newest(groups_in(connection).values()).values())


def allowed(groups: Iterable[RecoveryGroup], conflicted: frozenset[UserId]) -> tuple[RecoveryGroup, ...]:
    """Those of which nobody in `conflicted` holds a sheet."""
    return tuple(group for group in groups if not group.users & conflicted)


def with_group(connection: Reading, header: EpochHeader) -> EpochHeader:
    """The header with the newest edition of the group that is to open it.

    A group it names already is kept; a following epoch goes on with that of the epochs before it.
    """
    wanted = header.recovery_group[:ID_BYTES] or _before(connection, header)
    return replace(header, recovery_group=choose(header, wanted, current_groups(connection)))


def choose(header: EpochHeader, wanted: bytes, current: Sequence[RecoveryGroup]) -> bytes:
    """The mark for a header, out of the groups that count. `wanted`: the id of the one to prefer, NONE, or nothing."""
    if header.kind is StreamType.PERSONAL or recovery.NONE in (wanted, header.recovery_group):
        return header.recovery_group if header.kind is StreamType.PERSONAL else recovery.NONE
    if not current:
        return header.recovery_group
    usable = allowed(current, header.conflicted)
    chosen = next((group for group in usable if group.group == wanted), usable[0] if usable else None)
    return chosen.mark if chosen else b""


def open_to(connection: Reading, stream: StreamId) -> OpenTo:
    """What opens the newest epoch of a stream that is known here."""
    headers = {
        row.header_hash: epochs.decode(row.header)
        for row in keyring.epochs(connection, stream)
        if row.header is not None
    }
    newest = epochs.leaves(headers)[:1]
    rows = recovery_wraps.wraps(connection, stream)
    by_recovery = any(row.proven for row in rows if row.header_hash in headers)
    if not newest:
        return OpenTo(None, current=False, decided=False, by_recovery=by_recovery)
    groups = groups_in(connection)
    said = headers[newest[0]].recovery_group
    marks = [said, *(row.mark for row in rows if row.header_hash == newest[0] and not row.proven)]
    known = [groups[mark] for mark in marks if mark in groups]
    if not known:
        return OpenTo(None, current=False, decided=said == recovery.NONE, by_recovery=by_recovery)
    best = max(known, key=lambda group: group.edition)
    counts = recovery.newest(groups.values())[best.group]
    return OpenTo(best, current=best.mark == counts.mark, decided=False, by_recovery=by_recovery)


def cases_open_to(connection: Reading) -> dict[bytes, int]:
    """How many of the cases read here each group opens, by the id of the group."""
    headers: dict[StreamId, dict[bytes, EpochHeader]] = {}
    for row in keyring.epochs(connection):
        if row.header is not None:
            headers.setdefault(row.stream, {})[row.header_hash] = epochs.decode(row.header)
    late = {(row.stream, row.header_hash): row.mark for row in recovery_wraps.wraps(connection) if not row.proven}
    found: dict[bytes, int] = {}
    for stream, known in headers.items():
        newest = epochs.leaves(known)[0]
        if known[newest].kind is StreamType.CASE:
            group = (known[newest].recovery_group or late.get((stream, newest), b""))[:ID_BYTES]
            found[group] = found.get(group, 0) + 1
    return found


def still_to_wrap(
    header: EpochHeader, done: frozenset[bytes], current: Sequence[RecoveryGroup]
) -> RecoveryGroup | None:
    """The group a standing epoch is still to be wrapped to; None if it is, or if there is none for it.

    `done`: the groups it was wrapped to after it began.
    """
    late = min(done, default=b"")
    mark = choose(header, (header.recovery_group or late)[:ID_BYTES], current)
    if mark in (recovery.NONE, header.recovery_group) or mark in done:
        return None
    return next((group for group in current if group.mark == mark), None)


def _before(connection: Reading, header: EpochHeader) -> bytes:
    """The id of the group of the epochs a header follows, or NONE, or nothing."""
    found = b""
    rows = {row.header_hash: row for row in keyring.epochs(connection, header.stream) if row.header is not None}
    wraps = recovery_wraps.wraps(connection, header.stream)
    for parent in header.parents:
        row = rows.get(parent)
        said = epochs.decode(row.header).recovery_group[:ID_BYTES] if row is not None and row.header else b""
        late = next((item.mark[:ID_BYTES] for item in wraps if item.header_hash == parent and not item.proven), b"")
        found = said or late or found
    return found
