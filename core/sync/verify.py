"""Checking a shared folder from its files alone: names, envelopes, chains, signatures, roster, heads.

No database, no window: what somebody who distrusts this program would write themselves from `PROTOCOL.md`. Without keys
it checks names; with envelope keys also chains; with the organisation's stream keys also who was let in by whom.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol, runtime_checkable

from core.changes.change import Op
from core.changes.naming import check_names
from core.crypto.derive import sha256
from core.foundation.errors import EnvelopeRejected, IntegrityError, PeerError, SegmentRejected, SharedFolderError
from core.foundation.ids import DeviceId, OrganisationId, UserId
from core.foundation.ports import CancelToken, FileInfo, NeverCancel, Progress, SharedStore, no_progress
from core.sync import recovering
from core.sync.engine import epochs, recovery, roster, shape
from core.sync.engine.envelope import MAX_FILE_BYTES, EnvelopeKeys, is_name, name_of, open_segment_file
from core.sync.engine.epochs import EpochKey
from core.sync.engine.judging import Spoken, read_laptop, take_entry
from core.sync.engine.roster import Origin, Roster
from core.sync.engine.segment import (
    CERTIFICATE,
    SectionContent,
    Segment,
    check_signature,
    find_key,
    labelled,
    open_section,
    place_of,
    read_segment,
)
from core.sync.packing import PACK, segments_in
from core.sync.transports.passed_over import PassedOver, is_litter

ROOT = "cwf1"
BLOBS = "cwf1/b/"
"""Attachments and the like: sealed under keys that only readers hold, so here only their names are checked."""


_PLACE = re.compile(r"cwf1/(\d{4}-\d{2}/[0-9a-f]{64}|b/([0-9a-f]{2})/\2[0-9a-f]{62})")
COPY_OF_ONE_HERE = (
    "Another program made this copy of a file that is here under its own name. It does no harm and can be deleted."
)
STRANGE_NAME = "Its name is not one this program gives: renamed or made by another program. What is ours is read."
PASSED_OVER = {
    PassedOver.EMPTY: "It is empty: it has not arrived yet, or was lost on the way. A laptop that has it puts it back.",
    PassedOver.LINK: "It is a link to another place, and is never followed.",
    PassedOver.FOLDER: "A folder lies where a file belongs.",
    PassedOver.SPECIAL: "It is no plain file, and is never opened.",
    PassedOver.SHUT: "This folder cannot be opened, so nothing in it was checked.",
}


@runtime_checkable
class Telling(Protocol):
    """A store that can say what its listings leave out."""

    def passed_over(self, prefix: str) -> Iterable[tuple[str, PassedOver]]: ...


def printable(name: str) -> str:
    """A name as it can be shown: another system's letters may be none here."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


class Depth(Enum):
    """How far the keys at hand let the check go."""

    NAMES = "names"
    CHAINS = "chains"
    ROSTER = "roster"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as it must be. `file`: its name in the folder, or empty."""

    file: str
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DeviceHead:
    """The newest segment of one laptop in the folder. `words_hash`: what two people may compare."""

    device: DeviceId
    seq: int
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class FolderVerified:
    """What was found. `strangers`: files no key given here opens, which may be requests or another organisation's."""

    files: int
    segments: int
    strangers: int
    heads: tuple[DeviceHead, ...]
    problems: tuple[Problem, ...]
    depth: Depth = Depth.ROSTER

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class VerifyKeys:
    """What the checker may know. `known`: device keys known beforehand (from a vault or a file of keys)."""

    organisation: OrganisationId
    root_hash: bytes
    envelope: EnvelopeKeys
    organisation_stream: tuple[EpochKey, ...] = ()
    known: Roster | None = None


class FolderCheck:
    """One pass over a folder."""

    def __init__(self, keys: VerifyKeys | None) -> None:
        self._keys = keys
        self._segments: dict[bytes, tuple[str, Segment]] = {}
        self._certificates: list[Announcement] = []
        self._problems: list[Problem] = []
        self._files = 0
        self._strangers = 0
        self._names: set[str] = set()

    def run(self, store: SharedStore, *, progress: Progress, cancel: CancelToken) -> FolderVerified:
        """Read every file once and judge them together."""
        listed = list(store.list(ROOT))
        self._names = {info.name.rpartition("/")[2] for info in listed}
        if isinstance(store, Telling):
            for path, why in store.passed_over(ROOT):
                self._note(path, why.value, PASSED_OVER[why])
        for done, info in enumerate(listed):
            cancel.check()
            progress(done, len(listed), "Checking")
            self._file(store, info)
        if self._keys is None:
            return FolderVerified(self._files, 0, self._strangers, (), tuple(self._problems), Depth.NAMES)
        chains = ChainCheck(self._keys, self._segments, self._certificates)
        chains.run(cancel)
        depth = Depth.ROSTER if self._keys.organisation_stream else Depth.CHAINS
        problems = (*self._problems, *chains.problems)
        return FolderVerified(self._files, len(self._segments), self._strangers, self._heads(), problems, depth)

    def _file(self, store: SharedStore, info: FileInfo) -> None:
        self._files += 1
        path, name = info.name, info.name.rpartition("/")[2]
        if is_litter(name):
            self._strangers += 1
            return
        if info.size_bytes > MAX_FILE_BYTES:
            self._note(path, "too-large", "It is larger than any file of this program, and was not read.")
            return
        try:
            data = store.get(path, MAX_FILE_BYTES)
        except SharedFolderError as error:
            self._note(path, "unreadable", str(error))
            return
        if not is_name(name):
            known = name_of(data) in self._names
            self._note(path, "strange-name", COPY_OF_ONE_HERE if known else STRANGE_NAME)
        elif name_of(data) != name:
            self._note(path, "damaged", "Its content is not what its name says: changed, cut short or swapped.")
        elif not _PLACE.fullmatch(path):
            self._note(path, "misplaced", "It lies in a folder it does not belong in. Somebody moved it.")
        if not path.startswith(BLOBS):
            self._open(path, data)

    def _open(self, path: str, data: bytes) -> None:
        if self._keys is None:
            self._strangers += 1
            return
        try:
            content = open_segment_file(data, self._keys.envelope, self._keys.organisation)
        except EnvelopeRejected:
            self._strangers += 1
            return
        except IntegrityError as error:
            self._note(path, "envelope", str(error))
            return
        try:
            other = labelled(content)
            if other is not None:
                if other[0] in (CERTIFICATE, recovery.RETURNED_LABEL):
                    (certificate,) = shape.sequence(other[1], 1, "a certificate")
                    self._certificates.append((path, other[0], certificate))
                elif other[0] == PACK:
                    for _, segment in segments_in(other[1]):
                        self._segments.setdefault(segment.hash, (path, segment))
                return
            segment = read_segment(content)
        except (IntegrityError, PeerError) as error:
            self._note(path, "malformed", str(error))
            return
        self._segments.setdefault(segment.hash, (path, segment))

    def _heads(self) -> tuple[DeviceHead, ...]:
        newest: dict[DeviceId, DeviceHead] = {}
        for body_hash, (_, segment) in self._segments.items():
            known = newest.get(segment.device)
            if known is None or (segment.seq, body_hash) > (known.seq, known.body_hash):
                newest[segment.device] = DeviceHead(segment.device, segment.seq, body_hash)
        return tuple(newest[device] for device in sorted(newest))

    def _note(self, file: str, code: str, sentence: str) -> None:
        self._problems.append(Problem(printable(file), code, sentence))


Announcement = tuple[str, str, object]
"""A file that announces a laptop: where it lies, its label, what it says."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Whose entry is being judged, and what they had seen."""

    device: DeviceId
    user: UserId
    seq: int
    seen: Mapping[DeviceId, int]


class ChainCheck:
    """All chains in causal order, the roster taken in as it grows."""

    def __init__(
        self, keys: VerifyKeys, segments: Mapping[bytes, tuple[str, Segment]], certificates: list[Announcement]
    ) -> None:
        self._keys = keys
        self._roster = keys.known or Roster(keys.organisation, keys.root_hash)
        self._tags = [epochs.tag_key(item.key).reveal() for item in keys.organisation_stream]
        self._segments = segments
        self._certificates = certificates
        self._proven: dict[DeviceId, int] = {}
        self._seen: dict[DeviceId, dict[DeviceId, tuple[int, bytes]]] = {}
        self._written: set[DeviceId] = set()
        self.problems: list[Problem] = []

    def run(self, cancel: CancelToken) -> None:
        """Judge every segment. What it finds is in `problems`."""
        waiting = dict(sorted(self._segments.items(), key=lambda item: (item[1][1].device, item[1][1].seq, item[0])))
        done: set[bytes] = {shape.NO_HASH}
        numbers: dict[tuple[DeviceId, int], bytes] = {}
        progress = True
        while progress:
            progress = self._take_certificates()
            for body_hash, (path, segment) in list(waiting.items()):
                cancel.check()
                rests_on = [segment.previous, *(head.body_hash for head in segment.seen)]
                public = self._roster.public_of(segment.device)
                if public is None or any(item not in done for item in rests_on):
                    continue
                del waiting[body_hash]
                progress = True
                try:
                    self._segment(segment, public)
                except (IntegrityError, PeerError) as error:
                    self._note(path, "refused", str(error))
                    continue
                done.add(body_hash)
                self._written.add(segment.device)
                first = numbers.setdefault((segment.device, segment.seq), body_hash)
                if first != body_hash:
                    self._note(path, "fork", "One laptop wrote two different files under one number.")
        for path, segment in waiting.values():
            self._note_waiting(path, segment)
        for path, _, _ in self._certificates:
            self._note(path, "unknown-person", "It announces a laptop of somebody nobody let in.")
        if self._keys.organisation_stream:
            self._note_unproven()

    def _note_waiting(self, path: str, segment: Segment) -> None:
        if self._roster.public_of(segment.device) is None:
            self._note(path, "unknown-laptop", "Nobody let in the laptop that wrote it.")
            return
        missing = []
        if segment.previous != shape.NO_HASH and segment.previous not in self._segments:
            missing.append(_said(segment.device, segment.seq - 1))
        missing += [_said(head.device, head.seq) for head in segment.seen if head.body_hash not in self._segments]
        what = ", ".join(missing) or "something that rests on a missing file itself"
        self._note(path, "gap", f"It rests on what is missing from the folder: {what}.")

    def _note_unproven(self) -> None:
        if self._written and self._roster.root is None:
            self._note("", "no-root", "The beginning of the organisation is missing from the folder.")
        for device in sorted(self._written):
            if not self._roster.devices[device].admitted:
                self._note("", "unproven-laptop", f"Nothing in the folder proves who let in {_said(device)}.")

    def _take_certificates(self) -> bool:
        kept: list[Announcement] = []
        for path, label, certificate in self._certificates:
            try:
                if label == recovery.RETURNED_LABEL:
                    if recovery.stored_return(certificate)[0] not in self._roster.groups:
                        kept.append((path, label, certificate))
                        continue
                    returned = recovering.announced_return(certificate, self._roster, self._keys.organisation)
                    self._roster = self._roster.with_admission(returned, origin=None, admitted=False)
                    continue
                made = roster.stored_device({1: certificate})
                owner = self._roster.users.get(made.user)
                if owner is None:
                    kept.append((path, label, certificate))
                    continue
                checked = read_laptop(self._roster, made.user, certificate)
                self._roster = self._roster.with_device(checked, origin=None, admitted=False)
            except (IntegrityError, PeerError) as error:
                self._note(path, "refused", str(error))
        taken = len(kept) < len(self._certificates)
        self._certificates = kept
        return taken

    def _segment(self, segment: Segment, public: bytes) -> None:
        check_signature(segment, public)
        if segment.organisation != self._keys.organisation:
            raise SegmentRejected(reason="it belongs to another organisation")
        if segment.mark.root_version == 1 and segment.mark.root_hash != self._keys.root_hash:
            raise SegmentRejected(reason="its author follows another root of the organisation")
        before = self._segments.get(segment.previous)
        if (before[1].device, before[1].seq) != (segment.device, segment.seq - 1) if before else segment.seq != 1:
            raise SegmentRejected(reason="its chain does not fit together")
        for head in segment.seen:
            if head.body_hash == shape.NO_HASH:
                raise SegmentRejected(reason="it names a head that cannot be")
            named = self._segments[head.body_hash][1]
            if (named.device, named.seq) != (head.device, head.seq):
                raise SegmentRejected(reason="it names a head by another's number")
        seen = self._seen.setdefault(segment.device, {})
        self._proven = {device: seq for device, (seq, _) in seen.items()}
        for head in segment.seen:
            seen[head.device] = max((head.seq, head.body_hash), seen.get(head.device, (0, b"")))
        seen[segment.device] = (segment.seq, segment.hash)
        for index, section in enumerate(segment.sections):
            found = find_key(section.nonce, section.tag, self._tags)
            if found is not None:
                key = self._keys.organisation_stream[found]
                content = open_section(section, key=key, place=place_of(segment, public), index=index)
                self._section(content, segment)

    def _section(self, content: SectionContent, segment: Segment) -> None:
        user = self._roster.owner_of(segment.device)
        for change in content.changes:
            if change.actor != user:
                raise SegmentRejected(reason="it is written in somebody else's name")
            check_names(change, content.stream)
            for op in change.ops:
                self._entry(op, segment)

    def _entry(self, op: Op, segment: Segment) -> None:
        if op.kind not in roster.ROSTER_KINDS:
            return
        owner = self._roster.owner_of(segment.device)
        if owner is None:
            raise SegmentRejected(reason="somebody was let in by nobody")
        seen = self._seen[segment.device]
        if op.kind in (recovery.GROUP, recovery.RETURNED):
            by = Writer(segment.device, owner, segment.seq, {device: seq for device, (seq, _) in seen.items()})
            self._roster = recovering.with_entry(self._roster, op, by, self._keys.organisation)
            return
        heads = {device: head for device, head in seen.items() if device != segment.device}
        spoken = Spoken(owner, Origin(segment.device, segment.seq), heads, self._proven)
        self._roster = take_entry(self._roster, op.kind, op.value, spoken)

    def _note(self, file: str, code: str, sentence: str) -> None:
        self.problems.append(Problem(file, code, sentence))


def verify_folder(
    store: SharedStore, *, keys: VerifyKeys | None, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> FolderVerified:
    """Check a whole folder. `keys.known`: a roster whose device keys bootstrap the check; every admission is proven
    again from the log where the organisation's stream keys are given. Without keys only names are checked.

    Raises:
        FolderUnreachable, Cancelled: nothing was checked to its end.
    """
    return FolderCheck(keys).run(store, progress=progress, cancel=cancel or NeverCancel())


def announced(entries: Iterable[tuple[int, bytes]], keys: VerifyKeys) -> Roster:
    """A roster out of `(kind, value)` entries, none of them confirmed, to start a check with.

    Raises:
        EncodingRejected, SegmentRejected: they do not fit together.
    """
    kept = (_Announced(kind, value) for kind, value in entries if kind not in (roster.ROOT, recovery.GROUP))
    return Roster.assemble(keys.organisation, keys.root_hash, kept)


def _said(device: DeviceId, seq: int | None = None) -> str:
    laptop = f"laptop {device[:4].hex()}"
    return laptop if seq is None else f"number {seq} of {laptop}"


@dataclass(frozen=True, slots=True)
class _Announced:
    kind: int
    value: bytes
    confirmed: bool = False
    device: DeviceId | None = None
    seq: int | None = None
    seen: Mapping[DeviceId, int] = field(default_factory=dict)

    @property
    def entry(self) -> bytes:
        """Its name in a vault."""
        return sha256(self.value)
