"""What holds for every moment, every term and every set of records."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.case import Case, Contact, Graffiti, Report, Review, SafeContact, Survey
from core.domain.declare import Record
from core.policy.calendar import LONDON
from core.policy.clocks import duties_of_case, today_order
from core.policy.duties import CaseFacts, Duty, DutyState
from tests.support.policy import calendar, facts, make, pack
from tests.support.searching import examples

PACK, CALENDAR = pack(), calendar()
MET = (DutyState.MET, DutyState.MET_LATE)

moments = st.datetimes(datetime(2012, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))
close_moments = st.integers(0, 500 * 24 * 4).map(
    lambda quarters: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * quarters)
)
outcomes = st.sampled_from(["spoke", "replied", "refused", "no-answer", "message-left", "sent", ""])


@given(moments, st.integers(1, 500))
def test_hours_are_elapsed_whatever_the_clocks_on_the_wall_do(moment: datetime, hours: int) -> None:
    local = moment.astimezone(LONDON)
    assert CALENDAR.add_elapsed_hours(local, hours) - moment == timedelta(hours=hours)


@given(moments, st.integers(1, 40))
def test_months_never_drift(anchor: datetime, count: int) -> None:
    local = anchor.astimezone(LONDON)
    due = CALENDAR.add_calendar_months(anchor, 3 * count).astimezone(LONDON)
    month0 = local.month - 1 + 3 * count
    assert (due.year, due.month) == (local.year + month0 // 12, month0 % 12 + 1)
    assert due.day == local.day or (due.day < local.day and (due + timedelta(days=1)).month != due.month)
    stepped = anchor
    for _ in range(count):
        stepped = CALENDAR.add_calendar_months(stepped, 3, local.day)
    stepped_local = stepped.astimezone(LONDON)
    assert stepped_local.date() == due.date()


@given(moments, st.integers(1, 24))
def test_months_keep_the_civil_time_unless_the_night_skips_it(anchor: datetime, months: int) -> None:
    local = anchor.astimezone(LONDON)
    due = CALENDAR.add_calendar_months(anchor, months).astimezone(LONDON)
    skipped = due.month == 3 and due.isoweekday() == 7 and due.day >= 25 and local.hour == 1
    assert due.time() == local.time() or (skipped and due.hour == 2)


@given(moments, st.integers(1, 60))
def test_working_days_never_land_on_a_weekend_or_bank_holiday_and_are_counted_right(start: datetime, days: int) -> None:
    first = start.astimezone(LONDON).date()
    last = CALENDAR.add_working_days(start, days).astimezone(LONDON).date()
    assert last.weekday() < 5
    assert last not in CALENDAR.holidays
    between = (date.fromordinal(n) for n in range(first.toordinal() + 1, last.toordinal() + 1))
    assert sum(day.weekday() < 5 and day not in CALENDAR.holidays for day in between) == days


def some_facts() -> st.SearchStrategy[list[Record]]:
    """Records of one case at moments up to a year and a half apart, of every kind a duty reads."""
    names = st.integers(0, 999).map(str)
    kinds = st.one_of(
        st.builds(
            lambda n, at, late: make(Report, n, received_at=at, recorded_at=late),
            names, close_moments, close_moments,
        ),
        st.builds(lambda n, at: make(Report, n, received_at=at, anonymous=True), names, close_moments),
        st.builds(lambda n, at, how: make(Contact, n, at=at, outcome=how), names, close_moments, outcomes),
        st.builds(lambda n, at: make(Review, n, reviewed_at=at), names, close_moments),
        st.builds(
            lambda n, at, gone, bad: make(Graffiti, n, notified_at=at, removed_at=gone, offensive=bad),
            names, close_moments, st.none() | close_moments, st.sampled_from([True, False, None]),
        ),
        st.builds(lambda n, at: make(Survey, n, sent_at=at, way="letter"), names, close_moments),
        st.builds(
            lambda n, at, ways: make(SafeContact, n, checked_at=at, safe_ways=ways),
            names, close_moments, st.frozensets(st.sampled_from(["letter", "call", "email"])),
        ),
    )  # fmt: skip
    return st.lists(kinds, max_size=12, unique_by=lambda item: item.id)


case_fields = st.fixed_dictionaries(
    {"opened_at": close_moments},
    optional={"reopened_at": close_moments, "closed_at": close_moments, "stage": st.sampled_from(["open", "closed"])},
)


def duties(records: list[Record], fields: dict[str, object], now: datetime) -> tuple[Duty, ...]:
    return duties_of_case(facts(*records, **fields), PACK, CALENDAR, now)


@given(st.data(), some_facts(), case_fields, close_moments)
def test_duties_do_not_depend_on_the_order_of_the_records(
    data: st.DataObject, records: list[Record], fields: dict[str, object], now: datetime
) -> None:
    shuffled = data.draw(st.permutations(records))
    assert duties(records, fields, now) == duties(shuffled, fields, now)


@given(some_facts(), case_fields, close_moments)
def test_late_only_when_the_time_has_passed_and_not_applicable_only_without_a_time(
    records: list[Record], fields: dict[str, object], now: datetime
) -> None:
    for duty in duties(records, fields, now):
        assert (duty.state is DutyState.NOT_APPLICABLE) == (duty.due_at is None)
        if duty.due_at is None:
            continue
        assert duty.to_do == (duty.met_at is None)
        if duty.to_do:
            assert (duty.state is DutyState.LATE) == (now > duty.due_at)
        elif duty.met_at is not None:
            assert (duty.state is DutyState.MET_LATE) == (duty.met_at > duty.due_at)
        assert duty.why.endswith(f"Policy {duty.clause}.")
        assert duty.at(now) == duty


@given(some_facts(), case_fields, close_moments, st.integers(0, 400))
def test_what_is_met_stays_met_as_time_passes_and_records_are_added_later(
    records: list[Record], fields: dict[str, object], now: datetime, days: int
) -> None:
    now = max([now, *(at for at in fields.values() if isinstance(at, datetime))])
    known = [record for record in records if _when(record) <= now]
    before = {_key(duty): duty for duty in duties(known, fields, now) if duty.state in MET}
    later = now + timedelta(days=days)
    after = {_key(duty): duty for duty in duties(records, fields, later)}
    for key, duty in before.items():
        assert after[key].state in MET
        assert not duty.was_late or after[key].was_late


@given(some_facts(), case_fields, close_moments)
@settings(max_examples=examples(50))
def test_today_lists_only_what_is_to_be_done_with_the_late_ones_first(
    records: list[Record], fields: dict[str, object], now: datetime
) -> None:
    shown = today_order(duties(records, fields, now), now)
    states = [duty.state for duty in shown]
    assert set(states) <= {DutyState.LATE, DutyState.RUNNING}
    assert states == sorted(states, key=lambda state: state is not DutyState.LATE)
    times = [duty.due_at for duty in shown if duty.due_at is not None]
    assert times == sorted(times)


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_no_moment_a_laptop_can_send_stops_the_list(one: datetime, two: datetime) -> None:
    now = datetime(2026, 11, 27, tzinfo=UTC)
    records = (
        make(Report, received_at=one, recorded_at=two),
        make(Contact, at=two, outcome="spoke"),
        make(Review, reviewed_at=two),
    )
    case = make(Case, opened_at=one, closed_at=two, stage="closed")
    found: CaseFacts = facts(*records)
    duties_of_case(found, PACK, CALENDAR, now)
    closed = CaseFacts(case=case, reports=found.reports, contacts=found.contacts, reviews=found.reviews)
    for duty in duties_of_case(closed, PACK, CALENDAR, now):
        assert duty.why


def _when(record: Record) -> datetime:
    """When a record came into being: its own time; for graffiti the time it was dealt with, if it was."""
    moments_of = [value for name in type(record).SPEC.fields if isinstance(value := getattr(record, name), datetime)]
    return max(moments_of)


def _key(duty: Duty) -> tuple[object, ...]:
    """The same promise before and after: a review by its due time, a place or a report after closing by its record."""
    due = duty.due_at if duty.kind == "review" else None
    subject = duty.subject if duty.kind in ("graffiti", "late-report", "late-report-contact") else None
    return (duty.kind, subject, due)
