"""Whatever the order and the batches in which changes arrive, everybody ends with the same state."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from core.changes.change import Change, OpId, OpKind
from core.changes.reducer import TOMBSTONES, EntityState, Head, PlacedOp, by_entity, fold, placed_ops, shown
from core.foundation.ids import RecordId
from tests.support.history_strategy import Written, deliveries, histories
from tests.support.searching import examples

States = dict[RecordId, EntityState]


def deliver(written: list[Written], batches: list[list[int]]) -> States:
    states: States = {}
    for batch in batches:
        ops = [op for place in batch for op in placed_ops(written[place].change, withheld=written[place].withheld)]
        for entity, group in by_entity(ops).items():
            states[entity] = fold(states.get(entity), group)
    return states


def replaced_by(ops: list[PlacedOp]) -> set[OpId]:
    """What ops that count replace, directly or through withheld ones."""
    before = {placed.id: set(placed.op.deps) for placed in ops}
    withheld = {placed.id for placed in ops if placed.withheld}
    replaced = {dep for placed in ops if not placed.withheld for dep in placed.op.deps}
    while more := {dep for op_id in replaced & withheld for dep in before[op_id]} - replaced:
        replaced |= more
    return replaced


def by_definition(written: list[Written]) -> dict[RecordId, dict[str, dict[bytes, Head]]]:
    """The rules of keys-and-sync 2.7 said once, with no thought for order: a head is what nobody replaced."""
    ops = [op for made in written for op in placed_ops(made.change, withheld=made.withheld)]
    replaced = replaced_by(ops)
    found: dict[RecordId, dict[str, dict[bytes, Head]]] = {}
    for placed in ops:
        heads = found.setdefault(placed.op.entity, {})
        if placed.op.kind == OpKind.REMOVE or placed.withheld or placed.id in replaced:
            continue
        name = TOMBSTONES if placed.op.kind == OpKind.TOMBSTONE else placed.op.field
        heads.setdefault(name, {})[placed.id] = Head(placed.hlc, placed.actor, placed.op.value)
    return found


@settings(max_examples=examples(150))
@given(st.data())
def test_any_order_and_any_batches_give_what_the_rules_say(data: st.DataObject) -> None:
    written = data.draw(histories(most=20))
    states = deliver(written, data.draw(deliveries(written)))
    assert {entity: {name: dict(heads) for name, heads in state.heads.items()} for entity, state in states.items()} == (
        by_definition(written)
    )


@settings(max_examples=examples(80))
@given(st.data())
def test_a_repeated_delivery_of_one_change_in_the_same_batch_changes_nothing(data: st.DataObject) -> None:
    written = data.draw(histories())
    batches = data.draw(deliveries(written))
    doubled = [batch + batch for batch in batches]
    assert deliver(written, doubled) == deliver(written, batches)


@settings(max_examples=examples(80))
@given(st.data())
def test_what_was_known_is_never_modified(data: st.DataObject) -> None:
    written = data.draw(histories())
    before: States = {}
    for made in written:
        for entity, group in by_entity(placed_ops(made.change)).items():
            old = before.get(entity)
            copy = None if old is None else {name: dict(heads) for name, heads in old.heads.items()}
            before[entity] = fold(old, group)
            assert copy is None or old is None or copy == old.heads


@given(st.data())
def test_the_value_shown_is_one_of_the_heads_and_does_not_depend_on_their_order(data: st.DataObject) -> None:
    written = data.draw(histories())
    for state in deliver(written, [list(range(len(written)))]).values():
        for heads in state.heads.values():
            backwards = dict(reversed(list(heads.items())))
            assert shown(heads) == shown(backwards)
            assert shown(heads) in heads.values()


@settings(max_examples=examples(80))
@given(st.data())
def test_a_record_is_deleted_only_while_somebody_who_saw_all_of_it_said_so(data: st.DataObject) -> None:
    written = data.draw(histories(most=20))
    for state in deliver(written, data.draw(deliveries(written))).values():
        standing = {op for name, heads in state.heads.items() if name != TOMBSTONES for op in heads}
        saw_all = [
            head for head in state.heads.get(TOMBSTONES, {}).values()
            if isinstance(head.value, list) and standing <= {item for item in head.value if isinstance(item, bytes)}
        ]  # fmt: skip
        assert state.deleted == bool(saw_all)


def test_a_set_of_changes_grouped_by_record_loses_none(  # a plain example beside the generated ones
) -> None:
    change = Change(b"c" * 16, 1, b"u" * 16, "x", ())  # type: ignore[arg-type]  # ids
    assert list(placed_ops(change)) == []
    assert by_entity([]) == {}
    assert shown({}) is None
