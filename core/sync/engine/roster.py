"""Who belongs to the organisation, with which keys and on which laptops: the entries put together.

Causal points: an entry has an origin (device, seq). A view of the roster as some laptop had seen it leaves
out every entry whose origin that laptop had not seen, so that everybody judges an admission alike, in
whatever order files arrive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from core.changes import cbor
from core.foundation.errors import SegmentRejected
from core.foundation.ids import DeviceId, OrganisationId, UserId
from core.sync.engine.entries import (
    ADMINISTRATOR,
    ADMIT,
    DEVICE,
    MAX_ENTRY_BYTES,
    ROLES,
    ROOT,
    ROSTER_KINDS,
    WRITING_ROLES,
    Admission,
    KeptEntry,
    Root,
    device_part,
    device_wire,
    read_admission,
    read_root,
    stored_admission,
    stored_device,
)
from core.sync.engine.records import (
    SIGNATURE_BYTES,
    DeviceCertificate,
    UserRecord,
    laptop_number,
    make_device_certificate,
    make_user_record,
    read_device_certificate,
    read_further_laptop,
    read_user_record,
)
from core.sync.engine.recovery import GROUP, RETURNED, RecoveryGroup, still_counts, stored_group, stored_return

__all__ = [
    "ADMINISTRATOR",
    "ADMIT",
    "DEVICE",
    "MAX_ENTRY_BYTES",
    "ROLES",
    "ROOT",
    "ROSTER_KINDS",
    "SIGNATURE_BYTES",
    "WRITING_ROLES",
    "Admission",
    "Colleague",
    "DeviceCertificate",
    "KeptEntry",
    "Laptop",
    "Origin",
    "Root",
    "Roster",
    "UserRecord",
    "device_part",
    "device_wire",
    "laptop_number",
    "make_device_certificate",
    "make_user_record",
    "read_admission",
    "read_device_certificate",
    "read_further_laptop",
    "read_root",
    "read_user_record",
    "stored_admission",
    "stored_device",
]


@dataclass(frozen=True, slots=True)
class Origin:
    """Which segment brought an entry. None as a whole means: from here, or from the admission file."""

    device: DeviceId
    seq: int


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person in the roster. `admitted` is False while only the admission file says so."""

    record: UserRecord
    role: str
    admitted: bool
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Laptop:
    """One certified device."""

    certificate: DeviceCertificate
    admitted: bool
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class KnownGroup:
    """One edition of a recovery group."""

    entry: RecoveryGroup
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody and every laptop known so far. Immutable: each step returns the next roster."""

    organisation: OrganisationId
    root_hash: bytes
    root: Root | None = None
    users: Mapping[UserId, Colleague] = field(default_factory=dict)
    devices: Mapping[DeviceId, Laptop] = field(default_factory=dict)
    known_groups: Mapping[bytes, KnownGroup] = field(default_factory=dict)

    @classmethod
    def assemble(cls, organisation: OrganisationId, root_hash: bytes, entries: Iterable[KeptEntry]) -> Roster:
        """The roster out of one's own vault, entries in the order they became known.

        Raises:
            EncodingRejected, SegmentRejected: the vault's own entries do not fit together.
        """
        roster = cls(organisation, root_hash)
        entries = tuple(entries)
        for entry in entries:
            if entry.kind == GROUP:
                group = stored_group(cbor.decode(entry.value, max_bytes=MAX_ENTRY_BYTES))
                roster = roster.with_group(group, origin=_origin_of(entry))
        for entry in entries:
            value = cbor.decode(entry.value, max_bytes=MAX_ENTRY_BYTES)
            origin = _origin_of(entry)
            if entry.kind == ROOT:
                roster = roster.with_root(read_root(value, organisation))
            elif entry.kind == ADMIT:
                roster = roster.with_admission(stored_admission(value), origin=origin, admitted=entry.confirmed)
            elif entry.kind == DEVICE:
                roster = roster.with_device(stored_device(value), origin=origin, admitted=entry.confirmed)
            elif entry.kind == RETURNED:
                mark, admission, _ = stored_return(value)
                stands = origin is None or still_counts(mark, roster.groups, device=origin.device, seq=origin.seq)
                admitted = entry.confirmed and stands
                roster = roster.with_admission(stored_admission(admission), origin=origin, admitted=admitted)
        return roster

    def public_of(self, device: DeviceId) -> bytes | None:
        """The key that signs for `device`; None if nobody certified it yet."""
        laptop = self.devices.get(device)
        return None if laptop is None else laptop.certificate.public

    def owner_of(self, device: DeviceId) -> UserId | None:
        """Whose laptop it is."""
        laptop = self.devices.get(device)
        return None if laptop is None else laptop.certificate.user

    def as_seen(self, seen: Mapping[DeviceId, int]) -> Roster:
        """Only the entries a laptop with these heads had seen, and only admissions that are in the log."""

        def had(origin: Origin | None) -> bool:
            return origin is None or seen.get(origin.device, 0) >= origin.seq

        users = {user: known for user, known in self.users.items() if known.admitted and had(known.origin)}
        devices = {device: known for device, known in self.devices.items() if known.admitted and had(known.origin)}
        groups = {mark: known for mark, known in self.known_groups.items() if had(known.origin)}
        return replace(self, users=users, devices=devices, known_groups=groups)

    @property
    def groups(self) -> dict[bytes, RecoveryGroup]:
        """Every edition of every recovery group, by its mark."""
        return {mark: known.entry for mark, known in self.known_groups.items()}

    def with_group(self, group: RecoveryGroup, *, origin: Origin | None) -> Roster:
        """After an administrator wrote down a recovery group."""
        if group.mark in self.known_groups:
            return self
        return replace(self, known_groups={**self.known_groups, group.mark: KnownGroup(group, origin)})

    def role_of(self, user: UserId) -> str | None:
        """The role somebody was admitted with; None if they are not in."""
        known = self.users.get(user)
        return known.role if known is not None and known.admitted else None

    def is_administrator(self, user: UserId) -> bool:
        """Whether they may admit others: named by the root, or admitted as one."""
        named = None if self.root is None else dict(self.root.admins).get(user)
        if named is not None:
            known = self.users.get(user)
            return known is None or known.record.sign_public == named
        return self.role_of(user) == ADMINISTRATOR

    def with_root(self, root: Root) -> Roster:
        """After the first op of the organisation.

        Raises:
            SegmentRejected: not the root that was pinned.
        """
        if root.hash != self.root_hash or root.version != 1:
            raise SegmentRejected(reason="its root is not the one this organisation began with")
        return replace(self, root=root)

    def with_admission(self, admission: Admission, *, origin: Origin | None, admitted: bool = True) -> Roster:
        """After letting somebody in. Whoever checks that the author may do so calls `check_admission` first.

        Raises:
            SegmentRejected: the person or the laptop is already in with other keys.
        """
        record, certificate = admission.record, admission.certificate
        known = self.users.get(record.user)
        if known is not None and known.record.body != record.body:
            raise SegmentRejected(reason="it changes somebody's keys")
        if known is not None and known.admitted:
            return self.with_device(certificate, origin=origin, admitted=admitted)
        users = {**self.users, record.user: Colleague(record, admission.role, admitted, origin)}
        return replace(self, users=users).with_device(certificate, origin=origin, admitted=admitted)

    def with_device(
        self, certificate: DeviceCertificate, *, origin: Origin | None, admitted: bool = True
    ) -> Roster:
        """After one more laptop of somebody known.

        Raises:
            SegmentRejected: that device id is already certified otherwise.
        """
        known = self.devices.get(certificate.device)
        if known is not None and known.certificate.body != certificate.body:
            raise SegmentRejected(reason="a laptop's number is used twice")
        if known is not None and known.admitted:
            return self
        return replace(self, devices={**self.devices, certificate.device: Laptop(certificate, admitted, origin)})

    def check_admission(self, admission: Admission, *, author: UserId) -> None:
        """Whether `author` may let somebody in, by this roster as the author had seen it.

        Raises:
            SegmentRejected: they may not.
        """
        if not self.is_administrator(author):
            raise SegmentRejected(reason="somebody was let in by a person who may not do that")
        if self.root is not None and not self.users:
            expected = dict(self.root.admins).get(admission.record.user)
            if expected != admission.record.sign_public:
                raise SegmentRejected(reason="the first person let in is not the one who began the organisation")


def _origin_of(entry: KeptEntry) -> Origin | None:
    return None if entry.device is None or entry.seq is None else Origin(entry.device, entry.seq)
