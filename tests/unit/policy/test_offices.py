"""Who may still do what, down to three people and to nobody (policy 7.1 to 7.3)."""

from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.case import Party
from core.domain.governance import OfficeHeld
from core.policy.offices import (
    SHARED_DUTIES,
    Person,
    everything_still_possible,
    holders_on,
    is_their_own,
    must_declare,
    to_keep_out,
    vacant_offices,
    who_can,
)
from tests.support.policy import make, pack

ANA = Person(b"ana", "Ana Bright", "administrator", frozenset({"chairperson"}))
BEN = Person(b"ben", "Ben Okafor", "officer", frozenset({"development-worker"}))
CAI = Person(b"cai", "Cai Marsh", "officer", frozenset({"finance-officer"}))
EVE = Person(b"eve", "Eve Stone", "administrator", frozenset({"independent-reviewer"}), outside=True)
DUTY = {duty.code: duty for duty in SHARED_DUTIES}
DAY = date(2026, 3, 2)


def test_an_appeal_is_for_the_chairperson_first_and_never_for_who_led_the_case() -> None:
    found = who_can(DUTY["appeal"], (BEN, CAI, ANA), involved={b"ben"})
    assert [one.user for one in found.able] == [b"ana", b"cai"]
    assert not found.by_reviewer and not found.short


def test_with_three_people_the_duty_passes_on_to_whoever_is_free() -> None:
    found = who_can(DUTY["appeal"], (ANA, BEN, CAI), involved={b"ben"}, connected={b"ana"})
    assert [one.user for one in found.able] == [b"cai"]


def test_if_everybody_is_connected_the_independent_reviewer_is_named() -> None:
    found = who_can(DUTY["appeal"], (ANA, BEN, CAI, EVE), connected={b"ana", b"ben", b"cai"})
    assert [one.user for one in found.able] == [b"eve"] and found.by_reviewer and not found.short
    assert "Eve Stone" in found.sentence and "independent reviewer" in found.sentence


def test_if_there_is_no_reviewer_either_it_is_said() -> None:
    found = who_can(DUTY["appeal"], (ANA, BEN), connected={b"ana", b"ben"})
    assert found.short and found.able == ()
    assert found.sentence.startswith("Nobody is free to.")


def test_a_connected_reviewer_is_no_way_out() -> None:
    assert who_can(DUTY["appeal"], (ANA, EVE), connected={b"ana", b"eve"}).short


def test_an_override_takes_two_administrators() -> None:
    found = who_can(DUTY["override"], (ANA, BEN, CAI))
    assert found.short and found.sentence.startswith("Only Ana Bright, and it takes two people.")
    with_reviewer = who_can(DUTY["override"], (ANA, BEN, CAI, EVE))
    assert {one.user for one in with_reviewer.able} == {b"ana", b"eve"} and with_reviewer.by_reviewer


def test_alone_nobody_is_the_second_person() -> None:
    assert all(one.short for one in everything_still_possible((ANA,)))
    assert [one.duty.code for one in everything_still_possible((ANA, BEN, CAI)) if one.short] == ["override"]


PEOPLE = (ANA, BEN, CAI, EVE)
USERS = st.frozensets(st.sampled_from([one.user for one in PEOPLE]))


@given(involved=USERS, connected=USERS, here=USERS)
def test_nobody_connected_or_involved_is_ever_named(
    involved: frozenset[bytes], connected: frozenset[bytes], here: frozenset[bytes]
) -> None:
    people = tuple(one for one in PEOPLE if one.user in here)
    for duty in SHARED_DUTIES:
        found = who_can(duty, people, involved=involved, connected=connected)
        named = {one.user for one in found.able}
        assert not named & (involved | connected) and named <= here
        assert all(one.role in duty.roles for one in found.able)
        assert found.short == (len(named) < duty.needed)
        assert found.sentence.endswith(".") or not found.short


@given(involved=USERS, connected=USERS)
def test_one_more_who_is_connected_never_makes_more_possible(
    involved: frozenset[bytes], connected: frozenset[bytes]
) -> None:
    for duty, other in itertools.product(SHARED_DUTIES, PEOPLE):
        before = who_can(duty, PEOPLE, involved=involved, connected=connected)
        after = who_can(duty, PEOPLE, involved=involved, connected=connected | {other.user})
        assert before.short <= after.short


def test_who_holds_which_office_on_a_day() -> None:
    held = (
        make(OfficeHeld, "a", office="chairperson", user=b"ana", since=date(2020, 1, 1), until=date(2025, 12, 31)),
        make(OfficeHeld, "b", office="chairperson", user=b"ben", since=date(2026, 1, 1)),
        make(OfficeHeld, "c", office="of-the-moon", user=b"cai", since=date(2020, 1, 1)),
    )
    assert [holder.user for holder in holders_on(held, pack(), DAY)] == [b"ben"]
    assert [holder.user for holder in holders_on(held, pack(), date(2025, 12, 31))] == [b"ana"]
    assert [office.code for office in vacant_offices(held, pack(), DAY)] == [
        "development-worker", "finance-officer", "independent-reviewer",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("opened_by", "declared", "asked"), [(b"ben", set(), True), (b"ben", {b"ana"}, False), (b"ana", set(), False)]
)
def test_everybody_but_who_took_the_report_is_asked_before_first_opening(
    opened_by: bytes, declared: set[bytes], asked: bool
) -> None:
    assert must_declare(user=b"ana", opened_by=opened_by, declared=declared) is asked


@pytest.mark.parametrize(
    ("changes", "own"),
    [
        ({}, True), ({"sort": "resident"}, False), ({"roles": frozenset({"witness"})}, False),
        ({"roles": frozenset({"harmed", "alleged-perpetrator"})}, False), ({"name": "Cai Marsh"}, False),
        ({"name": "B. Okafor", "also_known_as": frozenset({"ben okafor "})}, True),
    ],
)  # fmt: skip
def test_whoever_was_harmed_and_works_here_is_asked_nothing_about_their_own_case(
    changes: dict[str, object], own: bool
) -> None:
    ben = make(Party, **{"name": "Ben Okafor", "sort": "staff", "roles": frozenset({"harmed"}), **changes})
    assert is_their_own((ben,), "Ben Okafor") is own
    assert must_declare(user=b"ben", opened_by=b"ana", declared=(), harmed=own) is not own
    assert not is_their_own((make(Party, sort="staff", roles=frozenset({"harmed"})),), "")


def test_who_declared_a_connection_is_kept_out_unless_they_lead() -> None:
    assert to_keep_out(connected={b"ana", b"ben", b"cai"}, reads={b"ana", b"ben"}, lead=b"ben") == (b"ana",)
