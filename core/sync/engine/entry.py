"""One entry of the roster with where it comes from, and entries sorted by whom they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.foundation.ids import DeviceId, UserId
from core.sync.engine.entries import Admission
from core.sync.engine.leaving import NewKeys, RoleChange
from core.sync.engine.records import DeviceCertificate, UserRecord


@dataclass(frozen=True, slots=True)
class Origin:
    """Which segment brought an entry. None as a whole means: from here, or from the admission file."""

    device: DeviceId
    seq: int


EntryKey = tuple[bytes, "Origin | None"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the roster. `seen`: what its author's laptop had seen, its own segment included.

    `name` is the hash of its value, which others may say again elsewhere; `key` tells such entries apart.
    Not `confirmed`: only an admission file or a certificate file says so yet, not the log.
    """

    name: bytes
    kind: int
    said: object
    confirmed: bool
    origin: Origin | None
    seen: Mapping[DeviceId, int]

    @property
    def key(self) -> EntryKey:
        """Which entry this is, among those that say the same."""
        return self.name, self.origin

    def follows(self, other: Entry) -> bool:
        """Whether this entry's author had seen the other one. What was made here just now has seen everything."""
        if other.origin is None:
            return not other.confirmed or self.origin is None
        if self.origin is None:
            return self.confirmed
        return self.seen.get(other.origin.device, 0) >= other.origin.seq

    def strictly_follows(self, other: Entry) -> bool:
        """As `follows`, and they are not of one segment."""
        return self.follows(other) and not other.follows(self)


@dataclass(frozen=True, slots=True)
class Returned:
    """Somebody let in by two sheets of a recovery group: its mark, and the admission."""

    mark: bytes
    admission: Admission


class Index:
    """Entries by whom and what they are about."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = entries
        self.owners: dict[DeviceId, UserId] = {}
        self.certifying: dict[DeviceId, list[Entry]] = {}
        self.admissions: dict[UserId, list[Entry]] = {}
        self.role_entries: dict[UserId, list[Entry]] = {}
        self.new_keys: dict[UserId, list[Entry]] = {}
        for entry in entries:
            self._sort(entry)

    def _sort(self, entry: Entry) -> None:
        said, admission = entry.said, admission_in(entry)
        if admission is not None:
            self.admissions.setdefault(admission.record.user, []).append(entry)
            self.role_entries.setdefault(admission.record.user, []).append(entry)
        elif isinstance(said, RoleChange):
            self.role_entries.setdefault(said.user, []).append(entry)
        elif isinstance(said, NewKeys):
            self.new_keys.setdefault(said.record.user, []).append(entry)
        certificate = certificate_in(entry)
        if certificate is not None:
            self.certifying.setdefault(certificate.device, []).append(entry)
            self.owners.setdefault(certificate.device, certificate.user)

    def records_of(self, user: UserId) -> tuple[UserRecord, ...]:
        """Every record of a person, whether it counts or not, the newest first: whose signatures may be met."""
        first = [one.record for one in map(admission_in, self.admissions.get(user, ())) if one is not None]
        later = [e.said.record for e in self.new_keys.get(user, ()) if isinstance(e.said, NewKeys)]
        distinct = {record.hash: record for record in (*first, *later)}
        return tuple(sorted(distinct.values(), key=lambda record: (-record.user_epoch, record.hash)))


def certificate_in(entry: Entry) -> DeviceCertificate | None:
    """The laptop an entry certifies, if it does."""
    admission = admission_in(entry)
    if admission is not None:
        return admission.certificate
    return entry.said if isinstance(entry.said, DeviceCertificate) else None


def seen_by(entries: Iterable[Entry], seen: Mapping[DeviceId, int]) -> list[Entry]:
    """The entries that are in the log as far as a laptop with these heads had seen it."""
    return [
        entry
        for entry in entries
        if entry.confirmed and (entry.origin is None or seen.get(entry.origin.device, 0) >= entry.origin.seq)
    ]


def role_in(entry: Entry) -> str | None:
    said = admission_in(entry) or entry.said
    return said.role if isinstance(said, Admission | RoleChange) else None


def admission_in(entry: Entry) -> Admission | None:
    """Who an entry lets in, if it does."""
    said = entry.said
    if isinstance(said, Returned):
        return said.admission
    return said if isinstance(said, Admission) else None
