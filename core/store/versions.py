"""Fields that two laptops wrote without knowing of each other, and records deleted here while changed there.

The reducer keeps every such version; a row names what is open in its `contested` column, and a small index of
its own finds those rows however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.changes.change import OpId, Wire
from core.changes.hlc import instant_of
from core.changes.reducer import TOMBSTONES, EntityState, Head
from core.domain.catalogue import RECORD_TYPES, record_type
from core.domain.declare import Care, Record
from core.foundation.ids import ID_BYTES, DeviceId, RecordId, StreamId, UserId
from core.store import schema
from core.store.connection import Connection
from core.store.rows import DELETED_ELSEWHERE, to_state

_OPEN = tuple(
    f"SELECT '{kind.SPEC.name}', id, created_hlc FROM {schema.PREFIX}{kind.SPEC.name}"  # noqa: S608  # our own names
    " WHERE contested != '' AND deleted = 0"
    for kind in RECORD_TYPES
)
"""Every row with something open, type by type. The condition stands in words so that SQLite takes the small index."""


@dataclass(frozen=True, slots=True)
class HeldVersion:
    """One value nothing has replaced. `id` is the op that wrote it, `device` the laptop (None: not known)."""

    id: OpId
    value: Wire
    actor: UserId
    at: datetime
    device: DeviceId | None
    shown: bool


@dataclass(frozen=True, slots=True)
class HeldField:
    """A field with several versions, the one shown first, then the newest first.

    `field` is `DELETED_ELSEWHERE` for a record deleted on one laptop and changed on another: the version with the
    value True is the deletion, the others (value False) are the newest changes it had not seen.
    """

    kind: type[Record]
    record: RecordId
    stream: StreamId
    field: str
    versions: tuple[HeldVersion, ...]

    @property
    def ids(self) -> frozenset[OpId]:
        """The ids of all versions."""
        return frozenset(version.id for version in self.versions)


def held_apart(connection: Connection, *, stream: StreamId | None = None) -> tuple[HeldField, ...]:
    """Every field written apart, in one stream or in the whole vault, oldest record first.

    Versions that say the same need no choice and are left out.
    """
    if stream is None:
        found = connection.exec_driver_sql(" UNION ALL ".join(_OPEN)).all()
    else:
        query = " UNION ALL ".join(f"{one} AND stream = ?" for one in _OPEN)
        found = connection.exec_driver_sql(query, (stream,) * len(_OPEN)).all()
    oldest_first = [(name, RecordId(entity)) for name, entity, _ in sorted(found, key=lambda row: (row[2], row[1]))]
    return tuple(held for name, entity in oldest_first for held in held_of_record(connection, name, entity))


def held_of_record(connection: Connection, table: str, entity: RecordId) -> tuple[HeldField, ...]:
    """The fields of one record that were written apart, in the order of its declaration."""
    kind = record_type(table)
    if kind is None:
        return ()
    columns, query = schema.get_statement(schema.RECORD_TABLES[table])
    found = connection.exec_driver_sql(f"{query} WHERE id = ?", (entity,)).first()
    if found is None:
        return ()
    row = dict(zip(columns, found, strict=True))
    if row["deleted"]:
        return ()
    state, stream = to_state(kind.SPEC, row), StreamId(row["stream"])
    made: list[HeldField] = []
    for name in row["contested"].split(","):
        spec = kind.SPEC.fields.get(name)
        if spec is not None and spec.care is Care.SECRET:
            continue  # a key is never shown to choose from; the newest one holds
        heads = _deletions(state) if name == DELETED_ELSEWHERE else state.heads.get(name, {})
        if len({_comparable(head.value) for head in heads.values()}) > 1:
            made.append(HeldField(kind, entity, stream, name, _versions(connection, heads)))
    return tuple(made)


def writers_of(connection: Connection, kind: type[Record], entity: RecordId, field: str) -> frozenset[UserId]:
    """Who wrote what stands in a field: several people if they wrote it apart, nobody if there is no such record."""
    columns, query = schema.get_statement(schema.RECORD_TABLES[kind.SPEC.name])
    found = connection.exec_driver_sql(f"{query} WHERE id = ?", (entity,)).first()
    if found is None:
        return frozenset()
    state = to_state(kind.SPEC, dict(zip(columns, found, strict=True)))
    return frozenset(head.actor for head in state.heads.get(field, {}).values())


def type_of(connection: Connection, entity: RecordId) -> str | None:
    """The wire name of a record's type; None if there is no such record here."""
    found: str | None = connection.exec_driver_sql("SELECT type FROM entity WHERE id = ?", (entity,)).scalar()
    return found


def _versions(connection: Connection, heads: Mapping[OpId, Head]) -> tuple[HeldVersion, ...]:
    devices = _devices(connection, heads)
    order = sorted(heads, key=lambda op_id: (heads[op_id].hlc, op_id), reverse=True)
    return tuple(
        HeldVersion(
            op_id, heads[op_id].value, heads[op_id].actor, instant_of(heads[op_id].hlc),
            devices.get(op_id[:ID_BYTES]), shown=place == 0,
        )
        for place, op_id in enumerate(order)
    )  # fmt: skip


def _deletions(state: EntityState) -> dict[OpId, Head]:
    """The newest deletion and, by every laptop's person, the newest change that deletion had not seen."""
    tombstones = state.heads.get(TOMBSTONES, {})
    if not tombstones:
        return {}
    newest = max(tombstones, key=lambda op_id: (tombstones[op_id].hlc, op_id))
    seen = tombstones[newest].value
    known = set(_ids(seen if isinstance(seen, list) else ()))
    unseen = {
        op_id: head
        for name, heads in state.heads.items()
        if name != TOMBSTONES
        for op_id, head in heads.items()
        if op_id not in known
    }
    latest: dict[UserId, OpId] = {}
    for op_id in sorted(unseen, key=lambda op_id: (unseen[op_id].hlc, op_id)):
        latest[unseen[op_id].actor] = op_id
    found = {op_id: unseen[op_id]._replace(value=False) for op_id in latest.values()}
    return {**found, newest: tombstones[newest]._replace(value=True)} if found else {}


def _devices(connection: Connection, ops: Iterable[OpId]) -> dict[bytes, DeviceId]:
    changes = sorted({op_id[:ID_BYTES] for op_id in ops})
    places = ", ".join("?" * len(changes))
    query = f"SELECT id, device FROM change WHERE id IN ({places})"  # noqa: S608  # only question marks
    rows: Sequence[tuple[bytes, bytes]] = connection.exec_driver_sql(query, tuple(changes)).all()
    return {change: DeviceId(device) for change, device in rows}


def _ids(values: Iterable[Wire]) -> Iterable[OpId]:
    return (value for value in values if isinstance(value, bytes))


def _comparable(value: Wire) -> str:
    """Two values say the same if they are of one type and equal; a list or a map cannot be put in a set."""
    return f"{type(value).__name__} {value!r}"
