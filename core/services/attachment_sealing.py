"""Taking a file in: read twice, sealed part by part into the workbook's own folder; all of it is kept, or nothing."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import stat
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.crypto.container import sealed_size
from core.crypto.secrets import SecretBytes
from core.foundation.errors import AttachmentRefused, DiskFull, FileUnreadable
from core.foundation.ids import OrganisationId, StreamId
from core.foundation.ports import CancelToken, Progress
from core.media.kinds import HEAD_BYTES, media_type_of
from core.sync.engine.blob import MAX_ATTACHMENT_BYTES, part_context, part_lengths, seal_part
from core.sync.engine.envelope import name_of
from core.vault.blobs import BlobFolder

BLOCK_BYTES = 1024 * 1024
ROOM_TO_SPARE_BYTES = 32 * 1024 * 1024
MAX_NAME_LETTERS = 200
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_CHANGED = "it changed while it was being read"
_WAIT = "Wait until it is finished, or close the program that has it open, then try again."


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file somebody chose, or the bytes of one (a pasted picture). Exactly one of the two."""

    path: Path | None = None
    data: bytes = b""
    name: str = ""

    @property
    def shown_name(self) -> str:
        """The name it is kept under: one line, no path, nothing that turns the reading direction round."""
        given = self.name or (self.path.name if self.path else "")
        letters = unicodedata.normalize("NFC", given.replace("\\", "/").rpartition("/")[2])
        kept = "".join(letter for letter in letters if unicodedata.category(letter)[0] != "C").strip()
        if len(kept) > MAX_NAME_LETTERS:
            stem, dot, ending = kept.rpartition(".")
            ending = f"{dot}{ending}" if dot and len(ending) <= 10 else ""
            kept = (stem or kept)[: MAX_NAME_LETTERS - len(ending)] + ending
        return kept or "file"


@dataclass(frozen=True, slots=True)
class Measured:
    """What the first reading found."""

    size_bytes: int
    sha256: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class SealingKey:
    """Under what the parts are sealed."""

    organisation: OrganisationId
    stream: StreamId
    blob_id: bytes
    key: SecretBytes


def measure(given: GivenFile, *, progress: Progress, cancel: CancelToken) -> Measured:
    """Read the file once.

    Raises:
        AttachmentRefused: empty, too large, a folder, no plain file, or it changed meanwhile.
        FileUnreadable, Cancelled.
    """
    with _opened(given) as stream:
        expected = _size_of(stream, given)
        digest, size, head = hashlib.sha256(), 0, b""
        for block in _blocks(stream, given):
            cancel.check()
            head = head or block[:HEAD_BYTES]
            digest.update(block)
            size += len(block)
            _refuse_size(size)
            progress(size, 2 * expected, "Reading the file")
    if size != expected:
        raise AttachmentRefused(reason=_CHANGED, next_step=_WAIT)
    return Measured(size, digest.digest(), media_type_of(head, given.shown_name))


def seal_into(
    folder: BlobFolder, given: GivenFile, measured: Measured, sealing: SealingKey, *, progress: Progress,
    cancel: CancelToken,
) -> tuple[tuple[str, int], ...]:  # fmt: skip
    """Read the file again and keep its sealed parts; their names and sizes in order. All of them, or none.

    Raises:
        AttachmentRefused: it is not what was read first.
        FileUnreadable, DiskFull, FolderNotWritable, Cancelled.
    """
    _refuse_full_disk(folder, measured.size_bytes)
    made: list[tuple[str, int]] = []
    try:
        with _opened(given) as stream:
            digest, left = hashlib.sha256(), measured.size_bytes
            for place, length in enumerate(part_lengths(measured.size_bytes)):
                cancel.check()
                plain = _read_exactly(stream, min(length, left), given)
                digest.update(plain)
                left -= len(plain)
                context = part_context(sealing.organisation, sealing.stream, sealing.blob_id, place)
                sealed = seal_part(sealing.key, plain.ljust(length, b"\0"), context=context)
                name = name_of(sealed)
                made.append((name, len(sealed)))
                folder.keep(name, sealed)
                progress(2 * measured.size_bytes - left, 2 * measured.size_bytes, "Encrypting the file")
            if digest.digest() != measured.sha256 or stream.read(1):
                raise AttachmentRefused(reason=_CHANGED, next_step=_WAIT)
    except BaseException:
        folder.remove(name for name, _ in made)
        raise
    return tuple(made)


def _opened(given: GivenFile) -> BinaryIO:
    if given.path is None:
        return io.BytesIO(given.data)
    try:
        found = given.path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise AttachmentRefused(reason="it is a folder", next_step="Choose the files in it.")
        if not stat.S_ISREG(found.st_mode):
            raise AttachmentRefused(reason="it is not an ordinary file", next_step="Choose a file.")
        return os.fdopen(os.open(given.path, _READ), "rb")
    except OSError as error:
        raise FileUnreadable(path=given.shown_name, reason=_why(error)) from error


def _size_of(stream: BinaryIO, given: GivenFile) -> int:
    size = len(given.data) if given.path is None else os.fstat(stream.fileno()).st_size
    if size == 0:
        raise AttachmentRefused(reason="it is empty", next_step="Check that it was copied or saved completely.")
    _refuse_size(size)
    return size


def _refuse_size(size_bytes: int) -> None:
    if size_bytes > MAX_ATTACHMENT_BYTES:
        raise AttachmentRefused(
            reason="it is larger than 1 GB", next_step="Cut the recording into shorter pieces, and attach those."
        )


def _blocks(stream: BinaryIO, given: GivenFile) -> Iterator[bytes]:
    while block := _read(stream, BLOCK_BYTES, given):
        yield block


def _read_exactly(stream: BinaryIO, count: int, given: GivenFile) -> bytes:
    found = bytearray()
    while len(found) < count:
        block = _read(stream, min(BLOCK_BYTES, count - len(found)), given)
        if not block:
            raise AttachmentRefused(reason=_CHANGED, next_step=_WAIT)
        found += block
    return bytes(found)


def _read(stream: BinaryIO, count: int, given: GivenFile) -> bytes:
    try:
        return stream.read(count)
    except OSError as error:
        raise FileUnreadable(path=given.shown_name, reason=_why(error)) from error


def _refuse_full_disk(folder: BlobFolder, size_bytes: int) -> None:
    needed = sum(sealed_size(length) for length in part_lengths(size_bytes)) + ROOM_TO_SPARE_BYTES
    try:
        free = shutil.disk_usage(folder.path.parent).free
    except OSError:
        return  # not known: writing itself will tell
    if free < needed:
        raise DiskFull(path=str(folder.path.parent))


def _why(error: OSError) -> str:
    return error.strerror or "it could not be opened"
