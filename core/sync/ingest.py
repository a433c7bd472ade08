"""Applying what arrived, in causal order. One transaction per batch; repeating a batch changes nothing.

A segment is applied when its laptop is certified, its signature holds, its predecessor is applied, and everything
its author had seen is applied. What is not satisfied yet waits (`pending`); what can never be satisfied is
refused, with a notice. Two segments with one number are a fork: that laptop is frozen there, and what it wrote
from there on, on either branch, is kept and withheld.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.changes.hlc import to_ms
from core.domain.changed import NOTHING, Changed
from core.foundation.errors import Cancelled, IntegrityError, PeerError, SegmentRejected
from core.foundation.ids import DeviceId
from core.foundation.ports import CancelToken
from core.sync.engine import shape
from core.sync.engine.envelope import open_segment_file
from core.sync.engine.epochs import EpochKey
from core.sync.engine.rekeying import writers_of
from core.sync.engine.roster import Roster
from core.sync.engine.segment import Segment, check_signature, read_segment
from core.sync.identity import Me
from core.sync.interpret import Author, Interpreter, OpenedSection
from core.sync.keys import StreamKeys
from core.sync.liveness import note_work
from core.sync.ports import APPLIED, REFUSED, WITHHELD, Box, UnopenedSection
from core.sync.seen import SeenThen
from core.sync.summing import settle_bases

BATCH_SEGMENTS = 500
FORKED = "forked-laptop"
REOPEN = "rest:reopen"
"""A number other than 0 once keys that rested can be used again."""
REFUSED_FILE = "refused-file"
HASH_AND_SEQ = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What one batch did. `more`: the batch was full, so there may be more to do."""

    applied: int
    refused: int
    changed: Changed
    more: bool
    envelope_keys_came: bool = False
    """Files that no key opened before may open now."""


@dataclass(slots=True)
class _Chain:
    seq: int
    body_hash: bytes
    hlc: int
    seen: dict[DeviceId, HASH_AND_SEQ]
    frozen_at: int | None


class Ingest:
    """One batch. `parsed` may hold segments the caller has just opened, by file name."""

    def __init__(
        self, box: Box, me: Me, *, now: datetime, parsed: Mapping[str, Segment], cancel: CancelToken
    ) -> None:
        self._box = box
        self._me = me
        self._now = now
        self._parsed = dict(parsed)
        self._cancel = cancel
        self._envelope_keys = box.envelope_keys()
        self._keys = StreamKeys(box.epochs())
        roster = Roster.assemble(me.organisation, me.root_hash, box.roster_entries())
        self._chains = {
            device: _Chain(head.seq, head.body_hash, head.hlc, dict(head.seen), head.frozen_at)
            for device, head in box.heads().items()
        }
        roster = roster.with_forks(self._forks())
        self._interpreter = Interpreter(box, me, roster_now=roster, keys=self._keys, now=now)
        self._seen_then = SeenThen(box, self._read_kept)
        self._moved: set[DeviceId] = set()
        self._unopened: list[UnopenedSection] | None = None
        self._kept: tuple[str, Segment] | None = None
        self._applied = 0
        self._refused = 0
        self._changed = NOTHING

    def run(self, *, limit: int = BATCH_SEGMENTS) -> IngestResult:
        """Apply everything that can be applied, at most `limit` segments. Cancelled, it keeps what it has done."""
        self._open_rested()
        queues: dict[DeviceId, list[tuple[int, str]]] = {}
        for waiting in self._box.waiting_segments():
            queues.setdefault(waiting.device, []).append((waiting.seq, waiting.name))
        stopped = False
        try:
            self._work_off(queues, limit)
        except Cancelled:
            stopped = True
        self._flush()
        self._align()
        self._changed |= settle_bases(self._box, now=self._now)
        refused = self._refused + self._interpreter.refused
        more = stopped or self._applied >= limit
        return IngestResult(self._applied, refused, self._changed, more, self._interpreter.envelope_keys_came)

    def _open_rested(self) -> None:
        """Sections that came while their keys rested under a second passphrase, now that it was given."""
        if self._box.read_number(REOPEN):
            late = self._open_late(self._keys.keys_of(self._box.sealed_streams()))
            self._interpreter.judge_all(late)
            self._box.write_number(REOPEN, 0)

    # ------------------------------------------------------------------ the queue

    def _work_off(self, queues: dict[DeviceId, list[tuple[int, str]]], limit: int) -> None:
        progress = True
        while progress and self._applied < limit:
            progress = False
            for device in list(queues):
                progress |= self._advance(device, queues, limit)

    def _advance(self, device: DeviceId, queues: dict[DeviceId, list[tuple[int, str]]], limit: int) -> bool:
        progress = False
        place = 0
        queue = queues[device]
        while place < len(queue) and self._applied < limit:
            seq, name = queue[place]
            if seq > self._seq_of(device) + 1:
                break
            if self._attempt(name):
                del queue[place]
                progress = True
                self._cancel.check()
            else:
                place += 1
        if not queue:
            del queues[device]
        return progress

    def _attempt(self, name: str) -> bool:
        """Apply or refuse one segment. False if neither is possible yet."""
        try:
            segment = self._segment(name)
            if not self._ready(segment):
                return False
        except (IntegrityError, PeerError) as error:
            self._box.set_state(name, REFUSED)
            self._box.notice(REFUSED_FILE, bytes.fromhex(name), str(error), at_ms=to_ms(self._now))
            self._refused += 1
        else:
            if self._box.is_applied(segment.device, segment.seq, segment.hash):
                self._box.set_state(name, APPLIED)  # the same segment in another envelope
            else:
                self._apply(name, segment)
        self._parsed.pop(name, None)
        return True

    def _segment(self, name: str) -> Segment:
        known = self._parsed.get(name)
        if known is None:
            data = self._box.file(name)
            if data is None:
                raise SegmentRejected(reason="its bytes are not here")
            known = read_segment(open_segment_file(data, self._envelope_keys, self._me.organisation))
            self._parsed[name] = known
        return known

    def _ready(self, segment: Segment) -> bool:
        """Whether everything it rests on is here.

        Raises:
            SignatureRejected, SegmentRejected: it can never be applied.
        """
        public = self._interpreter.roster.public_of(segment.device)
        if public is None:
            return False
        check_signature(segment, public)
        if segment.organisation != self._me.organisation:
            raise SegmentRejected(reason="it belongs to another organisation")
        # A later root follows from the entries its author had seen; what the mark says of it is no proof of anything.
        if segment.mark.root_version == 1 and segment.mark.root_hash != self._me.root_hash:
            raise SegmentRejected(reason="its author follows another root of the organisation")
        if segment.seq == 1 and segment.previous != shape.NO_HASH:
            raise SegmentRejected(reason="a first segment names one before it")
        if segment.seq > 1 and not self._has(segment.device, segment.seq - 1, segment.previous):
            return False
        return all(self._has(head.device, head.seq, head.body_hash) for head in segment.seen)

    def _has(self, device: DeviceId, seq: int, body_hash: bytes) -> bool:
        chain = self._chains.get(device)
        if chain is None or chain.seq < seq:
            return False
        if chain.seq == seq and chain.body_hash == body_hash:
            return True
        return self._box.is_applied(device, seq, body_hash)

    def _seq_of(self, device: DeviceId) -> int:
        chain = self._chains.get(device)
        return chain.seq if chain else 0

    # ------------------------------------------------------------------ applying

    def _apply(self, name: str, segment: Segment) -> None:
        chain = self._chains.get(segment.device)
        if chain is None:
            chain = self._chains[segment.device] = _Chain(0, shape.NO_HASH, 0, {}, None)
        proven = {device: seq for device, (seq, _) in chain.seen.items()}
        chain.seen.update({head.device: (head.seq, head.body_hash) for head in segment.seen})
        if chain.seq >= segment.seq and self._box.has_rival(segment.device, segment.seq, segment.hash):
            self._freeze(segment, chain)
        withheld = self._interpreter.roster.is_withheld(segment.device, segment.seq)
        if segment.seq > chain.seq:
            chain.seq, chain.body_hash, chain.hlc = segment.seq, segment.hash, segment.hlc
        self._moved.add(segment.device)
        self._box.set_state(name, WITHHELD if withheld else APPLIED)
        self._read(name, segment, self._author(name, segment, chain.seen, proven, withheld=withheld))
        self._applied += 1
        if segment.sections and segment.device != self._me.device:
            note_work(self._box, now=self._now)

    def _author(
        self, name: str, segment: Segment, heads: Mapping[DeviceId, HASH_AND_SEQ], proven: Mapping[DeviceId, int], *,
        withheld: bool,
    ) -> Author:  # fmt: skip
        user = self._interpreter.roster.owner_of(segment.device)
        assert user is not None  # `_check` found its certificate
        return Author(name, segment.device, user, segment.seq, dict(heads), proven, withheld)

    def _freeze(self, segment: Segment, chain: _Chain) -> None:
        if chain.frozen_at is not None and chain.frozen_at <= segment.seq:
            return
        chain.frozen_at = segment.seq
        self._interpreter.roster = self._interpreter.roster.with_forks(self._forks())
        self._interpreter.unsettled = True
        self._box.notice(FORKED, segment.device, "", at_ms=to_ms(self._now))

    def _read(self, name: str, segment: Segment, author: Author) -> None:
        """Open what this person can open, older sections first that a new key opens, and judge it all."""
        reader = self._interpreter
        public = reader.roster.public_of(segment.device)
        assert public is not None
        fresh = reader.keys_granted(segment, public)
        opened: list[OpenedSection] = []
        closed: list[int] = []
        for index, section in enumerate(segment.sections):
            key = self._keys.find(section.nonce, section.tag)
            if key is None:
                closed.append(index)
                continue
            item = reader.open(segment, index, key, author, public)
            if item is not None:
                opened.append(item)
                fresh += reader.keys_inside(item)
        late = self._open_late(fresh) if fresh else []
        for index in closed:
            section = segment.sections[index]
            key = self._keys.find(section.nonce, section.tag) if fresh else None
            item = reader.open(segment, index, key, author, public) if key is not None else None
            if item is not None:
                opened.append(item)
            elif key is None:
                self._keep_closed(name, index, section.nonce, section.tag)
        # One that a key inside another opened may say what that other follows: in their own order again.
        opened.sort(key=lambda item: item.index)
        reader.judge_all([*late, *opened])
        if reader.forgotten is not NOTHING:
            self._unopened = None
        for granted in fresh:
            if not self._keys.has_header(granted.header_hash):
                self._keys.forget(granted.header_hash)

    def _open_late(self, fresh: list[EpochKey]) -> list[OpenedSection]:
        """Sections met before that one of the new keys opens, in the order they were met."""
        if self._unopened is None:
            self._unopened = list(self._box.unopened())
        found: dict[int, OpenedSection] = {}
        gone: set[int] = set()
        waiting = list(fresh)
        while waiting:
            among = frozenset(key.header_hash for key in waiting)
            waiting = []
            for section in self._unopened:
                key = None if section.number in gone else self._keys.find(section.nonce, section.tag, among)
                if key is None:
                    continue
                gone.add(section.number)
                item = self._open_kept(section, key)
                if item is not None:
                    found[section.number] = item
                    more = self._interpreter.keys_inside(item)
                    waiting += more
                    fresh += more
        self._unopened = [section for section in self._unopened if section.number not in gone]
        self._box.drop_unopened(sorted(gone))
        return [found[number] for number in sorted(found)]

    def _open_kept(self, section: UnopenedSection, key: EpochKey) -> OpenedSection | None:
        segment = self._read_kept(section.segment)
        chain = self._chains[segment.device]
        public = self._interpreter.roster.public_of(segment.device)
        assert public is not None  # it was applied once
        withheld = self._interpreter.roster.is_withheld(segment.device, segment.seq)
        heads, proven = self._seen_then.heads(segment, chain.seen)
        author = self._author(section.segment, segment, heads, proven, withheld=withheld)
        return self._interpreter.open(segment, section.place, key, author, public)

    def _read_kept(self, name: str) -> Segment:
        """Sections of one segment are met one after the other: it is read once for all of them."""
        if self._kept is None or self._kept[0] != name:
            self._kept = (name, self._segment(name))
            self._parsed.pop(name, None)
        return self._kept[1]

    def _forks(self) -> dict[DeviceId, int]:
        return {device: chain.frozen_at for device, chain in self._chains.items() if chain.frozen_at is not None}

    def _align(self) -> None:
        """Bring what is withheld into line with the roster, if anything came that it depends on."""
        reader = self._interpreter
        if not reader.unsettled:
            return
        reader.unsettled = False
        writers = {
            stream: writers_of(self._keys.headers_of(stream), self._keys.uncounted(stream, reader.roster))
            for stream in self._keys.uncounted_streams(reader.roster)
            if stream != self._me.organisation_stream
        }
        self._changed |= self._box.withhold(reader.roster.standing.cut_devices(), writers)

    def _keep_closed(self, name: str, index: int, nonce: bytes, tag: bytes) -> None:
        self._box.keep_unopened(name, index, nonce, tag)
        self._unopened = None

    def _flush(self) -> None:
        reader = self._interpreter
        self._changed |= self._box.record(reader.arrivals)
        reader.arrivals.clear()
        self._changed |= reader.forgotten
        if reader.highest_hlc:
            self._box.follow_clock(reader.highest_hlc, self._now)
        for device in self._moved:
            chain = self._chains[device]
            self._box.set_head(
                device, seq=chain.seq, body_hash=chain.body_hash, hlc=chain.hlc, seen=chain.seen,
                frozen_at=chain.frozen_at,
            )  # fmt: skip
        self._moved.clear()
