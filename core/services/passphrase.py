"""Another passphrase; and new keys for everything, when somebody may know the old one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from core.crypto.kdf import KdfCost
from core.crypto.secrets import SecretBytes
from core.domain.changed import NOTHING, Changed
from core.foundation.errors import FormIncomplete, NotFound
from core.foundation.ports import Progress, no_progress
from core.services.exchange import go_on_as_new_laptop
from core.services.opening import Strength, lock, suggest_passphrase
from core.services.organisation import my_member, organisation
from core.services.roster import roster_of
from core.services.vaults import refuse_weak, strength_of
from core.services.workspace import Workspace
from core.vault.database import close_database
from core.vault.keyslot import (
    KEY_BYTES,
    SALT_BYTES,
    KeyslotContent,
    keyslot_cost,
    open_keyslot,
    settle_keyslot,
    write_keyslot,
)
from core.vault.rekey import export_database, finish_swap


@dataclass(frozen=True, slots=True)
class PassphraseChanged:
    """The new passphrase opens the workbook from now on. Copies of the key file made before open with the old one."""

    changed: Changed = NOTHING


@dataclass(frozen=True, slots=True)
class KeysRenewed:
    """The workbook has new keys and is locked: open it with the new passphrase."""

    changed: Changed = NOTHING


def judge(workspace: Workspace, *, text: str) -> Strength:
    """How hard a new passphrase is to guess, as it is typed, for somebody who knows this person."""
    return strength_of(text, avoid=_names(workspace))


def suggest(workspace: Workspace) -> str:
    """Five unrelated words."""
    return suggest_passphrase(workspace.parts)


def change_passphrase(
    workspace: Workspace, *, old: str, new: str, progress: Progress = no_progress
) -> PassphraseChanged:
    """Seal the same keys under another passphrase.

    Raises:
        WrongPassphrase: `old` is not the passphrase; nothing was changed.
        WeakPassphrase, FormIncomplete: the new one cannot be used; nothing was changed.
        FolderNotWritable, DiskFull: the old one still opens the workbook.
    """
    progress(0, 2, "Checking the passphrase")
    keys = _checked(workspace, old, new)
    progress(1, 2, "Protecting the keys with the new one")
    _write(workspace, keys, new, _cost(workspace))
    keys.wipe()
    progress(2, 2, "")
    return PassphraseChanged()


def somebody_knows(workspace: Workspace, *, old: str, new: str, progress: Progress = no_progress) -> KeysRenewed:
    """New keys, because somebody may know the passphrase and have a copy of the files: a new key for everything in
    this workbook, a new number for this laptop, a new passphrase. The workbook is locked afterwards.

    What was copied before stays readable to whoever has the copy and the old passphrase.

    Raises:
        WrongPassphrase, WeakPassphrase, FormIncomplete: nothing was changed.
        FolderNotWritable, DiskFull, VaultDamaged: the old passphrase still opens the workbook.
    """
    progress(0, 4, "Checking the passphrase")
    keys = _checked(workspace, old, new)
    progress(1, 4, "Giving this laptop a new number")
    go_on_as_new_laptop(workspace, cause="somebody-knows")
    progress(2, 4, "Writing everything under a new key")
    dice = workspace.parts.randomness
    cost = _cost(workspace)
    renewed = replace(keys, vault_key=SecretBytes(dice.bytes(KEY_BYTES)), vault_salt=dice.bytes(SALT_BYTES))
    export_database(workspace.store.engine, workspace.folder, renewed)
    close_database(workspace.store.engine)
    progress(3, 4, "Protecting the keys with the new passphrase")
    _write(workspace, renewed, new, cost)
    finish_swap(workspace.folder, renewed)
    settle_keyslot(workspace.folder)
    lock(workspace)
    keys.wipe()
    renewed.wipe()
    progress(4, 4, "")
    return KeysRenewed()


def _checked(workspace: Workspace, old: str, new: str) -> KeyslotContent:
    """The keys behind the old passphrase, if the new one may take its place."""
    if not old:
        raise FormIncomplete(problems={"old": "Enter the passphrase you use now."})
    if new == old:
        raise FormIncomplete(problems={"passphrase": "Choose one that is different from the one you use now."})
    refuse_weak(new, avoid=_names(workspace))
    return open_keyslot(workspace.folder, old)


def _names(workspace: Workspace) -> tuple[str, ...]:
    try:
        return my_member(workspace).name, organisation(workspace).name
    except NotFound:
        return ()


def _write(workspace: Workspace, keys: KeyslotContent, passphrase: str, cost: KdfCost) -> None:
    write_keyslot(workspace.folder, keys, passphrase, cost=cost, randomness=workspace.parts.randomness)


def _cost(workspace: Workspace) -> KdfCost:
    """What one guess will cost: as now, and no less than the administrators decided."""
    cost, root = keyslot_cost(workspace.folder), roster_of(workspace).newest_root
    memory_kib, passes = root.kdf_floor if root is not None else (0, 0)
    return KdfCost(max(cost.memory_kib, memory_kib), max(cost.passes, passes), cost.lanes)
