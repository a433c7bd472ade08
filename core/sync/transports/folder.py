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
from collections.abc import Iterator, Sequence
from pathlib import Path, PureWindowsPath

from core.foundation.errors import FolderUnreachable, GoneFromFolder, NotYetReadable, SharedFolderError
from core.foundation.files import flush_folder, read_at_most
from core.foundation.ports import FileInfo, Randomness
from core.sync.engine.envelope import NAME_LENGTH, name_of
from core.sync.transports.names import README_NAME, README_TEXT, ROOT_NAME, checked_parts
from core.sync.transports.passed_over import PassedOver, passed_over
from core.sync.transports.pauses import Pause, pause

__all__ = ["README_NAME", "README_TEXT", "ROOT_NAME", "FolderTransport"]

TEMPORARY_PREFIX, TEMPORARY_SUFFIX = "~cwf", ".tmp"
TEMPORARY_LIFETIME_S = 24 * 3600
REPLACE_ATTEMPTS = 8
FIRST_PAUSE_S = 0.02

_BUSY_ON_WINDOWS = frozenset({5, 32, 33})
"""Access denied, sharing violation, lock violation: an antivirus or a sync program has the file for a moment."""
_NOT_HERE_ON_WINDOWS = 0x400000 | 0x1000
_NOT_HERE_ON_MACOS = 0x40000000
"""Recall on data access, offline; dataless: opening such a placeholder blocks until it is downloaded."""
_CANNOT_FLUSH_FOLDERS = frozenset({errno.EINVAL, errno.EBADF, errno.EACCES, errno.ENOSYS, errno.ENOTSUP, errno.EISDIR})
"""What a network share says that knows no flushing of folders: it flushes them itself, or never."""
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class FolderTransport:
    """A `SharedStore` on a directory. Names are relative, with `/`, and begin with `cwf1/`."""

    def __init__(self, root: Path, *, randomness: Randomness, pause: Pause = pause) -> None:
        self._root = Path(extended(str(root.absolute()))) if os.name == "nt" else root
        self._said = str(root)
        self._randomness = randomness
        self._pause = pause
        self._temporaries: dict[Path, float] = {}
        self._placeholders: dict[str, None] = {}

    @property
    def folder(self) -> Path:
        """The folder itself."""
        return self._root

    @property
    def not_here(self) -> tuple[str, ...]:
        """Files that were wanted and lie elsewhere: their names are here, their bytes are not (`bring_down`)."""
        return tuple(self._placeholders)

    def list(self, prefix: str) -> Iterator[FileInfo]:
        """Every regular file below `prefix`, zero-length ones and our own temporary ones left out.

        Raises:
            FolderUnreachable: the folder itself is not there or cannot be read.
        """
        self._require_root()
        start = self._path(prefix)
        self._refuse_links(start)
        waiting = [(start, start.relative_to(self._root).as_posix())]
        while waiting:
            folder, folder_name = waiting.pop()
            try:
                with os.scandir(folder) as found:
                    entries = sorted(found, key=lambda entry: entry.name)
            except FileNotFoundError:
                continue
            except OSError as error:
                if folder == start:
                    raise FolderUnreachable(path=self._said) from error
                continue
            for entry in entries:
                name = f"{folder_name}/{entry.name}"
                try:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((Path(entry.path), name))
                    elif entry.is_file(follow_symlinks=False):
                        info = self._info(entry, name)
                        if info is not None:
                            yield info
                except OSError:
                    continue

    def _info(self, entry: os.DirEntry[str], name: str) -> FileInfo | None:
        found = entry.stat(follow_symlinks=False)
        if _is_temporary(entry.name):
            self._temporaries[Path(entry.path)] = found.st_mtime
            return None
        return FileInfo(name, found.st_size) if found.st_size else None

    def names(self, prefix: str) -> Sequence[str]:
        """As `list`, names alone and without looking at the files: what a round with nothing new costs.

        What has the length of a content name is taken to be a file; `info` says whether it is one.

        Raises:
            FolderUnreachable: the folder itself is not there or cannot be read.
        """
        self._require_root()
        start = self._path(prefix)
        self._refuse_links(start)
        others = []
        names = []
        try:
            with os.scandir(start) as found:
                for entry in found:
                    if len(entry.name) == NAME_LENGTH:
                        names.append(f"{prefix}/{entry.name}")
                    else:
                        others.append((entry.name, entry.is_dir(follow_symlinks=False)))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise FolderUnreachable(path=self._said) from error
        for name, is_folder in others:
            if is_folder:
                with contextlib.suppress(SharedFolderError):  # no name of ours, or gone by now
                    names += (info.name for info in self.list(f"{prefix}/{name}"))
            elif (info := self.info(f"{prefix}/{name}")) is not None:
                names.append(info.name)
        return names

    def passed_over(self, prefix: str) -> Iterator[tuple[str, PassedOver]]:
        """What lies below `prefix` and `list` leaves out, but for temporary files: for whoever checks the folder."""
        return passed_over(self._root, prefix)

    def info(self, name: str) -> FileInfo | None:
        """One file, if it is a regular one with something in it."""
        try:
            path = self._path(name)
            found = path.lstat()
        except (OSError, SharedFolderError):
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        if _is_temporary(path.name):
            self._temporaries[path] = found.st_mtime
            return None
        return FileInfo(name, found.st_size) if found.st_size else None

    def get(self, name: str, max_bytes: int) -> bytes:
        """The bytes of a file. A placeholder is never opened here: that would block until it is downloaded.

        Raises:
            NotYetReadable: a placeholder, locked, empty, larger than `max_bytes`, or not a plain file.
            GoneFromFolder: it is not there any more.
            FolderUnreachable: the folder is not there any more.
        """
        path = self._path(name)
        self._refuse_links(path.parent)
        try:
            found = path.lstat()
            if _is_elsewhere(found):
                self._placeholders[name] = None
                raise NotYetReadable()
            if not stat.S_ISREG(found.st_mode) or found.st_size > max_bytes:
                raise NotYetReadable()
            data = _read(path, max_bytes)
        except FileNotFoundError as error:
            self._require_root()
            raise GoneFromFolder() from error
        except OSError as error:
            raise NotYetReadable() from error
        if not data or len(data) > max_bytes:
            raise NotYetReadable()
        return data

    def bring_down(self, name: str) -> bool:
        """Open a placeholder, so that the sync program downloads it: may take a minute, so never in a round.

        Whether it is here now. Nothing is raised: what does not come today comes another day.
        """
        try:
            path = self._path(name)
            self._refuse_links(path.parent)
            if not stat.S_ISREG(path.lstat().st_mode) or not _read(path, 0):
                return False
        except (OSError, SharedFolderError):
            return False
        self._placeholders.pop(name, None)
        return True

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
            self._require_root()
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
        """Put the one sentence for people who look into the folder.

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
        """Remove the temporary files met while listing, of whoever, that are a day from `now_s` (seconds since 1970).

        A day in either direction: a clock that was wrong left them, and would keep them for years. Whoever is
        writing one of them at this moment writes it again.
        """
        for path, written_s in self._temporaries.items():
            with contextlib.suppress(OSError, SharedFolderError):
                if abs(now_s - written_s) > TEMPORARY_LIFETIME_S:
                    self._refuse_links(path.parent)
                    path.unlink()
        self._temporaries.clear()

    # ------------------------------------------------------------------

    def _require_root(self) -> None:
        if not self._root.is_dir():
            raise FolderUnreachable(path=self._said)

    def _refuse_links(self, folder: Path) -> None:
        """Whoever else writes in the folder must not lead us out of it."""
        while folder != self._root:
            if folder.is_symlink():
                raise SharedFolderError(reason=f"{folder.name} in it is a link to another place")
            folder = folder.parent

    def _path(self, name: str) -> Path:
        return self._root.joinpath(*checked_parts(name))

    def _make_folder(self, folder: Path) -> None:
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
            _flush(path.parent)

    def _holds(self, path: Path, data: bytes) -> bool:
        try:
            found = path.lstat()
            if not stat.S_ISREG(found.st_mode) or found.st_size != len(data):
                return False
            # What was uploaded and given up to save room is not downloaded to look at it.
            return _is_elsewhere(found) or name_of(_read(path, len(data))) == name_of(data)
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
            self._replace(temporary, path, data)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        _flush(path.parent)

    def _replace(self, temporary: Path, path: Path, data: bytes) -> None:
        for attempt in range(REPLACE_ATTEMPTS):
            try:
                os.replace(temporary, path)
            except OSError as error:
                if self._holds(path, data):  # it happened all the same, or somebody else wrote the same file first
                    with contextlib.suppress(OSError):
                        temporary.unlink()
                    return
                busy = getattr(error, "winerror", None) in _BUSY_ON_WINDOWS
                if not busy or attempt == REPLACE_ATTEMPTS - 1:
                    raise
                self._pause(FIRST_PAUSE_S * 2**attempt)
            else:
                return


def extended(path: str) -> str:
    """An absolute Windows path in the form that may be longer than 260 and may end in a dot or a space."""
    if path.startswith("\\\\?\\") or not PureWindowsPath(path).is_absolute():
        return path
    plain = str(PureWindowsPath(path))
    return f"\\\\?\\UNC\\{plain[2:]}" if plain.startswith("\\\\") else f"\\\\?\\{plain}"


def _read(path: Path, max_bytes: int) -> bytes:
    """At most one byte more than `max_bytes`; never through a link, never waiting for a pipe."""
    with os.fdopen(os.open(path, _READ), "rb") as stream:
        return read_at_most(stream, max_bytes + 1)


def _flush(folder: Path) -> None:
    try:
        flush_folder(folder)
    except OSError as error:
        if error.errno not in _CANNOT_FLUSH_FOLDERS:
            raise


def _is_elsewhere(found: os.stat_result) -> bool:
    """Whether only the name is here and the bytes would have to be fetched."""
    windows = getattr(found, "st_file_attributes", 0) & _NOT_HERE_ON_WINDOWS
    return bool(windows or getattr(found, "st_flags", 0) & _NOT_HERE_ON_MACOS)


def _is_temporary(name: str) -> bool:
    return name.startswith(TEMPORARY_PREFIX) and name.endswith(TEMPORARY_SUFFIX)
