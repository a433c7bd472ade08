"""A lock between processes, so that two starts at once do not break each other's set-up.

The operating system lets go of it when its holder ends, however it ends; nothing has to be cleaned up.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

PAUSE_BETWEEN_TRIES_S = 0.2


@contextlib.contextmanager
def only_one(path: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock file `path`; wait, saying so once, while another process holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _try(descriptor):
            say("Another start is setting the program up; waiting for it.")
            while not _try(descriptor):
                time.sleep(PAUSE_BETWEEN_TRIES_S)
        yield
    finally:
        os.close(descriptor)


def _try(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
