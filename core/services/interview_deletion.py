"""A private interview goes with its case (policy 3.2): ordered inside it by a reader of both, deleted by each reader.

Whoever reads both saw two people agree that the case is deleted for good: their laptops order it in the interview, seal
the order, and delete what they hold, by themselves. Whoever reads the interview alone cannot see that agreement. They
are told of the order and are themselves the second person: it goes once they agree (decision 0121).

Of a case that was deleted before its interviews went with it, only whoever set one apart knows which it was. Their
laptop orders it now; everybody else who reads it is asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.changes.hlc import to_ms
from core.changes.reducer import EntityState
from core.domain.case import Case
from core.domain.changed import Changed
from core.domain.confidential import Compartment, CompartmentDeletion, PrivateInterview
from core.foundation.errors import NotAllowed, NotFound
from core.foundation.ids import RecordId, StreamId, UserId
from core.services.audit import note_before
from core.services.exchange import seal_now
from core.services.interviews import OF_CASE, need_open, states_of
from core.services.roster import epochs_of, headers_of
from core.services.workspace import Workspace
from core.store import meta, renewals, resting, shredding
from core.store.blobs import blob_rows
from core.store.forgetting import settle_log, waits_to_be_sealed
from core.store.recovery_wraps import Reading
from core.store.shredding import DELETED_CASE, KeptDeletion
from core.store.transactions import writing
from core.sync.engine import epochs
from core.sync.engine.epochs import StreamRole

_GONE = Changed(frozenset({PrivateInterview.SPEC.name}), frozenset())


@dataclass(frozen=True, slots=True)
class InterviewsDeleted:
    """How many interviews were deleted for good just now."""

    count: int
    changed: Changed


@dataclass(frozen=True, slots=True)
class _Order:
    """An order that counts: the record, why, and who gave it."""

    record: RecordId
    reason: str
    by: UserId


def settle_deleted_interviews(workspace: Workspace) -> InterviewsDeleted:
    """Order and delete the interviews of cases that were deleted for good here; while they rest shut, they wait."""
    with workspace.store.reading() as connection:
        deleted = {key: reason.decode() for key, reason in meta.read_all(connection, DELETED_CASE).items()}
        before = _of_cases_gone_before(connection)
        is_open = (deleted or before) and resting.is_open(connection)
        streams = resting.sealed_streams(connection) if is_open else frozenset()
    count = 0
    for stream in sorted(streams):
        role = _roles(workspace, stream).get(workspace.user)
        case = _case_of(workspace, stream) if role is not None else None
        reason = (deleted.get(case.hex()) or before.get(stream)) if case is not None else None
        if role is None or reason is None:
            continue
        if role >= StreamRole.WRITE and _order(workspace, stream) is None:
            with workspace.store.unit("order-deletion") as (unit, _):
                unit.create(
                    CompartmentDeletion, stream, reason=reason, ordered_at=workspace.parts.clock.now(),
                    ordered_by=workspace.user,
                )  # fmt: skip
            seal_now(workspace)
        if _is_sealed(workspace, stream):
            _delete(workspace, stream, reason)
            count += 1
    if count:
        settle_log(workspace.store.engine)
    return InterviewsDeleted(count, _GONE if count else Changed(frozenset(), frozenset()))


def interviews_to_delete(workspace: Workspace) -> frozenset[StreamId]:
    """The interviews whose case was deleted for good elsewhere, and which this person is asked to delete as well."""
    with workspace.store.reading() as connection:
        streams = resting.sealed_streams(connection) if resting.is_open(connection) else frozenset()
    return frozenset(stream for stream in streams if _may_agree(workspace, stream))


def delete_interview(workspace: Workspace, *, interview: StreamId) -> InterviewsDeleted:
    """Agree that an interview goes after its case, and delete it for good on this laptop.

    Raises:
        NotFound: this person cannot read it.
        NotAllowed: nobody ordered it, the case is still here, or private interviews are shut.
    """
    need_open(workspace)
    states_of(workspace, interview)
    if not _may_agree(workspace, interview):
        raise NotAllowed()
    found = _order(workspace, interview)
    if found is None:
        raise NotFound(what="private interview")
    note_before(workspace, about=interview, deed="deletion", subject="A private interview, after its case")
    _delete(workspace, interview, found.reason)
    settle_log(workspace.store.engine)
    return InterviewsDeleted(1, _GONE)


# ------------------------------------------------------------------ inside


def _of_cases_gone_before(connection: Reading) -> dict[StreamId, str]:
    """The interviews this person set apart whose case was deleted for good here, by the stream it had; and why."""
    ours = meta.read_all(connection, OF_CASE)
    gone = {item.stream: item.reason for item in shredding.deletions(connection)} if ours else {}
    return {
        StreamId(bytes.fromhex(digits)): gone[StreamId(stream)]
        for digits, stream in ours.items()
        if StreamId(stream) in gone
    }


def _may_agree(workspace: Workspace, stream: StreamId) -> bool:
    """Whether somebody else ordered it, and the case is not here: whoever holds the case waits for its own deletion."""
    if workspace.user not in _roles(workspace, stream):
        return False
    found, case = _order(workspace, stream), _case_of(workspace, stream)
    return found is not None and found.by != workspace.user and (
        case is None or workspace.store.find(Case, case) is None
    )  # fmt: skip


def _states(workspace: Workspace, stream: StreamId) -> dict[RecordId, EntityState]:
    with workspace.store.reading() as connection:
        return resting.fold_sealed(connection, stream)


def _case_of(workspace: Workspace, stream: StreamId) -> RecordId | None:
    found = resting.records_in(_states(workspace, stream), stream)
    return next((one.case for one in found if isinstance(one, Compartment)), None)


def _order(workspace: Workspace, stream: StreamId) -> _Order | None:
    """The first order by somebody who may write in the interview; what another wrote into it does not count."""
    states, roles = _states(workspace, stream), _roles(workspace, stream)
    for one in resting.records_in(states, stream):
        if not isinstance(one, CompartmentDeletion):
            continue
        authors = {head.actor for heads in states[one.id].heads.values() for head in heads.values()}
        if len(authors) == 1 and all(roles.get(user, StreamRole.READ) >= StreamRole.WRITE for user in authors):
            return _Order(one.id, one.reason, UserId(next(iter(authors))))
    return None


def _roles(workspace: Workspace, stream: StreamId) -> dict[UserId, StreamRole]:
    members = epochs.effective_members(headers_of(epochs_of(workspace, stream)))
    return {user: member.role for user, member in members.items()}


def _is_sealed(workspace: Workspace, stream: StreamId) -> bool:
    with workspace.store.reading() as connection:
        return not waits_to_be_sealed(connection, stream)


def _delete(workspace: Workspace, stream: StreamId, reason: str) -> None:
    found, headers = _order(workspace, stream), headers_of(epochs_of(workspace, stream)).values()
    with writing(workspace.store.engine) as connection:
        agreed = renewals.ordered_in(connection, stream, found.record) if found is not None else None
        blob_rows(connection).destroy_with(stream)
        shredding.shred_stream(
            connection,
            KeptDeletion(
                stream, reason, to_ms(workspace.parts.clock.now()),
                frozenset(user for header in headers for user in header.users),
                frozenset(header.recovery_group for header in headers if header.recovery_group),
            ),
        )  # fmt: skip
        meta.forget(connection, OF_CASE + stream.hex())
        renewals.keep_agreement(connection, stream, agreed)  # last: what names the stream went with it
