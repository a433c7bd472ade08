"""Whatever two laptops write, delete and choose apart: both ask the same, and one round of choosing ends it."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.changes.change import decode
from core.changes.hlc import HybridClock
from core.domain.case import Note
from core.foundation.ids import DeviceId, RecordId, StreamId, UserId
from core.store import meta, schema
from core.store.ledger import Arrival, record_arrivals
from core.store.rows import DELETED_ELSEWHERE
from core.store.transactions import writing
from core.store.unit import Author
from core.store.versions import HeldField, held_apart
from tests.support.searching import examples
from tests.support.vaults import BEN, OTHER_LAPTOP, OpenStore, TestClock, everything, open_store

steps = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["write", "again", "delete", "choose", "send"]), st.integers(0, 3)),
    max_size=14,
)


def send(one: OpenStore, other: OpenStore) -> None:
    """Everything `one` has reaches `other`, whose clock follows."""
    with one.store.reading() as connection:
        rows = list(connection.execute(select(schema.CHANGE).order_by(schema.CHANGE.c.position)).mappings())
    arrivals = [Arrival(decode(row["body"]), StreamId(row["stream"]), DeviceId(row["device"]), 1) for row in rows]
    with writing(other.store.engine) as connection:
        record_arrivals(connection, arrivals)
        clock: HybridClock = meta.read_clock(connection)
        for row in rows:
            clock = clock.follow(row["hlc"], other.clock.now())
        meta.write_clock(connection, clock)


def held(laptop: OpenStore) -> tuple[HeldField, ...]:
    with laptop.store.reading() as connection:
        return held_apart(connection)


def settle(laptop: OpenStore, found: HeldField, number: int) -> None:
    version = found.versions[number % len(found.versions)]
    with laptop.store.unit("choose-version") as (unit, _):
        if found.field != DELETED_ELSEWHERE:
            unit.update(Note, found.record, **{found.field: version.value})
        elif version.value:
            unit.delete(Note, found.record)
        else:
            unit.keep(Note, found.record)


def act(laptop: OpenStore, note: RecordId, what: str, number: int) -> None:
    if what == "choose":
        for found in held(laptop)[:1]:
            settle(laptop, found, number)
    elif laptop.store.find(Note, note) is None:
        return
    elif what == "delete":
        laptop.delete(Note, note)
    else:
        laptop.update(Note, note, body=f"{what} {number}")


@settings(max_examples=examples(30))
@given(steps)
def test_both_laptops_ask_the_same_and_one_round_of_choosing_ends_it(plan: list[tuple[int, str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = TestClock()
        with open_store(Path(folder) / "a", clock=clock) as ana, open_store(Path(folder) / "b", clock=clock) as ben:
            ben.store.author = Author(UserId(BEN), DeviceId(OTHER_LAPTOP))
            ben.store.ground.randomness.bytes(999)  # or both would draw the same ids
            pair = (ana, ben)
            note = ana.create(Note, body="first")
            send(ana, ben)
            for who, what, number in plan:
                clock.at += timedelta(minutes=1)
                if what == "send":
                    send(pair[who], pair[1 - who])
                else:
                    act(pair[who], note, what, number)
            send(ana, ben)
            send(ben, ana)
            assert held(ana) == held(ben)
            written = {found.field: {version.value for version in found.versions} for found in held(ana)}
            assert all(len(values) > 1 for values in written.values())
            while held(ana):
                settle(ana, held(ana)[0], 1)
            send(ana, ben)
            assert held(ben) == ()
            assert (ana.store.find(Note, note) is None) == (ben.store.find(Note, note) is None)
            before = everything(ben)
            ben.store.rebuild()
            assert everything(ben) == before and held(ben) == ()
