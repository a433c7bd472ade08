"""The same on disk: any causal order, any batches, and a rebuild, all end in the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.domain.catalogue import record_type
from core.foundation.ids import DeviceId
from core.store import schema
from core.store.ledger import Arrival, rebuild_records, record_arrivals
from core.store.rows import to_row, to_state
from core.store.transactions import writing
from tests.support.history_strategy import Written, deliveries, histories
from tests.support.searching import examples
from tests.support.vaults import OTHER_LAPTOP, STREAM, OpenStore, everything, open_store

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenStore]:
    with open_store(tmp_path_factory.mktemp("property") / "vault") as store:
        yield store


def emptied(opened: OpenStore) -> None:
    with writing(opened.store.engine) as connection:
        for table in (schema.CHANGE, schema.CHANGE_ENTITY, schema.ENTITY):
            connection.execute(table.delete())
        connection.exec_driver_sql("DELETE FROM search")
        connection.exec_driver_sql("INSERT INTO ledger_open(one) VALUES (1)")
        for name in ("note", "party", "home", "report"):
            connection.execute(schema.RECORD_TABLES[name].delete())
        connection.exec_driver_sql("DELETE FROM ledger_open")


def deliver(opened: OpenStore, written: list[Written], batches: list[list[int]]) -> None:
    emptied(opened)
    for batch in batches:
        with writing(opened.store.engine) as connection:
            record_arrivals(
                connection,
                [Arrival(written[n].change, STREAM, OTHER_LAPTOP, n + 1, written[n].withheld) for n in batch],
            )


def shown_rows(opened: OpenStore) -> Rows:
    """Everything that may not depend on the order of arrival: all but the running numbers."""
    rows = {name: found for name, found in everything(opened).items() if name.startswith("r_")}
    rows["entity"] = opened.sql("SELECT id, type, stream FROM entity ORDER BY id")
    rows["search"] = opened.sql(
        "SELECT entity.id, heavy, light FROM search JOIN entity ON entity.number = search.rowid ORDER BY 1"
    )
    rows["mentions"] = opened.sql(
        "SELECT entity, change.id FROM change_entity JOIN change USING (position) ORDER BY 1, 2"
    )
    return rows


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_order_batches_and_rebuilding_make_no_difference(opened: OpenStore, data: st.DataObject) -> None:
    written = data.draw(histories())
    deliver(opened, written, [[place] for place in range(len(written))])
    first = shown_rows(opened)

    deliver(opened, written, data.draw(deliveries(written)))
    assert shown_rows(opened) == first

    before = everything(opened)
    with writing(opened.store.engine) as connection:
        rebuild_records(connection)
    assert everything(opened) == before


@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_row_holds_all_the_reducer_knew(opened: OpenStore, data: st.DataObject) -> None:
    written = data.draw(histories())
    deliver(opened, written, data.draw(deliveries(written)))
    for name in ("note", "party", "home", "report"):
        kind = record_type(name)
        assert kind is not None
        table = schema.RECORD_TABLES[name]
        with opened.store.reading() as connection:
            rows = [dict(row) for row in connection.execute(table.select()).mappings()]
        for row in rows:
            assert to_row(kind, row["id"], row["stream"], to_state(kind.SPEC, row)) == row


@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_arrivals_repeated_in_later_batches_change_nothing(opened: OpenStore, data: st.DataObject) -> None:
    written = data.draw(histories())
    batches = data.draw(deliveries(written))
    deliver(opened, written, batches)
    before = everything(opened)
    again = data.draw(st.permutations(range(len(written))))
    with writing(opened.store.engine) as connection:
        record_arrivals(
            connection,
            [Arrival(written[n].change, STREAM, DeviceId(b"x" * 16), None, written[n].withheld) for n in again],
        )
    assert everything(opened) == before


def test_the_fold_of_a_large_backlog_does_not_depend_on_where_its_batches_end(
    opened: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.store import ledger
    from tests.support.vaults import a_change, an_id, put

    changes = [
        a_change(f"c{n}", put(an_id(f"n{n % 40}"), "note", "body", f"version {n}"), minutes=n) for n in range(120)
    ]
    found: list[Rows] = []
    for batch in (1, 7, 500):
        monkeypatch.setattr(ledger, "BATCH", batch)
        emptied(opened)
        opened.arrive(*changes)
        found.append(everything(opened))
    assert found[0] == found[1] == found[2]
