"""Summaries of streams as the vault keeps them, the state they are made of, and the end of standing on one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from core.changes.change import decode
from core.changes.reducer import EntityState, PlacedOp, fold, placed_ops
from core.changes.state_wire import decode_states, encode_states
from core.crypto.secrets import SecretBytes
from core.domain.catalogue import record_type
from core.domain.changed import Changed
from core.foundation.ids import DeviceId, RecordId, StreamId
from core.store import bases, meta, packs, schema
from core.store.bases import Base, Covers, is_covered, keep, pack_covers, unpack_covers
from core.store.connection import Connection
from core.store.ledger import fold_logged, put_states
from core.store.rows import to_state
from core.store.upkeep_tables import SUMMARY, SUMMARY_DUE, SUMMARY_FILE

CAUSE = "summarise"
"""The cause of changes that say nothing but that a summary was made: they do not call for another."""
_UPKEEP = (CAUSE, packs.CAUSE)
COUNTED_UP_TO = "summary:counted-up-to"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A summary somebody vouched for. `judged`: this laptop has looked whether it is true."""

    stream: StreamId
    name: str
    key: SecretBytes
    covers: tuple[tuple[DeviceId, int, bytes], ...]
    state_hash: bytes
    device: DeviceId
    signature: bytes
    judged: bool


def note(connection: Connection, row: SummaryRow) -> None:
    """Keep a summary if it is the newest of its stream; those of earlier cuts are of no more use.

    Every laptop keeps the same one in whatever order they come: were it the one that came last, two people who made one
    apart would each take up the other's and vouch for it, in turns and for ever.
    """
    held = of_stream(connection, row.stream)
    if any(_age(other) > _age(row) for other in held):
        connection.execute(update(SUMMARY_FILE).where(SUMMARY_FILE.c.name == row.name).values(replaced=True))
        return
    older = {other.name for other in held} - {row.name}
    if older or not held:
        connection.execute(delete(SUMMARY_DUE).where(SUMMARY_DUE.c.stream == row.stream))
    connection.execute(delete(SUMMARY).where(SUMMARY.c.name.in_(older)))
    connection.execute(update(SUMMARY_FILE).where(SUMMARY_FILE.c.name.in_(older)).values(replaced=True))
    connection.execute(
        insert(SUMMARY).prefix_with("OR IGNORE").values(
            stream=row.stream, name=row.name, key=row.key.reveal(), covers=pack_covers(row.covers),
            state_hash=row.state_hash, device=row.device, signature=row.signature, judged=row.judged,
        )
    )  # fmt: skip


def _age(row: SummaryRow) -> tuple[int, str]:
    """Grows with what a summary covers: of two made knowing each other's chains, the later has more segments."""
    return sum(seq for _, seq, _ in row.covers), row.name


def note_file(connection: Connection, name: str) -> None:
    """The file of a summary was made here: only such are ever cleared away, whatever others name in theirs."""
    connection.execute(insert(SUMMARY_FILE).values(name=name, replaced=False))


def replaced(connection: Connection, *, now_ms: int, before_ms: int) -> list[str]:
    """Files of summaries made here that were replaced by then; those replaced since the last look are dated now."""
    fresh = (SUMMARY_FILE.c.replaced.is_(True), SUMMARY_FILE.c.at_ms.is_(None))
    connection.execute(update(SUMMARY_FILE).where(*fresh).values(at_ms=now_ms))
    names = select(SUMMARY_FILE.c.name).where(SUMMARY_FILE.c.at_ms <= before_ms).order_by(SUMMARY_FILE.c.name)
    return list(connection.execute(names).scalars())


def forget_file(connection: Connection, name: str) -> None:
    """Such a file is gone from the folder, and is not put back."""
    connection.execute(delete(SUMMARY_FILE).where(SUMMARY_FILE.c.name == name))
    connection.execute(delete(schema.BLOB).where(schema.BLOB.c.name == name))


def of_stream(connection: Connection, stream: StreamId) -> list[SummaryRow]:
    """The newest summary of a stream, once for each laptop that vouches for it."""
    return _rows(connection, SUMMARY.c.stream == stream)


def unjudged(connection: Connection) -> list[SummaryRow]:
    """Those this laptop has not looked at."""
    return _rows(connection, SUMMARY.c.judged.is_(False))


def drop(connection: Connection, name: str) -> None:
    """It is not true: nobody who joins is shown it."""
    connection.execute(delete(SUMMARY).where(SUMMARY.c.name == name))


def judged(connection: Connection, name: str) -> None:
    """This laptop has looked at it."""
    connection.execute(update(SUMMARY).where(SUMMARY.c.name == name).values(judged=True))


def _rows(connection: Connection, where: ColumnElement[bool]) -> list[SummaryRow]:
    return [
        SummaryRow(
            StreamId(row.stream), row.name, SecretBytes(row.key), unpack_covers(row.covers), row.state_hash,
            DeviceId(row.device), row.signature, bool(row.judged),
        )
        for row in connection.execute(select(SUMMARY).where(where).order_by(SUMMARY.c.name, SUMMARY.c.device))
    ]  # fmt: skip


def is_quiet(connection: Connection, *, changes: int, before_ms: int) -> bool:
    """Whether no summary can be due or has to be looked at: what a round with nothing new asks first."""
    last = connection.execute(select(func.max(schema.CHANGE.c.position))).scalar_one() or 0
    if last > (meta.read_number(connection, COUNTED_UP_TO) or 0):
        return False
    due = select(SUMMARY_DUE.c.stream).where((SUMMARY_DUE.c.count >= changes) | (SUMMARY_DUE.c.since_ms <= before_ms))
    unseen = select(SUMMARY.c.name).where(SUMMARY.c.judged.is_(False))
    return not any(connection.execute(query.limit(1)).first() for query in (due, unseen))


def count_new(connection: Connection, now_ms: int) -> list[tuple[StreamId, int, int]]:
    """Streams with changes no summary holds: (stream, how many, since when). Costs by what is new since last time."""
    up_to = meta.read_number(connection, COUNTED_UP_TO) or 0
    last = connection.execute(select(func.max(schema.CHANGE.c.position))).scalar_one() or 0
    if last > up_to:
        rows = connection.execute(
            select(schema.CHANGE.c.stream, func.count())
            .where(
                schema.CHANGE.c.position > up_to, schema.CHANGE.c.position <= last,
                schema.CHANGE.c.cause.not_in(_UPKEEP),
            )
            .group_by(schema.CHANGE.c.stream)
        ).all()
        for stream, count in rows:
            known = connection.execute(select(SUMMARY_DUE.c.count).where(SUMMARY_DUE.c.stream == stream)).scalar()
            if known is None:
                connection.execute(insert(SUMMARY_DUE).values(stream=stream, count=count, since_ms=now_ms))
            else:
                changed = update(SUMMARY_DUE).where(SUMMARY_DUE.c.stream == stream)
                connection.execute(changed.values(count=known + count))
        meta.write_number(connection, COUNTED_UP_TO, last)
    columns = select(SUMMARY_DUE.c.stream, SUMMARY_DUE.c.count, SUMMARY_DUE.c.since_ms)
    return [(StreamId(row[0]), row[1], row[2]) for row in connection.execute(columns)]


def has_records(connection: Connection, stream: StreamId) -> bool:
    """Whether anything of a stream lies in the record tables."""
    one = select(schema.ENTITY.c.id).where(schema.ENTITY.c.stream == stream).limit(1)
    return connection.execute(one).first() is not None


def not_due(connection: Connection, stream: StreamId) -> None:
    """Nobody needs a summary of it: counting begins again."""
    connection.execute(delete(SUMMARY_DUE).where(SUMMARY_DUE.c.stream == stream))


def state_of(connection: Connection, stream: StreamId) -> bytes | None:
    """The state of a stream as it stands in the records; None where nobody should vouch for it from here.

    That is where something of it is not sealed or is withheld, where something is of a type this version does not
    know, and where it stands on a summary itself.
    """
    hindered = select(func.count()).select_from(schema.CHANGE).where(
        schema.CHANGE.c.stream == stream, schema.CHANGE.c.seq.is_(None) | schema.CHANGE.c.withheld.is_(True)
    )  # fmt: skip
    if connection.execute(hindered).scalar_one() or any(True for _ in _standing(connection, stream)):
        return None
    kinds = connection.execute(
        select(schema.ENTITY.c.type).where(schema.ENTITY.c.stream == stream).distinct()
    ).scalars()
    states: dict[RecordId, EntityState] = {}
    for name in list(kinds):
        kind = record_type(name)
        if kind is None:
            return None
        columns, beginning = schema.get_statement(schema.RECORD_TABLES[name])
        for row in connection.exec_driver_sql(f"{beginning} WHERE stream = ?", (stream,)):
            held = dict(zip(columns, row, strict=True))
            states[RecordId(held["id"])] = to_state(kind.SPEC, held)
    return encode_states(states) if states else None


def folded(connection: Connection, stream: StreamId, covers: Covers) -> bytes | None:
    """The state of a stream out of the history up to a cut; None if something of it is withheld here."""
    ops: dict[RecordId, list[PlacedOp]] = {}
    for row in _history(connection, stream):
        if not is_covered(covers, row.device, row.seq):
            continue
        if row.withheld:
            return None
        for placed in placed_ops(decode(row.body)):
            ops.setdefault(placed.op.entity, []).append(placed)
    return encode_states({entity: fold(None, found) for entity, found in ops.items()})


def stand_on(connection: Connection, base: Base) -> Changed:
    """Show a stream as a summary says, if nothing of it is here yet.

    Raises:
        EncodingRejected: the state is not written the one way it may be.
    """
    known = select(func.count()).select_from(schema.CHANGE).where(schema.CHANGE.c.stream == base.stream)
    if connection.execute(known).scalar_one():
        return Changed()
    states = decode_states(base.state)
    keep(connection, base)
    put_states(connection, base.stream, states)
    return _changed(states)


def settle(connection: Connection, stream: StreamId) -> Changed:
    """The history of a stream is here: make its records again from that, and from nothing else."""
    entities = connection.execute(
        select(schema.ENTITY.c.number, schema.ENTITY.c.id, schema.ENTITY.c.type).where(schema.ENTITY.c.stream == stream)
    ).all()
    connection.exec_driver_sql("INSERT INTO ledger_open(one) VALUES (1)")
    for name in {row.type for row in entities}:
        if record_type(name) is not None:
            table = schema.RECORD_TABLES[name]
            connection.execute(delete(table).where(table.c.stream == stream))
    connection.exec_driver_sql("DELETE FROM ledger_open")
    if entities:
        connection.exec_many("DELETE FROM search WHERE rowid = ?", [(row.number,) for row in entities])
    positions = select(schema.CHANGE.c.position).where(schema.CHANGE.c.stream == stream)
    connection.execute(delete(schema.CHANGE_ENTITY).where(schema.CHANGE_ENTITY.c.position.in_(positions)))
    connection.execute(delete(schema.ENTITY).where(schema.ENTITY.c.stream == stream))
    bases.drop(connection, stream)
    kinds, ids = {row.type for row in entities}, {row.id for row in entities}
    batch = []
    for row in _history(connection, stream):
        batch.append((row.position, stream, decode(row.body), bool(row.withheld)))
        if len(batch) >= _BATCH:
            _note(kinds, ids, fold_logged(connection, batch))
            batch = []
    _note(kinds, ids, fold_logged(connection, batch))
    return Changed(frozenset(kinds), frozenset(ids))


def _note(kinds: set[str], ids: set[bytes], touched: Mapping[RecordId, str]) -> None:
    kinds.update(touched.values())
    ids.update(touched)


def _history(connection: Connection, stream: StreamId) -> Iterator[Any]:
    rows = connection.execute(
        select(
            schema.CHANGE.c.position, schema.CHANGE.c.device, schema.CHANGE.c.seq, schema.CHANGE.c.withheld,
            schema.CHANGE.c.body,
        )
        .where(schema.CHANGE.c.stream == stream)
        .order_by(schema.CHANGE.c.position)
    ).all()  # fmt: skip
    yield from rows


def _standing(connection: Connection, stream: StreamId) -> list[object]:
    return list(connection.exec_driver_sql("SELECT 1 FROM summary_base WHERE stream = ?", (stream,)))


def _changed(states: Mapping[RecordId, EntityState]) -> Changed:
    return Changed(frozenset(state.table for state in states.values()), frozenset(states))
