"""Making and opening the files of one workbook. For the services that begin, join and unlock one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from core.changes import cbor
from core.changes.change import Op
from core.crypto.derive import sha256
from core.crypto.kdf import KdfCost, require_floor
from core.crypto.words import Strength, passphrase_strength
from core.domain.organisation import Organisation
from core.foundation.errors import FormIncomplete, PolicyPackInvalid, VaultDamaged, VaultExists, WeakPassphrase
from core.foundation.files import make_private_folder, write_atomic
from core.foundation.ids import RecordId, StreamId, UserId
from core.services import packs
from core.services.pack_edits import edits_of
from core.services.places import refuse_synced_folder
from core.services.roster import ORGANISATION_STREAM, PERSONAL_STREAM, ROSTER_TABLE, roster_of
from core.services.workspace import Parts, Workspace
from core.store import bases, duties, keyring, meta
from core.store.forgetting import AUDIT
from core.store.store import Ground, Store, table_of
from core.store.transactions import writing
from core.store.unit import Author, WriteUnit
from core.sync.engine import roster
from core.sync.engine.segment import FORMAT
from core.vault.database import DATABASE_NAME, close_database, open_database
from core.vault.device import with_current_device
from core.vault.keyslot import KEYSLOT_NAME, PREVIOUS_NAME, KeyslotContent, write_keyslot
from core.vault.occupancy import Occupancy

RULES = "duties:rules"
JOINING_NAME = "joining"
"""An empty file beside the key file while a request to join has not been answered."""
UNFINISHED_NAME = "unfinished"
"""An empty file while a workbook is being made; what lies beside it without a key file was never finished."""

_INITIALS = re.compile(r"[^\W_](?:[.'\-]?[^\W_]){0,5}\.?")
"""They stand in references that are read out on the phone and used as words to search for."""


class VaultState(StrEnum):
    """What a folder holds."""

    EMPTY = "empty"
    WAITING = "waiting"
    READY = "ready"


def vault_state(folder: Path) -> VaultState:
    """Whether there is a workbook in `folder`, and whether it still waits to be let in."""
    if not (folder / KEYSLOT_NAME).exists() and not (folder / PREVIOUS_NAME).exists():
        return VaultState.EMPTY
    return VaultState.WAITING if (folder / JOINING_NAME).exists() else VaultState.READY


def lost_its_key(folder: Path) -> bool:
    """Whether there is a workbook whose key file is gone. (One whose founding was interrupted never had one.)"""
    there = (folder / DATABASE_NAME).exists() and not (folder / UNFINISHED_NAME).exists()
    return there and vault_state(folder) is VaultState.EMPTY


def check_person(name: str, initials: str) -> None:
    """What every colleague must say about themselves.

    Raises:
        FormIncomplete: something is missing.
    """
    need(name, "your_name", "Enter your name.")
    need(initials, "initials", "Enter your initials. They appear in case references.")
    if not _INITIALS.fullmatch(initials.strip()):
        raise FormIncomplete(problems={"initials": "Enter up to six letters as your initials, such as AO."})


def refuse_weak(passphrase: str, *, avoid: Iterable[str]) -> None:
    """
    Raises:
        WeakPassphrase: it would be guessed too soon.
    """
    if not strength_of(passphrase, avoid=avoid).enough:
        raise WeakPassphrase()


def strength_of(passphrase: str, *, avoid: Iterable[str]) -> Strength:
    """How hard it is to guess for somebody who knows the names in `avoid`, each part of them on its own too."""
    return passphrase_strength(passphrase, avoid=[part for name in avoid for part in (name, *name.split())])


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
        return Store(engine, ground=Ground(parts.clock, parts.randomness), author=Author(keys.user, keys.device))
    except BaseException:
        close_database(engine)
        raise


def workspace_of(folder: Path, keys: KeyslotContent, store: Store, *, parts: Parts, occupancy: Occupancy) -> Workspace:
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
    workspace = make_workspace(folder, current, store, parts, StreamId(stream), occupancy)
    settle_rights(workspace)
    return workspace


def settle_rights(workspace: Workspace) -> None:
    """Where this person may write, by the roster as it is known now.

    What somebody who only reads would write, every other laptop refuses: better to say so at once. And nothing is
    written on top of a summary that was not checked: this laptop cannot say yet that it has seen what it replaces.
    """
    store = workspace.store
    with store.reading() as connection:
        own = {StreamId(stream) for stream in meta.read_all(connection, AUDIT).values()}
        personal = meta.read(connection, PERSONAL_STREAM)
        store.checking = bool(bases.covered(connection))
    people = roster_of(workspace)
    reads_only = people.role_of(workspace.user) not in roster.WRITING_ROLES
    if people.withheld_from(workspace.device) is not None or asks_for_more(people):
        store.writable = frozenset()
        return
    if personal is not None:
        own.add(StreamId(personal))
    store.writable = frozenset(own) if reads_only or store.checking else None


def asks_for_more(people: roster.Roster) -> bool:
    """Whether the administrators decided to work with a format this program does not write yet."""
    return people.newest_root is not None and people.newest_root.format_floor > FORMAT


def make_workspace(
    folder: Path, keys: KeyslotContent, store: Store, parts: Parts, stream: StreamId, occupancy: Occupancy
) -> Workspace:
    organisations = store.select(Organisation, order_by=[table_of(Organisation).c.created_hlc], limit=1)
    name = organisations[0].policy_pack if organisations else packs.DEFAULT_PACK
    try:
        packs.load_pack(name)
    except PolicyPackInvalid:
        # The name comes from a record any officer can write: it must not keep anybody out of their workbook.
        name = packs.DEFAULT_PACK
    workspace = Workspace(
        folder=folder, keys=keys, store=store, parts=parts, shelf=packs.PackShelf(name), organisation_stream=stream,
        occupancy=occupancy,
    )  # fmt: skip
    settle_packs(workspace)
    return workspace


def settle_packs(workspace: Workspace) -> None:
    """Take in what the organisation changed in the packs; where that changes a deadline, work all of them out again."""
    workspace.shelf.keep(edits_of(workspace.store))
    _renew_duties(workspace.store, workspace.shelf.mark())


def _renew_duties(store: Store, rules: bytes) -> None:
    """Have all duties worked out again if the policy or the bank holidays are not those they were worked out from."""
    with store.reading() as connection:
        if meta.read(connection, RULES) == rules:
            return
    with writing(store.engine) as connection:
        duties.forget_duties(connection)
        meta.write(connection, RULES, rules)


def put_roster_entry(
    unit: WriteUnit, stream: StreamId, about: UserId, kind: int, value: bytes, *, alone: bool = False
) -> None:
    """Write an entry of the roster into the organisation's stream and keep it. `alone`: in a change of its own."""
    wire = cbor.decode(value, max_bytes=roster.MAX_ENTRY_BYTES)
    put = unit.put_alone if alone else unit.put_op
    put(stream, Op(kind, RecordId(about), ROSTER_TABLE, "", wire))  # type: ignore[arg-type]  # CBOR values
    keyring.add_roster_entry(unit.connection, keyring.RosterRow(sha256(value), kind, value, True, None, None))


def need(value: str, field: str, sentence: str) -> None:
    """
    Raises:
        FormIncomplete: nothing was entered.
    """
    if not value.strip():
        raise FormIncomplete(problems={field: sentence})
