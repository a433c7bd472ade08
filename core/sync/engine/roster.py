"""Who belongs to the organisation, with which keys and on which laptops (keys-and-sync 2.2).

Three kinds of entry, each the value of an op in the organisation's own stream:

* ROOT (kind 20), the first op of all: CBOR map `{1: organisation, 2: version, 3: previous hash,
  4: [[admin user, admin signing key], ...], 5: threshold, 6: policy}`. Its hash is pinned by everybody who joins.
* ADMIT (22): `{1: user record, 2: device certificate, 3: role}`. Good only if its author was an administrator
  at that causal point, that is, by entries their laptop had seen.
* DEVICE (26): `{1: device certificate}`, one more laptop of somebody already admitted; their own signature
  is all it needs.

User record: `[CBOR [user, signing key, wrap key, user epoch, previous record hash], signature by that key]`.
Device certificate: `[CBOR [organisation, user, device, device key], signature by the user, signature by the
device]`. Both signatures over the device are proofs of possession.

Causal points: an entry has an origin (device, seq). A view of the roster as some laptop had seen it leaves
out every entry whose origin that laptop had not seen, so that everybody judges an admission alike, in
whatever order files arrive.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from core.changes import cbor
from core.changes.change import Wire
from core.crypto.derive import sha256
from core.crypto.signing import SigningKey, check_public_key, verify
from core.crypto.wrap import PUBLIC_BYTES as WRAP_PUBLIC_BYTES
from core.crypto.wrap import check_wrap_public_key
from core.foundation.errors import EncodingRejected, SegmentRejected, SignatureRejected
from core.foundation.ids import ID_BYTES, DeviceId, OrganisationId, UserId
from core.sync.engine import shape

ROOT = 20
ADMIT = 22
DEVICE = 26
ROSTER_KINDS = frozenset({ROOT, ADMIT, DEVICE})

ADMINISTRATOR = "administrator"
ROLES = frozenset({ADMINISTRATOR, "officer", "committee"})
WRITING_ROLES = frozenset({ADMINISTRATOR, "officer"})
"""Who may write in the organisation's stream; a committee member reads it."""

SIGNING_PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64
MAX_ADMINS = 50
MAX_ENTRY_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Root:
    """The beginning of an organisation: who may admit people, and how many of them must agree."""

    organisation: OrganisationId
    version: int
    previous: bytes
    admins: tuple[tuple[UserId, bytes], ...]
    threshold: int
    policy: str = ""

    def wire(self) -> dict[int | str, Wire]:
        """The value of the ROOT op."""
        admins: list[Wire] = [[user, key] for user, key in sorted(self.admins)]
        return {
            1: self.organisation, 2: self.version, 3: self.previous, 4: admins, 5: self.threshold, 6: self.policy,
        }  # fmt: skip

    @property
    def hash(self) -> bytes:
        """What joiners pin."""
        return sha256(cbor.encode(self.wire()))


@dataclass(frozen=True, slots=True)
class UserRecord:
    """One person's public keys, as that person signed them. `body` and `signature` are kept as received."""

    user: UserId
    sign_public: bytes
    wrap_public: bytes
    user_epoch: int
    previous: bytes
    body: bytes
    signature: bytes

    def wire(self) -> list[Wire]:
        """How it travels."""
        return [self.body, self.signature]

    @property
    def hash(self) -> bytes:
        """Names this record."""
        return sha256(self.body)


@dataclass(frozen=True, slots=True)
class DeviceCertificate:
    """One laptop's public key, signed by its owner and by itself."""

    organisation: OrganisationId
    user: UserId
    device: DeviceId
    public: bytes
    body: bytes
    by_user: bytes
    by_device: bytes

    def wire(self) -> list[Wire]:
        """How it travels."""
        return [self.body, self.by_user, self.by_device]


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


def make_user_record(
    *, user: UserId, signer: SigningKey, wrap_public: bytes, user_epoch: int = 0, previous: bytes = shape.NO_HASH
) -> UserRecord:
    """A record of one's own keys, signed."""
    body = cbor.encode([user, signer.public, wrap_public, user_epoch, previous])
    return UserRecord(user, signer.public, wrap_public, user_epoch, previous, body, signer.sign("user", body))


def make_device_certificate(
    *, organisation: OrganisationId, user: UserId, user_signer: SigningKey, device: DeviceId, device_signer: SigningKey
) -> DeviceCertificate:
    """A certificate for one laptop, signed by its owner and by itself."""
    body = cbor.encode([organisation, user, device, device_signer.public])
    return DeviceCertificate(
        organisation, user, device, device_signer.public, body,
        user_signer.sign("device", body), device_signer.sign("device-self", body),
    )  # fmt: skip


def laptop_number(public: bytes) -> DeviceId:
    """The number of a laptop that joins later than its owner: bound to its key, so that nobody announces it first."""
    return DeviceId(sha256(b"cwf1/laptop\0" + public)[:ID_BYTES])


def read_further_laptop(
    untrusted_value: object, *, organisation: OrganisationId, owner: UserRecord
) -> DeviceCertificate:
    """As `read_device_certificate`, for a laptop its owner was not admitted with.

    Raises:
        SegmentRejected: its number is not that of its key; and as `read_device_certificate`.
    """
    made = read_device_certificate(untrusted_value, organisation=organisation, owner=owner)
    if made.device != laptop_number(made.public):
        raise SegmentRejected(reason="a laptop bears the number of another")
    return made


def read_root(untrusted_value: object, organisation: OrganisationId) -> Root:
    """The root behind `Root.wire`.

    Raises:
        EncodingRejected: not such a value.
        SegmentRejected: of another organisation, or without a majority.
        KeyRejected: an administrator's key is of a kind that cannot be trusted.
    """
    parts = shape.mapping(untrusted_value, "a root")
    if set(parts) != set(range(1, 7)):
        raise EncodingRejected(reason="a root lacks a part")
    admins = []
    for item in shape.items(parts[4], "the administrators", at_most=MAX_ADMINS):
        user, key = shape.sequence(item, 2, "an administrator")
        admins.append((UserId(shape.identifier(user, "a user id")), shape.exactly(key, SIGNING_PUBLIC_BYTES, "a key")))
    root = Root(
        OrganisationId(shape.identifier(parts[1], "an organisation id")),
        shape.number(parts[2], "a version", at_least=1),
        shape.digest(parts[3], "a hash"),
        tuple(admins),
        shape.number(parts[5], "a threshold", at_least=1, at_most=MAX_ADMINS),
        shape.text(parts[6], "a policy"),
    )
    if root.organisation != organisation:
        raise SegmentRejected(reason="it belongs to another organisation")
    if not len(admins) >= root.threshold > len(admins) / 2:
        raise SegmentRejected(reason="the root needs the agreement of a majority")
    for _, key in admins:
        check_public_key(key)
    return root


def read_user_record(untrusted_value: object) -> UserRecord:
    """A user record, its keys and its proof of possession checked.

    Raises:
        EncodingRejected, KeyRejected, SignatureRejected: it must not be used.
    """
    record = _parse_user_record(untrusted_value)
    check_public_key(record.sign_public)
    check_wrap_public_key(record.wrap_public)
    verify(record.sign_public, purpose="user", message=record.body, signature=record.signature)
    return record


def read_device_certificate(
    untrusted_value: object, *, organisation: OrganisationId, owner: UserRecord
) -> DeviceCertificate:
    """A device certificate, both its signatures checked against `owner` and itself.

    Raises:
        EncodingRejected, KeyRejected, SignatureRejected: it must not be used.
    """
    made = _parse_device_certificate(untrusted_value)
    if made.organisation != organisation or made.user != owner.user:
        raise SignatureRejected()
    check_public_key(made.public)
    verify(owner.sign_public, purpose="device", message=made.body, signature=made.by_user)
    verify(made.public, purpose="device-self", message=made.body, signature=made.by_device)
    return made


def _parse_user_record(untrusted_value: object) -> UserRecord:
    body, signature = shape.sequence(untrusted_value, 2, "a user record")
    body = shape.raw(body, "a user record", at_most=4_096)
    user, sign_public, wrap_public, user_epoch, previous = shape.sequence(
        cbor.decode(body, max_bytes=4_096), 5, "a user record"
    )
    return UserRecord(
        UserId(shape.identifier(user, "a user id")),
        shape.exactly(sign_public, SIGNING_PUBLIC_BYTES, "a signing key"),
        shape.exactly(wrap_public, WRAP_PUBLIC_BYTES, "a wrap key"),
        shape.number(user_epoch, "a user epoch", at_most=2**31),
        shape.digest(previous, "a hash"),
        body,
        shape.exactly(signature, SIGNATURE_BYTES, "a signature"),
    )


def _parse_device_certificate(untrusted_value: object) -> DeviceCertificate:
    body, by_user, by_device = shape.sequence(untrusted_value, 3, "a device certificate")
    body = shape.raw(body, "a device certificate", at_most=1_024)
    of, user, device, public = shape.sequence(cbor.decode(body, max_bytes=1_024), 4, "a device certificate")
    return DeviceCertificate(
        OrganisationId(shape.identifier(of, "an organisation id")),
        UserId(shape.identifier(user, "a user id")),
        DeviceId(shape.identifier(device, "a device id")),
        shape.exactly(public, SIGNING_PUBLIC_BYTES, "a device key"),
        body,
        shape.exactly(by_user, SIGNATURE_BYTES, "a signature"),
        shape.exactly(by_device, SIGNATURE_BYTES, "a signature"),
    )


@dataclass(frozen=True, slots=True)
class Admission:
    """One person let in, with a first laptop and a role."""

    record: UserRecord
    certificate: DeviceCertificate
    role: str

    def wire(self) -> dict[int | str, Wire]:
        """The value of the ADMIT op."""
        return {1: self.record.wire(), 2: self.certificate.wire(), 3: self.role}


def read_admission(untrusted_value: object, organisation: OrganisationId) -> Admission:
    """The admission behind `Admission.wire`, every key and signature in it checked.

    Raises:
        EncodingRejected, KeyRejected, SignatureRejected: it must not be used.
    """
    parts = _admission_parts(untrusted_value)
    record = read_user_record(parts[1])
    certificate = read_device_certificate(parts[2], organisation=organisation, owner=record)
    return Admission(record, certificate, _role(parts[3]))


def stored_admission(value: object) -> Admission:
    """An admission out of one's own vault, where only checked ones are kept.

    Raises:
        EncodingRejected: it is not one.
    """
    parts = _admission_parts(value)
    return Admission(_parse_user_record(parts[1]), _parse_device_certificate(parts[2]), _role(parts[3]))


def device_wire(certificate: DeviceCertificate) -> dict[int | str, Wire]:
    """The value of the DEVICE op."""
    return {1: certificate.wire()}


def device_part(value: object) -> Wire:
    """The certificate inside the value of a DEVICE op, still to be read.

    Raises:
        EncodingRejected: it is not such a value.
    """
    parts = shape.mapping(value, "a device entry")
    if set(parts) != {1}:
        raise EncodingRejected(reason="a device entry lacks a part")
    return parts[1]


def stored_device(value: object) -> DeviceCertificate:
    """A device certificate out of one's own vault.

    Raises:
        EncodingRejected: it is not one.
    """
    return _parse_device_certificate(device_part(value))


def _admission_parts(untrusted_value: object) -> dict[int, Wire]:
    parts = shape.mapping(untrusted_value, "an admission")
    if set(parts) != {1, 2, 3}:
        raise EncodingRejected(reason="an admission lacks a part")
    return parts


def _role(value: object) -> str:
    role = shape.text(value, "a role", at_most=40)
    if role not in ROLES:
        raise EncodingRejected(reason="a role is not known")
    return role


class KeptEntry(Protocol):
    """An entry of the roster as a vault keeps it; it was checked before it was kept."""

    @property
    def kind(self) -> int: ...
    @property
    def value(self) -> bytes: ...
    @property
    def confirmed(self) -> bool: ...
    @property
    def device(self) -> DeviceId | None: ...
    @property
    def seq(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody and every laptop known so far. Immutable: each step returns the next roster."""

    organisation: OrganisationId
    root_hash: bytes
    root: Root | None = None
    users: Mapping[UserId, Colleague] = field(default_factory=dict)
    devices: Mapping[DeviceId, Laptop] = field(default_factory=dict)

    @classmethod
    def assemble(cls, organisation: OrganisationId, root_hash: bytes, entries: Iterable[KeptEntry]) -> Roster:
        """The roster out of one's own vault, entries in the order they became known.

        Raises:
            EncodingRejected, SegmentRejected: the vault's own entries do not fit together.
        """
        roster = cls(organisation, root_hash)
        for entry in entries:
            value = cbor.decode(entry.value, max_bytes=MAX_ENTRY_BYTES)
            origin = None if entry.device is None or entry.seq is None else Origin(entry.device, entry.seq)
            if entry.kind == ROOT:
                roster = roster.with_root(read_root(value, organisation))
            elif entry.kind == ADMIT:
                roster = roster.with_admission(stored_admission(value), origin=origin, admitted=entry.confirmed)
            elif entry.kind == DEVICE:
                roster = roster.with_device(stored_device(value), origin=origin, admitted=entry.confirmed)
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
        return replace(self, users=users, devices=devices)

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
