"""The real clock and the real dice. Only composition roots and tests import this module."""

from __future__ import annotations

import contextlib
import os
import time
from datetime import UTC, datetime


class SystemClock:
    """This laptop's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        return time.monotonic()


class SystemRandomness:
    """The operating system's cryptographic random source."""

    def bytes(self, count: int) -> bytes:
        return os.urandom(count)


def refuse_core_dumps() -> None:
    """Have the system write no image of this process when it crashes: it would hold the keys. Once, at the start.

    On Windows, where crash images go is the owner's setting; there is no such switch for one program to turn.
    """
    if os.name == "posix":
        import resource

        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
