"""Joining an organisation from an empty laptop: ask, compare eight words, be let in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.changes import cbor
from core.changes.hlc import to_ms
from core.crypto.derive import sha256
from core.crypto.kdf import DEFAULT_COST, KdfCost
from core.crypto.signing import SigningKey
from core.crypto.wrap import WrapPrivateKey
from core.foundation.errors import (
    EncodingRejected,
    FolderUnreachable,
    IntegrityError,
    InvitationRejected,
    NotAdmittedYet,
    SharedFolderError,
    VaultDamaged,
)
from core.foundation.files import write_atomic
from core.foundation.ids import ID_BYTES, UserId
from core.foundation.ports import NeverCancel, Progress, no_progress
from core.services.exchange import run_round
from core.services.pairing import go_on_pairing, is_pairing
from core.services.place import given_place, keep_place, place_in
from core.services.roster import ORGANISATION_STREAM, ROOT_HASH, roster_of, user_record_of
from core.services.summaries import show_at_once
from core.services.vaults import (
    JOINING_NAME,
    begin_vault,
    check_person,
    finish_vault,
    open_store,
    refuse_weak,
    workspace_of,
)
from core.services.workspace import Parts, Workspace
from core.store import keyring, meta
from core.store.mailbox import VaultBox
from core.store.store import Store
from core.sync.engine import invitation as letters_in
from core.sync.engine.envelope import MAX_FILE_BYTES, is_name, name_of
from core.sync.engine.invitation import AdmissionContent, Invitation, JoiningRequest
from core.sync.engine.roster import make_device_certificate
from core.sync.ports import PUBLISHED
from core.sync.transports.names import ROOT_NAME
from core.sync.transports.opening import Transport, open_place
from core.sync.transports.places import Place
from core.vault.database import close_database
from core.vault.keyslot import KeyslotContent, new_content, open_keyslot
from core.vault.occupancy import Occupancy

JOINING = "joining"


@dataclass(frozen=True, slots=True)
class JoiningForm:
    """What is asked of somebody who was invited. `shared_folder`: what the organisation shares, or its code."""

    invitation: str
    your_name: str
    initials: str
    job_title: str
    passphrase: str
    shared_folder: Path | Place


@dataclass(frozen=True, slots=True)
class Waiting:
    """The request is in the folder. `words`: eight words to compare with the person who invited you."""

    words: tuple[str, ...]


def ask_to_join(
    folder: Path, form: JoiningForm, *, parts: Parts, cost: KdfCost = DEFAULT_COST, progress: Progress = no_progress
) -> Waiting:
    """Make a workbook that waits to be let in, and put the request into the shared folder.

    Raises:
        FormIncomplete, WeakPassphrase, InvitationRejected: nothing was made.
        VaultExists, VaultInSyncedFolder, FolderNotWritable, DiskFull: nothing was made.
        FolderUnreachable, SharedFolderError: nothing was made that another try would not replace.
    """
    check_person(form.your_name, form.initials)
    invited = letters_in.from_text(form.invitation)
    if to_ms(parts.clock.now()) > invited.expires_at_ms:
        raise InvitationRejected(reason="it has run out")
    refuse_weak(form.passphrase, avoid=(form.your_name,))
    place = given_place(form.shared_folder)
    transport = open_place(place, randomness=parts.randomness)
    transport.prepare()
    progress(0, 3, "Making keys")
    keys = new_content(
        randomness=parts.randomness, organisation=invited.organisation, user=UserId(parts.randomness.bytes(ID_BYTES))
    )
    request = _request(keys, form)
    data = letters_in.seal_request(request, invited.key)
    words = letters_in.words_for(invited.inviter_hash, request.record.hash, invited.key)
    occupancy = begin_vault(folder, cost)
    try:
        store = open_store(folder, keys, parts)
        try:
            with store.unit("ask-to-join") as (unit, _):
                meta.write(unit.connection, JOINING, cbor.encode([form.invitation, data]))
                keep_place(unit, place)
        finally:
            close_database(store.engine)
        progress(1, 3, "Sending the request")
        _send(transport, data, parts)
        progress(2, 3, "Protecting the keys with your passphrase")
        write_atomic(folder / JOINING_NAME, b"")
        finish_vault(folder, keys, form.passphrase, cost=cost, parts=parts)
    finally:
        keys.wipe()
        occupancy.release()
    progress(3, 3, "")
    return Waiting(words)


def finish_joining(
    folder: Path, passphrase: str, *, parts: Parts, progress: Progress = no_progress
) -> Workspace:
    """Look for the answer, take in everything the organisation shares with this person, and open the workbook.

    Raises:
        NotAdmittedYet: no answer yet; its field `words` holds the eight words once more.
        PairingNotAnswered: likewise, of a second laptop; its field `code` holds the code once more.
        WrongPassphrase, NoVaultHere, HeaderDamaged, VaultDamaged, VaultInUse, FolderUnreachable.
    """
    progress(0, 3, "Checking the passphrase")
    occupancy = Occupancy(folder)
    try:
        keys = open_keyslot(folder, passphrase)
        store = open_store(folder, keys, parts)
        try:
            if is_pairing(store):
                return go_on_pairing(
                    folder, passphrase, keys, store, parts=parts, occupancy=occupancy, progress=progress
                )
            if _is_finished(store):  # ended just before the last step, which is to take the mark away
                (folder / JOINING_NAME).unlink(missing_ok=True)
                return workspace_of(folder, keys, store, parts=parts, occupancy=occupancy)
            invited, request, shared = _waiting_for(store)
            transport = open_place(shared, randomness=parts.randomness)
            words = letters_in.words_for(invited.inviter_hash, user_record_of(keys).hash, invited.key)
            progress(1, 3, "Looking for the answer")
            content = None
            if not _is_let_in(store):
                content = _find_admission(transport, invited, keys)
                if content is None:
                    _send(transport, request, parts)  # in case the folder lost it
                    raise NotAdmittedYet(words=words)
                _keep_admission(store, content, invited, request, parts)
            workspace = workspace_of(folder, keys, store, parts=parts, occupancy=occupancy)
            progress(2, 3, "Receiving what is shared with you")
            summed_up = show_at_once(workspace, transport, content.summaries if content else ())
            if not summed_up.ids:
                run_round(
                    workspace, transport, everything=True, refill=True, progress=progress, cancel=NeverCancel()
                )
                if roster_of(workspace).role_of(workspace.user) is None:
                    raise NotAdmittedYet(words=words)
            with store.unit("joined") as (unit, _):
                meta.forget(unit.connection, JOINING)
            (folder / JOINING_NAME).unlink(missing_ok=True)
        except BaseException:
            close_database(store.engine)
            raise
    except BaseException:
        occupancy.release()
        raise
    progress(3, 3, "")
    return workspace_of(folder, keys, store, parts=parts, occupancy=occupancy)


def _request(keys: KeyslotContent, form: JoiningForm) -> JoiningRequest:
    certificate = make_device_certificate(
        organisation=keys.organisation, user=keys.user, user_signer=SigningKey.from_seed(keys.user_sign_seed),
        device=keys.device, device_signer=SigningKey.from_seed(keys.device_sign_seed),
    )  # fmt: skip
    return JoiningRequest(
        user_record_of(keys), certificate, form.your_name.strip(), form.initials.strip().upper(), form.job_title.strip()
    )


def _send(transport: Transport, data: bytes, parts: Parts) -> None:
    transport.put_if_absent(f"{ROOT_NAME}/{parts.clock.now():%Y-%m}/{name_of(data)}", data)


def _waiting_for(store: Store) -> tuple[Invitation, bytes, Place]:
    with store.reading() as connection:
        packed = meta.read(connection, JOINING)
    shared = place_in(store)
    if packed is None or shared is None:
        raise VaultDamaged()
    try:
        match cbor.decode(packed, max_bytes=1024 * 1024):
            case [str(text), bytes(request)]:
                return letters_in.from_text(text), request, shared
    except EncodingRejected as error:
        raise VaultDamaged() from error
    raise VaultDamaged()


def _is_let_in(store: Store) -> bool:
    with store.reading() as connection:
        return meta.read(connection, ORGANISATION_STREAM) is not None


def _is_finished(store: Store) -> bool:
    with store.reading() as connection:
        return meta.read(connection, JOINING) is None and meta.read(connection, ORGANISATION_STREAM) is not None


def _find_admission(
    transport: Transport, invited: Invitation, keys: KeyslotContent
) -> AdmissionContent | None:
    private = WrapPrivateKey.from_seed(keys.user_wrap_seed)
    for info in transport.list(ROOT_NAME):
        if not is_name(info.name.rpartition("/")[2]) or info.size_bytes > MAX_FILE_BYTES:
            continue
        try:
            data = transport.get(info.name, MAX_FILE_BYTES)
            return letters_in.open_admission(data, invited, joiner=keys.user, private=private)
        except FolderUnreachable:
            raise
        except (SharedFolderError, IntegrityError):
            continue  # somebody else's file, or one that has not fully arrived
    return None


def _keep_admission(
    store: Store, content: AdmissionContent, invited: Invitation, request: bytes, parts: Parts
) -> None:
    """Keep what the admission brought. The roster in it is only announced: the log confirms it, or it is nothing."""
    with store.unit("let-in") as (unit, _):
        connection = unit.connection
        for number, key in content.envelope_keys:
            keyring.add_envelope_key(connection, number, key)
        for item in content.stream_keys:
            keyring.add_epoch_key(
                connection, stream=item.stream, number=item.number, header_hash=item.header_hash, key=item.key
            )
        for kind, value in content.entries:
            keyring.add_roster_entry(
                connection, keyring.RosterRow(sha256(value), kind, value, confirmed=False, device=None, seq=None)
            )
        meta.write(connection, ROOT_HASH, invited.root_hash)
        meta.write(connection, ORGANISATION_STREAM, content.organisation_stream)
        box = VaultBox(connection)
        box.keep_file(name_of(request), PUBLISHED, request, at_ms=to_ms(parts.clock.now()))
