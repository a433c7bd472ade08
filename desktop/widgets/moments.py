"""Times as people say and type them. Pure: the present moment is an argument.

Twelve-hour clock without a leading zero ("9:30am"), which is easier with dyslexia or dyscalculia.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

UK = ZoneInfo("Europe/London")

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_CLOCK = re.compile(r"(?<![\d:/.-])(\d{1,2})(?:[:.](\d{2}))?\s*(a\.?m\.?|p\.?m\.?)?(?![\d:/-])", re.IGNORECASE)
_NUMBERS = re.compile(r"^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?$")
_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")
_AHEAD = re.compile(r"^in (\d{1,3}) (days?|weeks?|months?)$")
_WORDS = re.compile(
    r"^(?:[a-z]+day,?\s+)?(\d{1,2})(?:st|nd|rd|th)?\s+([a-z]+)\.?,?(?:\s+(\d{4}|\d{2}))?$", re.IGNORECASE
)


def clock_words(moment: datetime, zone: ZoneInfo = UK) -> str:
    """ "9:41am"."""
    local = moment.astimezone(zone)
    return f"{local.hour % 12 or 12}:{local.minute:02d}{'am' if local.hour < 12 else 'pm'}"


def day_words(moment: datetime, now: datetime, zone: ZoneInfo = UK) -> str:
    """ "Today", "Yesterday", "Tomorrow", "20 November", or "20 November 2025" in another year."""
    day, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    near = {0: "Today", -1: "Yesterday", 1: "Tomorrow"}.get((day - today).days)
    if near:
        return near
    return f"{day.day} {_MONTHS[day.month - 1]}" + ("" if day.year == today.year else f" {day.year}")


def moment_words(moment: datetime, now: datetime, zone: ZoneInfo = UK) -> str:
    """ "Today at 9:12am", "20 November at 11:05am"."""
    return f"{day_words(moment, now, zone)} at {clock_words(moment, zone)}"


def typed_words(moment: datetime, now: datetime, zone: ZoneInfo = UK) -> str:
    """As a box shows it, and as `parse_moment` reads it back: "Today, 9:41am"."""
    return f"{day_words(moment, now, zone)}, {clock_words(moment, zone)}"


def whole_words(moment: datetime, zone: ZoneInfo = UK) -> str:
    """Nothing relative, for tooltips and screen readers: "Friday 20 November 2026 at 11:05am"."""
    day = moment.astimezone(zone).date()
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year} at {clock_words(moment, zone)}"


def due_words(due: datetime, now: datetime, zone: ZoneInfo = UK) -> str:
    """ "Late by 2 h", "Due in 3 h 20 m", "Thu 26 Nov": short enough for a tag."""
    minutes = int((due - now).total_seconds() // 60)
    if minutes < 0:
        return f"Late by {_span(-minutes)}"
    if minutes < 24 * 60:
        return f"Due in {_span(minutes)}"
    day = due.astimezone(zone).date()
    return f"{_DAYS[day.weekday()][:3]} {day.day} {_MONTHS[day.month - 1][:3]}"


def _span(minutes: int) -> str:
    if minutes < 1:
        return "1 m"
    if minutes < 60:
        return f"{minutes} m"
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} m" if rest and hours < 6 else f"{hours} h"
    return f"{minutes // (24 * 60)} days"


def parse_moment(text: str, now: datetime, zone: ZoneInfo = UK) -> datetime | None:
    """The instant (UTC) a person means by "Today, 9:41am", "yesterday 2pm", "20 Nov 11:05", "20/11/2026 14:30", "now".

    A day without a year is the latest one that is not more than a week ahead; a time without a day is
    today. None if it cannot be read, if the day does not exist, or if no time is said for a day.
    """
    said = " ".join(text.replace(" at ", " ").split()).strip(" ,").lower()
    if not said:
        return None
    if said == "now":
        return now.astimezone(UTC).replace(second=0, microsecond=0)
    for day_text, clock in _splits(said):
        day = _day(day_text, now.astimezone(zone).date())
        if day is not None:
            return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
    return None


def parse_day(text: str, now: datetime, zone: ZoneInfo = UK) -> date | None:
    """The day a person means by "tomorrow", "in 2 weeks", "in 3 months", "27 November", "27/11/2026". Without a year it
    is the next such day. None if it cannot be read or does not exist.
    """
    said = " ".join(text.split()).strip(" ,").lower()
    today = now.astimezone(zone).date()
    if not said:
        return None
    if match := _AHEAD.match(said):
        if match[2].startswith("month"):
            return _months_ahead(today, int(match[1]))
        return today + timedelta(days=int(match[1]) * (7 if match[2].startswith("week") else 1))
    found = _day(said, today)
    without_year = not re.search(r"\d{4}|[/.-]\d{1,2}[/.-]\d{2}$", said)
    if found is not None and without_year and found < today and re.search(r"\d", said):
        return _date(found.year + 1, found.month, found.day)
    return found


def date_words(day: date, now: datetime, zone: ZoneInfo = UK) -> str:
    """ "27 November", or "27 November 2027" in another year; `parse_day` reads it back."""
    words = f"{day.day} {_MONTHS[day.month - 1]}"
    today = now.astimezone(zone).date()
    return words if day.year == today.year and day >= today else f"{words} {day.year}"


def _months_ahead(day: date, count: int) -> date:
    """The same day of a later month, or its last day where that month is shorter."""
    years, month = divmod(day.month - 1 + count, 12)
    days = monthrange(day.year + years, month + 1)[1]
    return date(day.year + years, month + 1, min(day.day, days))


def _splits(said: str) -> list[tuple[str, time]]:
    """Every way to read one part as the clock and the rest as the day; the last clock first."""
    found = []
    for match in _CLOCK.finditer(said):
        rest = f"{said[: match.start()]} {said[match.end() :]}".strip(" ,")
        clock = _clock(match)
        bare = match.group(2) is None and match.group(3) is None
        if clock is not None and not bare:
            found.append((" ".join(rest.split()).strip(" ,"), clock))
    for word, clock in (("noon", time(12)), ("midday", time(12)), ("midnight", time(0))):
        if said.endswith(word):
            found.append((said[: -len(word)].strip(" ,"), clock))
    return found[::-1]


def _clock(match: re.Match[str]) -> time | None:
    hour, minute = int(match.group(1)), int(match.group(2) or 0)
    half = (match.group(3) or "").replace(".", "").lower()
    if half and not 1 <= hour <= 12:
        return None
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(said: str, today: date) -> date | None:
    named = {"": 0, "today": 0, "yesterday": -1, "tomorrow": 1, "this morning": 0, "tonight": 0}
    if said in named:
        return today + timedelta(days=named[said])
    for number, name in enumerate(_DAYS):
        if said.removeprefix("last ") in (name.lower(), name[:3].lower()):
            back = (today.weekday() - number) % 7
            return today - timedelta(days=back or 7)
    if match := _ISO.match(said):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.match(said):
        return _guess_year(int(match[1]), int(match[2]), match[3], today)
    if match := _WORDS.match(said):
        for number, name in enumerate(_MONTHS, start=1):
            if len(match[2]) >= 3 and name.lower().startswith(match[2]):
                return _guess_year(int(match[1]), number, match[3], today)
    return None


def _guess_year(day: int, month: int, year: str | None, today: date) -> date | None:
    if year is not None:
        return _date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    guess = _date(today.year, month, day) or _date(today.year - 1, month, day)
    if guess is not None and guess > today + timedelta(days=7):
        return _date(today.year - 1, month, day)
    return guess


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
