"""Every wrong row of a pack is named, not only the first, and nothing else is."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from core.foundation.errors import PolicyPackInvalid
from core.policy.calendar import parse_calendar
from core.policy.pack import parse_pack
from core.policy.powers import framework_on, parse_legal_pack
from core.policy.risk_questions import parse_questions
from core.policy.rows import problems_of
from core.services.packs import CHECKS, DEFAULT_PACK, kind_of_pack, shipped_text


def problems(pack: str, content: Any) -> tuple[str, ...]:
    with pytest.raises(PolicyPackInvalid) as refused:
        CHECKS[pack](json.dumps(content))
    return problems_of(refused.value)


@pytest.mark.parametrize("pack", CHECKS)
def test_the_shipped_packs_are_whole_and_known_by_what_is_in_them(pack: str) -> None:
    text = shipped_text(pack, DEFAULT_PACK)
    CHECKS[pack](text)
    assert kind_of_pack(text) == pack


def test_three_wrong_rows_of_a_policy_are_three_sentences() -> None:
    content = json.loads(shipped_text("policy", DEFAULT_PACK))
    content["clocks"]["appeal"]["value"] = "ten"
    del content["terms"]["police_answer"]["unit"]
    content["acts"][2]["severity"] = 0
    assert problems("policy", content) == (
        "value in appeal is not a whole number from 1 to 1,000",
        "unit in police_answer is missing",
        "severity in acts, row 3 (damage) is not a whole number from 1 to 1,000",
    )


def test_what_hangs_together_is_told_once_the_rows_are_right() -> None:
    content = json.loads(shipped_text("policy", DEFAULT_PACK))
    content["clocks"]["appeal"]["clause"] = "4.99"
    content["strands"].pop()
    content["acts"].append(content["acts"][0])
    assert problems("policy", content) == (
        "two of its acts are the same: violence",
        "appeal names clause 4.99, which is not in it",
        "it says nothing about none",
    )


def test_wrong_rows_of_powers_are_named_with_their_code() -> None:
    content = json.loads(shipped_text("legal", DEFAULT_PACK))
    content["powers"][0]["tenures"] = ["freeholder"]
    content["powers"][1]["until"] = "soon"
    content["powers"][2]["surprise"] = 1
    assert problems("legal", content) == (
        "tenures in powers, row 1 (first-warning) holds something that is not known",
        "until in powers, row 2 (final-warning) is not a day such as 2026-11-29",
        "surprise in powers, row 3 (agreement) is not known to this version",
    )


def test_a_power_that_ends_before_it_begins() -> None:
    content = json.loads(shipped_text("legal", DEFAULT_PACK))
    content["powers"][0] |= {"from": "2026-05-01", "until": "2026-04-01", "least_age": 18, "most_age": 17}
    assert len(problems("legal", content)) == 2


def test_wrong_days_and_years_of_bank_holidays() -> None:
    content = json.loads(shipped_text("holidays", DEFAULT_PACK))
    content["days"]["2026-13-01"] = "A thirteenth month"
    content["days"]["2026-12-25"] = ""
    assert problems("holidays", content) == (
        "2026-12-25 in days has no name",
        "'2026-13-01' in days is not a day such as 2026-12-25",
    )


def test_wrong_questions() -> None:
    content = json.loads(shipped_text("risk", DEFAULT_PACK))
    content["bands"][1]["from"] = 0
    content["questions"][0]["options"] = content["questions"][0]["options"][:1]
    found = problems("risk", content)
    assert "each band begins above the one before, and the first at 0" in found and len(found) == 2


@pytest.mark.parametrize("parse", [parse_pack, parse_legal_pack, parse_questions, parse_calendar])
@pytest.mark.parametrize("text", ["", "[]", "3", "null", "{", '{"format": 1}', "[" * 100_000, '{"a": 1, "a": 2}'])
def test_what_is_no_pack_is_refused(parse: Any, text: str) -> None:
    with pytest.raises(PolicyPackInvalid) as refused:
        parse(text)
    assert problems_of(refused.value) and all(problems_of(refused.value))


def test_the_legal_framework_as_it_stands_on_a_day() -> None:
    content = json.loads(shipped_text("legal", DEFAULT_PACK))
    content["powers"][0] |= {"from": "2026-05-01", "until": "2026-06-01"}
    pack = parse_legal_pack(json.dumps(content))
    first = len(pack.laws)

    def stands(on: date) -> str:
        return framework_on(pack, on=on)[first].stands

    assert stands(date(2026, 4, 30)) == "In force only from 1 May 2026"
    assert stands(date(2026, 6, 1)) == "In force since 1 May 2026"
    assert stands(date(2026, 6, 2)) == "Not in force any more since 1 June 2026"
    named = [one.words for one in framework_on(pack, on=date(2026, 6, 1)) if one.in_policy]
    assert len(named) == 9 and "Human Rights Act 1998" in named
