"""The one encrypted container: Cobblestone-256 (C2SP chunked-encryption), CWF/1 section 2.1.

A container is key-committing and bound to its `context`: it opens only with the same key and the
same context bytes. Layout: 24-byte random salt, 32-byte commitment, then 16 KiB chunks of AES-256-GCM;
the last chunk is always shorter than 16 KiB, so a cut file never passes for a whole one.

The library's decryptor hands out chunks before it knows that the end is there. Nothing in this
module gives a byte to its caller before the end has been verified.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from core.crypto.secrets import SecretBytes
from core.foundation.errors import BugError, EnvelopeRejected, FileUnreadable
from core.foundation.files import write_atomic_with

KEY_BYTES = 32
HEADER_BYTES = 56
CHUNK_BYTES = 16 * 1024
TAG_BYTES = 16
MINIMUM_SEALED_BYTES = HEADER_BYTES + TAG_BYTES
STREAM_BLOCK_BYTES = 1024 * 1024


def sealed_size(plaintext_bytes: int) -> int:
    """How many bytes `seal` makes of a plaintext of this length."""
    return HEADER_BYTES + plaintext_bytes + TAG_BYTES * (plaintext_bytes // CHUNK_BYTES + 1)


def seal(key: SecretBytes, plaintext: bytes, *, context: bytes) -> bytes:
    """Encrypt `plaintext` under a 32-byte key. The salt comes from the operating system."""
    encryptor = Cobblestone256Encryptor(_key_bytes(key), context)
    return b"".join((encryptor.update(plaintext), encryptor.finalize()))


def open_sealed(key: SecretBytes, sealed: bytes, *, context: bytes) -> bytes:
    """The plaintext of `seal` with the same key and context.

    Raises:
        EnvelopeRejected: changed, cut short, lengthened, another key or another context.
    """
    decryptor = Cobblestone256Decryptor(_key_bytes(key), context)
    try:
        return b"".join((decryptor.update(sealed), decryptor.finalize()))
    except InvalidTag as error:
        raise EnvelopeRejected() from error


def seal_stream(key: SecretBytes, reader: BinaryIO, writer: BinaryIO, *, context: bytes) -> int:
    """As `seal`, from `reader` to `writer` in pieces of 1 MiB. Returns the bytes read.

    Raises:
        FileUnreadable: `reader` failed. An `OSError` of `writer` is left to whoever opened it.
    """
    encryptor = Cobblestone256Encryptor(_key_bytes(key), context)
    total_bytes = 0
    while block := _read_block(reader):
        total_bytes += len(block)
        writer.write(encryptor.update(block))
    writer.write(encryptor.finalize())
    return total_bytes


def open_stream(key: SecretBytes, reader: BinaryIO, destination: Path, *, context: bytes) -> int:
    """As `open_sealed`, from `reader` into the new private file `destination`. Returns its size in bytes.

    The plaintext goes to a private temporary file beside `destination`, which gets its name only
    when the end of the container has been verified, and is removed otherwise.

    Raises:
        EnvelopeRejected: as `open_sealed`; `destination` is as it was.
        FileUnreadable: `reader` failed.
        DiskFull, FolderNotWritable: `destination` cannot be written.
    """
    decryptor = Cobblestone256Decryptor(_key_bytes(key), context)
    total_bytes = 0

    def write_verified(temporary: BinaryIO) -> None:
        nonlocal total_bytes
        try:
            while block := _read_block(reader):
                total_bytes += temporary.write(decryptor.update(block))
            total_bytes += temporary.write(decryptor.finalize())
        except InvalidTag as error:
            raise EnvelopeRejected() from error

    write_atomic_with(destination, write_verified)
    return total_bytes


def _read_block(reader: BinaryIO) -> bytes:
    try:
        return reader.read(STREAM_BLOCK_BYTES)
    except OSError as error:
        path = str(getattr(reader, "name", "the file"))
        raise FileUnreadable(path=path, reason=error.strerror or "it could not be read to its end") from error


def _key_bytes(key: SecretBytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise BugError(rule="a container key has 32 bytes")
    return key.reveal()
