"""What a change is: who did what to which records, in one stream, at one moment.

Wire form (keys-and-sync 2.5), deterministic CBOR:
`change = [id, hlc, actor, cause, [op, ...]]`, `op = [kind, entity, table, field, value, [dep, ...]]`.
An op is named by its change and its place in it: `op id = change id (16 bytes) + index (2 bytes)`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from core.changes import cbor
from core.changes.hlc import MAX_HLC
from core.foundation.errors import BugError, EncodingRejected
from core.foundation.ids import ID_BYTES, ChangeId, RecordId, UserId

Wire: TypeAlias = "int | bytes | str | bool | list[Wire] | dict[int | str, Wire] | None"
OpId: TypeAlias = bytes

OP_ID_BYTES = ID_BYTES + 2
MAX_OPS = 0xFFFF
MAX_CHANGE_BYTES = 8 * 1024 * 1024
MAX_NAME_LENGTH = 64
_OVER_A_VALUE = 3
"""The lists a value lies in: the change, its steps, the step."""


class OpKind(IntEnum):
    """Op kinds of CWF/1. A kind not listed here is kept, passed on, and shown as needing a newer version."""

    SET = 1
    ADD = 2
    REMOVE = 3
    TOMBSTONE = 4
    TEXT = 5
    EPOCH = 7
    ADOPT = 8
    SUMMARY = 10
    RETIRE = 12
    DISMISS = 13
    WALL_OVERRIDE = 14
    FAREWELL = 15
    ADMIT = 22


RECORD_KINDS = frozenset({OpKind.SET, OpKind.ADD, OpKind.REMOVE, OpKind.TOMBSTONE, OpKind.TEXT})
"""The kinds that make records; the others make keys and the roster."""


@dataclass(frozen=True, slots=True)
class Op:
    """One step: `field` of `entity` (a record of type `table`) gets `value`, replacing the ops `deps`."""

    kind: int
    entity: RecordId
    table: str
    field: str
    value: Wire = None
    deps: tuple[OpId, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What one person did at one moment, in one stream. `cause` is the service's name for it."""

    id: ChangeId
    hlc: int
    actor: UserId
    cause: str
    ops: tuple[Op, ...]

    def op_id(self, index: int) -> OpId:
        """The name of the op at `index`."""
        return self.id + index.to_bytes(2, "big")


def to_wire(change: Change) -> list[Wire]:
    """The change as plain values, ready for `cbor.encode`."""
    ops: list[Wire] = [
        [int(op.kind), op.entity, op.table, op.field, op.value, list(op.deps)] for op in change.ops
    ]
    return [change.id, change.hlc, change.actor, change.cause, ops]


def from_wire(value: object) -> Change:
    """The change behind `to_wire`.

    Raises:
        EncodingRejected: the shape, a type or a size is not what a change may have.
    """
    parts = _sequence(value, 5, "a change")
    identifier, stamp, actor, cause, raw_ops = parts
    if not isinstance(raw_ops, list) or not 1 <= len(raw_ops) <= MAX_OPS:
        raise EncodingRejected(reason="a change holds no steps, or too many")
    return Change(
        id=ChangeId(_bytes(identifier, ID_BYTES, "a change id")),
        hlc=_stamp(stamp),
        actor=UserId(_bytes(actor, ID_BYTES, "an actor")),
        cause=_name(cause, "a cause"),
        ops=tuple(_op(raw) for raw in raw_ops),
    )


def encode(change: Change) -> bytes:
    """Deterministic bytes of one change.

    Raises:
        BugError: a value no change can hold.
    """
    ops = [
        [int(op.kind), op.entity, op.table, op.field, cbor.checked(op.value, _OVER_A_VALUE), op.deps]
        for op in change.ops
    ]
    try:
        return cbor.encode_made([change.id, change.hlc, change.actor, change.cause, ops])
    except UnicodeEncodeError as error:
        raise BugError(rule="only valid Unicode text is stored") from error


def decode(data: bytes) -> Change:
    """The change behind `encode`.

    Raises:
        EncodingRejected: not the one way a change may be written.
    """
    return from_wire(cbor.decode(data, max_bytes=MAX_CHANGE_BYTES))


def _op(raw: object) -> Op:
    kind, entity, table, field, value, deps = _sequence(raw, 6, "a step")
    if not isinstance(kind, int) or isinstance(kind, bool) or not 0 < kind < 256:
        raise EncodingRejected(reason="a step has no kind")
    if not isinstance(deps, list):
        raise EncodingRejected(reason="a step names what it replaces wrongly")
    return Op(
        kind=kind,
        entity=RecordId(_bytes(entity, ID_BYTES, "a record id")),
        table=_name(table, "a record type"),
        field=_name(field, "a field"),
        value=value,  # type: ignore[arg-type]  # cbor.decode lets only Wire values through
        deps=tuple(_bytes(dep, OP_ID_BYTES, "a step id") for dep in deps),
    )


def _sequence(value: object, length: int, what: str) -> Sequence[object]:
    if not isinstance(value, list) or len(value) != length:
        raise EncodingRejected(reason=f"{what} does not have {length} parts")
    return value


def _bytes(value: object, length: int, what: str) -> bytes:
    if not isinstance(value, bytes) or len(value) != length:
        raise EncodingRejected(reason=f"{what} is not {length} bytes")
    return value


def _name(value: object, what: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_NAME_LENGTH:
        raise EncodingRejected(reason=f"{what} is not a short text")
    return value


def _stamp(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_HLC:
        raise EncodingRejected(reason="a time stamp is out of range")
    return value
