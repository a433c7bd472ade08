"""Single rules of the reducer, each as a short story. `tests/property/test_reducer.py` has the general law."""

from __future__ import annotations

from core.changes.change import Change, Op, OpKind
from core.changes.reducer import EntityState, fold, placed_ops, shown
from core.foundation.ids import ChangeId, RecordId, UserId

NOTE = RecordId(b"note-00000000000")


def change(name: str, hlc: int, *ops: Op) -> Change:
    return Change(ChangeId(name.encode().ljust(16, b".")), hlc, UserId(b"u" * 16), "test", ops)


def write(value: object, *deps: bytes, field: str = "body") -> Op:
    return Op(OpKind.SET, NOTE, "note", field, value, deps)  # type: ignore[arg-type]  # plain values


def after(*changes: Change, withheld: tuple[Change, ...] = ()) -> EntityState:
    state: EntityState | None = None
    for made in changes:
        state = fold(state, placed_ops(made, withheld=made in withheld))
    assert state is not None
    return state


def value_of(state: EntityState, field: str = "body") -> object:
    head = shown(state.heads.get(field, {}))
    return None if head is None else head.value


ONE = change("one", 1, write("first"))


def test_a_write_that_saw_another_replaces_it_whatever_its_clock_said() -> None:
    late_clock = change("two", 0, write("second", ONE.op_id(0)))
    state = after(ONE, late_clock)
    assert value_of(state) == "second"
    assert len(state.heads["body"]) == 1


def test_two_writes_apart_are_both_kept_and_the_later_stamp_is_shown() -> None:
    state = after(ONE, change("two", 5, write("mine", ONE.op_id(0))), change("three", 4, write("theirs", ONE.op_id(0))))
    assert {head.value for head in state.heads["body"].values()} == {"mine", "theirs"}
    assert value_of(state) == "mine"


def test_equal_stamps_are_settled_by_the_name_of_the_step() -> None:
    two, three = change("b", 5, write("b")), change("c", 5, write("c"))
    assert value_of(after(two, three)) == value_of(after(three, two)) == "c"


def test_a_withheld_write_hides_nothing_by_itself() -> None:
    bad = change("bad", 2, write("written after removal", ONE.op_id(0)))
    assert value_of(after(ONE, bad, withheld=(bad,))) == value_of(after(ONE))


def test_what_was_built_on_a_withheld_write_brings_nothing_back() -> None:
    bad = change("bad", 2, write("written after removal", ONE.op_id(0)))
    worse = change("worse", 3, write("and again", bad.op_id(0)))
    built = change("built", 4, write("built on it", worse.op_id(0)))
    state = after(ONE, bad, worse, built, withheld=(bad, worse))
    assert {head.value for head in state.heads["body"].values()} == {"built on it"}
    assert not state.withheld
    mended = change("mended", 3, write("mended", bad.op_id(0)))
    assert value_of(after(ONE, bad, mended, withheld=(bad,))) == "mended"


def test_deleting_holds_until_something_it_did_not_see() -> None:
    gone = change("gone", 2, Op(OpKind.TOMBSTONE, NOTE, "note", "", [ONE.op_id(0)]))
    assert after(ONE, gone).deleted
    assert not after(ONE, gone, change("edit", 1, write("edited", ONE.op_id(0)))).deleted
    assert not after(ONE, change("gone", 2, Op(OpKind.TOMBSTONE, NOTE, "note", "", ["text", 3, None]))).deleted
    assert not after(ONE, change("gone", 2, Op(OpKind.TOMBSTONE, NOTE, "note", "", 7))).deleted


def test_a_later_writer_who_saw_both_can_delete_again() -> None:
    gone = change("gone", 2, Op(OpKind.TOMBSTONE, NOTE, "note", "", [ONE.op_id(0)]))
    edit = change("edit", 3, write("edited", ONE.op_id(0)))
    again = change("again", 4, Op(OpKind.TOMBSTONE, NOTE, "note", "", [edit.op_id(0)], (gone.op_id(0),)))
    state = after(ONE, gone, edit, again)
    assert state.deleted
    assert len(state.heads[""]) == 1


def test_steps_that_make_no_record_are_left_out() -> None:
    assert list(placed_ops(change("key", 1, Op(OpKind.EPOCH, NOTE, "", "", b"x"), Op(99, NOTE, "", "", b"x")))) == []


def test_several_steps_of_one_change_have_names_of_their_own() -> None:
    made = change("many", 1, write("a", field="a"), write("b", field="b"))
    assert [placed.id for placed in placed_ops(made)] == [made.op_id(0), made.op_id(1)]
    assert made.op_id(1) == made.id + b"\x00\x01"
    assert after(made).created_hlc == 1
    assert EntityState("note").created_hlc == 0
