"""What a person and a laptop are known by: their public keys, signed (keys-and-sync 2.2).

User record: `[CBOR [user, signing key, wrap key, user epoch, previous record hash], signature by that key]`.
Device certificate: `[CBOR [organisation, user, device, device key], signature by the user, signature by the
device]`. Both signatures over the device are proofs of possession.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.changes import cbor
from core.changes.change import Wire
from core.crypto.derive import sha256
from core.crypto.signing import SigningKey, check_public_key, verify
from core.crypto.wrap import PUBLIC_BYTES as WRAP_PUBLIC_BYTES
from core.crypto.wrap import check_wrap_public_key
from core.foundation.errors import SegmentRejected, SignatureRejected
from core.foundation.ids import ID_BYTES, DeviceId, OrganisationId, UserId
from core.sync.engine import shape

SIGNING_PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64


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


def read_user_record(untrusted_value: object) -> UserRecord:
    """A user record, its keys and its proof of possession checked.

    Raises:
        EncodingRejected, KeyRejected, SignatureRejected: it must not be used.
    """
    record = stored_user_record(untrusted_value)
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
    made = stored_certificate(untrusted_value)
    if made.organisation != organisation or made.user != owner.user:
        raise SignatureRejected()
    check_public_key(made.public)
    verify(owner.sign_public, purpose="device", message=made.body, signature=made.by_user)
    verify(made.public, purpose="device-self", message=made.body, signature=made.by_device)
    return made


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


def stored_user_record(untrusted_value: object) -> UserRecord:
    """A user record out of one's own vault, where only checked ones are kept.

    Raises:
        EncodingRejected: it is not one.
    """
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


def stored_certificate(untrusted_value: object) -> DeviceCertificate:
    """A device certificate out of one's own vault.

    Raises:
        EncodingRejected: it is not one.
    """
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


def is_signed_by(certificate: DeviceCertificate, owner: UserRecord) -> bool:
    """Whether this record's key signed a laptop's certificate; a person may have had several."""
    try:
        verify(owner.sign_public, purpose="device", message=certificate.body, signature=certificate.by_user)
    except SignatureRejected:
        return False
    return True
