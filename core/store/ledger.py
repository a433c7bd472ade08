"""How changes enter the vault: one way for this laptop's own and for everybody else's.

Save the change, fold it, write the rows and the search text, all in one transaction. Nothing else
writes to record tables; the guard triggers see to it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from core.changes.change import Change, decode, encode
from core.changes.reducer import EntityState, PlacedOp, fold, placed_ops
from core.changes.state_wire import decode_states
from core.domain.catalogue import record_type
from core.domain.changed import Changed
from core.domain.declare import Record
from core.foundation.ids import ID_BYTES, DeviceId, RecordId, StreamId
from core.store import bases, schema
from core.store.connection import Connection
from core.store.resting import seal_change, sealed_among, sealed_streams
from core.store.rows import Row, RowMaker, search_text, to_state

BATCH = 500
BATCH_OPS = 16_000
"""Changes are folded together up to so many of either; tens of thousands of steps at once take memory as they grow."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One change on its way in. `seq` is None for this laptop's own change until it is sealed."""

    change: Change
    stream: StreamId
    device: DeviceId
    seq: int | None = None
    withheld: bool = False


def record_arrivals(
    connection: Connection, arrivals: Iterable[Arrival], *, read: Mapping[RecordId, EntityState] | None = None
) -> Changed:
    """Log the changes that are new and fold them into rows. Repeating an arrival changes nothing.

    The caller delivers causally: a change comes with or after those it builds on. `read`: records as this very
    transaction has read them from their rows, so that they need not be read again.
    """
    kinds: set[str] = set()
    ids: set[bytes] = set()
    pending: list[Arrival] = []
    steps = 0
    known = dict(read or {})
    for arrival in arrivals:
        pending.append(arrival)
        steps += len(arrival.change.ops)
        if len(pending) >= BATCH or steps >= BATCH_OPS:
            _record_batch(connection, pending, kinds, ids, known)
            pending, steps = [], 0
    if pending:
        _record_batch(connection, pending, kinds, ids, known)
    return Changed(frozenset(kinds), frozenset(ids))


def rebuild_records(connection: Connection) -> None:
    """Throw the record tables and the search index away and make them again from the change log."""
    schema.drop_records(connection)
    connection.execute(delete(schema.ENTITY))
    connection.execute(delete(schema.CHANGE_ENTITY))
    schema.renew_search(connection)
    schema.create_records(connection)
    resting = sealed_streams(connection)
    for base in bases.bases(connection):
        put_states(connection, base.stream, decode_states(base.state))
    covered = bases.covered(connection)
    position = 0
    while True:
        rows = connection.execute(
            select(
                schema.CHANGE.c.position, schema.CHANGE.c.stream, schema.CHANGE.c.withheld, schema.CHANGE.c.body,
                schema.CHANGE.c.device, schema.CHANGE.c.seq,
            )
            .where(schema.CHANGE.c.position > position)
            .order_by(schema.CHANGE.c.position)
            .limit(BATCH)
        ).all()
        if not rows:
            return
        fold_logged(
            connection,
            [
                (row.position, StreamId(row.stream), decode(row.body), bool(row.withheld))
                for row in rows
                if row.stream not in resting
                and not bases.is_covered(covered.get(row.stream, bases.NOTHING_COVERED), row.device, row.seq)
            ],
        )  # fmt: skip
        position = rows[-1].position


def rebuild_entities(connection: Connection, entities: Collection[RecordId]) -> Changed:
    """Make certain records again from all their changes, after some of these came to count or ceased to."""
    kinds: set[str] = set()
    wanted = sorted(entities)
    standing = {base.stream: decode_states(base.state) for base in bases.bases(connection)}
    for some in _slices(wanted):
        ids = set(some)
        folded: dict[RecordId, _Folded] = {}
        groups: dict[RecordId, list[PlacedOp]] = {}
        places = _places(connection, ids)
        marks = ", ".join("?" * len(some))
        rows = connection.exec_driver_sql(
            "SELECT DISTINCT c.position, c.stream, c.withheld, c.body FROM change_entity e"  # noqa: S608  # only question marks
            f" JOIN change c ON c.position = e.position WHERE e.entity IN ({marks}) ORDER BY c.position",
            tuple(some),
        )
        for _, stream, withheld, body in rows:
            for placed in placed_ops(decode(body), withheld=bool(withheld)):
                entity = placed.op.entity
                if entity in ids and places[entity].stream == stream:
                    groups.setdefault(entity, []).append(placed)
        for entity, ops in groups.items():
            place = places[entity]
            before = standing.get(place.stream, {}).get(entity, EntityState(place.table))
            folded[entity] = _Folded(place.number, place.stream, fold(before, ops), known=True)
            kinds.add(place.table)
        _write_rows(connection, folded)
    return Changed(frozenset(kinds), frozenset(wanted))


def put_states(connection: Connection, stream: StreamId, states: Mapping[RecordId, EntityState]) -> None:
    """Write records as a summary says they are, in a stream that has none here."""
    last = _greatest(connection, "SELECT max(number) FROM entity")
    folded = {
        entity: _Folded(last + offset, stream, state, known=False)
        for offset, (entity, state) in enumerate(states.items(), start=1)
    }
    if folded:
        new = [(one.number, entity, one.state.table, one.stream) for entity, one in folded.items()]
        connection.exec_many("INSERT INTO entity (number, id, type, stream) VALUES (?, ?, ?, ?)", new)
        _write_rows(connection, folded)


def _record_batch(
    connection: Connection, arrivals: Sequence[Arrival], kinds: set[str], ids: set[bytes],
    read: dict[RecordId, EntityState],
) -> None:  # fmt: skip
    known = {row[0] for row in _found(connection, "SELECT id FROM change", [one.change.id for one in arrivals])}
    fresh = list({arrival.change.id: arrival for arrival in arrivals if arrival.change.id not in known}.values())
    if not fresh:
        return
    resting = sealed_among(connection, {one.stream for one in fresh})
    last = _greatest(connection, "SELECT max(position) FROM change")
    connection.exec_many(
        "INSERT INTO change (position, id, stream, device, seq, hlc, actor, cause, withheld, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                last + offset, one.change.id, one.stream, one.device, one.seq, one.change.hlc, one.change.actor,
                one.change.cause, one.withheld,
                seal_change(connection, one.stream, one.change) if one.stream in resting else encode(one.change),
            )
            for offset, one in enumerate(fresh, start=1)
        ],
    )  # fmt: skip
    kinds.update(op.table for one in fresh if one.stream in resting for op in one.change.ops)
    covered = bases.covered(connection)
    placed = [
        (last + offset, a.stream, a.change, a.withheld)
        for offset, a in enumerate(fresh, start=1)
        if a.stream not in resting
        and not bases.is_covered(covered.get(a.stream, bases.NOTHING_COVERED), a.device, a.seq)
    ]
    for entity, kind in fold_logged(connection, placed, read=read).items():
        kinds.add(kind)
        ids.add(entity)
        read.pop(entity, None)  # as it was before this batch


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an entity belongs: its number in the search index, its type and its stream."""

    number: int
    table: str
    stream: StreamId


@dataclass(slots=True)
class _Folded:
    """One entity as it stands after a batch. `known`: there was a row for it before."""

    number: int
    stream: StreamId
    state: EntityState
    known: bool


def fold_logged(
    connection: Connection, changes: Sequence[tuple[int, StreamId, Change, bool]], *,
    read: Mapping[RecordId, EntityState] | None = None,
) -> dict[RecordId, str]:  # fmt: skip
    """Fold logged changes into rows; returns the entities touched and their types. `read` as in `record_arrivals`."""
    read = read or {}
    groups: dict[RecordId, list[PlacedOp]] = {}
    mentions: set[tuple[RecordId, int]] = set()
    places = _places(connection, {op.entity for _, _, change, _ in changes for op in change.ops})
    homes = {entity: place.stream for entity, place in places.items()}
    for position, stream, change, withheld in changes:
        for placed in placed_ops(change, withheld=withheld):
            entity = placed.op.entity
            if homes.setdefault(entity, stream) != stream:
                # Whoever writes in one stream must not be able to touch a record of another.
                continue
            groups.setdefault(entity, []).append(placed)
            mentions.add((entity, position))
    if not groups:
        return {}
    connection.exec_many(
        "INSERT OR IGNORE INTO change_entity (entity, position) VALUES (?, ?)", sorted(mentions)
    )
    states = _known_states(
        connection, {entity: places[entity] for entity in groups if entity in places and entity not in read}
    )
    last = _greatest(connection, "SELECT max(number) FROM entity")
    folded: dict[RecordId, _Folded] = {}
    for entity, ops in groups.items():
        place = places.get(entity)
        if place is None:
            last += 1
        number = place.number if place else last
        before = read.get(entity) or states.get(entity)
        folded[entity] = _Folded(number, homes[entity], fold(before, ops), place is not None)
    _forget_what_came(connection, folded, position=changes[-1][0])
    new = [(one.number, entity, one.state.table, one.stream) for entity, one in folded.items() if not one.known]
    if new:
        connection.exec_many("INSERT INTO entity (number, id, type, stream) VALUES (?, ?, ?, ?)", new)
    _write_rows(connection, folded)
    return {entity: one.state.table for entity, one in folded.items()}


def _forget_what_came(connection: Connection, folded: dict[RecordId, _Folded], *, position: int) -> None:
    """Of the ops that were replaced and are not here, remember only those that never came up to this position."""
    missed = {op_id[:ID_BYTES] for one in folded.values() for op_id in one.state.absent}
    if not missed:
        return
    rows = _found(connection, "SELECT id, position FROM change", sorted(missed))
    came = {row[0] for row in rows if row[1] <= position}
    for one in folded.values():
        if one.state.absent:
            still = frozenset(op_id for op_id in one.state.absent if op_id[:ID_BYTES] not in came)
            one.state = replace(one.state, absent=still)


def _places(connection: Connection, entities: set[RecordId]) -> dict[RecordId, _Place]:
    found = _found(connection, "SELECT id, number, type, stream FROM entity", sorted(entities))
    return {RecordId(row[0]): _Place(row[1], row[2], StreamId(row[3])) for row in found}


def _known_states(connection: Connection, places: dict[RecordId, _Place]) -> dict[RecordId, EntityState]:
    types: dict[str, list[RecordId]] = {}
    for entity, place in places.items():
        types.setdefault(place.table, []).append(entity)
    states: dict[RecordId, EntityState] = {}
    for name, members in types.items():
        kind = record_type(name)
        if kind is None:
            # A type of a newer version has no table yet: the log keeps its changes for the day it has.
            states.update({entity: EntityState(name) for entity in members})
            continue
        columns, beginning = schema.get_statement(schema.RECORD_TABLES[name])
        for row in _found(connection, beginning, sorted(members)):
            held = dict(zip(columns, row, strict=True))
            states[RecordId(held["id"])] = to_state(kind.SPEC, held)
    return states


def _write_rows(connection: Connection, folded: dict[RecordId, _Folded]) -> None:
    by_type: dict[str, list[tuple[RecordId, _Folded]]] = {}
    for entity, one in folded.items():
        by_type.setdefault(one.state.table, []).append((entity, one))
    connection.exec_driver_sql("INSERT INTO ledger_open(one) VALUES (1)")
    for name, members in by_type.items():
        kind = record_type(name)
        if kind is None:
            continue
        maker = RowMaker(kind)
        rows = [maker.row(entity, one.stream, one.state) for entity, one in members]
        statement, columns = schema.put_statement(schema.RECORD_TABLES[name])
        connection.exec_many(statement, [tuple([row[column] for column in columns]) for row in rows])
        if kind.SPEC.searchable:
            _write_search(connection, kind, [(one, row) for (_, one), row in zip(members, rows, strict=True)])
    connection.exec_driver_sql("DELETE FROM ledger_open")
    connection.exec_many(
        "INSERT OR IGNORE INTO stale_stream (stream) VALUES (?)",
        [(stream,) for stream in sorted({one.stream for one in folded.values()})],
    )


def _write_search(connection: Connection, kind: type[Record], rows: Sequence[tuple[_Folded, Row]]) -> None:
    entries: list[tuple[Any, ...]] = []
    for one, row in rows:
        words = None if row["deleted"] else search_text(kind, row)
        if words is not None and any(words):
            entries.append((one.number, *words))
    gone = [(one.number,) for one, _ in rows if one.known]
    if gone:
        connection.exec_many("DELETE FROM search WHERE rowid = ?", gone)
    if entries:
        connection.exec_many("INSERT INTO search(rowid, heavy, light) VALUES (?, ?, ?)", entries)


def _found(connection: Connection, beginning: str, ids: Sequence[bytes]) -> Iterable[Sequence[Any]]:
    """The rows of a query with one of `ids`, asked for some at a time."""
    for some in _slices(ids):
        places = ", ".join("?" * len(some))
        yield from connection.exec_driver_sql(f"{beginning} WHERE id IN ({places})", tuple(some))


def _greatest(connection: Connection, query: str) -> int:
    return connection.exec_driver_sql(query).scalar_one() or 0


def mark_sealed(connection: Connection, positions: Sequence[int], seq: int) -> None:
    """Remember that these changes travel in this laptop's segment `seq`."""
    connection.execute(
        update(schema.CHANGE).where(schema.CHANGE.c.position == bindparam("at")).values(seq=seq),
        [{"at": position} for position in positions],
    )


def _slices(items: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(items), BATCH):
        yield items[start : start + BATCH]
