"""What the person wants (1.1)."""

from __future__ import annotations

from datetime import date

import pytest

from core.domain.case import Party
from core.domain.plan import Wish
from core.policy.duties import DutyState
from core.policy.wishes import NOT_ASKED, why_not_approach, wishes_differ, wishes_now, wishes_to_ask_again
from tests.support.policy import facts, london, make, setting


def test_nobody_asked_yet_is_a_reason_to_ask_first() -> None:
    assert why_not_approach(facts()) == NOT_ASKED


def test_the_latest_word_holds_and_the_earlier_one_stays() -> None:
    first = make(Wish, "1", said_at="2026-03-02 10:00", not_approached=True)
    later = make(Wish, "2", said_at="2026-03-09 10:00", not_approached=False)
    found = facts(later, first)
    assert wishes_now(found) == {None: later}
    assert why_not_approach(found) == ""
    assert len(found.of(Wish)) == 2


def test_a_wish_not_to_approach_is_said_with_its_day() -> None:
    wish = make(Wish, said_at="2026-11-03 10:00", not_approached=True)
    assert why_not_approach(facts(wish)) == (
        "The person does not want the person complained about to be approached (said 3 Nov)."
    )


def test_wishes_of_two_people_may_differ() -> None:
    ana, ben = make(Party, "ana", roles={"harmed"}), make(Party, "ben", roles={"harmed"})
    wants = make(Wish, "a", party=ana.id, said_at="2026-03-02 10:00", not_approached=False)
    wants_not = make(Wish, "b", party=ben.id, said_at="2026-03-02 10:00", not_approached=True)
    assert wishes_differ(facts(ana, ben, wants, wants_not))
    assert why_not_approach(facts(ana, ben, wants, wants_not)) != ""


def test_wanting_no_action_is_a_reason_too() -> None:
    assert why_not_approach(facts(make(Wish, said_at="2026-03-02 10:00", no_action=True)))


NO_ACTION = make(Wish, "1", said_at="2026-03-02 10:00", no_action=True, ask_again_on=date(2026, 3, 16))


@pytest.mark.parametrize(
    ("now", "again", "state"),
    [
        ("2026-03-16 23:00", "", DutyState.RUNNING),
        ("2026-03-17 09:00", "", DutyState.LATE),
        ("2026-03-20 09:00", "2026-03-10 10:00", DutyState.MET),
        ("2026-03-20 09:00", "2026-03-18 10:00", DutyState.MET_LATE),
    ],
)
def test_whoever_wants_no_action_is_asked_again_by_the_day_agreed(now: str, again: str, state: DutyState) -> None:
    later = (make(Wish, "2", said_at=again, no_action=False),) if again else ()
    (duty,) = wishes_to_ask_again(facts(NO_ACTION, *later), setting(now))
    assert duty.state is state


def test_what_somebody_else_wants_does_not_end_asking_again() -> None:
    ben = make(Party, "ben", roles={"harmed"})
    other = make(Wish, "2", party=ben.id, said_at="2026-03-10 10:00")
    (duty,) = wishes_to_ask_again(facts(ben, NO_ACTION, other), setting("2026-03-17 09:00"))
    assert duty.to_do


def test_a_day_to_ask_again_that_passed_before_closing_stays_missed() -> None:
    closed = {"stage": "closed", "closed_at": london("2026-03-20 10:00")}
    (duty,) = wishes_to_ask_again(facts(NO_ACTION, **closed), setting("2026-03-25 09:00"))
    assert duty.state is DutyState.MET_LATE
    closed["closed_at"] = london("2026-03-10 10:00")
    assert wishes_to_ask_again(facts(NO_ACTION, **closed), setting("2026-03-25 09:00")) == ()
