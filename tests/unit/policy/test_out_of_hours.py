"""Who holds the out-of-hours phone, its gaps, and who answered a call at night (policy 4.24)."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest

from core.domain.case import Report
from core.domain.governance import OnCallShift
from core.foundation.errors import PolicyPackInvalid
from core.policy.out_of_hours import Gap, gaps, night_of, rota, tonight, who_answered
from core.policy.pack import USUAL_HOURS, parse_pack
from tests.support.policy import PACK_FILE, calendar, london, make, pack

MONDAY = date(2026, 11, 30)


def shift(name: str, first: date, last: date, **fields: Any) -> OnCallShift:
    return make(OnCallShift, f"{name} {first}", name=name, from_on=first, until_on=last,
                **{"noted_at": "2026-11-20 10:00", **fields})  # fmt: skip


@pytest.mark.parametrize(("at", "night"), [
    ("2026-11-30 12:00", None),
    ("2026-11-30 16:59", None),
    ("2026-11-30 17:00", date(2026, 11, 30)),
    ("2026-12-01 08:59", date(2026, 11, 30)),
    ("2026-12-01 09:00", None),
    ("2026-12-05 12:00", date(2026, 12, 5)),  # a Saturday
    ("2026-12-07 03:00", date(2026, 12, 6)),
    ("2026-12-25 10:00", date(2026, 12, 25)),  # a bank holiday
])  # fmt: skip
def test_a_night_is_named_by_the_day_it_begins_on(at: str, night: date | None) -> None:
    assert night_of(london(at), pack(), calendar()) == night


def test_each_night_has_whoever_was_written_down_last_and_a_swap_is_taken_off_again() -> None:
    week = shift("Sam", MONDAY, MONDAY + timedelta(days=3))
    swap = shift("Noor", MONDAY + timedelta(days=1), MONDAY + timedelta(days=1), noted_at="2026-11-29 09:00")

    def held(*shifts: OnCallShift) -> list[str]:
        nights = rota(shifts, pack(), calendar(), MONDAY, 5)
        return [night.shift.name if night.shift else "" for night in nights]

    assert held(week, swap) == held(swap, week) == ["Sam", "Noor", "Sam", "Sam", ""]
    off = shift("Noor", MONDAY + timedelta(days=1), MONDAY + timedelta(days=1), noted_at="2026-11-29 09:00",
                taken_off_at="2026-11-30 08:00")  # fmt: skip
    assert held(week, off) == ["Sam", "Sam", "Sam", "Sam", ""]
    endless = make(OnCallShift, "x", name="Sam", from_on=MONDAY)
    assert held(endless) == [""] * 5


def test_nights_nobody_holds_are_told_those_in_a_row_together() -> None:
    held = (shift("Sam", MONDAY + timedelta(days=2), MONDAY + timedelta(days=2)),)
    found = gaps(rota(held, pack(), calendar(), MONDAY, 5))
    assert found == (
        Gap(MONDAY, MONDAY + timedelta(days=1)), Gap(MONDAY + timedelta(days=3), MONDAY + timedelta(days=4)),
    )  # fmt: skip
    assert [one.nights for one in found] == [2, 2]


@pytest.mark.parametrize(("at", "day", "begins"), [
    ("2026-11-30 10:00", MONDAY, "2026-11-30 17:00"),  # the office is open: the night that comes
    ("2026-12-01 02:00", MONDAY, "2026-11-30 17:00"),
    ("2026-12-05 12:00", date(2026, 12, 5), "2026-12-05 09:00"),
])  # fmt: skip
def test_tonight_is_the_night_it_is_or_the_next(at: str, day: date, begins: str) -> None:
    night = tonight((shift("Sam", day, day),), pack(), calendar(), london(at))
    assert (night.day, night.begins_at) == (day, london(begins))
    assert night.shift is not None and night.ends_at > london(at)


def test_a_night_ends_when_the_office_would_open_also_when_the_clocks_change() -> None:
    night = rota((), pack(), calendar(), date(2026, 10, 24), 1)[0]
    assert night.ends_at == london("2026-10-25 09:00") and night.ends_at - night.begins_at == timedelta(hours=25)


def answered(at: str, **fields: Any) -> str:
    return who_answered(make(Report, at, received_at=at, **fields), pack(), calendar(), "Ana Bright")


def test_a_call_out_of_hours_says_who_answered() -> None:
    assert answered("2026-11-30 22:00", answered_by="Sam Okoro") == "Sam Okoro"
    assert answered("2026-11-30 22:00") == "Ana Bright"
    assert answered("2026-11-30 12:00", answered_by="Sam Okoro") == ""
    assert answered("2026-11-30 22:00", channel="email") == ""
    assert who_answered(make(Report, "x", received_at="2026-11-30 22:00"), pack(), calendar(), "") != ""


def test_office_hours_are_data_and_an_older_pack_has_the_usual_ones() -> None:
    content = json.loads(PACK_FILE.read_text(encoding="utf-8"))
    content["office_hours"]["opens"], content["office_hours"]["shuts"] = "10:00", "18:30"
    late = parse_pack(json.dumps(content))
    assert night_of(london("2026-11-30 18:00"), late, calendar()) is None
    for wrong, told in (("ten", "not a time such as 09:00"), ("19:00", "not after it opens")):
        content["office_hours"]["opens"] = wrong
        with pytest.raises(PolicyPackInvalid, match=told):
            parse_pack(json.dumps(content))
    del content["office_hours"]
    assert parse_pack(json.dumps(content)).office_hours == USUAL_HOURS
