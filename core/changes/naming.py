"""Names nobody can take from another: ids of records and changes that carry a proof of where they belong.

A random id is only as safe as the honesty of whoever sees it first: a reader of a case could write a change under a
colleague's change id, or open a colleague's record in another stream, and every laptop that met the copy before the
original would ignore the original. So an id is part random, part hash:

* record: 7 random bytes r, then the first 9 of SHA-256("cwf1/record" NUL stream type NUL r);
  where no other change may ever touch it, r is the first 7 of SHA-256("cwf1/once" NUL change id);
* change: 4 random bytes r, then the first 12 of SHA-256("cwf1/change" NUL actor stream hlc (8 bytes, big-endian) r).

What does not fit is set aside, whoever signed it. To take another's id is to find a second preimage of 72 or 96 bits.
"""

from __future__ import annotations

from core.changes.change import RECORD_KINDS, Change
from core.crypto.derive import sha256
from core.foundation.errors import SegmentRejected
from core.foundation.ids import ChangeId, RecordId, StreamId, UserId

RECORD_RANDOM_BYTES = 7
CHANGE_RANDOM_BYTES = 4


def record_id(stream: StreamId, table: str, dice: bytes) -> RecordId:
    """The id of a new record of a type in `stream`; `dice` holds at least 7 random bytes."""
    own = dice[:RECORD_RANDOM_BYTES]
    proof = sha256(b"cwf1/record\0" + stream + table.encode() + b"\0" + own)
    return RecordId(own + proof[: 16 - RECORD_RANDOM_BYTES])


def once_id(stream: StreamId, table: str, change: ChangeId) -> RecordId:
    """The id of a record that only this change can write: of a type that is never altered."""
    return record_id(stream, table, sha256(b"cwf1/once\0" + change))


def change_id(actor: UserId, stream: StreamId, hlc: int, dice: bytes) -> ChangeId:
    """The id of a new change; `dice` holds at least 4 random bytes."""
    own = dice[:CHANGE_RANDOM_BYTES]
    proof = sha256(b"cwf1/change\0" + actor + stream + hlc.to_bytes(8, "big") + own)
    return ChangeId(own + proof[: 16 - CHANGE_RANDOM_BYTES])


def check_names(change: Change, stream: StreamId) -> None:
    """
    Raises:
        SegmentRejected: the change uses an id, its own or a record's, that belongs elsewhere.
    """
    if change.id != change_id(change.actor, stream, change.hlc, change.id):
        raise SegmentRejected(reason="a change bears the number of another")
    records = {(op.table, op.entity) for op in change.ops if op.kind in RECORD_KINDS}
    if any(record != record_id(stream, table, record) for table, record in records):
        raise SegmentRejected(reason="a change touches a record of another stream or type")
