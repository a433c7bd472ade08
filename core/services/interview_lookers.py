"""Who sees that a private interview was opened, kept beside it on each laptop that opens it."""

from __future__ import annotations

from typing import Any

from core.changes import cbor
from core.changes.change import Wire
from core.foundation.ids import StreamId, UserId
from core.services import audit
from core.services.audit import SETTLED, settle_auditors
from core.services.workspace import Workspace
from core.store import meta
from core.store.transactions import writing
from core.store.unit import WriteUnit


def keep_lookers(unit: WriteUnit, stream: StreamId, lookers: frozenset[UserId]) -> None:
    """Remember, with an interview that is being set apart, who sees that it was opened."""
    meta.write(unit.connection, audit.LOOKERS + stream.hex(), cbor.encode(list[Wire](sorted(lookers))))


def learn_lookers(workspace: Workspace, stream: StreamId, lookers: frozenset[UserId]) -> None:
    """Whoever is to see that it was opened is let in to what this person wrote down before they opened it."""
    packed = cbor.encode(list[Wire](sorted(lookers)))
    with workspace.store.reading() as connection:
        kept: Any = meta.read(connection, audit.LOOKERS + stream.hex())
    if kept != packed:
        with writing(workspace.store.engine) as connection:
            meta.write(connection, audit.LOOKERS + stream.hex(), packed)
            meta.forget(connection, SETTLED + stream.hex())
        settle_auditors(workspace)
