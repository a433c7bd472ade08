"""How a set of changes becomes records: one reducer for local and remote writes alike.

The state of an entity is a pure function of the set of its ops (keys-and-sync 2.7):

* a field's heads are the ops no other op replaces; one head is the normal case, two or more are
  versions written apart and all are kept until somebody writes again naming them;
* the value shown is the head with the greatest (hlc, op id);
* a set field's heads are its elements: add wins over a concurrent remove, because a remove names
  only the adds it saw;
* a tombstone names the heads its writer saw; it holds only while nothing newer stands beside it,
  so a concurrent edit brings the record back;
* a withheld op (written after its author was removed, or on the wrong side of a fork) is never a head and by itself
  replaces nothing: somebody who has left cannot blank a field. But once an op that counts was built on it, what it had
  replaced stays replaced, however long the chain: otherwise the value before would come back.

Ops may be folded in any order and any grouping. What an op names may come later than the op itself, because the key
that opens it does: such names are remembered (`absent`) until then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from core.changes.change import RECORD_KINDS, Change, Op, OpId, OpKind, Wire
from core.foundation.ids import RecordId, UserId

_SETTING = frozenset({OpKind.SET, OpKind.ADD, OpKind.TEXT})
TOMBSTONES = ""
"""The pseudo-field that holds tombstone heads; no declared field has an empty name."""


class Head(NamedTuple):
    """One value that nothing has replaced: `value`, written by `actor` at `hlc`."""

    hlc: int
    actor: UserId
    value: Wire


@dataclass(frozen=True, slots=True)
class EntityState:
    """Everything the reducer knows of one entity. `heads[field][op id]`; empty fields are absent.

    `withheld[op id]` is what a withheld op would replace, remembered until somebody builds on that op.
    `absent` are the ops that were replaced and are not here: those yet to come, and those two replaced apart.
    """

    table: str
    heads: Mapping[str, Mapping[OpId, Head]] = field(default_factory=dict)
    withheld: Mapping[OpId, tuple[OpId, ...]] = field(default_factory=dict)
    absent: frozenset[OpId] = frozenset()

    @property
    def deleted(self) -> bool:
        """Whether a tombstone stands that saw every head there is."""
        tombstones = self.heads.get(TOMBSTONES)
        if not tombstones:
            return False
        standing = {op_id for name, heads in self.heads.items() if name != TOMBSTONES for op_id in heads}
        return any(standing <= set(_seen(head.value)) for head in tombstones.values())

    @property
    def created_hlc(self) -> int:
        """The smallest stamp among the heads; 0 for an empty entity."""
        return min((head.hlc for heads in self.heads.values() for head in heads.values()), default=0)


class PlacedOp(NamedTuple):
    """An op with its name and the stamp and author of its change."""

    id: OpId
    op: Op
    hlc: int
    actor: UserId
    withheld: bool = False


def placed_ops(change: Change, *, withheld: bool = False) -> Iterator[PlacedOp]:
    """The record-making ops of one change, in order."""
    for index, op in enumerate(change.ops):
        if op.kind in RECORD_KINDS:
            yield PlacedOp(change.op_id(index), op, change.hlc, change.actor, withheld)


def by_entity(ops: Iterable[PlacedOp]) -> dict[RecordId, list[PlacedOp]]:
    """Ops grouped by the entity they concern, keeping order."""
    groups: dict[RecordId, list[PlacedOp]] = {}
    for placed in ops:
        groups.setdefault(placed.op.entity, []).append(placed)
    return groups


def fold(state: EntityState | None, ops: Iterable[PlacedOp]) -> EntityState:
    """The state after also knowing `ops`, all of one entity. The input is not modified.

    The type of an entity is the one its first known op names; an op that names another type for the
    same id is ignored for display (it stays in the change log).
    """
    batch = list(ops)
    if state is None and (new := _newly_made(batch)) is not None:
        return new
    table = state.table if state else min(batch, key=lambda placed: (placed.hlc, placed.id)).op.table
    heads: dict[str, dict[OpId, Head]] = {name: dict(known) for name, known in state.heads.items()} if state else {}
    withheld = dict(state.withheld) if state else {}
    withheld.update({placed.id: placed.op.deps for placed in batch if placed.withheld})
    missed = set(state.absent) if state else set()
    here = {placed.id for placed in batch}.union(withheld, *heads.values())
    named = {dep for placed in batch if not placed.withheld for dep in placed.op.deps}
    replaced = _through(named | (missed & here), withheld)
    for placed in batch:
        op = placed.op
        if op.table != table or placed.withheld or placed.id in replaced or op.kind == OpKind.REMOVE:
            continue
        name = TOMBSTONES if op.kind == OpKind.TOMBSTONE else op.field
        heads.setdefault(name, {})[placed.id] = Head(placed.hlc, placed.actor, op.value)
    if replaced:
        for known in heads.values():
            for op_id in replaced & known.keys():
                del known[op_id]
    return EntityState(
        table,
        {name: known for name, known in heads.items() if known},
        {op_id: deps for op_id, deps in withheld.items() if op_id not in replaced},
        frozenset((missed | replaced) - here),
    )


def _newly_made(batch: list[PlacedOp]) -> EntityState | None:
    """As `fold` of a record nobody knew, sooner, where its ops only set fields; None where they do more."""
    table = batch[0].op.table
    heads: dict[str, dict[OpId, Head]] = {}
    for op_id, op, hlc, actor, withheld in batch:
        if withheld or op.deps or op.table != table or op.kind not in _SETTING:
            return None
        heads.setdefault(op.field, {})[op_id] = Head(hlc, actor, op.value)
    return EntityState(table, heads)


def take_in(heads: dict[str, dict[OpId, Head]], placed: PlacedOp) -> None:
    """As `fold` with one op that is not withheld, into heads that belong to the caller."""
    op = placed.op
    for dep in op.deps:
        for known in heads.values():
            known.pop(dep, None)
    if op.kind != OpKind.REMOVE:
        name = TOMBSTONES if op.kind == OpKind.TOMBSTONE else op.field
        heads.setdefault(name, {})[placed.id] = Head(placed.hlc, placed.actor, op.value)
    if op.deps:
        for name in [name for name, known in heads.items() if not known]:
            del heads[name]


def shown(heads: Mapping[OpId, Head]) -> Head | None:
    """The head to show for a single-valued field; None if it was never set."""
    if not heads:
        return None
    return heads[max(heads, key=lambda op_id: (heads[op_id].hlc, op_id))]


def _through(named: set[OpId], withheld: Mapping[OpId, tuple[OpId, ...]]) -> set[OpId]:
    """What is replaced when `named` is: also what withheld ops among it replaced, and so on."""
    replaced, waiting = set(named), [op_id for op_id in named if op_id in withheld]
    while waiting:
        for dep in withheld[waiting.pop()]:
            if dep not in replaced:
                replaced.add(dep)
                if dep in withheld:
                    waiting.append(dep)
    return replaced


def _seen(value: Wire) -> Iterable[OpId]:
    return (item for item in value if isinstance(item, bytes)) if isinstance(value, list) else ()
