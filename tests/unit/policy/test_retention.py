"""How long a case is kept and when it may be deleted for good (3.2)."""

from __future__ import annotations

import pytest

from core.domain.retention import LegalHold
from core.policy.retention import holds_now, kept_until, why_not_delete
from tests.support.policy import facts, london, make, setting

CLOSED = {"opened_at": "2024-01-10 09:00", "stage": "closed", "closed_at": "2024-02-29 10:00"}


def test_a_closed_case_is_kept_for_the_time_of_the_pack() -> None:
    assert kept_until(facts(**CLOSED), setting("2026-01-01 09:00")) == london("2029-02-28 10:00")
    assert kept_until(facts(opened_at="2024-01-10 09:00"), setting("2026-01-01 09:00")) is None


@pytest.mark.parametrize(
    ("reason", "now", "case", "against"),
    [
        ("time-over", "2028-01-01 09:00", CLOSED, "It is kept until 28 February 2029."),
        ("time-over", "2029-03-01 09:00", CLOSED, ""),
        ("erasure", "2026-01-01 09:00", CLOSED, ""),
        ("erasure", "2026-01-01 09:00", {"opened_at": "2024-01-10 09:00"}, "The case is open. Close it first."),
        ("mistake", "2026-01-01 09:00", {"opened_at": "2024-01-10 09:00"}, ""),
    ],
)
def test_time_over_erasure_and_mistake(reason: str, now: str, case: dict[str, str], against: str) -> None:
    assert why_not_delete(facts(**case), setting(now), reason) == against


def test_a_hold_goes_before_everything() -> None:
    hold = make(LegalHold, reason="The court asked for it.", placed_at="2025-01-01 09:00")
    lifted = make(LegalHold, "lifted", reason="A complaint", placed_at="2025-01-01 09:00", lifted_at="2025-02-01 09:00")
    assert holds_now(facts(hold, lifted)) == (hold,)
    against = "The case is held: The court asked for it. Lift the hold first."
    for reason in ("time-over", "erasure", "mistake"):
        assert why_not_delete(facts(hold, **CLOSED), setting("2040-01-01 09:00"), reason) == against
