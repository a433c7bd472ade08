"""First contact (4.24) and graffiti (4.25): every edge case the clauses name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from core.domain.case import Contact, Graffiti, Judgement, Party, Report, SafeContact
from core.domain.declare import Record
from core.policy.duties import Duty, DutyState
from core.policy.service_standards import first_contact, graffiti_removal
from tests.support.policy import facts, london, make, named, setting

FRIDAY = make(Report, received_at="2026-11-27 18:40", recorded_at="2026-11-27 18:44")


def contact_duty(now: str, *records: Record, opened: str = "2026-11-27 18:44") -> Duty:
    duty = first_contact(facts(*records, opened_at=london(opened)), setting(now))
    assert duty is not None
    return duty


# ------------------------------------------------------------------ 4.24


def test_reported_friday_evening_is_due_saturday_evening_though_the_office_is_shut() -> None:
    duty = contact_duty("2026-11-27 19:00", FRIDAY)
    assert duty.due_at == london("2026-11-28 18:40")
    assert duty.state is DutyState.RUNNING
    assert duty.why == "Due Sat 28 Nov, 6:40pm: 24 hours from the report on Fri 27 Nov, 6:40pm. Policy 4.24."
    assert duty.action == "Record contact"
    assert duty.subject == FRIDAY.id


def test_late_only_once_the_time_has_passed() -> None:
    assert contact_duty("2026-11-28 18:40", FRIDAY).state is DutyState.RUNNING
    assert contact_duty("2026-11-28 18:41", FRIDAY).state is DutyState.LATE


def test_voicemail_left_saturday_and_listened_to_monday_runs_from_receipt() -> None:
    heard = make(Report, received_at="2026-11-28 11:00", recorded_at="2026-11-30 09:15")
    duty = contact_duty("2026-11-30 09:20", heard, opened="2026-11-30 09:15")
    assert duty.due_at == london("2026-11-29 11:00")
    assert duty.state is DutyState.LATE
    assert "It was written down on Mon 30 Nov, 9:15am, after that time." in duty.why


def test_logged_late_offline_with_true_earlier_time_is_late_at_once_and_says_why() -> None:
    report = make(Report, received_at="2026-11-26 20:00", recorded_at="2026-11-28 09:00")
    duty = contact_duty("2026-11-28 09:00", report)
    assert duty.state is DutyState.LATE
    assert duty.anchor_at == london("2026-11-26 20:00")


def test_night_of_25_hours_is_24_elapsed_hours_and_says_so() -> None:
    duty = contact_duty("2026-10-24 20:00", make(Report, received_at="2026-10-24 18:40"))
    assert duty.due_at == london("2026-10-25 17:40")
    assert "(the clocks go back in between)" in duty.why


def test_night_of_23_hours_is_24_elapsed_hours_and_says_so() -> None:
    duty = contact_duty("2026-03-28 20:00", make(Report, received_at="2026-03-28 18:40"))
    assert duty.due_at == london("2026-03-29 19:40")
    assert "(the clocks go forward in between)" in duty.why


def test_bank_holiday_does_not_stretch_the_time() -> None:
    duty = contact_duty("2026-12-24 20:00", make(Report, received_at="2026-12-24 18:40"), opened="2026-12-24 18:50")
    assert duty.due_at == london("2026-12-25 18:40")


@pytest.mark.parametrize("outcome", ["spoke", "replied", "refused"])
def test_reaching_the_person_ends_it(outcome: str) -> None:
    duty = contact_duty("2026-11-29 09:00", FRIDAY, make(Contact, at="2026-11-28 10:00", outcome=outcome))
    assert duty.state is DutyState.MET
    assert duty.met_at == london("2026-11-28 10:00")
    assert duty.why.startswith("Done Sat 28 Nov, 10:00am, in time. It was due Sat 28 Nov, 6:40pm: 24 hours from")


@pytest.mark.parametrize("outcome", ["no-answer", "message-left", "sent", ""])
def test_attempts_never_end_it(outcome: str) -> None:
    tries = [make(Contact, str(hour), at=f"2026-11-28 {hour}:00", outcome=outcome) for hour in range(10, 18)]
    assert contact_duty("2026-11-28 18:41", FRIDAY, *tries).state is DutyState.LATE


def test_met_late_stays_visible_whatever_comes_later() -> None:
    late = make(Contact, "late", at="2026-11-28 20:40", outcome="spoke")
    again = make(Contact, "again", at="2026-11-30 10:00", outcome="spoke")
    duty = contact_duty("2030-01-01 09:00", FRIDAY, late, again)
    assert duty.state is DutyState.MET_LATE
    assert duty.was_late
    assert "2 h late" in duty.why


def test_contact_exactly_at_the_end_is_in_time() -> None:
    on_time = make(Contact, at="2026-11-28 18:40", outcome="spoke")
    assert contact_duty("2026-11-29 09:00", FRIDAY, on_time).state is DutyState.MET


def test_walk_in_contact_before_the_record_was_created_counts() -> None:
    report = make(Report, received_at="2026-11-27 10:00", recorded_at="2026-11-27 16:00", channel="in-person")
    seen = make(Contact, at="2026-11-27 10:00", way="visit", outcome="spoke")
    assert contact_duty("2026-11-27 16:01", report, seen).state is DutyState.MET


def test_the_report_itself_is_not_contact_until_recorded_as_one() -> None:
    report = make(Report, received_at="2026-11-27 10:00", channel="in-person")
    assert contact_duty("2026-11-27 16:00", report).state is DutyState.RUNNING


def test_same_minute_counts_though_the_report_has_seconds() -> None:
    at = london("2026-11-27 10:00")
    report = make(Report, received_at=at + timedelta(seconds=41))
    assert contact_duty("2026-11-27 16:00", report, make(Contact, at=at, outcome="spoke")).state is DutyState.MET


def test_contact_before_we_were_told_is_not_first_contact() -> None:
    earlier = make(Contact, at="2026-11-20 10:00", outcome="spoke")
    assert contact_duty("2026-11-27 19:00", FRIDAY, earlier).state is DutyState.RUNNING


def test_earliest_of_several_reports_counts() -> None:
    second = make(Report, "second", received_at="2026-11-26 08:00")
    duty = contact_duty("2026-11-26 09:00", FRIDAY, second)
    assert duty.due_at == london("2026-11-27 08:00")
    assert duty.subject == second.id


def test_anonymous_with_no_contact_possible_does_not_apply_and_says_why() -> None:
    duty = contact_duty("2026-12-25 09:00", make(Report, received_at="2026-11-27 18:40", anonymous=True))
    assert duty.state is DutyState.NOT_APPLICABLE
    assert duty.due_at is None
    assert duty.why == (
        "Nobody can be reached: the report came without a name and without a way to answer. Policy 4.24."
    )


@pytest.mark.parametrize(
    "reachable",
    [
        make(Report, "named", received_at="2026-11-29 10:00"),
        make(SafeContact, safe_ways=frozenset({"email"})),
        make(Party, roles=frozenset({"harmed"}), phone="01632 960 001"),
        make(Party, roles=frozenset({"reporter"}), home=named("home")),
    ],
)
def test_anonymous_but_somebody_can_be_reached_runs_from_the_first_report(reachable: Record) -> None:
    first = make(Report, received_at="2026-11-27 18:40", anonymous=True)
    assert contact_duty("2026-11-28 09:00", first, reachable).due_at == london("2026-11-28 18:40")


def test_anonymous_with_only_the_one_complained_about_known_does_not_apply() -> None:
    anonymous = make(Report, received_at="2026-11-27 18:40", anonymous=True)
    other = make(Party, roles=frozenset({"alleged-perpetrator"}), phone="01632 960 002")
    assert contact_duty("2026-11-28 09:00", anonymous, other).state is DutyState.NOT_APPLICABLE


def test_anonymous_who_was_reached_after_all_is_met() -> None:
    anonymous = make(Report, received_at="2026-11-27 18:40", anonymous=True)
    spoke = make(Contact, at="2026-11-28 09:00", outcome="spoke")
    assert contact_duty("2026-11-28 10:00", anonymous, spoke).state is DutyState.MET


def test_reported_by_a_third_party_still_runs() -> None:
    neighbour = make(Party, "neighbour", roles=frozenset({"reporter"}))
    agency = make(Report, received_at="2026-11-27 18:40", channel="agency")
    assert contact_duty("2026-11-28 18:41", agency, neighbour).state is DutyState.LATE


@pytest.mark.parametrize("role", ["alleged-perpetrator", "witness"])
def test_speaking_with_somebody_else_in_the_case_is_not_first_contact(role: str) -> None:
    other = make(Party, "other", roles=frozenset({role}))
    spoke = make(Contact, party=other.id, at="2026-11-28 10:00", outcome="spoke")
    assert contact_duty("2026-11-28 11:00", FRIDAY, other, spoke).state is DutyState.RUNNING


def test_somebody_both_harmed_and_complained_about_counts() -> None:
    both = make(Party, "both", roles=frozenset({"harmed", "alleged-perpetrator"}))
    spoke = make(Contact, party=both.id, at="2026-11-28 10:00", outcome="spoke")
    assert contact_duty("2026-11-28 11:00", FRIDAY, both, spoke).state is DutyState.MET


def test_handled_in_another_way_later_does_not_take_the_promise_back() -> None:
    judged = make(Judgement, handling="other", decided_at="2026-11-27 20:00", reasons="r", decided_by=b"a")
    found = facts(FRIDAY, judged, opened_at=london("2026-11-27 18:44"), handling="other")
    duty = first_contact(found, setting("2026-11-29 09:00"))
    assert duty is not None
    assert duty.state is DutyState.LATE


def test_a_contact_written_down_for_next_year_by_mistake_ends_nothing() -> None:
    mistyped = make(Contact, at="2027-11-28 10:00", outcome="spoke")
    assert contact_duty("2026-11-28 18:41", FRIDAY, mistyped).state is DutyState.LATE


def test_a_contact_a_few_minutes_ahead_by_another_laptops_clock_counts() -> None:
    ahead = make(Contact, at="2026-11-28 10:05", outcome="spoke")
    assert contact_duty("2026-11-28 10:00", FRIDAY, ahead).state is DutyState.MET


def test_without_a_report_it_runs_from_the_opening_and_says_so() -> None:
    duty = contact_duty("2026-11-27 19:00")
    assert duty.due_at == london("2026-11-28 18:44")
    assert "24 hours from the opening of the case on Fri 27 Nov, 6:44pm" in duty.why


def test_case_known_before_any_report_that_has_arrived_runs_from_its_opening() -> None:
    later = make(Report, received_at="2026-11-29 10:00", anonymous=True)
    spoke = make(Contact, at="2026-11-28 10:00", outcome="spoke")
    assert contact_duty("2026-11-30 09:00", later, spoke).state is DutyState.MET


def test_report_without_a_time_counts_from_when_it_was_written_down() -> None:
    duty = contact_duty("2026-11-27 19:00", make(Report, recorded_at="2026-11-27 18:44"))
    assert duty.due_at == london("2026-11-28 18:44")


def test_nothing_to_count_from_is_no_duty() -> None:
    assert first_contact(facts(), setting("2026-11-27 19:00")) is None


def test_a_report_from_the_year_9999_does_not_stop_the_list() -> None:
    broken = make(Report, received_at=datetime(9999, 12, 31, 23, 59, tzinfo=UTC))
    assert contact_duty("2026-11-27 19:00", broken).due_at == london("2026-11-28 18:44")


# ------------------------------------------------------------------ 4.25


def removals(now: str, *records: Record) -> list[Duty]:
    return list(graffiti_removal(facts(FRIDAY, *records), setting(now)))


def test_each_marked_place_has_its_own_clock() -> None:
    one = make(Graffiti, "one", place="Stairwell", notified_at="2026-11-27 18:00")
    two = make(Graffiti, "two", place="Gate", notified_at="2026-11-28 12:00", removed_at="2026-11-28 17:00")
    found = {duty.title: duty for duty in removals("2026-11-28 18:01", one, two)}
    assert found["Graffiti removed: Stairwell"].state is DutyState.LATE
    assert found["Graffiti removed: Gate"].state is DutyState.MET
    assert found["Graffiti removed: Gate"].due_at == london("2026-11-29 12:00")


def test_judged_ordinary_first_and_discriminatory_later_runs_from_being_told() -> None:
    ordinary = make(Graffiti, notified_at="2026-11-27 18:00", offensive=False)
    assert removals("2026-11-30 09:00", ordinary)[0].state is DutyState.NOT_APPLICABLE
    offensive = make(Graffiti, notified_at="2026-11-27 18:00", offensive=True)
    duty = removals("2026-11-30 09:00", offensive)[0]
    assert duty.state is DutyState.LATE
    assert duty.due_at == london("2026-11-28 18:00")


def test_ordinary_graffiti_does_not_apply_and_says_why() -> None:
    (duty,) = removals("2026-11-30 09:00", make(Graffiti, notified_at="2026-11-27 18:00", offensive=False))
    assert duty.why == (
        "Judged neither offensive nor discriminatory, so the time for ordinary repairs applies. Policy 4.25."
    )


def test_not_yet_judged_counts_as_offensive() -> None:
    (duty,) = removals("2026-11-27 19:00", make(Graffiti, notified_at="2026-11-27 18:00", offensive=None))
    assert duty.state is DutyState.RUNNING


def test_photograph_first() -> None:
    (duty,) = removals("2026-11-27 19:00", make(Graffiti, notified_at="2026-11-27 18:00"))
    assert duty.action == "Photograph it, then mark removed"
    taken = make(Graffiti, notified_at="2026-11-27 18:00", photographed_before=True)
    assert removals("2026-11-27 19:00", taken)[0].action == "Mark removed"


def test_removed_late_stays_late() -> None:
    (duty,) = removals(
        "2027-11-30 09:00", make(Graffiti, notified_at="2026-11-27 18:00", removed_at="2026-11-29 09:00")
    )
    assert duty.state is DutyState.MET_LATE


def test_without_its_own_time_it_counts_from_the_report() -> None:
    (duty,) = removals("2026-11-27 19:00", make(Graffiti))
    assert duty.due_at == london("2026-11-28 18:40")


def test_nothing_to_count_graffiti_from_is_no_duty() -> None:
    assert graffiti_removal(facts(make(Graffiti)), setting("2026-11-27 19:00")) == ()
