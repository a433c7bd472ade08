"""The reducer broken on purpose, one rule at a time: the rules must notice every time, or they do not bite."""

from __future__ import annotations

import inspect
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.changes import reducer
from core.changes.change import Change
from core.changes.reducer import TOMBSTONES
from tests.property.test_reducer import replaced_by
from tests.support.history_strategy import Written, deliveries, histories

_WHOLE = Path(reducer.__file__).read_text(encoding="utf-8")
SOURCE = _WHOLE.replace(inspect.getsource(reducer.take_in), "")
"""The part that decides what a record is; `take_in` only lets a unit of work see what it has written itself."""

DEPS = "for placed in batch if not placed.withheld for dep in placed.op.deps}"
MUTANTS = {
    "a withheld change is shown": ("or placed.withheld or", "or"),
    "a withheld change replaces by itself": (DEPS, DEPS.replace(" if not placed.withheld", "")),
    "nothing is replaced through a withheld change": ("if op_id in withheld]", "if False]"),
    "what a withheld change replaced is forgotten": ("dict(state.withheld) if state else {}", "{}"),
    "taking away replaces nothing": (DEPS, DEPS.replace("withheld", "withheld and placed.op.kind != OpKind.REMOVE")),
    "what was replaced stays from before": ("for op_id in replaced & known.keys():", "for op_id in ():"),
    "taking away adds": ("or op.kind == OpKind.REMOVE:", ":"),
    "only one version is kept": (
        "heads.setdefault(name, {})[placed.id] =",
        "heads[name] = {}; heads[name][placed.id] =",
    ),
    "a tombstone is a field like any other": (
        "TOMBSTONES if op.kind == OpKind.TOMBSTONE else",
        "'x' if not op.field else",
    ),
    "a tombstone beats an edit made meanwhile": ("any(standing <= set(_seen(head.value))", "any(True"),
    "the oldest version is shown": ("return heads[max(heads", "return heads[min(heads"),
    "a tie depends on the order of arrival": (
        "lambda op_id: (heads[op_id].hlc, op_id))",
        "lambda op_id: heads[op_id].hlc)",
    ),
    "the author is lost": ("Head(placed.hlc, placed.actor, op.value)", "Head(placed.hlc, b'', op.value)"),
    "what was replaced before it came is forgotten": ("missed = set(state.absent) if state", "missed = set() if state"),
    "what was replaced and is not here is not kept": ("frozenset((missed | replaced) - here)", "frozenset()"),
    "what came late and withheld is not gone through": ("named | (missed & here)", "named"),
    "the state known before is lost": (
        "for name, known in state.heads.items()} if state",
        "for name, known in ()} if state",
    ),
}


def mutant(before: str, after: str) -> types.ModuleType:
    if SOURCE.count(before) != 1:
        raise LookupError(f"the reducer no longer says this, and only once: {before}")
    module = types.ModuleType("mutant")
    module.__file__ = reducer.__file__
    sys.modules["mutant"] = module  # the dataclass decorator looks its module up by name
    exec(compile(SOURCE.replace(before, after), "mutant", "exec"), module.__dict__)
    return module


def holds(rules: Any, written: list[Written], batches: list[list[int]]) -> bool:
    """Whether `rules` (a reducer) ends where the definition of keys-and-sync 2.7 says."""
    states: dict[bytes, Any] = {}
    for batch in batches:
        ops = [op for n in batch for op in rules.placed_ops(written[n].change, withheld=written[n].withheld)]
        for entity, group in rules.by_entity(ops).items():
            states[entity] = rules.fold(states.get(entity), group)
    ops = [op for made in written for op in reducer.placed_ops(made.change, withheld=made.withheld)]
    replaced = replaced_by(ops)
    wanted: dict[bytes, dict[str, dict[bytes, tuple[Any, ...]]]] = {placed.op.entity: {} for placed in ops}
    for placed in ops:
        if placed.op.kind != 3 and not placed.withheld and placed.id not in replaced:
            name = TOMBSTONES if placed.op.kind == 4 else placed.op.field
            head = (placed.hlc, placed.actor, placed.op.value)
            wanted[placed.op.entity].setdefault(name, {})[placed.id] = head
    found = {
        entity: {name: {op: tuple(head) for op, head in heads.items()} for name, heads in state.heads.items()}
        for entity, state in states.items()
    }
    return found == wanted and all(_looks_right(rules, states[entity], heads) for entity, heads in wanted.items())


def _looks_right(rules: Any, state: Any, heads: dict[str, dict[bytes, tuple[Any, ...]]]) -> bool:
    standing = {op for name, known in heads.items() if name != TOMBSTONES for op in known}
    deleted = any(standing <= set(head[2]) for head in heads.get(TOMBSTONES, {}).values())
    shown = {name: max((head[0], op, head) for op, head in known.items())[2] for name, known in heads.items()}
    backwards = {name: rules.shown(dict(reversed(list(state.heads[name].items())))) for name in heads}
    return bool(
        state.deleted == deleted
        and all(tuple(rules.shown(state.heads[name])) == head for name, head in shown.items())
        and all(tuple(backwards[name]) == head for name, head in shown.items())
    )


def check(rules: Any) -> None:
    @settings(max_examples=400, phases=[Phase.generate], suppress_health_check=list(HealthCheck), derandomize=True)
    @given(st.data())
    def agrees(data: st.DataObject) -> None:
        written = data.draw(histories(most=12))
        assert holds(rules, written, data.draw(deliveries(written)))

    agrees()


@pytest.mark.parametrize("name", MUTANTS)
def test_a_broken_reducer_is_found_out(name: str) -> None:
    with pytest.raises(AssertionError):
        check(mutant(*MUTANTS[name]))


def test_the_whole_one_is_not_accused() -> None:
    check(mutant(MUTANTS["the author is lost"][0], MUTANTS["the author is lost"][0]))
    assert Change.__slots__
