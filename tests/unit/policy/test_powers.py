"""Which tools there are for whom, and why not (4.8, 4.9)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.domain.enforcement import TENURES
from core.foundation.errors import PolicyPackInvalid
from core.policy.powers import LegalPack, is_child, parse_legal_pack, powers_for

SHIPPED = Path(__file__).resolve().parents[3] / "resources" / "legal" / "england-2026-11.json"
TODAY = date(2026, 11, 29)


def pack() -> LegalPack:
    return parse_legal_pack(SHIPPED.read_text(encoding="utf-8"))


def why_not(code: str, *, tenure: str = "not-known", age: int | None = 30, on: date = TODAY) -> str:
    found = powers_for(pack(), on=on, tenure=tenure, age_years=age)
    return next(one.why_not for one in found if one.power.code == code)


def test_every_tool_is_offered_or_says_why_not() -> None:
    for tenure in TENURES:
        found = powers_for(pack(), on=TODAY, tenure=tenure, age_years=30)
        assert len(found) == len(pack().powers)
        assert all(one.available or one.why_not.endswith(".") for one in found)


def test_tenants_of_a_fully_mutual_co_operative_hold_neither_a_secure_nor_an_assured_tenancy() -> None:
    assert why_not("notice-to-quit", tenure="fully-mutual") == ""
    for code in ("possession-secure", "possession-assured"):
        assert why_not(code, tenure="fully-mutual") == "Not for this person: tenant of a fully mutual co-operative."


def test_what_is_not_known_is_never_taken_as_fitting() -> None:
    assert why_not("possession-secure") == "It depends on whose tenant the person is, which is not known."
    assert why_not("injunction", age=None) == "It depends on the person's age, which is not known."


@pytest.mark.parametrize("tenure", sorted(TENURES))
def test_an_injunction_does_not_depend_on_being_a_tenant(tenure: str) -> None:
    assert why_not("injunction", tenure=tenure) == ""


@pytest.mark.parametrize(
    ("age", "code", "answer"),
    [
        (9, "agreement", "Not under 10."), (9, "injunction", "Not under 10."), (9, "parental-agreement", ""),
        (10, "agreement", ""), (17, "injunction", ""),
        (17, "respect-order", "Nobody has confirmed that it is in force yet."),
        (17, "possession-secure", "Not under 18."), (18, "parental-agreement", "Only up to 17."),
    ],
)  # fmt: skip
def test_a_child_has_other_tools(age: int, code: str, answer: str) -> None:
    assert why_not(code, tenure="secure", age=age) == answer
    assert is_child(age) == (age < 18)


def test_a_repealed_power_is_not_available_after_its_day_and_was_before() -> None:
    assert why_not("housing-injunction-1996") == "Not in force any more since 22 March 2015."
    assert why_not("housing-injunction-1996", on=date(2012, 11, 1)) == ""
    assert why_not("injunction", on=date(2012, 11, 1)) == "In force only from 23 March 2015."


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (lambda made: made["powers"][2].pop("basis"), "row 3"),
        (lambda made: made["powers"][4].update(tenures=["freehold"]), "row 5"),
        (lambda made: made["powers"][5].update({"from": "last year"}), "row 6"),
        (lambda made: made["powers"][0].update(least_age=-1), "row 1"),
        (lambda made: made["powers"][1].update(code="first-warning"), "same code"),
        (lambda made: made.update(format=9), "format"),
    ],
)
def test_a_damaged_list_is_refused_with_the_row_named(spoil: Any, names: str) -> None:
    made = json.loads(SHIPPED.read_text(encoding="utf-8"))
    spoil(made)
    with pytest.raises(PolicyPackInvalid) as problem:
        parse_legal_pack(json.dumps(made))
    assert names in str(problem.value)
