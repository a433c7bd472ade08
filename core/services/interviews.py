"""Private interviews: set apart from their case, read by exactly the people named, sealed even in an open workbook.

Whoever leads on the case cannot read one they are not named for, nor can an administrator. Each opening is written down
before anything is opened (`audit.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.changes.hlc import instant_of
from core.changes.reducer import EntityState
from core.domain.audit import AuditEntry
from core.domain.case import Case
from core.domain.changed import Changed
from core.domain.confidential import Compartment, CompartmentStub, InterviewNote, PrivateInterview
from core.domain.declare import R, Record
from core.domain.interview import Interruption, InterviewEvent, InterviewPerson, PutIntoCase, SignedStatement
from core.domain.values import from_wire
from core.foundation.errors import NotAllowed, NotFound
from core.foundation.ids import ID_BYTES, RecordId, StreamId, UserId
from core.policy.interview_questions import InterviewQuestions
from core.services.access import PersonRow, begin_epoch, leads, names_of, walled_off
from core.services.audit import auditor_of, note_before
from core.services.exchange import seal_now
from core.services.forms import Problems
from core.services.interview_case import LABEL, case_of_interview, stub_of
from core.services.interview_checks import what_to_write
from core.services.interview_lookers import keep_lookers, learn_lookers
from core.services.officers import NOTHING_TO_SAY, Nagging, nagging
from core.services.readers import need_reason
from core.services.roster import (
    epochs_in,
    epochs_of,
    headers_of,
    new_stream_key,
    now_ms,
    put_epoch,
    roster_in,
    roster_of,
    writing_epoch,
)
from core.services.streams import memberships
from core.services.workspace import Workspace
from core.store import drafts, meta, resting
from core.store.drafts import Draft
from core.store.store import select_records, table_of
from core.store.transactions import writing
from core.sync.engine import epochs
from core.sync.engine.epochs import StreamRole, StreamType
from core.sync.engine.kinds import LEAST_READERS
from core.sync.engine.roster import WRITING_ROLES

DRAFT = "interview:"
OF_CASE = "interview-case:"
"""Before the hex digits of an interview this person set apart: the stream of its case."""


BESIDE = (InterviewPerson, Interruption, InterviewEvent, SignedStatement, PutIntoCase)
"""What lies beside the interview in its compartment."""


@dataclass(frozen=True, slots=True)
class InterviewRow:
    """One private interview this person may open. `label` says which case it belongs to.

    `case`: that case, if this person holds it; without it they read the interview alone.
    """

    interview: StreamId
    label: str
    readers: tuple[PersonRow, ...]
    begun_at: datetime
    begun_by: str
    i_lead: bool
    case: RecordId | None = None


@dataclass(frozen=True, slots=True)
class VersionOf:
    """One of several versions of a field, written apart on two laptops."""

    who: str
    at: datetime
    value: object


@dataclass(frozen=True, slots=True)
class NoteOn:
    """A note beside the interview."""

    at: datetime | None
    who: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Interview:
    """An opened interview, in memory only. `apart`: fields of which two versions stand, until one is saved."""

    entry: RecordId
    """What was written down before it was opened."""
    row: InterviewRow
    case: RecordId | None
    record: PrivateInterview
    notes: tuple[NoteOn, ...]
    apart: Mapping[str, tuple[VersionOf, ...]]
    asked: InterviewQuestions
    """The prompts in use today."""
    draft: str = ""
    nagging: Nagging = NOTHING_TO_SAY
    """What to say to this person if the one they talk with asked for another officer (policy 4.27)."""
    more: tuple[Record, ...] = ()

    def of(self, kind: type[R]) -> tuple[R, ...]:
        """The other records of one type beside the interview, in a steady order."""
        return tuple(record for record in self.more if isinstance(record, kind))


@dataclass(frozen=True, slots=True)
class InterviewBegun:
    """It exists; the other reader has it from the next exchange on."""

    interview: StreamId
    changed: Changed


@dataclass(frozen=True, slots=True)
class InterviewSaved:
    """Saved, sealed, and on its way to the other readers with the next exchange."""

    changed: Changed


def who_could_read(workspace: Workspace, *, case: RecordId) -> tuple[PersonRow, ...]:
    """Colleagues who could be the second reader: in the organisation and not kept out of the case. They need not read
    the case.

    Raises:
        NotFound: there is no such case in this vault.
    """
    known = epochs_of(workspace, workspace.store.get(Case, case).stream)
    return _colleagues(workspace, walled_off(known) | {workspace.user})


def begin_interview(
    workspace: Workspace, *, case: RecordId, readers: frozenset[UserId], visible: bool = True
) -> InterviewBegun:
    """Set a private interview apart. This person and `readers` can read it, and nobody else.

    `visible`: readers of the case see that there is one, and how many read it; otherwise they see nothing.

    Raises:
        FormIncomplete: no second reader was named, or one of them is kept out of the case.
        NotAllowed: this person's role opens no cases, or private interviews are shut now.
        NotFound: no such case here, or a reader is nobody this organisation admitted.
    """
    file = workspace.store.get(Case, case)
    known = epochs_of(workspace, file.stream)
    walled = walled_off(known)
    problems = Problems()
    problems.need(readers - {workspace.user}, "readers", "Choose one more person who can read it.")
    problems.need(not readers & walled, "readers", "Somebody chosen is kept out of this case. Choose somebody else.")
    problems.settle()
    need_open(workspace)
    looker = auditor_of(workspace, case=case)
    lookers = {looker.user} if looker else set()
    if visible:
        lookers |= {m.user for m in epochs.effective_members(headers_of(known)).values() if m.role is StreamRole.LEAD}
    note_before(workspace, about=file.stream, deed="grant", subject="A private interview was set apart")
    stream = StreamId(workspace.parts.randomness.bytes(ID_BYTES))
    everybody = readers | {workspace.user}
    with workspace.store.unit("begin-interview") as (unit, outcome):
        roster = roster_in(unit, workspace)
        if roster.role_of(workspace.user) not in WRITING_ROLES:
            raise NotAllowed()
        key = new_stream_key(workspace)
        header = epochs.first_header(
            stream=stream, kind=StreamType.COMPARTMENT, members=memberships(roster, everybody, lead=workspace.user),
            key=key, conflicted=walled, reason=LABEL + file.reference,
            recovery_group=writing_epoch(known).header.recovery_group,
        )  # fmt: skip
        put_epoch(unit, header, key, workspace_user=workspace.user, now_ms=now_ms(workspace))
        keep_lookers(unit, stream, frozenset(lookers))
        meta.write(unit.connection, OF_CASE + stream.hex(), file.stream)
        unit.create(
            Compartment, stream, case=case, reference=file.reference,
            lookers=frozenset(RecordId(user) for user in lookers),
        )  # fmt: skip
        unit.create(PrivateInterview, stream, started_at=workspace.parts.clock.now())
        if visible:
            unit.create(
                CompartmentStub, file.stream, case=case, compartment=stream, readers=len(everybody),
                by=workspace.user, at=workspace.parts.clock.now(),
            )  # fmt: skip
    seal_now(workspace)
    return InterviewBegun(stream, outcome.changed)


def list_interviews(workspace: Workspace) -> tuple[InterviewRow, ...]:
    """Every private interview this person may open, newest first. Nothing of them is opened."""
    with workspace.store.reading() as connection:
        streams = resting.sealed_streams(connection)
    rows = [_row(workspace, stream) for stream in streams]
    return tuple(sorted((row for row in rows if row), key=lambda row: (row.begun_at, row.interview), reverse=True))


def stubs_of(workspace: Workspace, *, case: RecordId) -> tuple[CompartmentStub, ...]:
    """What readers of the case see of its private interviews."""
    return workspace.store.select(CompartmentStub, table_of(CompartmentStub).c.case == case)


def open_interview(workspace: Workspace, *, interview: StreamId, reason: str) -> Interview:
    """Open an interview: the reason is on the disk before a word of it is.

    Raises:
        NotFound: this person cannot read it.
        FormIncomplete: no reason was given.
        NotAllowed: private interviews are shut; the second passphrase comes first.
        DiskFull: it could not be written down, so nothing was opened.
    """
    row = _row(workspace, interview)
    if row is None:
        raise NotFound(what="private interview")
    need_reason(reason, "Say why you open it.")
    need_open(workspace)
    noted = note_before(workspace, about=interview, deed="read-confidential", subject=row.label, reason=reason.strip())
    return _read(workspace, row, noted.entry)


def read_again(workspace: Workspace, *, interview: StreamId, entry: RecordId) -> Interview:
    """An interview that is open already, as it stands after something was saved: `entry` says that it was opened.

    Raises:
        NotFound: this person cannot read it, or did not write down that they open it.
        NotAllowed: private interviews are shut.
    """
    row = _row(workspace, interview)
    written = workspace.store.find(AuditEntry, entry)
    ours = written is not None and written.who == workspace.user and written.about == interview
    if row is None or not ours:
        raise NotFound(what="private interview")
    return _read(workspace, row, entry)


def save_interview(
    workspace: Workspace, *, interview: StreamId, values: Mapping[str, object], left: str = ""
) -> InterviewSaved:
    """Write these fields of an interview that is open; of two versions of a field, what is saved here stands.

    `left`: what is typed and not saved by this, kept sealed in the same breath.

    Raises:
        NotFound: this person cannot read it.
        NotAllowed: private interviews are shut, or this person only reads.
        FormIncomplete: a text is too long, or as in `interview_checks.what_to_write`.
    """
    states = states_of(workspace, interview)
    entity = one_of(states, PrivateInterview.SPEC.name)
    need_right(workspace, interview)
    record = next(one for one in resting.records_in(states, interview) if isinstance(one, PrivateInterview))
    wanted = what_to_write(record, values, workspace.parts.clock.now())
    with workspace.store.unit("save-interview") as (unit, outcome):
        unit.take_up(entity, interview, states[entity])
        unit.update(PrivateInterview, entity, **wanted)
        keep_typing(unit.connection, workspace, interview, left)
    seal_now(workspace)
    return InterviewSaved(outcome.changed)


def add_interview_note(workspace: Workspace, *, interview: StreamId, body: str) -> InterviewSaved:
    """Write a note beside an interview that is open.

    Raises:
        NotFound, NotAllowed: as `save_interview`.
        FormIncomplete: it is empty.
    """
    problems = Problems()
    problems.need(body.strip(), "body", "Write something before saving the note.")
    problems.settle()
    states_of(workspace, interview)
    need_right(workspace, interview)
    with workspace.store.unit("interview-note") as (unit, outcome):
        unit.create(InterviewNote, interview, at=workspace.parts.clock.now(), by=workspace.user, body=body)
    seal_now(workspace)
    return InterviewSaved(outcome.changed)


def change_interview_readers(
    workspace: Workspace, *, interview: StreamId, user: UserId, let_in: bool, reason: str
) -> InterviewSaved:
    """Let one more person read an interview, or take one off it. Two always remain.

    Raises:
        NotFound: this person cannot read it, or nobody of that name belongs to the organisation.
        NotAllowed: this person did not begin it, it is shut, or the other one is kept out of the case.
        FormIncomplete: no reason was given, or fewer than two would be left.
    """
    need_reason(reason, "Say why.")
    row = _row(workspace, interview)
    if row is None:
        raise NotFound(what="private interview")
    need_open(workspace)
    if not row.i_lead or user == workspace.user:
        raise NotAllowed()
    name, deed = names_of(workspace).get(user, ""), "grant" if let_in else "removal"
    left = {one.user for one in row.readers} - ({user} if not let_in else set())
    problems = Problems()
    problems.need(len(left) >= LEAST_READERS, "user", "Two people must be able to read it. Let somebody in first.")
    problems.settle()
    note_before(workspace, about=interview, deed=deed, subject=f"{row.label}: {name}", reason=reason.strip())
    with workspace.store.unit("interview-readers") as (unit, outcome):
        known = epochs_in(unit, interview)
        members = dict(epochs.effective_members(headers_of(known)))
        if let_in and user in walled_off(known):
            raise NotAllowed()
        (added,) = memberships(roster_in(unit, workspace), {user}, lead=workspace.user)
        if let_in:
            members.setdefault(user, added)
        else:
            members.pop(user, None)
        begin_epoch(unit, workspace, known, members.values(), reason.strip())
        for stub in select_records(unit.connection, CompartmentStub, stub_of(interview)):
            unit.update(CompartmentStub, stub.id, readers=len(members))
    seal_now(workspace)
    return InterviewSaved(outcome.changed)


def settle_interviews(workspace: Workspace) -> bool:
    """Whoever was kept out of a case since is kept out of the interviews this person set apart from it, too.

    Returns whether there was anybody. What rests under a second passphrase is settled once that was given.
    """
    with workspace.store.reading() as connection:
        ours = meta.read_all(connection, OF_CASE)
        is_open = resting.is_open(connection)
    settled = False
    for digits, of_case in ours.items() if is_open else ():
        interview = StreamId(bytes.fromhex(digits))
        known = epochs_of(workspace, interview)
        walled = walled_off(epochs_of(workspace, StreamId(of_case))) - walled_off(known)
        if not walled & frozenset(epochs.effective_members(headers_of(known))) or not leads(known, workspace.user):
            continue
        with workspace.store.unit("settle-interviews") as (unit, _):
            members = epochs.effective_members(headers_of(known))
            staying = [member for user, member in members.items() if user not in walled]
            begin_epoch(unit, workspace, known, staying, "kept out of the case", walled=walled)
        seal_now(workspace)
        settled = True
    return settled


def could_read_interview(workspace: Workspace, *, interview: StreamId) -> tuple[PersonRow, ...]:
    """Colleagues who could be let in to an interview, too."""
    known = epochs_of(workspace, interview)
    out = epochs.effective_members(headers_of(known)).keys() | walled_off(known)
    return _colleagues(workspace, frozenset(out))


def save_interview_draft(workspace: Workspace, *, interview: StreamId, body: str) -> datetime:
    """Keep what is being typed, sealed; when this returns it is on the disk. Gives the moment."""
    with writing(workspace.store.engine) as connection:
        keep_typing(connection, workspace, interview, body)
    return workspace.parts.clock.now()


def keep_typing(connection: Any, workspace: Workspace, interview: StreamId, body: str) -> None:
    """Keep what is being typed, sealed, in the place of what was kept; empty forgets it. Within a transaction."""
    name = DRAFT + interview.hex()
    if not body:
        drafts.discard_draft(connection, name)
        return
    text = resting.seal_text(connection, interview, body)
    drafts.keep_draft(connection, Draft(name, text, workspace.parts.clock.now()))


# ------------------------------------------------------------------ inside


def _colleagues(workspace: Workspace, without: frozenset[UserId]) -> tuple[PersonRow, ...]:
    names, roster = names_of(workspace), roster_of(workspace)
    rows = (
        PersonRow(user, names.get(user, "")) for user in roster.users if user not in without and roster.role_of(user)
    )
    return tuple(sorted(rows, key=lambda row: (row.name.casefold(), row.user)))


def _read(workspace: Workspace, row: InterviewRow, entry: RecordId) -> Interview:
    states = states_of(workspace, row.interview)
    names = names_of(workspace)
    with workspace.store.reading() as connection:
        found = resting.records_in(states, row.interview)
        draft = drafts.find_draft(connection, DRAFT + row.interview.hex())
        typed = resting.open_text(connection, row.interview, draft.body) if draft else ""
    cover = next((one for one in found if isinstance(one, Compartment)), None)
    record = next((one for one in found if isinstance(one, PrivateInterview)), None)
    if record is None:
        raise NotFound(what="private interview")
    if cover is not None:
        learn_lookers(workspace, row.interview, frozenset(UserId(bytes(user)) for user in cover.lookers))
    notes = sorted((one for one in found if isinstance(one, InterviewNote)), key=_when)
    return Interview(
        entry=entry, row=row, case=cover.case if cover else None, record=record, draft=typed,
        notes=tuple(NoteOn(one.at, names.get(UserId(one.by), ""), one.body) for one in notes),
        apart=_apart(states[record.id], names), more=tuple(one for one in found if isinstance(one, BESIDE)),
        asked=workspace.shelf.prompts(workspace.today), nagging=nagging(workspace, record.wants, met=record.wants_met),
    )  # fmt: skip


def _when(note: InterviewNote) -> tuple[float, bytes]:
    return (note.at.timestamp() if note.at else 0, note.id)


def _apart(state: EntityState, names: Mapping[UserId, str]) -> dict[str, tuple[VersionOf, ...]]:
    found: dict[str, tuple[VersionOf, ...]] = {}
    for name, spec in PrivateInterview.SPEC.fields.items():
        if spec.kind.many:
            continue  # what is in a set adds up; nothing of it was written over
        heads = sorted(state.heads.get(name, {}).items(), key=lambda item: (item[1].hlc, item[0]), reverse=True)
        if len({repr(head.value) for _, head in heads}) > 1:
            found[name] = tuple(
                VersionOf(names.get(head.actor, ""), instant_of(head.hlc), from_wire(spec, head.value))
                for _, head in heads
            )
    return found


def _row(workspace: Workspace, stream: StreamId) -> InterviewRow | None:
    known = epochs_of(workspace, stream)
    members = epochs.effective_members(headers_of(known))
    if workspace.user not in members:
        return None
    names = names_of(workspace)
    first = min(known.values(), key=lambda epoch: epoch.header.number)
    readers = sorted((PersonRow(user, names.get(user, "")) for user in members), key=lambda row: row.name.casefold())
    return InterviewRow(
        stream, first.header.reason, tuple(readers), instant_of(first.hlc),
        names.get(first.author or UserId(b""), ""), leads(known, workspace.user),
        case_of_interview(workspace, stream, first.header.reason),
    )  # fmt: skip


def states_of(workspace: Workspace, stream: StreamId) -> dict[RecordId, EntityState]:
    """Everything in an interview, folded in memory.

    Raises:
        NotFound: this person cannot read it.
        NotAllowed: private interviews are shut.
    """
    if _row(workspace, stream) is None:
        raise NotFound(what="private interview")
    need_open(workspace)
    with workspace.store.reading() as connection:
        return resting.fold_sealed(connection, stream)


def one_of(states: Mapping[RecordId, EntityState], name: str) -> RecordId:
    """The record of a type of which there is one.

    Raises:
        NotFound: there is none.
    """
    found = sorted(entity for entity, state in states.items() if state.table == name and not state.deleted)
    if not found:
        raise NotFound(what="private interview")
    return found[0]


def need_open(workspace: Workspace) -> None:
    """Refuse while private interviews are shut.

    Raises:
        NotAllowed: the second passphrase comes first.
    """
    with workspace.store.reading() as connection:
        if not resting.is_open(connection):
            raise NotAllowed()


def need_right(workspace: Workspace, stream: StreamId) -> None:
    """Refuse whoever may not write in an interview.

    Raises:
        NotAllowed: they only read it, or do not read it.
    """
    known = epochs_of(workspace, stream)
    member = epochs.effective_members(headers_of(known)).get(workspace.user)
    if member is None or member.role < StreamRole.WRITE:
        raise NotAllowed()
