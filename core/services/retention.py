"""Deleting a case for good (policy 3.2): asked for by its lead, agreed to by a second person, carried out everywhere.

The request and the agreement are records of the case, so every reader's laptop sees the same two and does the same:
it deletes what it holds and forgets the keys. Somebody who reads alone decides alone; nobody else's work is concerned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.changes.hlc import from_ms, to_ms
from core.domain.case import Case
from core.domain.changed import NOTHING, Changed
from core.domain.organisation import Member
from core.domain.retention import DELETION_REASONS, Deletion, DeletionAgreed, LegalHold
from core.foundation.errors import FormIncomplete, NotAllowed
from core.foundation.ids import RecordId, StreamId, UserId
from core.policy.retention import why_not_delete
from core.services.attachments import tidy_files
from core.services.casework import StepRecorded
from core.services.contents import contents_of
from core.services.forms import Problems
from core.services.roster import epochs_of, headers_of
from core.services.telling import Names, Teller, TimelineEntry, entry, label_of
from core.services.workspace import Workspace
from core.store import meta, renewals, shredding
from core.store.blobs import blob_rows
from core.store.forgetting import settle_log
from core.store.shredding import KeptDeletion
from core.store.store import table_of
from core.store.transactions import writing
from core.sync.engine import epochs
from core.sync.engine.epochs import Membership, StreamRole


@dataclass(frozen=True, slots=True)
class DeletionAsked:
    """A deletion that waits for a second person. `may_agree`: this person may be that second one."""

    id: RecordId
    reason: str
    words: str
    asked_by: str
    asked_at: datetime | None
    may_agree: bool
    agreed: bool


@dataclass(frozen=True, slots=True)
class DeletedForGood:
    """A deletion that was carried out. Nothing else is known of it any more."""

    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """How many cases were deleted for good just now."""

    count: int
    changed: Changed


def ask_deletion(workspace: Workspace, *, case: RecordId, reason: str, words: str) -> StepRecorded:
    """Ask to delete a case for good.

    Raises:
        NotAllowed: only who leads the case may ask.
        FormIncomplete: no reason, or it may not be deleted yet; the sentence says why.
    """
    contents = contents_of(workspace, case)
    setting = workspace.setting_of(contents)
    problems = Problems()
    problems.need(reason in DELETION_REASONS, "reason", "Choose why it is deleted.")
    problems.need(words.strip(), "words", "Write down whose decision it is, and on what ground.")
    against = why_not_delete(contents, setting, reason)
    problems.need(not against, "reason", against)
    problems.settle()
    stream = contents.case.stream
    if _role(_members(workspace, stream), workspace.user) is not StreamRole.LEAD:
        raise NotAllowed()
    with workspace.store.unit("ask-deletion") as (unit, outcome):
        record = unit.create(
            Deletion, stream, case=case, reason=reason, words=words, asked_at=workspace.parts.clock.now()
        )
    return StepRecorded(record, outcome.changed)


def agree_deletion(workspace: Workspace, *, deletion: RecordId) -> StepRecorded:
    """Agree as the second person. It is carried out on every laptop with its next exchange.

    Raises:
        NotFound: it was withdrawn.
        NotAllowed: who asked cannot agree, nor somebody who only reads.
        FormIncomplete: a hold stands.
    """
    found = workspace.store.get(Deletion, deletion)
    assert found.case is not None
    contents = contents_of(workspace, found.case)
    asked = next(item for item in deletions_asked(workspace, case=found.case) if item.id == deletion)
    if not asked.may_agree:
        raise NotAllowed()
    setting = workspace.setting_of(contents)
    against = why_not_delete(contents, setting, found.reason)
    if against:
        raise FormIncomplete(problems={"deletion": against})
    with workspace.store.unit("agree-deletion") as (unit, outcome):
        record = unit.create(
            DeletionAgreed, found.stream, case=found.case, deletion=deletion, agreed_at=workspace.parts.clock.now()
        )
    return StepRecorded(record, outcome.changed)


def withdraw_deletion(workspace: Workspace, *, deletion: RecordId) -> StepRecorded:
    """The case is not deleted: the request is taken back or refused.

    Raises:
        NotFound: it was withdrawn already.
    """
    with workspace.store.unit("withdraw-deletion") as (unit, outcome):
        unit.delete(Deletion, deletion)
    return StepRecorded(deletion, outcome.changed)


def hold_case(workspace: Workspace, *, case: RecordId, reason: str) -> StepRecorded:
    """Nothing of the case may be deleted while this stands."""
    problems = Problems()
    problems.need(reason.strip(), "reason", "Say why it is held.")
    problems.settle()
    found = workspace.store.get(Case, case)
    with workspace.store.unit("hold-case") as (unit, outcome):
        record = unit.create(
            LegalHold, found.stream, case=case, reason=reason, placed_at=workspace.parts.clock.now(),
            placed_by=workspace.user,
        )  # fmt: skip
    return StepRecorded(record, outcome.changed)


def lift_hold(workspace: Workspace, *, hold: RecordId) -> StepRecorded:
    """The reason for a hold is over."""
    with workspace.store.unit("lift-hold") as (unit, outcome):
        unit.update(LegalHold, hold, lifted_at=workspace.parts.clock.now())
    return StepRecorded(hold, outcome.changed)


def deletions_asked(workspace: Workspace, *, case: RecordId) -> tuple[DeletionAsked, ...]:
    """What was asked for in one case and counts: asked by somebody who leads it."""
    table = table_of(Deletion)
    found = workspace.store.select(Deletion, table.c.case == case, order_by=(table.c.created_hlc,))
    if not found:
        return ()
    names = {member.user: member.name for member in workspace.store.select(Member)}
    members = _members(workspace, found[0].stream)
    rows = []
    for item in found:
        asked_by = _maker(workspace, item.id, members, StreamRole.LEAD)
        if asked_by is None:
            continue
        me = _role(members, workspace.user)
        may_agree = workspace.user != asked_by and me is not None and me >= StreamRole.WRITE
        agreed = _is_agreed(workspace, item, asked_by, members)
        may_agree = may_agree and not agreed
        name = names.get(asked_by, "")
        rows.append(DeletionAsked(item.id, item.reason, item.words, name, item.asked_at, may_agree, agreed))
    return tuple(rows)


def deleted_for_good(workspace: Workspace) -> tuple[DeletedForGood, ...]:
    """What was deleted for good here, newest first."""
    with workspace.store.reading() as connection:
        kept = shredding.deletions(connection)
    return tuple(DeletedForGood(item.reason, from_ms(item.at_ms)) for item in reversed(kept))


def carry_out_deletions(workspace: Workspace) -> CarriedOut:
    """Delete for good what two people agreed on, once the agreement itself has been sent. Costs nothing otherwise."""
    due = [item for item in workspace.store.select(Deletion) if _is_due(workspace, item)]
    changed, count = NOTHING, 0
    for item in due:
        with writing(workspace.store.engine) as connection:
            known = epochs_of(workspace, item.stream)
            headers = headers_of(known).values()
            blob_rows(connection).destroy_with(item.stream)
            agreed = renewals.agreed_in(connection, item.id, _agreements(workspace, item))
            changed |= shredding.shred_stream(
                connection,
                KeptDeletion(
                    item.stream, item.reason, to_ms(workspace.parts.clock.now()),
                    frozenset(user for header in headers for user in header.users),
                    frozenset(header.recovery_group for header in headers if header.recovery_group),
                ),
            )  # fmt: skip
            renewals.keep_agreement(connection, item.stream, agreed)  # last: what names the stream went with it
            assert item.case is not None, "a deletion that is due names its case"
            meta.write(connection, shredding.DELETED_CASE + item.case.hex(), item.reason.encode())
        count += 1
    if count:
        settle_log(workspace.store.engine)
        tidy_files(workspace)
    return CarriedOut(count, changed)


def _agreements(workspace: Workspace, item: Deletion) -> list[RecordId]:
    found = workspace.store.select(DeletionAgreed, table_of(DeletionAgreed).c.deletion == item.id)
    return [one.id for one in found]


def _is_due(workspace: Workspace, item: Deletion) -> bool:
    members = _members(workspace, item.stream)
    asked_by = _maker(workspace, item.id, members, StreamRole.LEAD, sent=True)
    if asked_by is None or item.case is None:
        return False
    contents = contents_of(workspace, item.case)
    if any(hold.lifted_at is None for hold in contents.of(LegalHold)):
        return False
    return _is_agreed(workspace, item, asked_by, members, sent=True)


def _is_agreed(
    workspace: Workspace, item: Deletion, asked_by: UserId, members: dict[UserId, Membership], *, sent: bool = False
) -> bool:
    if members.keys() == {asked_by}:
        return True
    agreements = workspace.store.select(DeletionAgreed, table_of(DeletionAgreed).c.deletion == item.id)
    makers = {_maker(workspace, one.id, members, StreamRole.WRITE, sent=sent) for one in agreements}
    return bool(makers - {None, asked_by})


def _maker(
    workspace: Workspace, record: RecordId, members: dict[UserId, Membership], least: StreamRole, *, sent: bool = False
) -> UserId | None:
    """Who made a record, if they have at least this part in the stream and it counts (and was sent)."""
    with workspace.store.reading() as connection:
        first = shredding.first_change(connection, record)
    if first is None or not first.counts or (sent and not first.sent):
        return None
    role = _role(members, first.actor)
    return first.actor if role is not None and role >= least else None


def _members(workspace: Workspace, stream: StreamId) -> dict[UserId, Membership]:
    return epochs.effective_members(headers_of(epochs_of(workspace, stream)))


def _role(members: dict[UserId, Membership], user: UserId) -> StreamRole | None:
    found = members.get(user)
    return None if found is None else found.role


# ------------------------------------------------------------------ the story


def _tell_hold(hold: LegalHold, names: Names) -> Iterator[TimelineEntry | None]:
    yield entry(hold, hold.placed_at, "Case held", names.get(hold.placed_by, ""), hold.reason)
    yield entry(hold, hold.lifted_at, "Hold lifted", "", "")


def _tell_deletion(deletion: Deletion, names: Names) -> Iterator[TimelineEntry | None]:
    del names
    yield entry(deletion, deletion.asked_at, "Deletion for good asked for", "", label_of(deletion, "reason"))


TELLERS: dict[str, Teller] = {LegalHold.SPEC.name: _tell_hold, Deletion.SPEC.name: _tell_deletion}
