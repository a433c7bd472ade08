"""All duties of a case, the order of Today, and laptops whose clock is wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.domain.case import Contact, Graffiti, Report
from core.policy.clocks import ClockTrouble, PeerStamp, clock_check, duties_of_case, today_order
from core.policy.duties import DutyKind, DutyState
from tests.support.policy import calendar, facts, london, make, pack

NOW = london("2026-11-27 18:40")


def test_a_new_report_with_graffiti_gives_three_duties_in_order_of_time() -> None:
    found = facts(
        make(Report, received_at="2026-11-27 10:00"),
        make(Graffiti, notified_at="2026-11-27 09:00"),
        opened_at=NOW,
    )
    kinds = [duty.kind for duty in duties_of_case(found, pack(), calendar(), NOW)]
    assert kinds == [DutyKind.GRAFFITI, DutyKind.FIRST_CONTACT, DutyKind.REVIEW]


def test_today_shows_late_first_and_leaves_out_what_is_done() -> None:
    old = facts(make(Report, received_at="2026-08-20 09:00"), opened_at=london("2026-08-20 10:00"))
    done = facts(
        make(Report, received_at="2026-11-27 10:00"),
        make(Contact, at="2026-11-27 11:00", outcome="spoke"),
        opened_at=NOW,
    )
    duties = [duty for each in (done, old) for duty in duties_of_case(each, pack(), calendar(), NOW)]
    shown = [(duty.kind, duty.state) for duty in today_order(duties, NOW)]
    assert shown == [
        (DutyKind.FIRST_CONTACT, DutyState.LATE),
        (DutyKind.REVIEW, DutyState.LATE),
        (DutyKind.REVIEW, DutyState.RUNNING),
        (DutyKind.REVIEW, DutyState.RUNNING),
    ]


def test_a_list_left_open_turns_late_by_itself() -> None:
    found = facts(make(Report, received_at="2026-11-27 10:00"))
    duties = duties_of_case(found, pack(), calendar(), NOW)
    (later,) = today_order(duties, london("2026-11-28 10:01"))
    assert later.state is DutyState.LATE
    assert later.at(london("2026-11-28 10:00")).state is DutyState.RUNNING
    assert duties[0].state is DutyState.RUNNING


def test_a_clock_that_is_right_gives_no_warning() -> None:
    peers = (PeerStamp("Dana's laptop", NOW + timedelta(minutes=10)), PeerStamp("Old", NOW - timedelta(days=9)))
    assert clock_check(NOW, last_seen_local=NOW + timedelta(seconds=60), peers=peers) == ()
    assert clock_check(NOW) == ()


def test_laptop_clock_moved_back() -> None:
    (warning,) = clock_check(NOW, last_seen_local=NOW + timedelta(hours=3))
    assert warning.trouble is ClockTrouble.MOVED_BACK
    assert warning.off_by == timedelta(hours=3)
    assert warning.sentence == (
        "The laptop clock moved back by 3 h: this laptop was last used at Fri 27 Nov, 9:40pm. "
        "Check the date and time, because deadlines depend on it."
    )


def test_a_peers_stamp_more_than_ten_minutes_ahead() -> None:
    (warning,) = clock_check(NOW, peers=(PeerStamp("Dana's laptop", NOW + timedelta(minutes=11)),))
    assert warning.trouble is ClockTrouble.BEHIND
    assert warning.sentence.startswith("This laptop's clock is 11 min behind that of Dana's laptop.")


@pytest.mark.parametrize(("fresh", "warned"), [(True, 1), (False, 0)])
def test_a_peers_stamp_behind_ours_says_something_only_when_it_is_fresh(fresh: bool, warned: int) -> None:
    found = clock_check(NOW, peers=(PeerStamp("Dana's laptop", NOW - timedelta(minutes=11), fresh),))
    assert [warning.trouble for warning in found] == [ClockTrouble.AHEAD] * warned
