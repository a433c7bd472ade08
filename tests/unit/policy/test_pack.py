"""The shipped pack says what the policy says, and a pack that is not whole is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from core.domain.case import ACTS, STRANDS
from core.foundation.errors import NotFound, PolicyPackInvalid
from core.policy.pack import LATER_TERMS, parse_pack
from tests.support.policy import PACK_FILE, pack

Change = Callable[[dict[str, Any]], object]


def test_periods_the_policy_gives_and_periods_we_chose() -> None:
    clocks = pack().clocks
    assert str(clocks.first_contact.term) == "24 hours"
    assert str(clocks.graffiti.term) == "24 hours"
    assert str(clocks.review.term) == "3 months"
    assert str(clocks.appeal.term) == "10 working days"
    assert str(clocks.survey.term) == "14 days"
    decided = {name for name, source in pack().sources().items() if source.decided}
    assert {"appeal", "survey"} <= decided
    assert not decided & {"first contact", "graffiti", "review"}


def test_every_clause_of_the_policy_is_there_in_plain_words() -> None:
    sections = {"1": 3, "2": 1, "3": 3, "4": 33, "5": 1, "6": 6, "7": 3, "8": 1, "9": 1}
    numbers = [clause.number for clause in pack().clauses]
    assert numbers == [f"{section}.{n}" for section, count in sections.items() for n in range(1, count + 1)]
    assert pack().clause("4.24").title == "First contact in 24 hours"


def test_a_clause_that_does_not_exist() -> None:
    with pytest.raises(NotFound):
        pack().clause("4.34")


def test_the_policys_own_contradiction_is_shown_with_all_three_sides() -> None:
    (about_review,) = pack().contradictions
    assert [where for where, _ in about_review.says] == ["8.1", "9.1", "footer"]


def test_policy_strands_are_the_seven_of_4_1_and_five_are_monitored() -> None:
    in_policy = {strand.code for strand in pack().strands if strand.in_policy}
    assert in_policy == {"race", "religion", "gender", "disability", "sexual-orientation", "illness", "age"}
    monitored = {strand.monitored_as for strand in pack().strands if strand.monitored_as}
    assert monitored == {"race", "religion", "disability", "sexual orientation", "transgender identity"}


def test_every_act_and_strand_a_record_can_hold_has_its_rule() -> None:
    assert {act.code for act in pack().acts} == set(ACTS)
    assert {strand.code for strand in pack().strands} == set(STRANDS)


@pytest.mark.parametrize("text", ["", "[]", "3", "null", "{", '{"format": 1}', "[" * 100_000, '{"a": 1, "a": 2}'])
def test_what_is_no_pack_is_refused(text: str) -> None:
    with pytest.raises(PolicyPackInvalid):
        parse_pack(text)


DAMAGE: dict[str, Change] = {
    "newer format": lambda p: p.update(format=2),
    "unknown name": lambda p: p.update(surprise=1),
    "unknown name inside": lambda p: p["closing"].update(surprise=1),
    "missing part": lambda p: p.pop("handling"),
    "missing clock": lambda p: p["clocks"].pop("appeal"),
    "no hours": lambda p: p["clocks"]["first_contact"].update(value=0),
    "hours as text": lambda p: p["clocks"]["first_contact"].update(value="24"),
    "hours as truth": lambda p: p["clocks"]["first_contact"].update(value=True),
    "endless hours": lambda p: p["clocks"]["first_contact"].update(value=10**9),
    "unknown unit": lambda p: p["clocks"]["graffiti"].update(unit="fortnights"),
    "review in hours": lambda p: p["clocks"]["review"].update(unit="elapsed hours"),
    "unknown source": lambda p: p["clocks"]["graffiti"].update(source="rumour"),
    "clause that is not there": lambda p: p["clocks"]["graffiti"].update(clause="4.99"),
    "clause twice": lambda p: p["clauses"].append(p["clauses"][0]),
    "odd clause number": lambda p: p["clauses"][0].update(number="one"),
    "empty paraphrase": lambda p: p["clauses"][0].update(paraphrase=" "),
    "clauses no list": lambda p: p.update(clauses={}),
    "clause no object": lambda p: p["clauses"].append("4.34"),
    "unknown handling": lambda p: p["handling"].update(at_intake=["nothing"]),
    "no handling": lambda p: p["handling"].update(at_intake=[]),
    "flag as number": lambda p: p["handling"].update(downgrade_needs_reasons=1),
    "act missing": lambda p: p["acts"].pop(),
    "act unknown": lambda p: p["acts"][0].update(code="rudeness"),
    "strand missing": lambda p: p["strands"].pop(),
    "strand twice": lambda p: p["strands"].append(p["strands"][0]),
    "unknown zone": lambda p: p.update(zone="Europe/Atlantis"),
    "zone that climbs": lambda p: p.update(zone="../../etc/passwd"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_pack_that_is_not_whole_is_refused(damage: str) -> None:
    content = json.loads(PACK_FILE.read_text(encoding="utf-8"))
    DAMAGE[damage](content)
    with pytest.raises(PolicyPackInvalid) as refused:
        parse_pack(json.dumps(content))
    assert "cannot be used" in str(refused.value)


@pytest.mark.parametrize("name", LATER_TERMS)
def test_an_organisations_own_older_pack_goes_on_without_a_period_that_came_later(name: str) -> None:
    content = json.loads(PACK_FILE.read_text(encoding="utf-8"))
    shipped = content["terms"].pop(name)
    rule = parse_pack(json.dumps(content)).terms[name]
    assert (rule.source.clause, rule.source.decided) == (shipped["clause"], True)
    assert rule.term == pack().terms[name].term
