"""Packs: a laptop's old segments of one month in one file, so that the folder does not grow without end.

A pack proves nothing by itself: what is in it are the segments as they were signed, and they are taken in as if each
had been met alone. So nobody can take anything away by packing it: a segment counts as packed only where its very bytes
were read out of a pack, and a pack that vanishes is put back by anybody who read it.

The way of a pack, one step a weekly round and each repeatable: made and sent; read back from the folder; retired by an
entry in the organisation's stream (op 12); and, once every laptop in use has that entry or 90 days have passed, its
originals are deleted by the laptop that wrote them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from core.changes import cbor
from core.changes.change import Op, Wire
from core.changes.hlc import from_ms, instant_of, to_ms
from core.foundation.errors import EncodingRejected, IntegrityError, PeerError, SegmentRejected, SharedFolderError
from core.foundation.ids import DeviceId
from core.foundation.ports import CancelToken, FileInfo, SharedStore
from core.sync.engine import shape
from core.sync.engine.envelope import MAX_FILE_BYTES, name_of, open_segment_file, seal_segment_file
from core.sync.engine.roster import Roster
from core.sync.engine.segment import Segment, labelled, read_segment
from core.sync.identity import Me
from core.sync.ports import APPLIED, OUTBOX, PENDING, Box, Mailbox

PACK = "cwf1/pack"
TABLE = "retire"
OLDER_THAN = timedelta(days=60)
GIVEN_UP_AFTER = timedelta(days=90)
"""A laptop not heard of for so long is not waited for; and a pack is waited with no longer than this."""
PACK_BYTES = 24 * 1024 * 1024
"""About how much goes into one pack."""
MOST_PACKED = 100_000
FEWEST = 2
"""A month with one file alone is left as it is."""
_DAY_AFTER = timedelta(days=32)


class ArrivedPack(Protocol):
    """A pack as it came from the folder: its name, its bytes, what follows its label, and when."""

    @property
    def name(self) -> str: ...
    @property
    def data(self) -> bytes: ...
    @property
    def parts(self) -> Sequence[object]: ...
    @property
    def at_ms(self) -> int: ...


def segments_in(parts: Sequence[object]) -> tuple[tuple[bytes, Segment], ...]:
    """The segments of a pack with the bytes each was signed in.

    Raises:
        EncodingRejected: not a pack, or of more than one laptop.
    """
    (contents,) = shape.sequence(list(parts), 1, "a pack")
    found = []
    for item in shape.items(contents, "a pack", at_most=MOST_PACKED):
        content = shape.raw(item, "a segment", at_most=MAX_FILE_BYTES)
        found.append((content, read_segment(content)))
    if len({segment.device for _, segment in found}) != 1:
        raise EncodingRejected(reason="a pack holds nothing, or the work of several laptops")
    return tuple(found)


def take_pack(box: Box, me: Me, file: ArrivedPack) -> bool:
    """Take in the segments of a pack as if each had been met alone. False: too early; it is looked at again.

    Raises:
        EncodingRejected: it is none; what it was said to replace is put back and kept as ever.
    """
    found = segments_in(file.parts)
    known = {segment.hash: box.files_of(segment.device, segment.seq, segment.hash) for _, segment in found}
    if any(segment.device == me.device and not known[segment.hash] for _, segment in found):
        return False  # this vault was put back from a copy: first it must take a new number
    keys = box.envelope_keys()
    packed: list[str] = []
    for content, segment in found:
        same = [name for name, _ in known[segment.hash] if _content_of(box, me, name) == content]
        if not same and any(proven for _, proven in known[segment.hash]):
            raise EncodingRejected(reason="a pack holds a segment that was changed")
        if not same:  # never met, or only in a file that may be a forgery: its signature will tell
            data = seal_segment_file(content, keys, me.organisation)
            same = [name_of(data)]
            box.keep_file(
                same[0], PENDING, data, device=segment.device, seq=segment.seq, body_hash=segment.hash,
                at_ms=file.at_ms,
            )  # fmt: skip
        packed += same
    box.keep_file(file.name, APPLIED, file.data, at_ms=file.at_ms)
    box.note_packed(file.name, packed)
    return True


def _content_of(box: Box, me: Me, name: str) -> bytes | None:
    """What is in a file held here: body and signature, byte for byte."""
    data = box.file(name)
    return None if data is None else open_segment_file(data, box.envelope_keys(), me.organisation)


def make_packs(box: Box, me: Me, *, now: datetime) -> int:
    """Bundle old segments of this laptop month by month; where an administrator works, also those of laptops that were
    removed or suspended, up to where their work counts. Returns how many packs."""
    made = 0
    keys = box.envelope_keys()
    for device in (me.device, *_departed(box, me)):
        for names in _months(box.packable(device, before_ms=to_ms(now - OLDER_THAN)), now):
            batch: list[str] = []
            contents: list[bytes] = []
            size = 0
            for name in names:
                content = open_segment_file(box.file(name) or b"", keys, me.organisation)
                if contents and size + len(content) > PACK_BYTES:
                    made += _keep(box, me, batch, contents, device=device, now=now)
                    batch, contents, size = [], [], 0
                batch.append(name)
                contents.append(content)
                size += len(content)
            made += _keep(box, me, batch, contents, device=device, now=now)
    return made


def _departed(box: Box, me: Me) -> Sequence[DeviceId]:
    roster = _roster(box, me)
    if not roster.is_administrator(me.user):
        return ()
    return [device for device in sorted(roster.standing.cut_devices()) if device != me.device]


def _roster(box: Box, me: Me) -> Roster:
    forks = {device: head.frozen_at for device, head in box.heads().items() if head.frozen_at is not None}
    return Roster.assemble(me.organisation, me.root_hash, box.roster_entries(), forks)


def _keep(
    box: Box, me: Me, names: Sequence[str], contents: Sequence[bytes], *, device: DeviceId, now: datetime
) -> int:
    if len(names) < FEWEST:
        return 0
    data = seal_segment_file(cbor.encode([PACK, list(contents)]), box.envelope_keys(), me.organisation)
    pack = name_of(data)
    box.keep_file(pack, OUTBOX, data, device=me.device, at_ms=to_ms(now))
    box.note_packed(pack, names)
    box.note_own_pack(pack, device, at_ms=to_ms(now))
    return 1


def _months(packable: Sequence[tuple[str, int]], now: datetime) -> list[list[str]]:
    """Names by the month they were made in, for months that have been over for long enough."""
    found: dict[str, list[str]] = {}
    for name, at_ms in packable:
        made = from_ms(at_ms).astimezone(UTC)
        over = (made.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + _DAY_AFTER).replace(day=1)
        if now - over >= OLDER_THAN:
            found.setdefault(f"{made:%Y-%m}", []).append(name)
    return [found[month] for month in sorted(found)]


class PackRoom:
    """The steps of a weekly round for the packs this laptop made."""

    def __init__(self, mailbox: Mailbox, store: SharedStore, me: Me, *, cancel: CancelToken) -> None:
        self._mailbox = mailbox
        self._store = store
        self._me = me
        self._cancel = cancel

    def run(self, there: Mapping[str, Sequence[FileInfo]], *, now: datetime) -> int:
        """Read back what was sent, delete what is replaced and known to all. Returns how many files were deleted."""
        with self._mailbox.reading() as box:
            packs = box.own_packs()
            retired = box.retired_packs(self._me.organisation_stream, self._me.device)
            waits_for = self._lowest_seen(box, now)
        gone = 0
        for pack in packs:
            if pack.retired_at_ms is not None and not self._left_of(pack.name, there):
                continue  # all is done; that the pack stays whole is seen to like everything else
            if pack.name not in there or not self._is_whole(pack.name, there[pack.name]):
                continue  # not sent yet, or lost: it is put back like everything else
            if not pack.read_back:
                with self._mailbox.writing() as box:
                    box.note_read_back(pack.name)
                continue
            seq = retired.get(pack.name)
            if seq is None or pack.retired_at_ms is None:
                continue
            waited = to_ms(now) - pack.retired_at_ms >= GIVEN_UP_AFTER / timedelta(milliseconds=1)
            if waited or waits_for >= seq:
                gone += self._delete(pack.name, there)
        return gone

    def _lowest_seen(self, box: Box, now: datetime) -> int:
        """The number of ours that every laptop in use has seen."""
        roster = _roster(box, self._me)
        heads = box.heads()
        mine = heads.get(self._me.device)
        lowest = mine.seq if mine else 0
        for device, laptop in roster.devices.items():
            head = heads.get(device)
            in_use = head is not None and now - instant_of(head.hlc) < GIVEN_UP_AFTER
            if device == self._me.device or head is None or not in_use:
                continue
            if roster.role_of(laptop.certificate.user) is not None and roster.withheld_from(device) is None:
                lowest = min(lowest, head.seen.get(self._me.device, (0, b""))[0])
        return lowest

    def _is_whole(self, name: str, infos: Sequence[FileInfo]) -> bool:
        """Whether the pack lies in the folder and every segment in it reads as it should."""
        try:
            data = self._store.get(infos[0].name, MAX_FILE_BYTES)
            with self._mailbox.reading() as box:
                content = open_segment_file(data, box.envelope_keys(), self._me.organisation)
            other = labelled(content)
            return name_of(data) == name and other is not None and bool(segments_in(other[1]))
        except (SharedFolderError, IntegrityError, PeerError):
            return False

    def _left_of(self, pack: str, there: Mapping[str, Sequence[FileInfo]]) -> list[FileInfo]:
        """The originals that still lie in the folder."""
        with self._mailbox.reading() as box:
            return [info for name in box.packed_in(pack) for info in there.get(name, ())]

    def _delete(self, pack: str, there: Mapping[str, Sequence[FileInfo]]) -> int:
        gone = 0
        for info in self._left_of(pack, there):
            self._cancel.check()
            try:
                self._store.delete(info.name)
            except SharedFolderError:
                continue  # another week
            gone += 1
        return gone


def retire_value(pack: str, names: Sequence[str]) -> dict[int | str, Wire]:
    """What the entry of a retired pack says."""
    return {1: bytes.fromhex(pack), 2: [bytes.fromhex(name) for name in sorted(names)]}


def check_retired(op: Op) -> None:
    """
    Raises:
        EncodingRejected: the entry is not written the one way it may be.
        SegmentRejected: it retires itself.
    """
    parts = shape.mapping(op.value, "a retired pack")
    if set(parts) != {1, 2}:
        raise EncodingRejected(reason="a retired pack lacks a part")
    pack = shape.digest(parts[1], "a name")
    names = [shape.digest(item, "a name") for item in shape.items(parts[2], "names", at_most=MOST_PACKED)]
    if pack in names:
        raise SegmentRejected(reason="a pack is said to replace itself")
