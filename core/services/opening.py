"""Beginning, opening and closing a workbook: found an organisation, unlock, lock. Joining is in `joining.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from core.changes import cbor
from core.changes.hlc import to_ms
from core.crypto.kdf import DEFAULT_COST, KdfCost
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.crypto.words import Strength
from core.crypto.words import suggest_passphrase as _suggest
from core.domain.organisation import Member, Organisation
from core.foundation.errors import KeyFileGone, NotAdmittedYet, NoVaultHere, VaultDamaged
from core.foundation.ids import ID_BYTES, OrganisationId, StreamId, UserId
from core.foundation.ports import Progress, no_progress
from core.services import packs
from core.services.attachments import tidy_files
from core.services.joining import JoiningForm, Waiting, ask_to_join, finish_joining
from core.services.roster import ORGANISATION_STREAM, ROOT_HASH, put_epoch, user_record_of
from core.services.vaults import (
    VaultState,
    begin_vault,
    check_person,
    finish_vault,
    lost_its_key,
    make_workspace,
    need,
    open_store,
    put_roster_entry,
    refuse_weak,
    strength_of,
    vault_state,
    workspace_of,
)
from core.services.workspace import Parts, Workspace
from core.store import keyring, meta
from core.store.store import Store
from core.sync.engine import epochs, roster
from core.sync.engine.epochs import Membership, StreamRole, StreamType
from core.vault.backup import sweep_unfinished
from core.vault.database import DATABASE_NAME, close_database
from core.vault.keyslot import KEY_BYTES, KeyslotContent, new_content, open_keyslot, settle_keyslot
from core.vault.occupancy import Occupancy
from core.vault.rekey import finish_swap

__all__ = [
    "FoundingForm", "JoiningForm", "Strength", "VaultState", "Waiting", "ask_to_join", "check_passphrase",
    "finish_joining", "found_organisation", "lock", "suggest_passphrase", "unlock", "vault_state",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundingForm:
    """What is asked of the person who begins an organisation's workbook."""

    organisation_name: str
    your_name: str
    initials: str
    job_title: str
    passphrase: str


def check_passphrase(text: str, *, avoid: Iterable[str] = ()) -> Strength:
    """How hard a passphrase is to guess, as it is typed. `avoid`: names an acquaintance would try."""
    return strength_of(text, avoid=avoid)


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
    need(form.organisation_name, "organisation_name", "Enter the name of your organisation.")
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
            workspace = make_workspace(folder, keys, store, parts, stream, occupancy)
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
        KeyFileGone: the workbook is there, and no key file.
        NotAdmittedYet: the request to join has not been answered (see `joining.finish_joining`).
    """
    if lost_its_key(folder):
        raise KeyFileGone()
    if vault_state(folder) is VaultState.EMPTY:
        raise NoVaultHere(path=str(folder))
    if vault_state(folder) is VaultState.WAITING:
        raise NotAdmittedYet()
    progress(0, 2, "Checking the passphrase")
    occupancy = Occupancy(folder)
    try:
        keys = open_keyslot(folder, passphrase)
        progress(1, 2, "Opening the workbook")
        if not (folder / DATABASE_NAME).exists():
            raise VaultDamaged()
        sweep_unfinished(folder)
        finish_swap(folder, keys)
        store = open_store(folder, keys, parts)
        settle_keyslot(folder)
        try:
            workspace = workspace_of(folder, keys, store, parts=parts, occupancy=occupancy)
            tidy_files(workspace)
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
    workspace.store.rest.private = None
    close_database(workspace.store.engine)
    workspace.keys.wipe()
    roster.forget_assembled()
    workspace.occupancy.release()


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
