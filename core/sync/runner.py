"""One round of exchange: publish, discover, fetch, ingest, seal, publish. The only module that meets a transport.

Safe to be ended anywhere: each step is either one transaction on the vault, or a write of a file whose bytes are
already in the vault and whose name is its content. Running it again goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from core.changes.hlc import to_ms
from core.crypto.secrets import SecretBytes
from core.domain.changed import NOTHING, Changed
from core.foundation.errors import (
    Cancelled,
    EncodingRejected,
    EnvelopeRejected,
    FolderUnreachable,
    IntegrityError,
    PeerError,
    SharedFolderError,
    SignatureRejected,
)
from core.foundation.ports import CancelToken, Clock, FileInfo, Progress, Randomness, SharedStore
from core.sync.blobs import BlobExchange
from core.sync.engine.envelope import (
    MAX_FILE_BYTES,
    name_of,
    open_invited_file,
    open_segment_file,
)
from core.sync.engine.segment import Segment, check_signature, labelled, read_segment
from core.sync.healing import Lost, is_left_lost
from core.sync.identity import Me
from core.sync.ingest import BATCH_SEGMENTS, Ingest
from core.sync.labelled import LabelledFile, take_labelled
from core.sync.listing import ROOT, canonical, month_of, new_files, recent, strange
from core.sync.liveness import has_shrunk, note_listed, sign_of_life_is_due
from core.sync.pacing import OneListing, Turn
from core.sync.packing import make_packs
from core.sync.ports import OUTBOX, PENDING, PUBLISHED, REFUSED, REQUEST, STRANGER, Box, Mailbox
from core.sync.sealing import seal_next
from core.sync.weekly import Weekly, whole_list_is_due
from core.sync.withheld import note_missing

FETCH_BATCH = 200
FETCH_BATCH_BYTES = 32 * 1024 * 1024
REFUSED_FILE = "refused-file"
MOST_KEYS_IN_A_ROUND = 20
"""How often one round looks at unknown files again because a new envelope key came."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the runner works with. `invitation_keys`: open invitations of this vault by their number."""

    mailbox: Mailbox
    store: SharedStore
    clock: Clock
    randomness: Randomness
    invitation_keys: Mapping[bytes, SecretBytes] = field(default_factory=dict)
    blobs: BlobExchange | None = None
    """Attached files; None where only entries are exchanged."""
    before_sealing: Callable[[], None] = lambda: None
    """What is written before anything of this laptop is sealed: new keys where somebody left."""


@dataclass(frozen=True, slots=True)
class RoundReport:
    """What one round did. `restored`: this laptop's own number is in use beyond what its vault knows."""

    sent: int
    received: int
    applied: int
    refused: int
    waiting_to_send: int
    unreadable: int
    missing: int
    restored: bool
    changed: Changed
    more: bool = False
    """Its turn was over (`core/sync/pacing.py`): the next round goes on."""
    question: Lost | None = None
    """A good part of the folder is gone; nothing is put back until somebody has answered."""


@dataclass(slots=True)
class _Tally:
    sent: int = 0
    received: int = 0
    applied: int = 0
    refused: int = 0
    unreadable: int = 0
    missing: int = 0
    restored: bool = False
    changed: Changed = NOTHING
    question: Lost | None = None


class Runner:
    """Runs rounds for one person on one laptop, on one thread."""

    def __init__(self, me: Me, around: Surroundings, *, progress: Progress, cancel: CancelToken) -> None:
        self._me = me
        self._mailbox = around.mailbox
        self._store = around.store
        self._clock = around.clock
        self._randomness = around.randomness
        self._invitations = around.invitation_keys
        self._blobs = around.blobs
        self._before_sealing = around.before_sealing
        self._progress = progress
        self._cancel = cancel
        self._tally = _Tally()
        self._just_put: list[FileInfo] = []
        self._hold = False  # what is read waits until this laptop's own entries of the roster are sealed
        self._keys_came = False

    def run(self, *, everything: bool = False, refill: bool = True, answer: bool | None = None) -> RoundReport:
        """One round. `everything` lists the whole folder; otherwise the last two months, and all once a week.

        `refill`: put back files that vanished from the folder and are held here; if there are many, only when
        `answer` says so (`core/sync/healing.py`).

        Raises:
            FolderUnreachable: the folder is not there; nothing is lost.
            Cancelled: between two steps.
        """
        tally = self._tally = _Tally()
        more = False
        try:
            self._round(everything=everything or answer is not None, refill=refill, answer=answer)
        except Cancelled:
            if not (isinstance(self._cancel, Turn) and self._cancel.is_over):
                raise
            more = True
        with self._mailbox.reading() as box:
            waiting = len(box.names_in([OUTBOX]))
        changed = tally.changed | self._blobs.changed if self._blobs is not None else tally.changed
        counted = (tally.sent, tally.received, tally.applied, tally.refused, waiting, tally.unreadable, tally.missing)
        return RoundReport(*counted, tally.restored, changed, more, tally.question)

    def send(self) -> int:
        """Seal and send what waits, and nothing else; returns how many files went. For the moment before a lock.

        Only after a whole round in the same sitting: that is what finds out whether the vault was put back from a copy.

        Raises:
            FolderUnreachable: the folder is not there; nothing is lost.
            Cancelled: between two steps.
        """
        self._tally = _Tally()
        self._seal_all()
        if self._blobs is not None:
            self._blobs.publish()
        self._publish()
        return self._tally.sent

    def _round(self, *, everything: bool, refill: bool, answer: bool | None) -> None:
        tally = self._tally
        if self._blobs is not None:
            self._blobs.publish()  # first, so that whoever reads an entry finds its file
        self._publish()
        wanted_whole = everything
        files, listed = _new_in_recent_months(self._mailbox, self._store, self._clock.now())
        month = month_of(self._clock.now())
        with self._mailbox.reading() as box:
            due = whole_list_is_due(box, now=self._clock.now())
            everything = everything or due or has_shrunk(box, month, files)
        if everything:
            listed = list(self._store.list(ROOT))
        self._hold = _names_what_it_had_seen(self._mailbox)
        self._fetch_and_ingest(listed)
        if self._hold and not tally.restored:
            self._seal_all()
        self._hold = False
        if not tally.restored:
            self._ingest({})
            self._look_again(everything=everything)
            self._seal_all()
            if everything:
                with self._mailbox.writing() as box:
                    make_packs(box, self._me, now=self._clock.now())
            self._publish()
        with self._mailbox.writing() as box:
            note_missing(box, self._me, now=self._clock.now())
        if self._blobs is not None:
            self._blobs.take_in(everything=everything)
        if everything:
            there = canonical([*listed, *self._just_put])
            week = Weekly(self._mailbox, self._store, self._me, put=self._put, cancel=self._cancel)
            healed = week.run(there, now=self._clock.now(), refill=refill, answer=answer)
            tally.missing, tally.question = healed.missing, healed.question
        note_listed(self._mailbox, month, files + len(self._just_put))
        if self._blobs is not None:
            with self._mailbox.reading() as box:
                put_back = refill and tally.question is None and not is_left_lost(box)
            mended = self._blobs.heal(self._clock.now(), everything=everything, refill=put_back)
            tally.missing += mended.missing
            if not mended.complete and not wanted_whole:
                self._cancel.check()  # the turn is over, and the next one goes on; of all of it, the next round

    def _look_again(self, *, everything: bool) -> None:
        """Read what no key opened, while envelope keys keep coming."""
        for _ in range(MOST_KEYS_IN_A_ROUND):
            if not self._keys_came:
                return
            self._keys_came = False
            with self._mailbox.writing() as box:
                box.forget_strangers()
            new = _new_in_recent_months(self._mailbox, self._store, self._clock.now())[1]
            self._fetch_and_ingest(list(self._store.list(ROOT)) if everything else new)

    # ------------------------------------------------------------------ sending

    def _seal_all(self) -> None:
        self._before_sealing()
        while self._seal():
            self._cancel.check()

    def _seal(self) -> bool:
        if not self._me.writes:
            return False
        now = self._clock.now()
        with self._mailbox.writing() as box:
            due = sign_of_life_is_due(box, self._me.device, now=now)
            return seal_next(box, self._me, now=now, randomness=self._randomness, sign_of_life=due) is not None

    def _publish(self) -> None:
        with self._mailbox.reading() as box:
            names = box.names_in([OUTBOX])
        for done, name in enumerate(names):
            self._cancel.check()
            self._progress(done, len(names), "Sending")
            with self._mailbox.reading() as box:
                data = box.file(name)
            if data is not None and self._put(name, data):
                with self._mailbox.writing() as box:
                    box.set_state(name, PUBLISHED)
                self._tally.sent += 1

    def _put(self, name: str, data: bytes, at: str = "") -> bool:
        place = at or f"{ROOT}/{month_of(self._clock.now())}/{name}"
        try:
            self._store.put_if_absent(place, data)
        except FolderUnreachable:
            raise
        except SharedFolderError:
            return False  # it stays outgoing and is tried again in the next round
        if not at:
            self._just_put.append(FileInfo(place, len(data)))
        return True

    # ------------------------------------------------------------------ receiving


    def _fetch_and_ingest(self, listed: list[FileInfo]) -> None:
        wanted = self._unknown(listed)
        fetched: dict[str, bytes] = {}
        size_bytes = 0
        for done, (name, infos) in enumerate(wanted):
            try:
                self._cancel.check()
            except Cancelled:
                if fetched:
                    self._take_in(fetched)  # read is read; what is left comes next time
                raise
            self._progress(done, len(wanted), "Receiving")
            for data in self._read(name, infos):
                fetched[name_of(data)] = data
                size_bytes += len(data)
            if len(fetched) >= FETCH_BATCH or size_bytes >= FETCH_BATCH_BYTES:
                self._take_in(fetched)
                fetched, size_bytes = {}, 0
        if fetched:
            self._take_in(fetched)

    def _unknown(self, listed: list[FileInfo]) -> list[tuple[str, list[FileInfo]]]:
        """Names never met, and files under names that are not theirs (conflicted copies), which are always read."""
        named = canonical(listed)
        with self._mailbox.reading() as box:
            unknown = box.unknown_names(list(named))
        return [(name, named[name]) for name in unknown] + [("", [info]) for info in strange(listed)]

    def _read(self, name: str, infos: list[FileInfo]) -> Iterator[bytes]:
        """The bytes of a file that may lie in several places; whatever is found there is known by its own bytes.

        Whole files swapped under each other's names are good files; a cut or changed one is no file at all
        and opens with no key, so it is told apart here only by not having the name it lies under.
        """
        for info in infos:
            if info.size_bytes > MAX_FILE_BYTES:
                self._tally.unreadable += 1
                continue
            try:
                data = self._store.get(info.name, MAX_FILE_BYTES)
            except FolderUnreachable:
                raise
            except SharedFolderError:
                self._tally.unreadable += 1
                continue
            right = name_of(data) == name
            if name and not right:
                self._tally.unreadable += 1  # half arrived, damaged or swapped: looked at again next time
            if right or self._is_ours(data):
                yield data
            if right:
                return

    def _is_ours(self, data: bytes) -> bool:
        """Whether a file under a wrong name is a whole one of this organisation."""
        with self._mailbox.reading() as box:
            keys = box.envelope_keys()
        try:
            open_segment_file(data, keys, self._me.organisation)
        except (EnvelopeRejected, EncodingRejected):
            return False
        return True

    def _take_in(self, fetched: Mapping[str, bytes]) -> None:
        parsed: dict[str, Segment] = {}
        at_ms = to_ms(self._clock.now())
        with self._mailbox.writing() as box:
            keys = box.envelope_keys()
            for name in box.unknown_names(list(fetched)):
                data = fetched[name]
                try:
                    content = open_segment_file(data, keys, self._me.organisation)
                    other = labelled(content)
                    if other is not None:
                        label, parts = other
                        file = LabelledFile(name, data, parts, at_ms)
                        self._tally.received += take_labelled(box, self._me, label, file)
                        continue
                    segment = read_segment(content)
                except EnvelopeRejected:
                    self._keep_other(box, name, data, at_ms)
                    continue
                except (IntegrityError, PeerError) as error:
                    box.keep_file(name, REFUSED, data, at_ms=at_ms)
                    box.notice(REFUSED_FILE, bytes.fromhex(name), str(error), at_ms=at_ms)
                    self._tally.refused += 1
                    continue
                if _is_own_future(box, self._me, segment):
                    self._tally.restored = True
                    continue
                box.keep_file(
                    name, PENDING, data, device=segment.device, seq=segment.seq, body_hash=segment.hash, at_ms=at_ms
                )
                parsed[name] = segment
                self._tally.received += 1
        self._ingest(parsed)

    def _keep_other(self, box: Box, name: str, data: bytes, at_ms: int) -> None:
        for key in self._invitations.values():
            try:
                open_invited_file(data, key, "request")
            except (EnvelopeRejected, EncodingRejected):
                continue
            box.keep_file(name, REQUEST, data, at_ms=at_ms)
            self._tally.received += 1
            return
        box.keep_file(name, STRANGER, None, at_ms=at_ms)

    def _ingest(self, parsed: Mapping[str, Segment]) -> None:
        if self._hold:
            return
        with self._mailbox.reading() as box:
            more = bool(parsed) or bool(box.waiting_segments())
        while more:
            self._cancel.check()
            self._progress(0, 1, "Reading what came")
            with self._mailbox.writing() as box:
                result = Ingest(
                    box, self._me, now=self._clock.now(), parsed=parsed, cancel=self._cancel
                ).run(limit=BATCH_SEGMENTS)
            self._tally.applied += result.applied
            self._tally.refused += result.refused
            self._tally.changed |= result.changed
            self._keys_came |= result.envelope_keys_came
            more = result.more


def _new_in_recent_months(mailbox: Mailbox, store: SharedStore, now: datetime) -> tuple[int, list[FileInfo]]:
    """How many files lie where everything new is, and those never met."""
    with mailbox.reading() as box:
        known = box.known_names()
    look = store.new if isinstance(store, OneListing) else partial(new_files, store)
    found = [look(prefix, known) for prefix in recent(now)]
    return sum(count for count, _ in found), [info for _, infos in found for info in infos]


def _names_what_it_had_seen(mailbox: Mailbox) -> bool:
    """Whether an entry of the roster waits here: it is sealed before more is taken in, so that it says truly what its
    author had seen."""
    with mailbox.reading() as box:
        return any(entry.confirmed and entry.seq is None for entry in box.roster_entries())


def _is_own_future(box: Box, me: Me, segment: Segment) -> bool:
    """Whether this laptop signed a segment its vault knows nothing of: the vault was put back from a copy."""
    if segment.device != me.device or box.is_applied(segment.device, segment.seq, segment.hash):
        return False
    try:
        check_signature(segment, me.signer.public)
    except SignatureRejected:
        return False
    return True
