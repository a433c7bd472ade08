"""Training runs out after the time of the pack, warns, and stops nobody (policy 6.6, 7.3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.domain.governance import TrainingDone
from core.policy.training import trainings_now, why_warn
from tests.support.policy import calendar, make, pack

BOTH = ("equality-diversity", "harassment-casework")


def done(training: str, on: date, user: bytes = b"ana") -> TrainingDone:
    return make(TrainingDone, f"{training} {on} {user!r}", user=user, training=training, done_on=on)


def lapsed(records: tuple[TrainingDone, ...], on: date) -> set[str]:
    found = trainings_now({b"ana"}, records, pack(), calendar(), on)
    return {one.training.code for one in found if one.lapsed}


def test_never_recorded_is_lapsed() -> None:
    assert lapsed((), date(2026, 3, 2)) == set(BOTH)
    said = why_warn(trainings_now({b"ana"}, (), pack(), calendar(), date(2026, 3, 2)), b"ana")
    assert "Equality and diversity (never recorded)" in said and said.endswith("Policy 6.6.")


@pytest.mark.parametrize(
    ("on", "still"), [(date(2026, 2, 27), True), (date(2026, 2, 28), False), (date(2026, 3, 1), False)]
)
def test_it_counts_up_to_the_day_before_it_was_done_so_long_ago(on: date, still: bool) -> None:
    records = (done("equality-diversity", date(2024, 2, 28)),)
    assert ("equality-diversity" not in lapsed(records, on)) is still


def test_a_training_on_a_leap_day_counts_until_the_end_of_february() -> None:
    records = (done("equality-diversity", date(2024, 2, 29)),)
    assert "equality-diversity" not in lapsed(records, date(2026, 2, 27))
    assert "equality-diversity" in lapsed(records, date(2026, 2, 28))


def test_the_latest_time_counts_and_one_ahead_does_not() -> None:
    records = (done("equality-diversity", date(2020, 1, 1)), done("equality-diversity", date(2026, 1, 1)))
    assert "equality-diversity" not in lapsed(records, date(2026, 3, 2))
    assert "equality-diversity" in lapsed((done("equality-diversity", date(2099, 1, 1)),), date(2026, 3, 2))


def test_what_somebody_else_did_does_not_count() -> None:
    assert lapsed((done("equality-diversity", date(2026, 1, 1), b"ben"),), date(2026, 3, 2)) == set(BOTH)


def test_running_out_soon_is_said_before_it_lapses() -> None:
    records = (done("equality-diversity", date(2024, 4, 1)),)
    (found, _) = trainings_now({b"ana"}, records, pack(), calendar(), date(2026, 3, 2))
    assert found.soon and not found.lapsed and found.until == date(2026, 4, 1) - timedelta(days=1)


def test_nobody_is_warned_about_who_is_up_to_date() -> None:
    records = tuple(done(code, date(2026, 1, 1)) for code in BOTH)
    assert why_warn(trainings_now({b"ana"}, records, pack(), calendar(), date(2026, 3, 2)), b"ana") == ""
