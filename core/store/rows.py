"""Between what the reducer knows of an entity and its one wide row.

A row holds the shown value of every declared field in its own column, and everything else the
reducer needs in one packed column, `stamps`: deterministic CBOR
`[[change id, hlc, actor, [[field, op index] or [field, op index, value], ...]], ...]`,
sorted by change id. The value is left out where the column already holds it.
"""

from __future__ import annotations

import json
from typing import Any

from core.changes import cbor
from core.changes.change import OpId, Wire
from core.changes.reducer import EntityState, Head, shown
from core.domain.declare import FieldSpec, Kind, Record, RecordSpec
from core.domain.values import from_wire, holds, to_wire
from core.foundation.ids import ID_BYTES, RecordId, StreamId, UserId

MAX_STAMPS_BYTES = 64 * 1024 * 1024

Row = dict[str, Any]
"""Column name -> value as the database holds it."""


def to_row(kind: type[Record], entity: RecordId, stream: StreamId, state: EntityState) -> Row:
    """The row of an entity. A value its field cannot hold stays in `stamps` and out of the column."""
    row: Row = {
        "id": entity,
        "stream": stream,
        # Nothing stands of a record whose every change is withheld, so it is not shown either.
        "deleted": state.deleted or not state.heads,
        "created_hlc": state.created_hlc,
        "changed_hlc": max((head.hlc for heads in state.heads.values() for head in heads.values()), default=0),
    }
    contested: list[str] = []
    in_column: dict[str, Wire] = {}
    for field in kind.SPEC.fields.values():
        heads = state.heads.get(field.name, {})
        if field.kind.many:
            row[field.name] = _pack_set(field, heads)
            continue
        head = shown(heads)
        if len(heads) > 1:
            contested.append(field.name)
        if head is None or not holds(field, head.value):
            row[field.name] = _default(kind, field)
            continue
        row[field.name] = head.value if head.value is not None else _default(kind, field)
        if len(heads) == 1 and head.value is not None:
            in_column[field.name] = head.value
    row["contested"] = ",".join(contested)
    row["stamps"] = _pack_stamps(state, in_column)
    return row


def to_state(spec: RecordSpec, row: Row) -> EntityState:
    """What the reducer knew when the row was written: the inverse of `to_row`."""
    heads: dict[str, dict[OpId, Head]] = {}
    groups: Any = cbor.decode(row["stamps"], max_bytes=MAX_STAMPS_BYTES)
    for change_id, hlc, actor, entries in groups:
        for entry in entries:
            name, index = entry[0], entry[1]
            value = entry[2] if len(entry) > 2 else _from_column(spec, name, row)  # [field, index, value]
            heads.setdefault(name, {})[change_id + index.to_bytes(2, "big")] = Head(hlc, UserId(actor), value)
    return EntityState(spec.name, heads)


def to_record(kind: type[Record], row: Row) -> Record:
    """The frozen record a service works with."""
    values: dict[str, Any] = {}
    for field in kind.SPEC.fields.values():
        held = row[field.name]
        if field.kind.many:
            values[field.name] = _unpack_set(field, held)
        elif held is not None:
            values[field.name] = from_wire(field, held)
    return kind(id=RecordId(row["id"]), stream=StreamId(row["stream"]), **values)


def search_text(kind: type[Record], row: Row) -> tuple[str, str] | None:
    """The words search finds this row by, heavy and light; None if the type is not searched."""
    fields = kind.SPEC.searchable
    if not fields:
        return None
    heavy = [_words(field, row) for field in fields if field.search_weight > 1]
    light = [_words(field, row) for field in fields if field.search_weight == 1]
    return " ".join(filter(None, heavy)), " ".join(filter(None, light))


def _words(field: FieldSpec, row: Row) -> str:
    held = row[field.name]
    if field.kind.many:
        return " ".join(str(item) for item in json.loads(held))
    return str(held or "")


def _default(kind: type[Record], field: FieldSpec) -> Wire:
    default = kind.__dataclass_fields__[field.name].default
    return to_wire(field, default)


def _pack_set(field: FieldSpec, heads: dict[OpId, Head] | Any) -> str:
    values: set[Any] = {head.value for head in heads.values() if head.value is not None and holds(field, head.value)}
    if field.kind is Kind.LINKS:
        return json.dumps(sorted(value.hex() for value in values))
    return json.dumps(sorted(values), ensure_ascii=False)


def _unpack_set(field: FieldSpec, held: str) -> frozenset[object]:
    items = json.loads(held)
    return frozenset(bytes.fromhex(item) for item in items) if field.kind is Kind.LINKS else frozenset(items)


def _pack_stamps(state: EntityState, in_column: dict[str, Wire]) -> bytes:
    groups: dict[bytes, tuple[int, UserId, list[list[Wire]]]] = {}
    for name in sorted(state.heads):
        for op_id, head in sorted(state.heads[name].items()):
            entry: list[Wire] = [name, int.from_bytes(op_id[ID_BYTES:], "big")]
            if name not in in_column:
                entry.append(head.value)
            groups.setdefault(op_id[:ID_BYTES], (head.hlc, head.actor, []))[2].append(entry)
    return cbor.encode([[change, hlc, actor, entries] for change, (hlc, actor, entries) in sorted(groups.items())])


def _from_column(spec: RecordSpec, name: str, row: Row) -> Wire:
    held: Wire = row[name] if name in spec.fields else None
    return held
