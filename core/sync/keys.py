"""The stream keys and headers this person holds, in memory for one batch of work."""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from core.foundation.ids import StreamId
from core.sync.engine import epochs
from core.sync.engine.epochs import EpochHeader, EpochKey
from core.sync.engine.segment import TAG_BYTES
from core.sync.ports import KeptEpoch


class StreamKeys:
    """Finds the key a section was sealed with, and the header that says who may write with it."""

    def __init__(self, kept: Iterable[KeptEpoch]) -> None:
        self._keys: dict[bytes, EpochKey] = {}
        self._tags: list[tuple[bytes, bytes]] = []
        self.headers: dict[bytes, EpochHeader] = {}
        self._streams: dict[StreamId, set[bytes]] = {}
        for row in kept:
            if row.header is not None:
                self.add_header(row.header_hash, epochs.decode(row.header))
            if row.key is not None:
                self.add_key(EpochKey(row.stream, row.number, row.header_hash, row.key))

    def add_key(self, key: EpochKey) -> bool:
        """Returns whether it was new."""
        if key.header_hash in self._keys:
            return False
        self._keys[key.header_hash] = key
        self._tags.append((epochs.tag_key(key.key).reveal(), key.header_hash))
        return True

    def add_header(self, header_hash: bytes, header: EpochHeader) -> None:
        """A header that was checked."""
        self.headers[header_hash] = header
        self._streams.setdefault(header.stream, set()).add(header_hash)

    def key_of(self, header_hash: bytes) -> EpochKey | None:
        """The key of an epoch, if it is here."""
        return self._keys.get(header_hash)

    def headers_of(self, stream: StreamId) -> dict[bytes, EpochHeader]:
        """Every header of one stream."""
        return {name: self.headers[name] for name in self._streams.get(stream, ())}

    def find(self, nonce: bytes, tag: bytes, among: frozenset[bytes] | None = None) -> EpochKey | None:
        """The key a section was tagged with; the one found last is tried first next time."""
        for place, (key, header_hash) in enumerate(self._tags):
            if among is not None and header_hash not in among:
                continue
            if hmac.digest(key, nonce, "sha256")[:TAG_BYTES] == tag:
                if place:
                    self._tags.insert(0, self._tags.pop(place))
                return self._keys[header_hash]
        return None

    def forget(self, header_hash: bytes) -> None:
        """Drop an epoch that turned out to break the rules."""
        self._keys.pop(header_hash, None)
        header = self.headers.pop(header_hash, None)
        if header is not None:
            self._streams[header.stream].discard(header_hash)
        self._tags = [entry for entry in self._tags if entry[1] != header_hash]
