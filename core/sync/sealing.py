"""Turning this laptop's own changes into one signed segment. Sealed and kept before anything is uploaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from core.changes import cbor
from core.changes.change import Change, OpKind
from core.changes.hlc import COUNTER_BITS, to_ms
from core.crypto.derive import sha256
from core.crypto.secrets import SecretBytes
from core.foundation.errors import BugError
from core.foundation.ids import DeviceId, StreamId, UserId
from core.foundation.ports import Randomness
from core.sync.engine import epochs, recovery, shape
from core.sync.engine.entries import ENVELOPE_KEY, NEW_KEYS, REMOVE, SUSPEND
from core.sync.engine.envelope import EnvelopeKeys, in_order, name_of, seal_segment_file
from core.sync.engine.epochs import EpochKey
from core.sync.engine.farewell import sealed_under
from core.sync.engine.leaving import EnvelopeKeyEntry, read_envelope_key
from core.sync.engine.records import UserRecord
from core.sync.engine.rekeying import uncounted
from core.sync.engine.roster import ROSTER_KINDS, Entry, KeptEntry, Roster
from core.sync.engine.segment import (
    NONCE_BYTES,
    Head,
    Place,
    RosterMark,
    Section,
    SectionContent,
    make_grant,
    make_segment,
    seal_section,
)
from core.sync.identity import Me
from core.sync.leaving import finish_leaving
from core.sync.liveness import note_acknowledged
from core.sync.ports import OUTBOX, Box, KeptHead, UnsealedChange

SEGMENT_BYTES = 2 * 1024 * 1024
"""About how much of changes goes into one segment, before packing."""
_TOLD_BEFORE = frozenset({REMOVE, NEW_KEYS, SUSPEND})
FULL_SEEN_EVERY = 50
"""Every so many segments repeat the whole vector of heads, so that nobody must walk a chain to its beginning."""


@dataclass(frozen=True, slots=True)
class ToMyself:
    """Keys this person has, to be wrapped to other keys of their own: the wrap key before is about to be destroyed, or
    keys made at the same time on another laptop of theirs are the ones that count."""

    record: UserRecord
    keys: Sequence[EpochKey]
    elsewhere: bool = False
    """Whether these are keys of another laptop, which may lack the newest key of the outside."""


def seal_next(
    box: Box, me: Me, *, now: datetime, randomness: Randomness, sign_of_life: bool = False,
    to_myself: ToMyself | None = None,
) -> str | None:  # fmt: skip
    """Seal the oldest unsent changes into one segment and keep it as outgoing, all in the box's transaction.

    `sign_of_life`: if nothing waits, seal a segment that holds nothing but what this laptop has seen.
    `to_myself`: keys to be wrapped, in this segment, to the wrap key of this person that is to count.
    Returns the name of the file, or None if nothing waits.
    """
    changes = box.unsealed(me.device, max_bytes=SEGMENT_BYTES)
    if not changes:
        finish_leaving(box, me.organisation)
    if not changes and not sign_of_life and not (to_myself and to_myself.keys):
        return None
    hlc = max((item.change.hlc for item in changes), default=to_ms(now) << COUNTER_BITS)
    heads = box.heads()
    mine = heads.get(me.device)
    entries = box.roster_entries()
    forks = {device: head.frozen_at for device, head in heads.items() if head.frozen_at is not None}
    roster = Roster.assemble(me.organisation, me.root_hash, entries, forks)
    place = Place(
        me.organisation, me.signer.public, mine.seq + 1 if mine else 1, mine.body_hash if mine else shape.NO_HASH
    )
    seen = {device: (head.seq, head.body_hash) for device, head in heads.items() if device != me.device}
    keys = _keys_of(box, changes, roster)
    content, body_hash = make_segment(
        place=place, device=me.device, hlc=hlc,
        mark=_mark(roster, me.root_hash, entries), seen=_news(seen, mine, place.seq),
        sections=_sections(changes, keys, place, randomness),
        grants=[*_grants(changes, keys, roster, place), *_grants_to_myself(to_myself, place)],
        signer=me.signer,
    )  # fmt: skip
    envelope = _envelope_keys(box, changes, roster, me.organisation_stream)
    if to_myself is not None and to_myself.elsewhere:
        envelope = in_order(box.envelope_keys_told())[-1:]
    data = seal_segment_file(content, envelope, me.organisation)
    name = name_of(data)
    box.keep_file(name, OUTBOX, data, device=me.device, seq=place.seq, body_hash=body_hash, at_ms=to_ms(now))
    if changes:
        box.mark_sealed([item.position for item in changes], place.seq)
    note_acknowledged(box)
    box.set_head(
        me.device, seq=place.seq, body_hash=body_hash, hlc=hlc, seen=seen,
        frozen_at=mine.frozen_at if mine else None,
    )  # fmt: skip
    _place(box, changes, me.device, place.seq, seen)
    return name


def _mark(roster: Roster, first: bytes, entries: Iterable[KeptEntry]) -> RosterMark:
    root = roster.newest_root
    return RosterMark(root.version if root else 1, root.hash if root else first, roster_digest(entries))


def _place(
    box: Box, changes: Sequence[UnsealedChange], device: DeviceId, seq: int, heads: Mapping[DeviceId, tuple[int, bytes]]
) -> None:
    """Note which segment carries the roster entries, epochs and envelope keys made here, and what it had seen."""
    seen = {**{other: number for other, (number, _) in heads.items()}, device: seq}
    for op in (op for item in changes for op in item.change.ops):
        if op.kind in ROSTER_KINDS:
            box.place_roster_entry(sha256(cbor.encode(op.value)), device=device, seq=seq, seen=seen)
        if op.kind == OpKind.EPOCH:
            box.place_epoch(epochs.hash_of(epochs.from_wire(op.value)), device=device, seq=seq)
        elif op.kind == ENVELOPE_KEY:
            entry = read_envelope_key(op.value)
            box.tell_envelope_key(entry.number, SecretBytes(entry.key))


def _envelope_keys(box: Box, changes: Sequence[UnsealedChange], roster: Roster, ours: StreamId) -> EnvelopeKeys:
    """The keys the file may be sealed with, the one to use being the greatest.

    What tells people a new key, of the envelope or of the organisation's stream, is sealed under the oldest, which
    everybody has. A key told by somebody whose entry does not count is not used: they know it.
    """
    told = in_order(box.envelope_keys_told())
    if any(op.kind == ENVELOPE_KEY or (op.kind == OpKind.EPOCH and item.stream == ours)
           for item in changes for op in item.change.ops):  # fmt: skip
        return told[-1:]
    entries = [entry for entry in roster.entries if isinstance(entry.said, EnvelopeKeyEntry)]
    good = {_key_of(entry) for entry in entries if roster.standing.counts(entry)}
    void = {_key_of(entry) for entry in entries} - good
    return [item for item in told if (item[0], item[1].reveal()) not in void] or told[-1:]


def _key_of(entry: Entry) -> tuple[int, bytes]:
    assert isinstance(entry.said, EnvelopeKeyEntry)
    return entry.said.number, entry.said.key


def roster_digest(entries: Iterable[KeptEntry]) -> bytes:
    """What the author knew of the roster, as one hash: SHA-256 over the sorted hashes of its confirmed entries."""
    return sha256(b"".join(sorted({sha256(entry.value) for entry in entries if entry.confirmed})))


def _news(seen: Mapping[DeviceId, tuple[int, bytes]], mine: KeptHead | None, seq: int) -> list[Head]:
    before = mine.seen if mine is not None and seq % FULL_SEEN_EVERY else {}
    return [Head(device, *head) for device, head in seen.items() if before.get(device) != head]


@dataclass(frozen=True, slots=True)
class _StreamKeys:
    """`writing`: the key to seal with. `standing`: the headers nothing follows, that key's own first."""

    writing: EpochKey
    standing: tuple[bytes, ...]
    every: Mapping[bytes, EpochKey]
    before: EpochKey
    """The newest key the others have already: what is told to somebody who leaves, or to the other laptops of a person
    whose keys are new, is sealed under it."""

    said: frozenset[bytes]
    """The epochs whose headers and keys are both here."""

    def of(self, change: Change) -> tuple[EpochKey, tuple[bytes, ...]]:
        """The key one change is sealed with, and the headers its section names."""
        under = sealed_under(change)
        if under in self.every:
            return self.every[under], (under,)
        if any(op.kind in _TOLD_BEFORE for op in change.ops):
            return self.before, (self.before.header_hash,)
        begun = [epochs.hash_of(epochs.from_wire(op.value)) for op in change.ops if op.kind == OpKind.EPOCH]
        if begun and begun[-1] != self.writing.header_hash and begun[-1] in self.said:
            # Somebody may hold this epoch's key and not that of the next, begun before anything was sent.
            return self.every[begun[-1]], (begun[-1],)
        return self.writing, self.standing


def _keys_of(box: Box, changes: Sequence[UnsealedChange], roster: Roster) -> dict[StreamId, _StreamKeys]:
    found = {}
    for stream in {item.stream for item in changes}:
        rows = box.epochs(stream)
        every = {
            row.header_hash: EpochKey(stream, row.number, row.header_hash, row.key)
            for row in rows
            if row.key is not None
        }
        headers = {row.header_hash: epochs.decode(row.header) for row in rows if row.header is not None}
        places = {row.header_hash: (row.device, row.seq) for row in rows}
        void = uncounted(headers, places, roster)
        standing = epochs.leaves(headers, void)
        usable = [name for name in standing if name in every]
        # Somebody may begin an epoch and keep its key from us: the newest one we can write with still counts.
        usable += sorted(every, key=lambda name: (every[name].number, name), reverse=True)
        if not usable:
            raise BugError(rule="a stream is written only by somebody who holds its key")
        rest = tuple(name for name in standing if name != usable[0])[: epochs.MAX_PARENTS - 1]
        sent = (row.header_hash for row in rows if row.seq is not None or row.number == 1)
        before = next((name for name in sent if name in every and name not in void), usable[0])
        said = frozenset(row.header_hash for row in rows if row.header is not None and row.key is not None)
        found[stream] = _StreamKeys(every[usable[0]], (usable[0], *rest), every, every[before], said)
    return found


def _sections(
    changes: Sequence[UnsealedChange], keys: Mapping[StreamId, _StreamKeys], place: Place, randomness: Randomness
) -> list[Section]:
    grouped: dict[tuple[StreamId, bytes], list[UnsealedChange]] = {}
    for item in changes:
        grouped.setdefault((item.stream, keys[item.stream].of(item.change)[0].header_hash), []).append(item)
    sections = []
    for index, ((stream, _), items) in enumerate(grouped.items()):
        key, standing = keys[stream].of(items[0].change)
        content = SectionContent(stream, key.number, standing, tuple(item.change for item in items))
        sections.append(
            seal_section(
                content, key=key.key, tag_key=epochs.tag_key(key.key), place=place, index=index,
                nonce=randomness.bytes(NONCE_BYTES),
            )
        )
    return sections


def _recovery_grants(
    changes: Sequence[UnsealedChange], keys: Mapping[StreamId, _StreamKeys], roster: Roster, place: Place
) -> list[bytes]:
    """The key of every epoch these changes begin, or say they wrap, wrapped to its recovery group."""
    grants: list[bytes] = []
    groups = roster.groups
    for stream, op in ((item.stream, op) for item in changes for op in item.change.ops):
        if op.kind == OpKind.EPOCH:
            header = epochs.from_wire(op.value)
            mark, header_hash = header.recovery_group, epochs.hash_of(header)
        elif op.kind == recovery.WRAPPED:
            mark, header_hash = recovery.read_wrapped(op.value)
        else:
            continue
        group, key = groups.get(mark), keys[stream].every.get(header_hash)
        if group is not None and key is not None:
            grants.append(
                make_grant(
                    key, place=place, recipient=UserId(group.group), user_epoch=group.edition,
                    recipient_public=group.wrap_public,
                )
            )
    return grants


def _grants(
    changes: Sequence[UnsealedChange], keys: Mapping[StreamId, _StreamKeys], roster: Roster, place: Place
) -> list[bytes]:
    """The key of every epoch these changes begin, wrapped to each of its members and to its recovery group."""
    grants = _recovery_grants(changes, keys, roster, place)
    for stream, op in ((item.stream, op) for item in changes for op in item.change.ops if op.kind == OpKind.EPOCH):
        header = epochs.from_wire(op.value)
        key = keys[stream].every[epochs.hash_of(header)]
        grants += [
            make_grant(
                key, place=place, recipient=member.user, user_epoch=member.user_epoch,
                recipient_public=roster.wrap_public_of(member.user, member.user_epoch),
            )
            for member in header.members
        ]
    return grants


def _grants_to_myself(given: ToMyself | None, place: Place) -> list[bytes]:
    if given is None:
        return []
    to = given.record
    return [
        make_grant(key, place=place, recipient=to.user, user_epoch=to.user_epoch, recipient_public=to.wrap_public)
        for key in given.keys
    ]
