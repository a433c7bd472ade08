"""Who belongs to the organisation, with which keys and on which laptops: the entries put together.

Causal points: an entry has an origin (device, seq) and what its author's laptop had seen. A view of the roster as some
laptop had seen it leaves out every entry whose origin that laptop had not seen, so that everybody judges an entry
alike, in whatever order files arrive. What all entries amount to is worked out in `standing.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

from core.changes import cbor
from core.changes.change import Wire
from core.crypto.derive import sha256
from core.foundation.errors import SegmentRejected
from core.foundation.ids import DeviceId, OrganisationId, UserId
from core.sync.engine.entries import (
    ADMINISTRATOR,
    ADMIT,
    DEVICE,
    ENVELOPE_KEY,
    MAX_ENTRY_BYTES,
    NEW_KEYS,
    REMOVE,
    ROLE,
    ROLES,
    ROOT,
    ROOT_ABANDON,
    ROOT_VOTE,
    ROSTER_KINDS,
    SUSPEND,
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
from core.sync.engine.entry import Entry, EntryKey, Origin, Returned, admission_in, certificate_in, seen_by
from core.sync.engine.leaving import (
    read_envelope_key,
    read_removal,
    read_role_change,
    stored_new_keys,
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
from core.sync.engine.recovery import GROUP, RETURNED, RecoveryGroup, stored_group, stored_return
from core.sync.engine.roots import read_ballot
from core.sync.engine.standing import Standing

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
    "Entry",
    "KeptEntry",
    "Laptop",
    "Origin",
    "Root",
    "Roster",
    "Standing",
    "UserRecord",
    "device_part",
    "device_wire",
    "forget_assembled",
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


def _stored_return(value: object) -> Returned:
    mark, admission, _ = stored_return(value)
    return Returned(mark, stored_admission(admission))


_STORED: Mapping[int, Callable[[Any], object]] = {
    ADMIT: stored_admission,
    DEVICE: stored_device,
    ROLE: read_role_change,
    SUSPEND: lambda value: read_removal(value, SUSPEND),
    REMOVE: lambda value: read_removal(value, REMOVE),
    NEW_KEYS: stored_new_keys,
    ENVELOPE_KEY: read_envelope_key,
    GROUP: stored_group,
    RETURNED: _stored_return,
    ROOT_VOTE: lambda value: read_ballot(value, ROOT_VOTE),
    ROOT_ABANDON: lambda value: read_ballot(value, ROOT_ABANDON),
}
"""How each kind of entry comes out of one's own vault, where only checked ones are kept. The root is apart."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person ever let in, with their newest keys that count. `admitted` is False while only the admission file
    says so; whether they are in still, and as what, says `Roster.role_of`."""

    record: UserRecord
    role: str
    admitted: bool
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Laptop:
    """One laptop ever certified."""

    certificate: DeviceCertificate
    admitted: bool
    origin: Origin | None = None


@dataclass(frozen=True)
class Roster:
    """Everybody and every laptop known so far. Immutable: each step returns the next roster.

    `forks`: the number of each laptop's first doubled segment.
    """

    organisation: OrganisationId
    root_hash: bytes
    root: Root | None = None
    entries: tuple[Entry, ...] = ()
    forks: Mapping[DeviceId, int] = field(default_factory=dict)

    @classmethod
    def assemble(
        cls, organisation: OrganisationId, root_hash: bytes, entries: Iterable[KeptEntry],
        forks: Mapping[DeviceId, int] | None = None,
    ) -> Roster:  # fmt: skip
        """The roster out of one's own vault, entries in the order they became known.

        Raises:
            EncodingRejected, SegmentRejected: the vault's own entries do not fit together.
        """
        flat = tuple(
            (kept.kind, kept.value, kept.confirmed, kept.device, kept.seq, tuple(kept.seen.items())) for kept in entries
        )
        return _assembled(organisation, root_hash, flat, tuple((forks or {}).items()))

    # ------------------------------------------------------------------ asking

    @cached_property
    def standing(self) -> Standing:
        """What all entries amount to."""
        return Standing(self.entries, root=self.root, forks=self.forks, sound=self._sound)

    @cached_property
    def users(self) -> Mapping[UserId, Colleague]:
        """Everybody ever let in, those who left included: their signatures are still to be checked."""
        found: dict[UserId, Colleague] = {}
        for entry in self.entries:
            made = admission_in(entry)
            if made is not None:
                user = made.record.user
                known = found.get(user)
                if known is None or (entry.confirmed and not known.admitted):
                    record = self.standing.record_of(user) or made.record
                    found[user] = Colleague(record, made.role, entry.confirmed, entry.origin)
        return found

    @cached_property
    def devices(self) -> Mapping[DeviceId, Laptop]:
        """Every laptop ever certified."""
        found: dict[DeviceId, Laptop] = {}
        for entry in self.entries:
            made = certificate_in(entry)
            if made is not None:
                known = found.get(made.device)
                if known is None or (entry.confirmed and not known.admitted):
                    found[made.device] = Laptop(made, entry.confirmed, entry.origin)
        return found

    def public_of(self, device: DeviceId) -> bytes | None:
        """The key that signs for `device`; None if nobody certified it yet."""
        laptop = self.devices.get(device)
        return None if laptop is None else laptop.certificate.public

    def owner_of(self, device: DeviceId) -> UserId | None:
        """Whose laptop it is."""
        laptop = self.devices.get(device)
        return None if laptop is None else laptop.certificate.user

    def as_seen(self, seen: Mapping[DeviceId, int]) -> Roster:
        """Only the entries a laptop with these heads had seen, and only those that are in the log."""
        entries = tuple(seen_by(self.entries, seen))
        keys = frozenset(entry.key for entry in entries)
        known = self._views.get(keys)
        if known is None:
            known = self._views[keys] = Roster(self.organisation, self.root_hash, self.root, entries)
            known.__dict__["_sound"] = self._sound
        return known

    @property
    def newest_root(self) -> Root | None:
        """The root in force, by everything in this roster."""
        return self.standing.root

    @property
    def groups(self) -> dict[bytes, RecoveryGroup]:
        """Every edition of every recovery group that counts, by its mark."""
        return self.standing.groups()

    def role_of(self, user: UserId) -> str | None:
        """What somebody may do; None if they are not in, or not any more."""
        return self.standing.role_of(user)

    def is_administrator(self, user: UserId) -> bool:
        """Whether they may admit and remove others: named by the root, or in that role."""
        return self.standing.is_administrator(user)

    def is_named(self, user: UserId) -> bool:
        """Whether the root names them as an administrator."""
        return self.standing.is_named(user)

    def wrap_public_of(self, user: UserId, user_epoch: int) -> bytes:
        """The key a grant to somebody's keys of that epoch is wrapped to: the ones that count, if there are several."""
        newest = self.users[user].record
        if newest.user_epoch != user_epoch:
            known = self.standing.records_of(user)
            newest = next((record for record in known if record.user_epoch == user_epoch), newest)
        return newest.wrap_public

    def people(self) -> dict[UserId, UserRecord]:
        """Everybody who is in, with the keys that are theirs now."""
        return {user: known.record for user, known in self.users.items() if self.role_of(user) is not None}

    def withheld_from(self, device: DeviceId) -> int | None:
        """The number of the first segment of a laptop that does not count; None if all do."""
        return self.standing.withheld_from(device)

    def is_withheld(self, device: DeviceId | None, seq: int | None) -> bool:
        """Whether a segment does not count. What was made here and not sent yet comes after everything."""
        begins = None if device is None else self.withheld_from(device)
        return begins is not None and (seq is None or seq >= begins)

    # ------------------------------------------------------------------ growing

    def with_root(self, root: Root) -> Roster:
        """After the first op of the organisation.

        Raises:
            SegmentRejected: not the root that was pinned.
        """
        if root.hash != self.root_hash or root.version != 1:
            raise SegmentRejected(reason="its root is not the one this organisation began with")
        return replace(self, root=root)

    def with_forks(self, forks: Mapping[DeviceId, int]) -> Roster:
        """With the forks known now."""
        return self if dict(forks) == dict(self.forks) else replace(self, forks=dict(forks))

    def with_entry(self, entry: Entry) -> Roster:
        """After one more entry; one that was only announced is confirmed by it."""
        if any(known.key == entry.key or (known.name == entry.name and not entry.confirmed) for known in self.entries):
            return self
        kept = (known for known in self.entries if known.confirmed or known.name != entry.name)
        return replace(self, entries=(*kept, entry))

    def with_admission(
        self, admission: Admission, *, origin: Origin | None, admitted: bool = True,
        seen: Mapping[DeviceId, int] | None = None,
    ) -> Roster:  # fmt: skip
        """After letting somebody in. Whoever checks that the author may do so calls `check_admission` first.

        Raises:
            SegmentRejected: the person or the laptop is already in with other keys.
        """
        records = self.standing.records_of(admission.record.user)
        if records and all(known.body != admission.record.body for known in records):
            raise SegmentRejected(reason="it changes somebody's keys")
        self._check_number(admission.certificate)
        return self.with_entry(_entry(ADMIT, admission, admission.wire(), origin, admitted, seen))

    def with_return(
        self, value: Wire, admission: Admission, *, origin: Origin, seen: Mapping[DeviceId, int]
    ) -> Roster:
        """After somebody came back by recovery.

        Raises:
            SegmentRejected: as for `with_admission`.
        """
        self.with_admission(admission, origin=origin)
        mark, _, _ = stored_return(value)
        return self.with_entry(_entry(RETURNED, Returned(mark, admission), value, origin, True, seen))

    def with_device(
        self, certificate: DeviceCertificate, *, origin: Origin | None, admitted: bool = True,
        seen: Mapping[DeviceId, int] | None = None,
    ) -> Roster:  # fmt: skip
        """After one more laptop of somebody known.

        Raises:
            SegmentRejected: that device id is already certified otherwise.
        """
        self._check_number(certificate)
        return self.with_entry(_entry(DEVICE, certificate, device_wire(certificate), origin, admitted, seen))

    def with_group(
        self, group: RecoveryGroup, *, origin: Origin | None, seen: Mapping[DeviceId, int] | None = None
    ) -> Roster:
        """After an administrator wrote down a recovery group."""
        return self.with_entry(_entry(GROUP, group, group.wire(), origin, True, seen))

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

    def _check_number(self, certificate: DeviceCertificate) -> None:
        known = self.devices.get(certificate.device)
        if known is not None and known.certificate.body != certificate.body:
            raise SegmentRejected(reason="a laptop's number is used twice")

    @cached_property
    def _sound(self) -> dict[EntryKey, bool]:
        return {}

    @cached_property
    def _views(self) -> dict[frozenset[EntryKey], Roster]:
        return {}


def _entry(
    kind: int, said: object, value: Wire, origin: Origin | None, confirmed: bool,
    seen: Mapping[DeviceId, int] | None,
) -> Entry:  # fmt: skip
    had = seen if seen is not None else {} if origin is None else {origin.device: origin.seq}
    return Entry(sha256(cbor.encode(value)), kind, said, confirmed, origin, had)


_Flat: TypeAlias = tuple[int, bytes, bool, DeviceId | None, int | None, tuple[tuple[DeviceId, int], ...]]


@lru_cache(maxsize=16)
def _assembled(
    organisation: OrganisationId, root_hash: bytes, entries: tuple[_Flat, ...], forks: tuple[tuple[DeviceId, int], ...]
) -> Roster:
    """Made once for the same entries: every exchange asks many times. `forget_assembled` when a workbook is locked."""
    root, made = None, []
    for kind, data, confirmed, device, seq, seen in entries:
        value = cbor.decode(data, max_bytes=MAX_ENTRY_BYTES)
        if kind == ROOT and (first := read_root(value, organisation)).version == 1:
            root = first
            continue
        stored = _STORED.get(kind)
        origin = None if device is None or seq is None else Origin(device, seq)
        if kind == ROOT:
            said: object = read_root(value, organisation)
        else:
            said = value if stored is None else stored(value)
        made.append(Entry(sha256(data), kind, said, confirmed, origin, dict(seen)))
    roster = Roster(organisation, root_hash, None, tuple(made), dict(forks))
    return roster if root is None else roster.with_root(root)


def forget_assembled() -> None:
    """Hold on to no roster: outer keys stand in its entries."""
    _assembled.cache_clear()
