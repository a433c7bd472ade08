"""What somebody said about themselves before they may write it: kept on this laptop until they may (policy 4.31).

A workbook recovered from sheets reads its cases before anybody has let its person in, a new laptop before its history
is checked, and whoever is given a case to read only never writes in it. Each of them is asked whether they are
connected with it, as everybody is, and their answer counts here at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.changes import cbor
from core.changes.hlc import from_ms, to_ms
from core.foundation.errors import VaultDamaged
from core.foundation.ids import RecordId, StreamId
from core.services.roster import epochs_of, headers_of
from core.services.workspace import Workspace
from core.store import meta
from core.store.recovery_wraps import Reading
from core.store.transactions import writing
from core.sync.engine import epochs
from core.sync.engine.epochs import StreamRole

OWN_WORD = "declared:"
"""Before the hex digits of the case."""
_MOST_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class OwnWord:
    """Whether they are connected with the case, how, and when they said so."""

    connected: bool
    how: str
    at: datetime


def may_write_in(workspace: Workspace, stream: StreamId) -> bool:
    """Whether everybody else would take what this person writes in a case."""
    writable = workspace.store.writable
    member = epochs.effective_members(headers_of(epochs_of(workspace, stream))).get(workspace.user)
    return (writable is None or stream in writable) and member is not None and member.role >= StreamRole.WRITE


def keep_own_word(workspace: Workspace, case: RecordId, word: OwnWord) -> None:
    """Keep it here, in the place of what was said before."""
    with writing(workspace.store.engine) as connection:
        packed = cbor.encode([int(word.connected), word.how, to_ms(word.at)])
        meta.write(connection, OWN_WORD + case.hex(), packed)


def own_words(connection: Reading) -> dict[RecordId, OwnWord]:
    """What is kept here, by case.

    Raises:
        VaultDamaged: what was kept is not such a thing.
    """
    return {RecordId(bytes.fromhex(key)): _unpack(kept) for key, kept in meta.read_all(connection, OWN_WORD).items()}


def _unpack(kept: bytes) -> OwnWord:
    match cbor.decode(kept, max_bytes=_MOST_BYTES):
        case [int(connected), str(how), int(at_ms)]:
            return OwnWord(bool(connected), how, from_ms(at_ms))
    raise VaultDamaged()
