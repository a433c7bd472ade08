"""The stream keys and headers this person holds, in memory for one batch of work.

A vault may hold thousands of streams and a batch concern three of them, so headers are decoded and tag keys derived
only when somebody asks.
"""

from __future__ import annotations

import hmac
from collections.abc import Container, Iterable

from core.foundation.ids import DeviceId, StreamId
from core.sync.engine import epochs
from core.sync.engine.epochs import EpochHeader, EpochKey
from core.sync.engine.rekeying import Place, uncounted
from core.sync.engine.roster import Roster
from core.sync.engine.segment import TAG_BYTES
from core.sync.ports import KeptEpoch


class StreamKeys:
    """Finds the key a section was sealed with, and the header that says who may write with it."""

    def __init__(self, kept: Iterable[KeptEpoch]) -> None:
        self._keys: dict[bytes, EpochKey] = {}
        self._order: list[bytes] = []
        self._found_last = 0
        self._tags: dict[bytes, bytes] = {}
        self._encoded: dict[bytes, bytes] = {}
        self._headers: dict[bytes, EpochHeader] = {}
        self._streams: dict[StreamId, set[bytes]] = {}
        self._places: dict[bytes, Place] = {}
        for row in sorted(kept, key=lambda row: row.hlc):  # the order in which `find` walks them
            if row.header is not None:
                self._encoded[row.header_hash] = row.header
                self._places[row.header_hash] = (row.device, row.seq)
                self._streams.setdefault(row.stream, set()).add(row.header_hash)
            if row.key is not None:
                self.add_key(EpochKey(row.stream, row.number, row.header_hash, row.key))

    def add_key(self, key: EpochKey) -> bool:
        """Returns whether it was new."""
        if key.header_hash in self._keys:
            return False
        self._keys[key.header_hash] = key
        self._order.append(key.header_hash)
        return True

    def keys_of(self, streams: Container[StreamId]) -> list[EpochKey]:
        """The keys of these streams that are here."""
        return [key for key in self._keys.values() if key.stream in streams]

    def key_of(self, header_hash: bytes) -> EpochKey | None:
        """The key of an epoch, if it is here."""
        return self._keys.get(header_hash)

    def add_header(self, header_hash: bytes, header: EpochHeader, *, device: DeviceId, seq: int) -> None:
        """A header that was checked, and the segment that brought it."""
        self._places[header_hash] = (device, seq)
        self._headers[header_hash] = header
        self._streams.setdefault(header.stream, set()).add(header_hash)

    def has_header(self, header_hash: bytes) -> bool:
        """Whether a checked header of that name is here."""
        return header_hash in self._headers or header_hash in self._encoded

    def is_kept(self, header_hash: bytes) -> bool:
        """Whether the vault holds this header already."""
        return header_hash in self._encoded

    def note_kept(self, header_hash: bytes, encoded: bytes) -> None:
        """The vault holds this header from now on."""
        self._encoded[header_hash] = encoded

    def header(self, header_hash: bytes) -> EpochHeader | None:
        """The header of that name, if it is here."""
        known = self._headers.get(header_hash)
        if known is None and header_hash in self._encoded:
            known = self._headers[header_hash] = epochs.decode(self._encoded[header_hash])
        return known

    def headers_of(self, stream: StreamId) -> dict[bytes, EpochHeader]:
        """Every header of one stream."""
        found = {name: self.header(name) for name in self._streams.get(stream, ())}
        return {name: header for name, header in found.items() if header is not None}

    def uncounted(self, stream: StreamId, roster: Roster) -> frozenset[bytes]:
        """The epochs of a stream that decide nothing by this roster."""
        return uncounted(self.headers_of(stream), self._places, roster)

    def uncounted_streams(self, roster: Roster) -> frozenset[StreamId]:
        """The streams with epochs that decide nothing by this roster."""
        cut = roster.standing.cut_devices()
        found = {name for name, (device, seq) in self._places.items() if device in cut and (seq or 0) >= cut[device]}
        return frozenset(stream for stream, names in self._streams.items() if names & found)

    def find(self, nonce: bytes, tag: bytes, among: frozenset[bytes] | None = None) -> EpochKey | None:
        """The key a section was tagged with. The key found last is tried first, then those after it: sections of one
        stream come together, and those of many come in the order in which the streams were begun."""
        order = self._order
        for step in range(len(order)):
            place = (self._found_last + step) % len(order)
            header_hash = order[place]
            if among is not None and header_hash not in among:
                continue
            if hmac.digest(self._tag_key(header_hash), nonce, "sha256")[:TAG_BYTES] == tag:
                self._found_last = place
                return self._keys[header_hash]
        return None

    def forget(self, header_hash: bytes) -> None:
        """Drop an epoch that turned out to break the rules."""
        if self._keys.pop(header_hash, None) is not None:
            self._order.remove(header_hash)
        self._tags.pop(header_hash, None)
        self.forget_header(header_hash)

    def forget_stream(self, stream: StreamId) -> None:
        """Drop every epoch of a stream."""
        for name in [*self._streams.get(stream, ()), *(n for n, key in self._keys.items() if key.stream == stream)]:
            self.forget(name)

    def forget_header(self, header_hash: bytes) -> None:
        """Drop a header that did not hold, and keep its key for another try."""
        for names in self._streams.values():
            names.discard(header_hash)
        self._headers.pop(header_hash, None)
        self._encoded.pop(header_hash, None)

    def _tag_key(self, header_hash: bytes) -> bytes:
        known = self._tags.get(header_hash)
        if known is None:
            known = self._tags[header_hash] = epochs.tag_key(self._keys[header_hash].key).reveal()
        return known
