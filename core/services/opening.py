"""Beginning, opening and closing a workbook: found an organisation, unlock, lock. Joining is in `joining.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from core.changes import cbor
from core.changes.change import Op
from core.changes.hlc import to_ms
from core.crypto.derive import sha256
from core.crypto.kdf import DEFAULT_COST, KdfCost, require_floor
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.crypto.words import Strength
from core.crypto.words import passphrase_strength as _strength
from core.crypto.words import suggest_passphrase as _suggest
from core.domain.organisation import Member, Organisation
from core.foundation.errors import FormIncomplete, NoVaultHere, VaultDamaged, VaultExists, WeakPassphrase
from core.foundation.files import make_private_folder, write_atomic
from core.foundation.ids import ID_BYTES, OrganisationId, RecordId, StreamId, UserId
from core.foundation.ports import Progress, no_progress
from core.services import packs
from core.services.places import refuse_synced_folder
from core.services.roster import ORGANISATION_STREAM, ROOT_HASH, ROSTER_TABLE, put_epoch, user_record_of
from core.services.workspace import Parts, Workspace
from core.store import keyring, meta
from core.store.store import Ground, Store
from core.store.unit import Author, WriteUnit
from core.sync.engine import epochs, roster
from core.sync.engine.epochs import Membership, StreamRole, StreamType
from core.vault.database import DATABASE_NAME, close_database, open_database
from core.vault.device import with_current_device
from core.vault.keyslot import (
    KEY_BYTES,
    KEYSLOT_NAME,
    PREVIOUS_NAME,
    KeyslotContent,
    new_content,
    open_keyslot,
    write_keyslot,
)
from core.vault.occupancy import Occupancy

JOINING_NAME = "joining"
"""An empty file beside the key file while a request to join has not been answered."""
UNFINISHED_NAME = "unfinished"
"""An empty file while a workbook is being made; what lies beside it without a key file was never finished."""


class VaultState(StrEnum):
    """What a folder holds."""

    EMPTY = "empty"
    WAITING = "waiting"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class FoundingForm:
    """What is asked of the person who begins an organisation's workbook."""

    organisation_name: str
    your_name: str
    initials: str
    job_title: str
    passphrase: str


def vault_state(folder: Path) -> VaultState:
    """Whether there is a workbook in `folder`, and whether it still waits to be let in."""
    if not (folder / KEYSLOT_NAME).exists() and not (folder / PREVIOUS_NAME).exists():
        return VaultState.EMPTY
    return VaultState.WAITING if (folder / JOINING_NAME).exists() else VaultState.READY


def check_passphrase(text: str, *, avoid: Iterable[str] = ()) -> Strength:
    """How hard a passphrase is to guess, as it is typed. `avoid`: names an acquaintance would try."""
    return _strength(text, avoid=avoid)


def suggest_passphrase(parts: Parts) -> str:
    """Five unrelated words."""
    return _suggest(parts.randomness)


def found_organisation(
    folder: Path, form: FoundingForm, *, parts: Parts, cost: KdfCost = DEFAULT_COST, progress: Progress = no_progress
) -> Workspace:
    """Begin an organisation: its founder is its first administrator, on this laptop.

    Raises:
        FormIncomplete, WeakPassphrase: nothing was made.
        VaultExists, VaultInSyncedFolder, FolderNotWritable, DiskFull: nothing was made.
    """
    _need(form.organisation_name, "organisation_name", "Enter the name of your organisation.")
    check_person(form.your_name, form.initials)
    refuse_weak(form.passphrase, avoid=(form.your_name, form.organisation_name))
    progress(0, 3, "Making keys")
    organisation = OrganisationId(parts.randomness.bytes(ID_BYTES))
    user = UserId(parts.randomness.bytes(ID_BYTES))
    keys = new_content(randomness=parts.randomness, organisation=organisation, user=user)
    occupancy = begin_vault(folder, cost)
    try:
        store = open_store(folder, keys, parts)
        try:
            progress(1, 3, "Writing the first entries")
            stream = _write_first_entries(store, keys, form, parts)
            progress(2, 3, "Protecting the keys with your passphrase")
            finish_vault(folder, keys, form.passphrase, cost=cost, parts=parts)
            workspace = _workspace(folder, keys, store, parts, stream, occupancy)
        except BaseException:
            close_database(store.engine)
            raise
    except BaseException:
        occupancy.release()
        raise
    progress(3, 3, "")
    return workspace


def unlock(folder: Path, passphrase: str, *, parts: Parts, progress: Progress = no_progress) -> Workspace:
    """Open the workbook in `folder`. Takes as long as one guess of the passphrase costs.

    Raises:
        NoVaultHere, WrongPassphrase, HeaderDamaged, VaultDamaged, VaultTooNew, VaultInUse.
        NotAdmittedYet: the request to join has not been answered (see `joining.finish_joining`).
    """
    if vault_state(folder) is VaultState.EMPTY:
        raise NoVaultHere(path=str(folder))
    progress(0, 2, "Checking the passphrase")
    occupancy = Occupancy(folder)
    try:
        keys = open_keyslot(folder, passphrase)
        progress(1, 2, "Opening the workbook")
        if not (folder / DATABASE_NAME).exists():
            raise VaultDamaged()
        store = open_store(folder, keys, parts)
        try:
            workspace = workspace_of(folder, keys, store, parts=parts, occupancy=occupancy)
        except BaseException:
            close_database(store.engine)
            raise
    except BaseException:
        occupancy.release()
        raise
    progress(2, 2, "")
    return workspace


def lock(workspace: Workspace) -> None:
    """Close the workbook and forget its keys. Repeatable."""
    close_database(workspace.store.engine)
    workspace.keys.wipe()
    workspace.occupancy.release()


# ------------------------------------------------------------------ shared with joining


def check_person(name: str, initials: str) -> None:
    """What every colleague must say about themselves.

    Raises:
        FormIncomplete: something is missing.
    """
    _need(name, "your_name", "Enter your name.")
    _need(initials, "initials", "Enter your initials. They appear in case references.")


def refuse_weak(passphrase: str, *, avoid: Iterable[str]) -> None:
    """
    Raises:
        WeakPassphrase: it would be guessed too soon.
    """
    names = [part for name in avoid for part in (name, *name.split())]
    if not _strength(passphrase, avoid=names).enough:
        raise WeakPassphrase()


def begin_vault(folder: Path, cost: KdfCost) -> Occupancy:
    """Make and hold an empty vault folder. What an interrupted earlier attempt left there is cleared away.

    Raises:
        VaultExists, VaultInSyncedFolder, VaultInUse, FolderNotWritable, DiskFull: nothing was changed.
    """
    require_floor(cost)
    refuse_synced_folder(folder)
    database = folder / DATABASE_NAME
    unfinished = folder / UNFINISHED_NAME
    if vault_state(folder) is not VaultState.EMPTY or (database.exists() and not unfinished.exists()):
        raise VaultExists(path=str(folder))
    make_private_folder(folder)
    occupancy = Occupancy(folder)
    try:
        write_atomic(unfinished, b"")
        for suffix in ("", "-wal", "-shm"):
            database.with_name(database.name + suffix).unlink(missing_ok=True)
    except BaseException:
        occupancy.release()
        raise
    return occupancy


def finish_vault(folder: Path, keys: KeyslotContent, passphrase: str, *, cost: KdfCost, parts: Parts) -> None:
    """Write the key file: from this moment the folder holds a workbook."""
    write_keyslot(folder, keys, passphrase, cost=cost, randomness=parts.randomness)
    (folder / UNFINISHED_NAME).unlink(missing_ok=True)


def open_store(folder: Path, keys: KeyslotContent, parts: Parts) -> Store:
    """The store on the vault's database.

    Raises:
        VaultDamaged, VaultTooNew, FolderNotWritable.
    """
    engine = open_database(folder, keys)
    try:
        return Store(
            engine, ground=Ground(parts.clock, parts.randomness), author=Author(keys.user, keys.device)
        )
    except BaseException:
        close_database(engine)
        raise


def workspace_of(
    folder: Path, keys: KeyslotContent, store: Store, *, parts: Parts, occupancy: Occupancy
) -> Workspace:
    """The workspace on an open store.

    Raises:
        VaultDamaged: the store was never finished.
    """
    with store.reading() as connection:
        stream = meta.read(connection, ORGANISATION_STREAM)
        replacement = meta.read(connection, meta.DEVICE_IDENTITY)
    if stream is None:
        raise VaultDamaged()
    current = with_current_device(keys, replacement)
    store.author = Author(current.user, current.device)
    return _workspace(folder, current, store, parts, StreamId(stream), occupancy)


def _workspace(
    folder: Path, keys: KeyslotContent, store: Store, parts: Parts, stream: StreamId, occupancy: Occupancy
) -> Workspace:
    organisations = store.select(Organisation)
    pack = organisations[0].policy_pack if organisations else packs.DEFAULT_PACK
    return Workspace(
        folder=folder, keys=keys, store=store, parts=parts, pack=packs.load_pack(pack),
        calendar=packs.load_calendar(), organisation_stream=stream, occupancy=occupancy,
    )  # fmt: skip


def _write_first_entries(store: Store, keys: KeyslotContent, form: FoundingForm, parts: Parts) -> StreamId:
    record = user_record_of(keys)
    certificate = roster.make_device_certificate(
        organisation=keys.organisation, user=keys.user, user_signer=SigningKey.from_seed(keys.user_sign_seed),
        device=keys.device, device_signer=SigningKey.from_seed(keys.device_sign_seed),
    )  # fmt: skip
    root = roster.Root(keys.organisation, 1, bytes(32), ((keys.user, record.sign_public),), 1)
    admission = roster.Admission(record, certificate, roster.ADMINISTRATOR)
    stream = StreamId(parts.randomness.bytes(ID_BYTES))
    key = SecretBytes(parts.randomness.bytes(epochs.KEY_BYTES))
    header = epochs.first_header(
        stream=stream, kind=StreamType.ORGANISATION,
        members=[Membership(keys.user, record.user_epoch, StreamRole.LEAD)], key=key, reason="founded",
    )  # fmt: skip
    now = parts.clock.now()
    with store.unit("found-organisation") as (unit, _):
        meta.write(unit.connection, ORGANISATION_STREAM, stream)
        meta.write(unit.connection, ROOT_HASH, root.hash)
        keyring.add_envelope_key(unit.connection, 1, SecretBytes(parts.randomness.bytes(KEY_BYTES)))
        put_roster_entry(unit, stream, keys.user, roster.ROOT, cbor.encode(root.wire()))
        put_roster_entry(unit, stream, keys.user, roster.ADMIT, cbor.encode(admission.wire()))
        put_epoch(unit, header, key, workspace_user=keys.user, now_ms=to_ms(now))
        unit.create(
            Organisation, stream, name=form.organisation_name, letter_name=form.organisation_name,
            policy_pack=packs.DEFAULT_PACK,
        )  # fmt: skip
        unit.create(
            Member, stream, user=keys.user, name=form.your_name, initials=form.initials.strip().upper(),
            role=roster.ADMINISTRATOR, job_title=form.job_title, joined_at=now,
        )  # fmt: skip
    return stream


def put_roster_entry(unit: WriteUnit, stream: StreamId, about: UserId, kind: int, value: bytes) -> None:
    """Write an entry of the roster into the organisation's stream and keep it."""
    wire = cbor.decode(value, max_bytes=roster.MAX_ENTRY_BYTES)
    unit.put_op(stream, Op(kind, RecordId(about), ROSTER_TABLE, "", wire))  # type: ignore[arg-type]  # CBOR values
    keyring.add_roster_entry(unit.connection, keyring.RosterRow(sha256(value), kind, value, True, None, None))


def _need(value: str, field: str, sentence: str) -> None:
    if not value.strip():
        raise FormIncomplete(problems={field: sentence})
