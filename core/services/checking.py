"""Keys with which somebody checks the shared folder elsewhere, without this workbook."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.crypto.kdf import DEFAULT_COST, KdfCost
from core.foundation.errors import FolderNotWritable
from core.services.exchange import me_of
from core.services.places import refuse_own_folder
from core.services.roster import epochs_of, keys_of
from core.services.vaults import refuse_weak
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox
from core.sync.checking_keys import CheckingKeys, is_checking_keys, write_checking_keys


@dataclass(frozen=True, slots=True)
class KeysExported:
    """A file of keys for checking was written to `path`."""

    path: Path


def export_checking_keys(
    workspace: Workspace, *, destination: Path, passphrase: str, cost: KdfCost = DEFAULT_COST
) -> KeysExported:
    """Write the keys that check a folder's chains and roster, and open no case, sealed with a passphrase of their own.

    An older file of this kind is replaced, nothing else.

    Raises:
        WeakPassphrase, FolderNotWritable, DiskFull: nothing was written.
    """
    refuse_own_folder(workspace.folder, destination)
    refuse_weak(passphrase, avoid=())
    if destination.exists() and not is_checking_keys(destination):
        raise FolderNotWritable(
            path=str(destination.parent),
            reason=f"{destination.name} is there already and is not a file of keys, so it was left as it is",
        )
    keys = checking_keys(workspace)
    write_checking_keys(destination, keys, passphrase, randomness=workspace.parts.randomness, cost=cost)
    return KeysExported(destination)


def checking_keys(workspace: Workspace) -> CheckingKeys:
    """What this workbook knows of the outside of every file, of the organisation's stream and of the roster."""
    me = me_of(workspace)
    with VaultMailbox(workspace.store.engine).reading() as box:
        envelope = box.envelope_keys()
        entries = tuple((entry.kind, entry.value) for entry in box.roster_entries())
    stream = keys_of(epochs_of(workspace, workspace.organisation_stream).values())
    return CheckingKeys(
        me.organisation, me.root_hash, tuple(envelope), workspace.organisation_stream,
        tuple(sorted(stream, key=lambda key: (key.number, key.header_hash))), entries,
    )  # fmt: skip
