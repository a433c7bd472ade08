"""New keys for oneself: told to the others, what the old ones opened granted again, and only then the old destroyed.

Three steps, each of which may be ended anywhere and taken again:

1. `begin_new_keys`: the next keys count from the moment one transaction has kept them and the entry about them.
2. `publish_new_keys`: the entry and the key of everything readable here, wrapped to the next keys, are in the shared
   folder, read back from there.
3. `destroy_old_keys`: everything is written under a new vault key into a fresh file that holds no next keys beside it,
   and the key file that names both is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from core.changes import cbor
from core.crypto.kdf import KdfCost
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey
from core.foundation.errors import FolderUnreachable, FormIncomplete, NotAllowed, SharedFolderError
from core.foundation.ports import CancelToken, SharedStore
from core.services.exchange import INVITATION, RENUMBERED, me_of, seal_now, send_waiting
from core.services.opening import lock
from core.services.own_keys import own_keys
from core.services.place import place_of, transport_of
from core.services.rekeying import renew_organisation
from core.services.roster import roster_of, user_record_of
from core.services.vaults import put_roster_entry
from core.services.workspace import Workspace
from core.store import meta, renewals, resting
from core.store.mailbox import VaultMailbox
from core.sync.engine.entries import NEW_KEYS
from core.sync.engine.entry import Entry
from core.sync.engine.envelope import MAX_FILE_BYTES, name_of
from core.sync.engine.epochs import EpochKey
from core.sync.engine.leaving import NewKeys, sign_next_record
from core.sync.engine.records import UserRecord
from core.sync.sealing import ToMyself, seal_next
from core.sync.transports.names import ROOT_NAME
from core.vault.database import close_database
from core.vault.keyslot import KEY_BYTES, SALT_BYTES, KeyslotContent, keyslot_cost, settle_keyslot, write_keyslot
from core.vault.rekey import export_database, finish_swap
from core.vault.user_keys import pack_user_keys, with_user_keys

GRANTS_IN_ONE = 1_000
PAIR_AGAIN = "Your keys were renewed on another laptop of yours. Pair this one again with that laptop first."
INTERVIEWS_SHUT = "Open your private interviews first, on the Access page: their keys have to be passed on as well."


def new_keys_begun(workspace: Workspace) -> bool:
    """Whether new keys were made and the old ones are still here."""
    with workspace.store.reading() as connection:
        return meta.read(connection, meta.USER_KEYS) is not None


def renewed_elsewhere(workspace: Workspace) -> bool:
    """Whether this person's keys were renewed on another of their laptops, so that this one has the old; or on both at
    once, and those of the other count."""
    return newer_record(workspace) is not None


def newer_record(workspace: Workspace) -> UserRecord | None:
    """The keys of this person that count, if they are others than this laptop's and as new or newer."""
    known, mine = roster_of(workspace).users.get(workspace.user), own_keys(workspace)
    if known is None or known.record.user_epoch < mine.user_epoch:
        return None
    return None if known.record.hash == user_record_of(mine).hash else known.record


def check_may_renew(workspace: Workspace) -> None:
    """
    Raises:
        NotAllowed: nothing this laptop writes counts.
        FormIncomplete: this laptop has old keys, or private interviews are shut.
    """
    roster = roster_of(workspace)
    withheld = roster.withheld_from(workspace.store.author.device) is not None
    if roster.role_of(workspace.user) is None or withheld or workspace.store.checking:
        raise NotAllowed()
    if renewed_elsewhere(workspace):
        raise FormIncomplete(problems={"passphrase": PAIR_AGAIN})
    with workspace.store.reading() as connection:
        if resting.sealed_streams(connection) and not resting.is_open(connection):
            raise FormIncomplete(problems={"passphrase": INTERVIEWS_SHUT})


def begin_new_keys(workspace: Workspace, *, once_more: bool = False) -> None:
    """Make the next keys, vouched for by those before. Does nothing where it was begun already, unless `once_more`.

    Invitations nobody answered yet name the old keys, so they end here.
    """
    if new_keys_begun(workspace) and not once_more:
        return
    before, dice = own_keys(workspace), workspace.parts.randomness
    record = user_record_of(before)
    after = replace(
        before, user_sign_seed=SecretBytes(dice.bytes(KEY_BYTES)), user_wrap_seed=SecretBytes(dice.bytes(KEY_BYTES)),
        user_epoch=before.user_epoch + 1, record_before=record.hash,
    )  # fmt: skip
    made = user_record_of(after)
    entry = NewKeys(made, sign_next_record(made, SigningKey.from_seed(before.user_sign_seed)))
    with workspace.store.unit("new-keys") as (unit, _):
        put_roster_entry(
            unit, workspace.organisation_stream, workspace.user, NEW_KEYS, cbor.encode(entry.wire()), alone=True
        )
        meta.write(unit.connection, meta.USER_KEYS, pack_user_keys(after))
        for number in meta.read_all(unit.connection, INVITATION):
            meta.forget(unit.connection, INVITATION + number)
        renew_organisation(unit, workspace)


def publish_new_keys(workspace: Workspace, *, cancel: CancelToken) -> None:
    """Tell the others, and put the keys of everything that is readable here where the next keys open them.

    Raises:
        FolderUnreachable, SharedFolderError, Cancelled: the old keys are still here; it can be tried again.
    """
    shared = None if place_of(workspace) is None else transport_of(workspace)
    if shared is not None:
        send_waiting(workspace, shared, cancel=cancel)
    seal_now(workspace)
    grant_all(workspace, user_record_of(own_keys(workspace)))
    if shared is not None:
        send_waiting(workspace, shared, cancel=cancel)
        _read_back(workspace, shared)


def destroy_old_keys(workspace: Workspace, keys: KeyslotContent, passphrase: str, *, published: bool = True) -> None:
    """Write everything under a new vault key, the key file with the next keys, and lock. `keys`: out of the key file.

    While the next keys are not `published`, what the old ones open is granted to nobody yet: the key file keeps the old
    ones, and the next stay beside them in the workbook until this is done again.

    Raises:
        FolderNotWritable, DiskFull, VaultDamaged: the old keys are still here; it can be tried again.
    """
    dice, cost = workspace.parts.randomness, cost_of(workspace)
    with workspace.store.reading() as connection:
        mine = with_user_keys(keys, meta.read(connection, meta.USER_KEYS)) if published else keys
    renewed = replace(mine, vault_key=SecretBytes(dice.bytes(KEY_BYTES)), vault_salt=dice.bytes(SALT_BYTES))
    done = (meta.USER_KEYS, RENUMBERED) if published else (RENUMBERED,)
    export_database(workspace.store.engine, workspace.folder, renewed, last=partial(meta.forget_in, names=done))
    close_database(workspace.store.engine)
    write_keyslot(workspace.folder, renewed, passphrase, cost=cost, randomness=dice)
    finish_swap(workspace.folder, renewed)
    settle_keyslot(workspace.folder)
    lock(workspace)
    keys.wipe()
    renewed.wipe()


def cost_of(workspace: Workspace) -> KdfCost:
    """What one guess of the passphrase will cost: as now, and no less than the administrators decided."""
    cost, root = keyslot_cost(workspace.folder), roster_of(workspace).newest_root
    memory_kib, passes = root.kdf_floor if root is not None else (0, 0)
    return KdfCost(max(cost.memory_kib, memory_kib), max(cost.passes, passes), cost.lanes)


def renewals_of(workspace: Workspace) -> Iterator[Entry]:
    """Every change of somebody's own keys that counts."""
    standing = roster_of(workspace).standing
    for entry in (entry for entries in standing.new_keys.values() for entry in entries):
        if isinstance(entry.said, NewKeys) and not entry.said.is_reset and standing.counts(entry):
            yield entry


def grant_all(workspace: Workspace, to: UserRecord, *, elsewhere: bool = False) -> None:
    """The key of everything readable here, wrapped to keys of this person, in segments that wait to be sent."""
    me = me_of(workspace)
    with VaultMailbox(workspace.store.engine).writing() as box:
        held = [
            EpochKey(row.stream, row.number, row.header_hash, row.key) for row in box.epochs() if row.key is not None
        ]
        for start in range(0, len(held), GRANTS_IN_ONE):
            seal_next(
                box, me, now=workspace.parts.clock.now(), randomness=workspace.parts.randomness,
                to_myself=ToMyself(to, held[start : start + GRANTS_IN_ONE], elsewhere),
            )  # fmt: skip


def _read_back(workspace: Workspace, shared: SharedStore) -> None:
    """Whether everything this laptop said about its new keys lies in the folder, by its very bytes.

    Raises:
        FolderUnreachable: it does not.
    """
    mine = [entry for entry in renewals_of(workspace) if _is_own(entry, workspace) and entry.origin is not None]
    origin = max(mine, key=_epoch_of).origin
    assert origin is not None
    with workspace.store.reading() as connection:
        wanted = set(renewals.files_since(connection, origin.device, origin.seq))
    wanted -= set(_whole(shared, wanted))
    if wanted:
        raise FolderUnreachable(path=ROOT_NAME)


def _whole(shared: SharedStore, wanted: Iterable[str]) -> Iterator[str]:
    for info in shared.list(ROOT_NAME):
        name = info.name.rpartition("/")[2]
        if name in wanted:
            try:
                data = shared.get(info.name, MAX_FILE_BYTES)
            except FolderUnreachable:
                raise
            except SharedFolderError:
                continue
            if name_of(data) == name:
                yield name


def _is_own(entry: Entry, workspace: Workspace) -> bool:
    return isinstance(entry.said, NewKeys) and entry.said.record.user == workspace.user


def _epoch_of(entry: Entry) -> int:
    assert isinstance(entry.said, NewKeys)
    return entry.said.record.user_epoch
