"""The one place that waits: whoever holds a file for a moment lets go of it, and transports run on a worker."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeAlias

Pause: TypeAlias = Callable[[float], None]


def pause(seconds: float) -> None:
    """Wait."""
    time.sleep(seconds)  # noqa: TID251
