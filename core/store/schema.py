"""The tables: a fixed set for the ledger, keys and exchange, and one per declared record type.

Record tables are a cache of the change log. They hold nothing that cannot be rebuilt from it, and
triggers refuse any write to them that does not come from the ledger.
"""

from __future__ import annotations

import functools
import hashlib
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, Table, Text, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.types import TypeEngine

from core.domain.catalogue import RECORD_TYPES
from core.domain.declare import FieldSpec, Kind, RecordSpec
from core.store.connection import Connection

SCHEMA_VERSION = 4
PREFIX = "r_"
"""Record tables are named `r_<record type>`, so that they can never collide with the fixed ones."""

METADATA = MetaData()

META = Table(
    "meta", METADATA,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)  # fmt: skip

CHANGE = Table(
    "change", METADATA,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("id", LargeBinary, nullable=False, unique=True),
    Column("stream", LargeBinary, nullable=False, index=True),
    Column("device", LargeBinary, nullable=False),
    Column("seq", Integer),
    Column("hlc", BigInteger, nullable=False),
    Column("actor", LargeBinary, nullable=False),
    Column("cause", Text, nullable=False),
    Column("withheld", Boolean, nullable=False, default=False),
    Column("body", LargeBinary, nullable=False),
    Index("change_unsealed", "device", "seq", "position"),
    Index("change_withheld", "device", "seq", sqlite_where=text("withheld")),
)  # fmt: skip
"""The history. `seq` is the number of the segment that carried the change; NULL until it is sealed."""

CHANGE_ENTITY = Table(
    "change_entity", METADATA,
    Column("entity", LargeBinary, primary_key=True),
    Column("position", Integer, primary_key=True),
    sqlite_with_rowid=False,
)  # fmt: skip

ENTITY = Table(
    "entity", METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", LargeBinary, nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("stream", LargeBinary, nullable=False, index=True),
)  # fmt: skip

EPOCH = Table(
    "epoch", METADATA,
    Column("stream", LargeBinary, primary_key=True),
    Column("header_hash", LargeBinary, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("header", LargeBinary),
    Column("key", LargeBinary),
    Column("author", LargeBinary),
    Column("hlc", BigInteger),
    Column("device", LargeBinary),
    Column("seq", Integer),
)  # fmt: skip
"""Keys of streams. A key may arrive before its header or the other way round. `author` and `hlc` are the header's,
`device` and `seq` name the segment that brought it."""

SEALED_STREAM = Table("sealed_stream", METADATA, Column("stream", LargeBinary, primary_key=True))
"""Compartments: their keys and the bodies of their changes rest sealed, and they have no rows (`resting.py`)."""

ENVELOPE_KEY = Table(
    "envelope", METADATA,
    Column("number", Integer, primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
    Column("key", LargeBinary, nullable=False),
    Column("told", Boolean, nullable=False, default=True),
)  # fmt: skip
"""The keys of the outer envelope. Two people may make one under the same number. A key that is not `told` yet, because
what carries it to the others waits to be sealed, seals nothing."""

ROSTER = Table(
    "roster", METADATA,
    Column("entry", LargeBinary, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("kind", Integer, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("confirmed", Boolean, nullable=False, default=True),
    Column("device", LargeBinary),
    Column("seq", Integer),
    Column("seen", LargeBinary),
)  # fmt: skip
"""Who belongs to the organisation. `device` and `seq` name the segment that brought the entry; an entry from
the admission file alone is not `confirmed`. `seen`: what the laptop it comes from had seen."""

LATE_MARK = Table(
    "late_mark", METADATA,
    Column("target", LargeBinary, primary_key=True),
    Column("by", LargeBinary, primary_key=True),
    Column("adopts", Boolean, nullable=False),
)  # fmt: skip
"""Withheld changes that somebody took over (`adopts`) or put aside, and the change that says so."""

RECOVERY_WRAP = Table(
    "recovery_wrap", METADATA,
    Column("stream", LargeBinary, primary_key=True),
    Column("header_hash", LargeBinary, primary_key=True),
    Column("mark", LargeBinary, primary_key=True),
    Column("proven", Boolean, nullable=False, default=False),
)  # fmt: skip
"""Which epochs were wrapped to a recovery group after they began, and which such a group itself vouched for."""

SEGMENT = Table(
    "segment", METADATA,
    Column("name", Text, primary_key=True),
    Column("device", LargeBinary),
    Column("seq", Integer),
    Column("body_hash", LargeBinary),
    Column("state", Text, nullable=False, index=True),
    Column("file", LargeBinary),
    Column("seen_at_ms", BigInteger, nullable=False),
    Index("segment_chain", "device", "seq"),
)  # fmt: skip
"""Every file this laptop made or met. `state`: outbox, published, applied, pending, withheld, refused, stranger."""

UNOPENED = Table(
    "unopened", METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("segment", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("nonce", LargeBinary, nullable=False),
    Column("tag", LargeBinary, nullable=False),
)  # fmt: skip
"""Sections of applied segments that no key here opens, in the order they were met, for the day one comes."""

DEVICE = Table(
    "device", METADATA,
    Column("id", LargeBinary, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    Column("hlc", BigInteger, nullable=False),
    Column("seen", LargeBinary, nullable=False),
    Column("frozen_at", Integer),
)  # fmt: skip
"""The head of every device's chain as applied here, and what that device had seen. `frozen_at`: the number of
the first segment of which two versions exist; from there on its changes are withheld."""

DRAFT = Table(
    "draft", METADATA,
    Column("name", Text, primary_key=True),
    Column("body", Text, nullable=False),
    Column("saved_at_ms", BigInteger, nullable=False),
)  # fmt: skip
"""Unfinished typing, on this laptop only (decision 0004)."""

NOTICE = Table(
    "notice", METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("code", Text, nullable=False),
    Column("subject", LargeBinary, nullable=False),
    Column("detail", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Index("notice_once", "code", "subject", unique=True),
)  # fmt: skip
"""What the exchange has to tell the person: a refused file, a clock far off, an unreadable change."""

BLOB = Table(
    "blob", METADATA,
    Column("name", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("stream", LargeBinary, nullable=False, index=True),
    Column("whole", BigInteger, nullable=False),
    Column("asked", Boolean, nullable=False, default=False),
)  # fmt: skip
"""Sealed parts of attached files. `state`: outgoing, published, wanted, here; the bytes lie in `blobs/` beside the
database but for the wanted ones. `size` is that of the part, `whole` that of the file it belongs to; `asked`: somebody
asked for it here, however large."""

SHREDDED = Table(
    "shredded", METADATA,
    Column("deleted_stream", LargeBinary, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("users", LargeBinary, nullable=False),
    Column("groups", LargeBinary, nullable=False),
)  # fmt: skip
"""Streams deleted for good: nothing of them is ever taken in again. `users` and `groups` (CBOR lists)
are who had their keys, so that one can say from when even an old copy of everything opens nothing."""

DUTY = Table(
    "duty", METADATA,
    Column("case", LargeBinary, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("subject", LargeBinary, primary_key=True),
    Column("due_ms", BigInteger, primary_key=True),
    Column("clause", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("hint", Text, nullable=False),
    Column("anchor_ms", BigInteger, nullable=False),
    Column("worked_out_ms", BigInteger, nullable=False),
    Index("duty_by_due", "due_ms", "case"),
)  # fmt: skip
"""The duties nobody has met yet, worked out from the records; thrown away and made again at will."""

STALE_STREAM = Table("stale_stream", METADATA, Column("stream", LargeBinary, primary_key=True))
"""Streams whose records changed since their duties were worked out."""

LEDGER_OPEN = Table("ledger_open", METADATA, Column("one", Integer, primary_key=True))
"""Holds a row only inside a ledger transaction; the guard triggers look here."""

_COLUMN_TYPES: dict[Kind, type[TypeEngine[Any]]] = {
    Kind.TEXT: Text, Kind.LONG_TEXT: Text, Kind.CHOICE: Text, Kind.DATE: Text,
    Kind.INTEGER: BigInteger, Kind.INSTANT: BigInteger, Kind.BOOLEAN: Boolean,
    Kind.LINK: LargeBinary, Kind.BYTES: LargeBinary,
    Kind.CHOICES: Text, Kind.TEXTS: Text, Kind.LINKS: Text,
}  # fmt: skip


def _column(spec: FieldSpec) -> Column[Any]:
    return Column(spec.name, _COLUMN_TYPES[spec.kind], index=spec.indexed)


KEPT_FOR_THE_LEDGER = frozenset({"deleted", "created_hlc", "changed_hlc", "contested", "stamps"})
"""The columns of a record table that are no part of the record."""


def _record_table(spec: RecordSpec) -> Table:
    return Table(
        PREFIX + spec.name,
        METADATA,
        Column("id", LargeBinary, primary_key=True),
        Column("stream", LargeBinary, nullable=False, index=True),
        Column("deleted", Boolean, nullable=False),
        Column("created_hlc", BigInteger, nullable=False),
        Column("changed_hlc", BigInteger, nullable=False),
        Column("contested", Text, nullable=False),
        Column("stamps", LargeBinary, nullable=False),
        *(_column(field) for field in spec.fields.values()),
    )


RECORD_TABLES: dict[str, Table] = {kind.SPEC.name: _record_table(kind.SPEC) for kind in RECORD_TYPES}

for _table in RECORD_TABLES.values():
    Index(f"{_table.name}_contested", _table.c.stream, sqlite_where=_table.c.contested != "")
"""What two laptops wrote apart is rare: these indexes stay next to empty, and asking for it costs next to nothing."""

_CASES = RECORD_TABLES["case"].c
Index("r_case_newest", _CASES.opened_at.desc(), _CASES.id, sqlite_where=_CASES.deleted.is_(False))
Index("r_case_by_stage", _CASES.stage, _CASES.opened_at.desc(), _CASES.id, sqlite_where=_CASES.deleted.is_(False))
"""The list of cases and its counts read these indexes only as far as one page, however many cases there are."""

_REFUSE = "WHEN NOT EXISTS (SELECT 1 FROM ledger_open) BEGIN SELECT RAISE(ABORT, 'untracked write'); END"

_FULL_TEXT = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(heavy, light, tokenize='unicode61 remove_diacritics 2')",
    "INSERT INTO search(search, rank) VALUES('secure-delete', 1)",
)


def create_fixed(connection: Connection) -> None:
    """Create the tables of the ledger, keys and exchange, and the search index, where absent."""
    there = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    fixed = [table for table in METADATA.tables.values() if not table.name.startswith(PREFIX)]
    for table in fixed:
        if table.name not in there:
            for statement in _made(table):
                connection.exec_driver_sql(statement)
    for statement in _FULL_TEXT:
        connection.exec_driver_sql(statement)


def create_records(connection: Connection) -> None:
    """Create the record tables and their guards."""
    for table in RECORD_TABLES.values():
        for statement in (*_made(table), *_guards(table)):
            connection.exec_driver_sql(statement)


@functools.cache
def _made(table: Table) -> tuple[str, ...]:
    """Worked out once: with some hundred tables, working it out anew is most of the cost of an empty workbook."""
    dialect = sqlite.dialect()
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    made = str(CreateTable(table).compile(dialect=dialect))
    return (made, *(str(CreateIndex(index).compile(dialect=dialect)) for index in indexes))


@functools.cache
def _guards(table: Table) -> tuple[str, ...]:
    return tuple(
        f"CREATE TRIGGER guard_{verb.lower()}_{table.name} BEFORE {verb} ON {table.name} {_REFUSE}"
        for verb in ("INSERT", "UPDATE", "DELETE")
    )


def renew_search(connection: Connection) -> None:
    """Throw the search index away and begin an empty one: far cheaper than deleting it row by row, securely."""
    connection.exec_driver_sql("DROP TABLE search")
    for statement in _FULL_TEXT:
        connection.exec_driver_sql(statement)


def put_statement(table: Table) -> tuple[str, list[str]]:
    """The statement that puts one row in the place of what was there, and the columns it takes, in order."""
    columns = [column.name for column in table.c]
    places = ", ".join("?" for _ in columns)
    every = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name != "id")
    quoted = ", ".join(f'"{name}"' for name in columns)
    insert = f'INSERT INTO "{table.name}" ({quoted}) VALUES ({places})'  # noqa: S608  # names from our own declarations
    return f"{insert} ON CONFLICT (id) DO UPDATE SET {every}", columns


def get_statement(table: Table) -> tuple[list[str], str]:
    """The columns of a row and the beginning of the query that gives them in this order."""
    columns = [column.name for column in table.c]
    quoted = ", ".join(f'"{name}"' for name in columns)
    return columns, f'SELECT {quoted} FROM "{table.name}"'  # noqa: S608  # names from our own declarations


def drop_records(connection: Connection) -> None:
    """Throw away every record table, whatever version made it; the change log has all that is in them."""
    found = connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 2) = 'r_'"
    ).scalars()
    for name in list(found):
        connection.exec_driver_sql(f'DROP TABLE "{name}"')


def catalogue_fingerprint() -> bytes:
    """Changes whenever a declaration changes in a way that changes a table or the search text."""
    told = [str(SCHEMA_VERSION)]
    for kind in RECORD_TYPES:
        name, known = kind.SPEC.name, kind.__dataclass_fields__
        told.extend(
            f"{name}.{one.name}:{one.kind}:{one.indexed}:{one.search_weight}:{known[one.name].default};"
            for one in kind.SPEC.fields.values()
        )
    return hashlib.sha256("".join(told).encode()).digest()
