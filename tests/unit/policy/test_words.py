"""Moments in words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.policy.calendar import LONDON
from core.policy.words import say_length, say_moment, say_remaining
from tests.support.policy import london

NOW = london("2026-11-27 18:40")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-28 18:40", "Sat 28 Nov, 6:40pm"),
        ("2026-11-28 00:05", "Sat 28 Nov, 12:05am"),
        ("2026-11-28 12:00", "Sat 28 Nov, 12:00pm"),
        ("2026-07-05 09:30", "Sun 5 Jul, 9:30am"),
        ("2027-02-28 10:00", "Sun 28 Feb 2027, 10:00am"),
    ],
)
def test_moment(moment: str, words: str) -> None:
    assert say_moment(london(moment), now=NOW, zone=LONDON) == words


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ("2026-11-27 16:30", "Late by 2 h"),
        ("2026-11-27 18:39", "Late by 1 min"),
        ("2026-11-27 18:40", "Due in 0 min"),
        ("2026-11-27 21:50", "Due in 3 h"),
        ("2026-11-28 18:40", "Due in 24 h"),
        ("2026-11-29 09:00", "Sun 29 Nov"),
        ("2026-11-20 18:40", "Late by 7 days"),
    ],
)
def test_remaining(due: str, words: str) -> None:
    assert say_remaining(london(due), now=NOW, zone=LONDON) == words


def test_length_is_never_rounded_up() -> None:
    assert say_length(timedelta(hours=1, minutes=59)) == "1 h"
