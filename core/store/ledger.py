"""How changes enter the vault: one way for this laptop's own and for everybody else's.

Save the change, fold it, write the rows and the search text, all in one transaction. Nothing else
writes to record tables; the guard triggers see to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from core.changes.change import Change, decode, encode
from core.changes.reducer import EntityState, PlacedOp, fold, placed_ops
from core.domain.catalogue import record_type
from core.domain.changed import Changed
from core.domain.declare import Record
from core.foundation.ids import DeviceId, RecordId, StreamId
from core.store import schema
from core.store.rows import Row, RowMaker, search_text, to_state

BATCH = 500


@dataclass(frozen=True, slots=True)
class Arrival:
    """One change on its way in. `seq` is None for this laptop's own change until it is sealed."""

    change: Change
    stream: StreamId
    device: DeviceId
    seq: int | None = None
    withheld: bool = False


def record_arrivals(connection: Connection, arrivals: Iterable[Arrival]) -> Changed:
    """Log the changes that are new and fold them into rows. Repeating an arrival changes nothing.

    The caller delivers causally: a change comes with or after those it builds on.
    """
    kinds: set[str] = set()
    ids: set[bytes] = set()
    pending: list[Arrival] = []
    for arrival in arrivals:
        pending.append(arrival)
        if len(pending) >= BATCH:
            _record_batch(connection, pending, kinds, ids)
            pending = []
    if pending:
        _record_batch(connection, pending, kinds, ids)
    return Changed(frozenset(kinds), frozenset(ids))


def rebuild_records(connection: Connection) -> None:
    """Throw the record tables and the search index away and make them again from the change log."""
    schema.drop_records(connection)
    connection.execute(delete(schema.ENTITY))
    connection.execute(delete(schema.CHANGE_ENTITY))
    schema.renew_search(connection)
    schema.create_records(connection)
    position = 0
    while True:
        rows = connection.execute(
            select(schema.CHANGE.c.position, schema.CHANGE.c.stream, schema.CHANGE.c.withheld, schema.CHANGE.c.body)
            .where(schema.CHANGE.c.position > position)
            .order_by(schema.CHANGE.c.position)
            .limit(BATCH)
        ).all()
        if not rows:
            return
        _fold_batch(
            connection,
            [(row.position, StreamId(row.stream), decode(row.body), bool(row.withheld)) for row in rows],
        )
        position = rows[-1].position


def _record_batch(connection: Connection, arrivals: Sequence[Arrival], kinds: set[str], ids: set[bytes]) -> None:
    known = set(
        connection.execute(
            select(schema.CHANGE.c.id).where(schema.CHANGE.c.id.in_([arrival.change.id for arrival in arrivals]))
        ).scalars()
    )
    fresh = list({arrival.change.id: arrival for arrival in arrivals if arrival.change.id not in known}.values())
    if not fresh:
        return
    last = connection.exec_driver_sql("SELECT coalesce(max(position), 0) FROM change").scalar_one()
    connection.execute(
        insert(schema.CHANGE),
        [
            {
                "position": last + offset, "id": arrival.change.id, "stream": arrival.stream,
                "device": arrival.device, "seq": arrival.seq, "hlc": arrival.change.hlc,
                "actor": arrival.change.actor, "cause": arrival.change.cause,
                "withheld": arrival.withheld, "body": encode(arrival.change),
            }
            for offset, arrival in enumerate(fresh, start=1)
        ],
    )  # fmt: skip
    placed = [(last + offset, a.stream, a.change, a.withheld) for offset, a in enumerate(fresh, start=1)]
    for entity, kind in _fold_batch(connection, placed).items():
        kinds.add(kind)
        ids.add(entity)


def _fold_batch(
    connection: Connection, changes: Sequence[tuple[int, StreamId, Change, bool]]
) -> dict[RecordId, str]:
    """Fold logged changes into rows; returns the entities touched and their types."""
    groups: dict[RecordId, tuple[StreamId, list[PlacedOp]]] = {}
    mentions: set[tuple[RecordId, int]] = set()
    homes = _streams_of(connection, {op.entity for _, _, change, _ in changes for op in change.ops})
    for position, stream, change, withheld in changes:
        for placed in placed_ops(change, withheld=withheld):
            entity = placed.op.entity
            home = homes.setdefault(entity, stream)
            if home != stream:
                # Whoever writes in one stream must not be able to touch a record of another.
                continue
            groups.setdefault(entity, (stream, []))[1].append(placed)
            mentions.add((entity, position))
    if not groups:
        return {}
    connection.execute(
        insert(schema.CHANGE_ENTITY).prefix_with("OR IGNORE"),
        [{"entity": entity, "position": position} for entity, position in sorted(mentions)],
    )
    states = _known_states(connection, groups.keys())
    folded = {entity: (stream, fold(states.get(entity), ops)) for entity, (stream, ops) in groups.items()}
    new = folded.keys() - states.keys()
    _write_entities(connection, folded, new=new)
    _write_rows(connection, folded, new=new)
    return {entity: state.table for entity, (_, state) in folded.items()}


def _streams_of(connection: Connection, entities: set[RecordId]) -> dict[RecordId, StreamId]:
    found: dict[RecordId, StreamId] = {}
    for some in _slices(sorted(entities)):
        rows = connection.execute(
            select(schema.ENTITY.c.id, schema.ENTITY.c.stream).where(schema.ENTITY.c.id.in_(some))
        )
        found.update({RecordId(row.id): StreamId(row.stream) for row in rows})
    return found


def _known_states(connection: Connection, entities: Iterable[RecordId]) -> dict[RecordId, EntityState]:
    types: dict[str, list[RecordId]] = {}
    for some in _slices(sorted(entities)):
        rows = connection.execute(select(schema.ENTITY.c.id, schema.ENTITY.c.type).where(schema.ENTITY.c.id.in_(some)))
        for row in rows:
            types.setdefault(row.type, []).append(RecordId(row.id))
    states: dict[RecordId, EntityState] = {}
    for name, members in types.items():
        kind = record_type(name)
        if kind is None:
            # A type of a newer version has no table yet: the log keeps its changes for the day it has.
            states.update({entity: EntityState(name) for entity in members})
            continue
        table = schema.RECORD_TABLES[name]
        for some in _slices(members):
            for mapping in connection.execute(select(table).where(table.c.id.in_(some))).mappings():
                states[RecordId(mapping["id"])] = to_state(kind.SPEC, dict(mapping))
    return states


def _write_entities(
    connection: Connection, folded: dict[RecordId, tuple[StreamId, EntityState]], *, new: set[RecordId]
) -> None:
    rows = [
        {"id": entity, "type": state.table, "stream": stream}
        for entity, (stream, state) in folded.items()
        if entity in new
    ]
    if rows:
        connection.execute(insert(schema.ENTITY).prefix_with("OR IGNORE"), rows)


def _write_rows(
    connection: Connection, folded: dict[RecordId, tuple[StreamId, EntityState]], *, new: set[RecordId]
) -> None:
    by_type: dict[str, list[tuple[RecordId, StreamId, EntityState]]] = {}
    for entity, (stream, state) in folded.items():
        by_type.setdefault(state.table, []).append((entity, stream, state))
    connection.exec_driver_sql("INSERT INTO ledger_open(one) VALUES (1)")
    for name, members in by_type.items():
        kind = record_type(name)
        if kind is None:
            continue
        maker = RowMaker(kind)
        rows = [maker.row(entity, stream, state) for entity, stream, state in members]
        statement, columns = schema.put_statement(schema.RECORD_TABLES[name])
        connection.exec_driver_sql(statement, [tuple([row[column] for column in columns]) for row in rows])
        if kind.SPEC.searchable:
            _write_search(connection, kind, rows, new=new)
    connection.exec_driver_sql("DELETE FROM ledger_open")
    connection.execute(
        insert(schema.STALE_STREAM).prefix_with("OR IGNORE"),
        [{"stream": stream} for stream in sorted({stream for stream, _ in folded.values()})],
    )


def _write_search(connection: Connection, kind: type[Record], rows: Sequence[Row], *, new: set[RecordId]) -> None:
    numbers: dict[bytes, int] = {}
    for some in _slices([row["id"] for row in rows]):
        found = connection.execute(
            select(schema.ENTITY.c.id, schema.ENTITY.c.number).where(schema.ENTITY.c.id.in_(some))
        )
        numbers.update({row.id: row.number for row in found})
    entries: list[tuple[Any, ...]] = []
    for row in rows:
        words = None if row["deleted"] else search_text(kind, row)
        if words is not None and any(words):
            entries.append((numbers[row["id"]], *words))
    gone = [(number,) for entity, number in numbers.items() if entity not in new]
    if gone:
        connection.exec_driver_sql("DELETE FROM search WHERE rowid = ?", gone)
    if entries:
        connection.exec_driver_sql("INSERT INTO search(rowid, heavy, light) VALUES (?, ?, ?)", entries)


def mark_sealed(connection: Connection, positions: Sequence[int], seq: int) -> None:
    """Remember that these changes travel in this laptop's segment `seq`."""
    connection.execute(
        update(schema.CHANGE).where(schema.CHANGE.c.position == bindparam("at")).values(seq=seq),
        [{"at": position} for position in positions],
    )


def _slices(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
