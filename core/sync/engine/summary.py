"""A summary of one stream: its state at one cut through everybody's chains, signed, in a sealed file of its own.

op 10     = {1: name of the file (32), 2: its key (32), 3: [[device, seq, body hash], ...], 4: H(state), 5: signature}
signature = Sign(device key, "summary", CBOR [organisation, stream, covers, H(state)])
file      = Seal(key, CBOR ["cwf1/sum", organisation, stream, H(state)], len32 | zlib(state) | zeros), padded as PADME
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from core.changes import cbor
from core.changes.change import Wire
from core.changes.state_wire import MAX_STATE_BYTES
from core.crypto.container import open_sealed, seal
from core.crypto.derive import sha256
from core.crypto.secrets import SecretBytes
from core.crypto.signing import SigningKey, verify
from core.foundation.errors import EncodingRejected
from core.foundation.ids import DeviceId, OrganisationId, StreamId
from core.sync.engine import shape
from core.sync.engine.envelope import LENGTH_BYTES, padded_size
from core.sync.engine.epochs import KEY_BYTES
from core.sync.engine.segment import MAX_DEVICES, SIGNATURE_BYTES, Head

SUMMARY = 10
TABLE = "summary"


@dataclass(frozen=True, slots=True)
class Summary:
    """What a laptop vouches for: the state of `stream` once everything up to `covers` is known."""

    stream: StreamId
    name: str
    key: SecretBytes
    covers: tuple[Head, ...]
    state_hash: bytes
    device: DeviceId
    signature: bytes

    def wire(self) -> dict[int | str, Wire]:
        """The value of its op."""
        return {
            1: bytes.fromhex(self.name), 2: self.key.reveal(), 3: covers_wire(self.covers), 4: self.state_hash,
            5: self.signature,
        }  # fmt: skip

    def check(self, organisation: OrganisationId, device_public: bytes) -> None:
        """
        Raises:
            SignatureRejected: that laptop did not vouch for it.
        """
        verify(
            device_public, purpose="summary",
            message=_statement(organisation, self.stream, self.covers, self.state_hash), signature=self.signature,
        )  # fmt: skip

    def signed_by(self, device: DeviceId, organisation: OrganisationId, signer: SigningKey) -> Summary:
        """The same, vouched for by another laptop."""
        signature = signer.sign("summary", _statement(organisation, self.stream, self.covers, self.state_hash))
        return replace(self, device=device, signature=signature)


def make_summary(
    state: bytes, *, organisation: OrganisationId, stream: StreamId, covers: Sequence[Head], key: SecretBytes,
    device: DeviceId, signer: SigningKey,
) -> tuple[Summary, bytes]:  # fmt: skip
    """A summary and the bytes of its file."""
    state_hash = sha256(state)
    packed = zlib.compress(state, 6)
    room = padded_size(LENGTH_BYTES + len(packed)) - LENGTH_BYTES - len(packed)
    plain = len(packed).to_bytes(LENGTH_BYTES, "big") + packed + bytes(room)
    data = seal(key, plain, context=_context(organisation, stream, state_hash))
    heads = tuple(sorted(covers, key=lambda head: head.device))
    unsigned = Summary(stream, sha256(data).hex(), key, heads, state_hash, device, b"")
    return unsigned.signed_by(device, organisation, signer), data


def read_summary(value: object, *, stream: StreamId, device: DeviceId) -> Summary:
    """The summary in an op. Its signature is still to be checked.

    Raises:
        EncodingRejected: not the one way it may be written.
    """
    parts = shape.mapping(value, "a summary")
    if set(parts) != set(range(1, 6)):
        raise EncodingRejected(reason="a summary lacks a part")
    return Summary(
        stream, shape.digest(parts[1], "a name").hex(), SecretBytes(shape.exactly(parts[2], KEY_BYTES, "a key")),
        read_covers(parts[3]), shape.digest(parts[4], "a hash"), device,
        shape.exactly(parts[5], SIGNATURE_BYTES, "a signature"),
    )  # fmt: skip


def open_state(untrusted_file: bytes, summary: Summary, organisation: OrganisationId) -> bytes:
    """The state in a summary's file.

    Raises:
        EnvelopeRejected: it was not sealed for this summary.
        EncodingRejected: what is inside is not the state it says.
    """
    context = _context(organisation, summary.stream, summary.state_hash)
    plain = open_sealed(summary.key, untrusted_file, context=context)
    length = int.from_bytes(plain[:LENGTH_BYTES], "big")
    if length > len(plain) - LENGTH_BYTES or any(plain[LENGTH_BYTES + length :]):
        raise EncodingRejected(reason="a summary is padded wrongly")
    unpacker = zlib.decompressobj()
    try:
        state = unpacker.decompress(plain[LENGTH_BYTES : LENGTH_BYTES + length], MAX_STATE_BYTES + 1)
    except zlib.error as error:
        raise EncodingRejected(reason="a summary does not unpack") from error
    if not unpacker.eof or unpacker.unused_data or len(state) > MAX_STATE_BYTES:
        raise EncodingRejected(reason="a summary unpacks to too much, or does not end where it must")
    if sha256(state) != summary.state_hash:
        raise EncodingRejected(reason="a summary holds another state than it says")
    return state


def covers_wire(covers: Sequence[Head]) -> list[Wire]:
    """Heads as they travel."""
    return [[head.device, head.seq, head.body_hash] for head in covers]


def read_covers(value: object) -> tuple[Head, ...]:
    """What `covers_wire` wrote.

    Raises:
        EncodingRejected: not sorted, or a device twice.
    """
    heads = []
    for item in shape.items(value, "what a summary covers", at_most=MAX_DEVICES):
        device, seq, body_hash = shape.sequence(item, 3, "a head")
        heads.append(
            Head(
                DeviceId(shape.identifier(device, "a device id")), shape.number(seq, "a number", at_least=1),
                shape.digest(body_hash, "a hash"),
            )
        )  # fmt: skip
    if [head.device for head in heads] != sorted({head.device for head in heads}):
        raise EncodingRejected(reason="what a summary covers is out of order")
    return tuple(heads)


def is_covered(covers: Mapping[bytes, int], device: bytes, seq: int | None) -> bool:
    """Whether a change of this segment is in the state already."""
    return seq is not None and covers.get(device, 0) >= seq


def _statement(organisation: OrganisationId, stream: StreamId, covers: Sequence[Head], state_hash: bytes) -> bytes:
    return cbor.encode([organisation, stream, covers_wire(covers), state_hash])


def _context(organisation: OrganisationId, stream: StreamId, state_hash: bytes) -> bytes:
    return cbor.encode(["cwf1/sum", organisation, stream, state_hash])


