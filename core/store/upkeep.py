"""What the upkeep of the exchange keeps: half of `mailbox.VaultBox`. Answers `core/sync/upkeep_ports.py`."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import delete, func, insert, select

from core.changes.change import Change, decode
from core.crypto.secrets import SecretBytes
from core.domain.changed import Changed
from core.foundation.ids import DeviceId, StreamId
from core.store import packs, summaries
from core.store.bases import Base, bases
from core.store.connection import Connection
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


class Vouched(Protocol):
    """A summary as exchange knows it."""

    @property
    def stream(self) -> StreamId: ...
    @property
    def name(self) -> str: ...
    @property
    def key(self) -> SecretBytes: ...
    @property
    def covers(self) -> Sequence[VouchedHead]: ...
    @property
    def state_hash(self) -> bytes: ...
    @property
    def device(self) -> DeviceId: ...
    @property
    def signature(self) -> bytes: ...


class VouchedHead(Protocol):
    """Where a chain stood."""

    @property
    def device(self) -> DeviceId: ...
    @property
    def seq(self) -> int: ...
    @property
    def body_hash(self) -> bytes: ...


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
        kept: int | None = self._connection.execute(statement.limit(1)).scalar()
        return kept

    def first_outgoing(self, device: DeviceId) -> int | None:
        """The lowest number of a segment that is not in the folder yet."""
        statement = select(func.min(SEGMENT.c.seq)).where(SEGMENT.c.device == device, SEGMENT.c.state == "outbox")
        first: int | None = self._connection.execute(statement).scalar()
        return first

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
        return bool(self._connection.execute(statement).scalar_one())

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

    # ------------------------------------------------------------------ summaries

    def note_summary(self, summary: Vouched, *, judged: bool = False) -> None:
        """Keep a summary somebody vouches for."""
        covers = tuple((head.device, head.seq, head.body_hash) for head in summary.covers)
        row = summaries.SummaryRow(
            summary.stream, summary.name, summary.key, covers, summary.state_hash, summary.device,
            summary.signature, judged,
        )  # fmt: skip
        summaries.note(self._connection, row)

    def bases(self) -> list[Base]:
        """Streams that stand on a summary."""
        return bases(self._connection)

    def folded_state(self, stream: StreamId, covers: Mapping[bytes, int]) -> bytes | None:
        """The state of a stream at a cut, out of the history; None if something of it is withheld."""
        return summaries.folded(self._connection, stream, covers)

    def replaced_summaries(self, *, now_ms: int, before_ms: int) -> list[str]:
        """Files of summaries made here that newer ones replaced before then."""
        return summaries.replaced(self._connection, now_ms=now_ms, before_ms=before_ms)

    def forget_summary_file(self, name: str) -> None:
        """It is gone from the folder, and is not put back."""
        summaries.forget_file(self._connection, name)

    def settle_base(self, stream: StreamId) -> Changed:
        """The history of a stream is here: its records are made from that alone."""
        return summaries.settle(self._connection, stream)

    # ------------------------------------------------------------------ packs

    def packable(self, device: DeviceId, *, before_ms: int) -> list[tuple[str, int]]:
        """Old segments of a laptop that are in no pack, with when they were made or met."""
        return packs.packable(self._connection, device, before_ms=before_ms)

    def files_of(self, device: DeviceId, seq: int, body_hash: bytes) -> list[tuple[str, bool]]:
        """The files that say to hold this segment, and whether each was proven to."""
        return packs.files_of(self._connection, device, seq, body_hash)

    def note_packed(self, pack: str, names: Sequence[str]) -> None:
        """These lie in a pack."""
        packs.note_packed(self._connection, pack, names)

    def packed(self) -> dict[str, str]:
        """Every file that lies in a pack, with the pack's name."""
        return packs.packed(self._connection)

    def packed_in(self, pack: str) -> list[str]:
        """What lies in one pack."""
        return packs.packed_in(self._connection, pack)

    def note_own_pack(self, name: str, device: DeviceId, *, at_ms: int) -> None:
        """A pack was made here."""
        packs.note_own_pack(self._connection, name, device, at_ms=at_ms)

    def own_packs(self) -> list[packs.OwnPack]:
        """Every pack made here."""
        return packs.own_packs(self._connection)

    def note_read_back(self, name: str) -> None:
        """It lies in the folder, whole."""
        packs.note_read_back(self._connection, name)

    def note_retired(self, name: str, *, at_ms: int) -> None:
        """The others are told what it replaces."""
        packs.note_retired(self._connection, name, at_ms=at_ms)

    def retired_packs(self, stream: StreamId, device: DeviceId) -> dict[str, int]:
        """Packs a laptop has told of, with the number of the segment that tells."""
        return packs.retired_packs(self._connection, stream, device)
