"""Agencies, referrals, sharing, meetings, joint work and advice (3.2, 4.13 to 4.16, 4.18, 4.19, 4.33)."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest

from core.domain.agencies import AdviceSought, Agency, ForumItem, JointWork, Referral, ReferralAnswer, SharedItem
from core.domain.case import Incident
from core.policy.agencies import (
    GIVE_A_BASIS,
    NOT_ON_AGENDA,
    SAY_WHY,
    TELL_SAFE_CONTACT,
    advice_conflicts,
    agencies_at_work,
    answers_to,
    directory,
    is_stale,
    leaks,
    least_for_panel,
    panels,
    referral_ended,
    referrals_to_chase,
    sent_to_council,
    shared_with,
    whose_notes,
    why_not_panel,
    why_not_refer,
    why_not_share,
    withdrawn_to_tell,
)
from core.policy.duties import DutyState
from tests.support.policy import facts, make, setting

LATER = setting("2026-12-31 09:00")


def sent(name: str = "", **fields: Any) -> Referral:
    values = {"agency_name": "Harbour Support", "agency_kind": "victim-support", "sent_at": "2026-11-04 10:00"}
    return make(Referral, name, **{**values, **fields})


def heard(referral: Referral, at: str, outcome: str, **fields: Any) -> ReferralAnswer:
    return make(ReferralAnswer, at + outcome, referral=referral.id, heard_at=at, outcome=outcome, **fields)


def test_nothing_is_shared_without_consent_or_a_lawful_basis_in_words() -> None:
    assert why_not_share("", "") == GIVE_A_BASIS
    assert why_not_share("consent", "") == ""
    assert why_not_share("crime", " ") == SAY_WHY
    assert why_not_share("crime", "A threat to a child.") == ""
    items = (make(SharedItem, "b", shared_at="2026-03-02 10:00"), make(SharedItem, "a", shared_at="2026-03-01 10:00"))
    assert shared_with(facts(*items)) == items[::-1]


def test_an_agency_nobody_ever_checked_may_not_exist_any_more() -> None:
    assert is_stale(make(Agency), LATER)
    assert not is_stale(make(Agency, checked_on=date(2025, 12, 31)), setting("2026-12-31 11:00"))
    assert is_stale(make(Agency, checked_on=date(2025, 12, 31)), setting("2027-01-01 13:00"))


def test_the_directory_leaves_out_what_is_gone() -> None:
    there = make(Agency, "1", name="Race unit", sort="race-unit")
    gone = make(Agency, "2", name="Old unit", sort="race-unit", gone=True)
    police = make(Agency, "3", name="Police", sort="police")
    assert directory((there, gone, police), "race-unit") == (there,)
    assert directory((there, gone, police)) == (police, there)


def test_a_council_closes_without_telling() -> None:
    referral = sent(agency_kind="council")
    found = facts(referral, heard(referral, "2026-11-10 10:00", "closed-untold"))
    assert sent_to_council(found) == (referral,)
    assert sent_to_council(facts(sent())) == ()
    assert referral_ended(found, referral)
    assert [duty.state for duty in referrals_to_chase(found, LATER)] == [DutyState.MET]


def test_only_what_is_on_the_agenda_is_shared_with_a_meeting_and_without_names() -> None:
    assert why_not_panel(on_agenda=None, basis="consent", basis_words="") == NOT_ON_AGENDA
    assert why_not_panel(on_agenda=False, basis="consent", basis_words="") == NOT_ON_AGENDA
    assert why_not_panel(on_agenda=True, basis="", basis_words="") == GIVE_A_BASIS
    assert why_not_panel(on_agenda=True, basis="consent", basis_words="") == ""
    told = make(Incident, acts={"graffiti"}, description="Dan Crow painted the door of Flat 3.")
    least = least_for_panel(facts(told, reference="BG-26-001"))
    assert least == "Case BG-26-001. 1 incident written down: threatening, abusive or insulting graffiti or literature."
    items = (make(ForumItem, "1", on_agenda=True), make(ForumItem, "2", on_agenda=False))
    assert panels(facts(*items)) == items[:1]


def test_the_notes_of_a_partner_are_theirs_and_they_see_nothing_by_default() -> None:
    joint = make(JointWork, organisation="Harbour Homes")
    assert whose_notes(joint).endswith("They were shown nothing of the file.")
    assert "The notes of Harbour Homes are theirs" in whose_notes(joint)
    shown = make(JointWork, organisation="Harbour Homes", shown="The dates.")
    assert whose_notes(shown).endswith("They were shown what is written here.")


def test_conflicting_advice_is_seen() -> None:
    yes = make(AdviceSought, "1", about="gating", advised="for")
    no = make(AdviceSought, "2", about="gating", advised="against")
    other = make(AdviceSought, "3", about="locks", advised="for")
    assert advice_conflicts(facts(yes, no, other)) == {"gating"}
    assert advice_conflicts(facts(yes, other)) == frozenset()


def test_ways_that_are_never_to_be_used_are_told_to_the_agency() -> None:
    assert why_not_refer(never=("letter",), copied=False) == TELL_SAFE_CONTACT
    assert why_not_refer(never=("letter",), copied=None) == TELL_SAFE_CONTACT
    assert why_not_refer(never=("letter",), copied=True) == ""
    assert why_not_refer(never=(), copied=False) == ""


def test_no_answer_ages_and_is_late() -> None:
    (duty,) = referrals_to_chase(facts(sent()), setting("2026-11-17 09:00"))
    assert duty.state is DutyState.RUNNING
    assert duty.due_at is not None and duty.due_at.date().isoformat() == "2026-11-18"
    (late,) = referrals_to_chase(facts(sent()), setting("2026-11-19 09:00"))
    assert late.state is DutyState.LATE and late.clause == "4.19"


def test_waiting_and_accepted_without_contact_are_asked_after_again() -> None:
    referral = sent()
    waiting = heard(referral, "2026-11-10 10:00", "waiting")
    accepted = heard(referral, "2026-12-01 10:00", "accepted")
    met, late, running = referrals_to_chase(facts(referral, waiting, accepted), setting("2026-12-02 09:00"))
    assert [met.state, late.state, running.state] == [DutyState.MET, DutyState.MET_LATE, DutyState.RUNNING]
    in_touch = heard(referral, "2026-12-03 10:00", "accepted", first_contact_on=date(2026, 12, 2))
    found = facts(referral, waiting, accepted, in_touch)
    assert not [duty for duty in referrals_to_chase(found, LATER) if duty.to_do]
    assert referral_ended(found, referral) and agencies_at_work(found) == ("Harbour Support",)


def test_consent_withdrawn_after_it_was_sent_stays_on_the_file_and_the_agency_is_to_be_told() -> None:
    referral = sent(withdrawn_at="2026-11-06 10:00", basis="consent")
    found = facts(referral)
    assert withdrawn_to_tell(found) == (referral,)
    assert not [duty for duty in referrals_to_chase(found, LATER) if duty.to_do]
    assert agencies_at_work(found) == ()
    assert withdrawn_to_tell(facts(sent(withdrawn_at="2026-11-06 10:00", withdrawal_done="Rang Ms Hill."))) == ()


def test_a_leak_is_no_answer_and_stays() -> None:
    referral = sent()
    found = facts(referral, heard(referral, "2026-11-05 10:00", "leak"))
    assert leaks(found) == {referral.id}
    assert [duty.state for duty in referrals_to_chase(found, LATER)] == [DutyState.LATE]


def test_agencies_that_declined_are_not_at_work_on_it() -> None:
    one, two = sent("1"), sent("2", agency_name="Mill Law Centre")
    assert agencies_at_work(facts(one, two)) == ("Harbour Support", "Mill Law Centre")
    assert agencies_at_work(facts(one, two, heard(two, "2026-11-05 10:00", "declined"))) == ("Harbour Support",)


@pytest.mark.parametrize("withdrawn", [None, "2026-11-20 10:00"])
def test_the_order_of_records_never_matters(withdrawn: str | None) -> None:
    referral = sent(withdrawn_at=withdrawn)
    records = (
        referral, heard(referral, "2026-11-10 10:00", "waiting"), heard(referral, "2026-11-12 10:00", "leak"),
        heard(referral, "2026-11-25 10:00", "declined"),
    )  # fmt: skip
    told = set()
    for order in itertools.permutations(records):
        found = facts(*order)
        told.add((referrals_to_chase(found, LATER), agencies_at_work(found), answers_to(found, referral.id)))
    assert len(told) == 1
