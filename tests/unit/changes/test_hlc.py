"""The hybrid clock only ever goes forward, and nobody else's clock drags it far."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.changes.hlc import COUNTER_BITS, COUNTER_MASK, MAX_HLC, HybridClock, from_ms, instant_of, to_ms

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
INSTANTS = st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(9999, 12, 31), timezones=st.just(UTC))


@given(st.lists(INSTANTS, min_size=1, max_size=30))
def test_every_stamp_is_greater_than_the_one_before(moments: list[datetime]) -> None:
    clock = HybridClock()
    for moment in moments:
        after = clock.tick(moment)
        assert clock.last < after.last <= MAX_HLC
        clock = after


def test_a_stamp_says_when() -> None:
    clock = HybridClock().tick(NOON + timedelta(microseconds=7999))
    assert instant_of(clock.last) == NOON + timedelta(milliseconds=7)
    assert clock.last & COUNTER_MASK == 0
    assert clock.tick(NOON).last == clock.last + 1


def test_a_burst_at_one_moment_runs_over_into_the_next() -> None:
    clock = HybridClock(to_ms(NOON) << COUNTER_BITS | COUNTER_MASK)
    assert instant_of(clock.tick(NOON).last) == NOON + timedelta(milliseconds=1)


def test_following_another_laptop_up_to_ten_minutes_ahead() -> None:
    clock = HybridClock().tick(NOON)
    near = to_ms(NOON + timedelta(minutes=10)) << COUNTER_BITS
    far = to_ms(NOON + timedelta(minutes=10, milliseconds=1)) << COUNTER_BITS
    assert clock.follow(near, NOON).last == near
    assert clock.follow(far, NOON) == clock
    assert clock.follow(1, NOON) == clock


@given(st.integers(0, MAX_HLC), INSTANTS)
def test_following_never_fails_whatever_the_stamp(stamp: int, now: datetime) -> None:
    assert HybridClock(5).follow(stamp, now).last >= 5


@given(INSTANTS)
def test_milliseconds_there_and_back(moment: datetime) -> None:
    assert timedelta(0) <= moment - from_ms(to_ms(moment)) < timedelta(milliseconds=1)
