"""This person's own keys as they are now: those of the key file, or the ones that follow them already."""

from __future__ import annotations

from core.services.workspace import Workspace
from core.store import meta
from core.vault.keyslot import KeyslotContent
from core.vault.user_keys import with_user_keys


def own_keys(workspace: Workspace) -> KeyslotContent:
    """What to sign and to be granted with. `workspace.keys` are those the passphrase opens."""
    with workspace.store.reading() as connection:
        return with_user_keys(workspace.keys, meta.read(connection, meta.USER_KEYS))
