"""How long a case is kept and when it may be deleted for good (3.2)."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from core.domain.case import Party
from core.domain.enforcement import StandingOfPerson
from core.domain.retention import LegalHold
from core.foundation.errors import PolicyPackInvalid
from core.policy.pack import parse_pack
from core.policy.retention import holds_now, is_about_a_child, kept_until, why_not_delete
from core.policy.rows import problems_of
from core.services.packs import DEFAULT_PACK, shipped_text
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


BOY = make(Party, "boy", name="A boy", roles=frozenset({"alleged-perpetrator"}), age_band="10-17")
TERMS = setting("2026-01-01 09:00")


def test_what_is_held_on_a_child_complained_about_is_looked_at_sooner() -> None:
    assert kept_until(facts(BOY, **CLOSED), TERMS) == london("2026-02-28 10:00")
    assert why_not_delete(facts(BOY, **CLOSED), setting("2026-03-01 09:00"), "time-over") == ""
    assert not is_about_a_child(facts(make(Party, "girl", roles=frozenset({"harmed"}), age_band="10-17"), **CLOSED))
    grown = make(StandingOfPerson, party=BOY.id, age_years=18, noted_at="2024-02-01 09:00")
    assert not is_about_a_child(facts(BOY, grown, **CLOSED)), "their years go before what was thought of their age"


@pytest.mark.parametrize(("months", "until"), [(None, "2026-02-28 10:00"), (6, "2024-08-29 10:00")])
def test_a_pack_without_that_time_goes_on_and_never_keeps_a_child_for_longer(months: int | None, until: str) -> None:
    content = json.loads(shipped_text("policy", DEFAULT_PACK))
    del content["terms"]["keep_closed_child"]
    if months is not None:
        content["terms"]["keep_closed"]["value"] = months
    older = replace(TERMS, pack=parse_pack(json.dumps(content)))
    assert kept_until(facts(BOY, **CLOSED), older) == london(until)
    assert older.pack.terms["keep_closed_child"].source.decided


def test_a_wrong_time_for_a_child_is_named() -> None:
    content = json.loads(shipped_text("policy", DEFAULT_PACK))
    content["terms"]["keep_closed_child"]["value"] = 0
    with pytest.raises(PolicyPackInvalid) as refused:
        parse_pack(json.dumps(content))
    assert problems_of(refused.value) == ("value in keep_closed_child is not a whole number from 1 to 1,000",)
