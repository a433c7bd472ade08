"""The organisation and its people: who is in, inviting, letting in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from core.changes import cbor
from core.changes.hlc import to_ms
from core.crypto.derive import sha256
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.domain.changed import Changed
from core.domain.organisation import ROLES, WINDOW_ENVELOPES, Member, Organisation
from core.foundation.errors import FormIncomplete, IntegrityError, InvitationRejected, NotAllowed, NotFound
from core.foundation.ids import ID_BYTES, UserId
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.services.exchange import INVITATION, open_invitations, pack_invitation
from core.services.made_up import is_made_up, marked, refuse_made_up
from core.services.own_keys import own_keys
from core.services.roster import epochs_in, keys_of, roster_in, roster_of, user_record_of
from core.services.summaries import summaries_for_joiner
from core.services.vaults import put_roster_entry
from core.services.workspace import Workspace
from core.squares.making import square_of
from core.store import keyring, meta
from core.store.mailbox import VaultBox, VaultMailbox
from core.store.store import table_of
from core.store.unit import WriteUnit
from core.sync.engine import invitation as letters_in
from core.sync.engine import roster as engine_roster
from core.sync.engine.envelope import name_of
from core.sync.engine.invitation import AdmissionContent, Invitation, JoiningRequest
from core.sync.ports import OUTBOX, REFUSED, REQUEST

INVITATION_LASTS = timedelta(days=14)
ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class InvitationIssued:
    """The text to hand over in person; whoever has it can ask to join. `square`: the same, True where it is black."""

    text: str
    square: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """Somebody who asks to join. `words` must be the eight on their screen before they are let in."""

    id: str
    name: str
    initials: str
    role: str
    job_title: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody was let in."""

    user: UserId
    changed: Changed


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One colleague."""

    user: UserId
    name: str
    initials: str
    role: str
    job_title: str
    this_is_me: bool


@dataclass(frozen=True, slots=True)
class OrganisationUpdated:
    """The organisation's own details were changed."""

    changed: Changed


def organisation(workspace: Workspace) -> Organisation:
    """The landlord, as its letters name it. That of a demo is marked as made up, wherever its name is printed.

    Raises:
        NotFound: its record has not arrived here yet.
    """
    found = workspace.store.select(Organisation, order_by=[table_of(Organisation).c.created_hlc], limit=1)
    if not found:
        raise NotFound(what="organisation")
    return marked(found[0]) if is_made_up(workspace) else found[0]


def update_organisation(workspace: Workspace, **values: str) -> OrganisationUpdated:
    """Change details of the organisation by field name.

    Raises:
        NotAllowed: only an administrator may.
        FormIncomplete: the name was left empty, or there is no such envelope.
    """
    if not values.get("name", "x").strip():
        raise FormIncomplete(problems={"name": "Enter the name of your organisation."})
    if values.get("envelope", "dl") not in WINDOW_ENVELOPES:
        raise FormIncomplete(problems={"envelope": f"Choose one of: {', '.join(WINDOW_ENVELOPES)}."})
    known = organisation(workspace)
    with workspace.store.unit("update-organisation") as (unit, outcome):
        _require_administrator(unit, workspace)
        unit.update(Organisation, known.id, **values)
    return OrganisationUpdated(outcome.changed)


def members(workspace: Workspace) -> tuple[MemberRow, ...]:
    """Every colleague by name. Only people in the roster count, whatever a record says."""
    roster = roster_of(workspace)
    table = table_of(Member)
    rows: dict[UserId, MemberRow] = {}
    for member in workspace.store.select(Member, order_by=[table.c.created_hlc]):
        user = UserId(member.user)
        role = roster.role_of(user)
        if role is not None:
            rows[user] = MemberRow(
                user, member.name, member.initials, role, member.job_title, this_is_me=user == workspace.user
            )
    return tuple(sorted(rows.values(), key=lambda row: (row.name.casefold(), row.user)))


def my_member(workspace: Workspace) -> MemberRow:
    """The person whose workbook this is.

    Raises:
        NotFound: their record has not arrived yet.
    """
    for row in members(workspace):
        if row.this_is_me:
            return row
    raise NotFound(what="colleague")


def invite(workspace: Workspace, *, role: str, folder_hint: str = "") -> InvitationIssued:
    """Make an invitation that lasts 14 days and lets one person ask to join in `role`.

    Raises:
        NotAllowed: only an administrator may.
        FormIncomplete: there is no such role.
        MadeUpStaysHere: nobody real is invited into a demo.
    """
    refuse_made_up(workspace)
    if role not in ROLES:
        raise FormIncomplete(problems={"role": "Choose what the person will do."})
    key = SecretBytes(workspace.parts.randomness.bytes(letters_in.KEY_OF_INVITATION_BYTES))
    expires_at_ms = to_ms(workspace.parts.clock.now() + INVITATION_LASTS)
    with workspace.store.unit("invite") as (unit, _):
        roster = _require_administrator(unit, workspace)
        number = sha256(key.reveal())[:ID_BYTES]
        meta.write(unit.connection, INVITATION + number.hex(), pack_invitation(key, role, expires_at_ms))
    record = user_record_of(own_keys(workspace))
    made = Invitation(
        workspace.keys.organisation, roster.root_hash, key, role, folder_hint[:200], expires_at_ms, record.hash
    )
    text = letters_in.to_text(made)
    return InvitationIssued(text, square_of(text).rows)


def waiting_requests(workspace: Workspace) -> tuple[JoinRequest, ...]:
    """Everybody who asked to join with an invitation of this workbook and was not answered yet."""
    invitations = open_invitations(workspace)
    inviter = user_record_of(own_keys(workspace))
    mailbox = VaultMailbox(workspace.store.engine)
    with mailbox.reading() as box:
        files = [(name, box.file(name)) for name in box.names_in([REQUEST])]
    found = []
    for name, data in files:
        for key, role, _ in invitations.values():
            request = _opened(data or b"", key, workspace)
            if request is not None:
                words = letters_in.words_for(inviter.hash, request.record.hash, key)
                found.append(JoinRequest(name, request.name, request.initials, role, request.job_title, words))
    return tuple(sorted(found, key=lambda item: (item.name.casefold(), item.id)))


def admit(
    workspace: Workspace, *, request: str, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> Admitted:
    """Let somebody in, after the eight words were compared. They get the organisation's keys and no case.

    Raises:
        NotAllowed: only an administrator may.
        NotFound: there is no such request.
        InvitationRejected: the invitation has run out or was used.
    """
    (cancel or NeverCancel()).check()
    progress(0, 1, "Letting them in")
    invitations = open_invitations(workspace)
    with workspace.store.unit("admit") as (unit, outcome):
        roster = _require_administrator(unit, workspace)
        box = VaultBox(unit.connection)
        if request not in box.names_in([REQUEST]):
            raise NotFound(what="request to join")
        data = box.file(request) or b""
        matching = (
            (number, key, role, asked)
            for number, (key, role, _) in invitations.items()
            if (asked := _opened(data, key, workspace)) is not None
        )
        found = next(matching, None)
        if found is None:
            raise InvitationRejected(reason="it has run out or was used already")
        number, key, role, asked = found
        if asked.record.user in roster.users:
            box.set_state(request, REFUSED)
            raise InvitationRejected(reason="this person is in the organisation already")
        admission = engine_roster.Admission(asked.record, asked.certificate, role)
        put_roster_entry(
            unit, workspace.organisation_stream, asked.record.user, engine_roster.ADMIT, cbor.encode(admission.wire())
        )
        unit.create(
            Member, workspace.organisation_stream, user=asked.record.user, name=asked.name, initials=asked.initials,
            role=role, job_title=asked.job_title, joined_at=workspace.parts.clock.now(),
        )  # fmt: skip
        answer = _answer(unit, workspace, asked, key)
        box.keep_file(name_of(answer), OUTBOX, answer, at_ms=to_ms(workspace.parts.clock.now()))
        box.set_state(request, ANSWERED)
        meta.forget(unit.connection, INVITATION + number.hex())
    progress(1, 1, "")
    return Admitted(asked.record.user, outcome.changed)


def _answer(unit: WriteUnit, workspace: Workspace, asked: JoiningRequest, key: SecretBytes) -> bytes:
    known = epochs_in(unit, workspace.organisation_stream)
    content = AdmissionContent(
        user_record_of(own_keys(workspace)),
        letters_in.entries_of(keyring.roster_entries(unit.connection)),
        keyring.envelope_pairs(unit.connection),
        workspace.organisation_stream,
        keys_of(known.values()),
        summaries_for_joiner(unit, workspace),
    )
    return letters_in.seal_admission(
        asked, content, key=key, organisation=workspace.keys.organisation,
        signer=SigningKey.from_seed(own_keys(workspace).user_sign_seed),
    )  # fmt: skip


def _opened(data: bytes, key: SecretBytes, workspace: Workspace) -> JoiningRequest | None:
    try:
        return letters_in.open_request(data, key, workspace.keys.organisation)
    except IntegrityError:
        return None  # of another invitation, or not to be trusted


def _require_administrator(unit: WriteUnit, workspace: Workspace) -> engine_roster.Roster:
    roster = roster_in(unit, workspace)
    if not roster.is_administrator(workspace.user):
        raise NotAllowed()
    return roster
