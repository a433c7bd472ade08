"""Another passphrase; and new keys for everything, when somebody may know the old one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from core.crypto.kdf import KdfCost
from core.domain.changed import NOTHING, Changed
from core.foundation.errors import FormIncomplete, NotFound, SharedFolderError
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.services.exchange import go_on_as_new_laptop, has_sent, is_renumbered
from core.services.new_keys import (
    begin_new_keys,
    check_may_renew,
    cost_of,
    destroy_old_keys,
    new_keys_begun,
    publish_new_keys,
)
from core.services.opening import Strength, suggest_passphrase
from core.services.organisation import my_member, organisation
from core.services.place import place_of
from core.services.sync import sync_now
from core.services.vaults import refuse_weak, strength_of
from core.services.workspace import Workspace
from core.vault.keyslot import KeyslotContent, open_keyslot, write_keyslot

NEW_NUMBER = "This laptop goes on under a new number."
"""Why the old one counts no more, for colleagues to read."""


@dataclass(frozen=True, slots=True)
class PassphraseChanged:
    """The new passphrase opens the workbook from now on. Copies of the key file made before open with the old one."""

    changed: Changed = NOTHING


@dataclass(frozen=True, slots=True)
class KeysRenewed:
    """The workbook has new keys and is locked: open it with the new passphrase.

    `told`: the others can know of this person's new keys. If not, they hear of them with the next exchange, and
    retention day finishes it.
    """

    told: bool
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
    _write(workspace, keys, new, cost_of(workspace))
    keys.wipe()
    progress(2, 2, "")
    return PassphraseChanged()


def somebody_knows(
    workspace: Workspace, *, old: str, new: str, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> KeysRenewed:
    """New keys, because somebody may know the passphrase and have a copy of the files: for this person, so that nothing
    is given to the old ones any more; for everything in this workbook; and another number for this laptop, whose
    earlier one counts no more. A new passphrase. The workbook is locked afterwards.

    What was copied before stays readable to whoever has the copy and the old passphrase. Other laptops of this person
    have to be paired again. Where the folder cannot be reached, the others hear of it with the next exchange.

    Raises:
        WrongPassphrase, WeakPassphrase, FormIncomplete, NotAllowed: nothing was changed.
        FolderNotWritable, DiskFull, VaultDamaged, Cancelled: the old passphrase still opens the workbook.
        RemovedFromOrganisation: this person is not in any more.
    """
    asked = cancel or NeverCancel()
    progress(0, 5, "Checking the passphrase")
    keys = _checked(workspace, old, new)
    check_may_renew(workspace)
    progress(1, 5, "Taking in what the others wrote")
    _take_in(workspace, asked)
    check_may_renew(workspace)
    progress(2, 5, "Giving this laptop a new number")
    _take_a_new_number(workspace, asked)
    progress(3, 5, "Making new keys and telling the others")
    told = _tell(workspace, asked)
    progress(4, 5, "Writing everything under a new key")
    destroy_old_keys(workspace, keys, new, published=told)
    progress(5, 5, "")
    return KeysRenewed(told)


def _take_in(workspace: Workspace, cancel: CancelToken) -> None:
    if place_of(workspace) is not None:
        with suppress(SharedFolderError):  # without the folder it is all the more urgent
            sync_now(workspace, cancel=cancel)


def _take_a_new_number(workspace: Workspace, cancel: CancelToken) -> None:
    """Whoever has a copy of the files could go on writing under the old number, so that one is cut off; the new keys
    come after, so that laptops paired with them count. Ended in between, it goes on where it stopped.

    Raises:
        FolderUnreachable: retention day was begun, and the others cannot be told of those keys first.
    """
    if is_renumbered(workspace) or not has_sent(workspace):  # of a number that never sent anything nobody has heard
        begin_new_keys(workspace)
        return
    if new_keys_begun(workspace):
        publish_new_keys(workspace, cancel=cancel)
    go_on_as_new_laptop(workspace, cause="somebody-knows", cut_off=NEW_NUMBER)
    begin_new_keys(workspace, once_more=True)


def _tell(workspace: Workspace, cancel: CancelToken) -> bool:
    """Whether what the old keys open lies in the folder for the new ones."""
    try:
        publish_new_keys(workspace, cancel=cancel)
    except SharedFolderError:
        return False
    return True


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
