"""What a segment says, for those who can read it: grants, sections, headers, roster entries, changes.

Everything decrypted is judged here before it is kept. A section that breaks a rule is set aside whole, with a
notice; the rest of its segment and everything else goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from core.changes import cbor
from core.changes.change import Change, Op, OpKind
from core.changes.hlc import COUNTER_BITS, FOLLOW_AT_MOST, to_ms
from core.changes.naming import check_names
from core.crypto.derive import sha256
from core.crypto.secrets import SecretBytes
from core.domain.changed import NOTHING
from core.foundation.errors import IntegrityError, PeerError, SegmentRejected
from core.foundation.ids import DeviceId, StreamId, UserId
from core.sync import recovering
from core.sync.engine import epochs, override, recovery, roster, shape
from core.sync.engine.entries import ENVELOPE_KEY
from core.sync.engine.epochs import EpochHeader, EpochKey, StreamRole
from core.sync.engine.farewell import said_to
from core.sync.engine.judging import Spoken, role_then, take_entry
from core.sync.engine.kinds import check_first, check_shape
from core.sync.engine.leaving import read_envelope_key
from core.sync.engine.rekeying import check_organisation_header, is_organisation_s, may_go
from core.sync.engine.roster import Origin, Roster
from core.sync.engine.segment import Place, SectionContent, Segment, open_section, place_of, try_grant
from core.sync.identity import Me
from core.sync.keys import StreamKeys
from core.sync.leaving import forget_stream
from core.sync.overriding import let_back, overrides_in
from core.sync.ports import Box, IncomingChange
from core.sync.rights import check_once, check_ours
from core.sync.summing import look_at, note_summaries

CLOCK_AHEAD = "clock-ahead"
REFUSED_SECTION = "refused-section"
MAX_LATE = 10_000
_MARKS = frozenset({OpKind.ADOPT, OpKind.DISMISS})


@dataclass(frozen=True, slots=True)
class Author:
    """Whose segment is being read, and what they had seen."""

    name: str
    device: DeviceId
    user: UserId
    seq: int
    heads: Mapping[DeviceId, tuple[int, bytes]]
    """What their laptop had seen, this segment left out: device -> (number, body hash)."""
    proven: Mapping[DeviceId, int]
    """The numbers their laptop had said it had seen in its segment before."""
    withheld: bool

    @property
    def seen(self) -> dict[DeviceId, int]:
        """The numbers alone, this segment included."""
        return {**{device: seq for device, (seq, _) in self.heads.items()}, self.device: self.seq}


@dataclass(frozen=True, slots=True)
class OpenedSection:
    """A decrypted section that has not been judged yet."""

    author: Author
    index: int
    key: EpochKey
    content: SectionContent


class Verdict(Enum):
    """What became of a section. `HEADER_MISSING`: its key is here and what says who may write is not, yet."""

    TAKEN = auto()
    SET_ASIDE = auto()
    HEADER_MISSING = auto()


class Interpreter:
    """Judges what was decrypted and gathers the changes that are to be recorded."""

    def __init__(self, box: Box, me: Me, *, roster_now: Roster, keys: StreamKeys, now: datetime) -> None:
        self._box = box
        self._me = me
        self._now_ms = to_ms(now)
        self._latest_hlc = to_ms(now + FOLLOW_AT_MOST) << COUNTER_BITS
        self._keys = keys
        self.roster = roster_now
        self.arrivals: list[IncomingChange] = []
        self.highest_hlc = 0
        self.unsettled = False
        """Whether something came that may change which changes are withheld."""
        self.envelope_keys_came = False
        self.refused = 0
        self._walled: set[StreamId] = set()
        self._said_to_be_walled: set[StreamId] = set()
        """Streams that are not here and from which somebody says this person is walled off: nothing is told of them."""
        self._let_back: set[StreamId] = set()
        self._farewells: list[tuple[StreamId, bytes]] = []
        self.forgotten = NOTHING
        self._new_headers: list[bytes] = []
        self._new_entries: list[tuple[int, bytes]] = []

    # ------------------------------------------------------------------ keys

    def keys_granted(self, segment: Segment, public: bytes) -> list[EpochKey]:
        """The keys in a segment's grants that are for this person; none is kept before its header is."""
        me, found = self._me, []
        place = place_of(segment, public)
        for grant, to in ((grant, to) for grant in segment.grants for to in me.recipients):
            try:
                key = try_grant(
                    grant, private=to.private, place=place, recipient=to.user, user_epoch=to.user_epoch
                )
            except IntegrityError as error:
                self._refuse(segment.hash, str(error))
                continue
            if key is not None and self._keys.add_key(key):
                found.append(key)
        return found

    def open(self, segment: Segment, index: int, key: EpochKey, author: Author, public: bytes) -> OpenedSection | None:
        """Decrypt one section; None, with a notice, if it does not open as it must."""
        place: Place = place_of(segment, public)
        try:
            content = open_section(segment.sections[index], key=key, place=place, index=index)
        except IntegrityError as error:
            self._refuse(segment.hash + bytes([index % 256]), str(error))
            return None
        return OpenedSection(author, index, key, content)

    def keys_inside(self, opened: OpenedSection) -> list[EpochKey]:
        """Older keys sealed in the headers of a section, for sections met before. Their headers judge them."""
        found: list[EpochKey] = []
        for change in opened.content.changes:
            for op in change.ops:
                if op.kind != OpKind.EPOCH:
                    continue
                try:
                    header = epochs.from_wire(op.value)
                    key = self._keys.key_of(epochs.hash_of(header))
                    if key is None or header.users & header.conflicted or self._me.user in header.conflicted:
                        continue
                    epochs.check_key(header, key.key)
                    older = epochs.earlier_keys(header, key.key, organisation=self._me.organisation)
                except (IntegrityError, PeerError):
                    continue  # it is refused, with its reason, when its section is judged
                found.extend(item for item in older if self._keys.add_key(item))
        return found

    # ------------------------------------------------------------------ judging

    def judge_all(self, opened: Sequence[OpenedSection]) -> None:
        """Take in sections given in causal order. What breaks a rule is set aside, and nothing of it is kept."""
        self._let_back |= let_back(((one.content, one.author.seen) for one in opened), self._me, self.roster)
        gathered: dict[int, list[IncomingChange]] = {}
        waiting = dict(enumerate(_roster_first(opened, self._me.organisation_stream)))
        progress = True
        while waiting and progress:
            progress = False
            for place, item in list(waiting.items()):
                verdict = self._judge(item)
                if verdict is Verdict.HEADER_MISSING:
                    continue
                progress = True
                del waiting[place]
                if verdict is Verdict.TAKEN:
                    gathered[place] = self._gather(item)
        for item in waiting.values():
            self._refuse_section(item, "a key came without saying who may read with it")
        for place in sorted(gathered):
            self.arrivals.extend(gathered[place])
        for stream, without in self._farewells:
            if not self._keys.has_header(without):
                self._forget_stream(stream)
        self._farewells.clear()

    def _judge(self, opened: OpenedSection) -> Verdict:
        roster_before = self.roster
        self._new_headers.clear()
        self._new_entries.clear()
        try:
            if self._keeps_me_out(opened):
                # The person must not even learn that there is a wall: no notice, no count.
                return Verdict.SET_ASIDE
            verdict = self._take(opened)
        except (IntegrityError, PeerError) as error:
            self._refuse_section(opened, str(error))
            verdict = Verdict.SET_ASIDE
        if verdict is Verdict.TAKEN:
            for kind, value in self._new_entries:
                author = opened.author
                self._box.add_roster_entry(
                    entry=sha256(value), kind=kind, value=value, device=author.device, seq=author.seq, seen=author.seen
                )
            self.unsettled |= bool(self._new_entries) or opened.author.withheld
            return verdict
        self.roster = roster_before
        for name in self._new_headers:
            self._keys.forget_header(name)
            if verdict is Verdict.SET_ASIDE:
                self._keys.forget(name)
        return verdict

    def _keeps_me_out(self, opened: OpenedSection) -> bool:
        """Whether this person is walled off from the stream of a section, or the stream was deleted for good.

        Anybody can write down a wall. Only one that keeps every rule takes away a stream that is here, and one in a
        stream that is not here takes away nothing but itself: the true keys may still come.

        Raises:
            EncodingRejected, SegmentRejected: a wall is claimed by somebody who may not put one up.
        """
        stream = opened.content.stream
        if self._box.is_shredded(stream) or stream in self._walled - self._let_back:
            return True
        headers = [epochs.from_wire(op.value) for op in _ops(opened) if op.kind == OpKind.EPOCH]
        walls = [header for header in headers if self._me.user in header.conflicted]
        if not walls or opened.author.withheld or stream in self._let_back:
            return False
        known = self._keys.headers_of(stream)
        if not known:
            self._said_to_be_walled.add(stream)
            return True
        sealed_under = self._keys.header(opened.key.header_hash)
        if sealed_under is None or not sealed_under.may_write(opened.author.user):
            raise SegmentRejected(reason="somebody wrote where they may not write")
        for header in walls:
            if header.stream != stream or not header.parents:
                raise SegmentRejected(reason="an epoch lies in another stream than its own")
            epochs.check_header(header, author=opened.author.user, parents=known)
        self._walled.add(stream)
        self._forget_stream(stream)
        return True

    def _take(self, opened: OpenedSection) -> Verdict:
        author, content = opened.author, opened.content
        if any(change.actor != author.user for change in content.changes):
            raise SegmentRejected(reason="it is written in somebody else's name")
        for change in content.changes:
            check_names(change, content.stream)
        ours = content.stream == self._me.organisation_stream
        if not ours and any(op.kind in roster.ROSTER_KINDS for op in _ops(opened)):
            raise SegmentRejected(reason="an entry of the roster lies in the wrong place")
        for op in _ops(opened):
            if op.kind in roster.ROSTER_KINDS:
                self._take_roster_entry(op, author)
            else:
                look_at(self._box, op, content.stream, author.device, at_ms=self._now_ms)
        proofs = recovering.proofs_in(_ops(opened), author, self.roster, self._me.organisation)
        allowed = overrides_in(content, author.seen, self._me, self.roster)
        for op in (op for op in _ops(opened) if op.kind == OpKind.EPOCH):
            self._check_epoch(op, author, content.stream, proofs, allowed)
        header = self._keys.header(opened.key.header_hash)
        if header is None:
            return Verdict.HEADER_MISSING
        epochs.check_key(header, opened.key.key)
        self._check_right_to_write(opened, header, ours=ours)
        check_marks(
            opened.content, leads=self._role_then(author) == roster.ADMINISTRATOR
            if ours else header.role_of(author.user) is StreamRole.LEAD,
        )  # fmt: skip
        told = said_to(self._me.user, _ops(opened), author=author.user, header=header)
        self._farewells.extend((content.stream, without) for without in told if not author.withheld)
        for change in content.changes:
            for op in (op for op in change.ops if op.kind == OpKind.EPOCH):
                self._keep_epoch(op, author, change.hlc, proofs)
            self._take_marks(change)
        if not author.withheld:
            known = self._keys.headers_of(content.stream)
            recovering.take_wraps(self._box, _ops(opened), content.stream, author, self.roster, known)
        return Verdict.TAKEN

    def _check_right_to_write(self, opened: OpenedSection, header: EpochHeader, *, ours: bool) -> None:
        if ours:
            check_ours(opened.content, self._role_then(opened.author))
        elif not header.may_write(opened.author.user):
            raise SegmentRejected(reason="somebody wrote where they may not write")
        check_once(opened.content, header.kind, user=opened.author.user)

    def _role_then(self, author: Author) -> str | None:
        """Their role as far as they knew, or if it is more as if nobody had been removed: what a removal takes away is
        withheld, not refused, so that it can still be read and taken over."""
        return role_then(self.roster.as_seen(author.seen), author.user)

    def _take_marks(self, change: Change) -> None:
        """What a lead, or in the organisation's records an administrator, says about withheld changes."""
        for op in change.ops:
            if op.kind in _MARKS:
                self._box.mark_late(by=change.id, targets=named_in(op), adopts=op.kind == OpKind.ADOPT)
                self.unsettled = True

    def _check_epoch(
        self, op: Op, author: Author, stream: StreamId, proofs: Mapping[bytes, bytes], allowed: override.Overridden
    ) -> None:
        header = epochs.from_wire(op.value)
        name = epochs.hash_of(header)
        if self._keys.has_header(name):
            return
        if header.stream != stream or bytes(op.entity) != bytes(stream):
            raise SegmentRejected(reason="an epoch lies in another stream than its own")
        known = self._keys.headers_of(stream)
        before = self.roster.as_seen(author.seen)
        if is_organisation_s(header):
            earlier = self.roster.as_seen({**author.seen, author.device: author.seq - 1})
            check_organisation_header(header, author=author.user, parents=known, before=before, earlier=earlier)
        else:
            epochs.check_header(
                header, author=author.user, parents=known, proven=name in proofs,
                may_go=may_go(known.values(), before), without=self._keys.uncounted(stream, before),
                lifted=override.lifted(allowed, header, known),
            )  # fmt: skip
        recovering.check_choice(self._box, header, author, self.roster, known, proofs.get(name))
        check_shape(header)
        if not header.parents:
            if known:
                raise SegmentRejected(reason="a stream begins a second time")
            ours = header.stream == self._me.organisation_stream
            check_first(header, author=author.user, role=self._role_then(author), ours=ours)
        key = self._keys.key_of(name)
        if key is not None:
            epochs.check_key(header, key.key)
        self._keys.add_header(name, header, device=author.device, seq=author.seq)
        self._new_headers.append(name)

    def _keep_epoch(self, op: Op, author: Author, hlc: int, proofs: Mapping[bytes, bytes]) -> None:
        header = epochs.from_wire(op.value)
        name = epochs.hash_of(header)
        if not self._keys.is_kept(name):  # said again by somebody else, it is still the first one's decision
            encoded = epochs.encode(header)
            self._keys.note_kept(name, encoded)
            self._box.add_epoch_header(
                stream=header.stream, number=header.number, header_hash=name, header=encoded, author=author.user,
                hlc=hlc, device=author.device, seq=author.seq,
            )  # fmt: skip
            if name in proofs:
                recovering.note_proven(self._box, header, proofs[name], at_ms=self._now_ms)
        key = self._keys.key_of(name)
        if key is not None and epochs.commitment_of(key.key) == header.commitment:
            self._box.add_epoch_key(stream=header.stream, number=header.number, header_hash=name, key=key.key)

    def _take_roster_entry(self, op: Op, author: Author) -> None:
        self._new_entries.append((op.kind, cbor.encode(op.value)))
        if op.kind in (recovery.GROUP, recovery.RETURNED):
            self.roster = recovering.take_entry(self._box, self.roster, op, author, self._me.organisation, self._now_ms)
            return
        spoken = Spoken(author.user, Origin(author.device, author.seq), author.heads, author.proven)
        self.roster = take_entry(self.roster, op.kind, op.value, spoken)
        if op.kind == ENVELOPE_KEY:
            entry = read_envelope_key(op.value)
            self.envelope_keys_came |= self._box.add_envelope_key(entry.number, SecretBytes(entry.key))

    def _gather(self, opened: OpenedSection) -> list[IncomingChange]:
        author, stream = opened.author, opened.content.stream
        ops = () if author.withheld else _ops(opened)
        note_summaries(self._box, ops, self.roster, stream=stream, device=author.device)
        stamps = [change.hlc for change in opened.content.changes]
        followed = [stamp for stamp in stamps if stamp <= self._latest_hlc]
        self.highest_hlc = max([self.highest_hlc, *followed])
        if len(followed) < len(stamps):
            self._box.notice(CLOCK_AHEAD, author.device, "", at_ms=self._now_ms)
        self.unsettled |= bool(self._keys.uncounted(stream, self.roster))
        return [(change, stream, author.device, author.seq, author.withheld) for change in opened.content.changes]

    def _refuse_section(self, opened: OpenedSection, reason: str) -> None:
        if opened.content.stream in self._said_to_be_walled:
            return
        self._refuse(sha256(opened.author.name.encode()) + bytes([opened.index % 256]), reason)

    def _refuse(self, subject: bytes, reason: str) -> None:
        self.refused += 1
        self._box.notice(REFUSED_SECTION, subject, reason, at_ms=self._now_ms)

    def _forget_stream(self, stream: StreamId) -> None:
        self.forgotten |= self._box.record(self.arrivals)
        self.arrivals.clear()
        self.forgotten |= forget_stream(self._box, self._keys, stream, self._me.organisation)


def _roster_first(opened: Sequence[OpenedSection], ours: StreamId) -> list[OpenedSection]:
    """Of one segment the organisation's sections first, those that begin an epoch last among them: the others may rest
    on what these say."""
    places: dict[str, int] = {}
    for place, item in enumerate(opened):
        places.setdefault(item.author.name, place)
    return sorted(
        opened,
        key=lambda item: (
            places[item.author.name], item.content.stream != ours, any(op.kind == OpKind.EPOCH for op in _ops(item)),
        ),
    )  # fmt: skip


def check_marks(content: SectionContent, *, leads: bool) -> None:
    """
    Raises:
        EncodingRejected, SegmentRejected: late work is taken over or put aside by somebody who may not do that.
    """
    marks = [named_in(op) for change in content.changes for op in change.ops if op.kind in _MARKS]
    if marks and not leads:
        raise SegmentRejected(reason="late work was judged by somebody who may not do that")


def named_in(op: Op) -> list[bytes]:
    """The changes an op takes over or puts aside.

    Raises:
        EncodingRejected: it does not say so the one way.
    """
    return [shape.identifier(item, "a change id") for item in shape.items(op.value, "changes", at_most=MAX_LATE)]


def _ops(opened: OpenedSection) -> Iterator[Op]:
    return (op for change in opened.content.changes for op in change.ops)

