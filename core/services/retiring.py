"""Telling the others that a pack replaces files: an entry in the organisation's stream, once the pack was read back."""

from __future__ import annotations

from core.changes.change import Op, OpKind
from core.changes.hlc import to_ms
from core.foundation.ids import RecordId
from core.services.workspace import Workspace
from core.store.mailbox import VaultBox
from core.store.packs import CAUSE
from core.sync.packing import TABLE, retire_value


def retire_packs(workspace: Workspace) -> int:
    """Say which packs replace which files. Returns how many; the entries go with the next exchange."""
    with workspace.store.reading() as connection:
        waiting = [pack for pack in VaultBox(connection).own_packs() if pack.read_back and pack.retired_at_ms is None]
    if not waiting:
        return 0
    stream = workspace.organisation_stream
    with workspace.store.unit(CAUSE) as (unit, _):
        box = VaultBox(unit.connection)
        for pack in waiting:
            value = retire_value(pack.name, box.packed_in(pack.name))
            unit.put_op(stream, Op(OpKind.RETIRE, RecordId(stream), TABLE, "", value))
            box.note_retired(pack.name, at_ms=to_ms(workspace.parts.clock.now()))
    return len(waiting)
