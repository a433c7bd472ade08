"""Histories as several laptops might write them: each builds on what it had seen, and nobody sees everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from core.changes.change import Change, Op, OpKind, Wire
from core.changes.hlc import COUNTER_BITS
from core.changes.reducer import TOMBSTONES, EntityState, fold, placed_ops
from core.foundation.ids import ChangeId, RecordId, UserId

ENTITIES: tuple[tuple[RecordId, str], ...] = (
    (RecordId(b"note-00000000000"), "note"),
    (RecordId(b"party-0000000000"), "party"),
    (RecordId(b"home-00000000000"), "home"),
    (RecordId(b"report-000000000"), "report"),
    (RecordId(b"from-the-future-"), "drone_flight"),
)
OFTEN = ENTITIES[:1] * 5
"""Few records, so that writes meet."""
FIELDS: dict[str, tuple[tuple[str, int], ...]] = {
    "note": (("body", OpKind.TEXT), ("at", OpKind.SET), ("colour", OpKind.SET)),
    "party": (("name", OpKind.SET), ("roles", OpKind.ADD), ("also_known_as", OpKind.ADD)),
    "home": (("street", OpKind.SET), ("state", OpKind.SET), ("doors", OpKind.ADD)),
    "report": (("danger_now", OpKind.SET), ("received_at", OpKind.SET), ("words", OpKind.TEXT)),
    "drone_flight": (("height", OpKind.SET), ("seen", OpKind.ADD)),
}
VALUES: tuple[Wire, ...] = (
    "harmed", "witness", "", None, 7, b"bytes", ["a", 1], True, False, "Old Road", 1_700_000_000_000,
)  # fmt: skip
LAPTOPS = 3


@dataclass(slots=True)
class Laptop:
    """What one laptop knows: the changes it has, and the states it would show."""

    known: set[int] = field(default_factory=set)
    states: dict[RecordId, EntityState] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Written:
    """One change, the places in the history of all it builds on, and whether it is withheld."""

    change: Change
    after: frozenset[int]
    withheld: bool = False


@st.composite
def histories(draw: st.DrawFn, *, most: int = 14) -> list[Written]:
    laptops = [Laptop() for _ in range(LAPTOPS)]
    written: list[Written] = []
    for place in range(draw(st.integers(1, most))):
        who = draw(st.integers(0, LAPTOPS - 1))
        here = laptops[who]
        if written and draw(st.booleans()):
            _catch_up(here, written, draw(st.integers(0, len(written) - 1)))
        stamp = draw(st.integers(1, 4)) << COUNTER_BITS
        name = ChangeId(bytes([draw(st.integers(0, 255)), place]) + bytes(14))
        change = Change(name, stamp, UserId(bytes([who]) * 16), "test", _ops(draw, here))
        made = Written(change, frozenset(here.known), draw(st.integers(0, 4)) == 0)
        written.append(made)
        _learn(here, made, place)
    return written


@st.composite
def deliveries(draw: st.DrawFn, written: Sequence[Written]) -> list[list[int]]:
    """The places of the history in some order, cut into batches: with nothing before what it builds on, or in any."""
    left = set(range(len(written)))
    batches: list[list[int]] = [[]]
    done: set[int] = set()
    in_any_order = draw(st.booleans())
    while left:
        ready = sorted(place for place in left if in_any_order or written[place].after <= done)
        place = draw(st.sampled_from(ready))
        if batches[-1] and draw(st.booleans()):
            batches.append([])
        batches[-1].append(place)
        done.add(place)
        left.remove(place)
    return batches


def _ops(draw: st.DrawFn, here: Laptop) -> tuple[Op, ...]:
    ops: list[Op] = []
    for _ in range(draw(st.integers(1, 3))):
        entity, table = draw(st.sampled_from((*ENTITIES, *OFTEN)))
        state = here.states.get(entity, EntityState(table))
        name, kind = draw(st.sampled_from(FIELDS[table]))
        heads = tuple(sorted(state.heads.get(name, {})))
        value = draw(st.sampled_from(VALUES))
        choice = draw(st.integers(0, 9))
        if choice == 0 and state.heads:
            standing = [op for field_name, known in state.heads.items() if field_name != TOMBSTONES for op in known]
            ops.append(
                Op(OpKind.TOMBSTONE, entity, table, TOMBSTONES, standing, tuple(state.heads.get(TOMBSTONES, ())))
            )
        elif kind == OpKind.ADD and heads and choice < 4:
            ops.append(Op(OpKind.REMOVE, entity, table, name, None, heads[: draw(st.integers(1, len(heads)))]))
        else:
            ops.append(Op(kind, entity, table, name, value, () if kind == OpKind.ADD else heads))
    return tuple(ops)


def _catch_up(here: Laptop, written: Sequence[Written], place: int) -> None:
    for earlier in (*sorted(written[place].after), place):
        if earlier not in here.known:
            _learn(here, written[earlier], earlier)


def _learn(here: Laptop, made: Written, place: int) -> None:
    here.known.add(place)
    # A laptop does not know yet that a change will be withheld elsewhere; it builds on all it sees.
    for placed in placed_ops(made.change):
        entity = placed.op.entity
        here.states[entity] = fold(here.states.get(entity), [placed._replace(withheld=False)])
