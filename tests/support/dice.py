"""Repeatable randomness for tests."""

from __future__ import annotations

import hashlib


class SeededRandomness:
    """The same stream of bytes for the same seed, on every machine and Python version."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._drawn = 0

    def bytes(self, count: int) -> bytes:
        self._drawn += 1
        return hashlib.shake_256(f"{self._seed}/{self._drawn}".encode()).digest(count)
