"""The entries of the roster, each the value of an op in the organisation's own stream (keys-and-sync 2.2).

* ROOT (kind 20), the first op of all: CBOR map `{1: organisation, 2: version, 3: previous hash,
  4: [[admin user, admin signing key], ...], 5: threshold, 6: words}`. Its hash is pinned by everybody who joins. The
  words of a later version say why; of the first, nothing.
  Later versions also hold `7: format floor, 8: [memory KiB, passes] a passphrase must cost at least, 9: [hash of a
  suspension or removal that stands no more, ...]`; what makes them hold, with ROOT_VOTE (21) and ROOT_ABANDON (30), is
  in `roots.py`.
* ADMIT (22): `{1: user record, 2: device certificate, 3: role}`. Good only if its author was an administrator
  at that causal point, that is, by entries their laptop had seen.
* DEVICE (26): `{1: device certificate}`, one more laptop of somebody already admitted; their own signature
  is all it needs.
* GROUP (29) and RETURNED (33): `recovery.py`. Roles, suspensions, removals, new keys (23 to 25, 27, 28): `leaving.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from core.changes import cbor
from core.changes.change import OpKind, Wire
from core.crypto.derive import sha256
from core.crypto.signing import check_public_key
from core.foundation.errors import EncodingRejected, SegmentRejected
from core.foundation.ids import DeviceId, OrganisationId, UserId
from core.sync.engine import shape
from core.sync.engine.records import (
    SIGNING_PUBLIC_BYTES,
    DeviceCertificate,
    UserRecord,
    read_device_certificate,
    read_user_record,
    stored_certificate,
    stored_user_record,
)
from core.sync.engine.recovery import GROUP, RETURNED

ROOT = 20
ADMIT = 22
DEVICE = 26
ROOT_VOTE = 21
ROOT_ABANDON = 30
ROLE = 23
SUSPEND = 24
REMOVE = 25
NEW_KEYS = 27
ENVELOPE_KEY = 28
ROSTER_KINDS = frozenset({
    ROOT, ROOT_VOTE, ROOT_ABANDON, ADMIT, DEVICE, ROLE, SUSPEND, REMOVE, NEW_KEYS, ENVELOPE_KEY, GROUP, RETURNED,
})  # fmt: skip
ABOUT_ONESELF = frozenset({
    DEVICE, SUSPEND, NEW_KEYS, ENVELOPE_KEY, ROOT_VOTE, ROOT_ABANDON, OpKind.EPOCH, OpKind.RETIRE,
})  # fmt: skip
"""What somebody who only reads the organisation's records may write there: about their own laptops, keys and files,
and the epochs that follow from who is in."""

ADMINISTRATOR = "administrator"
ROLES = frozenset({ADMINISTRATOR, "officer", "committee"})
WRITING_ROLES = frozenset({ADMINISTRATOR, "officer"})
"""Who may write in the organisation's stream; a committee member reads it."""

MAX_ADMINS = 50
MAX_WORDS = 2_000
MAX_LIFTED = 200
MAX_ENTRY_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Root:
    """The beginning of an organisation: who may admit people, and how many of them must agree."""

    organisation: OrganisationId
    version: int
    previous: bytes
    admins: tuple[tuple[UserId, bytes], ...]
    threshold: int
    words: str = ""
    """Why, by whoever proposed this version."""
    format_floor: int = 1
    kdf_floor: tuple[int, int] = (0, 0)
    """Memory in KiB and passes."""
    lifted: tuple[bytes, ...] = ()

    def wire(self) -> dict[int | str, Wire]:
        """The value of the ROOT op."""
        admins: list[Wire] = [[user, key] for user, key in sorted(self.admins)]
        parts: dict[int | str, Wire] = {
            1: self.organisation, 2: self.version, 3: self.previous, 4: admins, 5: self.threshold, 6: self.words,
        }  # fmt: skip
        if self.version > 1:
            parts |= {7: self.format_floor, 8: list(self.kdf_floor), 9: list[Wire](sorted(self.lifted))}
        return parts

    @property
    def hash(self) -> bytes:
        """What joiners pin."""
        return sha256(cbor.encode(self.wire()))


@dataclass(frozen=True, slots=True)
class Admission:
    """One person let in, with a first laptop and a role."""

    record: UserRecord
    certificate: DeviceCertificate
    role: str

    def wire(self) -> dict[int | str, Wire]:
        """The value of the ADMIT op."""
        return {1: self.record.wire(), 2: self.certificate.wire(), 3: self.role}


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
    @property
    def seen(self) -> Mapping[DeviceId, int]: ...


def read_root(untrusted_value: object, organisation: OrganisationId) -> Root:
    """The root behind `Root.wire`.

    Raises:
        EncodingRejected: not such a value.
        SegmentRejected: of another organisation, or without a majority.
        KeyRejected: an administrator's key is of a kind that cannot be trusted.
    """
    parts = shape.mapping(untrusted_value, "a root")
    later = parts.get(2) != 1
    if set(parts) != set(range(1, 10 if later else 7)):
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
        shape.text(parts[6], "the words of a root", at_most=MAX_WORDS),
        *(_floors(parts) if later else ()),
    )
    if len(dict(admins)) != len(admins):
        raise EncodingRejected(reason="an administrator is named twice")
    if root.organisation != organisation:
        raise SegmentRejected(reason="it belongs to another organisation")
    if not len(admins) >= root.threshold > len(admins) / 2:
        raise SegmentRejected(reason="the root needs the agreement of a majority")
    for _, key in admins:
        check_public_key(key)
    return root


def _floors(parts: Mapping[int, Wire]) -> tuple[int, tuple[int, int], tuple[bytes, ...]]:
    memory_kib, passes = shape.sequence(parts[8], 2, "a cost")
    lifted = tuple(shape.digest(item, "a hash") for item in shape.items(parts[9], "what is lifted", at_most=MAX_LIFTED))
    if list(lifted) != sorted(set(lifted)):
        raise EncodingRejected(reason="what is lifted is out of order")
    cost = shape.number(memory_kib, "a cost", at_most=2**20), shape.number(passes, "a cost", at_most=10)
    return shape.number(parts[7], "a format", at_least=1, at_most=2**16), cost, lifted


def read_admission(untrusted_value: object, organisation: OrganisationId) -> Admission:
    """The admission behind `Admission.wire`, every key and signature in it checked.

    Raises:
        EncodingRejected, KeyRejected, SignatureRejected: it must not be used.
    """
    parts = _admission_parts(untrusted_value)
    record = read_user_record(parts[1])
    certificate = read_device_certificate(parts[2], organisation=organisation, owner=record)
    return Admission(record, certificate, read_role(parts[3]))


def stored_admission(value: object) -> Admission:
    """An admission out of one's own vault, where only checked ones are kept.

    Raises:
        EncodingRejected: it is not one.
    """
    parts = _admission_parts(value)
    return Admission(stored_user_record(parts[1]), stored_certificate(parts[2]), read_role(parts[3]))


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
    return stored_certificate(device_part(value))


def read_role(value: object) -> str:
    """One of the roles there are.

    Raises:
        EncodingRejected: it is none.
    """
    role = shape.text(value, "a role", at_most=40)
    if role not in ROLES:
        raise EncodingRejected(reason="a role is not known")
    return role


def _admission_parts(untrusted_value: object) -> dict[int, Wire]:
    parts = shape.mapping(untrusted_value, "an admission")
    if set(parts) != {1, 2, 3}:
        raise EncodingRejected(reason="an admission lacks a part")
    return parts
