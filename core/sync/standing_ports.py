"""What leaving asks exchange's surroundings to keep: part of `ports.Box`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from core.crypto.secrets import SecretBytes
from core.domain.changed import Changed
from core.foundation.ids import DeviceId, StreamId, UserId


class StandingBox(Protocol):
    """One transaction on it."""

    def withhold(
        self, begins: Mapping[DeviceId, int], writers: Mapping[StreamId, frozenset[UserId]]
    ) -> Changed: ...
    def mark_late(self, *, by: bytes, targets: Collection[bytes], adopts: bool) -> None: ...
    def segment_named(self, device: DeviceId, seq: int, body_hash: bytes) -> str | None: ...
    def place_roster_entry(
        self, entry: bytes, *, device: DeviceId, seq: int, seen: Mapping[DeviceId, int]
    ) -> None: ...
    def place_epoch(self, header_hash: bytes, *, device: DeviceId, seq: int) -> None: ...
    def add_envelope_key(self, number: int, key: SecretBytes) -> bool: ...
    def tell_envelope_key(self, number: int, key: SecretBytes) -> None: ...
    def forget_strangers(self) -> None: ...
