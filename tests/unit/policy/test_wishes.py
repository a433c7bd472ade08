"""What the person wants (1.1)."""

from __future__ import annotations

from core.domain.case import Party
from core.domain.plan import Wish
from core.policy.wishes import NOT_ASKED, why_not_approach, wishes_differ, wishes_now
from tests.support.policy import facts, make


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
