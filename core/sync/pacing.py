"""Rounds in short turns. A round may end anywhere and be repeated; a turn is a round that ends itself when its time
is over, so that whatever waits on the same thread, a save above all, goes first.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from types import MappingProxyType

from core.foundation.errors import Cancelled
from core.foundation.ports import CancelToken, Clock, FileInfo, SharedStore
from core.sync.listing import Glancing, new_files


class Turn:
    """A `CancelToken` that stops the round once `budget_s` has passed since it was first asked.

    The first answer is always yes, so that every turn gets something done, however slow the folder is.
    """

    def __init__(self, inner: CancelToken, clock: Clock, budget_s: float | None) -> None:
        self._inner = inner
        self._clock = clock
        self._budget_s = budget_s
        self._ends_s: float | None = None
        self.is_over = False
        """Whether time was what stopped the round."""

    def check(self) -> None:
        """
        Raises:
            Cancelled: the person stopped it, or the turn is over.
        """
        self._inner.check()
        if self._budget_s is None:
            return
        now_s = self._clock.monotonic_s()
        if self._ends_s is None:
            self._ends_s = now_s + self._budget_s
        elif now_s >= self._ends_s:
            self.is_over = True
            raise Cancelled()


Listing = Mapping[str, tuple[FileInfo, ...]]
"""What was listed, by the prefix asked for."""


class OneListing:
    """A store that is listed once for all turns of a round; what is put meanwhile is in the list."""

    def __init__(self, store: SharedStore, listed: Listing) -> None:
        self._store = store
        self._listed = dict(listed)

    @property
    def listed(self) -> Listing:
        """For the next turn."""
        return MappingProxyType(self._listed)

    def list(self, prefix: str) -> Iterator[FileInfo]:
        """As the store's, remembered."""
        known = self._listed.get(prefix)
        if known is None:
            known = self._listed[prefix] = tuple(self._store.list(prefix))
        return iter(known)

    def new(self, prefix: str, known: Container[str]) -> tuple[int, Sequence[FileInfo]]:
        """How many files lie below `prefix`, and those not `known`; from the store itself where that costs little."""
        return new_files(self._store if isinstance(self._store, Glancing) else self, prefix, known)

    def get(self, name: str, max_bytes: int) -> bytes:
        """As the store's."""
        return self._store.get(name, max_bytes)

    def put_if_absent(self, name: str, data: bytes) -> None:
        """As the store's, and noted."""
        self._store.put_if_absent(name, data)
        for prefix, known in self._listed.items():
            if name.startswith(f"{prefix}/") and all(info.name != name for info in known):
                self._listed[prefix] = (*known, FileInfo(name, len(data)))

    def delete(self, name: str) -> None:
        """As the store's, and noted."""
        self._store.delete(name)
        for prefix, known in self._listed.items():
            self._listed[prefix] = tuple(info for info in known if info.name != name)
