"""Reports that come when the case is closed (4.24, 4.29)."""

from __future__ import annotations

import pytest

from core.domain.case import Closure, Contact, Party, Report
from core.domain.closing import LateReport, Reopening
from core.domain.declare import Record
from core.policy.duties import CaseFacts, DutyState
from core.policy.late_reports import late_report_contacts, late_report_duties, late_reports, undecided_reports
from core.policy.retention import REPORTED, why_not_delete
from tests.support.policy import facts, london, make, named, setting

CLOSED = "2026-03-02 12:00"
CLOSURE = make(Closure, proposed_at="2026-02-09 10:00", closed_at=CLOSED)
FIRST = make(Report, "first", received_at="2025-11-03 09:00", recorded_at="2025-11-03 09:00")
ADA = make(Party, "ada", roles=frozenset({"harmed", "reporter"}))


def case(*records: Record, **fields: object) -> CaseFacts:
    said = {"opened_at": "2025-11-03 09:00", "stage": "closed", "closed_at": CLOSED, **fields}
    ready = {name: london(value) if value and name.endswith("_at") else value for name, value in said.items()}  # type: ignore[arg-type]
    return facts(CLOSURE, FIRST, ADA, *records, **ready)


def report(received: str, recorded: str = "") -> Report:
    return make(Report, "new", received_at=received, recorded_at=recorded or received)


@pytest.mark.parametrize(
    ("received", "recorded", "is_late"),
    [
        ("2026-03-20 15:00", "", True),
        ("2026-02-20 15:00", "", True),  # a laptop apart: it was closed without knowing of it
        ("2026-02-01 15:00", "2026-03-20 15:00", True),  # told before, written down after the closing
        ("2026-02-01 15:00", "2026-02-02 15:00", False),
    ],
)
def test_what_came_after_closing_or_was_not_known_then(received: str, recorded: str, is_late: bool) -> None:
    found = case(report(received, recorded))
    assert bool(late_reports(found)) == bool(undecided_reports(found, setting("2026-03-21 09:00"))) == is_late


def test_an_open_case_has_none() -> None:
    assert not late_reports(case(report("2026-02-20 15:00"), stage="open", closed_at=None))


def test_the_decision_is_due_in_two_working_days_and_ends_the_duty() -> None:
    told = report("2026-03-20 15:00")  # a Friday
    (duty,) = late_report_duties(case(told), setting("2026-03-21 09:00"))
    assert (duty.state, duty.due_at, duty.subject) == (
        DutyState.RUNNING, london("2026-03-24 23:59").replace(second=59, microsecond=999_999), told.id
    )  # fmt: skip
    assert "Policy 4.29." in duty.why
    stays = make(LateReport, report=told.id, decided_at="2026-03-23 10:00", reasons="A parking matter.")
    (met,) = late_report_duties(case(told, stays), setting("2026-04-21 09:00"))
    assert met.state is DutyState.MET and not undecided_reports(case(told, stays), setting("2026-04-21 09:00"))


def test_opened_again_for_another_reason_is_an_answer_and_what_comes_then_is_not_late() -> None:
    again = make(Reopening, reopened_at="2026-03-25 10:00")
    later = make(Report, "later", received_at="2026-03-26 10:00", recorded_at="2026-03-26 10:00")
    found = case(report("2026-03-20 15:00"), again, later, stage="open")
    (duty,) = late_report_duties(found, setting("2026-04-21 09:00"))
    assert duty.state is DutyState.MET_LATE and "The case was opened again." in duty.why
    assert [one.id for one in late_reports(found)] == [named("report new")]


def test_opened_again_in_the_same_moment_it_still_came_after_closing() -> None:
    found = case(report("2026-03-20 15:00"), make(Reopening, reopened_at="2026-03-20 15:00"), stage="open")
    (duty,) = late_report_duties(found, setting("2026-04-21 09:00"))
    assert duty.state is DutyState.MET


def test_the_person_is_reached_within_a_day_of_it() -> None:
    told = report("2026-03-20 15:00")
    before = make(Contact, "before", at="2025-11-03 12:00", outcome="spoke")
    (duty,) = late_report_contacts(case(told, before), setting("2026-03-21 15:01"))
    assert (duty.state, duty.due_at, duty.subject) == (DutyState.LATE, london("2026-03-21 15:00"), told.id)
    spoke = make(Contact, "after", at="2026-03-20 18:00", outcome="spoke")
    (met,) = late_report_contacts(case(told, before, spoke), setting("2026-03-21 15:01"))
    assert met.state is DutyState.MET


def test_it_holds_deleting_until_somebody_decided() -> None:
    late = setting("2036-01-01 09:00")
    assert why_not_delete(case(report("2026-03-20 15:00")), late, "time-over") == REPORTED
    assert why_not_delete(case(), late, "time-over") == ""
