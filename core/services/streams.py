"""Streams: which keys protect what is about to be written."""

from __future__ import annotations

from collections.abc import Iterable

from core.foundation.errors import FormIncomplete, NotAllowed, NotFound
from core.foundation.ids import ID_BYTES, StreamId, UserId
from core.services.roster import PERSONAL_STREAM, new_stream_key, now_ms, put_epoch, roster_in
from core.services.roster_news import refuse_readers_of_old_roster
from core.services.workspace import Workspace
from core.store import meta
from core.store.unit import WriteUnit
from core.sync.engine import epochs
from core.sync.engine.epochs import Membership, StreamRole, StreamType
from core.sync.engine.roster import WRITING_ROLES, Roster


def open_case_stream(
    unit: WriteUnit, workspace: Workspace, *, readers: frozenset[UserId], conflicted: frozenset[UserId],
    recovery_group: bytes = b"",
) -> StreamId:  # fmt: skip
    """A new stream for one case. Its writer leads it; `readers` may read and write; nobody else can open it.

    `recovery_group`: the id of the group whose sheets bring it back; empty: the first that will do.

    Raises:
        FormIncomplete: somebody is both a reader and walled off; or others are to read, on an old roster.
        NotAllowed: the writer's own role opens no cases.
        NotFound: a reader is nobody this organisation admitted.
    """
    roster = roster_in(unit, workspace)
    if workspace.user in conflicted or roster.role_of(workspace.user) not in WRITING_ROLES:
        raise NotAllowed()
    refuse_walled(readers, conflicted)
    refuse_readers_of_old_roster(unit, workspace, readers)
    key = new_stream_key(workspace)
    header = epochs.first_header(
        stream=StreamId(workspace.parts.randomness.bytes(ID_BYTES)), kind=StreamType.CASE,
        members=memberships(roster, readers | {workspace.user}, lead=workspace.user), key=key,
        conflicted=conflicted, reason="opened", recovery_group=recovery_group,
    )  # fmt: skip
    put_epoch(unit, header, key, workspace_user=workspace.user, now_ms=now_ms(workspace))
    return header.stream


def personal_stream(unit: WriteUnit, workspace: Workspace) -> StreamId:
    """The stream only this person reads, made when it is first asked for."""
    known = meta.read(unit.connection, PERSONAL_STREAM)
    if known is not None:
        return StreamId(known)
    key = new_stream_key(workspace)
    header = epochs.first_header(
        stream=StreamId(workspace.parts.randomness.bytes(ID_BYTES)), kind=StreamType.PERSONAL,
        members=memberships(roster_in(unit, workspace), {workspace.user}, lead=workspace.user), key=key,
    )  # fmt: skip
    put_epoch(unit, header, key, workspace_user=workspace.user, now_ms=now_ms(workspace))
    meta.write(unit.connection, PERSONAL_STREAM, header.stream)
    if workspace.store.writable is not None:
        workspace.store.writable |= {header.stream}
    return header.stream


def memberships(roster: Roster, users: Iterable[UserId], *, lead: UserId) -> tuple[Membership, ...]:
    """`users` as members of an epoch, with their current keys.

    Raises:
        NotFound: one of them is nobody this organisation admitted.
    """
    found = []
    for user in sorted(users):
        role = roster.role_of(user)
        if role is None:
            raise NotFound(what="colleague")
        granted = StreamRole.LEAD if user == lead else StreamRole.WRITE if role in WRITING_ROLES else StreamRole.READ
        found.append(Membership(user, roster.users[user].record.user_epoch, granted))
    return tuple(found)


def refuse_walled(readers: frozenset[UserId], conflicted: frozenset[UserId]) -> None:
    """Nobody is both a reader and walled off.

    Raises:
        FormIncomplete: somebody is.
    """
    if readers & conflicted:
        raise FormIncomplete(
            problems={"readers": "Somebody chosen to read the case is also kept out of it. Choose one or the other."}
        )
