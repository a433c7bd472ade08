"""What the upkeep of the exchange keeps: half of `mailbox.VaultBox`. Answers `core/sync/upkeep_ports.py`."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from core.changes.change import Change, decode
from core.foundation.ids import DeviceId, StreamId
from core.store.known_names import known_names
from core.store.schema import CHANGE, SEALED_STREAM, SEGMENT
from core.store.upkeep_tables import LOST, MISSING

_SLICE = 500


@dataclass(frozen=True, slots=True)
class MissingSegment:
    """The newest segment of a laptop that is named somewhere and not here; missed since `since_ms`."""

    device: DeviceId
    seq: int
    body_hash: bytes
    since_ms: int


@dataclass(frozen=True, slots=True)
class OwnChange:
    """A change this laptop made; `seq` is the number of its segment, None until it is sealed."""

    stream: StreamId
    seq: int | None
    change: Change


class UpkeepBox:
    """One transaction on it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known_names(self) -> Container[str]:
        """The name of every file met here. Only what was added since the last time is read."""
        return known_names(self._connection)

    def last_kept_ms(self, device: DeviceId) -> int | None:
        """When the newest segment of a device was made or met here."""
        statement = select(SEGMENT.c.seen_at_ms).where(SEGMENT.c.device == device).order_by(SEGMENT.c.seq.desc())
        return self._connection.execute(statement.limit(1)).scalar_one_or_none()

    def first_outgoing(self, device: DeviceId) -> int | None:
        """The lowest number of a segment that is not in the folder yet."""
        statement = select(func.min(SEGMENT.c.seq)).where(SEGMENT.c.device == device, SEGMENT.c.state == "outbox")
        return self._connection.execute(statement).scalar_one_or_none()

    def body_hashes(self, device: DeviceId, seq: int) -> list[bytes]:
        """What segments of that number are here; more than one after a fork."""
        statement = select(SEGMENT.c.body_hash).where(
            SEGMENT.c.device == device, SEGMENT.c.seq == seq,
            SEGMENT.c.state.in_(("applied", "withheld", "outbox", "published")),
        )  # fmt: skip
        return sorted(set(self._connection.execute(statement).scalars()))

    def newest_changes(self, device: DeviceId, *, limit: int) -> list[OwnChange]:
        """The newest changes a laptop made, newest first."""
        columns = select(CHANGE.c.stream, CHANGE.c.seq, CHANGE.c.body).where(
            CHANGE.c.device == device, CHANGE.c.stream.not_in(select(SEALED_STREAM.c.stream))
        )
        unsealed = columns.where(CHANGE.c.seq.is_(None)).order_by(CHANGE.c.position.desc()).limit(limit)
        sealed = columns.where(CHANGE.c.seq.is_not(None)).order_by(CHANGE.c.seq.desc(), CHANGE.c.position.desc())
        rows = [*self._connection.execute(unsealed), *self._connection.execute(sealed.limit(limit))]
        return [OwnChange(StreamId(row.stream), row.seq, decode(row.body)) for row in rows[:limit]]

    def newest_in(self, stream: StreamId, device: DeviceId) -> tuple[bool, int | None]:
        """Whether a laptop wrote in a stream, and the number of the segment its newest change there travels in."""
        row = self._connection.execute(
            select(CHANGE.c.seq)
            .where(CHANGE.c.stream == stream, CHANGE.c.device == device)
            .order_by(CHANGE.c.position.desc())
            .limit(1)
        ).first()
        return (False, None) if row is None else (True, row.seq)

    # ------------------------------------------------------------------ missing and lost

    def is_held(self, device: DeviceId, seq: int, body_hash: bytes) -> bool:
        """Whether this segment is here, applied or waiting."""
        statement = select(func.count()).select_from(SEGMENT).where(
            SEGMENT.c.device == device, SEGMENT.c.seq == seq, SEGMENT.c.body_hash == body_hash,
            SEGMENT.c.state != "refused",
        )  # fmt: skip
        return self._connection.execute(statement).scalar_one() > 0

    def missing(self) -> list[MissingSegment]:
        """What is missed, longest first."""
        rows = self._connection.execute(select(MISSING).order_by(MISSING.c.since_ms, MISSING.c.device))
        return [MissingSegment(DeviceId(row.device), row.seq, row.body_hash, row.since_ms) for row in rows]

    def set_missing(self, segments: Sequence[tuple[DeviceId, int, bytes, int]]) -> None:
        """These are missed now, and no others: (device, number, hash, since)."""
        self._connection.execute(delete(MISSING))
        if segments:
            names = ("device", "seq", "body_hash", "since_ms")
            self._connection.execute(insert(MISSING), [dict(zip(names, item, strict=True)) for item in segments])

    def answered_losses(self) -> dict[str, bool]:
        """Files somebody was asked about: whether they are to be put back."""
        return {row.name: bool(row.put_back) for row in self._connection.execute(select(LOST))}

    def answer_losses(self, names: Sequence[str], *, put_back: bool) -> None:
        """What was said about these files."""
        if names:
            self.forget_losses(names)
            self._connection.execute(insert(LOST), [{"name": name, "put_back": put_back} for name in names])

    def forget_losses(self, names: Sequence[str]) -> None:
        """These are back, or held no more: losing them again is another loss."""
        for start in range(0, len(names), _SLICE):
            self._connection.execute(delete(LOST).where(LOST.c.name.in_(names[start : start + _SLICE])))
