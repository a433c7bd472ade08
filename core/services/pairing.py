"""A second laptop of the same person: the new one shows a code and eight words, the old one reads and answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from core.changes import cbor
from core.changes.hlc import to_ms
from core.crypto.derive import sha256
from core.crypto.kdf import DEFAULT_COST, KdfCost
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.crypto.wrap import WrapPrivateKey
from core.domain.changed import Changed
from core.foundation.errors import (
    FolderUnreachable,
    IntegrityError,
    PairingNotAnswered,
    PairingRejected,
    PeerError,
    SharedFolderError,
    VaultDamaged,
)
from core.foundation.files import write_atomic
from core.foundation.ids import ID_BYTES, DeviceId, OrganisationId, UserId
from core.foundation.ports import CancelToken, NeverCancel, Progress, SharedStore, no_progress
from core.services.exchange import announce_laptop, run_round
from core.services.laptop_names import checked_name, put_laptop
from core.services.own_keys import own_keys
from core.services.place import given_place, keep_place, place_in, transport_of
from core.services.roster import (
    ORGANISATION_STREAM,
    PERSONAL_STREAM,
    ROOT_HASH,
    epochs_in,
    keys_of,
    roster_in,
    roster_of,
    user_record_of,
)
from core.services.streams import personal_stream
from core.services.vaults import (
    JOINING_NAME,
    begin_vault,
    finish_vault,
    open_store,
    refuse_weak,
    workspace_of,
)
from core.services.workspace import Parts, Workspace
from core.squares.making import square_of
from core.store import keyring, meta
from core.store.mailbox import VaultBox
from core.store.store import Store
from core.store.unit import Author, WriteUnit
from core.sync.engine import pairing as engine
from core.sync.engine import roster
from core.sync.engine.envelope import MAX_FILE_BYTES, is_name, name_of
from core.sync.engine.invitation import entries_of
from core.sync.engine.pairing import PairingCode, PairingContent, PairingRequest, UserSeeds
from core.sync.ports import OUTBOX, PUBLISHED
from core.sync.transports.names import ROOT_NAME
from core.sync.transports.opening import open_place
from core.sync.transports.places import Place
from core.vault.database import close_database
from core.vault.keyslot import KEY_BYTES, PREVIOUS_NAME, KeyslotContent, keyslot_cost, new_content, write_keyslot
from core.vault.occupancy import Occupancy

PAIRING = "pairing"
_ANSWERED = "pairing-answered:"
CODE_LASTS = timedelta(days=1)
LARGEST_REQUEST_BYTES = 8 * 1024


@dataclass(frozen=True, slots=True)
class PairingForm:
    """What is asked on the new laptop. `laptop_name`: what its owner calls it; the passphrase is this laptop's own."""

    laptop_name: str
    passphrase: str
    shared_folder: Path | Place


@dataclass(frozen=True, slots=True)
class PairingAsked:
    """The request is in the folder. `code` goes to the other laptop; the eight `words` are compared there.

    `square`: the code as a square code, True where it is black.
    """

    code: str
    words: tuple[str, ...]
    square: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class PairingSeen:
    """What a code stands for, on the old laptop. `words` must be the eight on the new one before it is answered."""

    code: str
    laptop_name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paired:
    """The new laptop is this person's from the next exchange on."""

    device: DeviceId
    laptop_name: str
    changed: Changed


# ---------------------------------------------------------------- on the new laptop


def ask_to_pair(
    folder: Path, form: PairingForm, *, parts: Parts, cost: KdfCost = DEFAULT_COST, progress: Progress = no_progress
) -> PairingAsked:
    """Make a workbook that waits for its owner's other laptop, and put the request into the shared folder.

    Raises:
        FormIncomplete, WeakPassphrase: nothing was made.
        VaultExists, VaultInSyncedFolder, FolderNotWritable, DiskFull: nothing was made.
        FolderUnreachable, SharedFolderError: nothing was made that another try would not replace.
    """
    name = checked_name(form.laptop_name)
    refuse_weak(form.passphrase, avoid=(name,))
    place = given_place(form.shared_folder)
    transport = open_place(place, randomness=parts.randomness)
    transport.prepare()
    progress(0, 3, "Making keys")
    keys, wrap_seed, code_key = _fresh_keys(parts)
    request = engine.make_request(
        signer=SigningKey.from_seed(keys.device_sign_seed), wrap_public=WrapPrivateKey.from_seed(wrap_seed).public,
        expires_at_ms=to_ms(parts.clock.now() + CODE_LASTS), name=name,
    )  # fmt: skip
    data = engine.seal_request(request, code_key)
    occupancy = begin_vault(folder, cost)
    try:
        store = open_store(folder, keys, parts)
        try:
            with store.unit("ask-to-pair") as (unit, _):
                meta.write(unit.connection, PAIRING, cbor.encode([code_key.reveal(), wrap_seed.reveal(), data, None]))
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
    code = engine.code_of(request, code_key)
    return PairingAsked(code, engine.words_for(request, code_key), square_of(code).rows)


def is_pairing(store: Store) -> bool:
    """Whether this workbook waits for its owner's other laptop."""
    with store.reading() as connection:
        return meta.read(connection, PAIRING) is not None


def go_on_pairing(  # what a waiting workbook is opened with
    folder: Path, passphrase: str, keys: KeyslotContent, store: Store, *, parts: Parts, occupancy: Occupancy,
    progress: Progress = no_progress,
) -> Workspace:  # fmt: skip
    """Look for the answer, become a laptop of its owner, take in everything they can read, and tell the others.

    Ended anywhere, it goes on next time: what the answer brought is kept first, then the key file is written, then
    this laptop certifies itself, and only then is the waiting over.

    Raises:
        PairingNotAnswered: no answer yet; its fields `words`, `code` and `square` hold them once more.
        PairingRejected: two answers came that do not agree.
    """
    waiting = _waiting_for(store)
    transport = open_place(waiting.shared, randomness=parts.randomness)
    progress(1, 3, "Looking for the answer")
    if waiting.answer is None:
        found = _find_answer(transport, waiting)
        if found is None:
            _send(transport, waiting.request_file, parts)  # in case the folder lost it
            raise PairingNotAnswered(**waiting.said())
        waiting = replace(waiting, answer=found)
        _keep_answer(store, waiting, waiting.opened(found), parts)
    content = waiting.opened(waiting.answer or b"")
    own = _with_owner(keys, content)
    if own.user != keys.user:
        write_keyslot(folder, own, passphrase, cost=keyslot_cost(folder), randomness=parts.randomness)
    # The key file before this one opens nothing that is anybody's: it must not stand in for a damaged one.
    (folder / PREVIOUS_NAME).unlink(missing_ok=True)
    store.author = Author(own.user, own.device)
    workspace = workspace_of(folder, own, store, parts=parts, occupancy=occupancy)
    progress(2, 3, "Receiving what is yours")
    _round(workspace, transport, progress)
    if roster_of(workspace).role_of(own.user) is None:
        raise PairingNotAnswered(**waiting.said())
    if own.device not in roster_of(workspace).devices:
        _certify(workspace)
    _round(workspace, transport, progress)
    with store.unit("paired") as (unit, _):
        meta.forget(unit.connection, PAIRING)
    (folder / JOINING_NAME).unlink(missing_ok=True)
    progress(3, 3, "")
    return workspace_of(folder, own, store, parts=parts, occupancy=occupancy)


# ---------------------------------------------------------------- on the old laptop


def read_pairing_code(
    workspace: Workspace, *, code: str, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> PairingSeen:
    """What the code of a new laptop stands for. Nothing is given away by reading it.

    Raises:
        PairingRejected: mistyped, run out, used already, or its request is not in the folder.
        NoSharedFolder, FolderUnreachable, Cancelled.
    """
    read = engine.read_code(code)
    request = _requested(workspace, read, progress=progress, cancel=cancel or NeverCancel())
    return PairingSeen(code, request.name, engine.words_for(request, read.key))


def pair(
    workspace: Workspace, *, code: str, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> Paired:
    """Make the new laptop this person's, after the eight words were compared: it gets their keys with the next sync.

    Raises:
        PairingRejected: mistyped, run out, used already, or its request is not in the folder.
        NoSharedFolder, FolderUnreachable, Cancelled: nothing was given away.
    """
    read = engine.read_code(code)
    request = _requested(workspace, read, progress=progress, cancel=cancel or NeverCancel())
    now = workspace.parts.clock.now()
    with workspace.store.unit("pair") as (unit, outcome):
        _refuse_used(unit, workspace, request)
        put_laptop(unit, personal_stream(unit, workspace), device=request.device, name=request.name, added_at=now)
        answer = engine.seal_answer(request, _content(unit, workspace), key=read.key)
        VaultBox(unit.connection).keep_file(name_of(answer), OUTBOX, answer, at_ms=to_ms(now))
        meta.write(unit.connection, _ANSWERED + request.device.hex(), b"")
    return Paired(request.device, request.name, outcome.changed)


# ---------------------------------------------------------------- inside


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What a workbook keeps while it waits. `answer`: the file that answered, once it is here."""

    key: SecretBytes
    wrap_seed: SecretBytes
    request_file: bytes
    shared: Place
    request: PairingRequest
    answer: bytes | None

    def said(self) -> dict[str, object]:
        code = engine.code_of(self.request, self.key)
        return {"words": engine.words_for(self.request, self.key), "code": code, "square": square_of(code).rows}

    def opened(self, data: bytes) -> PairingContent:
        private = WrapPrivateKey.from_seed(self.wrap_seed)
        return engine.open_answer(data, key=self.key, private=private, device_public=self.request.public)

    def packed(self) -> bytes:
        return cbor.encode([self.key.reveal(), self.wrap_seed.reveal(), self.request_file, self.answer])


def _fresh_keys(parts: Parts) -> tuple[KeyslotContent, SecretBytes, SecretBytes]:
    """A key file of nobody yet, a wrap seed to be used once, the key of the code."""
    dice = parts.randomness
    keys = new_content(randomness=dice, organisation=OrganisationId(bytes(ID_BYTES)), user=UserId(bytes(ID_BYTES)))
    device = roster.laptop_number(SigningKey.from_seed(keys.device_sign_seed).public)
    return replace(keys, device=device), SecretBytes(dice.bytes(KEY_BYTES)), SecretBytes(dice.bytes(engine.KEY_BYTES))


def _send(transport: SharedStore, data: bytes, parts: Parts) -> None:
    transport.put_if_absent(f"{ROOT_NAME}/{parts.clock.now():%Y-%m}/{name_of(data)}", data)


def _round(workspace: Workspace, transport: SharedStore, progress: Progress) -> None:
    run_round(workspace, transport, everything=True, refill=True, progress=progress, cancel=NeverCancel())


def _waiting_for(store: Store) -> _Waiting:
    with store.reading() as connection:
        packed = meta.read(connection, PAIRING) or b""
    shared = place_in(store)
    if shared is None:
        raise VaultDamaged()
    try:
        match cbor.decode(packed, max_bytes=2 * MAX_FILE_BYTES):
            case [bytes(key), bytes(wrap_seed), bytes(data), bytes() | None as answer]:
                request = engine.read_request(data, SecretBytes(key))
                return _Waiting(SecretBytes(key), SecretBytes(wrap_seed), data, shared, request, answer)
    except IntegrityError as error:
        raise VaultDamaged() from error
    raise VaultDamaged()


def _files(transport: SharedStore, *, at_most_bytes: int) -> Iterator[bytes]:
    for info in transport.list(ROOT_NAME):
        if not is_name(info.name.rpartition("/")[2]) or info.size_bytes > at_most_bytes:
            continue
        try:
            yield transport.get(info.name, at_most_bytes)
        except FolderUnreachable:
            raise
        except SharedFolderError:
            continue  # it has not fully arrived


def _find_answer(transport: SharedStore, waiting: _Waiting) -> bytes | None:
    """The one answer that fits this laptop.

    Raises:
        PairingRejected: answers of two people or two organisations came; somebody else saw the code.
    """
    found: dict[tuple[bytes, bytes], bytes] = {}
    for data in _files(transport, at_most_bytes=MAX_FILE_BYTES):
        try:
            content = waiting.opened(data)
        except (IntegrityError, PeerError):
            continue  # somebody else's file, or one that must not be used
        found[(content.record.hash, content.root_hash)] = data
    if len(found) > 1:
        raise PairingRejected(reason="two different people answered, so somebody else has seen it")
    return next(iter(found.values()), None)


def _keep_answer(store: Store, waiting: _Waiting, content: PairingContent, parts: Parts) -> None:
    """Keep what the answer brought. The roster in it is only announced: the log confirms it, or it is nothing."""
    with store.unit("pairing-answered") as (unit, _):
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
        meta.write(connection, ROOT_HASH, content.root_hash)
        meta.write(connection, ORGANISATION_STREAM, content.organisation_stream)
        meta.write(connection, PERSONAL_STREAM, content.personal_stream)
        meta.write(connection, PAIRING, waiting.packed())
        data = waiting.request_file
        VaultBox(connection).keep_file(name_of(data), PUBLISHED, data, at_ms=to_ms(parts.clock.now()))


def _with_owner(keys: KeyslotContent, content: PairingContent) -> KeyslotContent:
    newest = max(content.seeds, key=lambda item: item.user_epoch)
    return replace(
        keys, organisation=content.organisation, user=content.record.user, user_sign_seed=newest.sign_seed,
        user_wrap_seed=newest.wrap_seed, user_epoch=newest.user_epoch, record_before=content.record.previous,
    )  # fmt: skip


def _certify(workspace: Workspace) -> None:
    """Announce this laptop to the others, signed by its owner and by itself."""
    with workspace.store.unit("pair") as (unit, _):
        announce_laptop(unit, workspace, device=workspace.device, seed=workspace.keys.device_sign_seed)


def _requested(
    workspace: Workspace, code: PairingCode, *, progress: Progress, cancel: CancelToken
) -> PairingRequest:
    progress(0, 1, "Looking for the new laptop")
    request = None
    for data in _files(transport_of(workspace), at_most_bytes=LARGEST_REQUEST_BYTES):
        cancel.check()
        try:
            request = engine.open_request(data, code)
        except IntegrityError:
            continue
        break
    progress(1, 1, "")
    if request is None:
        raise PairingRejected(reason="what the new laptop put into the shared folder has not arrived here yet")
    if request.expires_at_ms < to_ms(workspace.parts.clock.now()):
        raise PairingRejected(reason="it has run out")
    with workspace.store.unit("read-pairing-code") as (unit, _):
        _refuse_used(unit, workspace, request)
    return request


def _refuse_used(unit: WriteUnit, workspace: Workspace, request: PairingRequest) -> None:
    answered = meta.read(unit.connection, _ANSWERED + request.device.hex()) is not None
    if answered or request.device in roster_in(unit, workspace).devices:
        raise PairingRejected(reason="it was used already")


def _content(unit: WriteUnit, workspace: Workspace) -> PairingContent:
    keys = own_keys(workspace)
    record = user_record_of(keys)
    return PairingContent(
        keys.organisation,
        meta.read(unit.connection, ROOT_HASH) or b"",
        record,
        (UserSeeds(record.user_epoch, keys.user_sign_seed, keys.user_wrap_seed),),
        entries_of(keyring.roster_entries(unit.connection)),
        keyring.envelope_pairs(unit.connection),
        workspace.organisation_stream,
        keys_of(epochs_in(unit, workspace.organisation_stream).values()),
        personal_stream(unit, workspace),
    )
