"""Looking at an attached file in the program, and saving a copy of it outside. Nothing is given out unverified."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from core.crypto.secrets import SecretBytes
from core.domain.case import Case
from core.domain.changed import NOTHING, Changed
from core.domain.documents import Attachment
from core.foundation.errors import (
    AttachmentDamaged,
    AttachmentNotHere,
    AttachmentRefused,
    EncodingRejected,
    EnvelopeRejected,
    FolderNotWritable,
)
from core.foundation.files import write_atomic_with
from core.foundation.ids import RecordId
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.media.cleaning import BLOCK_BYTES, cleaned
from core.services.attachments import KEY_BYTES, AttachedFile, find_record, get_attachment
from core.services.audit import note_before
from core.services.places import refuse_own_folder
from core.services.telling_names import refuse_telling_name
from core.services.workspace import Workspace
from core.store.blobs import BlobState, VaultBlobs
from core.sync.engine.blob import MAX_BLOB_BYTES, PART_BYTES, open_part, part_context, part_lengths, unpack_names
from core.vault.blobs import BlobFolder

MAX_VIEW_BYTES = 64 * 1024 * 1024
"""A larger file is not held in memory to look at; a copy of it can be saved."""


@dataclass(frozen=True, slots=True)
class FileForView:
    """A whole file in memory, verified from its first to its last byte."""

    row: AttachedFile
    data: bytes


@dataclass(frozen=True, slots=True)
class CopySaved:
    """The copy, and whether location data was taken out."""

    path: Path
    size_bytes: int
    cleaned: bool
    changed: Changed


class OpenedFile:
    """Reads anywhere in an attached file; one part at a time is in memory, and each is verified before it is used.

    Raises:
        AttachmentNotHere, AttachmentDamaged: as parts are read.
    """

    def __init__(self, workspace: Workspace, record: Attachment) -> None:
        self._workspace = workspace
        self._record = record
        try:
            self._names = unpack_names(record.parts, size_bytes=record.size_bytes)
            self._key = SecretBytes(record.key)
        except EncodingRejected as error:
            raise AttachmentDamaged() from error
        if len(self._key) != KEY_BYTES:
            raise AttachmentDamaged()
        self.size_bytes = record.size_bytes or 0
        self._lengths = part_lengths(self.size_bytes)
        self._folder = BlobFolder(workspace.folder)
        self._held: tuple[int, bytes] = (-1, b"")

    def read_at(self, place: int, count: int) -> bytes:
        """Up to `count` bytes from `place` on; fewer at the end of the file."""
        found = bytearray()
        end = min(place + count, self.size_bytes)
        while place < end:
            number, start = divmod(place, PART_BYTES)
            piece = self._part(number)[start : start + end - place]
            found += piece
            place += len(piece)
        return bytes(found)

    def check(self, *, progress: Progress, cancel: CancelToken) -> None:
        """Read all of it once and compare it with its hash."""
        digest = hashlib.sha256()
        for place in range(0, self.size_bytes, BLOCK_BYTES):
            cancel.check()
            digest.update(self.read_at(place, BLOCK_BYTES))
            progress(place, 2 * self.size_bytes, "Checking the file")
        if digest.digest() != self._record.sha256:
            raise AttachmentDamaged()

    def _part(self, number: int) -> bytes:
        if self._held[0] != number:
            self._held = (-1, b"")
            self._held = (number, self._opened(number))
        return self._held[1]

    def _opened(self, number: int) -> bytes:
        name = self._names[number]
        sealed = self._folder.read(name, MAX_BLOB_BYTES)
        if sealed is None:
            self._want_again(name)
        else:
            record, organisation = self._record, self._workspace.keys.organisation
            context = part_context(organisation, record.stream, record.blob_id, number)
            try:
                plain = open_part(self._key, sealed, context=context)
            except EnvelopeRejected as error:
                raise AttachmentDamaged() from error
            left = self.size_bytes - number * PART_BYTES
            if len(plain) != self._lengths[number] or any(plain[max(left, 0) :]):
                raise AttachmentDamaged()
            return plain[: max(left, 0)]
        raise AttachmentNotHere()

    def _want_again(self, name: str) -> None:
        """What is gone or damaged here is fetched again, unless nobody else can have it."""
        with VaultBlobs(self._workspace.store.engine).writing() as rows:
            state = rows.states([name]).get(name)
            if state is BlobState.OUTGOING:
                raise AttachmentDamaged()
            rows.set_state(name, BlobState.WANTED)
            rows.ask([name])


def open_for_view(
    workspace: Workspace, *, attachment: RecordId, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> FileForView:
    """The whole file in memory, for looking at it in the program. Nothing is written to the disk.

    Raises:
        NotFound: there is none, or it was removed.
        AttachmentNotHere: its bytes have not been received.
        AttachmentDamaged: it does not verify.
        AttachmentRefused: it is too large to look at here.
    """
    record = find_record(workspace, attachment=attachment)
    opened = OpenedFile(workspace, record)
    if opened.size_bytes > MAX_VIEW_BYTES:
        raise AttachmentRefused(reason="it is too large to look at here", next_step="Save a copy and open that.")
    token = cancel or NeverCancel()
    pieces = []
    for place in range(0, opened.size_bytes, BLOCK_BYTES):
        token.check()
        pieces.append(opened.read_at(place, BLOCK_BYTES))
        progress(place, opened.size_bytes, "Opening the file")
    data = b"".join(pieces)
    if hashlib.sha256(data).digest() != record.sha256:
        raise AttachmentDamaged()
    return FileForView(get_attachment(workspace, attachment=attachment), data)


def save_copy(
    workspace: Workspace, *, attachment: RecordId, destination: Path, original: bool = False, replace: bool = False,
    progress: Progress = no_progress, cancel: CancelToken | None = None,
) -> CopySaved:  # fmt: skip
    """Write a copy outside the workbook: without location data, or bit for bit if the `original` is asked for.

    The copy is readable by anybody who gets at it. It appears under its name only when all of it has been verified.

    Raises:
        CopyNotCleaned: location data cannot be taken out of this file; no copy was made.
        AttachmentNotHere, AttachmentDamaged: no copy was made.
        FolderNotWritable, DiskFull, Cancelled: likewise; an older file of that name is untouched. A name that says who
            the case is about is refused too.
        NotFound: there is no such file in this vault.
    """
    record = find_record(workspace, attachment=attachment)
    refuse_own_folder(workspace.folder, destination)
    if destination.is_dir():
        raise FolderNotWritable(path=str(destination), reason="it is a folder; give the copy a name")
    if destination.exists() and not replace:
        raise FolderNotWritable(
            path=str(destination.parent), reason=f"{destination.name} is there already, so it was left as it is"
        )
    if record.case is not None:
        refuse_telling_name(workspace, case=workspace.store.get(Case, record.case), path=destination)
    token = cancel or NeverCancel()
    opened = OpenedFile(workspace, record)
    opened.check(progress=progress, cancel=token)
    pieces = _as_it_is(opened) if original else cleaned(opened, opened.size_bytes, record.media_type)
    _note_copy_leaves(workspace, record, original=original)
    written = 0

    def pour(stream: BinaryIO) -> None:
        nonlocal written
        for piece in pieces:
            token.check()
            written += stream.write(piece)
            progress(opened.size_bytes + written, 2 * opened.size_bytes, "Saving the copy")

    write_atomic_with(destination, pour)
    return CopySaved(destination, written, not original, NOTHING)


def _as_it_is(opened: OpenedFile) -> Iterator[bytes]:
    for place in range(0, opened.size_bytes, BLOCK_BYTES):
        yield opened.read_at(place, BLOCK_BYTES)


def _note_copy_leaves(workspace: Workspace, record: Attachment, *, original: bool) -> None:
    """The one place that knows of every copy before it leaves: what is written down about copies is written here."""
    subject = "As it was attached, with everything in it" if original else "Without location data"
    note_before(workspace, about=record.stream, deed="save-copy", subject=subject, record=record.id)
