"""Working with others through the pages of a case: the directory, referrals, sharing, meetings, joint work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.domain.agencies import Agency, JointWork, Referral, SharedItem
from core.domain.case import Case, Party, SafeContact
from core.foundation.ids import RecordId
from core.services import case_letters as letters
from core.services.case_letters import CaseLetterForm
from core.services.today import today
from core.services.workspace import Workspace
from desktop.screens.case.chapters.support import PART
from tests.support.chapter_pages import answer, menu_of, told
from tests.support.desk import Seat, a_seat
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, clock_of, logged, with_letterhead

UNIT = {"name": "Harbour Race Unit", "kind": "race-unit", "checked": True}
ASKED = {
    "service": "interpreter", "reason": "She needs an interpreter.", "basis": "consent", "safe_contact_copied": True
}  # fmt: skip


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def case(workspace: Workspace) -> RecordId:
    return logged(workspace).case


@pytest.fixture
def agency(workspace: Workspace, seat: Seat, case: RecordId) -> RecordId:
    assert answer(seat, "agency", case, UNIT) == {}
    (kept,) = workspace.store.select(Agency)
    return kept.id


def test_from_the_directory_to_a_referral_that_is_asked_after(
    workspace: Workspace, seat: Seat, case: RecordId, agency: RecordId
) -> None:
    assert answer(seat, "referral", case, ASKED, agency) == {}
    (kept,) = workspace.store.select(Referral)
    assert kept.agency_name == "Harbour Race Unit" and kept.agency_kind == "race-unit"
    assert "At work on it with us\nHarbour Race Unit" in told(workspace, PART, case)
    clock_of(workspace).forward(days=15)
    assert [row.late for row in today(workspace).rows if row.kind == "referral"] == [True]
    assert answer(seat, "referral-answer", case, {"outcome": "declined"}, kept.id) == {
        "note": "Write down why, or what came out."
    }
    assert answer(seat, "referral-answer", case, {"outcome": "waiting"}, kept.id) == {}
    assert [row.late for row in today(workspace).rows if row.kind == "referral"] == [False]
    seen = {"outcome": "accepted", "first_contact_on": NOON.date().isoformat()}
    assert answer(seat, "referral-answer", case, seen, kept.id) == {}
    assert not [row for row in today(workspace).rows if row.kind == "referral"]


def test_without_consent_a_referral_needs_a_lawful_basis_in_words(
    seat: Seat, case: RecordId, agency: RecordId
) -> None:
    assert list(answer(seat, "referral", case, {**ASKED, "basis": ""}, agency)) == ["basis"]
    assert list(answer(seat, "referral", case, {**ASKED, "basis": "life"}, agency)) == ["basis_words"]
    why = {**ASKED, "basis": "life", "basis_words": "He said that he would burn the flat."}
    assert answer(seat, "referral", case, why, agency) == {}


def test_what_is_never_to_be_used_is_told_to_the_agency_or_nothing_is_sent(
    workspace: Workspace, seat: Seat, case: RecordId, agency: RecordId
) -> None:
    stream = workspace.store.get(Case, case).stream
    with workspace.store.unit("test") as (unit, _):
        unit.create(SafeContact, stream, case=case, unsafe_ways={"letter"}, checked_at=NOON)
    refused = answer(seat, "referral", case, {**ASKED, "safe_contact_copied": False}, agency)
    assert list(refused) == ["safe_contact_copied"] and "never to be reached" in refused["safe_contact_copied"]
    assert answer(seat, "referral", case, ASKED, agency) == {}


def test_consent_withdrawn_after_send(workspace: Workspace, seat: Seat, case: RecordId, agency: RecordId) -> None:
    assert answer(seat, "referral", case, ASKED, agency) == {}
    (kept,) = workspace.store.select(Referral)
    assert answer(seat, "withdraw-consent", case, {}, kept.id) == {}
    assert "Agreement withdrawn\nTell the agency" in told(workspace, PART, case)
    clock_of(workspace).forward(days=1)
    assert answer(seat, "withdraw-consent", case, {"told_agency": "Rang Ms Hill."}, kept.id) == {}
    assert answer(seat, "withdraw-consent", case, {"told_agency": ""}, kept.id) == {}
    (after,) = workspace.store.select(Referral)
    assert after.withdrawal_done == "Rang Ms Hill."
    assert after.withdrawn_at is not None and after.sent_at == kept.sent_at
    assert "Tell the agency" not in told(workspace, PART, case)


def test_what_is_shared_meetings_and_joint_work(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    shared = {"what": "The dates.", "with_whom": "Harbour police"}
    assert list(answer(seat, "share", case, shared)) == ["basis"]
    assert answer(seat, "share", case, {**shared, "basis": "crime", "basis_words": "To stop it."}) == {}
    (item,) = workspace.store.select(SharedItem)
    assert item.basis == "crime"
    meeting = {"kind": "asb-panel", "forum": "Harbour panel", "met_on": NOON.date().isoformat(), "basis": "consent"}
    assert list(answer(seat, "panel", case, {**meeting, "on_agenda": False})) == ["on_agenda"]
    assert answer(seat, "panel", case, {**meeting, "on_agenda": True}) == {}
    joint = {"kind": "visit", "with_whom": "Sgt Reed", "organisation": "Harbour police", "ours": "Both were at home."}
    assert list(answer(seat, "joint", case, {**joint, "shown": "The dates."})) == ["basis"]
    assert answer(seat, "joint", case, {**joint, "shown": ""}) == {}
    (kept,) = workspace.store.select(JointWork)
    assert kept.basis == ""
    for adviser, advised in (("Sgt Reed", "for"), ("The council", "against")):
        said = {"adviser": adviser, "about": "gating", "advised": advised, "words": "A gate."}
        assert answer(seat, "advice", case, said) == {}
    page = told(workspace, PART, case)
    assert "Shared with Harbour police" in page and "Advisers disagree" in page
    assert "They were shown nothing of the file." in page and "The dates." not in page


def test_an_agency_that_is_gone_leaves_the_directory(
    workspace: Workspace, seat: Seat, case: RecordId, agency: RecordId
) -> None:
    clock_of(workspace).forward(days=400)
    assert "Agencies nobody has checked for a year" in told(workspace, PART, case)
    assert "referral" in menu_of(workspace, case)
    assert list(answer(seat, "check-agency", case, {}, agency)) == ["there"]
    assert answer(seat, "check-agency", case, {"there": False}, agency) == {}
    assert "referral" not in menu_of(workspace, case)


def test_what_somebody_was_given_in_writing_is_told_and_who_has_no_sheet_of_options(
    workspace: Workspace, seat: Seat, case: RecordId, tmp_path: Path
) -> None:
    assert "Given to Meera Quill\nNo sheet of options yet" in told(workspace, PART, case)
    with_letterhead(workspace)
    (harmed,) = workspace.store.select(Party)
    form = CaseLetterForm(case=case, template="options-sheet", party=harmed.id, language="en-GB")
    letter = letters.write_case_letter(workspace, plan=letters.plan_case_letter(workspace, form=form)).record
    letters.make_case_letter(workspace, letter=letter, folder=tmp_path / "out")
    assert "No sheet of options yet" in told(workspace, PART, case), "it is made, and not given yet"
    letters.deliver_case_letter(workspace, letter=letter, outcome_code="delivered", way="in-person")
    said = told(workspace, PART, case)
    assert "Given to Meera Quill\nYour options: today at" in said and "No sheet of options yet" not in said
