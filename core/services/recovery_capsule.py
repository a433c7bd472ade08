"""The file that the organisation sheet opens: put into the folder when a group begins, and again when keys are new."""

from __future__ import annotations

from core.changes import cbor
from core.changes.hlc import to_ms
from core.crypto.derive import sha256
from core.services.roster import epochs_in, keys_of, roster_in
from core.services.workspace import Workspace
from core.store import keyring, meta
from core.store.mailbox import VaultBox
from core.store.unit import WriteUnit
from core.sync.engine import boot, invitation
from core.sync.engine.boot import Boot
from core.sync.engine.envelope import name_of
from core.sync.engine.recovery import RecoveryGroup
from core.sync.ports import OUTBOX

_CAPSULE = "recovery:capsule:"


def keep_capsule(unit: WriteUnit, workspace: Workspace, entry: RecoveryGroup) -> None:
    """Put what the organisation sheet opens into the folder, if there are keys it does not have yet."""
    keys = keyring.envelope_pairs(unit.connection)
    state = sha256(cbor.encode([[number, key.reveal()] for number, key in keys]))
    name = _CAPSULE + entry.mark.hex()
    if meta.read(unit.connection, name) == state:
        return
    known = keys_of(epochs_in(unit, workspace.organisation_stream).values())
    content = Boot(
        workspace.keys.organisation, roster_in(unit, workspace).root_hash, workspace.organisation_stream, keys,
        entry.mark, invitation.entries_of(keyring.roster_entries(unit.connection)),
        known, entry.edition,
    )  # fmt: skip
    data = boot.seal_capsule(content, entry)
    VaultBox(unit.connection).keep_file(name_of(data), OUTBOX, data, at_ms=to_ms(workspace.parts.clock.now()))
    meta.write(unit.connection, name, state)
