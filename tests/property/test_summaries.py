"""A summary and what came after it is the whole history, for every cut through everybody's chains."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.changes import cbor
from core.changes.change import decode
from core.changes.state_wire import decode_states, encode_states
from core.domain.case import Case, Note
from core.foundation.ids import DeviceId, StreamId
from core.services import opening, streams, sync
from core.services.workspace import Workspace
from core.store import schema, summaries
from core.store.bases import Base
from core.store.ledger import Arrival, record_arrivals
from core.store.mailbox import VaultBox, VaultMailbox
from core.store.transactions import writing
from tests.support.laptops import Office, Template, records_of
from tests.support.vaults import open_store

Cut = dict[bytes, int]
CUTS: list[Cut] = []
"""Filled while the template is made."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Two people who overwrite, delete, contradict and answer each other in one case."""
    office = Office(tmp_path_factory.mktemp("template"))
    ana, ben = office.pair()
    with ana.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, ana, readers=frozenset({ben.user}), conflicted=frozenset())
        unit.create(Case, stream, reference="2026-AR-1", summary="first words")
    for laptop in (ana, ben, ana):
        sync.sync_now(laptop)
    dice = random.Random(5)
    CUTS.clear()
    for step in range(24):
        laptop = dice.choice((ana, ben))
        act(laptop, dice, step)
        if dice.random() < 0.6:
            exchange(laptop)
    for laptop in (ana, ben, ana, ben):
        exchange(laptop)
    assert records_of(ana) == records_of(ben)
    return Template.of(office, {"Ana Reyes": ana, "Ben Okafor": ben})


def exchange(laptop: Workspace) -> None:
    """And remember where every chain stood then: that is a cut somebody could have made a summary at."""
    sync.sync_now(laptop)
    with VaultMailbox(laptop.store.engine).reading() as box:
        cut = {bytes(device): head.seq for device, head in box.heads().items()}
    if cut not in CUTS:
        CUTS.append(cut)


def act(laptop: Workspace, dice: random.Random, step: int) -> None:
    case = laptop.store.select(Case)[0]
    notes = laptop.store.select(Note)
    with laptop.store.unit("test") as (unit, _):
        match dice.randrange(5):
            case 0 | 1:
                unit.update(Case, case.id, summary=f"words {step}")
            case 2:
                unit.create(Note, case.stream, case=case.id, body=f"note {step}")
            case 3 if notes:
                unit.update(Note, dice.choice(notes).id, body=f"changed at {step}")
            case 4 if len(notes) > 1:
                unit.delete(Note, dice.choice(notes).id)
            case _:
                unit.create(Note, case.stream, case=case.id, body=f"another note {step}")


@pytest.fixture
def ana(template: Template, tmp_path: Path) -> Iterator[Workspace]:
    _, laptops = template.copy(tmp_path / "copy")
    yield laptops["Ana Reyes"]
    for laptop in laptops.values():
        opening.lock(laptop)


def history(laptop: Workspace, stream: StreamId) -> list[Arrival]:
    with laptop.store.reading() as connection:
        rows = connection.execute(
            select(schema.CHANGE).where(schema.CHANGE.c.stream == stream).order_by(schema.CHANGE.c.position)
        ).all()
    return [Arrival(decode(row.body), stream, DeviceId(row.device), row.seq, bool(row.withheld)) for row in rows]


def rows_of(store: object, stream: StreamId) -> dict[str, list[dict[str, object]]]:
    found = {}
    with store.reading() as connection:  # type: ignore[attr-defined]  # a Store
        for name, table in sorted(schema.RECORD_TABLES.items()):
            rows = connection.execute(select(table).where(table.c.stream == stream).order_by(table.c.id)).mappings()
            found[name] = [{**row, "stamps": standing(row["stamps"])} for row in rows]
    return found


def standing(stamps: bytes) -> object:
    """The heads and what is withheld. What was replaced twice apart is noted if it came in two goes."""
    heads, withheld, *_ = cbor.decode(stamps, max_bytes=2**20)  # type: ignore[misc]  # two or three parts
    return heads, withheld


def search_of(store: object) -> list[tuple[object, ...]]:
    with store.reading() as connection:  # type: ignore[attr-defined]  # a Store
        return sorted(tuple(row) for row in connection.exec_driver_sql("SELECT heavy, light FROM search"))


def test_for_every_cut_a_summary_and_the_rest_are_the_whole_history(ana: Workspace, tmp_path: Path) -> None:
    stream = ana.store.select(Case)[0].stream
    arrivals = history(ana, stream)
    wanted = rows_of(ana.store, stream)
    with open_store(tmp_path / "whole") as whole:
        with writing(whole.store.engine) as connection:
            record_arrivals(connection, arrivals)
        wanted_search = search_of(whole.store)
    assert len(CUTS) > 12
    dice = random.Random(7)
    for number, cut in enumerate(CUTS):
        with ana.store.reading() as connection:
            state = summaries.folded(connection, stream, cut)
        assert state is not None and encode_states(decode_states(state)) == state
        with open_store(tmp_path / str(number)) as joiner:
            heads = tuple((DeviceId(device), seq, b"h" * 32) for device, seq in cut.items())
            base = Base(stream, DeviceId(b"s" * 16), heads, state, b"h" * 32, trusted=False)
            with writing(joiner.store.engine) as connection:
                summaries.stand_on(connection, base)
            with writing(joiner.store.engine) as connection:
                record_arrivals(connection, [one for one in arrivals if not in_cut(one, cut)])
            assert rows_of(joiner.store, stream) == wanted, "summary and tail are the whole"
            # The covered history comes afterwards, in pieces: nothing is folded twice, nothing comes back.
            covered = [one for one in arrivals if in_cut(one, cut)]
            while covered:
                count = dice.randrange(1, 6)
                with writing(joiner.store.engine) as connection:
                    record_arrivals(connection, covered[:count])
                covered = covered[count:]
                assert rows_of(joiner.store, stream) == wanted
                if dice.random() < 0.3:
                    joiner.store.rebuild()
                    assert rows_of(joiner.store, stream) == wanted, "made again in between, it is still the same"
            with writing(joiner.store.engine) as connection:
                again = summaries.folded(connection, stream, cut)
                summaries.settle(connection, stream)
            assert again == state
            assert rows_of(joiner.store, stream) == wanted
            assert search_of(joiner.store) == wanted_search
            joiner.store.rebuild()
            assert rows_of(joiner.store, stream) == wanted


def in_cut(arrival: Arrival, cut: Cut) -> bool:
    assert arrival.seq is not None
    return cut.get(arrival.device, 0) >= arrival.seq


def test_what_is_not_settled_in_order_of_arrival_is_still_the_same(ana: Workspace, tmp_path: Path) -> None:
    """History and what came after it, mixed as far as causes allow."""
    stream = ana.store.select(Case)[0].stream
    arrivals = history(ana, stream)
    wanted = rows_of(ana.store, stream)
    cut = CUTS[len(CUTS) // 2]
    with ana.store.reading() as connection:
        state = summaries.folded(connection, stream, cut)
    assert state is not None
    with open_store(tmp_path / "mixed") as joiner:
        heads = tuple((DeviceId(device), seq, b"h" * 32) for device, seq in cut.items())
        with writing(joiner.store.engine) as connection:
            summaries.stand_on(connection, Base(stream, DeviceId(b"s" * 16), heads, state, b"h" * 32, trusted=False))
        for arrival in arrivals:
            with writing(joiner.store.engine) as connection:
                record_arrivals(connection, [arrival])
        assert rows_of(joiner.store, stream) == wanted
        with writing(joiner.store.engine) as connection:
            assert VaultBox(connection).settle_base(stream).kinds >= {"case", "note"}
        assert rows_of(joiner.store, stream) == wanted


def test_the_state_in_the_records_is_the_state_out_of_the_history(ana: Workspace) -> None:
    for stream in {ana.organisation_stream, ana.store.select(Case)[0].stream}:
        whole = CUTS[-1]
        with ana.store.reading() as connection:
            assert summaries.state_of(connection, stream) == summaries.folded(connection, stream, whole)


def test_nobody_vouches_for_what_is_not_whole_here(ana: Workspace) -> None:
    case = ana.store.select(Case)[0]
    with ana.store.unit("test") as (unit, _):
        unit.update(Case, case.id, summary="not sealed yet")
    with ana.store.reading() as connection:
        assert summaries.state_of(connection, case.stream) is None
        assert summaries.state_of(connection, StreamId(b"x" * 16)) is None
