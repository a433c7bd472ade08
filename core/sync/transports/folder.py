"""A shared folder: a drive, a network share, or what any sync program copies (keys-and-sync 2.10).

Obligations kept here: a file appears under its name whole or not at all; writing it twice is success; a name that
already holds other bytes than its own is replaced; nothing outside `cwf1/` is touched; links are never followed.
What is not promised: that a listing is complete or fresh, or that a file listed can be read.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from core.foundation.errors import FolderUnreachable, GoneFromFolder, NotYetReadable, SharedFolderError
from core.foundation.files import flush_folder
from core.foundation.ports import FileInfo, Randomness
from core.sync.engine.envelope import name_of

ROOT_NAME = "cwf1"
README_NAME = "README.txt"
README_TEXT = "The files in this folder are encrypted. Please do not rename, move or delete them.\n"
TEMPORARY_PREFIX, TEMPORARY_SUFFIX = "~cwf", ".tmp"
TEMPORARY_LIFETIME_S = 24 * 3600
REPLACE_ATTEMPTS = 8
FIRST_PAUSE_S = 0.02

_BUSY_ON_WINDOWS = frozenset({5, 32, 33})
"""Access denied, sharing violation, lock violation: an antivirus or a sync program has the file for a moment."""
_NOT_HERE_ON_WINDOWS = 0x400000 | 0x1000
"""Recall on data access, offline: opening such a placeholder blocks until it is downloaded."""
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def _pause(seconds: float) -> None:
    # The one place that waits: an antivirus lets go of a file within a moment, and this runs on a worker.
    time.sleep(seconds)  # noqa: TID251


class FolderTransport:
    """A `SharedStore` on a directory. Names are relative, with `/`, and begin with `cwf1/`."""

    def __init__(self, root: Path, *, randomness: Randomness, pause: Callable[[float], None] = _pause) -> None:
        self._root = root
        self._randomness = randomness
        self._pause = pause

    def list(self, prefix: str) -> Iterator[FileInfo]:
        """Every regular file below `prefix`, zero-length ones and our own temporary ones left out.

        Raises:
            FolderUnreachable: the folder itself is not there or cannot be read.
        """
        self._require_root()
        start = self._path(prefix)
        self._refuse_links(start)
        waiting = [start]
        while waiting:
            folder = waiting.pop()
            try:
                entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
            except FileNotFoundError:
                continue
            except OSError as error:
                if folder == start:
                    raise FolderUnreachable(path=str(self._root)) from error
                continue
            for entry in entries:
                try:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    elif entry.is_file(follow_symlinks=False) and not _is_temporary(entry.name):
                        size = entry.stat(follow_symlinks=False).st_size
                        if size:
                            yield FileInfo(Path(entry.path).relative_to(self._root).as_posix(), size)
                except OSError:
                    continue

    def get(self, name: str, max_bytes: int) -> bytes:
        """The bytes of a file.

        Raises:
            NotYetReadable: a placeholder, locked, empty, larger than `max_bytes`, or not a plain file.
            GoneFromFolder: it is not there any more.
            FolderUnreachable: the folder is not there any more.
        """
        path = self._path(name)
        self._refuse_links(path.parent)
        try:
            found = path.lstat()
            if not stat.S_ISREG(found.st_mode) or getattr(found, "st_file_attributes", 0) & _NOT_HERE_ON_WINDOWS:
                raise NotYetReadable()
            descriptor = os.open(path, _READ)
            with os.fdopen(descriptor, "rb") as stream:
                data = stream.read(max_bytes + 1)
        except FileNotFoundError as error:
            self._require_root()
            raise GoneFromFolder() from error
        except OSError as error:
            raise NotYetReadable() from error
        if not data or len(data) > max_bytes:
            raise NotYetReadable()
        return data

    def put_if_absent(self, name: str, data: bytes) -> None:
        """Write a file so that it is whole under its name or not there; then read it back.

        Raises:
            SharedFolderError: it could not be written, with the reason; it may be tried again.
            FolderUnreachable: the folder is not there.
        """
        self._require_root()
        path = self._path(name)
        self._refuse_links(path.parent)
        try:
            self._make_folder(path.parent)
            if not self._holds(path, data):
                self._write(path, data)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise SharedFolderError(reason="it is full") from error
            if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
                raise SharedFolderError(reason="nothing may be written there") from error
            raise SharedFolderError(reason=error.strerror or "the system refused") from error
        if not self._holds(path, data):
            raise SharedFolderError(reason="what was written could not be read back")

    def delete(self, name: str) -> None:
        """Remove one file; absent is fine.

        Raises:
            SharedFolderError: the system refused.
        """
        path = self._path(name)
        self._refuse_links(path.parent)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise SharedFolderError(reason=error.strerror or "the system refused") from error

    def prepare(self) -> None:
        """Put the one sentence for people who look into the folder, and clear temporary files older than a day.

        Raises:
            FolderUnreachable: there is no such folder.
            SharedFolderError: it cannot be written to.
        """
        self._require_root()
        readme = self._root / README_NAME
        try:
            # Only ever a new file: what lies there may be a link that somebody laid to a file of ours.
            with os.fdopen(os.open(readme, _CREATE, 0o666), "wb") as stream:
                stream.write(README_TEXT.encode("utf-8"))
        except FileExistsError:
            return
        except OSError as error:
            raise SharedFolderError(reason=error.strerror or "nothing may be written there") from error

    def sweep(self, now_s: float) -> None:
        """Remove temporary files, of whoever, that are older than a day at `now_s` (seconds since 1970)."""
        top = self._root / ROOT_NAME
        if top.is_symlink():
            return
        for folder, _, names in os.walk(top):
            for name in filter(_is_temporary, names):
                path = Path(folder) / name
                with contextlib.suppress(OSError):
                    if now_s - path.lstat().st_mtime > TEMPORARY_LIFETIME_S:
                        path.unlink()

    # ------------------------------------------------------------------

    def _require_root(self) -> None:
        if not self._root.is_dir():
            raise FolderUnreachable(path=str(self._root))

    def _refuse_links(self, folder: Path) -> None:
        """Whoever else writes in the folder must not lead us out of it."""
        while folder != self._root:
            if folder.is_symlink():
                raise SharedFolderError(reason=f"{folder.name} in it is a link to another place")
            folder = folder.parent

    def _path(self, name: str) -> Path:
        parts = name.rstrip("/").split("/")
        if parts[0] != ROOT_NAME or any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
            raise SharedFolderError(reason="a name in it is not one this program uses")
        return self._root.joinpath(*parts)

    def _make_folder(self, folder: Path) -> None:
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            flush_folder(path.parent)

    def _holds(self, path: Path, data: bytes) -> bool:
        try:
            found = path.lstat()
            if not stat.S_ISREG(found.st_mode) or found.st_size != len(data):
                return False
            return name_of(path.read_bytes()) == name_of(data)
        except OSError:
            return False

    def _write(self, path: Path, data: bytes) -> None:
        temporary = path.with_name(TEMPORARY_PREFIX + self._randomness.bytes(4).hex() + TEMPORARY_SUFFIX)
        descriptor = os.open(temporary, _CREATE, 0o666)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            self._replace(temporary, path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        flush_folder(path.parent)

    def _replace(self, temporary: Path, path: Path) -> None:
        for attempt in range(REPLACE_ATTEMPTS):
            try:
                os.replace(temporary, path)
            except OSError as error:
                busy = getattr(error, "winerror", None) in _BUSY_ON_WINDOWS
                if not busy or attempt == REPLACE_ATTEMPTS - 1:
                    raise
                self._pause(FIRST_PAUSE_S * 2**attempt)
            else:
                return


def _is_temporary(name: str) -> bool:
    return name.startswith(TEMPORARY_PREFIX) and name.endswith(TEMPORARY_SUFFIX)
