"""The sealed parts of attached files as rows: which are here, which still go out, which are wanted."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Engine, and_, delete, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from core.foundation.ids import RecordId, StreamId
from core.store import meta
from core.store.connection import Connection
from core.store.schema import BLOB, CHANGE, CHANGE_ENTITY, ENTITY, EPOCH, RECORD_TABLES
from core.store.transactions import reading, writing

SETTLED_UP_TO = "blobs:settled-up-to"
"""The place in the history up to which records were looked through for blobs to fetch."""
CHECKED_UP_TO = "blobs:checked-up-to"
"""The name of the blob in the shared folder whose content was checked last."""
DESTROY = "blobs:destroy:"
"""Before the name of a blob that is to go from the shared folder."""
HEALED_AT = "blobs:healed-at-ms"
_ATTACHMENT = RECORD_TABLES["attachment"]
_SLICE = 400


class BlobState(StrEnum):
    """Where the bytes of a blob are."""

    OUTGOING = "outgoing"
    PUBLISHED = "published"
    WANTED = "wanted"
    HERE = "here"


@dataclass(frozen=True, slots=True)
class KeptBlob:
    """One blob. `size` is its own, `whole` that of the file it belongs to; `asked`: wanted however large."""

    name: str
    size: int
    state: BlobState
    stream: StreamId
    whole: int
    asked: bool


@dataclass(frozen=True, slots=True)
class NamedFile:
    """What a record says of an attached file; nothing of it has been checked."""

    record: RecordId
    stream: StreamId
    parts: bytes
    size_bytes: int | None


class VaultBlobs:
    """Blobs of one vault, each call one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextlib.contextmanager
    def writing(self) -> Iterator[BlobRows]:
        """One write transaction."""
        with writing(self._engine) as connection:
            yield BlobRows(connection)

    @contextlib.contextmanager
    def reading(self) -> Iterator[BlobRows]:
        """A steady view."""
        with reading(self._engine) as connection:
            yield BlobRows(connection)


class BlobRows:
    """One transaction on the rows of blobs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, blobs: Iterable[KeptBlob]) -> None:
        """Remember blobs; one already known stays as it is."""
        rows = [
            {"name": one.name, "size": one.size, "state": one.state.value, "stream": one.stream, "whole": one.whole,
             "asked": one.asked} for one in blobs
        ]  # fmt: skip
        if rows:
            self._connection.execute(upsert(BLOB).on_conflict_do_nothing(), rows)

    def want(self, parts: Sequence[tuple[str, int]], *, stream: StreamId, whole: int, asked: bool = False) -> None:
        """Remember the parts of a file, each with its size, as to be fetched; one already known stays as it is."""
        self.add(KeptBlob(name, size, BlobState.WANTED, stream, whole, asked) for name, size in parts)

    def set_state(self, name: str, state: BlobState) -> None:
        """Move a blob on."""
        self._connection.execute(update(BLOB).where(BLOB.c.name == name).values(state=state.value))

    def move_on(self, name: str, state: str) -> None:
        """As `set_state`, for exchange, which knows states by their words."""
        self.set_state(name, BlobState(state))

    def records_with(self, name: str) -> list[RecordId]:
        """The attached files of which this blob is a part."""
        stream = select(BLOB.c.stream).where(BLOB.c.name == name).scalar_subquery()
        rows = self._connection.execute(
            select(_ATTACHMENT.c.id).where(
                _ATTACHMENT.c.stream == stream, func.instr(_ATTACHMENT.c.parts, bytes.fromhex(name)) > 0
            )
        )
        return [RecordId(row.id) for row in rows]

    def ask(self, names: Sequence[str]) -> None:
        """Fetch these the next time, however large they are."""
        for some in _slices(names):
            self._connection.execute(
                update(BLOB).where(BLOB.c.name.in_(some), BLOB.c.state == BlobState.WANTED.value).values(asked=True)
            )

    def states(self, names: Sequence[str]) -> dict[str, BlobState]:
        """The states of those of `names` that are known."""
        found: dict[str, BlobState] = {}
        for some in _slices(names):
            rows = self._connection.execute(select(BLOB.c.name, BLOB.c.state).where(BLOB.c.name.in_(some)))
            found.update({row.name: BlobState(row.state) for row in rows})
        return found

    def outgoing(self) -> list[KeptBlob]:
        """What is not in the shared folder yet, small files first."""
        return self._where(BLOB.c.state == BlobState.OUTGOING.value)

    def wanted(self, *, at_most_bytes: int) -> list[KeptBlob]:
        """What is to be fetched: parts of files no larger than `at_most_bytes`, and what somebody asked for."""
        wanted = and_(BLOB.c.state == BlobState.WANTED.value, or_(BLOB.c.asked, BLOB.c.whole <= at_most_bytes))
        return self._where(wanted)

    def count_wanted(self) -> int:
        """How many blobs are not here, asked for or not."""
        statement = select(func.count()).select_from(BLOB).where(BLOB.c.state == BlobState.WANTED.value)
        return int(self._connection.execute(statement).scalar_one())

    def held(self) -> dict[str, KeptBlob]:
        """Every blob whose bytes are here."""
        return {one.name: one for one in self._where(BLOB.c.state != BlobState.WANTED.value)}

    def known(self) -> dict[str, KeptBlob]:
        """Every blob."""
        return {one.name: one for one in self._where(BLOB.c.name.is_not(None))}

    def drop_unreadable(self) -> int:
        """Forget blobs of streams to which no key is here any more. Returns how many."""
        open_here = select(EPOCH.c.stream).where(EPOCH.c.key.is_not(None))
        return self._connection.execute(delete(BLOB).where(BLOB.c.stream.not_in(open_here))).rowcount


    def files_named_since_last_time(self, *, everything: bool) -> list[NamedFile]:
        """The attached files in records that changed since `note_settled`; all of them if `everything`."""
        columns = (_ATTACHMENT.c.id, _ATTACHMENT.c.stream, _ATTACHMENT.c.parts, _ATTACHMENT.c.size_bytes)
        statement = select(*columns).where(_ATTACHMENT.c.deleted.is_(False))
        since = 0 if everything else meta.read_number(self._connection, SETTLED_UP_TO) or 0
        if since:
            touched = (
                select(CHANGE_ENTITY.c.entity)
                .join(CHANGE, CHANGE.c.position == CHANGE_ENTITY.c.position)
                .join(ENTITY, ENTITY.c.id == CHANGE_ENTITY.c.entity)
                .where(CHANGE.c.position > since, ENTITY.c.type == _ATTACHMENT.name.removeprefix("r_"))
            )
            statement = statement.where(_ATTACHMENT.c.id.in_(touched))
        rows = self._connection.execute(statement)
        return [NamedFile(RecordId(row.id), StreamId(row.stream), row.parts or b"", row.size_bytes) for row in rows]

    def is_settled(self) -> bool:
        """Whether no change came since `note_settled`."""
        return self._last_position() == (meta.read_number(self._connection, SETTLED_UP_TO) or 0)

    def note_settled(self) -> None:
        """Everything up to now was looked through."""
        meta.write_number(self._connection, SETTLED_UP_TO, self._last_position())

    def checked_up_to(self) -> str:
        """Where the check of contents in the folder stopped last time; empty at the beginning."""
        return meta.read_text(self._connection, CHECKED_UP_TO)

    def note_checked(self, name: str) -> None:
        """The contents up to this name were checked."""
        meta.write(self._connection, CHECKED_UP_TO, name.encode())

    def healed_at_ms(self) -> int | None:
        """When the folder was last compared with what is held here, to the end; None if never."""
        return meta.read_number(self._connection, HEALED_AT)

    def note_healed(self, at_ms: int) -> None:
        """It was compared to the end."""
        meta.write_number(self._connection, HEALED_AT, at_ms)

    def destroy_with(self, stream: StreamId) -> None:
        """The stream is deleted for good: its blobs are to go from the shared folder as well. Call it before."""
        for name in self._connection.execute(select(BLOB.c.name).where(BLOB.c.stream == stream)).scalars().all():
            meta.write(self._connection, DESTROY + name, b"")

    def to_destroy(self) -> list[str]:
        """The names of blobs to take out of the shared folder, unless a record here still needs one."""
        names = list(meta.read_all(self._connection, DESTROY))
        needed = self.states(names)
        return [name for name in names if name not in needed]

    def note_destroyed(self, name: str) -> None:
        """It is not in the folder any more."""
        meta.forget(self._connection, DESTROY + name)

    def _last_position(self) -> int:
        last: int = self._connection.execute(select(func.coalesce(func.max(CHANGE.c.position), 0))).scalar_one()
        return last

    def _where(self, condition: object) -> list[KeptBlob]:
        rows = self._connection.execute(
            select(BLOB).where(condition).order_by(BLOB.c.whole, BLOB.c.name)  # type: ignore[arg-type]  # a condition
        )
        return [
            KeptBlob(row.name, row.size, BlobState(row.state), StreamId(row.stream), row.whole, bool(row.asked))
            for row in rows
        ]


def blob_rows(connection: Connection) -> BlobRows:
    """Rows on a connection somebody already holds, such as that of a unit of work."""
    return BlobRows(connection)


def states_by_file(connection: Connection, files: Mapping[RecordId, Sequence[str]]) -> dict[RecordId, list[BlobState]]:
    """For each file the states of its parts in order; a part nobody registered yet counts as wanted."""
    rows = BlobRows(connection)
    known = rows.states([name for names in files.values() for name in names])
    return {
        record: [known.get(name, BlobState.WANTED) for name in names]
        for record, names in files.items()
    }


def _slices(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _SLICE):
        yield names[start : start + _SLICE]
