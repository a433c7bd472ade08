"""Moments and lengths of time in words, one way everywhere: "Sat 28 Nov, 6:40pm".

Twelve-hour times without a leading zero, in the civil time of the place given, with the year only
when it is not this year. The names are written here so that a laptop's language setting cannot change
what a deadline says.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MINUTE = timedelta(minutes=1)


def say_date(day: date, *, now: datetime, zone: tzinfo) -> str:
    """ "Sat 28 Nov", or "Sat 28 Nov 2026" when `now` is in another year."""
    words = f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"
    return words if day.year == now.astimezone(zone).year else f"{words} {day.year}"


def say_moment(moment: datetime, *, now: datetime, zone: tzinfo) -> str:
    """ "Sat 28 Nov, 6:40pm" in the civil time of `zone`."""
    local = moment.astimezone(zone)
    half = "am" if local.hour < 12 else "pm"
    return f"{say_date(local.date(), now=now, zone=zone)}, {local.hour % 12 or 12}:{local.minute:02}{half}"


def say_length(length: timedelta) -> str:
    """A length of time in its largest whole unit: "25 min", "3 h", "2 days". Rounded down."""
    length = abs(length)
    if length < _HOUR:
        return f"{length // _MINUTE} min"
    if length < 2 * _DAY:
        return f"{length // _HOUR} h"
    return f"{length // _DAY} days"


def say_remaining(due_at: datetime, *, now: datetime, zone: tzinfo) -> str:
    """What a list shows beside something to do: "Late by 2 h", "Due in 3 h", "Thu 26 Nov"."""
    left = due_at.astimezone(UTC) - now.astimezone(UTC)
    if left < timedelta(0):
        return f"Late by {say_length(left)}"
    if left <= _DAY:
        return f"Due in {say_length(left)}"
    return say_date(due_at.astimezone(zone).date(), now=now, zone=zone)
