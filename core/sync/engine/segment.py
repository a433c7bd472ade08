"""One signed step of one laptop: the segment, its sections and its grants (keys-and-sync 2.5).

content = [body, signature]; signature = Ed25519(device key, "cwf1/seg" NUL body)
body = [1, organisation, device, seq, previous body hash, hlc, [root version, root hash, roster digest],
        [[device, seq, body hash], ...], [section, ...], [grant, ...]]
section = [nonce (16), tag (12) = HMAC(K_tag, nonce)[:12], sealed], sealed under K_sec with the context
        ["cwf1/sec", organisation, device key, seq, previous, index, nonce]
section plaintext = zlib of [stream, epoch number, [epoch header hash, ...], [change, ...]]
grant = HPKE of [stream, epoch number, header hash, SEK] to one member, `info` =
        ["cwf1/grant", organisation, device key, recipient, user epoch, seq, previous]

Body and signature travel as byte strings, so that what is hashed and verified is what was received.
"""

from __future__ import annotations

import hmac
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from core.changes import cbor
from core.changes import change as wire_change
from core.changes.change import Change, Wire, from_wire, to_wire
from core.changes.hlc import MAX_HLC
from core.crypto.container import open_sealed, seal
from core.crypto.derive import mac, sha256
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey, verify
from core.crypto.wrap import WrapPrivateKey, unwrap, wrap
from core.foundation.errors import EncodingRejected, EnvelopeRejected
from core.foundation.ids import DeviceId, OrganisationId, StreamId, UserId
from core.sync.engine import shape
from core.sync.engine.envelope import MAX_FILE_BYTES
from core.sync.engine.epochs import KEY_BYTES, MAX_PARENTS, EpochKey, section_key
from core.sync.engine.roster import DeviceCertificate

FORMAT = 1
CERTIFICATE = "cwf1/device"
_BEGINS_TEXT = frozenset(bytes([first]) for first in range(0x60, 0x80))
"""The first byte of a CBOR text; a segment begins with a byte string instead."""
NONCE_BYTES = 16
TAG_BYTES = 12
SIGNATURE_BYTES = 64
MAX_DEVICES = 10_000
MAX_SECTIONS = 10_000
MAX_GRANTS = 100_000
MAX_GRANT_BYTES = 4_096
MAX_SECTION_BYTES = 32 * 1024 * 1024
"""The most a section may unpack to: a small file must not be able to fill the memory of a laptop."""
MAX_CHANGES = 100_000


@dataclass(frozen=True, slots=True)
class Head:
    """Where a device's chain stands."""

    device: DeviceId
    seq: int
    body_hash: bytes


@dataclass(frozen=True, slots=True)
class RosterMark:
    """What the author knew of the roster."""

    root_version: int
    root_hash: bytes
    digest: bytes


@dataclass(frozen=True, slots=True)
class Section:
    """The changes of one stream, for those who hold its key."""

    nonce: bytes
    tag: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment as received. Nothing in it is to be believed before `check_signature`."""

    organisation: OrganisationId
    device: DeviceId
    seq: int
    previous: bytes
    hlc: int
    mark: RosterMark
    seen: tuple[Head, ...]
    sections: tuple[Section, ...]
    grants: tuple[bytes, ...]
    body: bytes
    signature: bytes

    @property
    def hash(self) -> bytes:
        """Names this segment in the next one's `previous` and in others' `seen`."""
        return sha256(self.body)


@dataclass(frozen=True, slots=True)
class Place:
    """What a section and a grant are bound to."""

    organisation: OrganisationId
    device_public: bytes
    seq: int
    previous: bytes


@dataclass(frozen=True, slots=True)
class SectionContent:
    """An opened section. `epochs`: the headers nothing followed when it was written, the one used first."""

    stream: StreamId
    epoch: int
    epochs: tuple[bytes, ...]
    changes: tuple[Change, ...]


def make_segment(
    *, place: Place, device: DeviceId, hlc: int, mark: RosterMark, seen: Sequence[Head],
    sections: Sequence[Section], grants: Sequence[bytes], signer: SigningKey,
) -> tuple[bytes, bytes]:  # fmt: skip
    """A signed segment: (content of its file, hash of its body)."""
    heads: list[Wire] = [[head.device, head.seq, head.body_hash] for head in sorted(seen, key=lambda h: h.device)]
    body = cbor.encode(
        [
            FORMAT, place.organisation, device, place.seq, place.previous, hlc,
            [mark.root_version, mark.root_hash, mark.digest], heads,
            [[section.nonce, section.tag, section.sealed] for section in sections], list(grants),
        ]
    )  # fmt: skip
    return cbor.encode([body, signer.sign("seg", body)]), sha256(body)


def read_segment(untrusted_content: bytes) -> Segment:
    """The segment inside an opened file.

    Raises:
        EncodingRejected: it is not written the one way a segment may be written.
    """
    body, signature = shape.sequence(cbor.decode(untrusted_content, max_bytes=MAX_FILE_BYTES), 2, "a segment")
    body = shape.raw(body, "a body", at_most=MAX_FILE_BYTES)
    parts = shape.sequence(cbor.decode(body, max_bytes=MAX_FILE_BYTES), 10, "a body")
    if parts[0] != FORMAT:
        raise EncodingRejected(reason="a segment is of a format this version does not know")
    version, root_hash, digest = shape.sequence(parts[6], 3, "a roster mark")
    seen = tuple(_head(item) for item in shape.items(parts[7], "the heads seen", at_most=MAX_DEVICES))
    if [head.device for head in seen] != sorted({head.device for head in seen}):
        raise EncodingRejected(reason="the heads seen are out of order")
    return Segment(
        organisation=OrganisationId(shape.identifier(parts[1], "an organisation id")),
        device=DeviceId(shape.identifier(parts[2], "a device id")),
        seq=shape.number(parts[3], "a number", at_least=1),
        previous=shape.digest(parts[4], "a hash"),
        hlc=shape.number(parts[5], "a time stamp", at_most=MAX_HLC),
        mark=RosterMark(
            shape.number(version, "a version", at_least=1),
            shape.digest(root_hash, "a root hash"),
            shape.digest(digest, "a roster digest"),
        ),
        seen=seen,
        sections=tuple(_section(item) for item in shape.items(parts[8], "the sections", at_most=MAX_SECTIONS)),
        grants=tuple(
            shape.raw(item, "a grant", at_most=MAX_GRANT_BYTES)
            for item in shape.items(parts[9], "the grants", at_most=MAX_GRANTS)
        ),
        body=body,
        signature=shape.exactly(signature, SIGNATURE_BYTES, "a signature"),
    )


def certificate_content(certificate: DeviceCertificate) -> bytes:
    """The content of a file that announces one more laptop, so that its segments can be checked at all."""
    return cbor.encode([CERTIFICATE, certificate.wire()])


def labelled(untrusted_content: bytes) -> tuple[str, list[object]] | None:
    """What a file holds that is no segment: its label and what follows it, still to be read. None for a segment.

    Raises:
        EncodingRejected: it is not canonical CBOR.
    """
    if untrusted_content[1:2] not in _BEGINS_TEXT:
        return None
    parts = shape.items(cbor.decode(untrusted_content, max_bytes=MAX_FILE_BYTES), "a file", at_most=MAX_SECTIONS)
    label, *rest = parts
    return shape.text(label, "a label", at_most=40), rest


def check_signature(segment: Segment, device_public: bytes) -> None:
    """
    Raises:
        SignatureRejected: not signed by that device.
    """
    verify(device_public, purpose="seg", message=segment.body, signature=segment.signature)


def place_of(segment: Segment, device_public: bytes) -> Place:
    """What the sections and grants of a segment are bound to."""
    return Place(segment.organisation, device_public, segment.seq, segment.previous)


def tag_of(tag_key: SecretBytes, nonce: bytes) -> bytes:
    """How the holders of a stream's key recognise a section."""
    return mac(tag_key, nonce)[:TAG_BYTES]


def find_key(nonce: bytes, tag: bytes, tag_keys: Sequence[bytes]) -> int | None:
    """The place in `tag_keys` of the key this section was tagged with, or None."""
    for place, key in enumerate(tag_keys):
        if hmac.digest(key, nonce, "sha256")[:TAG_BYTES] == tag:
            return place
    return None


def seal_section(content: SectionContent, *, key: SecretBytes, tag_key: SecretBytes, place: Place, index: int,
                 nonce: bytes) -> Section:  # fmt: skip
    """Seal changes for the holders of one stream key, the SEK itself given as `key`."""
    plain = cbor.encode(
        [content.stream, content.epoch, list(content.epochs), [to_wire(change) for change in content.changes]]
    )
    sealed = seal(section_key(key), zlib.compress(plain, 6), context=_section_context(place, index, nonce))
    return Section(nonce, tag_of(tag_key, nonce), sealed)


def open_section(section: Section, *, key: EpochKey, place: Place, index: int) -> SectionContent:
    """The content of a section.

    Raises:
        EnvelopeRejected: it was not sealed with this key at this place.
        EncodingRejected: what is inside is not a section of this stream and epoch, or unpacks to too much.
    """
    packed = open_sealed(section_key(key.key), section.sealed, context=_section_context(place, index, section.nonce))
    plain = _unpack(packed)
    parts = shape.sequence(cbor.decode(plain, max_bytes=MAX_SECTION_BYTES), 4, "a section")
    content = SectionContent(
        StreamId(shape.identifier(parts[0], "a stream id")),
        shape.number(parts[1], "an epoch number", at_least=1),
        tuple(shape.digest(item, "a header hash") for item in shape.items(parts[2], "epochs", at_most=MAX_PARENTS)),
        tuple(from_wire(item) for item in shape.items(parts[3], "the changes", at_most=MAX_CHANGES)),
    )
    if content.stream != key.stream or content.epoch != key.number or content.epochs[:1] != (key.header_hash,):
        raise EncodingRejected(reason="a section says it belongs to another stream than its key")
    most_bytes = wire_change.MAX_CHANGE_BYTES
    if len(plain) > most_bytes and any(len(wire_change.encode(one)) > most_bytes for one in content.changes):
        raise EncodingRejected(reason="a change is longer than it may be")
    return content


def make_grant(
    key: EpochKey, *, place: Place, recipient: UserId, user_epoch: int, recipient_public: bytes
) -> bytes:
    """A stream key wrapped to one member."""
    plain = cbor.encode([key.stream, key.number, key.header_hash, key.key.reveal()])
    return wrap(recipient_public, plain, info=_grant_info(place, recipient, user_epoch))


def try_grant(
    untrusted_grant: bytes, *, private: WrapPrivateKey, place: Place, recipient: UserId, user_epoch: int
) -> EpochKey | None:
    """The key in a grant, or None if it is for somebody else. It is still to be checked against its header.

    Raises:
        EncodingRejected: it opens, and does not hold a key.
    """
    try:
        plain = unwrap(private, untrusted_grant, info=_grant_info(place, recipient, user_epoch))
    except EnvelopeRejected:
        return None
    stream, number, header_hash, key = shape.sequence(cbor.decode(plain, max_bytes=MAX_GRANT_BYTES), 4, "a grant")
    return EpochKey(
        StreamId(shape.identifier(stream, "a stream id")),
        shape.number(number, "an epoch number", at_least=1, at_most=2**31),
        shape.digest(header_hash, "a header hash"),
        SecretBytes(shape.exactly(key, KEY_BYTES, "a key")),
    )


def _unpack(packed: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        plain = unpacker.decompress(packed, MAX_SECTION_BYTES + 1)
    except zlib.error as error:
        raise EncodingRejected(reason="a section does not unpack") from error
    if len(plain) > MAX_SECTION_BYTES or not unpacker.eof or unpacker.unused_data:
        raise EncodingRejected(reason="a section unpacks to too much, or does not end where it must")
    return plain


def _head(item: object) -> Head:
    device, seq, body_hash = shape.sequence(item, 3, "a head")
    return Head(
        DeviceId(shape.identifier(device, "a device id")),
        shape.number(seq, "a number", at_least=1),
        shape.digest(body_hash, "a hash"),
    )


def _section(item: object) -> Section:
    nonce, tag, sealed = shape.sequence(item, 3, "a section")
    return Section(
        shape.exactly(nonce, NONCE_BYTES, "a nonce"),
        shape.exactly(tag, TAG_BYTES, "a tag"),
        shape.raw(sealed, "a sealed section", at_most=MAX_FILE_BYTES),
    )


def _section_context(place: Place, index: int, nonce: bytes) -> bytes:
    return cbor.encode(
        ["cwf1/sec", place.organisation, place.device_public, place.seq, place.previous, index, nonce]
    )


def _grant_info(place: Place, recipient: UserId, user_epoch: int) -> bytes:
    return cbor.encode(
        ["cwf1/grant", place.organisation, place.device_public, recipient, user_epoch, place.seq, place.previous]
    )
