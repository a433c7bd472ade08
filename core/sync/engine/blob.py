"""Files attached to a record: padded, cut into parts, each part sealed under the file's own key (PROTOCOL 11).

A part is a Cobblestone container whose context names the organisation, the stream, the file and its place, so a part
put in the place of another does not open. What the host sees of a file are its parts, named by their own bytes, and a
size within some 12 percent; the key, the names of the parts and the hash of the whole lie in the record.
"""

from __future__ import annotations

from core.changes import cbor
from core.crypto.container import open_sealed, seal, sealed_size
from core.crypto.derive import DIGEST_BYTES, mac
from core.crypto.secrets import SecretBytes
from core.foundation.errors import EncodingRejected
from core.foundation.ids import OrganisationId, StreamId
from core.sync.engine.envelope import is_name, padded_size

PART_BYTES = 8 * 1024 * 1024
"""Every part but the last holds exactly so much."""
MAX_BLOB_BYTES = sealed_size(PART_BYTES)
"""No file under `cwf1/b` that holds part of an attachment is larger."""
MAX_ATTACHMENT_BYTES = 1024 * 1024 * 1024
BLOB_ID_BYTES = 20
FOLDER = "cwf1/b"


def blob_path(name: str) -> str:
    """Where a blob lies in the shared folder."""
    return f"{FOLDER}/{name[:2]}/{name}"


def is_blob_path(path: str) -> bool:
    """Whether something listed in the shared folder lies among the blobs."""
    return path.startswith(FOLDER + "/")


def blob_id_of(name_key: SecretBytes, sha256_of_file: bytes) -> bytes:
    """The same for the same file in one stream, and unrelated in every other: nobody else can look for a file."""
    return mac(name_key, sha256_of_file)[:BLOB_ID_BYTES]


def part_lengths(size_bytes: int) -> tuple[int, ...]:
    """How many bytes of the padded file each part holds."""
    padded = padded_size(size_bytes)
    whole, rest = divmod(padded, PART_BYTES)
    return (PART_BYTES,) * whole + ((rest,) if rest else ())


def seal_part(key: SecretBytes, plaintext: bytes, *, context: bytes) -> bytes:
    """One part, ready to be named by its bytes."""
    return seal(key, plaintext, context=context)


def open_part(key: SecretBytes, sealed: bytes, *, context: bytes) -> bytes:
    """What `seal_part` sealed at this place of this file.

    Raises:
        EnvelopeRejected: it is another part, of another file, or changed.
    """
    return open_sealed(key, sealed, context=context)


def part_context(organisation: OrganisationId, stream: StreamId, blob_id: bytes, place: int) -> bytes:
    """What binds a part to its place."""
    return cbor.encode(["cwf1/att", organisation, stream, blob_id, place])


def named_parts(untrusted_names: bytes, *, size_bytes: int | None) -> tuple[tuple[str, int], ...]:
    """The parts a record names, each with the size its sealed bytes must have.

    Raises:
        EncodingRejected: as `unpack_names`.
    """
    names = unpack_names(untrusted_names, size_bytes=size_bytes)
    lengths = part_lengths(size_bytes or 0)
    return tuple((name, sealed_size(length)) for name, length in zip(names, lengths, strict=True))


def pack_names(names: tuple[str, ...]) -> bytes:
    """The names of the parts as a record holds them: 32 bytes each, in order."""
    return b"".join(bytes.fromhex(name) for name in names)


def unpack_names(untrusted_bytes: bytes, *, size_bytes: int | None) -> tuple[str, ...]:
    """What `pack_names` packed for a file of this size.

    Raises:
        EncodingRejected: not that many names, a name twice, or no size a file can have.
    """
    if size_bytes is None or not 0 < size_bytes <= MAX_ATTACHMENT_BYTES:
        raise EncodingRejected(reason="an attached file has no size it can have")
    if len(untrusted_bytes) != DIGEST_BYTES * len(part_lengths(size_bytes)):
        raise EncodingRejected(reason="an attached file has more or fewer parts than its size")
    names = tuple(
        untrusted_bytes[start : start + DIGEST_BYTES].hex() for start in range(0, len(untrusted_bytes), DIGEST_BYTES)
    )
    if len(set(names)) != len(names) or not all(is_name(name) for name in names):
        raise EncodingRejected(reason="an attached file names a part twice")
    return names
