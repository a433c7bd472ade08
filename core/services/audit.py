"""Written down before it happens: what was opened, printed, copied, given out, and by whom.

Everybody writes into a stream of their own for each case, readable by themselves, by whoever leads on the case and by
one person outside the team; colleagues do not read each other's (decision 0060). Nobody, its writer neither, can alter
or delete an entry. An entry is committed before the thing it tells of is done, so a power cut leaves an entry too many,
never one too few.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from core.changes import cbor
from core.domain.audit import AuditEntry, AuditKeeper
from core.domain.case import Case
from core.domain.changed import Changed
from core.foundation.errors import FormIncomplete, NotAllowed
from core.foundation.ids import ID_BYTES, RecordId, StreamId, UserId
from core.policy.confidentiality import who_sees_openings
from core.services.access import PersonRow, begin_epoch, leads, names_of, walled_off
from core.services.forms import Problems
from core.services.roster import (
    KnownEpoch,
    epochs_in,
    epochs_of,
    headers_of,
    new_stream_key,
    now_ms,
    put_epoch,
    roster_in,
    user_record_of,
)
from core.services.streams import memberships
from core.services.workspace import Workspace
from core.store import auditbook, meta
from core.store.auditbook import KeeperRow
from core.store.forgetting import AUDIT
from core.store.store import select_records, table_of
from core.store.unit import WriteUnit
from core.sync.engine import epochs
from core.sync.engine.epochs import Membership, StreamRole, StreamType
from core.sync.engine.roster import ADMINISTRATOR

LOOKERS = "audit-lookers:"
"""Before the hex digits of something set apart: who sees that it was opened."""
SETTLED = "audit-settled:"
"""Before the hex digits of a stream: how its readers stood when it was last settled who looks on."""


@dataclass(frozen=True, slots=True)
class Noted:
    """It is on the disk: now it may happen."""

    entry: RecordId
    changed: Changed


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry in words a page can show. `deed` is a code of `DEEDS`; `laptop` the first digits of its id."""

    entry: RecordId
    at: datetime | None
    who: str
    mine: bool
    deed: str
    reference: str
    subject: str
    reason: str
    laptop: str


@dataclass(frozen=True, slots=True)
class AuditorChosen:
    """Somebody outside the team looks at the list from the next exchange on."""

    changed: Changed


def note_before(
    workspace: Workspace, *, about: StreamId, deed: str, subject: str = "", reason: str = "",
    record: RecordId | None = None,
) -> Noted:  # fmt: skip
    """Write down what this person is about to do. When this returns it is on the disk, and only then may it be done.

    `about`: the stream it concerns (a case's, a compartment's, or the organisation's). `deed` is a code of `DEEDS`.
    Keep `subject` free of what the thing itself says: somebody outside the team reads it.

    Raises:
        DiskFull: it could not be written, so it must not be done.
    """
    with workspace.store.unit("note-before") as (unit, outcome):
        stream = _own_stream(unit, workspace, about)
        case = _case_of(unit, about)
        entry = unit.write_once(
            AuditEntry, stream, who=workspace.user, laptop=workspace.store.author.device,
            at=workspace.parts.clock.now(), deed=deed, about=about, record=record,
            reference=case.reference if case else "", subject=subject, reason=reason,
        )  # fmt: skip
    return Noted(entry, outcome.changed)


def note_case(workspace: Workspace, *, case: RecordId, deed: str, subject: str = "", reason: str = "") -> Noted:
    """As `note_before`, about a case.

    Raises:
        NotFound: there is no such case in this vault; nothing is written.
    """
    stream = workspace.store.get(Case, case).stream
    return note_before(workspace, about=stream, deed=deed, subject=subject, reason=reason)


def entries_about(workspace: Workspace, *, case: RecordId) -> tuple[AuditRow, ...]:
    """What was done in a case, newest first: everything for its lead and the person who watches over it, for
    everybody else what they did themselves.

    Raises:
        NotFound: there is no such case in this vault.
    """
    stream = workspace.store.get(Case, case).stream
    return _rows(workspace, workspace.store.select(AuditEntry, table_of(AuditEntry).c.about == stream))


def entries_here(workspace: Workspace) -> tuple[AuditRow, ...]:
    """Everything this person may see of what was done, in whatever case, newest first."""
    return _rows(workspace, workspace.store.select(AuditEntry))


def auditor_of(workspace: Workspace, *, case: RecordId) -> PersonRow | None:
    """Who, outside the team, looks at the list; None if nobody was chosen.

    Raises:
        NotFound: there is no such case in this vault.
    """
    stream = workspace.store.get(Case, case).stream
    with workspace.store.reading() as connection:
        found = auditbook.keepers(connection, stream)
    user = _chosen(epochs_of(workspace, stream), found)
    return None if user is None else PersonRow(user, names_of(workspace).get(user, ""))


def choose_auditor(workspace: Workspace, *, case: RecordId, user: UserId, reason: str) -> AuditorChosen:
    """Let one person outside the team see what is opened, printed and given out in a case, and nothing of the case.

    Raises:
        NotFound: no such case here, or nobody of that name belongs to the organisation.
        NotAllowed: this person does not lead on it, or the other one is kept out of it.
        FormIncomplete: no reason was given, or they read the case themselves.
    """
    stream = workspace.store.get(Case, case).stream
    known = epochs_of(workspace, stream)
    problems = Problems()
    problems.need(reason.strip(), "reason", "Say why this person looks at the list.")
    readers = epochs.effective_members(headers_of(known))
    problems.need(user not in readers, "user", "Choose somebody who does not read the case.")
    problems.settle()
    if not leads(known, workspace.user) or user in walled_off(known):
        raise NotAllowed()
    note_before(workspace, about=stream, deed="auditor", subject=names_of(workspace).get(user, ""), reason=reason)
    with workspace.store.unit("choose-auditor") as (unit, outcome):
        memberships(roster_in(unit, workspace), {user}, lead=workspace.user)
        values = {"user": user, "reason": reason.strip(), "at": workspace.parts.clock.now()}
        before = select_records(unit.connection, AuditKeeper, table_of(AuditKeeper).c.stream == stream)
        if before:
            unit.update(AuditKeeper, before[0].id, **values)
        else:
            unit.create(AuditKeeper, stream, case=case, **values)
    settle_auditors(workspace)
    return AuditorChosen(outcome.changed)


def refuse_auditor(workspace: Workspace, *, case: RecordId, user: UserId) -> None:
    """Whoever looks at the list is not let into the case or walled off from it unnoticed.

    Raises:
        FormIncomplete: `user` looks at the list of this case.
    """
    chosen = auditor_of(workspace, case=case)
    if chosen is not None and chosen.user == user:
        said = "This person looks at the list of what was opened. Choose somebody else for that first."
        raise FormIncomplete(problems={"user": said})


def settle_auditors(workspace: Workspace) -> bool:
    """Let whoever leads on a case now, and whoever was chosen to look on, read what this person wrote down about it;
    nobody else. Returns whether anything was to do.
    """
    with workspace.store.reading() as connection:
        own = {
            StreamId(bytes.fromhex(about)): StreamId(stream)
            for about, stream in meta.read_all(connection, AUDIT).items()
        }
        stands, seen = auditbook.marks(connection), meta.read_all(connection, SETTLED)
    settled = False
    for about, stream in own.items():
        mark = stands.get(about, b"")
        if seen.get(about.hex()) == mark and about != workspace.organisation_stream:
            continue
        with workspace.store.unit("settle-auditors") as (unit, _):
            settled |= _settle(unit, workspace, about, stream)
            meta.write(unit.connection, SETTLED + about.hex(), mark)
    return settled


def _settle(unit: WriteUnit, workspace: Workspace, about: StreamId, stream: StreamId) -> bool:
    known = epochs_in(unit, stream)
    if not known:
        return False
    members = epochs.effective_members(headers_of(known))
    wanted = {member.user: member for member in _members(unit, workspace, about)}
    if set(wanted) == set(members) or not wanted or not leads(known, workspace.user):
        return False
    begin_epoch(unit, workspace, known, wanted.values(), "who looks at the list")
    return True


def _own_stream(unit: WriteUnit, workspace: Workspace, about: StreamId) -> StreamId:
    """The stream in which this person writes down what they do in `about`, begun when it is first needed."""
    kept = meta.read(unit.connection, AUDIT + about.hex())
    if kept is not None:
        return StreamId(kept)
    key = new_stream_key(workspace)
    header = epochs.first_header(
        stream=StreamId(workspace.parts.randomness.bytes(ID_BYTES)), kind=StreamType.AUDIT,
        members=_members(unit, workspace, about), key=key, reason="opened",
    )  # fmt: skip
    put_epoch(unit, header, key, workspace_user=workspace.user, now_ms=now_ms(workspace))
    meta.write(unit.connection, AUDIT + about.hex(), header.stream)
    if workspace.store.writable is not None:
        workspace.store.writable |= {header.stream}
    return header.stream


def _members(unit: WriteUnit, workspace: Workspace, about: StreamId) -> tuple[Membership, ...]:
    roster = roster_in(unit, workspace)
    looking = {user for user in _who_looks(unit, workspace, about) if roster.role_of(user) is not None}
    if roster.role_of(workspace.user) is None:  # recovered from sheets, not let in yet: it is sealed once they are
        me = Membership(workspace.user, user_record_of(workspace.keys).user_epoch, StreamRole.LEAD)
        found = (*memberships(roster, looking, lead=workspace.user), me)
    else:
        found = memberships(roster, looking | {workspace.user}, lead=workspace.user)
    return tuple(one if one.user == workspace.user else replace(one, role=StreamRole.READ) for one in found)


def _who_looks(unit: WriteUnit, workspace: Workspace, about: StreamId) -> frozenset[UserId]:
    known = epochs_in(unit, about)
    if about == workspace.organisation_stream:
        roster = roster_in(unit, workspace)
        return frozenset(user for user in roster.users if roster.role_of(user) == ADMINISTRATOR)
    leading = {
        member.user for member in epochs.effective_members(headers_of(known)).values() if member.role is StreamRole.LEAD
    }
    told = meta.read(unit.connection, LOOKERS + about.hex())
    found = who_sees_openings(
        leads=leading, watches=_chosen(known, auditbook.keepers(unit.connection, about)),
        told=() if told is None else unpack_users(told), kept_out=walled_off(known),
    )  # fmt: skip
    return frozenset(UserId(user) for user in found)


def unpack_users(packed: bytes) -> set[UserId]:
    """User ids as they are kept under `LOOKERS`."""
    found = cbor.decode(packed, max_bytes=2**16)
    return {UserId(one) for one in found if isinstance(one, bytes)} if isinstance(found, list) else set()


def _chosen(known: dict[bytes, KnownEpoch], found: tuple[KeeperRow, ...]) -> UserId | None:
    """Who was chosen to look on by somebody who led: what another reader writes down there counts for nothing."""
    led = _ever_led(known)
    return next((one.user for one in found if one.chosen_by <= led), None)


def _ever_led(known: dict[bytes, KnownEpoch]) -> frozenset[UserId]:
    return frozenset(
        member.user for epoch in known.values() for member in epoch.header.members if member.role is StreamRole.LEAD
    )


def _case_of(unit: WriteUnit, stream: StreamId) -> Case | None:
    found = select_records(unit.connection, Case, table_of(Case).c.stream == stream, limit=1)
    return found[0] if found else None


def _rows(workspace: Workspace, entries: tuple[AuditEntry, ...]) -> tuple[AuditRow, ...]:
    names = names_of(workspace)
    made = [
        AuditRow(
            entry.id, entry.at, names.get(UserId(entry.who), ""), entry.who == workspace.user, entry.deed,
            entry.reference, entry.subject, entry.reason, entry.laptop.hex()[:6],
        )
        for entry in entries
    ]  # fmt: skip
    return tuple(sorted(made, key=lambda row: (row.at.timestamp() if row.at else 0, row.entry), reverse=True))
