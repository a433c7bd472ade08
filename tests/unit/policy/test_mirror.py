"""The mirror: every finding by what is missing, and gone once it is mended (1.1 to 4.33)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.domain.agencies import Referral, ReferralAnswer, SharedItem
from core.domain.case import (
    Closure,
    Contact,
    Graffiti,
    Judgement,
    Party,
    Perception,
    PoliceRequest,
    Report,
    Review,
    SafeContact,
)
from core.domain.confidential import CompartmentStub
from core.domain.declare import Record
from core.domain.doors import GraffitiJudgement
from core.domain.enforcement import Proportionality, RightsAdvice, StandingOfPerson, ToolUsed
from core.domain.interview import FromInterview, InterviewOffer, OfficerWish
from core.domain.plan import ActionPlan, PlanAction, SupportOffer, Wish
from core.domain.risk import DomesticAbuse, RiskAssessment, Safeguarding
from core.domain.safety import ManagementTransfer, ProfessionalWitness
from core.policy import mirror, mirror_action, mirror_person
from core.policy.duties import DutyKind
from core.policy.enforcement import FACTORS
from core.policy.finding import GRAVE, NOTE, SERIOUS, SMALL, Finding, Rule
from tests.support.policy import facts, make, named, setting
from tests.unit.policy.test_powers import pack as legal_pack

OPENED = "2026-03-02 10:00"
NOW = "2026-03-04 09:00"
HER, HIM = named("party her"), named("party him")


def person(name: str, *roles: str) -> Party:
    return make(Party, name, name="Somebody", roles=frozenset(roles))


def whole_file() -> list[Record]:
    """The records of a case of which the mirror has nothing to say."""
    return [
        make(Report, received_at=OPENED, recorded_at=OPENED, words="Shouting."),
        person("her", "harmed", "reporter"),
        make(Perception, strands=frozenset({"race"}), stated_at=OPENED),
        make(SafeContact, party=HER, safe_ways={"call"}, unsafe_ways=frozenset({"letter"}), checked_at=OPENED),
        make(Contact, "first", party=HER, at="2026-03-02 15:00", way="call", outcome="spoke"),
        make(Wish, party=HER, said_at="2026-03-02 15:00", words="To be left in peace."),
        make(SupportOffer, party=HER, offered_at="2026-03-02 15:00", what="counselling", answer="declined"),
        make(RiskAssessment, party=HER, assessed_at="2026-03-02 16:00", worked_out="standard", judged="standard"),
        make(InterviewOffer, party=HER, offered_at="2026-03-02 15:00", answer="no"),
        make(OfficerWish, party=HER, said_at="2026-03-02 15:00"),
        make(ActionPlan, "one", party=HER, drawn_up_at="2026-03-03 11:00", contact_days=14, agreed="said",
             copy_given_at="2026-03-03 12:00"),
        make(RightsAdvice, party=HER, given_at="2026-03-03 11:00", about=frozenset({"police"})),
        make(PoliceRequest, asked_at="2026-03-03 12:00", asked_of="The local team"),
    ]  # fmt: skip


def held_up(*records: Record, now: str = NOW, without: type[Record] | None = None, **case: Any) -> dict[str, Finding]:
    kept = [one for one in whole_file() if without is None or not isinstance(one, without)]
    new = {one.id for one in records}
    values: dict[str, Any] = {"opened_at": OPENED, "stage": "open", "perpetrator_known": "unknown", **case}
    found = mirror.findings(
        facts(*(one for one in kept if one.id not in new), *records, **values), setting(now), legal_pack()
    )
    return {finding.code: finding for finding in found}


def alone(rule: Rule, *records: Record, **case: Any) -> set[str]:
    """What one rule says of these records and nothing else."""
    values: dict[str, Any] = {"opened_at": OPENED, "stage": "open", "perpetrator_known": "unknown", **case}
    return {finding.code for finding in rule(facts(*records, **values), setting(NOW), legal_pack())}


def test_rules_on_what_the_person_was_asked_and_offered_each_by_itself() -> None:
    assert alone(mirror_person.person_heard) == {"wishes"}
    assert alone(mirror_person.help_offered) == {"support"}
    assert alone(mirror_person.safe_ways) == {"safe-ways"}
    assert alone(mirror_person.risk_assessed) == {"risk"}
    assert alone(mirror_person.people_safe, make(DomesticAbuse, noted_at=OPENED)) == {"adviser"}
    assert alone(mirror_person.interview_offered) == {"interview"}
    assert alone(mirror_person.officer_asked) == {"officer"}
    assert alone(mirror_person.plan_agreed) == {"plan"}
    assert alone(mirror_person.advised_of_rights) == {"rights"}


def test_rules_on_what_we_decided_and_did_each_by_itself() -> None:
    used = make(ToolUsed, party=HIM, power="injunction", decided_at=OPENED)
    withdrawn = make(Referral, basis="consent", withdrawn_at=OPENED)
    assert alone(mirror_action.reasons_seen) == {"strands"}
    assert alone(mirror_action.handling_reasoned, make(Judgement, decided_at=OPENED)) == {
        "judgement-reasons", "judgement-untold",
    }  # fmt: skip
    assert alone(mirror_action.action_weighed, used) == {"weighing"}
    assert alone(mirror_action.nobody_named) == {"nobody-named"}
    assert alone(mirror_action.sharing_based, make(SharedItem, what="A name")) == {"shared"}
    assert alone(mirror_action.agencies_asked) == {"agencies"}
    assert alone(mirror_action.referrals_followed, withdrawn) == {"withdrawn"}
    assert alone(mirror_action.witness_grounded, make(ProfessionalWitness, firm="A firm")) == {"witness"}
    assert alone(mirror_action.moves_reasoned, make(ManagementTransfer, decided_at=OPENED)) == {
        "move-reasons", "move-appeal",
    }  # fmt: skip
    assert alone(mirror_action.graffiti_kept, make(Graffiti, place="Wall")) == {"graffiti-judged"}
    assert "closing-reason" in alone(mirror_action.closing_held, make(Closure, proposed_at=OPENED))
    assert alone(mirror.timely, make(Report, received_at=OPENED, words="x")) == {"late-first-contact"}


def test_a_whole_file_has_nothing_missing() -> None:
    assert held_up() == {}


@pytest.mark.parametrize(
    ("kind", "code", "weight", "step"),
    [
        (Wish, "wishes", GRAVE, "wish"),
        (SupportOffer, "support", SERIOUS, "support"),
        (SafeContact, "safe-ways", GRAVE, "safe-ways"),
        (RiskAssessment, "risk", GRAVE, "risk"),
        (InterviewOffer, "interview", SERIOUS, "interview-offer"),
        (OfficerWish, "officer", SMALL, "officer-wish"),
        (ActionPlan, "plan", GRAVE, "plan"),
        (RightsAdvice, "rights", SERIOUS, "rights"),
        (Perception, "strands", SERIOUS, "perception"),
    ],
)
def test_what_an_investigator_looks_for_first(kind: type[Record], code: str, weight: int, step: str) -> None:
    (finding,) = held_up(without=kind).values()
    assert (finding.code, finding.weight, finding.step, finding.stays) == (code, weight, step, False)


def test_an_interview_was_offered_where_one_is_seen_or_something_came_from_it() -> None:
    wanted = make(InterviewOffer, party=HER, offered_at="2026-03-02 15:00", answer="yes")
    (finding,) = held_up(wanted, without=InterviewOffer).values()
    assert (finding.code, finding.step) == ("interview-wanted", "interviews")
    for held in (make(CompartmentStub, at=OPENED), make(FromInterview, at=OPENED)):
        assert held_up(held, without=InterviewOffer) == held_up(held, wanted) == {}


def test_an_officer_asked_for_is_met_or_not_with_a_word_on_it() -> None:
    asked = make(OfficerWish, "asked", party=HER, said_at="2026-03-02 16:00", wants=frozenset({"woman"}))
    assert set(held_up(asked)) == {"officer-met"}
    met = make(OfficerWish, "met", party=HER, said_at="2026-03-02 17:00", wants=frozenset({"woman"}), met=True)
    assert held_up(asked, met) == {}
    at_report = make(Party, "her", name="Somebody", roles=frozenset({"harmed", "reporter"}), officer_wanted="A woman")
    assert held_up(at_report, without=OfficerWish) == {}, "it was asked when it was reported"


def test_nothing_is_asked_of_somebody_nobody_can_reach() -> None:
    report = make(Report, received_at=OPENED, recorded_at=OPENED, words="A note.", anonymous=True)
    found = mirror.findings(
        facts(report, opened_at=OPENED, stage="open", perpetrator_known="unknown"), setting(NOW), legal_pack()
    )
    assert {one.code for one in found} == {"strands", "risk", "nobody-named", "agencies"}


def test_each_person_harmed_is_assessed_and_has_a_plan() -> None:
    assert set(held_up(person("another", "harmed"))) == {"risk-person", "plan"}


def test_late_now_and_late_for_ever() -> None:
    late = held_up(without=Contact)["late-first-contact"]
    assert (late.weight, late.duty, late.stays) == (GRAVE, DutyKind.FIRST_CONTACT, False)
    was_late = held_up(make(Contact, "first", party=HER, at="2026-03-03 15:00", way="call", outcome="spoke"))
    assert was_late["was-late-first-contact"].stays and was_late["was-late-first-contact"].step == NOTE
    assert mirror.weight_of(was_late.values()) == 0


def test_promised_updates_that_were_missed_are_counted_once_a_kind() -> None:
    contacts = [
        make(Contact, name, party=HER, at=at, way="call", outcome="spoke")
        for name, at in (("second", "2026-03-25 10:00"), ("third", "2026-04-20 10:00"))
    ]
    found = held_up(*contacts, now="2026-04-21 10:00")
    assert found["was-late-update"].sentence == "Promised update: too late or not at all, 2 times."


def test_the_review_that_is_late_opens_the_page_of_the_review() -> None:
    found = held_up(now="2026-06-05 10:00")
    assert found["late-review"].duty == "review" and found["late-review"].clause == "4.29"
    reviewed = held_up(
        make(Review, reviewed_at="2026-06-05 09:00", findings="Quiet.", keep_open=True), now="2026-06-05 10:00"
    )
    assert "late-review" not in reviewed and {"was-late-review", "risk"} <= set(reviewed)


def test_an_unsafe_way_used_without_a_reason() -> None:
    sent = make(Contact, "post", party=HER, at="2026-03-03 18:00", way="letter", outcome="sent")
    assert held_up(sent)["unsafe-contact"].stays
    why = make(
        Contact, "post", party=HER, at="2026-03-03 18:00", way="letter", outcome="sent", unsafe_reason="A court order."
    )
    assert held_up(why) == {}
    before = make(Contact, "post", party=HER, at="2026-03-02 09:00", way="letter", outcome="sent")
    assert held_up(before) == {}, "nobody knew yet that it is unsafe"


def test_wanting_no_action_is_asked_about_again() -> None:
    wish = make(
        Wish, party=HER, said_at="2026-03-02 15:00", words="Nothing.", no_action=True, ask_again_on=date(2026, 3, 4)
    )
    assert set(held_up(wish)) == {"wishes-again"}
    assert held_up(wish, now="2026-03-03 20:00") == {}


def test_a_child_at_risk_needs_safeguarding_and_somebody_told() -> None:
    assessed = make(
        RiskAssessment,
        party=HER,
        assessed_at="2026-03-02 16:00",
        worked_out="high",
        judged="high",
        floors=frozenset({"child"}),
    )
    assert held_up(assessed)["child"].step == "safeguarding"
    untold = make(Safeguarding, about="child", concern="The boy is followed.", noted_at="2026-03-03 10:00")
    assert set(held_up(assessed, untold, now="2026-03-04 09:00")) == {"safeguarding-untold"}
    late = held_up(assessed, untold, now="2026-03-04 11:00")
    assert set(late) == {"late-safeguarding"} and late["late-safeguarding"].button == "Write down who was told"
    told = make(
        Safeguarding,
        about="child",
        concern="x",
        noted_at="2026-03-03 10:00",
        told="The council",
        told_on=date(2026, 3, 3),
    )
    assert held_up(assessed, told) == {}


def test_domestic_abuse_needs_an_independent_adviser() -> None:
    assert held_up(make(DomesticAbuse, noted_at="2026-03-02 16:00"))["adviser"].weight == GRAVE
    assert held_up(make(DomesticAbuse, noted_at="2026-03-02 16:00", adviser_offered=True)) == {}


def test_a_plan_without_agreement_copy_or_its_actions_done() -> None:
    plan = make(ActionPlan, "one", party=HER, drawn_up_at="2026-03-03 11:00", contact_days=14, agreed="not-yet")
    action = make(PlanAction, plan=plan.id, what="Mend the light", who="landlord", by_when=date(2026, 3, 3))
    found = held_up(plan, action)
    assert set(found) == {"plan-agreed", "plan-copy", "plan-action"}
    assert found["plan-copy"].subject == plan.id and found["plan-action"].subject == action.id


def test_a_judgement_without_reasons_that_the_person_does_not_know_of() -> None:
    judged = make(Judgement, decided_at="2026-03-03 10:00", handling="other", decided_by=b"a")
    assert set(held_up(judged)) == {"judgement-reasons", "judgement-untold"}
    later = make(
        Judgement, "later", decided_at="2026-03-03 12:00", handling="other", reasons="A feud.", person_told=True
    )
    assert held_up(judged, later) == {}


def weighed(at: str) -> Proportionality:
    whole = dict.fromkeys(FACTORS, "Known.")
    return make(Proportionality, party=HIM, tool="injunction", weighed_at=at, conclusion="Ask for it.", **whole)


def test_a_formal_tool_that_nobody_weighed_or_weighed_too_late() -> None:
    known = [
        person("him", "alleged-perpetrator"),
        make(StandingOfPerson, party=HIM, noted_at=OPENED, tenure="secure", age_years=40),
        make(ToolUsed, party=HIM, power="injunction", decided_at="2026-03-03 10:00"),
    ]
    assert held_up(*known, perpetrator_known="named")["weighing"].step == "weigh"
    assert set(held_up(*known, weighed("2026-03-03 09:00"), perpetrator_known="named")) == set()
    late = held_up(*known, weighed("2026-03-03 18:00"), perpetrator_known="named")
    assert set(late) == {"weighed-late"} and late["weighed-late"].stays


def test_what_is_known_of_the_person_complained_about() -> None:
    him = person("him", "alleged-perpetrator")
    assert set(held_up(him, perpetrator_known="named")) == {"standing"}
    child = make(StandingOfPerson, party=HIM, noted_at=OPENED, tenure="secure", age_years=12)
    assert held_up(him, child, perpetrator_known="named")["parent"].weight == GRAVE


def test_while_nobody_is_named_one_of_the_five_steps_is_begun() -> None:
    assert set(held_up(without=PoliceRequest)) == {"nobody-named", "agencies"}
    assert set(held_up(without=PoliceRequest, perpetrator_known="named")) == {"agencies"}


def test_nothing_was_shared_without_a_basis() -> None:
    shared = make(SharedItem, what="A name", with_whom="A school", basis="crime", shared_at="2026-03-03 10:00")
    assert held_up(shared)["shared"].sentence == "Something was given to others without a basis, once."
    assert held_up(make(SharedItem, what="A name", with_whom="A school", basis="consent")) == {}


def test_a_referral_that_was_withdrawn_or_leaked() -> None:
    sent = make(
        Referral,
        "one",
        agency_name="A charity",
        basis="consent",
        sent_at="2026-03-03 10:00",
        withdrawn_at="2026-03-03 12:00",
    )
    assert held_up(sent)["withdrawn"].subject == sent.id
    leaked = make(ReferralAnswer, referral=sent.id, heard_at="2026-03-03 11:00", outcome="leak")
    assert held_up(sent, leaked)["leak"].stays


def test_no_agency_weighs_more_where_it_is_a_hate_incident() -> None:
    found = held_up(without=PoliceRequest, perpetrator_known="named")
    assert found["agencies"].weight == SERIOUS
    plain = make(Perception, strands=frozenset({"none"}), stated_at=OPENED)
    assert held_up(plain, without=PoliceRequest, perpetrator_known="named")["agencies"].weight < SERIOUS


def test_a_witness_without_grounds_and_a_move_without_reasons() -> None:
    assert held_up(make(ProfessionalWitness, decided_at="2026-03-03 10:00", firm="A firm"))["witness"].stays
    moved = make(ManagementTransfer, decided_at="2026-03-03 10:00", decision="awarded", triggers=frozenset({"assault"}))
    assert set(held_up(moved)) == {"move-reasons", "move-appeal"}


def test_graffiti_is_judged_and_photographed() -> None:
    mark = make(Graffiti, "wall", place="Wall", notified_at="2026-03-02 10:00", removed_at="2026-03-02 18:00")
    assert set(held_up(mark)) == {"graffiti-judged", "graffiti-photo"}
    judged = make(GraffitiJudgement, graffiti=mark.id, offensive=True, judged_at="2026-03-02 11:00")
    kept = make(
        Graffiti, "wall", place="Wall", notified_at="2026-03-02 10:00", removed_at="2026-03-02 18:00",
        no_photo_because="It was being washed off.",
    )  # fmt: skip
    assert held_up(kept, judged) == {}


def test_closing_that_was_proposed_goes_on_and_what_was_left_out_stays() -> None:
    proposed = make(Closure, proposed_at="2026-03-03 14:00", proposed_by=b"a")
    found = held_up(proposed, stage="closure-proposed")
    assert set(found) == {"closing-reason", "closing-discuss", "closing-explain-appeal", "closing-write"}
    closed = held_up(proposed, stage="closed", closed_at="2026-03-03 16:00")
    assert {"closed-discuss", "closed-explain-appeal"} <= set(closed)
    assert all(one.stays and one.step == NOTE for code, one in closed.items() if code.startswith("clos"))
    assert held_up(stage="closed", closed_at="2026-03-03 16:00")["closed-alone"].stays


def test_in_a_closed_case_only_what_can_still_be_done_has_a_page() -> None:
    found = held_up(without=Wish, stage="closed", closed_at="2026-03-03 16:00")
    assert (found["wishes"].step, found["wishes"].stays) == (NOTE, True)
    rights = held_up(without=RightsAdvice, stage="closed", closed_at="2026-03-03 16:00")["rights"]
    assert (rights.step, rights.stays) == ("rights", False)


def test_what_weighs_most_comes_first_and_what_stays_last() -> None:
    found = list(held_up(without=Contact).values()) + list(held_up(without=SupportOffer).values())
    assert mirror.weight_of(found) == GRAVE + SERIOUS
    both = [one for one in whole_file() if not isinstance(one, (Wish, SupportOffer))]
    ordered = mirror.findings(
        facts(*both, opened_at=OPENED, stage="open", perpetrator_known="unknown"), setting(NOW), legal_pack()
    )
    assert [one.code for one in ordered] == ["wishes", "support"]
