"""What is sent straight to the driver means what it means when SQLAlchemy sends it (decision 0122)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    Table,
    Text,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from core.store.transactions import reading, writing
from core.vault.database import close_database, open_database
from tests.support.statements import watching
from tests.support.vaults import some_keys

THING = Table(
    "thing", MetaData(),
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("data", LargeBinary),
    Column("told", Boolean),
    Column("asked", Boolean, nullable=False, default=False),
)  # fmt: skip
ROWS = [
    {"id": 1, "name": "one", "data": b"\x00\xff", "told": True, "asked": True},
    {"id": 2, "name": "two", "data": None, "told": None, "asked": False},
    {"id": 3, "name": "three%", "data": b"", "told": False, "asked": False},
]
OTHER = THING.alias("other")
QUERIES: dict[str, Select[Any]] = {
    "everything": select(THING).order_by(THING.c.id),
    "a value": select(THING.c.name).where(THING.c.id == 2),
    "another value of the same shape": select(THING.c.name).where(THING.c.id == 3),
    "a list": select(THING.c.id).where(THING.c.name.in_(["one", "two"])).order_by(THING.c.id),
    "a longer list": select(THING.c.id).where(THING.c.name.in_(["one", "two", "three%"])).order_by(THING.c.id),
    "an empty list": select(THING.c.id).where(THING.c.name.in_([])),
    "two lists and a limit": select(THING.c.id)
    .where(or_(THING.c.id.in_([1, 3]), THING.c.name.not_in(["one"])), THING.c.told.is_not(None))
    .order_by(THING.c.id.desc())
    .limit(2)
    .offset(1),
    "nothing there": select(THING).where(THING.c.id == 99),
    "truths": select(THING.c.told, THING.c.asked, THING.c.told.is_(True).label("yes")).order_by(THING.c.id),
    "a count": select(func.count(), func.max(THING.c.id)).select_from(THING).where(THING.c.asked),
    "one of many": select(case((THING.c.id > 1, "more"), else_="one").label("how"), THING.c.data),
    "the same name twice": select(THING.c.name, OTHER.c.name).where(THING.c.id == OTHER.c.id - 1),
    "a beginning": select(THING.c.id).where(THING.c.name.startswith("three%", autoescape=True)),
    "within another": select(THING.c.id).where(THING.c.id.in_(select(OTHER.c.id).where(OTHER.c.name > "p"))),
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    keys = some_keys()
    opened = open_database(tmp_path, keys)
    with writing(opened) as connection:
        connection.exec_driver_sql(
            "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT NOT NULL, data BLOB, told BOOLEAN, asked BOOLEAN)"
        )
        connection.execute(THING.insert(), ROWS)
    yield opened
    close_database(opened)


def everything(engine: Engine) -> list[tuple[Any, ...]]:
    """As SQLAlchemy's own connection reads it."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(THING).order_by(THING.c.id))]


def test_every_query_gives_what_sqlalchemy_gives(engine: Engine) -> None:
    for _ in range(2):  # the second time its words are known
        for name, query in QUERIES.items():
            with engine.connect() as theirs:
                expected = [tuple(row) for row in theirs.execute(query)]
            with reading(engine) as ours:
                found = [tuple(row) for row in ours.execute(query)]
            assert found == expected, name
            assert [[type(value) for value in row] for row in found] == [
                [type(value) for value in row] for row in expected
            ]


def test_rows_are_asked_by_name_and_by_place(engine: Engine) -> None:
    with reading(engine) as connection:
        row = connection.execute(QUERIES["everything"]).first()
        assert (row.id, row.name, row.told, row[1]) == (1, "one", True, "one")
        assert [row["name"] for row in connection.execute(QUERIES["everything"]).mappings()] == ["one", "two", "three%"]
        assert connection.execute(QUERIES["everything"]).scalars().all() == [1, 2, 3]
        assert connection.execute(QUERIES["nothing there"]).first() is None
        assert connection.execute(QUERIES["nothing there"]).scalar() is None


def test_what_is_written_is_what_sqlalchemy_would_write(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(THING.insert().values(id=4, name="four"))  # `asked` is left to its default
        connection.execute(
            THING.insert(), [{"id": 5, "name": "five", "told": True}, {"id": 6, "name": "six", "told": None}]
        )
        again = upsert(THING).values(id=1, name="lost", asked=True).on_conflict_do_nothing()
        assert connection.execute(again).rowcount == 0
        anew = upsert(THING).values(id=2, name="second", asked=True)
        connection.execute(anew.on_conflict_do_update(index_elements=["id"], set_={"name": anew.excluded.name}))
        marked = update(THING).where(THING.c.id == bindparam("which")).values(told=bindparam("truth"))
        connection.execute(marked, [{"which": 5, "truth": False}, {"which": 6, "truth": True}])
        assert connection.execute(delete(THING).where(THING.c.id.in_([3, 99]))).rowcount == 1
    assert everything(engine) == [
        (1, "one", b"\x00\xff", True, True), (2, "second", None, None, False), (4, "four", None, None, False),
        (5, "five", None, False, False), (6, "six", None, True, False),
    ]  # fmt: skip


def test_what_is_kept_of_a_query_holds_no_value_of_it(engine: Engine) -> None:
    sent: list[tuple[str, Any]] = []
    with watching(lambda words, values: sent.append((words, tuple(values)))), reading(engine) as connection:
        for name in ("one", "two", "nobody"):
            connection.execute(select(THING.c.id).where(THING.c.name == name)).all()
    (begin, *rest) = sent
    assert begin == ("BEGIN", ())
    assert len({words for words, _ in rest}) == 1 and "one" not in rest[0][0]
    assert [values for _, values in rest] == [("one",), ("two",), ("nobody",)]


def test_what_fails_half_way_is_not_kept_and_the_next_one_goes_on(engine: Engine) -> None:
    before = everything(engine)
    with pytest.raises(RuntimeError), writing(engine) as connection:
        connection.execute(delete(THING))
        raise RuntimeError
    assert everything(engine) == before
    with writing(engine) as connection:
        connection.execute(delete(THING).where(THING.c.id == 1))
    assert len(everything(engine)) == 2


def test_a_read_half_way_through_holds_nothing_back(engine: Engine) -> None:
    kept: list[Any] = []
    with reading(engine) as connection:
        result = connection.execute(QUERIES["everything"])
        kept.append((result, next(iter(result))))  # and nobody reads on
    with writing(engine) as connection:
        connection.execute(delete(THING).where(THING.c.id > 1))
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(THING)).scalar_one() == 1


def test_a_view_is_steady_while_somebody_writes(engine: Engine) -> None:
    with reading(engine) as early:
        assert early.execute(QUERIES["a count"]).first()[0] == 1
        with writing(engine) as connection:
            connection.execute(update(THING).values(asked=True))
        assert early.execute(QUERIES["a count"]).first()[0] == 1
    with reading(engine) as late:
        assert late.execute(QUERIES["a count"]).first()[0] == 3
