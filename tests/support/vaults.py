"""Real encrypted vaults in a folder of the test's own, with a clock and dice the test decides."""

from __future__ import annotations

import atexit
import contextlib
import functools
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData

from core.changes.change import Change, Op, OpId, OpKind, Wire
from core.changes.hlc import COUNTER_BITS, to_ms
from core.crypto.kdf import KdfCost, require_floor
from core.domain.catalogue import RECORD_TYPES, record_type
from core.domain.changed import Changed
from core.domain.declare import Record, record
from core.foundation.ids import ChangeId, DeviceId, OrganisationId, RecordId, StreamId, UserId
from core.services import rest, vaults
from core.store import ledger, schema
from core.store.ledger import Arrival, record_arrivals
from core.store.store import Ground, Store
from core.store.transactions import writing
from core.store.unit import Author
from core.vault.database import DATABASE_NAME, close_database, open_database
from core.vault.keyslot import KeyslotContent, new_content
from tests.support.dice import SeededRandomness

CHEAP = KdfCost(memory_kib=64, passes=1, lanes=1)
"""A cost no real vault may have; quick enough to open one hundreds of times. Only this very value is let through."""


def _unless_it_is_ours(cost: KdfCost) -> None:
    if cost is not CHEAP:
        require_floor(cost)


for _place in (vaults, rest):
    pytest.MonkeyPatch().setattr(_place, "require_floor", _unless_it_is_ours)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ORGANISATION = OrganisationId(b"organisation-000")
ANA = UserId(b"ana-000000000000")
BEN = UserId(b"ben-000000000000")
LAPTOP = DeviceId(b"laptop-000000000")
OTHER_LAPTOP = DeviceId(b"other-laptop-000")
STREAM = StreamId(b"a-stream-0000000")
OTHER_STREAM = StreamId(b"another-stream-0")


class TestClock:
    """Stands still until told otherwise."""

    __test__ = False

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic_s(self) -> float:
        return self.at.timestamp()

    def forward(self, **how: float) -> None:
        self.at += timedelta(**how)


@dataclass(slots=True)
class OpenStore:
    """A store with what it stands on. `arrive` is what a sync does with a verified change."""

    store: Store
    folder: Path
    keys: KeyslotContent
    clock: TestClock
    dice: SeededRandomness = field(default_factory=lambda: SeededRandomness(1))

    def arrive(self, *changes: Change, stream: StreamId = STREAM, withheld: bool = False) -> Changed:
        with writing(self.store.engine) as connection:
            return record_arrivals(
                connection, [Arrival(change, stream, OTHER_LAPTOP, 1, withheld) for change in changes]
            )

    def create(self, kind: type[Record], stream: StreamId = STREAM, **values: object) -> RecordId:
        with self.store.unit("test") as (unit, _):
            return unit.create(kind, stream, **values)

    def update(self, kind: type[Record], entity: RecordId, **values: object) -> None:
        with self.store.unit("test") as (unit, _):
            unit.update(kind, entity, **values)

    def delete(self, kind: type[Record], entity: RecordId) -> None:
        with self.store.unit("test") as (unit, _):
            unit.delete(kind, entity)

    def heads(self, kind: type[Record], entity: RecordId, name: str) -> tuple[OpId, ...]:
        from core.store.rows import to_state

        table = schema.RECORD_TABLES[kind.SPEC.name]
        with self.store.reading() as connection:
            row = connection.execute(table.select().where(table.c.id == entity)).first()._asdict()
        return tuple(to_state(kind.SPEC, dict(row)).heads.get(name, {}))

    def row(self, kind: type[Record], entity: RecordId) -> dict[str, Any]:
        table = schema.RECORD_TABLES[kind.SPEC.name]
        with self.store.reading() as connection:
            return dict(connection.execute(table.select().where(table.c.id == entity)).first()._asdict())

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self.store.reading() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement, values)]


def some_keys(seed: int = 0) -> KeyslotContent:
    return new_content(randomness=SeededRandomness(seed), organisation=ORGANISATION, user=ANA)


@contextlib.contextmanager
def open_store(folder: Path, keys: KeyslotContent | None = None, clock: TestClock | None = None) -> Iterator[OpenStore]:
    """The store of the vault in `folder`, made if absent; closed at the end."""
    held = keys or some_keys()
    told = clock or TestClock()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if keys is None and not (folder / DATABASE_NAME).exists():
        shutil.copy(_empty_database(), folder / DATABASE_NAME)
    engine = open_database(folder, held)
    dice = SeededRandomness(len(list(folder.iterdir())) * 1000 + 1)
    try:
        yield OpenStore(Store(engine, ground=Ground(told, dice), author=Author(ANA, LAPTOP)), folder, held, told, dice)
    finally:
        close_database(engine)


@functools.cache
def _empty_database() -> Path:
    """A database with its tables and nothing in them: making them anew for each test took a tenth of all the time."""
    folder = Path(tempfile.mkdtemp(prefix="imani-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    engine = open_database(folder, some_keys())
    Store(engine, ground=Ground(TestClock(), SeededRandomness(1)), author=Author(ANA, LAPTOP))
    close_database(engine)
    return folder / DATABASE_NAME


def a_change(name: str, *ops: Op, minutes: float = 0, actor: UserId = BEN, cause: str = "elsewhere") -> Change:
    """What another laptop sends; `minutes` after noon. The name makes its id."""
    stamp = to_ms(NOON + timedelta(minutes=minutes)) << COUNTER_BITS
    return Change(ChangeId(name.encode().ljust(16, b".")[:16]), stamp, actor, cause, ops)


def put(entity: RecordId, table: str, name: str, value: Wire, *deps: OpId, kind: int = OpKind.SET) -> Op:
    return Op(kind, entity, table, name, value, deps)


def an_id(name: str) -> RecordId:
    return RecordId(name.encode().ljust(16, b"_")[:16])


RECORD_CONTENT = ("entity", "change_entity", "search", "search_content", "search_docsize", "meta", "change")


def everything(opened: OpenStore) -> dict[str, list[tuple[Any, ...]]]:
    """Every row and every column of every table that is made from the change log, and the log itself."""
    tables = [
        name
        for (name,) in opened.sql(
            "SELECT name FROM sqlite_master WHERE name LIKE 'r\\_%' ESCAPE '\\' AND type = 'table'"
        )
    ]
    return {name: sorted(opened.sql(f"SELECT * FROM {name}"), key=repr) for name in (*sorted(tables), *RECORD_CONTENT)}


def older_version(
    patch: pytest.MonkeyPatch, *, without_types: tuple[str, ...] = (), without_fields: dict[str, tuple[str, ...]]
) -> None:
    """Make the program one that has not heard of these record types and fields yet."""
    kinds: list[type[Record]] = []
    for kind in RECORD_TYPES:
        name = kind.SPEC.name
        if name in without_types:
            continue
        lost = without_fields.get(name)
        kinds.append(_without(kind, lost) if lost else kind)
    by_name = {kind.SPEC.name: kind for kind in kinds}
    patch.setattr(schema, "RECORD_TYPES", tuple(kinds))
    real = schema.METADATA
    tables = {}
    for kind in kinds:
        patch.setattr(schema, "METADATA", MetaData())
        tables[kind.SPEC.name] = schema._record_table(kind.SPEC)
    patch.setattr(schema, "METADATA", real)
    patch.setattr(schema, "RECORD_TABLES", tables)
    patch.setattr(ledger, "record_type", by_name.get)


def _without(kind: type[Record], lost: tuple[str, ...]) -> type[Record]:
    kept = {name: spec for name, spec in kind.SPEC.fields.items() if name not in lost}
    namespace: dict[str, Any] = {"__annotations__": {}, "__module__": __name__}
    for name in kept:
        made = kind.__dataclass_fields__[name]
        namespace["__annotations__"][name] = Any
        import dataclasses

        namespace[name] = dataclasses.field(default=made.default, metadata=made.metadata)
    bare = type(kind.__name__, (Record,), namespace)
    return record(name=kind.SPEC.name, label=kind.SPEC.label, stream=kind.SPEC.stream)(bare)


def known_type(name: str) -> type[Record]:
    found = record_type(name)
    assert found is not None
    return found
