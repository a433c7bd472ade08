"""One program at a time: a lock file keeps a second window or a second person out of an open vault.

The operating system releases the lock when the process ends, however it ends; the file itself
stays and means nothing.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from core.foundation.errors import FolderNotWritable, VaultInUse
from core.foundation.files import PRIVATE_FILE_MODE

LOCK_NAME = "in-use"


class Occupancy:
    """Holds the vault folder for this process until `release`.

    Raises:
        VaultInUse: another process holds it.
        FolderNotWritable: the lock file cannot be made.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / LOCK_NAME
        try:
            self._descriptor: int | None = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE_FILE_MODE)
        except OSError as error:
            raise FolderNotWritable(path=str(folder), reason=error.strerror or "the system refused") from error
        try:
            _lock(self._descriptor)
        except OSError as error:
            self.release()
            raise VaultInUse() from error

    def release(self) -> None:
        """Let others in. Repeatable."""
        if self._descriptor is not None:
            with contextlib.suppress(OSError):
                os.close(self._descriptor)
            self._descriptor = None


if os.name == "nt":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
