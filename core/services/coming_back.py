"""From a workbook made with recovery sheets to an ordinary one.

Either an administrator who is left lets its person in, as anybody; or, where nobody is left, two sheets do, and
everybody who ever opens the folder again sees it. Then its person is given the cases by the group's own word, which
adds readers and takes nobody away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from core.changes import cbor
from core.changes.change import Op
from core.changes.hlc import to_ms
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.domain.changed import Changed
from core.domain.organisation import Member, RecoveryEvent
from core.foundation.errors import (
    BugError,
    InvitationRejected,
    NotAllowed,
)
from core.foundation.ids import ID_BYTES, RecordId, StreamId
from core.services.audit import note_before
from core.services.declarations import settle_own_words
from core.services.exchange import me_of
from core.services.joining import Waiting
from core.services.recovered import RECOVERED, Recovery, pack, recovery_in
from core.services.recovery_choice import current_groups, groups_in
from core.services.recovery_groups import note_used
from core.services.recovery_wrapping import WRAP_TABLE
from core.services.roster import (
    epochs_in,
    headers_of,
    keys_of,
    new_stream_key,
    now_ms,
    put_epoch,
    roster_in,
    roster_of,
    user_record_of,
)
from core.services.vaults import (
    put_roster_entry,
)
from core.services.workspace import Workspace
from core.store import keyring, meta, recovery_wraps
from core.store.mailbox import VaultBox
from core.store.unit import WriteUnit
from core.sync.engine import epochs, recovery, roster
from core.sync.engine import invitation as letters_in
from core.sync.engine.envelope import name_of, seal_segment_file
from core.sync.engine.epochs import EpochHeader, Membership, StreamRole, StreamType
from core.sync.engine.invitation import JoiningRequest
from core.sync.engine.rekeying import members_now
from core.sync.ports import OUTBOX

REGRANT_BATCH = 200
WORDS = "recovered:words"


@dataclass(frozen=True, slots=True)
class RecoveredState:
    """Where a recovered workbook stands. `admitted`: somebody, or the sheets, let this person in; `to_give`: cases
    they still have to give themselves access to; `finished`: the key of the sheets was forgotten here."""

    group: str
    at: datetime
    missing: tuple[str, ...]
    admitted: bool
    to_give: int
    finished: bool


@dataclass(frozen=True, slots=True)
class WentOn:
    """One step from a recovered workbook to an ordinary one was done."""

    changed: Changed



def recovered_state(workspace: Workspace) -> RecoveredState | None:
    """Where this workbook stands; None if it was not made from recovery sheets."""
    with workspace.store.reading() as connection:
        made = recovery_in(connection)
        if made is None:
            return None
        known = groups_in(connection).get(made.mark)
    admitted = roster_of(workspace).role_of(workspace.user) is not None
    to_give = len(_to_give(workspace, made)) if len(made.seed) and admitted else 0
    return RecoveredState(
        known.name if known else "", made.at, made.missing, admitted, to_give, finished=not len(made.seed)
    )


def ask_again(workspace: Workspace, invitation: str, *, job_title: str = "") -> Waiting:
    """Ask an administrator who is left to let this person in. The request goes with the next exchange.

    Raises:
        InvitationRejected: mistyped, run out, or of another organisation.
        NotAllowed: this is no recovered workbook, or its person is in already.
    """
    made = _standing(workspace, admitted=False)
    invited = letters_in.from_text(invitation)
    if invited.organisation != workspace.keys.organisation or invited.root_hash != me_of(workspace).root_hash:
        raise InvitationRejected(reason="it is from another organisation")
    if to_ms(workspace.parts.clock.now()) > invited.expires_at_ms:
        raise InvitationRejected(reason="it has run out")
    request = JoiningRequest(
        user_record_of(workspace.keys), _certificate(workspace), made.name, made.initials, job_title.strip()
    )
    data = letters_in.seal_request(request, invited.key)
    with workspace.store.unit("ask-again") as (unit, _):
        VaultBox(unit.connection).keep_file(name_of(data), OUTBOX, data, at_ms=now_ms(workspace))
    return Waiting(letters_in.words_for(invited.inviter_hash, request.record.hash, invited.key))


def come_back(workspace: Workspace, *, job_title: str = "") -> WentOn:
    """Become an administrator by the sheets, where nobody is left who could let this person in.

    Raises:
        NotAllowed: this is no recovered workbook, its person is in already, something is missing from the copy of the
            folder, or the sheets were replaced by newer ones.
    """
    made = _standing(workspace, admitted=False)
    if made.missing or not _newest(workspace, made):
        raise NotAllowed()
    keys = workspace.keys
    admission = roster.Admission(user_record_of(keys), _certificate(workspace), roster.ADMINISTRATOR)
    wire = recovery.make_return(
        made.keys, organisation=keys.organisation, mark=made.mark, admission=dict(admission.wire())
    )
    stream = workspace.organisation_stream
    announced = cbor.encode([recovery.RETURNED_LABEL, wire])
    workspace.store.writable = None
    note_before(workspace, about=stream, deed="recovery-use", subject="administrator by sheets")
    with workspace.store.unit("come-back") as (unit, outcome):
        put_roster_entry(unit, stream, keys.user, recovery.RETURNED, cbor.encode(wire))
        unit.create(
            Member, stream, user=keys.user, name=made.name, initials=made.initials, role=roster.ADMINISTRATOR,
            job_title=job_title.strip(), joined_at=workspace.parts.clock.now(),
        )  # fmt: skip
        note_used(unit, workspace, made.group, made.edition)
        box = VaultBox(unit.connection)
        data = seal_segment_file(announced, box.envelope_keys(), keys.organisation)
        box.keep_file(name_of(data), OUTBOX, data, at_ms=now_ms(workspace))
    return WentOn(outcome.changed)


def give_myself_cases(workspace: Workspace, *, at_most: int = REGRANT_BATCH) -> int:
    """Take the next cases of the group over, each by the group's own word. Returns how many; call again until it is 0.

    What this person said about themselves before they opened one goes into it now.

    Raises:
        NotAllowed: this person was not let in yet, or the sheets were replaced by newer ones.
    """
    made = _standing(workspace, admitted=True)
    if not _newest(workspace, made):
        raise NotAllowed()
    workspace.store.writable = None
    streams = _to_give(workspace, made)[:at_most]
    if not streams:
        return 0
    said = f"{len(streams)} taken over"
    note_before(workspace, about=workspace.organisation_stream, deed="recovery-use", subject=said)
    with workspace.store.unit("recover-cases") as (unit, _):
        for stream in streams:
            _give(unit, workspace, made, stream)
        if not _was_told(unit, workspace, made):
            note_used(unit, workspace, made.group, made.edition)
    settle_own_words(workspace)
    return len(streams)


def forget_sheets(workspace: Workspace) -> WentOn:
    """Forget the key of the sheets here. The workbook is an ordinary one from now on.

    Raises:
        NotAllowed: its person was not let in yet: without the key nothing new could be read.
    """
    made = _standing(workspace, admitted=True)
    done = replace(made, seed=SecretBytes(b""))
    with workspace.store.unit("forget-sheets") as (unit, outcome):
        meta.write(unit.connection, RECOVERED, pack(done, to_ms(made.at)))
    return WentOn(outcome.changed)


def _standing(workspace: Workspace, *, admitted: bool) -> Recovery:
    with workspace.store.reading() as connection:
        made = recovery_in(connection)
    is_in = roster_of(workspace).role_of(workspace.user) is not None
    if made is None or not len(made.seed) or is_in is not admitted:
        raise NotAllowed()
    return made


def _newest(workspace: Workspace, made: Recovery) -> bool:
    with workspace.store.reading() as connection:
        return any(group.mark == made.mark for group in current_groups(connection))


def _certificate(workspace: Workspace) -> roster.DeviceCertificate:
    keys = workspace.keys
    return roster.make_device_certificate(
        organisation=keys.organisation, user=keys.user, user_signer=SigningKey.from_seed(keys.user_sign_seed),
        device=keys.device, device_signer=SigningKey.from_seed(keys.device_sign_seed),
    )  # fmt: skip


def _to_give(workspace: Workspace, made: Recovery) -> list[StreamId]:
    """Streams the group opens and this person does not lead."""
    headers: dict[StreamId, dict[bytes, EpochHeader]] = {}
    with workspace.store.reading() as connection:
        for row in keyring.epochs(connection):
            if row.header is not None and row.key is not None:
                headers.setdefault(row.stream, {})[row.header_hash] = epochs.decode(row.header)
        late = _late(recovery_wraps.wraps(connection))
    found = []
    for stream, known in headers.items():
        first = next(iter(known.values()))
        mine = epochs.effective_members(known).get(workspace.user)
        if first.kind in (StreamType.ORGANISATION, StreamType.PERSONAL, StreamType.AUDIT):
            continue
        if (mine is None or mine.role is not StreamRole.LEAD) and _parents(known, late, made):
            found.append(stream)
    return sorted(found)


def _late(rows: Iterable[recovery_wraps.WrapRow]) -> set[tuple[bytes, bytes]]:
    return {(row.header_hash, row.mark[:ID_BYTES]) for row in rows if not row.proven}


def _parents(known: dict[bytes, EpochHeader], late: set[tuple[bytes, bytes]], made: Recovery) -> list[bytes]:
    """The epochs that stand and are open to the group."""
    return [
        name
        for name in epochs.leaves(known)[: epochs.MAX_PARENTS]
        if known[name].recovery_group[:ID_BYTES] == made.group or (name, made.group) in late
    ]


def _give(unit: WriteUnit, workspace: Workspace, made: Recovery, stream: StreamId) -> None:
    known = epochs_in(unit, stream)
    headers = headers_of(known)
    parents = _parents(headers, _late(recovery_wraps.wraps(unit.connection, stream)), made)
    uncounted = frozenset(name for name, epoch in known.items() if not epoch.counts)
    members = members_now(headers, roster_in(unit, workspace), uncounted)
    members[workspace.user] = Membership(workspace.user, user_record_of(workspace.keys).user_epoch, StreamRole.LEAD)
    key = new_stream_key(workspace)
    header = epochs.following_header(
        organisation=workspace.keys.organisation, parents=[headers[name] for name in parents],
        members=members.values(), key=key, earlier=keys_of(known.values()), reason="recovered with sheets",
        recovery_group=made.mark,
    )  # fmt: skip
    name = epochs.hash_of(header)
    proof = recovery.make_proof(
        made.keys, organisation=workspace.keys.organisation, mark=made.mark, header_hash=name
    )
    unit.put_op(stream, Op(recovery.PROOF, RecordId(stream), WRAP_TABLE, "", proof))
    written = put_epoch(unit, header, key, workspace_user=workspace.user, now_ms=now_ms(workspace))
    if epochs.hash_of(written) != name:
        raise BugError(rule="a group vouches for the header that is written")
    recovery_wraps.add_wrap(unit.connection, recovery_wraps.WrapRow(stream, name, made.mark, proven=True))


def _was_told(unit: WriteUnit, workspace: Workspace, made: Recovery) -> bool:
    del unit
    return any(
        (event.what, event.group, event.by) == ("used", made.group, workspace.user)
        for event in workspace.store.select(RecoveryEvent)
    )
