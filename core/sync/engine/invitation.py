"""Letting somebody in: the invitation, the request, the words both compare, the admission (keys-and-sync 2.2).

Invitation, given in person: CBOR `{1: organisation, 2: root hash, 3: key (16), 4: role, 5: folder hint,
6: expiry in ms, 7: hash of the inviter's user record}` and 4 bytes of its SHA-256, in base32 groups of five.
Request, in the folder: `{1: user record, 2: device certificate, 3: name, 4: initials, 5: job title}` sealed under
the invitation's key. Words: of SHA-256("cwf1/words" NUL | inviter's record hash | joiner's record hash | key).
Admission, in the folder, sealed under the invitation's key: `[joiner, HPKE to the joiner, inviter's signature]`;
inside `{1: inviter's user record, 2: [[kind, roster entry], ...], 3: [[number, K_env], ...],
4: organisation stream, 5: [[epoch number, header hash, SEK], ...]}`. The roster in it only says whose signatures to
check: everything is proven again from the first segment on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.changes import cbor
from core.changes.change import Wire
from core.crypto.derive import sha256
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey, verify
from core.crypto.words import comparison_words
from core.crypto.wrap import WrapPrivateKey, unwrap, wrap
from core.foundation.errors import EncodingRejected, InvitationRejected, SignatureRejected
from core.foundation.ids import DeviceId, OrganisationId, StreamId, UserId
from core.sync.engine import codes, recovery, roster, shape
from core.sync.engine.entries import ENVELOPE_KEY, NEW_KEYS, ROLE, ROOT_ABANDON, ROOT_VOTE
from core.sync.engine.envelope import MAX_FILE_BYTES, open_invited_file, seal_invited_file
from core.sync.engine.epochs import KEY_BYTES, EpochKey
from core.sync.engine.leaving import LEAVING_KINDS, read_new_keys, read_removal, read_role_change
from core.sync.engine.records import is_signed_by
from core.sync.engine.roots import read_ballot
from core.sync.engine.roster import DeviceCertificate, KeptEntry, UserRecord
from core.sync.engine.segment import MAX_DEVICES
from core.sync.engine.summary import Summary, read_summary

KEY_OF_INVITATION_BYTES = 16
PREFIX = "IMANI"
_MAX_BYTES = 1_024
_MAX_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is handed over in person. `expires_at_ms`: milliseconds since 1970."""

    organisation: OrganisationId
    root_hash: bytes
    key: SecretBytes
    role: str
    folder_hint: str
    expires_at_ms: int
    inviter_hash: bytes


@dataclass(frozen=True, slots=True)
class JoiningRequest:
    """Somebody who asks to be let in, their keys and signatures checked."""

    record: UserRecord
    certificate: DeviceCertificate
    name: str
    initials: str
    job_title: str


@dataclass(frozen=True, slots=True)
class AdmissionContent:
    """What a joiner starts with. `entries` are `(kind, value)` of the roster, each checked for itself."""

    inviter: UserRecord
    entries: tuple[tuple[int, bytes], ...]
    envelope_keys: tuple[tuple[int, SecretBytes], ...]
    organisation_stream: StreamId
    stream_keys: tuple[EpochKey, ...]
    summaries: tuple[Summary, ...] = ()
    """Of the organisation's records, once for each laptop that vouches: what a joiner sees first."""


def to_text(invitation: Invitation) -> str:
    """The invitation as it is copied or printed."""
    payload = cbor.encode(
        {
            1: invitation.organisation, 2: invitation.root_hash, 3: invitation.key.reveal(), 4: invitation.role,
            5: invitation.folder_hint, 6: invitation.expires_at_ms, 7: invitation.inviter_hash,
        }
    )  # fmt: skip
    return codes.to_code(PREFIX, payload)


def from_text(untrusted_text: str) -> Invitation:
    """The invitation behind `to_text`; spaces, line breaks and small letters are forgiven.

    Raises:
        InvitationRejected: mistyped, cut off, or no invitation at all.
    """
    try:
        payload = codes.from_code(PREFIX, untrusted_text)
    except EncodingRejected as error:
        raise InvitationRejected(reason=str(error.fields["reason"])) from error
    try:
        parts = shape.mapping(cbor.decode(payload, max_bytes=_MAX_BYTES), "an invitation")
        if set(parts) != set(range(1, 8)):
            raise EncodingRejected(reason="an invitation lacks a part")
        role = shape.text(parts[4], "a role", at_most=40)
        if role not in roster.ROLES:
            raise EncodingRejected(reason="a role is not known")
        return Invitation(
            OrganisationId(shape.identifier(parts[1], "an organisation id")),
            shape.digest(parts[2], "a root hash"),
            SecretBytes(shape.exactly(parts[3], KEY_OF_INVITATION_BYTES, "a key")),
            role,
            shape.text(parts[5], "a folder"),
            shape.number(parts[6], "an expiry"),
            shape.digest(parts[7], "a hash"),
        )
    except EncodingRejected as error:
        raise InvitationRejected(reason="it was made by another version of the program") from error


def words_for(inviter_hash: bytes, joiner_hash: bytes, key: SecretBytes) -> tuple[str, ...]:
    """The eight words on both screens. They differ if somebody else's keys came between."""
    return comparison_words(sha256(b"cwf1/words\0" + inviter_hash + joiner_hash + key.reveal()))


def seal_request(request: JoiningRequest, key: SecretBytes) -> bytes:
    """The file a joiner puts into the folder."""
    content = cbor.encode(
        {
            1: request.record.wire(), 2: request.certificate.wire(), 3: request.name, 4: request.initials,
            5: request.job_title,
        }
    )  # fmt: skip
    return seal_invited_file(content, key, "request")


def open_request(untrusted_file: bytes, key: SecretBytes, organisation: OrganisationId) -> JoiningRequest:
    """The request in a file, every key and signature in it checked.

    Raises:
        EnvelopeRejected: not sealed under this invitation.
        EncodingRejected, KeyRejected, SignatureRejected: it must not be admitted.
    """
    content = open_invited_file(untrusted_file, key, "request")
    parts = shape.mapping(cbor.decode(content, max_bytes=64 * 1024), "a request")
    if set(parts) != set(range(1, 6)):
        raise EncodingRejected(reason="a request lacks a part")
    record = roster.read_user_record(parts[1])
    return JoiningRequest(
        record,
        roster.read_device_certificate(parts[2], organisation=organisation, owner=record),
        shape.text(parts[3], "a name"),
        shape.text(parts[4], "initials", at_most=20),
        shape.text(parts[5], "a job title"),
    )


def seal_admission(
    request: JoiningRequest, content: AdmissionContent, *, key: SecretBytes, organisation: OrganisationId,
    signer: SigningKey,
) -> bytes:  # fmt: skip
    """The file an administrator answers with."""
    said: dict[int | str, Wire] = {
        1: content.inviter.wire(),
        2: [[kind, value] for kind, value in content.entries],
        3: [[number, item.reveal()] for number, item in content.envelope_keys],
        4: content.organisation_stream,
        5: [[item.number, item.header_hash, item.key.reveal()] for item in content.stream_keys],
    }
    if content.summaries:
        said[6] = [[item.device, item.wire()] for item in content.summaries]
    plain = cbor.encode(said)
    joiner = request.record.user
    wrapped = wrap(request.record.wrap_public, plain, info=_info(organisation, joiner))
    signature = signer.sign("admission", cbor.encode([organisation, joiner, wrapped]))
    return seal_invited_file(cbor.encode([joiner, wrapped, signature]), key, "admission")


def open_admission(
    untrusted_file: bytes, invitation: Invitation, *, joiner: UserId, private: WrapPrivateKey
) -> AdmissionContent:
    """The admission in a file.

    Raises:
        EnvelopeRejected: not sealed under this invitation, or for somebody else.
        EncodingRejected, KeyRejected, SignatureRejected: it must not be used.
    """
    content = open_invited_file(untrusted_file, invitation.key, "admission")
    to, wrapped, signature = shape.sequence(cbor.decode(content, max_bytes=MAX_FILE_BYTES), 3, "an admission")
    if to != joiner:
        raise SignatureRejected()
    wrapped = shape.raw(wrapped, "keys", at_most=MAX_FILE_BYTES)
    plain = unwrap(private, wrapped, info=_info(invitation.organisation, joiner))
    parts = shape.mapping(cbor.decode(plain, max_bytes=MAX_FILE_BYTES), "an admission")
    if set(parts) - {6} != set(range(1, 6)):
        raise EncodingRejected(reason="an admission lacks a part")
    inviter = roster.read_user_record(parts[1])
    if inviter.hash != invitation.inviter_hash:
        raise SignatureRejected()
    signed = cbor.encode([invitation.organisation, joiner, wrapped])
    verify(
        inviter.sign_public, purpose="admission", message=signed,
        signature=shape.exactly(signature, roster.SIGNATURE_BYTES, "a signature"),
    )  # fmt: skip
    stream = StreamId(shape.identifier(parts[4], "a stream id"))
    return AdmissionContent(
        inviter, read_entries(parts[2], invitation.organisation), read_envelope_keys(parts[3]), stream,
        tuple(read_stream_key(stream, item) for item in shape.items(parts[5], "keys", at_most=_MAX_ENTRIES)),
        _read_summaries(stream, parts[6]) if 6 in parts else (),
    )  # fmt: skip


def _read_summaries(stream: StreamId, value: object) -> tuple[Summary, ...]:
    found = []
    for item in shape.items(value, "summaries", at_most=MAX_DEVICES):
        device, said = shape.sequence(item, 2, "a summary")
        found.append(read_summary(said, stream=stream, device=DeviceId(shape.identifier(device, "a device id"))))
    if not found:
        raise EncodingRejected(reason="an admission names no summary where it could leave the part out")
    return tuple(found)


def entries_of(kept: Iterable[KeptEntry]) -> tuple[tuple[int, bytes], ...]:
    """The confirmed people and laptops as an admission carries them; whoever came back by recovery like the others."""
    carried: list[tuple[int, bytes]] = []
    for entry in (entry for entry in kept if entry.confirmed):
        if entry.kind == recovery.RETURNED:
            _, admission, _ = recovery.stored_return(cbor.decode(entry.value, max_bytes=roster.MAX_ENTRY_BYTES))
            carried.append((roster.ADMIT, cbor.encode(admission)))
        elif entry.kind not in (recovery.GROUP, ENVELOPE_KEY):
            carried.append((entry.kind, entry.value))
    return tuple(carried)


def read_entries(value: object, organisation: OrganisationId) -> tuple[tuple[int, bytes], ...]:
    """The roster that came with keys, each entry checked for itself.

    Raises:
        EncodingRejected, KeyRejected, SegmentRejected, SignatureRejected: one of them must not be used.
    """
    found = []
    owners: dict[UserId, list[UserRecord]] = {}
    for item in shape.items(value, "the roster", at_most=_MAX_ENTRIES):
        kind, entry = shape.sequence(item, 2, "an entry")
        kind = shape.number(kind, "a kind")
        entry = shape.raw(entry, "an entry", at_most=roster.MAX_ENTRY_BYTES)
        content = cbor.decode(entry, max_bytes=roster.MAX_ENTRY_BYTES)
        if kind == roster.ADMIT:
            admission = roster.read_admission(content, organisation)
            owners.setdefault(admission.record.user, []).append(admission.record)
        elif kind == roster.DEVICE:
            made = roster.stored_device(content)
            known = owners.get(made.user, ())
            owner = next((record for record in known if is_signed_by(made, record)), None)
            if owner is None:
                raise EncodingRejected(reason="a laptop belongs to nobody")
            roster.read_device_certificate(roster.device_part(content), organisation=organisation, owner=owner)
        elif kind == NEW_KEYS:
            record = read_new_keys(content).record
            owners.setdefault(record.user, []).append(record)
        elif kind in LEAVING_KINDS:
            read_removal(content, kind)
        elif kind == ROLE:
            read_role_change(content)
        elif kind == roster.ROOT:
            roster.read_root(content, organisation)
        elif kind in {ROOT_VOTE, ROOT_ABANDON}:
            read_ballot(content, ROOT_VOTE if kind == ROOT_VOTE else ROOT_ABANDON)
        else:
            raise EncodingRejected(reason="an entry is of an unknown kind")
        found.append((kind, entry))
    return tuple(found)


def read_envelope_keys(value: object) -> tuple[tuple[int, SecretBytes], ...]:
    """The keys of the outer envelope that came with an admission.

    Raises:
        EncodingRejected: they are not such keys.
    """
    found = []
    for item in shape.items(value, "the keys", at_most=_MAX_ENTRIES):
        number, key = shape.sequence(item, 2, "a key")
        found.append((shape.number(number, "a number"), SecretBytes(shape.exactly(key, KEY_BYTES, "a key"))))
    return tuple(found)


def read_stream_key(stream: StreamId, item: object) -> EpochKey:
    """One key of the organisation's stream that came with an admission.

    Raises:
        EncodingRejected: it is not one.
    """
    number, header_hash, key = shape.sequence(item, 3, "a key")
    return EpochKey(
        stream,
        shape.number(number, "an epoch number", at_least=1),
        shape.digest(header_hash, "a hash"),
        SecretBytes(shape.exactly(key, KEY_BYTES, "a key")),
    )


def _info(organisation: OrganisationId, joiner: UserId) -> bytes:
    return cbor.encode(["cwf1/admission", organisation, joiner])
