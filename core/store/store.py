"""The store: one object over one open database. It is used by one thread at a time."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Engine, Select, Table, func, select

from core.changes.hlc import HybridClock
from core.domain.changed import NOTHING, Changed
from core.domain.declare import Record
from core.foundation.errors import NotFound, StillChecking, VaultTooNew
from core.foundation.ids import RecordId, StreamId
from core.foundation.ports import Clock, Randomness
from core.store import meta, migrate, resting, schema
from core.store.connection import Connection
from core.store.ledger import rebuild_records
from core.store.rows import RecordReader
from core.store.transactions import reading, writing
from core.store.unit import Author, WriteUnit

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Ground:
    """What the store stands on."""

    clock: Clock
    randomness: Randomness


class Outcome:
    """What a finished unit changed; empty until the unit ends."""

    def __init__(self) -> None:
        self.changed: Changed = NOTHING


class Store:
    """Records in, records out; every write is a change.

    Raises:
        VaultTooNew: the database was last opened by a newer version.
    """

    def __init__(self, engine: Engine, *, ground: Ground, author: Author) -> None:
        self.engine = engine
        self.ground = ground
        self.author = author
        self.writable: frozenset[StreamId] | None = None
        self.checking = False
        """Whether what is here stands on a summary whose history has not been read: nothing is written on top of it."""
        """The only streams this person writes records in; None: wherever they hold the key."""
        self.rest = resting.attach(engine)
        self._prepare()

    # ------------------------------------------------------------------ writing

    @contextlib.contextmanager
    def unit(self, cause: str) -> Iterator[tuple[WriteUnit, Outcome]]:
        """One unit of work, named after the service that does it. All of it is kept, or none.

        Raises:
            DiskFull, VaultDamaged, UntrackedWrite: nothing was changed.
        """
        outcome = Outcome()
        with writing(self.engine) as connection:
            unit = WriteUnit(
                connection, author=self.author, cause=cause, clock=meta.read_clock(connection),
                now=self.ground.clock.now(), randomness=self.ground.randomness,
                may_write=self._may_write,
            )  # fmt: skip
            yield unit, outcome
            changed = unit.finish()
            meta.write_clock(connection, unit.clock)
        outcome.changed = changed

    # ------------------------------------------------------------------ reading

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for the query modules of this room."""
        with reading(self.engine) as connection:
            yield connection

    def get(self, kind: type[R], entity: RecordId) -> R:
        """One record.

        Raises:
            NotFound: there is none, or it was deleted.
        """
        found = self.find(kind, entity)
        if found is None:
            raise NotFound(what=kind.SPEC.label.lower())
        return found

    def find(self, kind: type[R], entity: RecordId) -> R | None:
        """One record, or None."""
        rows = self.select(kind, table_of(kind).c.id == entity)
        return rows[0] if rows else None

    def select(
        self, kind: type[R], *where: ColumnElement[bool], order_by: Sequence[Any] = (), limit: int | None = None
    ) -> tuple[R, ...]:
        """The records that meet every condition, deleted ones left out."""
        with reading(self.engine) as connection:
            return select_records(connection, kind, *where, order_by=order_by, limit=limit)

    def count(self, kind: type[Record], *where: ColumnElement[bool]) -> int:
        """How many records meet every condition."""
        table = table_of(kind)
        with reading(self.engine) as connection:
            statement = select(func.count()).select_from(table).where(table.c.deleted.is_(False), *where)
            return int(connection.execute(statement).scalar_one())

    # ------------------------------------------------------------------ upkeep

    def rebuild(self) -> None:
        """Make every record table again from the change log (and check nothing else is needed)."""
        with writing(self.engine) as connection:
            rebuild_records(connection)

    def clock(self) -> HybridClock:
        """The last stamp issued or followed here."""
        with reading(self.engine) as connection:
            return meta.read_clock(connection)

    def _may_write(self, stream: StreamId) -> bool:
        allowed = self.writable is None or stream in self.writable
        if not allowed and self.checking:
            raise StillChecking()
        return allowed

    def _prepare(self) -> None:
        with writing(self.engine) as connection:
            schema.create_fixed(connection)
            resting.prepare(connection, self.ground.randomness)
            version = meta.read_number(connection, meta.SCHEMA_VERSION)
            if version is not None and version > schema.SCHEMA_VERSION:
                raise VaultTooNew()
            if version is not None:
                migrate.migrate(connection, since=version)
            fingerprint = schema.catalogue_fingerprint()
            if meta.read(connection, meta.CATALOGUE) == fingerprint:
                return
            rebuild_records(connection)
            meta.write_number(connection, meta.SCHEMA_VERSION, schema.SCHEMA_VERSION)
            meta.write(connection, meta.CATALOGUE, fingerprint)


def table_of(kind: type[Record]) -> Table:
    """The table of a record type, for conditions in queries."""
    return schema.RECORD_TABLES[kind.SPEC.name]


def select_records(
    connection: Connection, kind: type[R], *where: ColumnElement[bool], order_by: Sequence[Any] = (),
    limit: int | None = None,
) -> tuple[R, ...]:  # fmt: skip
    """As `Store.select`, on a connection somebody already holds."""
    statement = _every(table_of(kind))
    if where:
        statement = statement.where(*where)
    if order_by:
        statement = statement.order_by(*order_by)
    if limit is not None:
        statement = statement.limit(limit)
    reader = RecordReader(kind)
    return tuple([reader.record(row) for row in connection.execute(statement)])


@functools.cache
def _every(table: Table) -> Select[Any]:
    """The beginning of every query for records of one type; putting it together is most of the cost of a short one."""
    columns = (column for column in table.c if column.name not in schema.KEPT_FOR_THE_LEDGER)
    return select(*columns).where(table.c.deleted.is_(False))
