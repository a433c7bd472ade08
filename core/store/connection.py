"""A connection inside a transaction: queries are put together by SQLAlchemy and sent straight to the driver.

Decision 0122: SQLAlchemy's own connection costs ten times what the database needs for a short query, and this program
sends thousands of short ones. What a query means (its words, its values, the types of its columns) is still worked out
there, once for every shape; only the sending is here.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Column, Engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ClauseElement
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlalchemy.util import LRUCache

_DIALECT = sqlite.dialect(paramstyle="qmark")
_SHAPES_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class _Shape:
    """A query worked out: all that is the same whatever its values are."""

    compiled: SQLCompiler
    words: str
    places: tuple[str, ...]
    defaults: Mapping[str, object]
    """Of columns that the caller gave no value."""
    expands: bool
    """Whether a list of values is one of its values, so that its words depend on how long that is."""
    read: Callable[[Sequence[Any]], Any]
    """A row of the driver as a row with names."""


_SHAPES: LRUCache[Any, _Shape] = LRUCache(_SHAPES_KEPT)
"""They hold no value of any record."""


class Result:
    """What a statement gave, row by row, read as it is asked for. A row can be asked by name or by place."""

    __slots__ = ("_cursor", "_read")

    def __init__(self, cursor: Any, read: Callable[[Sequence[Any]], Any]) -> None:
        self._cursor = cursor
        self._read = read

    def __iter__(self) -> Iterator[Any]:
        return map(self._read, self._cursor)

    def all(self) -> list[Any]:
        """Every row that is left."""
        return list(self)

    def first(self) -> Any:
        """The first row, or None. No other is read."""
        row = self._cursor.fetchone()
        self._cursor.close()
        return None if row is None else self._read(row)

    def scalars(self) -> Scalars:
        """The first value of every row."""
        return Scalars(row[0] for row in self)

    def scalar(self) -> Any:
        """The first value of the first row, or None."""
        row = self.first()
        return None if row is None else row[0]

    def scalar_one(self) -> Any:
        """The first value of a query that always gives a row."""
        return self.first()[0]

    def mappings(self) -> Iterator[dict[str, Any]]:
        """Every row by the names of its columns."""
        return (row._asdict() for row in self)

    def close(self) -> None:
        """Read no more of it."""
        self._cursor.close()

    @property
    def rowcount(self) -> int:
        """How many rows a statement changed."""
        return int(self._cursor.rowcount)


class Scalars:
    """The first values of the rows of a result."""

    __slots__ = ("_values",)

    def __init__(self, values: Iterator[Any]) -> None:
        self._values = values

    def __iter__(self) -> Iterator[Any]:
        return self._values

    def all(self) -> list[Any]:
        """Every value that is left."""
        return list(self._values)


class Connection:
    """One transaction's way to the database. Made by `transactions.py` only."""

    __slots__ = ("_driver", "engine")

    def __init__(self, engine: Engine, driver: Any) -> None:
        self.engine = engine
        self._driver = driver

    def execute(
        self, statement: ClauseElement, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> Result:
        """Send a query of SQLAlchemy's; with a sequence of values, once for each of them.

        Raises:
            sqlcipher3.DatabaseError: the database refused it; `transactions.py` says it in our words.
        """
        many = () if values is None else (values,) if isinstance(values, Mapping) else values
        key = statement._generate_cache_key()  # noqa: SLF001  # decision 0122
        assert key is not None  # every query of this room is built of parts that have one
        names = tuple(sorted(many[0])) if many else ()
        shape = _SHAPES.get((key.key, names))
        if shape is None:
            shape = _SHAPES[key.key, names] = _worked_out(statement, key, names)
        if len(many) < 2:
            words, given = _filled(shape, key, many[0] if many else None)
            return Result(self.send(words, given), shape.read)
        return Result(self.send_many(shape.words, [_filled(shape, key, one)[1] for one in many]), shape.read)

    def exec_driver_sql(self, words: str, values: Sequence[Any] = ()) -> Result:
        """Send words as they stand.

        Raises:
            sqlcipher3.DatabaseError: as above.
        """
        return Result(self.send(words, values), _as_it_is)

    def exec_many(self, words: str, many: Sequence[Sequence[Any]]) -> None:
        """Send words as they stand, once for each of the values.

        Raises:
            sqlcipher3.DatabaseError: as above.
        """
        self.send_many(words, many)

    def send(self, words: str, values: Sequence[Any] = ()) -> Any:
        """To the driver: everything but `send_many` passes here."""
        return self._driver.execute(words, values)

    def send_many(self, words: str, many: Sequence[Sequence[Any]]) -> Any:
        """To the driver, once for each of the values."""
        return self._driver.executemany(words, many)


def _as_it_is(row: Sequence[Any]) -> Sequence[Any]:
    return row


def _worked_out(statement: ClauseElement, key: Any, names: tuple[str, ...]) -> _Shape:
    compiled = statement.compile(dialect=_DIALECT, column_keys=list(names) or None, cache_key=key)
    assert isinstance(compiled, SQLCompiler)
    defaults = {column.key: _default_of(column) for column in compiled.insert_prefetch}
    expands = bool(compiled.literal_execute_params or compiled.post_compile_params)
    return _Shape(compiled, str(compiled), tuple(compiled.positiontup or ()), defaults, expands, _reader(compiled))


def _default_of(column: Column[Any]) -> object:
    assert isinstance(column.default, ScalarElementColumnDefault)  # no column of this room works its default out
    return column.default.arg


def _reader(compiled: SQLCompiler) -> Callable[[Sequence[Any]], Any]:
    columns = compiled._result_columns  # noqa: SLF001  # decision 0122
    if not columns:
        return _as_it_is
    names = namedtuple("Row", [column.keyname for column in columns], rename=True)  # type: ignore[misc]  # made here
    make = names._make
    truths = tuple(place for place, column in enumerate(columns) if isinstance(column.type, Boolean))
    if not truths:
        return make

    def read(row: Sequence[Any]) -> Any:
        values = list(row)
        for place in truths:
            if values[place] is not None:
                values[place] = bool(values[place])
        return make(values)

    return read


def _filled(shape: _Shape, key: Any, given: Mapping[str, Any] | None) -> tuple[str, Sequence[Any]]:
    values = shape.compiled.construct_params(
        given, extracted_parameters=key.bindparams, escape_names=False, _collected_params=key.params
    )
    if shape.defaults:
        values = {**values, **shape.defaults}
    if not shape.expands:
        return shape.words, [values[name] for name in shape.places]
    expanded = shape.compiled._process_parameters_for_postcompile(values)  # noqa: SLF001  # decision 0122
    return expanded.statement, [expanded.parameters[name] for name in expanded.positiontup or ()]
