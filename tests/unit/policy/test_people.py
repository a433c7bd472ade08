"""The people of a case, and what stops when one of them dies, moves, or can no longer decide."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.case import PERSON_SORTS, Closure, Contact, Party, Perception, Report, SafeContact, Survey
from core.domain.intake import PERSON_FATES, PersonFate
from core.domain.plan import ActionPlan
from core.domain.risk import RiskAssessment
from core.policy.action_plan import update_promises
from core.policy.closing import may_close
from core.policy.definition import monitored_strands
from core.policy.duties import DutyState
from core.policy.people import (
    NOBODY_LEFT,
    died_at,
    fate_now,
    hidden_from_colleagues,
    nobody_left,
    people_harmed,
    who_decides,
    why_no_survey_for,
    why_not_to,
)
from core.policy.review import reviews_due
from core.policy.risk import risk_now
from core.policy.service_standards import first_contact
from core.policy.survey import surveys_due
from tests.support.policy import facts, london, make, named, pack, setting

MEERA = make(Party, "meera", name="Meera Quill", roles=frozenset({"harmed", "reporter"}), home=named("home 4"))
SON = make(Party, "son", name="Arun Quill", roles=frozenset({"speaks-for"}))
TOLD = make(Report, "told", received_at="2026-11-02 10:00", words="x")


def fate(what: str, name: str = "", **fields: object) -> PersonFate:
    values = {"party": MEERA.id, "noted_at": "2026-11-10 09:00", **fields}
    return make(PersonFate, name or what, what=what, **values)


@pytest.mark.parametrize("sort", PERSON_SORTS)
def test_anybody_can_be_the_one_harmed(sort: str) -> None:
    one = make(Party, sort, roles=frozenset({"harmed"}), sort=sort)
    assert people_harmed(facts(one)) == (one,)


@pytest.mark.parametrize("sort", [*PERSON_SORTS, ""])
def test_a_file_about_one_of_us_begins_hidden_from_colleagues(sort: str) -> None:
    assert hidden_from_colleagues(["resident", sort]) == (sort in {"staff", "contractor", "committee"})


def test_after_a_death_nothing_is_sent_and_it_says_whom_to_speak_with() -> None:
    case = facts(MEERA, SON, fate("died", speak_with=SON.id))
    for way in ("letter", "call", "email", "visit"):
        assert why_not_to(case, MEERA.id, way) == "The person has died. Speak with Arun Quill instead."
    assert why_not_to(case, SON.id, "letter") == "" and why_not_to(case, None, "letter") == ""
    assert who_decides(case, MEERA.id) == SON.id


def test_a_loss_of_capacity_goes_through_who_may_decide_and_stops_nothing_else() -> None:
    case = facts(MEERA, SON, TOLD, fate("lost-capacity", speak_with=SON.id), opened_at=london("2026-11-02 10:00"))
    assert why_not_to(case, MEERA.id, "call").endswith("Speak with Arun Quill instead.")
    assert who_decides(case, MEERA.id) == SON.id and not nobody_left(case)
    assert [duty.state for duty in reviews_due(case, setting("2026-11-12 09:00"))] == [DutyState.RUNNING]
    duty = first_contact(case, setting("2026-11-12 09:00"))
    assert duty is not None and duty.state is DutyState.LATE


def test_contact_with_who_speaks_for_them_counts() -> None:
    reached = make(Contact, "son", at="2026-11-02 12:00", way="call", outcome="spoke", party=SON.id)
    duty = first_contact(facts(MEERA, SON, TOLD, reached), setting("2026-11-12 09:00"))
    assert duty is not None and duty.state is DutyState.MET


def test_after_a_move_the_old_home_is_left_alone_until_the_new_one_is_on_file() -> None:
    moved = fate("moved-away", left_home=MEERA.home)
    assert why_not_to(facts(MEERA, moved), MEERA.id, "letter")
    assert why_not_to(facts(MEERA, moved), MEERA.id, "visit")
    assert why_not_to(facts(MEERA, moved), MEERA.id, "call") == ""
    here = make(Party, "meera", name="Meera Quill", roles=MEERA.roles, home=named("home 9"))
    assert why_not_to(facts(here, moved), MEERA.id, "letter") == ""
    outside = make(Party, "meera", roles=MEERA.roles, home=MEERA.home, address="9 Elsewhere Road")
    assert why_not_to(facts(outside, moved), MEERA.id, "letter") == ""
    assert who_decides(facts(MEERA, moved), MEERA.id) == MEERA.id


def test_the_latest_word_about_a_person_holds_in_any_order() -> None:
    wrong, mended = fate("died"), fate("as-before", noted_at="2026-11-11 09:00")
    for order in ((wrong, mended), (mended, wrong)):
        assert not fate_now(facts(MEERA, *order)) and not nobody_left(facts(MEERA, *order))


def test_no_survey_goes_to_the_dead_or_to_who_cannot_decide() -> None:
    closed = {"stage": "closed", "opened_at": london("2026-08-01 10:00"), "closed_at": london("2026-11-01 10:00")}
    safe = make(SafeContact, "safe", party=MEERA.id, safe_ways=frozenset({"letter"}), checked_at="2026-08-01 10:00")
    now = setting("2026-11-12 09:00")
    for what in ("died", "lost-capacity"):
        (duty,) = surveys_due(facts(MEERA, SON, TOLD, safe, fate(what, speak_with=SON.id), **closed), now)
        assert duty.state is DutyState.NOT_APPLICABLE and "No survey is sent" in duty.why
    (duty,) = surveys_due(facts(MEERA, TOLD, safe, fate("moved-away"), **closed), now)
    assert duty.state is DutyState.RUNNING
    assert why_no_survey_for(facts(MEERA, TOLD), now) == ""


def test_a_survey_that_went_out_before_stays_on_the_file() -> None:
    sent = make(Survey, "sent", sent_at="2026-11-03 10:00", way="letter")
    closed = {"stage": "closed", "opened_at": london("2026-08-01 10:00"), "closed_at": london("2026-11-01 10:00")}
    (duty,) = surveys_due(facts(MEERA, TOLD, sent, fate("died"), **closed), setting("2026-11-12 09:00"))
    assert duty.state is DutyState.MET


def test_there_is_nobody_to_appeal_after_a_death_unless_somebody_speaks_for_them() -> None:
    proposed = make(Closure, "p", proposed_at="2026-11-11 09:00", proposed_by=b"ana")
    alone = facts(MEERA, TOLD, proposed, fate("died"))
    assert may_close(alone, setting("2026-11-12 09:00")) == ()
    assert may_close(facts(MEERA, SON, TOLD, proposed, fate("died", speak_with=SON.id)), setting("2026-11-12 09:00"))
    other = make(Party, "other", roles=frozenset({"harmed"}))
    assert may_close(facts(MEERA, other, TOLD, proposed, fate("died")), setting("2026-11-12 09:00"))


def test_a_first_contact_missed_before_the_death_stays_missed() -> None:
    duty = first_contact(facts(MEERA, TOLD, fate("died")), setting("2026-11-12 09:00"))
    assert duty is not None and duty.state is DutyState.MET_LATE and "had died" in duty.why
    soon = fate("died", noted_at="2026-11-02 20:00")
    duty = first_contact(facts(MEERA, TOLD, soon), setting("2026-11-12 09:00"))
    assert duty is not None and duty.state is DutyState.NOT_APPLICABLE and NOBODY_LEFT.rstrip(".") in duty.why


def test_promised_updates_end_with_a_death_and_missed_ones_stay() -> None:
    plan = make(ActionPlan, "plan", party=MEERA.id, drawn_up_at="2026-11-02 10:00", contact_days=3)
    lost = facts(MEERA, plan, fate("died"))
    (missed,) = update_promises(lost, setting("2026-12-12 09:00"))
    assert missed.state is DutyState.MET_LATE and "had died" in missed.why
    at_once = facts(MEERA, plan, fate("died", noted_at="2026-11-03 10:00"))
    assert update_promises(at_once, setting("2026-12-12 09:00")) == ()


def test_risk_and_the_count_for_the_regulator_stay_after_anything_that_became_of_a_person() -> None:
    seen = make(Perception, "seen", strands=frozenset({"race"}), is_harassment=True)
    assessed = make(RiskAssessment, "risk", party=MEERA.id, assessed_at="2026-11-03 10:00")
    for what in PERSON_FATES:
        case = facts(MEERA, seen, assessed, fate(what))
        assert monitored_strands(case.perceptions, pack()) and MEERA.id in risk_now(case)


@given(st.lists(st.sampled_from(sorted(PERSON_FATES)), max_size=5), st.randoms())
def test_what_became_of_people_depends_on_no_order(whats: list[str], dice: object) -> None:
    told = [
        make(PersonFate, str(number), party=MEERA.id, what=what, noted_at=f"2026-11-1{number} 09:00")
        for number, what in enumerate(whats)
    ]
    mixed = list(told)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = facts(MEERA, *told), facts(MEERA, *mixed)
    assert fate_now(one) == fate_now(other) and nobody_left(one) == nobody_left(other)
    assert nobody_left(one) == (bool(whats) and whats[-1] == "died")
    found = died_at(one, MEERA.id)
    assert found is None or isinstance(found, datetime)
