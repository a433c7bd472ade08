"""What a deletion for good leaves to be asked: who had seen it when they renewed their keys, and when that was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from core.changes import cbor
from core.changes.hlc import instant_of
from core.foundation.errors import EncodingRejected, VaultDamaged
from core.foundation.ids import ChangeId, DeviceId, RecordId, StreamId
from core.store import meta, resting
from core.store.connection import Connection
from core.store.schema import CHANGE, CHANGE_ENTITY, SEGMENT

_SEEN = "deletion-seen:"
_MOST_BYTES = 64 * 1024

Place = tuple[DeviceId, int]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The segments that carried a request to delete and what agreed to it."""

    asked: Place
    agreed: tuple[Place, ...]

    def was_seen(self, seen: Mapping[DeviceId, int]) -> bool:
        """Whether a laptop with these heads knew of the deletion, and so had carried it out."""
        had = [seen.get(device, 0) >= seq for device, seq in self.agreed]
        return seen.get(self.asked[0], 0) >= self.asked[1] and (any(had) or not had)


def agreed_in(connection: Connection, asked: RecordId, agreed: Iterable[RecordId]) -> Agreement | None:
    """Where a deletion was agreed on, while its records are still here."""
    first = _place(connection, asked)
    if first is None:
        return None
    return Agreement(first, tuple(place for place in (_place(connection, one) for one in agreed) if place is not None))


def ordered_in(connection: Connection, stream: StreamId, order: RecordId) -> Agreement | None:
    """The segment that carried an order in a stream that rests sealed; None where it cannot be read, or was not sent.

    What rests has no table of what its changes speak of.
    """
    columns = select(CHANGE.c.id, CHANGE.c.device, CHANGE.c.seq, CHANGE.c.body)
    for row in connection.execute(columns.where(CHANGE.c.stream == stream).order_by(CHANGE.c.position)):
        change = resting.open_change(connection, stream, ChangeId(row.id), row.body)
        if change is not None and row.seq is not None and any(op.entity == order for op in change.ops):
            return Agreement((DeviceId(row.device), row.seq), ())
    return None


def keep_agreement(connection: Connection, stream: StreamId, found: Agreement | None) -> None:
    """Remember it, once everything else of the stream is gone."""
    if found is not None:
        others = [list(one) for one in found.agreed]
        meta.write(connection, _SEEN + stream.hex(), cbor.encode([list(found.asked), others]))


def agreement(connection: Connection, stream: StreamId) -> Agreement | None:
    """Where the deletion of a stream was agreed on.

    Raises:
        VaultDamaged: what was kept does not say so.
    """
    packed = meta.read(connection, _SEEN + stream.hex())
    if packed is None:
        return None
    try:
        match cbor.decode(packed, max_bytes=_MOST_BYTES):
            case [[bytes(device), int(seq)], list(others)]:
                places = tuple((DeviceId(one[0]), int(one[1])) for one in others if isinstance(one, list))
                return Agreement((DeviceId(device), seq), places)
    except EncodingRejected as error:
        raise VaultDamaged() from error
    raise VaultDamaged()


def written_at(connection: Connection, device: DeviceId, seq: int) -> datetime | None:
    """When the entries of a segment were written; None if none of them is here."""
    where = (CHANGE.c.device == device, CHANGE.c.seq == seq)
    stamp = connection.execute(select(CHANGE.c.hlc).where(*where).order_by(CHANGE.c.hlc.desc()).limit(1)).scalar()
    return None if stamp is None else instant_of(stamp)


def files_since(connection: Connection, device: DeviceId, seq: int) -> frozenset[str]:
    """The names of the files a laptop sealed from this number on."""
    query = select(SEGMENT.c.name).where(SEGMENT.c.device == device, SEGMENT.c.seq >= seq)
    return frozenset(connection.execute(query).scalars())


def _place(connection: Connection, record: RecordId) -> Place | None:
    row = connection.execute(
        select(CHANGE.c.device, CHANGE.c.seq)
        .join(CHANGE_ENTITY, CHANGE_ENTITY.c.position == CHANGE.c.position)
        .where(CHANGE_ENTITY.c.entity == record, CHANGE.c.seq.is_not(None))
        .order_by(CHANGE.c.position)
        .limit(1)
    ).first()
    return None if row is None else (DeviceId(row.device), row.seq)
