"""The state of a stream's records in one agreed form: what a summary of a stream holds and what its hash is of.

`[[entity, type, [[field, op id, hlc, actor, value], ...]], ...]`, everything sorted, deterministic CBOR. It holds every
head with who wrote it and when, so folding later changes onto it gives what folding the whole history would.
"""

from __future__ import annotations

from collections.abc import Mapping

from core.changes import cbor
from core.changes.change import MAX_NAME_LENGTH, OP_ID_BYTES, OpId, Wire
from core.changes.hlc import MAX_HLC
from core.changes.reducer import EntityState, Head
from core.foundation.errors import EncodingRejected
from core.foundation.ids import ID_BYTES, RecordId, UserId

MAX_STATE_BYTES = 256 * 1024 * 1024


def encode_states(states: Mapping[RecordId, EntityState]) -> bytes:
    """The bytes of a stream's state. No state may hold anything withheld."""
    rows: list[Wire] = [_entity(entity, states[entity]) for entity in sorted(states) if states[entity].heads]
    return cbor.encode(rows)


def decode_states(untrusted_bytes: bytes) -> dict[RecordId, EntityState]:
    """What `encode_states` wrote.

    Raises:
        EncodingRejected: not the one way a state may be written.
    """
    rows = cbor.decode(untrusted_bytes, max_bytes=MAX_STATE_BYTES)
    states: dict[RecordId, EntityState] = {}
    for row in _items(rows):
        entity, table, heads = _parts(row, 3)
        found: dict[str, dict[OpId, Head]] = {}
        for item in _items(heads):
            field, op_id, hlc, actor, value = _parts(item, 5)
            head = Head(_stamp(hlc), UserId(_bytes(actor, ID_BYTES)), value)  # type: ignore[arg-type]  # a CBOR value
            found.setdefault(_name(field), {})[_bytes(op_id, OP_ID_BYTES)] = head
        states[RecordId(_bytes(entity, ID_BYTES))] = EntityState(_name(table), found)
    if encode_states(states) != untrusted_bytes:
        raise EncodingRejected(reason="a summary is not written the one way it may be")
    return states


def _entity(entity: RecordId, state: EntityState) -> Wire:
    heads: list[Wire] = [
        [field, op_id, head.hlc, head.actor, head.value]
        for field in sorted(state.heads)
        for op_id, head in sorted(state.heads[field].items())
    ]
    return [entity, state.table, heads]


def _items(value: object) -> list[object]:
    if not isinstance(value, list):
        raise EncodingRejected(reason="a summary has a part of the wrong kind")
    return value


def _parts(value: object, count: int) -> list[object]:
    found = _items(value)
    if len(found) != count:
        raise EncodingRejected(reason="a summary has a part too many or too few")
    return found


def _bytes(value: object, length: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != length:
        raise EncodingRejected(reason="a summary names something wrongly")
    return value


def _name(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_NAME_LENGTH:
        raise EncodingRejected(reason="a summary names a type or a field wrongly")
    return value


def _stamp(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_HLC:
        raise EncodingRejected(reason="a summary has a time stamp out of range")
    return value
