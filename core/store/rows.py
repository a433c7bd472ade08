"""Between what the reducer knows of an entity and its one wide row.

A row holds the shown value of every declared field in its own column, and everything else the
reducer needs in one packed column, `stamps`: deterministic CBOR `[heads, withheld]`, with
`heads = [[change id, hlc, actor, [[field, op index] or [field, op index, value], ...]], ...]` sorted by change id
(the value is left out where the column already holds it) and `withheld = [[op id, [op id, ...]], ...]`; where ops were
replaced that are not here, `[heads, withheld, [op id, ...]]`.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Generic

from core.changes import cbor
from core.changes.change import OpId, Wire
from core.changes.hlc import from_ms
from core.changes.reducer import TOMBSTONES, EntityState, Head, shown
from core.domain.declare import FieldSpec, Kind, R, Record, RecordSpec
from core.domain.values import SHORT_TEXT_KINDS, holds, text_limit, to_wire
from core.foundation.ids import ID_BYTES, RecordId, StreamId, UserId

MAX_STAMPS_BYTES = 2**31
"""No real bound: colleagues may write many long versions apart, and what was written here must be read again."""
_OVER_A_VALUE = 5
"""The lists a value lies in within `stamps`."""
DELETED_ELSEWHERE = "deleted"
"""What `contested` says of a record deleted on one laptop and changed on another; no field may have this name."""

Row = dict[str, Any]
"""Column name -> value as the database holds it."""

_AS_READ: dict[Kind, Callable[[Any], object]] = {Kind.INSTANT: from_ms, Kind.DATE: date.fromisoformat}


class RowMaker:
    """Makes rows of one record type. What all its rows share is worked out once."""

    def __init__(self, kind: type[Record]) -> None:
        self._fields = kind.SPEC.fields
        self._quick = {
            name: (str, text_limit(field)) for name, field in self._fields.items() if field.kind in SHORT_TEXT_KINDS
        }
        self._blank: Row = {
            name: "[]" if field.kind.many else _default(kind, field) for name, field in self._fields.items()
        }

    def row(self, entity: RecordId, stream: StreamId, state: EntityState) -> Row:
        """The row of an entity. A value its field cannot hold stays in `stamps` and out of the column."""
        stamps = [head.hlc for heads in state.heads.values() for head in heads.values()]
        row: Row = {
            "id": entity,
            "stream": stream,
            # Nothing stands of a record whose every change is withheld, so it is not shown either.
            "deleted": state.deleted or not state.heads,
            "created_hlc": min(stamps, default=0),
            "changed_hlc": max(stamps, default=0),
            **self._blank,
        }
        contested: list[str] = []
        in_column: set[str] = set()
        quick = self._quick
        for name, heads in state.heads.items():
            field = self._fields.get(name)
            if field is None:
                continue
            if field.kind.many:
                row[name] = _pack_set(field, heads)
                continue
            if len(heads) > 1:
                contested.append(name)
            head = shown(heads)
            value = head.value if head is not None else None
            if value is None:
                continue
            kind, most = quick.get(name, (None, 0))
            if (type(value) is kind and len(value) <= most) or holds(field, value):
                row[name] = value
                if len(heads) == 1:
                    in_column.add(name)
        if TOMBSTONES in state.heads and not row["deleted"]:
            contested.append(DELETED_ELSEWHERE)
        row["contested"] = (
            ",".join(name for name in (DELETED_ELSEWHERE, *self._fields) if name in contested) if contested else ""
        )
        row["stamps"] = _pack_stamps(state, in_column)
        return row


def to_row(kind: type[Record], entity: RecordId, stream: StreamId, state: EntityState) -> Row:
    """As `RowMaker.row`, for one row."""
    return RowMaker(kind).row(entity, stream, state)


def to_state(spec: RecordSpec, row: Row) -> EntityState:
    """What the reducer knew when the row was written: the inverse of `to_row`."""
    heads: dict[str, dict[OpId, Head]] = {}
    packed: Any = cbor.decode(row["stamps"], max_bytes=MAX_STAMPS_BYTES)
    groups, withheld, *absent = packed
    for change_id, hlc, actor, entries in groups:
        for entry in entries:
            name, index = entry[0], entry[1]
            value = entry[2] if len(entry) > 2 else _from_column(spec, name, row)  # [field, index, value]
            heads.setdefault(name, {})[change_id + index.to_bytes(2, "big")] = Head(hlc, UserId(actor), value)
    return EntityState(
        spec.name, heads, {op_id: tuple(deps) for op_id, deps in withheld}, frozenset(absent[0] if absent else ())
    )


class RecordReader(Generic[R]):
    """Makes records of one type from rows that hold id, stream and every declared field, in that order."""

    def __init__(self, kind: type[R]) -> None:
        self._kind = kind
        self._fields = tuple((name, _as_read(field)) for name, field in kind.SPEC.fields.items())

    def record(self, row: Sequence[Any]) -> R:
        """The frozen record a service works with. What stands in a column was checked when it was put there."""
        values = {
            name: held if convert is None else convert(held)
            for (name, convert), held in zip(self._fields, row[2:], strict=True)
            if held is not None
        }
        return self._kind(id=RecordId(row[0]), stream=StreamId(row[1]), **values)


def _as_read(field: FieldSpec) -> Callable[[Any], object] | None:
    if field.kind.many:
        return functools.partial(_unpack_set, field)
    return _AS_READ.get(field.kind)


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


def _pack_set(field: FieldSpec, heads: Mapping[OpId, Head]) -> str:
    values: set[Any] = {head.value for head in heads.values() if head.value is not None and holds(field, head.value)}
    if field.kind is Kind.LINKS:
        return json.dumps(sorted(value.hex() for value in values))
    return json.dumps(sorted(values), ensure_ascii=False)


def _unpack_set(field: FieldSpec, held: str) -> frozenset[object]:
    items = json.loads(held)
    return frozenset(bytes.fromhex(item) for item in items) if field.kind is Kind.LINKS else frozenset(items)


def _pack_stamps(state: EntityState, in_column: set[str]) -> bytes:
    groups: dict[bytes, tuple[int, UserId, list[list[Wire]]]] = {}
    for name in sorted(state.heads):
        for op_id, head in sorted(state.heads[name].items()):
            entry: list[Wire] = [name, int.from_bytes(op_id[ID_BYTES:], "big")]
            if name not in in_column:
                entry.append(cbor.checked(head.value, _OVER_A_VALUE))
            groups.setdefault(op_id[:ID_BYTES], (head.hlc, head.actor, []))[2].append(entry)
    heads = [[change, hlc, actor, entries] for change, (hlc, actor, entries) in sorted(groups.items())]
    withheld = [[op_id, list(deps)] for op_id, deps in sorted(state.withheld.items())]
    return cbor.encode_made([heads, withheld, sorted(state.absent)] if state.absent else [heads, withheld])


def _from_column(spec: RecordSpec, name: str, row: Row) -> Wire:
    field = spec.fields.get(name)
    held: Wire = row[name] if field else None
    # The database has no yes and no, only 1 and 0; a bare query gives them back as they lie there.
    return bool(held) if field and field.kind is Kind.BOOLEAN and held is not None else held
