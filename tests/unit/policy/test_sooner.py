"""Reviews sooner than every three months while the risk is high, and what belongs into a review (4.29)."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.domain.case import Closure, Party, Review
from core.domain.declare import Record
from core.domain.plan import PlanAction
from core.domain.risk import RiskAssessment
from core.policy.calendar import LONDON
from core.policy.duties import DutyState
from core.policy.risk import why_assess
from core.policy.sooner import (
    assessed_for_review,
    closing_wanted,
    next_review_by,
    open_actions,
    sooner_reviews,
    term_for,
    why_not_on,
)
from tests.support.policy import facts, london, make, named, setting

OPENED = london("2026-01-01 10:00")


def risk(band: str, at: str, name: str = "", **fields: Any) -> RiskAssessment:
    return make(RiskAssessment, f"{band}{at}{name}", worked_out=band, judged=band, assessed_at=at, **fields)


def held(at: str, **fields: Any) -> Review:
    return make(Review, at, reviewed_at=at, **fields)


def sooner(now: str, *records: Record, **case: Any) -> list[tuple[str, DutyState]]:
    found = sooner_reviews(facts(*records, **{"opened_at": OPENED, **case}), setting(now))
    return [(_day(duty.due_at), duty.state) for duty in found]


def _day(moment: Any) -> str:
    return str(moment.astimezone(LONDON).date().isoformat())


def test_high_risk_is_reviewed_after_four_weeks_and_again_from_each_review() -> None:
    high = risk("high", "2026-01-05 10:00")
    assert sooner("2026-01-06 09:00", high) == [("2026-02-02", DutyState.RUNNING)]
    assert sooner("2026-02-03 09:00", high) == [("2026-02-02", DutyState.LATE)]
    assert sooner("2026-02-11 09:00", high, held("2026-02-10 10:00")) == [
        ("2026-02-02", DutyState.MET_LATE), ("2026-03-10", DutyState.RUNNING),
    ]  # fmt: skip


def test_standard_risk_asks_for_nothing_sooner_and_medium_for_eight_weeks() -> None:
    assert sooner("2026-01-06 09:00", risk("standard", "2026-01-05 10:00")) == []
    assert sooner("2026-01-06 09:00", risk("medium", "2026-01-05 10:00")) == [("2026-03-02", DutyState.RUNNING)]
    assert str(term_for("high", setting("2026-01-06 09:00"))) == "28 days"
    assert term_for("standard", setting("2026-01-06 09:00")) is None


def test_the_same_risk_assessed_again_moves_nothing() -> None:
    twice = (risk("high", "2026-01-05 10:00"), risk("high", "2026-01-30 10:00"))
    assert sooner("2026-02-01 09:00", *twice) == [("2026-02-02", DutyState.RUNNING)]


def test_a_risk_that_falls_in_time_takes_the_promise_away_and_one_that_falls_later_does_not() -> None:
    high = risk("high", "2026-01-05 10:00")
    assert sooner("2026-02-10 09:00", high, risk("standard", "2026-01-20 10:00")) == []
    assert sooner("2026-02-10 09:00", high, risk("standard", "2026-02-05 10:00")) == [("2026-02-02", DutyState.LATE)]


def test_a_day_set_at_a_review_is_kept_or_missed_for_ever() -> None:
    review = held("2026-01-20 10:00", next_on=date(2026, 2, 10))
    assert sooner("2026-02-09 09:00", review) == [("2026-02-10", DutyState.RUNNING)]
    late = held("2026-02-12 10:00")
    assert sooner("2027-02-09 09:00", review, late) == [("2026-02-10", DutyState.MET_LATE)]


def test_what_was_missed_when_the_case_was_closed_stays() -> None:
    high = risk("high", "2026-01-05 10:00")
    closed = make(Closure, proposed_at="2026-02-10 10:00", closed_at="2026-03-10 10:00")
    at = london("2026-03-10 10:00")
    assert sooner("2026-06-10 09:00", high, closed, stage="closed", closed_at=at) == [
        ("2026-02-02", DutyState.MET_LATE)
    ]
    in_time = london("2026-01-20 10:00")
    assert sooner("2026-06-10 09:00", high, stage="closed", closed_at=in_time) == []


def test_the_highest_risk_of_several_people_counts() -> None:
    one, two = named("party one"), named("party two")
    both = (risk("high", "2026-01-05 10:00", party=one), risk("standard", "2026-01-06 10:00", party=two))
    assert sooner("2026-01-07 09:00", *both) == [("2026-02-02", DutyState.RUNNING)]


def test_a_later_day_than_the_risk_allows_is_refused() -> None:
    found, now = facts(risk("high", "2026-01-05 10:00")), setting("2026-01-06 09:00")
    assert next_review_by(found, now) == date(2026, 2, 3)
    assert why_not_on(found, date(2026, 2, 3), now) == ""
    assert why_not_on(found, date(2026, 2, 4), now).endswith("by 3 February 2026 at the latest.")
    assert why_not_on(found, date(2026, 1, 6), now).startswith("Enter a day that still lies ahead")
    assert next_review_by(facts(), now) is None


def test_a_review_wants_a_fresh_score_of_each_person_harmed() -> None:
    ada = make(Party, "ada", roles=frozenset({"harmed"}))
    bea = make(Party, "bea", roles=frozenset({"harmed"}))
    fresh = risk("high", "2026-01-05 10:00", party=ada.id)
    now = setting("2026-01-19 09:00")
    found, stale = assessed_for_review(facts(ada, bea, fresh), now)
    assert found == {ada.id: fresh.id} and stale == (bea.id,)
    assert assessed_for_review(facts(ada, fresh), setting("2026-02-19 09:00"))[1] == (ada.id,)
    for_nobody_by_name = risk("high", "2026-01-05 10:00")
    assert assessed_for_review(facts(ada, for_nobody_by_name), now)[1] == ()


def test_a_review_that_scored_the_risk_does_not_ask_for_it_again() -> None:
    first = risk("high", "2026-01-05 10:00")
    plain, scored = held("2026-01-06 10:00"), held("2026-01-06 10:00", assessments=frozenset({first.id}))
    now = setting("2026-01-07 09:00")
    assert why_assess(facts(first, plain), now) == "A review was held since the last assessment."
    assert why_assess(facts(first, scored), now) == ""


def test_open_actions_come_by_their_day_and_closing_is_wanted_until_it_is_proposed() -> None:
    later = make(PlanAction, "b", what="Lights", by_when=date(2026, 3, 1))
    first = make(PlanAction, "a", what="Locks", by_when=date(2026, 2, 1))
    done = make(PlanAction, "c", what="Gate", done_at="2026-01-02 10:00")
    assert open_actions(facts(later, first, done)) == (first, later)
    review = held("2026-01-20 10:00", keep_open=False)
    assert closing_wanted(facts(review)) == review
    assert closing_wanted(facts(review, make(Closure, proposed_at="2026-01-21 10:00"))) is None
    assert closing_wanted(facts(review, held("2026-02-20 10:00", keep_open=True))) is None
