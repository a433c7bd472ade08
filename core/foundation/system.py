"""The real clock and the real dice. Only composition roots and tests import this module."""

from __future__ import annotations

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
