"""Which ways reach a person safely: their own rules, and what others would see first."""

from __future__ import annotations

import pytest

from core.domain.case import NEVER_WAYS, Party, SafeContact
from core.domain.intake import PersonFate
from core.policy.safe_contact import (
    ASKED_NEVER,
    never_for,
    people_with_rules,
    rules_now,
    shared_with_complained_about,
    ways_for,
    ways_in,
    why_not_reach,
    why_not_safe,
)
from tests.support.policy import facts, make, named

FLAT = named("flat 4")
MEERA = make(Party, "meera", roles=frozenset({"harmed"}), home=FLAT, phone="07700 900123", email="Meera@mail.example")
ADA = make(Party, "ada", roles=frozenset({"harmed"}), home=named("flat 9"))


def rules(name: str, party: Party | None, **fields: object) -> SafeContact:
    sets = {key: frozenset(value) if isinstance(value, set) else value for key, value in fields.items()}
    return make(SafeContact, name, party=party.id if party else None, **{"checked_at": "2026-11-02 10:00", **sets})


def test_each_person_has_rules_of_their_own() -> None:
    case = facts(
        MEERA, ADA, rules("m", MEERA, safe_ways={"text"}, unsafe_ways={"letter"}, code_word="heron"),
        rules("a", ADA, safe_ways={"letter"}, times="mornings"),
    )  # fmt: skip
    assert ways_for(case, MEERA.id).safe == ("text",) and ways_for(case, MEERA.id).code_word == "heron"
    assert ways_for(case, ADA.id).safe == ("letter",) and ways_for(case, ADA.id).times == "mornings"
    assert why_not_reach(case, MEERA.id, "letter") == ASKED_NEVER and why_not_reach(case, ADA.id, "letter") == ""


def test_for_a_whole_case_a_way_is_safe_only_if_nobody_said_never() -> None:
    case = facts(
        MEERA,
        ADA,
        rules("m", MEERA, safe_ways={"call", "text"}, unsafe_ways={"letter"}),
        rules("a", ADA, safe_ways={"letter", "call"}),
    )
    assert ways_in(case).safe == ("call",) and ways_in(case).differ
    assert ways_in(case).never == ("letter",)
    assert ways_for(case, None) == ways_in(case)


def test_the_latest_word_of_a_person_holds_in_any_order() -> None:
    old = rules("old", MEERA, safe_ways={"call"})
    new = rules("new", MEERA, safe_ways={"text"}, checked_at="2026-11-09 10:00")
    for order in ((old, new), (new, old)):
        assert rules_now(facts(MEERA, *order))[MEERA.id] == new
        assert ways_for(facts(MEERA, *order), MEERA.id).safe == ("text",)


@pytest.mark.parametrize(
    ("shared", "never"),
    [
        ("home", {"letter", "visit"}), ("letterbox", {"letter"}), ("phone", {"text", "call", "voicemail"}),
        ("email", {"email"}),
    ],
)  # fmt: skip
def test_what_somebody_else_sees_first_is_never_used(shared: str, never: set[str]) -> None:
    """A partner reads the email; the person complained about opens the post."""
    case = facts(MEERA, rules("m", MEERA, safe_ways=set(NEVER_WAYS), seen_by_others={shared}))
    assert set(never_for(case, MEERA.id)) == never
    assert not never & set(ways_for(case, MEERA.id).safe)
    assert why_not_safe(frozenset(never), frozenset({shared})) and not why_not_safe(frozenset(), frozenset({shared}))


def test_the_person_complained_about_shares_the_household() -> None:
    him = make(Party, "him", roles=frozenset({"alleged-perpetrator"}), home=FLAT)
    case = facts(MEERA, him, rules("m", MEERA, safe_ways={"letter", "text"}))
    assert set(never_for(case, MEERA.id)) == {"letter", "visit"} and ways_for(case, MEERA.id).safe == ("text",)
    assert shared_with_complained_about(case, MEERA) == ("home",) and shared_with_complained_about(case, him) == ()
    assert "same home" in why_not_reach(case, MEERA.id, "letter")


@pytest.mark.parametrize(
    ("details", "never"),
    [
        ({"phone": "+44 7700 900 123"}, {"text", "call", "voicemail"}), ({"email": " meera@MAIL.example"}, {"email"}),
        ({"phone": "999"}, set()), ({"email": ""}, set()),
    ],
)  # fmt: skip
def test_the_person_complained_about_shares_the_phone_or_the_email(details: dict[str, str], never: set[str]) -> None:
    him = make(Party, "him", roles=frozenset({"alleged-perpetrator"}), **details)
    assert set(never_for(facts(MEERA, him), MEERA.id)) == never


def test_a_way_nobody_asked_about_is_neither_safe_nor_forbidden() -> None:
    ways = ways_for(facts(MEERA), MEERA.id)
    assert ways.safe == () and ways.never == () and ways.checked_at is None


def test_a_death_stops_what_goes_to_that_person_and_not_to_the_others() -> None:
    died = make(PersonFate, "died", party=MEERA.id, what="died", noted_at="2026-11-09 10:00")
    case = facts(MEERA, ADA, died, rules("a", ADA, safe_ways={"letter"}))
    assert set(never_for(case, MEERA.id)) == set(NEVER_WAYS)
    assert why_not_reach(case, ADA.id, "letter") == "" and ways_in(case).safe == ("letter",)


def test_rules_for_nobody_by_name_hold_for_everybody() -> None:
    case = facts(MEERA, ADA, rules("all", None, unsafe_ways={"voicemail"}))
    assert set(never_for(case, ADA.id)) == set(never_for(case, MEERA.id)) == {"voicemail"}


def test_what_one_person_said_is_not_taken_for_another_nor_kept_after_a_death() -> None:
    text, letter = rules("m", MEERA, safe_ways={"text"}), rules("a", ADA, safe_ways={"letter"})
    assert ways_in(facts(MEERA, ADA, text, letter)).safe == ()
    died = make(PersonFate, "died", party=ADA.id, what="died", noted_at="2026-11-09 10:00")
    alone = facts(MEERA, ADA, text, letter, died)
    assert ways_in(alone).safe == ("text",) and not ways_in(alone).differ
    assert people_with_rules(alone) == (MEERA,)
