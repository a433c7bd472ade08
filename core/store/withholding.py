"""Which changes are withheld, brought into line with the roster: half of `mailbox.VaultBox`.

Withheld is a pure function: a change is, if its segment is beyond where its laptop's work stops counting, or its author
was let into its stream only by an epoch that does not count, and nobody whose own change counts has taken it over.
Only the entities of the changes concerned are made again, never the whole vault.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from core.changes.change import Change, decode
from core.crypto.secrets import SecretBytes
from core.domain.changed import Changed
from core.foundation.ids import DeviceId, RecordId, StreamId, UserId
from core.store import keyring
from core.store.connection import Connection
from core.store.known_names import forget_names
from core.store.ledger import rebuild_entities
from core.store.resting import sealed_streams
from core.store.schema import CHANGE, CHANGE_ENTITY, LATE_MARK, SEGMENT

_SLICE = 500


@dataclass(frozen=True, slots=True)
class LateMark:
    """Somebody took a withheld change over, or put it aside."""

    target: bytes
    by: bytes
    adopts: bool


def put_marks(connection: Connection, marks: Iterable[LateMark]) -> None:
    """Remember what was said about withheld changes."""
    values = [{"target": mark.target, "by": mark.by, "adopts": mark.adopts} for mark in marks]
    if values:
        connection.execute(upsert(LATE_MARK).on_conflict_do_nothing(), values)


def forget_marks(connection: Connection, by: Collection[bytes]) -> None:
    """Forget what certain changes said, with the changes."""
    for some in _slices(sorted(by)):
        connection.execute(delete(LATE_MARK).where(LATE_MARK.c.by.in_(some)))


def marks_on(connection: Connection, targets: Collection[bytes]) -> dict[bytes, list[LateMark]]:
    """What was said about these changes."""
    found: dict[bytes, list[LateMark]] = {}
    for some in _slices(sorted(targets)):
        for row in connection.execute(select(LATE_MARK).where(LATE_MARK.c.target.in_(some))):
            found.setdefault(row.target, []).append(LateMark(row.target, row.by, bool(row.adopts)))
    return found


def withheld_changes(connection: Connection) -> list[tuple[DeviceId, StreamId, Change]]:
    """Every withheld change with its laptop and its stream, oldest first; what rests sealed is left out."""
    resting = sealed_streams(connection)
    columns = select(CHANGE.c.device, CHANGE.c.stream, CHANGE.c.body)
    rows = connection.execute(columns.where(CHANGE.c.withheld).order_by(CHANGE.c.hlc, CHANGE.c.id))
    return [(DeviceId(row.device), StreamId(row.stream), decode(row.body)) for row in rows if row.stream not in resting]


def unsealed_streams(connection: Connection) -> tuple[StreamId, ...]:
    """The streams in which something waits to be sealed."""
    rows = connection.execute(select(CHANGE.c.stream).where(CHANGE.c.seq.is_(None)).distinct())
    return tuple(StreamId(stream) for stream in rows.scalars())


def withhold(
    connection: Connection, begins: Mapping[DeviceId, int],
    writers: Mapping[StreamId, frozenset[UserId]] | None = None,
) -> Changed:  # fmt: skip
    """Bring every change's `withheld` into line and make the records concerned again.

    `begins`: the number of the first segment of a laptop that does not count. `writers`: for each stream with an epoch
    that does not count, those whom its other epochs let write.
    """
    late = _late(connection, begins, writers or {})
    was = {row.position: row.id for row in connection.execute(
        select(CHANGE.c.position, CHANGE.c.id).where(CHANGE.c.withheld)
    )}  # fmt: skip
    if not late and not was:
        _set_states(connection, begins)
        return Changed()
    taken_over = _adopted(connection, late)
    wanted = {position for position, change in late.items() if change not in taken_over}
    changed = _apply(connection, hide=wanted - was.keys(), show=was.keys() - wanted)
    _set_states(connection, begins)
    return changed


def _late(
    connection: Connection, begins: Mapping[DeviceId, int], writers: Mapping[StreamId, frozenset[UserId]]
) -> dict[int, bytes]:
    columns = select(CHANGE.c.position, CHANGE.c.id)
    found: dict[int, bytes] = {}
    for device, first in begins.items():
        beyond = or_(CHANGE.c.seq >= first, CHANGE.c.seq.is_(None))
        rows = connection.execute(columns.where(CHANGE.c.device == device, beyond))
        found.update({row.position: row.id for row in rows})
    for stream, users in writers.items():
        rows = connection.execute(columns.where(CHANGE.c.stream == stream, CHANGE.c.actor.not_in(sorted(users))))
        found.update({row.position: row.id for row in rows})
    return found


def _adopted(connection: Connection, late: Mapping[int, bytes]) -> set[bytes]:
    """Those taken over by a change that counts, be it because it was taken over itself."""
    every = set(late.values())
    marks = marks_on(connection, every)
    adopted: set[bytes] = set()
    grew = True
    while grew:
        more = {
            target
            for target, said in marks.items()
            if target not in adopted
            and any(mark.adopts and (mark.by not in every or mark.by in adopted) for mark in said)
        }
        adopted |= more
        grew = bool(more)
    return adopted


def _apply(connection: Connection, *, hide: Collection[int], show: Collection[int]) -> Changed:
    if not hide and not show:
        return Changed()
    for positions, withheld in ((hide, True), (show, False)):
        if positions:
            connection.execute(
                update(CHANGE).where(CHANGE.c.position == bindparam("at")).values(withheld=withheld),
                [{"at": position} for position in sorted(positions)],
            )
    touched: set[RecordId] = set()
    for some in _slices(sorted({*hide, *show})):
        rows = connection.execute(select(CHANGE_ENTITY.c.entity).where(CHANGE_ENTITY.c.position.in_(some)))
        touched.update(RecordId(entity) for entity in rows.scalars())
    return rebuild_entities(connection, touched)


def _set_states(connection: Connection, begins: Mapping[DeviceId, int]) -> None:
    for row in connection.execute(
        select(SEGMENT.c.name, SEGMENT.c.device, SEGMENT.c.seq).where(SEGMENT.c.state == "withheld")
    ).all():
        first = begins.get(DeviceId(row.device))
        if first is None or row.seq < first:
            connection.execute(update(SEGMENT).where(SEGMENT.c.name == row.name).values(state="applied"))
    for device, first in begins.items():
        connection.execute(
            update(SEGMENT)
            .where(SEGMENT.c.device == device, SEGMENT.c.seq >= first, SEGMENT.c.state == "applied")
            .values(state="withheld")
        )


def _slices(items: Sequence[object]) -> Iterable[Sequence[object]]:
    for start in range(0, len(items), _SLICE):
        yield items[start : start + _SLICE]


class StandingBox:
    """One transaction on it. Answers `core/sync/standing_ports.py`."""

    _connection: Connection

    def withhold(self, begins: Mapping[DeviceId, int], writers: Mapping[StreamId, frozenset[UserId]]) -> Changed:
        """As `withhold`."""
        return withhold(self._connection, begins, writers)

    def mark_late(self, *, by: bytes, targets: Collection[bytes], adopts: bool) -> None:
        """A change takes withheld ones over, or puts them aside."""
        put_marks(self._connection, [LateMark(target, by, adopts) for target in targets])

    def segment_named(self, device: DeviceId, seq: int, body_hash: bytes) -> str | None:
        """The file of a segment, by what its successors call it."""
        statement = select(SEGMENT.c.name).where(
            SEGMENT.c.device == device, SEGMENT.c.seq == seq, SEGMENT.c.body_hash == body_hash
        )
        name: str | None = self._connection.execute(statement.limit(1)).scalar()
        return name

    def place_roster_entry(self, entry: bytes, *, device: DeviceId, seq: int, seen: Mapping[DeviceId, int]) -> None:
        """This laptop's own entry travels in its segment `seq`."""
        keyring.place_roster_entry(self._connection, entry, device=device, seq=seq, seen=seen)

    def place_epoch(self, header_hash: bytes, *, device: DeviceId, seq: int) -> None:
        """This laptop's own epoch header travels in its segment `seq`."""
        keyring.place_epoch(self._connection, header_hash, device=device, seq=seq)

    def add_envelope_key(self, number: int, key: SecretBytes) -> bool:
        """Keep a key that somebody told; returns whether it was new."""
        return keyring.add_envelope_key(self._connection, number, key)

    def tell_envelope_key(self, number: int, key: SecretBytes) -> None:
        """What carries a key of ours is sealed."""
        keyring.tell_envelope_key(self._connection, number, key)

    def forget_strangers(self) -> None:
        """Look at every file again that no key opened: one may now."""
        self._connection.execute(delete(SEGMENT).where(SEGMENT.c.state == "stranger"))
        forget_names(self._connection)
