"""A second laptop of the same person: ask, compare eight words, be given the person's own keys (keys-and-sync 2.2).

The new laptop makes a key of its own, a wrap key that is used once, and a code that is carried by hand.
Code: `LAPTOP` and base32 of `key (16) | H("cwf1/pair" NUL device key | wrap key)[:16]`. With the key the new laptop
seals its request, which lies in the folder; the hash says which request is meant, so nobody else's can take its place.
Request: `[b, Sign(device key, "pair-request", b)]`, `b = CBOR [device key, wrap key, expiry in ms, laptop name]`.
Words: of `H("cwf1/pair-words" NUL H(device key | wrap key) | key)`.
Answer: `Wrap(wrap key, CBOR ["cwf1/pair", device key], CBOR {1: organisation, 2: root hash, 3: user record,
4: [[user epoch, signing seed, wrap seed], ...], 5: [[kind, roster entry], ...], 6: [[number, K_env], ...],
7: organisation stream, 8: [[epoch number, header hash, SEK], ...], 9: personal stream})`.
Both files are sealed like those of an invitation, under the key in the code. As with an admission, the roster only says
whose signatures to check; everything is proven again from the first segment on. The new laptop then certifies itself
with its owner's key, as one does that was put back from a copy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.changes import cbor
from core.crypto.derive import sha256
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey, check_public_key, verify
from core.crypto.words import comparison_words
from core.crypto.wrap import PUBLIC_BYTES as WRAP_PUBLIC_BYTES
from core.crypto.wrap import WrapPrivateKey, check_wrap_public_key, unwrap, wrap
from core.foundation.errors import EncodingRejected, PairingRejected, SignatureRejected
from core.foundation.ids import DeviceId, OrganisationId, StreamId
from core.sync.engine import codes, roster, shape
from core.sync.engine.envelope import MAX_FILE_BYTES, open_invited_file, seal_invited_file
from core.sync.engine.epochs import EpochKey
from core.sync.engine.invitation import read_entries, read_envelope_keys, read_stream_key
from core.sync.engine.records import SIGNATURE_BYTES, SIGNING_PUBLIC_BYTES, UserRecord, laptop_number, read_user_record

PREFIX = "LAPTOP"
KEY_BYTES = 16
MEANT_BYTES = 16
SEED_BYTES = 32
MAX_REQUEST_BYTES = 4_096
MAX_NAME = 60
_MAX_ITEMS = 20_000
_MAX_USER_EPOCHS = 1_000


@dataclass(frozen=True, slots=True)
class PairingCode:
    """What is carried from the new laptop to the old one. `meant`: which request belongs to it."""

    key: SecretBytes
    meant: bytes


@dataclass(frozen=True, slots=True)
class PairingRequest:
    """A laptop that asks for its owner's keys; its signature is checked. `name`: what its owner calls it."""

    public: bytes
    wrap_public: bytes
    expires_at_ms: int
    name: str
    wire: bytes

    @property
    def device(self) -> DeviceId:
        """The number this laptop will have."""
        return laptop_number(self.public)


@dataclass(frozen=True, slots=True)
class UserSeeds:
    """One person's private keys of one user epoch."""

    user_epoch: int
    sign_seed: SecretBytes
    wrap_seed: SecretBytes


@dataclass(frozen=True, slots=True)
class PairingContent:
    """What the new laptop starts with. `entries` are `(kind, value)` of the roster, each checked for itself."""

    organisation: OrganisationId
    root_hash: bytes
    record: UserRecord
    seeds: tuple[UserSeeds, ...]
    entries: tuple[tuple[int, bytes], ...]
    envelope_keys: tuple[tuple[int, SecretBytes], ...]
    organisation_stream: StreamId
    stream_keys: tuple[EpochKey, ...]
    personal_stream: StreamId


def make_request(*, signer: SigningKey, wrap_public: bytes, expires_at_ms: int, name: str) -> PairingRequest:
    """What the new laptop asks for, signed with its own key."""
    body = cbor.encode([signer.public, wrap_public, expires_at_ms, name])
    wire = cbor.encode([body, signer.sign("pair-request", body)])
    return PairingRequest(signer.public, wrap_public, expires_at_ms, name, wire)


def code_of(request: PairingRequest, key: SecretBytes) -> str:
    """The code for `request`, as it is shown and typed."""
    return codes.to_code(PREFIX, key.reveal() + _meant(request))


def read_code(untrusted_text: str) -> PairingCode:
    """The code a person typed, pasted or photographed.

    Raises:
        PairingRejected: it is none, or something in it is wrong.
    """
    try:
        payload = codes.from_code(PREFIX, untrusted_text)
    except EncodingRejected as error:
        raise PairingRejected(reason=str(error.fields["reason"])) from error
    if len(payload) != KEY_BYTES + MEANT_BYTES:
        raise PairingRejected(reason="it was made by another version of the program")
    return PairingCode(SecretBytes(payload[:KEY_BYTES]), payload[KEY_BYTES:])


def words_for(request: PairingRequest, key: SecretBytes) -> tuple[str, ...]:
    """The eight words on both screens. They differ if another laptop's keys came between."""
    return comparison_words(
        sha256(b"cwf1/pair-words\0" + sha256(request.public + request.wrap_public) + key.reveal())
    )


def seal_request(request: PairingRequest, key: SecretBytes) -> bytes:
    """The file the new laptop puts into the folder."""
    return seal_invited_file(request.wire, key, "pair-request")


def open_request(untrusted_file: bytes, code: PairingCode) -> PairingRequest:
    """The request in a file, if it is the very one the code means.

    Raises:
        EnvelopeRejected: not sealed under this code.
        EncodingRejected, KeyRejected, SignatureRejected: it must not be answered.
    """
    request = read_request(untrusted_file, code.key)
    if _meant(request) != code.meant:
        raise SignatureRejected()
    return request


def read_request(untrusted_file: bytes, key: SecretBytes) -> PairingRequest:
    """As `open_request`, for whoever made the request themselves.

    Raises:
        EnvelopeRejected: not sealed under this key.
        EncodingRejected, KeyRejected, SignatureRejected: it is no good request.
    """
    content = open_invited_file(untrusted_file, key, "pair-request")
    body, signature = shape.sequence(cbor.decode(content, max_bytes=MAX_REQUEST_BYTES), 2, "a request")
    body = shape.raw(body, "a request", at_most=MAX_REQUEST_BYTES)
    public, wrap_public, expiry, name = shape.sequence(cbor.decode(body, max_bytes=MAX_REQUEST_BYTES), 4, "a request")
    request = PairingRequest(
        shape.exactly(public, SIGNING_PUBLIC_BYTES, "a device key"),
        shape.exactly(wrap_public, WRAP_PUBLIC_BYTES, "a wrap key"),
        shape.number(expiry, "an expiry"),
        shape.text(name, "a name", at_most=MAX_NAME),
        content,
    )
    check_public_key(request.public)
    check_wrap_public_key(request.wrap_public)
    verify(
        request.public, purpose="pair-request", message=body,
        signature=shape.exactly(signature, SIGNATURE_BYTES, "a signature"),
    )  # fmt: skip
    return request


def seal_answer(request: PairingRequest, content: PairingContent, *, key: SecretBytes) -> bytes:
    """The file the old laptop answers with: only the new one opens it."""
    plain = cbor.encode(
        {
            1: content.organisation,
            2: content.root_hash,
            3: content.record.wire(),
            4: [[item.user_epoch, item.sign_seed.reveal(), item.wrap_seed.reveal()] for item in content.seeds],
            5: [[kind, value] for kind, value in content.entries],
            6: [[number, item.reveal()] for number, item in content.envelope_keys],
            7: content.organisation_stream,
            8: [[item.number, item.header_hash, item.key.reveal()] for item in content.stream_keys],
            9: content.personal_stream,
        }
    )
    return seal_invited_file(wrap(request.wrap_public, plain, info=_info(request.public)), key, "pair-answer")


def open_answer(
    untrusted_file: bytes, *, key: SecretBytes, private: WrapPrivateKey, device_public: bytes
) -> PairingContent:
    """The answer in a file, with everything in it fitting together and fitting this laptop.

    Raises:
        EnvelopeRejected: not sealed under this code, or for another laptop.
        EncodingRejected, KeyRejected, SegmentRejected, SignatureRejected: it must not be used.
    """
    wrapped = open_invited_file(untrusted_file, key, "pair-answer")
    plain = unwrap(private, wrapped, info=_info(device_public))
    parts = shape.mapping(cbor.decode(plain, max_bytes=MAX_FILE_BYTES), "an answer")
    if set(parts) != set(range(1, 10)):
        raise EncodingRejected(reason="an answer lacks a part")
    organisation = OrganisationId(shape.identifier(parts[1], "an organisation id"))
    stream = StreamId(shape.identifier(parts[7], "a stream id"))
    content = PairingContent(
        organisation,
        shape.digest(parts[2], "a root hash"),
        read_user_record(parts[3]),
        tuple(_seeds(item) for item in shape.items(parts[4], "the keys", at_most=_MAX_USER_EPOCHS)),
        read_entries(parts[5], organisation),
        read_envelope_keys(parts[6]),
        stream,
        tuple(read_stream_key(stream, item) for item in shape.items(parts[8], "keys", at_most=_MAX_ITEMS)),
        StreamId(shape.identifier(parts[9], "a stream id")),
    )
    _check_it_fits(content)
    return content


def _check_it_fits(content: PairingContent) -> None:
    """
    Raises:
        SignatureRejected: the seeds are not those of the person named, or the organisation does not know them.
    """
    mine = {item.user_epoch: item for item in content.seeds}
    newest = mine.get(content.record.user_epoch)
    if (
        newest is None
        or max(mine) != content.record.user_epoch
        or SigningKey.from_seed(newest.sign_seed).public != content.record.sign_public
        or WrapPrivateKey.from_seed(newest.wrap_seed).public != content.record.wrap_public
    ):
        raise SignatureRejected()
    known = roster.Roster.assemble(
        content.organisation, content.root_hash, [_Entry(kind, value) for kind, value in content.entries]
    )
    owner = known.users.get(content.record.user)
    if known.root is None or owner is None or all(
        record.body != content.record.body for record in known.standing.records_of(content.record.user)
    ):
        raise SignatureRejected()


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: int
    value: bytes
    confirmed: bool = False
    device: DeviceId | None = None
    seq: int | None = None
    seen: Mapping[DeviceId, int] = field(default_factory=dict)


def _seeds(item: object) -> UserSeeds:
    user_epoch, sign_seed, wrap_seed = shape.sequence(item, 3, "a key")
    return UserSeeds(
        shape.number(user_epoch, "a user epoch", at_most=2**31),
        SecretBytes(shape.exactly(sign_seed, SEED_BYTES, "a seed")),
        SecretBytes(shape.exactly(wrap_seed, SEED_BYTES, "a seed")),
    )


def _meant(request: PairingRequest) -> bytes:
    return sha256(b"cwf1/pair\0" + request.public + request.wrap_public)[:MEANT_BYTES]


def _info(device_public: bytes) -> bytes:
    return cbor.encode(["cwf1/pair", device_public])
