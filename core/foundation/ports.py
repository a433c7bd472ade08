"""What the rooms above ask of the world. The real ones are in `system.py`; tests bring their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Instants are timezone-aware UTC."""

    def now(self) -> datetime: ...

    def monotonic_s(self) -> float:
        """Seconds since an arbitrary start; never goes backwards."""
        ...


class Randomness(Protocol):
    """Unpredictable bytes."""

    def bytes(self, count: int) -> bytes: ...


class Progress(Protocol):
    """Hears how far a long job is. Called often; the listener does its own thinning."""

    def __call__(self, done: int, total: int, stage: str = "") -> None: ...


class CancelToken(Protocol):
    """Asked between steps whether the person has changed their mind."""

    def check(self) -> None:
        """Raise `errors.Cancelled` if the job should stop here."""
        ...


@dataclass(frozen=True, slots=True)
class FileInfo:
    """One name in a shared folder. `size_bytes` may be stale."""

    name: str
    size_bytes: int


class SharedStore(Protocol):
    """A dumb place for immutable, content-named files (`core/sync/PROTOCOL.md`, transports).

    Listings may be stale, incomplete, duplicated or contain strangers; correctness never
    depends on mutual exclusion. Every verb raises only from `errors.SharedFolderError`.
    """

    def list(self, prefix: str) -> Iterator[FileInfo]: ...

    def get(self, name: str, max_bytes: int) -> bytes:
        """Raises `NotYetReadable` (placeholder, locked, partial) or `GoneFromFolder`."""
        ...

    def put_if_absent(self, name: str, data: bytes) -> None:
        """Repeatable: an existing file with the same bytes is success."""
        ...

    def delete(self, name: str) -> None: ...


def no_progress(done: int, total: int, stage: str = "") -> None:
    """A `Progress` nobody listens to."""


class NeverCancel:
    """A `CancelToken` for work nobody can interrupt."""

    def check(self) -> None:
        return None
