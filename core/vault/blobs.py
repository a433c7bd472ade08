"""The folder `blobs/` beside the database: sealed parts of attached files, each under the hash of its bytes.

Nothing here is secret beyond what the shared folder shows: the parts are sealed, and their names are those of their
sealed bytes. Which of them are wanted, and what they belong to, is in the database.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from core.foundation.errors import FileUnreadable
from core.foundation.files import TEMPORARY_SUFFIX, make_private_folder, read_capped, write_atomic

BLOBS_NAME = "blobs"
ROOM_TO_SPARE_BYTES = 256 * 1024 * 1024
"""Files that only come from colleagues leave so much of the disk free, so that a note can always be saved."""
_NAME_LENGTH = 64
_HEX = frozenset("0123456789abcdef")


class BlobFolder:
    """The blobs of one vault. Whatever name is asked for, nothing outside the folder is touched."""

    def __init__(self, vault_folder: Path) -> None:
        self.path = vault_folder / BLOBS_NAME

    def keep(self, name: str, data: bytes) -> None:
        """Write a blob under its name, durably.

        Raises:
            DiskFull, FolderNotWritable: it is not there.
        """
        make_private_folder(self.path)
        write_atomic(self._of(name), data)

    def read(self, name: str, max_bytes: int) -> bytes | None:
        """The bytes of a blob; None if it is not there, cannot be read, or is not what its name says."""
        try:
            data = read_capped(self._of(name), max_bytes)
        except FileUnreadable:
            return None
        return data if hashlib.sha256(data).hexdigest() == name else None

    def has_room(self, size_bytes: int) -> bool:
        """Whether so much can come and the workbook itself still be written to; True where nobody can tell."""
        try:
            return shutil.disk_usage(self.path.parent).free >= size_bytes + ROOM_TO_SPARE_BYTES
        except OSError:
            return True

    def remove(self, names: Iterable[str]) -> None:
        """Delete blobs; absent ones are fine."""
        for name in names:
            with contextlib.suppress(OSError):
                self._of(name).unlink(missing_ok=True)

    def sizes(self) -> dict[str, int]:
        """Every blob in the folder with its size in bytes."""
        return {path.name: path.stat().st_size for path in self._files() if is_blob_name(path.name)}

    def sweep(self, known: Iterable[str]) -> None:
        """Delete what was left half written, and blobs nothing knows. Call it while holding the vault."""
        keep = set(known)
        for path in self._files():
            unfinished = path.name.endswith(TEMPORARY_SUFFIX)
            if unfinished or (is_blob_name(path.name) and path.name not in keep):
                with contextlib.suppress(OSError):
                    path.unlink()

    def _files(self) -> Iterator[Path]:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            for path in sorted(self.path.iterdir()):
                if path.is_file() and not path.is_symlink():
                    yield path

    def _of(self, name: str) -> Path:
        if not is_blob_name(name):
            raise FileUnreadable(path=BLOBS_NAME, reason="it has no name a sealed file can have")
        return self.path / name


def is_blob_name(name: str) -> bool:
    """Whether `name` is 64 lowercase hexadecimal digits."""
    return len(name) == _NAME_LENGTH and _HEX.issuperset(name)
