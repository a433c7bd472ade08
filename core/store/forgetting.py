"""Letting go of a stream: everything this vault holds of it, as if it had never been here.

What its owner wrote there and has not sent yet is kept until it is sealed, so that nobody's work is lost; its keys
stay as long and open nothing more meanwhile. The database zeroes what it deletes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from sqlalchemy import Engine, Table, delete, func, insert, select

from core.domain.catalogue import record_type
from core.domain.changed import Changed
from core.foundation.ids import RecordId, StreamId
from core.store import meta, schema
from core.store.connection import Connection
from core.store.transactions import translated, writing

LEAVING = "leaving:"
"""Before the hex digits of a stream that is forgotten but for what waits to be sealed."""
AUDIT = "audit:"
"""Before the hex digits of a stream: the stream in which this person writes down what they do in it."""
FORGOTTEN = "forgotten"
"""A number in `meta` while the write-ahead log may still hold pages of something forgotten."""

_SLICE = 500
_ROOM = 2**32
"""Numbers kept free before the sections that were met first."""
_KEPT_UNTIL_SEALED = (schema.CHANGE, schema.EPOCH)


def keep_strangers(
    connection: Connection, stream: StreamId, sections: Sequence[tuple[str, int, bytes, bytes]]
) -> None:
    """Put sections of a stream that is being forgotten back among those no key here opens, before all of them: what
    could not be read builds on what could. Called once while it is forgotten and once more when it is left.
    """
    first = meta.read_number(connection, LEAVING + stream.hex())
    if first is None:
        lowest = connection.execute(select(func.min(schema.UNOPENED.c.number))).scalar_one()
        first = min(lowest or 0, 0) - _ROOM
    else:
        first += _ROOM // 2
    for number, (segment, place, nonce, tag) in enumerate(sections, start=first):
        row = {"number": number, "segment": segment, "place": place, "nonce": nonce, "tag": tag}
        connection.execute(insert(schema.UNOPENED).values(row))
    meta.write_number(connection, LEAVING + stream.hex(), first)


def forget_stream(connection: Connection, stream: StreamId) -> Changed:
    """Forget a stream. Returns what is gone, so that whatever is on show is drawn again."""
    held = select(schema.ENTITY.c.number, schema.ENTITY.c.id, schema.ENTITY.c.type)
    rows = connection.execute(held.where(schema.ENTITY.c.stream == stream)).all()
    entities = [(row.number, RecordId(row.id), row.type) for row in rows]
    _forget_rows(connection, stream)
    _forget_search(connection, [number for number, _, _ in entities])
    _forget_mentions(connection, stream)
    ids = [entity for _, entity, _ in entities]
    _forget_named(connection, stream, ids)
    for table in _tables_by_stream():
        if table not in _KEPT_UNTIL_SEALED:
            connection.execute(delete(table).where(table.c.stream == stream))
    connection.execute(delete(schema.CHANGE).where(schema.CHANGE.c.stream == stream, schema.CHANGE.c.seq.is_not(None)))
    if not waits_to_be_sealed(connection, stream):
        _forget_keys(connection, stream)
        meta.forget(connection, LEAVING + stream.hex())
    meta.write_number(connection, FORGOTTEN, 1)
    return Changed(frozenset(kind for _, _, kind in entities), frozenset(ids))


def written_about(connection: Connection, stream: StreamId) -> tuple[StreamId, ...]:
    """The streams in which somebody wrote down what they did in this one, the person's own among them."""
    entries = schema.RECORD_TABLES["audit_entry"].c
    found = connection.execute(select(entries.stream).where(entries.about == stream).distinct()).scalars()
    own = meta.read(connection, AUDIT + stream.hex())
    return tuple(sorted({*(StreamId(one) for one in found), *([] if own is None else [StreamId(own)])}))


def leaving(connection: Connection) -> tuple[StreamId, ...]:
    """Streams forgotten but for what waits to be sealed."""
    return tuple(StreamId(bytes.fromhex(name)) for name in meta.read_all(connection, LEAVING))


def finish_leaving(connection: Connection, stream: StreamId) -> bool:
    """Drop the rest, if everything is sealed. Returns whether it was."""
    if waits_to_be_sealed(connection, stream):
        return False
    connection.execute(delete(schema.CHANGE).where(schema.CHANGE.c.stream == stream))
    _forget_keys(connection, stream)
    meta.forget(connection, LEAVING + stream.hex())
    meta.write_number(connection, FORGOTTEN, 1)
    return True


def segments_of(connection: Connection, stream: StreamId) -> tuple[str, ...]:
    """The files that brought or carried changes of a stream, in the order they were taken in."""
    found: dict[str, None] = {}
    change, segment = schema.CHANGE.c, schema.SEGMENT.c
    rows = connection.execute(
        select(segment.name)
        .join(schema.CHANGE, (change.device == segment.device) & (change.seq == segment.seq))
        .where(change.stream == stream)
        .order_by(change.position)
    )
    for name in rows.scalars():
        found.setdefault(name)
    return tuple(found)


def settle_log(engine: Engine) -> bool:
    """If something was forgotten: fold the write-ahead log into the database and cut it to nothing. Returns whether."""
    with writing(engine) as connection:
        if meta.read_number(connection, FORGOTTEN) is None:
            return False
        meta.forget(connection, FORGOTTEN)
    with translated(), contextlib.closing(engine.raw_connection()) as raw:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return True


def _forget_rows(connection: Connection, stream: StreamId) -> None:
    connection.exec_driver_sql("INSERT INTO ledger_open(one) VALUES (1)")
    for name, table in schema.RECORD_TABLES.items():
        if record_type(name) is not None:
            connection.execute(delete(table).where(table.c.stream == stream))
    connection.exec_driver_sql("DELETE FROM ledger_open")


def _forget_search(connection: Connection, numbers: Sequence[int]) -> None:
    if numbers:
        connection.exec_many("DELETE FROM search WHERE rowid = ?", [(number,) for number in numbers])


def _forget_mentions(connection: Connection, stream: StreamId) -> None:
    positions = select(schema.CHANGE.c.position).where(schema.CHANGE.c.stream == stream)
    connection.execute(delete(schema.CHANGE_ENTITY).where(schema.CHANGE_ENTITY.c.position.in_(positions)))


def _forget_named(connection: Connection, stream: StreamId, entities: Sequence[bytes]) -> None:
    """Duties, drafts, small facts and notices about the stream or one of its records."""
    for start in range(0, len(entities), _SLICE):
        some = entities[start : start + _SLICE]
        connection.execute(delete(schema.DUTY).where(schema.DUTY.c.case.in_(some)))
        connection.execute(delete(schema.NOTICE).where(schema.NOTICE.c.subject.in_(some)))
    named = {item.hex() for item in (stream, *entities)}
    for table in (schema.DRAFT, schema.META):
        for name in list(connection.execute(select(table.c.name)).scalars()):
            if not name.startswith(LEAVING) and any(part in named for part in name.split(":")):
                connection.execute(delete(table).where(table.c.name == name))


def _tables_by_stream() -> list[Table]:
    """Every fixed table whose rows belong to a stream, those of later versions too."""
    fixed = (table for table in schema.METADATA.sorted_tables if not table.name.startswith(schema.PREFIX))
    return [table for table in fixed if "stream" in table.c]


def waits_to_be_sealed(connection: Connection, stream: StreamId) -> bool:
    """Whether something written in a stream has not been sealed yet."""
    waiting = select(schema.CHANGE.c.position).where(
        schema.CHANGE.c.stream == stream, schema.CHANGE.c.seq.is_(None)
    )
    return connection.execute(waiting.limit(1)).first() is not None


def _forget_keys(connection: Connection, stream: StreamId) -> None:
    connection.execute(delete(schema.EPOCH).where(schema.EPOCH.c.stream == stream))
