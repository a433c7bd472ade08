"""What the person wants (1.1)."""

from __future__ import annotations

from datetime import date

import pytest

from core.domain.case import Contact, Party
from core.domain.declare import Record
from core.domain.doors import WarningGiven
from core.domain.enforcement import ToolUsed
from core.domain.plan import AgainstWish, Wish
from core.policy.duties import DutyState
from core.policy.wishes import (
    NOT_ASKED,
    acts_without_ground,
    why_not_approach,
    why_not_overrule,
    wishes_differ,
    wishes_in_short,
    wishes_now,
    wishes_to_ask_again,
)
from tests.support.policy import facts, london, make, named, setting


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


def test_what_is_not_wanted_is_said_in_a_few_words() -> None:
    assert wishes_in_short(facts()) == wishes_in_short(facts(make(Wish, said_at="2026-03-02 10:00"))) == ""
    assert wishes_in_short(facts(ASKED)) == "Wants nobody approached (said 2 Mar)"
    assert wishes_in_short(facts(NO_ACTION)) == "Wants no action (said 2 Mar)"
    other = make(Wish, "other", party=named("party other"), said_at="2026-03-03 10:00")
    assert wishes_in_short(facts(ASKED, other)) == "The people harmed want different things"


# ------------------------------------------------------------------ what goes before a wish


HIM = make(Party, "him", roles={"alleged-perpetrator"})
ASKED = make(Wish, "asked", said_at="2026-03-02 10:00", not_approached=True)
DEEDS = (
    make(ToolUsed, party=HIM.id, decided_at="2026-03-04 10:00"),
    make(WarningGiven, party=HIM.id, given_at="2026-03-04 10:00"),
    make(Contact, party=HIM.id, at="2026-03-04 10:00", outcome="spoke"),
)


@pytest.mark.parametrize("deed", DEEDS)
def test_what_was_done_against_a_wish_needs_a_ground_on_the_file(deed: Record) -> None:
    assert len(acts_without_ground(facts(HIM, ASKED, deed))) == 1
    earlier = make(AgainstWish, grounds={"life"}, decided_at="2026-03-01 10:00")
    assert acts_without_ground(facts(HIM, ASKED, deed, earlier)), "it was about another wish"
    for moment in ("2026-03-03 10:00", "2026-03-05 10:00"):
        ground = make(AgainstWish, grounds={"child"}, decided_at=moment)
        assert acts_without_ground(facts(HIM, ASKED, deed, ground)) == ()
    agreed = make(Wish, "agreed", said_at="2026-03-03 10:00")
    assert acts_without_ground(facts(HIM, ASKED, agreed, deed)) == (), "what she wanted by then"
    later = make(Wish, "later", said_at="2026-03-05 10:00", no_action=True)
    assert acts_without_ground(facts(HIM, later, deed)) == (), "nobody had said so yet"


def test_a_try_and_a_talk_with_somebody_else_are_no_approach() -> None:
    tried = make(Contact, party=HIM.id, at="2026-03-04 10:00", outcome="voicemail")
    other = make(Contact, "other", at="2026-03-04 10:00", outcome="spoke")
    assert acts_without_ground(facts(HIM, ASKED, tried, other)) == ()


def test_a_decision_against_a_wish_needs_a_ground_reasons_and_a_word_to_the_person() -> None:
    nothing = why_not_overrule(grounds=frozenset(), reasons=" ", told=None, not_told_because="")
    assert set(nothing) == {"grounds", "reasons", "person_told"}
    untold = {"grounds": frozenset({"life"}), "reasons": "A knife.", "told": False}
    assert set(why_not_overrule(**untold, not_told_because="")) == {"not_told_because"}
    assert why_not_overrule(**untold, not_told_because="She cannot be reached.") == {}
