"""A unit of work: the one way a service writes. It becomes one signed change per stream touched."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.changes import naming
from core.changes.change import MAX_OPS, Change, Op, OpId, OpKind, Wire
from core.changes.hlc import HybridClock
from core.changes.reducer import TOMBSTONES, EntityState, Head, PlacedOp, shown, take_in
from core.domain.changed import Changed
from core.domain.declare import FieldSpec, Kind, Record
from core.domain.values import holds, to_wire
from core.foundation.errors import BugError, NotAllowed, NotFound
from core.foundation.ids import ID_BYTES, ChangeId, DeviceId, RecordId, StreamId, UserId
from core.foundation.ports import Randomness
from core.store import schema
from core.store.connection import Connection
from core.store.ledger import Arrival, record_arrivals
from core.store.rows import to_state

FULL_CHANGE_OPS = 4_000
FULL_CHANGE_BYTES = 1024 * 1024
"""A change larger than either is closed and another begun, so that no laptop has to hold a huge one, and
none refuses it: the longest text there can be still fits `change.MAX_CHANGE_BYTES` on its own."""

_READ_AT_ONCE = 400
_OP_BYTES = 64
_DEP_BYTES = 20
_WIDEST_LETTER_BYTES = 4


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, and on which laptop."""

    user: UserId
    device: DeviceId


@dataclass(slots=True)
class _Open:
    id: ChangeId
    hlc: int
    ops: list[Op] = field(default_factory=list)
    size_bytes: int = 0


@dataclass(slots=True)
class _Known:
    """A record as this unit sees it: `heads` is the content of `state`, and changes as the unit writes."""

    stream: StreamId
    state: EntityState
    heads: dict[str, dict[OpId, Head]]
    before: EntityState | None = None
    """As the row has it, for a record read from one."""


class WriteUnit:
    """Collects what a service does and, at the end, records it as changes through the ledger.

    Reads inside the unit see what the unit itself has done so far.
    """

    def __init__(  # the ground a unit stands on, by keyword
        self, connection: Connection, *, author: Author, cause: str, clock: HybridClock, now: datetime,
        randomness: Randomness, may_write: Callable[[StreamId], bool],
    ) -> None:  # fmt: skip
        self._connection = connection
        self._may_write = may_write
        self._author = author
        self._cause = cause
        self._now = now
        self._randomness = randomness
        self.clock = clock
        self._open: dict[StreamId, _Open] = {}
        self._arrivals: list[Arrival] = []
        self._known: dict[RecordId, _Known] = {}

    @property
    def connection(self) -> Connection:
        """The transaction, for queries that must see a steady vault."""
        return self._connection

    def create(self, kind: type[Record], stream: StreamId, **values: object) -> RecordId:
        """A new record in `stream` with the fields given; a set field takes any iterable.

        Raises:
            FormIncomplete: a text longer than its field can hold.
            TypeError, ValueError: another value its field cannot hold.
            NotAllowed: this person only reads there; everybody else would refuse the change.
        """
        entity = naming.record_id(stream, kind.SPEC.name, self._randomness.bytes(ID_BYTES))
        heads: dict[str, dict[OpId, Head]] = {}
        self._known[entity] = _Known(stream, EntityState(kind.SPEC.name, heads), heads)
        self._write_fields(kind, entity, values)
        return entity

    def write_once(self, kind: type[Record], stream: StreamId, **values: object) -> RecordId:
        """A new record of a type that is never altered, in a change of its own that its id proves.

        Raises:
            FormIncomplete, NotAllowed: as `create`.
        """
        if stream in self._open:
            self._close_change(stream)
        entity = naming.once_id(stream, kind.SPEC.name, self._begin(stream).id)
        heads: dict[str, dict[OpId, Head]] = {}
        self._known[entity] = _Known(stream, EntityState(kind.SPEC.name, heads), heads)
        self._write_fields(kind, entity, values)
        self._close_change(stream)
        return entity

    def update(self, kind: type[Record], entity: RecordId, **values: object) -> None:
        """Set fields of an existing record. A value that already stands alone is not written again.

        For a set field the given iterable becomes the whole set.

        Raises:
            NotFound: there is no such record here, or it was deleted.
        """
        _refuse_append_only(kind)
        self._record(kind, entity)
        self._write_fields(kind, entity, values)

    def let_go(self, entity: RecordId) -> None:
        """Remember no more of a record: nothing else of it is changed in this unit. For thousands at once."""
        self._known.pop(entity, None)

    def read_ahead(self, kind: type[Record], entities: Sequence[RecordId]) -> None:
        """Fetch records that are about to be updated one by one, a few hundred with one question."""
        columns, query = schema.get_statement(schema.RECORD_TABLES[kind.SPEC.name])
        wanted = [entity for entity in entities if entity not in self._known]
        for start in range(0, len(wanted), _READ_AT_ONCE):
            some = wanted[start : start + _READ_AT_ONCE]
            marks = ", ".join("?" * len(some))
            for found in self._connection.exec_driver_sql(f"{query} WHERE id IN ({marks})", tuple(some)):
                self._know(kind, dict(zip(columns, found, strict=True)))

    def delete(self, kind: type[Record], entity: RecordId) -> None:
        """Mark a record as deleted. An edit made elsewhere meanwhile brings it back.

        Raises:
            NotFound: there is no such record here, or it was deleted.
        """
        _refuse_append_only(kind)
        found = self._record(kind, entity).heads
        standing: list[Wire] = [op for name, heads in found.items() if name != TOMBSTONES for op in heads]
        earlier = tuple(found.get(TOMBSTONES, {}))
        self._put(Op(OpKind.TOMBSTONE, entity, kind.SPEC.name, TOMBSTONES, standing, earlier))

    def keep(self, kind: type[Record], entity: RecordId) -> None:
        """Say that a record deleted on one laptop and changed on another stays. Writes nothing if nobody deleted it.

        Raises:
            NotFound: there is no such record here, or its deletion saw everything.
        """
        tombstones = tuple(sorted(self._record(kind, entity).heads.get(TOMBSTONES, {})))
        if tombstones:
            self._put(Op(OpKind.REMOVE, entity, kind.SPEC.name, TOMBSTONES, None, tombstones))

    def stream_of(self, kind: type[Record], entity: RecordId) -> StreamId:
        """The stream a record lives in, also for one made in this very unit.

        Raises:
            NotFound: there is no such record here, or it was deleted.
        """
        return self._record(kind, entity).stream

    def take_up(self, entity: RecordId, stream: StreamId, state: EntityState) -> None:
        """Know a record that has no row because its stream rests sealed (`resting.py`)."""
        heads = {name: dict(standing) for name, standing in state.heads.items()}
        self._known[entity] = _Known(stream, EntityState(state.table, heads), heads)

    def put_op(self, stream: StreamId, op: Op) -> ChangeId:
        """An op that makes no record: an epoch of keys, a roster entry. Returns the change it is part of."""
        return self._append(stream, op).id

    def put_alone(self, stream: StreamId, op: Op) -> None:
        """As `put_op`, in a change of its own: what goes out under another key than the rest."""
        if stream in self._open:
            self._close_change(stream)
        self._append(stream, op)
        self._close_change(stream)

    def finish(self) -> Changed:
        """Record everything. Called once, by the store, inside the transaction."""
        for stream in list(self._open):
            self._close_change(stream)
        read = {entity: known.before for entity, known in self._known.items() if known.before is not None}
        self._known.clear()
        return record_arrivals(self._connection, self._arrivals, read=read)

    def _write_fields(self, kind: type[Record], entity: RecordId, values: Mapping[str, object]) -> None:
        for name, value in values.items():
            spec = kind.SPEC.fields.get(name)
            if spec is None:
                raise BugError(rule=f"{kind.SPEC.name} has no field {name}")
            if spec.kind.many:
                self._write_set(kind, entity, spec, value)
            else:
                self._write_scalar(kind, entity, spec, value)

    def _write_scalar(self, kind: type[Record], entity: RecordId, spec: FieldSpec, value: object) -> None:
        wire = to_wire(spec, value)
        heads = self._known[entity].heads.get(spec.name)
        if heads:
            standing = shown(heads)
            if len(heads) == 1 and standing is not None and standing.value == wire:
                return
        elif wire is None or (wire in ("", b"") and wire == kind.__dataclass_fields__[spec.name].default):
            return
        op_kind = OpKind.TEXT if spec.kind is Kind.LONG_TEXT else OpKind.SET
        self._put(Op(op_kind, entity, kind.SPEC.name, spec.name, wire, tuple(sorted(heads or ()))))

    def _write_set(self, kind: type[Record], entity: RecordId, spec: FieldSpec, value: object) -> None:
        if not isinstance(value, Iterable) or isinstance(value, (str, bytes)):
            raise TypeError(f"{spec.name} needs several values")
        wanted: dict[Any, None] = {to_wire(spec, item): None for item in value}
        standing: dict[Any, list[OpId]] = {}
        for op_id, head in self._known[entity].heads.get(spec.name, {}).items():
            # What this field cannot hold came from elsewhere and is not shown: leave it to whoever can read it.
            if head.value is not None and holds(spec, head.value):
                standing.setdefault(head.value, []).append(op_id)
        for item in sorted(standing.keys() - wanted.keys(), key=repr):
            seen = tuple(sorted(standing[item]))
            self._put(Op(OpKind.REMOVE, entity, kind.SPEC.name, spec.name, None, seen))
        for item in sorted(wanted.keys() - standing.keys(), key=repr):
            self._put(Op(OpKind.ADD, entity, kind.SPEC.name, spec.name, item))

    def _put(self, op: Op) -> None:
        known = self._known[op.entity]
        if not self._may_write(known.stream):
            raise NotAllowed()
        change = self._append(known.stream, op)
        op_id = change.id + (len(change.ops) - 1).to_bytes(2, "big")
        take_in(known.heads, PlacedOp(op_id, op, change.hlc, self._author.user))

    def _append(self, stream: StreamId, op: Op) -> _Open:
        size_bytes = _at_most_bytes(op)
        change = self._open.get(stream)
        if change is not None and (
            len(change.ops) >= min(FULL_CHANGE_OPS, MAX_OPS) or change.size_bytes + size_bytes > FULL_CHANGE_BYTES
        ):
            self._close_change(stream)
            change = None
        if change is None:
            change = self._begin(stream)
        change.ops.append(op)
        change.size_bytes += size_bytes
        return change

    def _begin(self, stream: StreamId) -> _Open:
        self.clock = self.clock.tick(self._now)
        dice = self._randomness.bytes(ID_BYTES)
        made = _Open(naming.change_id(self._author.user, stream, self.clock.last, dice), self.clock.last)
        self._open[stream] = made
        return made

    def _close_change(self, stream: StreamId) -> None:
        made = self._open.pop(stream)
        change = Change(made.id, made.hlc, self._author.user, self._cause, tuple(made.ops))
        self._arrivals.append(Arrival(change, stream, self._author.device))

    def _record(self, kind: type[Record], entity: RecordId) -> _Known:
        known = self._known.get(entity)
        if known is None:
            columns, query = schema.get_statement(schema.RECORD_TABLES[kind.SPEC.name])
            found = self._connection.exec_driver_sql(f"{query} WHERE id = ?", (entity,)).first()
            if found is None:
                raise NotFound(what=kind.SPEC.label.lower())
            known = self._know(kind, dict(zip(columns, found, strict=True)))
        if known.state.deleted:
            raise NotFound(what=kind.SPEC.label.lower())
        return known

    def _know(self, kind: type[Record], row: dict[str, Any]) -> _Known:
        held = to_state(kind.SPEC, row)
        heads = {name: dict(standing) for name, standing in held.heads.items()}
        known = _Known(StreamId(row["stream"]), EntityState(held.table, heads), heads, held)
        self._known[RecordId(row["id"])] = known
        return known


def _refuse_append_only(kind: type[Record]) -> None:
    if kind.SPEC.append_only:
        raise BugError(rule=f"{kind.SPEC.name} is written once and never altered")


def _at_most_bytes(op: Op) -> int:
    """No fewer bytes than the op takes when encoded."""
    value = op.value
    if isinstance(value, str):
        own = len(value) * _WIDEST_LETTER_BYTES
    elif isinstance(value, bytes):
        own = len(value)
    else:
        own = len(value) * _DEP_BYTES if isinstance(value, list) else 0
    return _OP_BYTES + len(op.table) + len(op.field) + own + len(op.deps) * _DEP_BYTES


