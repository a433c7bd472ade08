"""The one place that opens a file for writing: private, atomic, durable.

A crash leaves either the old file or the new one, never half of one. What it cannot promise:
on Windows the directory entry itself is not flushed, and a disk that lies about flushing lies to us.
"""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from core.foundation.errors import DiskFull, FileUnreadable, FolderNotWritable

PRIVATE_FILE_MODE = 0o600
PRIVATE_FOLDER_MODE = 0o700
TEMPORARY_SUFFIX = ".part"
READ_BLOCK_BYTES = 1024 * 1024

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)


def make_private_folder(path: Path) -> None:
    """Create `path` and those of its parents that are missing, readable by this operating-system user only.

    A folder that is there already keeps the permissions its owner gave it.

    Raises:
        FolderNotWritable, DiskFull: the folder cannot be made.
    """
    try:
        # mkdir's own `parents` would leave the parents readable by everybody.
        for folder in (*reversed(path.parents), path):
            if folder.is_file():
                raise FolderNotWritable(path=str(folder), reason="it is a file, not a folder")
            if not folder.is_dir():
                folder.mkdir(mode=PRIVATE_FOLDER_MODE, exist_ok=True)
    except OSError as error:
        raise translated(error, path) from error


def write_atomic(path: Path, data: bytes) -> None:
    """Replace the content of `path` by `data`, durably.

    Raises:
        FolderNotWritable, DiskFull: nothing was changed.
    """
    write_atomic_with(path, lambda stream: stream.write(data))


def write_atomic_with(path: Path, writer: Callable[[BinaryIO], object]) -> None:
    """As `write_atomic`, for content produced piece by piece by `writer(stream)`."""
    temporary = path.with_name(path.name + TEMPORARY_SUFFIX)
    try:
        # Never into what lies there under that name: it may be a link, or a file a stranger holds open.
        temporary.unlink(missing_ok=True)
        descriptor = os.open(temporary, _CREATE, PRIVATE_FILE_MODE)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                writer(stream)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        flush_folder(path.parent)
    except OSError as error:
        raise translated(error, path) from error


def move_into_place(source: Path, target: Path) -> None:
    """Give a finished file on the same disk its name, durably, in the place of what was there.

    Raises:
        FolderNotWritable, DiskFull: `target` is as it was.
    """
    try:
        os.replace(source, target)
        flush_folder(target.parent)
    except OSError as error:
        raise translated(error, target) from error


def flush_folder(folder: Path) -> None:
    """Make a rename durable where the system allows it."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_capped(path: Path, max_bytes: int) -> bytes:
    """The whole file, refusing more than `max_bytes`.

    Raises:
        FileUnreadable: missing, not permitted, or larger than the cap.
    """
    try:
        with path.open("rb") as stream:
            data = read_at_most(stream, max_bytes + 1)
    except OSError as error:
        raise FileUnreadable(path=str(path), reason=error.strerror or "it could not be opened") from error
    if len(data) > max_bytes:
        raise FileUnreadable(path=str(path), reason="it is larger than this kind of file can be")
    return data


def read_at_most(stream: BinaryIO, most_bytes: int) -> bytes:
    """What a stream holds, up to `most_bytes`. Takes the memory of what is there, not of what might be."""
    blocks: list[bytes] = []
    left = most_bytes
    while left and (block := stream.read(min(left, READ_BLOCK_BYTES))):
        blocks.append(block)
        left -= len(block)
    return b"".join(blocks)


def remove_tree(path: Path) -> None:
    """Delete a folder this program made; absent is fine."""
    shutil.rmtree(path, ignore_errors=True)


def translated(error: OSError, path: Path) -> DiskFull | FolderNotWritable:
    """The sentence a person should read for an operating-system error on writing `path`."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DiskFull(path=str(path.parent))
    return FolderNotWritable(path=str(path.parent), reason=error.strerror or "the system refused")


def overwrite(path: Path, data: bytes) -> None:
    """Write over the very bytes of a file, durably: for what is to be destroyed, not for what is to be kept.

    Raises:
        FolderNotWritable, DiskFull: it may be partly overwritten.
    """
    try:
        with path.open("r+b") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise translated(error, path) from error
