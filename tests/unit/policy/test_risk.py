"""Risk to each person harmed (3.3), the assessment before a court (4.7), domestic abuse and safeguarding."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.case import Contact, Party, Report, Review
from core.domain.risk import DomesticAbuse, RespondentAssessment, RiskAssessment, Safeguarding, SafeguardingTold
from core.domain.second_person import SecondOpinion
from core.foundation.errors import PolicyPackInvalid
from core.policy.duties import DutyState
from core.policy.risk import (
    assessed_before_court,
    band_of,
    case_risk,
    child_at_risk,
    is_domestic_abuse,
    may_mediate,
    risk_now,
    safeguarding_to_tell,
    why_assess,
    work_out,
)
from core.policy.risk_questions import DECLINED, NOT_ASKED, Questions, parse_questions
from core.policy.safeguarding import safeguarding_duties
from tests.support.policy import facts, make, named, setting

SHIPPED = Path(__file__).resolve().parents[3] / "resources" / "risk" / "victim-1.json"
ANA, BEN = b"a" * 16, b"b" * 16


def questions() -> Questions:
    return parse_questions(SHIPPED.read_text(encoding="utf-8"))


def assessed(name: str = "", at: str = "2026-03-02 10:00", **fields: Any) -> RiskAssessment:
    values = {"worked_out": "medium", "judged": "medium", "assessed_by": ANA, **fields}
    return make(RiskAssessment, name or at, assessed_at=at, **values)


# ------------------------------------------------------------------ working it out


def test_the_shipped_questions_reach_every_band() -> None:
    made = questions()
    assert made.bands[-1].at_least < made.most
    nothing = work_out(made, {}, ())
    assert (nothing.score, nothing.band, nothing.answered) == (0, "standard", 0)
    worst = {one.code: max(one.options, key=lambda option: option.weight).code for one in made.questions}
    assert work_out(made, worst, ()).band == "high"
    assert work_out(made, worst, ()).score == made.most


@pytest.mark.parametrize("danger", [floor.code for floor in questions().floors])
def test_a_danger_makes_it_high_whatever_the_score(danger: str) -> None:
    worked = work_out(questions(), {}, {danger})
    assert (worked.band, worked.floors) == ("high", {danger})


def test_not_asked_and_does_not_want_to_say_add_nothing() -> None:
    made = questions()
    silent = {one.code: DECLINED for one in made.questions[:8]} | {one.code: NOT_ASKED for one in made.questions[8:]}
    assert work_out(made, silent, ()).score == 0


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=12)), st.sets(st.text(max_size=12)))
def test_answers_nobody_knows_count_for_nothing(answers: dict[str, str], floors: set[str]) -> None:
    made = questions()
    known = {(one.code, option.code) for one in made.questions for option in one.options}
    strange = {pair[0]: pair[1] for pair in answers.items() if pair not in known}
    strange_floors = floors - {floor.code for floor in made.floors}
    assert work_out(made, strange, strange_floors) == work_out(made, {}, ())


# ------------------------------------------------------------------ judging otherwise


def test_judging_higher_needs_a_reason() -> None:
    assert band_of(assessed(judged="high", reasons="He has a key."), facts()) == "high"
    assert band_of(assessed(judged="high"), facts()) == "medium"


def test_judging_lower_needs_a_reason_and_a_second_person() -> None:
    assert band_of(assessed(judged="standard", reasons="He moved away."), facts()) == "medium"
    alone = assessed(judged="standard", reasons="He moved away.", second_person=ANA)
    assert band_of(alone, facts(make(SecondOpinion, about=alone.id, agrees=True, said_by=ANA))) == "medium"
    two = assessed(judged="standard", reasons="He moved away.", second_person=BEN)
    assert band_of(two, facts()) == "medium", "named is not agreed"
    assert band_of(two, facts(make(SecondOpinion, about=two.id, agrees=True, said_by=BEN))) == "standard"


def test_the_latest_of_each_person_holds_and_the_case_has_the_highest() -> None:
    ana, ben = make(Party, "ana", roles={"harmed"}), make(Party, "ben", roles={"harmed"})
    old = assessed("old", party=ana.id, worked_out="high", judged="high")
    new = assessed("new", "2026-03-09 10:00", party=ana.id, worked_out="standard", judged="standard")
    other = assessed("other", party=ben.id)
    found = facts(ana, ben, other, new, old)
    assert risk_now(found) == {ana.id: new, ben.id: other}
    assert case_risk(found) == "medium"
    assert case_risk(facts()) == ""


# ------------------------------------------------------------------ when


def test_it_is_assessed_again_when_something_new_happens_at_reviews_and_after_contact() -> None:
    now = setting("2026-03-20 09:00")
    first = make(Report, received_at="2026-03-01 10:00")
    assert why_assess(facts(first), now) == "Nobody has assessed the risk yet."
    made = assessed()
    assert why_assess(facts(first, made), now) == ""
    report = make(Report, "again", received_at="2026-03-05 10:00")
    assert why_assess(facts(first, made, report), now).startswith("Something new was reported")
    assert why_assess(facts(made, make(Review, reviewed_at="2026-03-06 10:00")), now).startswith("A review was held")
    him = make(Party, "him", roles={"alleged-perpetrator"})
    spoke = make(Contact, at="2026-03-07 10:00", way="visit", outcome="spoke", party=him.id)
    assert why_assess(facts(made, him, spoke), now).startswith("There was contact with the person complained about")
    tried = make(Contact, at="2026-03-07 10:00", way="visit", outcome="no-answer", party=him.id)
    assert why_assess(facts(made, him, tried), now) == ""


# ------------------------------------------------------------------ own paths


def test_domestic_abuse_and_high_risk_are_never_mediated() -> None:
    assert may_mediate(facts(assessed()))
    assert not may_mediate(facts(assessed(worked_out="high", judged="high")))
    abuse = facts(make(DomesticAbuse, noted_at="2026-03-02 10:00"))
    assert is_domestic_abuse(abuse) and not may_mediate(abuse)


def test_a_child_at_risk_is_a_matter_for_safeguarding() -> None:
    assert child_at_risk(facts(assessed(floors={"child"})))
    assert not child_at_risk(facts(assessed(floors={"weapon"})))


def test_a_concern_nobody_was_told_of_stays_to_be_told() -> None:
    told = make(Safeguarding, "told", about="child", told="Children's services", told_on="2026-03-02")
    reason = make(Safeguarding, "reason", about="adult", not_told_because="He asked us to wait a day.")
    open_still = make(Safeguarding, "open", about="child")
    waiting = {reason.id, open_still.id}
    assert {one.id for one in safeguarding_to_tell(facts(told, reason, open_still))} == waiting, "to wait is no end"
    empty = make(SafeguardingTold, "empty", concern=open_still.id, agency="The council")
    later = make(SafeguardingTold, "later", concern=reason.id, agency="The council", told_on="2026-03-03")
    decided = make(SafeguardingTold, "decided", concern=open_still.id, nobody_because="She is an adult and said no.")
    assert safeguarding_to_tell(facts(reason, open_still, empty, later)) == (open_still,)
    assert safeguarding_to_tell(facts(reason, open_still, decided, later)) == ()


def test_the_assessment_before_a_court_is_of_that_person() -> None:
    him, other = make(Party, "him"), make(Party, "other")
    made = make(RespondentAssessment, party=him.id, assessed_at="2026-03-02 10:00", conclusion="Ask for it.")
    assert assessed_before_court(facts(made), him.id) == made
    assert assessed_before_court(facts(made), other.id) is None


# ------------------------------------------------------------------ sets of one's own


@pytest.mark.parametrize(
    ("spoil", "names"),
    [
        (lambda made: made.update(format=2), "format"),
        (lambda made: made["bands"].reverse(), "bands"),
        (lambda made: made["bands"][1].update({"from": 0}), "band"),
        (lambda made: made["questions"][3].pop("words"), "questions, row 4"),
        (lambda made: made["questions"][0]["options"][2].update(weight=-1), "options, row 3"),
        (lambda made: made["questions"][1].update(code="how-often"), "questions are the same"),
        (lambda made: made["questions"][1]["options"][0].update(code="declined"), "linked"),
        (lambda made: made.update(questions=[]), "no question"),
    ],
)
def test_a_damaged_set_is_refused_with_the_row_named(spoil: Any, names: str) -> None:
    made = json.loads(SHIPPED.read_text(encoding="utf-8"))
    spoil(made)
    with pytest.raises(PolicyPackInvalid) as problem:
        parse_questions(json.dumps(made))
    assert names in str(problem.value)


# ------------------------------------------------------------------ a safeguarding concern has a time


def concern_duty(now: str) -> tuple[DutyState, str]:
    concern = make(Safeguarding, "c", about="child", noted_at="2026-03-02 10:00")
    (duty,) = safeguarding_duties(facts(concern), setting(now))
    return duty.state, duty.why


def word(day: str = "", at: str = "", **fields: Any) -> SafeguardingTold:
    told_on = date.fromisoformat(day) if day else None
    values = {"concern": named("safeguarding c"), "told_on": told_on, "recorded_at": at or None, **fields}
    return make(SafeguardingTold, at, **values)


def test_a_concern_is_told_within_24_hours_nights_and_weekends_included() -> None:
    assert concern_duty("2026-03-03 09:59")[0] is DutyState.RUNNING
    state, why = concern_duty("2026-03-03 10:01")
    assert state is DutyState.LATE and "24 hours from when the concern was written down" in why


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (word("2026-03-02", "2026-03-02 15:00"), DutyState.MET),
        (word("2026-03-03", "2026-03-05 15:00"), DutyState.MET),  # in time; written down later
        (word("2026-03-04", "2026-03-04 09:00"), DutyState.MET_LATE),
        (word("2026-03-04", "2026-03-09 09:00"), DutyState.MET_LATE),
        (word(at="2026-03-02 15:00", nobody_because="She is an adult and said no."), DutyState.MET),
        (word(at="2026-03-05 15:00", nobody_because="She is an adult and said no."), DutyState.MET_LATE),
        (word(at="2026-03-02 15:00", agency="The council"), DutyState.LATE),
        (word("2026-04-02", "2026-03-02 15:00"), DutyState.LATE),
    ],
)
def test_a_word_about_a_concern_ends_its_time_and_a_late_one_stays_late(
    told: SafeguardingTold, state: DutyState
) -> None:
    concern = make(Safeguarding, "c", about="child", noted_at="2026-03-02 10:00")
    now = setting("2026-03-20 10:00")
    (duty,) = safeguarding_duties(facts(concern, told), now)
    assert duty.state is state
    closed = facts(concern, told, stage="closed", closed_at="2026-03-02 12:00")
    assert safeguarding_duties(closed, now)[0].state is state, "closing a case ends no concern"


def test_a_concern_told_at_once_is_done_and_a_reason_to_wait_is_no_end() -> None:
    (done,) = safeguarding_duties(
        facts(make(Safeguarding, noted_at="2026-03-02 10:00", told_on=date(2026, 3, 2))), setting("2026-03-20 10:00")
    )
    assert done.state is DutyState.MET
    waits = make(Safeguarding, noted_at="2026-03-02 10:00", not_told_because="The office opens at nine.")
    assert safeguarding_duties(facts(waits), setting("2026-03-20 10:00"))[0].state is DutyState.LATE
    assert safeguarding_duties(facts(make(Safeguarding, told="x")), setting("2026-03-20 10:00")) == ()
