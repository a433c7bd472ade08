"""Checking a shared folder from its files alone: names, envelopes, chains, signatures, roster, heads.

No database, no window: what somebody who distrusts this program would write themselves from `PROTOCOL.md`. Without keys
it checks names; with envelope keys also chains; with the organisation's stream keys also who signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.changes.naming import check_names
from core.crypto.derive import sha256
from core.crypto.secrets import SecretBytes
from core.foundation.errors import EnvelopeRejected, IntegrityError, PeerError, SegmentRejected, SharedFolderError
from core.foundation.ids import DeviceId, OrganisationId
from core.foundation.ports import CancelToken, NeverCancel, Progress, SharedStore, no_progress
from core.sync.engine import epochs, roster, shape
from core.sync.engine.envelope import MAX_FILE_BYTES, is_name, name_of, open_segment_file
from core.sync.engine.epochs import EpochKey
from core.sync.engine.roster import Origin, Roster
from core.sync.engine.segment import (
    CERTIFICATE,
    Segment,
    check_signature,
    find_key,
    labelled,
    open_section,
    place_of,
    read_segment,
)

ROOT = "cwf1"


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

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class VerifyKeys:
    """What the checker may know. `certificates`: device keys known beforehand (from a vault or an admission)."""

    organisation: OrganisationId
    root_hash: bytes
    envelope: Mapping[int, SecretBytes]
    organisation_stream: tuple[EpochKey, ...] = ()
    known: Roster | None = None


class FolderCheck:
    """One pass over a folder."""

    def __init__(self, keys: VerifyKeys) -> None:
        self._keys = keys
        self._roster = keys.known or Roster(keys.organisation, keys.root_hash)
        self._tags = [epochs.tag_key(item.key).reveal() for item in keys.organisation_stream]
        self._segments: dict[bytes, tuple[str, Segment]] = {}
        self._problems: list[Problem] = []
        self._files = 0
        self._strangers = 0

    def run(self, store: SharedStore, *, progress: Progress, cancel: CancelToken) -> FolderVerified:
        """Read every file once and judge them together."""
        listed = list(store.list(ROOT))
        for done, info in enumerate(listed):
            cancel.check()
            progress(done, len(listed), "Checking")
            self._file(store, info.name)
        self._chains()
        return FolderVerified(
            self._files, len(self._segments), self._strangers, self._heads(), tuple(self._problems)
        )

    def _file(self, store: SharedStore, path: str) -> None:
        self._files += 1
        name = path.rpartition("/")[2]
        try:
            data = store.get(path, MAX_FILE_BYTES)
        except SharedFolderError as error:
            self._note(path, "unreadable", str(error))
            return
        if not is_name(name):
            self._note(path, "strange-name", "Its name is not one this program gives; a copy made by another program.")
        elif name_of(data) != name:
            self._note(path, "damaged", "Its content is not what its name says: changed, cut short or swapped.")
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
                if other[0] == CERTIFICATE:
                    self._certificate(other[1])
                return
            segment = read_segment(content)
        except (IntegrityError, PeerError) as error:
            self._note(path, "malformed", str(error))
            return
        self._segments.setdefault(segment.hash, (path, segment))

    def _certificate(self, parts: list[object]) -> None:
        (certificate,) = shape.sequence(parts, 1, "a certificate")
        made = roster.stored_device({1: certificate})
        owner = self._roster.users.get(made.user)
        if owner is not None:
            checked = roster.read_further_laptop(
                certificate, organisation=self._keys.organisation, owner=owner.record
            )
            self._roster = self._roster.with_device(checked, origin=None, admitted=False)

    def _chains(self) -> None:
        """Walk all chains in causal order, taking the roster in as it grows."""
        waiting = dict(sorted(self._segments.items(), key=lambda item: (item[1][1].device, item[1][1].seq, item[0])))
        done: set[bytes] = {shape.NO_HASH}
        numbers: dict[tuple[DeviceId, int], bytes] = {}
        progress = True
        while progress:
            progress = False
            for body_hash, (path, segment) in list(waiting.items()):
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
                first = numbers.setdefault((segment.device, segment.seq), body_hash)
                if first != body_hash:
                    self._note(path, "fork", "One laptop wrote two different files under one number.")
        for path, segment in waiting.values():
            if self._roster.public_of(segment.device) is None:
                self._note(path, "unknown-laptop", "Nobody let in the laptop that wrote it.")
            else:
                self._note(path, "gap", "Something it rests on is missing from the folder.")

    def _segment(self, segment: Segment, public: bytes) -> None:
        check_signature(segment, public)
        if segment.mark.root_hash != self._keys.root_hash:
            raise SegmentRejected(reason="its author follows another root of the organisation")
        before = self._segments.get(segment.previous)
        if (before[1].device, before[1].seq) != (segment.device, segment.seq - 1) if before else segment.seq != 1:
            raise SegmentRejected(reason="its chain does not fit together")
        for index, section in enumerate(segment.sections):
            found = find_key(section.nonce, section.tag, self._tags)
            if found is None:
                continue
            key = self._keys.organisation_stream[found]
            content = open_section(section, key=key, place=place_of(segment, public), index=index)
            user = self._roster.owner_of(segment.device)
            for change in content.changes:
                if change.actor != user:
                    raise SegmentRejected(reason="it is written in somebody else's name")
                check_names(change, content.stream)
                for op in change.ops:
                    self._entry(op.kind, op.value, segment)

    def _entry(self, kind: int, value: object, segment: Segment) -> None:
        origin = Origin(segment.device, segment.seq)
        owner = self._roster.owner_of(segment.device)
        if kind == roster.ROOT:
            self._roster = self._roster.with_root(roster.read_root(value, self._keys.organisation))
        elif kind == roster.ADMIT:
            admission = roster.read_admission(value, self._keys.organisation)
            admitted = {user: known for user, known in self._roster.users.items() if known.admitted}
            view = Roster(self._roster.organisation, self._roster.root_hash, self._roster.root, admitted)
            if owner is None:
                raise SegmentRejected(reason="somebody was let in by nobody")
            view.check_admission(admission, author=owner)
            self._roster = self._roster.with_admission(admission, origin=origin)
        elif kind == roster.DEVICE and owner is not None and owner in self._roster.users:
            certificate = roster.read_further_laptop(
                roster.device_part(value), organisation=self._keys.organisation, owner=self._roster.users[owner].record
            )
            self._roster = self._roster.with_device(certificate, origin=origin)

    def _heads(self) -> tuple[DeviceHead, ...]:
        newest: dict[DeviceId, DeviceHead] = {}
        for body_hash, (_, segment) in self._segments.items():
            known = newest.get(segment.device)
            if known is None or (segment.seq, body_hash) > (known.seq, known.body_hash):
                newest[segment.device] = DeviceHead(segment.device, segment.seq, body_hash)
        return tuple(newest[device] for device in sorted(newest))

    def _note(self, file: str, code: str, sentence: str) -> None:
        self._problems.append(Problem(file, code, sentence))


def verify_folder(
    store: SharedStore, *, keys: VerifyKeys, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> FolderVerified:
    """Check a whole folder. `keys.known`: a roster whose device keys bootstrap the check; every admission is proven
    again from the log where the organisation's stream keys are given.

    Raises:
        FolderUnreachable, Cancelled: nothing was checked to its end.
    """
    return FolderCheck(keys).run(store, progress=progress, cancel=cancel or NeverCancel())


def announced(entries: Iterable[tuple[int, bytes]], keys: VerifyKeys) -> Roster:
    """A roster out of `(kind, value)` entries, none of them confirmed, to start a check with.

    Raises:
        EncodingRejected, SegmentRejected: they do not fit together.
    """
    kept = (_Announced(kind, value) for kind, value in entries if kind != roster.ROOT)
    return Roster.assemble(keys.organisation, keys.root_hash, kept)


@dataclass(frozen=True, slots=True)
class _Announced:
    kind: int
    value: bytes
    confirmed: bool = False
    device: DeviceId | None = None
    seq: int | None = None

    @property
    def entry(self) -> bytes:
        """Its name in a vault."""
        return sha256(self.value)
