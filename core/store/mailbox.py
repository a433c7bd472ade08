"""What exchange keeps in the vault: files, chains, unopened sections, keys, notices. Answers `core/sync/ports.py`.

A `VaultBox` is one transaction: what is done with it is kept together, or not at all.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from core.changes import cbor
from core.changes.change import Change, decode
from core.crypto.secrets import SecretBytes
from core.domain.changed import Changed
from core.foundation.errors import EncodingRejected, VaultDamaged
from core.foundation.ids import ChangeId, DeviceId, StreamId, UserId
from core.store import forgetting, keyring, meta, recovery_wraps, resting, shredding
from core.store.known_names import forget_names
from core.store.ledger import Arrival, mark_sealed, record_arrivals
from core.store.schema import CHANGE, DEVICE, EPOCH, NOTICE, SEGMENT, UNOPENED
from core.store.transactions import reading, writing
from core.store.upkeep import UpkeepBox
from core.store.withholding import StandingBox

_SLICE = 500
_APPLIED_STATES = ("applied", "withheld", "outbox", "published")
_MAX_SEEN_BYTES = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class DeviceHead:
    """Where a device's chain stands here. `seen`: device -> (number, body hash)."""

    device: DeviceId
    seq: int
    body_hash: bytes
    hlc: int
    seen: Mapping[DeviceId, tuple[int, bytes]]
    frozen_at: int | None


@dataclass(frozen=True, slots=True)
class PendingSegment:
    """A segment that could not be applied yet."""

    name: str
    device: DeviceId
    seq: int


@dataclass(frozen=True, slots=True)
class ClosedSection:
    """A section that no key here opened."""

    number: int
    segment: str
    place: int
    nonce: bytes
    tag: bytes


@dataclass(frozen=True, slots=True)
class Unsealed:
    """A change of this laptop that travels in no segment yet."""

    position: int
    stream: StreamId
    change: Change
    size_bytes: int


@dataclass(frozen=True, slots=True)
class KeptNotice:
    """Something to tell the person."""

    code: str
    subject: bytes
    detail: str
    at_ms: int


class VaultMailbox:
    """Opens boxes on one vault."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextlib.contextmanager
    def writing(self) -> Iterator[VaultBox]:
        """One write transaction."""
        with writing(self._engine) as connection:
            yield VaultBox(connection)

    @contextlib.contextmanager
    def reading(self) -> Iterator[VaultBox]:
        """A steady view."""
        with reading(self._engine) as connection:
            yield VaultBox(connection)


class VaultBox(UpkeepBox, StandingBox):
    """One transaction on what exchange keeps."""

    # ------------------------------------------------------------------ files

    def unknown_names(self, names: Sequence[str]) -> list[str]:
        """Those of `names` never met here, in order. Costs by the number asked, not by the number kept."""
        known: set[str] = set()
        for start in range(0, len(names), _SLICE):
            some = names[start : start + _SLICE]
            known.update(self._connection.execute(select(SEGMENT.c.name).where(SEGMENT.c.name.in_(some))).scalars())
        return [name for name in names if name not in known]

    def keep_file(
        self, name: str, state: str, data: bytes | None, *, device: DeviceId | None = None, seq: int | None = None,
        body_hash: bytes | None = None, at_ms: int,
    ) -> None:  # fmt: skip
        """Remember a file; one already known stays as it is."""
        statement = upsert(SEGMENT).values(
            name=name, state=state, file=data, device=device, seq=seq, body_hash=body_hash, seen_at_ms=at_ms
        )
        self._connection.execute(statement.on_conflict_do_nothing())

    def set_state(self, name: str, state: str) -> None:
        """Move a file on."""
        self._connection.execute(update(SEGMENT).where(SEGMENT.c.name == name).values(state=state))

    def file(self, name: str) -> bytes | None:
        """The bytes of a file, if they were kept."""
        kept: bytes | None = self._connection.execute(select(SEGMENT.c.file).where(SEGMENT.c.name == name)).scalar()
        return kept

    def names_in(self, states: Sequence[str], *, device: DeviceId | None = None) -> list[str]:
        """Names of the files in these states, oldest first."""
        statement = select(SEGMENT.c.name).where(SEGMENT.c.state.in_(states)).order_by(SEGMENT.c.seq, SEGMENT.c.name)
        if device is not None:
            statement = statement.where(SEGMENT.c.device == device)
        return list(self._connection.execute(statement).scalars())

    def held_sizes(self, states: Sequence[str]) -> dict[str, int]:
        """The files in these states whose bytes are here, with their sizes in bytes."""
        rows = self._connection.execute(
            select(SEGMENT.c.name, func.length(SEGMENT.c.file)).where(
                SEGMENT.c.state.in_(states), SEGMENT.c.file.is_not(None)
            )
        )
        return {row[0]: row[1] for row in rows}

    def count_in(self, state: str, *, device: DeviceId | None = None) -> int:
        """How many files are in this state."""
        statement = select(func.count()).select_from(SEGMENT).where(SEGMENT.c.state == state)
        if device is not None:
            statement = statement.where(SEGMENT.c.device == device)
        return int(self._connection.execute(statement).scalar_one())

    def waiting_segments(self) -> list[PendingSegment]:
        """Every segment that could not be applied yet, in chain order."""
        rows = self._connection.execute(
            select(SEGMENT.c.name, SEGMENT.c.device, SEGMENT.c.seq)
            .where(SEGMENT.c.state == "pending")
            .order_by(SEGMENT.c.device, SEGMENT.c.seq, SEGMENT.c.name)
        )
        return [PendingSegment(row.name, DeviceId(row.device), row.seq) for row in rows]

    def is_applied(self, device: DeviceId, seq: int, body_hash: bytes) -> bool:
        """Whether exactly this segment was applied or made here."""
        return self._bodies(device, seq).get(body_hash, False)

    def has_rival(self, device: DeviceId, seq: int, body_hash: bytes) -> bool:
        """Whether another segment with the same number was applied or made here."""
        return any(applied and known != body_hash for known, applied in self._bodies(device, seq).items())

    def _bodies(self, device: DeviceId, seq: int) -> dict[bytes, bool]:
        rows = self._connection.execute(
            select(SEGMENT.c.body_hash, SEGMENT.c.state).where(SEGMENT.c.device == device, SEGMENT.c.seq == seq)
        )
        found: dict[bytes, bool] = {}
        for row in rows:
            # The same segment may lie in the folder twice, in two envelopes.
            found[row.body_hash] = found.get(row.body_hash, False) or row.state in _APPLIED_STATES
        return found

    # ------------------------------------------------------------------ chains

    def heads(self) -> dict[DeviceId, DeviceHead]:
        """Where every chain stands."""
        found = {}
        for row in self._connection.execute(select(DEVICE)):
            device = DeviceId(row.id)
            found[device] = DeviceHead(device, row.seq, row.body_hash, row.hlc, _unpack_seen(row.seen), row.frozen_at)
        return found

    def set_head(
        self, device: DeviceId, *, seq: int, body_hash: bytes, hlc: int, seen: Mapping[DeviceId, tuple[int, bytes]],
        frozen_at: int | None,
    ) -> None:  # fmt: skip
        """Move a chain on."""
        values = {"seq": seq, "body_hash": body_hash, "hlc": hlc, "seen": _pack_seen(seen), "frozen_at": frozen_at}
        statement = upsert(DEVICE).values(id=device, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))

    # ------------------------------------------------------------------ sections, keys, roster

    def keep_unopened(self, segment: str, place: int, nonce: bytes, tag: bytes) -> None:
        """Remember a section no key here opened."""
        self._connection.execute(insert(UNOPENED).values(segment=segment, place=place, nonce=nonce, tag=tag))

    def unopened(self) -> list[ClosedSection]:
        """Every such section in the order they were met."""
        rows = self._connection.execute(select(UNOPENED).order_by(UNOPENED.c.number))
        return [ClosedSection(row.number, row.segment, row.place, row.nonce, row.tag) for row in rows]

    def drop_unopened(self, numbers: Sequence[int]) -> None:
        """These are open now."""
        for start in range(0, len(numbers), _SLICE):
            some = numbers[start : start + _SLICE]
            self._connection.execute(delete(UNOPENED).where(UNOPENED.c.number.in_(some)))

    def epochs(self, stream: StreamId | None = None) -> tuple[keyring.EpochRow, ...]:
        """Every epoch known but those of streams being left, or those of one stream."""
        rows = keyring.epochs(self._connection, stream)
        left = self.leaving() if stream is None else ()
        return tuple(row for row in rows if row.stream not in left) if left else rows

    def add_epoch_key(self, *, stream: StreamId, number: int, header_hash: bytes, key: SecretBytes) -> bool:
        """Keep a key; returns whether it was new."""
        return keyring.add_epoch_key(self._connection, stream=stream, number=number, header_hash=header_hash, key=key)

    def add_epoch_header(
        self, *, stream: StreamId, number: int, header_hash: bytes, header: bytes, author: UserId, hlc: int,
        device: DeviceId, seq: int,
    ) -> None:  # fmt: skip
        """Keep a checked header."""
        keyring.add_epoch_header(
            self._connection, keyring.EpochRow(stream, header_hash, number, header, None, author, hlc, device, seq)
        )

    def add_recovery_wrap(self, *, stream: StreamId, header_hash: bytes, mark: bytes, proven: bool) -> None:
        """An epoch is open to a recovery group although its header does not say so, or vouched for by it."""
        row = recovery_wraps.WrapRow(stream, header_hash, mark, proven)
        recovery_wraps.add_wrap(self._connection, row)

    def recovery_marks(self, stream: StreamId) -> dict[bytes, frozenset[bytes]]:
        """The recovery groups each epoch of a stream was wrapped to after it began."""
        found: dict[bytes, frozenset[bytes]] = {}
        for row in recovery_wraps.wraps(self._connection, stream):
            found[row.header_hash] = found.get(row.header_hash, frozenset()) | {row.mark}
        return found

    def forget_epoch(self, *, stream: StreamId, header_hash: bytes) -> None:
        """Drop an epoch that broke the rules."""
        keyring.forget_epoch(self._connection, stream=stream, header_hash=header_hash)

    def segments_of(self, stream: StreamId) -> tuple[str, ...]:
        """The files with changes of a stream."""
        return forgetting.segments_of(self._connection, stream)

    def sealed_streams(self) -> frozenset[StreamId]:
        """The streams that rest sealed."""
        return resting.sealed_streams(self._connection)

    def written_about(self, stream: StreamId) -> tuple[StreamId, ...]:
        """The streams in which somebody wrote down what they did in this one."""
        return forgetting.written_about(self._connection, stream)

    def keep_strangers(self, stream: StreamId, sections: Sequence[tuple[str, int, bytes, bytes]]) -> None:
        """Sections of a stream that is being forgotten, in the order they were met."""
        forgetting.keep_strangers(self._connection, stream, sections)

    def is_shredded(self, stream: StreamId) -> bool:
        """Whether a stream was deleted for good."""
        return shredding.is_shredded(self._connection, stream)

    def forget_stream(self, stream: StreamId) -> Changed:
        """Forget everything of a stream but what waits to be sealed there."""
        return forgetting.forget_stream(self._connection, stream)

    def leaving(self) -> tuple[StreamId, ...]:
        """Streams of which only that is left."""
        return forgetting.leaving(self._connection)

    def finish_leaving(self, stream: StreamId) -> None:
        """Drop that too, once it is sealed."""
        forgetting.finish_leaving(self._connection, stream)

    def envelope_keys(self) -> tuple[tuple[int, SecretBytes], ...]:
        """The keys of the outer envelope."""
        return tuple((row.number, row.key) for row in keyring.envelope_keys(self._connection))

    def envelope_keys_told(self) -> tuple[tuple[int, SecretBytes], ...]:
        """Those of them that files may be sealed with."""
        return tuple((row.number, row.key) for row in keyring.envelope_keys(self._connection) if row.told)

    def roster_entries(self) -> tuple[keyring.RosterRow, ...]:
        """The roster in the order it became known."""
        return keyring.roster_entries(self._connection)

    def add_roster_entry(
        self, *, entry: bytes, kind: int, value: bytes, device: DeviceId, seq: int, seen: Mapping[DeviceId, int]
    ) -> None:
        """Keep a checked entry that came in a segment."""
        keyring.add_roster_entry(self._connection, keyring.RosterRow(entry, kind, value, True, device, seq, seen))

    def announce_roster_entry(self, *, entry: bytes, kind: int, value: bytes) -> None:
        """Keep an entry that nobody's log has confirmed yet."""
        keyring.add_roster_entry(self._connection, keyring.RosterRow(entry, kind, value, False, None, None))

    # ------------------------------------------------------------------ changes

    def unsealed(self, device: DeviceId, *, max_bytes: int) -> list[Unsealed]:
        """The oldest changes of `device` that travel in no segment yet: at least one, at most `max_bytes`.

        What was written in a stream that a wall has taken away since can be sealed no more, and holds up nothing.
        """
        open_here = select(EPOCH.c.stream).where(EPOCH.c.key.is_not(None))
        rows = self._connection.execute(
            select(CHANGE.c.position, CHANGE.c.id, CHANGE.c.stream, CHANGE.c.body)
            .where(CHANGE.c.device == device, CHANGE.c.seq.is_(None), CHANGE.c.stream.in_(open_here))
            .order_by(CHANGE.c.position)
        )
        found: list[Unsealed] = []
        total = 0
        at_rest = resting.sealed_streams(self._connection)
        for row in rows:
            change = self._change(row, at_rest)
            if change is None:
                continue  # it rests, and goes out when it is opened next
            total += len(row.body)
            if found and total > max_bytes:
                break
            found.append(Unsealed(row.position, StreamId(row.stream), change, len(row.body)))
        rows.close()
        return found

    def _change(self, row: Any, at_rest: frozenset[StreamId]) -> Change | None:
        if row.stream not in at_rest:
            return decode(row.body)
        return resting.open_change(self._connection, StreamId(row.stream), ChangeId(row.id), row.body)

    def count_unsealed(self) -> int:
        """How many changes wait to be sent."""
        open_here = select(EPOCH.c.stream).where(EPOCH.c.key.is_not(None))
        statement = select(func.count()).select_from(CHANGE)
        statement = statement.where(CHANGE.c.seq.is_(None), CHANGE.c.stream.in_(open_here))
        return int(self._connection.execute(statement).scalar_one())

    def mark_sealed(self, positions: Sequence[int], seq: int) -> None:
        """These changes travel in this laptop's segment `seq`."""
        mark_sealed(self._connection, positions, seq)

    def record(self, changes: Iterable[tuple[Change, StreamId, DeviceId, int, bool]]) -> Changed:
        """Fold what arrived into the records. Repeating it changes nothing."""
        return record_arrivals(self._connection, (Arrival(*change) for change in changes))

    def move_to_device(self, old: DeviceId, new: DeviceId) -> None:
        """What was written here and not yet sent goes on under the laptop's new number."""
        unsent = select(SEGMENT.c.seq).where(SEGMENT.c.device == old, SEGMENT.c.state == "outbox")
        self._connection.execute(
            update(CHANGE).where(CHANGE.c.device == old, CHANGE.c.seq.in_(unsent)).values(seq=None)
        )
        self._connection.execute(delete(SEGMENT).where(SEGMENT.c.device == old, SEGMENT.c.state == "outbox"))
        forget_names(self._connection)
        last = self._connection.execute(
            select(SEGMENT.c.seq, SEGMENT.c.body_hash)
            .where(SEGMENT.c.device == old, SEGMENT.c.state.in_(_APPLIED_STATES))
            .order_by(SEGMENT.c.seq.desc())
        ).first()
        if last is None:
            self._connection.execute(delete(DEVICE).where(DEVICE.c.id == old))
        else:
            self._connection.execute(
                update(DEVICE).where(DEVICE.c.id == old).values(seq=last.seq, body_hash=last.body_hash)
            )
        self._connection.execute(
            update(CHANGE).where(CHANGE.c.device == old, CHANGE.c.seq.is_(None)).values(device=new)
        )

    # ------------------------------------------------------------------ small facts

    def notice(self, code: str, subject: bytes, detail: str, *, at_ms: int) -> None:
        """Keep something to tell the person; the same about the same subject is told once."""
        statement = insert(NOTICE).prefix_with("OR IGNORE")
        self._connection.execute(statement.values(code=code, subject=subject, detail=detail, at_ms=at_ms))

    def notices(self) -> list[KeptNotice]:
        """Everything there is to tell, oldest first."""
        rows = self._connection.execute(select(NOTICE).order_by(NOTICE.c.number))
        return [KeptNotice(row.code, row.subject, row.detail, row.at_ms) for row in rows]

    def follow_clock(self, stamp: int, now: datetime) -> None:
        """Let the clock of this vault follow another laptop's stamp."""
        meta.write_clock(self._connection, meta.read_clock(self._connection).follow(stamp, now))

    def read_number(self, name: str) -> int | None:
        """A number kept under `name`."""
        return meta.read_number(self._connection, name)

    def write_number(self, name: str, value: int) -> None:
        """Keep a number under `name`."""
        meta.write_number(self._connection, name, value)


def _pack_seen(seen: Mapping[DeviceId, tuple[int, bytes]]) -> bytes:
    return cbor.encode([[device, seq, body_hash] for device, (seq, body_hash) in sorted(seen.items())])


def _unpack_seen(packed: bytes) -> dict[DeviceId, tuple[int, bytes]]:
    try:
        items = cbor.decode(packed, max_bytes=_MAX_SEEN_BYTES)
    except EncodingRejected as error:
        raise VaultDamaged() from error
    if not isinstance(items, list):
        raise VaultDamaged()
    return {DeviceId(device): (seq, body_hash) for device, seq, body_hash in items}
