"""Hybrid logical clock: 48 bits of milliseconds since 1970, 16 bits of counter, in one integer.

It orders changes for display and breaks ties between writes that truly did not know of each other;
it never decides whether a change is accepted (keys-and-sync 2.7, rule 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

COUNTER_BITS = 16
COUNTER_MASK = (1 << COUNTER_BITS) - 1
MAX_MS = (1 << 47) - 1
"""The year 6429: with the counter it still fits the signed 64 bits of an SQLite integer."""
MAX_HLC = (MAX_MS << COUNTER_BITS) | COUNTER_MASK
FOLLOW_AT_MOST = timedelta(minutes=10)
"""A stamp further ahead than this is accepted but does not drag the local clock along."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(instant: datetime) -> int:
    """Milliseconds since 1970 of a timezone-aware instant, rounded down."""
    return (instant - _EPOCH) // _MILLISECOND


def from_ms(milliseconds: int) -> datetime:
    """The UTC instant `milliseconds` after 1970."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


def instant_of(stamp: int) -> datetime:
    """The wall-clock part of a stamp, as UTC."""
    return from_ms(stamp >> COUNTER_BITS)


@dataclass(frozen=True, slots=True)
class HybridClock:
    """The last stamp this laptop issued or followed. Immutable: each step returns the next clock."""

    last: int = 0

    def tick(self, now: datetime) -> HybridClock:
        """The clock after issuing one stamp; the stamp is `.last`. Always greater than before."""
        wall = min(max(to_ms(now), 0), MAX_MS) << COUNTER_BITS
        return HybridClock(max(wall, self.last + 1))

    def follow(self, stamp: int, now: datetime) -> HybridClock:
        """The clock after seeing another laptop's stamp, unless that stamp is absurdly far ahead."""
        if instant_of(stamp) - now > FOLLOW_AT_MOST:
            return self
        return HybridClock(max(self.last, stamp))
