"""Every edge case that cuts across the casework (domain page, 1.8), each named with the tests that hold it.

`test_every_edge_case_has_its_tests` holds the table against the tests there are. What lies here are edge cases that no
chapter holds by itself, on real workbooks with the services a person uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain.case import Party, Perception
from core.domain.enforcement import CaseLink, Publicity, ToolUsed
from core.domain.plan import ActionPlan
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.policy.risk import case_risk, risk_now
from core.policy.wishes import wishes_differ, wishes_now
from core.services import enforcement, intake, opening, plans, risk, sync
from core.services.case_page import read_case
from core.services.cases import list_cases
from core.services.contacts import ways_to_contact
from core.services.contents import contents_of
from core.services.enforcement import ToolForm
from core.services.intake import PersonFateForm
from core.services.plans import PlanForm, WishForm
from core.services.report_form import PersonForm
from core.services.risk import RiskForm
from core.services.today import today
from core.services.workspace import Workspace
from tests.support.laptops import Office, every_byte_of
from tests.support.vaults import NOON
from tests.support.workspaces import a_report, a_workspace, clock_of, log_report, logged

TESTS = Path(__file__).resolve().parents[1]

EDGE_CASES = """
conflict of interest: declared and decided        unit/services/test_readers.py::test_colleagues_who_may_be_connected_are_proposed_and_somebody_decides
conflict of interest: asked before opening        unit/services/test_declarations.py::test_a_declared_connection_keeps_that_person_out_by_key
conflict of interest: the whole way               stories/test_committee_member_conflicted.py::test_committee_member_conflicted
conflict of interest: one of us is harmed         stories/test_staff_victim.py::test_staff_victim
conflict of interest: no key, ever                unit/services/test_readers.py::test_what_was_kept_out_is_beyond_every_key_of_theirs_from_then_on
conflict of interest: in no count they see        functional/test_edge_cases.py::test_who_is_kept_out_finds_the_case_in_no_list_and_no_number
conflict of interest: keeping out tells nothing   unit/services/test_readers.py::test_the_command_line_shows_somebody_walled_off_what_it_shows_a_stranger
conflict of interest: nobody lets themselves in   unit/services/test_overrides.py::test_a_lead_alone_lets_nobody_in_whatever_their_program_does
child complained about: under 10                  stories/test_child_complained_about.py::test_child_perpetrator
child complained about: 10 to 17                  unit/policy/test_powers.py::test_a_child_has_other_tools
child complained about: a parent first            unit/policy/test_enforcement.py::test_a_child_is_never_dealt_with_alone
child complained about: no family named           functional/test_edge_cases.py::test_what_others_are_told_names_nobody
child complained about: safeguarding              gui/chapters/test_intake.py::test_a_child_complained_about_is_marked
wants no action: asked again by a day             functional/test_edge_cases.py::test_wanting_no_action_ends_no_duty_and_is_asked_again
wants no action: acting needs a reason that stays functional/test_edge_cases.py::test_acting_against_a_wish_for_no_action_needs_a_reason_that_stays
counter-allegation: two files                     stories/test_counter_allegation.py::test_counter_allegation
counter-allegation: nothing of one in the other   functional/test_edge_cases.py::test_of_two_opposing_files_a_reader_of_one_holds_no_word_of_the_other
several victims: each risk, wish, plan and ways   functional/test_edge_cases.py::test_two_people_harmed_have_two_of_everything_and_the_case_the_higher_risk
several victims: safe ways                        unit/services/test_intake.py::test_several_people_harmed_each_have_their_own_safe_ways
several victims: letters name no other            unit/services/test_case_letters.py::test_words_that_give_somebody_away_stop_a_warning
repeat location                                   functional/test_visits_story.py::test_who_is_kept_out_sees_no_round_no_door_and_no_number
repeat location: counted once a case              unit/policy/test_places.py::test_the_same_place_in_two_cases_is_counted_once_each
one person across cases                           unit/services/test_intake.py::test_one_person_complained_about_in_several_cases_is_told_over_those_one_may_read
one person across cases: harmed in another        unit/policy/test_existing.py::test_somebody_harmed_here_and_complained_about_there_is_found_as_a_person
access: laptop seized at the door                 gui/test_window.py::test_f12_shows_the_box_and_leaves_nothing_readable
access: laptop seized while open                  functional/test_no_plaintext.py::test_killed_while_open_it_leaves_nothing_either
access: a shared computer                         functional/test_no_plaintext.py::test_no_byte_on_the_disk_says_what_anybody_wrote
access: files of the workbook are private         unit/services/test_left_behind.py::test_every_file_of_a_workbook_is_private_whatever_the_system_allows
access: a leaver with a copy of the folder        unit/services/test_leaving.py::test_who_was_removed_can_derive_nothing_that_is_written_afterwards
death: nothing is sent, somebody else is asked    unit/services/test_intake.py::test_after_a_death_nobody_contacts_them_and_somebody_else_is_spoken_with
death: no survey                                  unit/services/test_intake.py::test_no_survey_goes_to_the_dead
death: what was missed stays                      unit/policy/test_people.py::test_a_first_contact_missed_before_the_death_stays_missed
death: nobody is asked again                      functional/test_edge_cases.py::test_after_a_death_nobody_is_asked_again_what_they_want
loss of capacity                                  unit/services/test_intake.py::test_a_loss_of_capacity_names_who_speaks_and_by_what_right
moved away                                        unit/policy/test_people.py::test_after_a_move_the_old_home_is_left_alone_until_the_new_one_is_on_file
moved away: the new home                          unit/services/test_intake.py::test_a_new_home_is_recognised_however_it_is_written
reported by a child                               unit/services/test_intake.py::test_it_says_who_told_us_how_and_whether_a_child_did
reported by a child: counts like any other        unit/policy/test_reports.py::test_a_report_by_somebody_else_a_child_or_nobody_named_counts_like_any_other
retracted report                                  unit/services/test_intake.py::test_a_retracted_report_asks_about_pressure_and_ends_nothing
malicious report                                  unit/services/test_intake.py::test_a_malicious_report_is_kept_with_its_finding
"""  # noqa: E501
"""Edge case, and the test that holds it."""

NAMED_IN_1_8 = (
    "conflict of interest", "child complained about", "wants no action", "counter-allegation", "several victims",
    "repeat location", "one person across cases", "access", "death", "loss of capacity", "moved away",
    "reported by a child", "retracted report", "malicious report",
)  # fmt: skip


def test_every_edge_case_has_its_tests() -> None:
    lines = [re.split(r"\s{2,}|\s(?=\S+$)", line) for line in EDGE_CASES.strip().splitlines()]
    held = {line[0].split(":")[0] for line in lines}
    assert held == set(NAMED_IN_1_8)
    for line in lines:
        file, name = line[-1].split("::")
        written = (TESTS / file).read_text(encoding="utf-8")
        assert re.search(rf"^ *def {name}\(", written, flags=re.MULTILINE), line[-1]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


def party_named(workspace: Workspace, name: str) -> RecordId:
    (found,) = (one.id for one in workspace.store.select(Party) if one.name == name)
    return found


# ------------------------------------------------------------------ conflict of interest


def test_who_is_kept_out_finds_the_case_in_no_list_and_no_number(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana, cat = office.pair("Cat Lim", "cl")
    try:
        form = a_report(received_at=office.clock.now(), words="The gate was locked behind her")
        hidden = log_report(ana, form=replace(form, conflicted=frozenset({cat.user}))).case
        for laptop in (ana, cat, ana):
            sync.sync_now(laptop)
        assert [row.row.id for row in list_cases(ana).rows] == [hidden]
        assert list_cases(cat).rows == () and today(cat).rows == ()
        assert cat.store.select(Perception) == ()
        everything = every_byte_of(cat)
        assert b"The gate was locked" not in everything and b"2026-AR-001" not in everything
        # What Cat starts gets the number that says nothing of another
        assert log_report(cat, form=form).reference == "2026-CL-001"
    finally:
        for laptop in (ana, cat):
            opening.lock(laptop)


# ------------------------------------------------------------------ a child


def test_what_others_are_told_names_nobody(workspace: Workspace) -> None:
    case = logged(workspace, perpetrator_known="named", perpetrator_name="Kit Rook").case
    said = {"case": case, "told": True, "homes": 40, "why": "People ask."}
    for words in ("We spoke with Kit Rook.", "The Rook family was visited.", "Meera Quill is safe now."):
        with pytest.raises(FormIncomplete) as refused:
            enforcement.decide_publicity(workspace, words=words, **said)  # type: ignore[arg-type]
        assert list(refused.value.problems) == ["words"]
    assert workspace.store.select(Publicity) == ()
    enforcement.decide_publicity(workspace, words="Something was done about stones.", **said)  # type: ignore[arg-type]


# ------------------------------------------------------------------ no action wanted


def no_action(workspace: Workspace, case: RecordId) -> None:
    wish = WishForm(
        case=case, words="Please do nothing.", said_at=NOON, no_action=True,
        ask_again_on=NOON.date() + timedelta(days=14),
    )  # fmt: skip
    plans.record_wish(workspace, form=wish)


def test_wanting_no_action_ends_no_duty_and_is_asked_again(workspace: Workspace) -> None:
    case = logged(workspace, strands=frozenset({"race"})).case
    before = {duty.kind for duty in today(workspace).rows}
    no_action(workspace, case)
    asked = {duty.kind: duty for duty in today(workspace).rows}
    assert before | {"ask-again"} == set(asked) and "first-contact" in before
    page = read_case(workspace, case=case)
    assert page.why_assess_risk, "risk is assessed all the same"
    assert page.file.case.handling == "harassment"
    assert workspace.store.select(Perception)[0].strands == frozenset({"race"}), "it still counts"
    clock_of(workspace).forward(days=15)
    assert [duty.kind for duty in today(workspace).rows if duty.late and duty.kind == "ask-again"]
    plans.record_wish(workspace, form=WishForm(case=case, words="Now please act.", said_at=clock_of(workspace).now()))
    assert "ask-again" not in {duty.kind for duty in today(workspace).rows}


def test_acting_against_a_wish_for_no_action_needs_a_reason_that_stays(workspace: Workspace) -> None:
    case = logged(workspace, perpetrator_known="named", perpetrator_name="Dan Crow").case
    no_action(workspace, case)
    form = ToolForm(case=case, party=party_named(workspace, "Dan Crow"), power="first-warning", authority="The lead")
    with pytest.raises(FormIncomplete) as refused:
        enforcement.use_tool(workspace, form=form)
    assert "Say why it is done." in refused.value.problems["approached_although"]
    why = "A child in the home is at risk; she was told first."
    enforcement.use_tool(workspace, form=replace(form, approached_although=why))
    (used,) = contents_of(workspace, case).of(ToolUsed)
    assert used.approached_although == why


def test_after_a_death_nobody_is_asked_again_what_they_want(workspace: Workspace) -> None:
    case = logged(workspace).case
    no_action(workspace, case)
    clock_of(workspace).forward(days=2)
    fate = PersonFateForm(party=party_named(workspace, "Meera Quill"), what="died", words="Her son rang.")
    intake.note_person_fate(workspace, form=fate)
    clock_of(workspace).forward(days=20)
    assert "ask-again" not in {duty.kind for duty in today(workspace).rows}


def test_domestic_abuse_and_high_risk_are_never_mediated(workspace: Workspace) -> None:
    case = logged(workspace, perpetrator_known="named", perpetrator_name="Dan Crow").case
    form = ToolForm(
        case=case, party=party_named(workspace, "Dan Crow"), power="mediation", authority="The lead",
        approached_although="Both asked for it.",
    )  # fmt: skip
    risk.note_domestic_abuse(workspace, case=case, level="medium")
    with pytest.raises(FormIncomplete) as refused:
        enforcement.use_tool(workspace, form=form)
    assert refused.value.problems["power"] == enforcement.NO_MEDIATION


# ------------------------------------------------------------------ two sides, two people


def test_of_two_opposing_files_a_reader_of_one_holds_no_word_of_the_other(tmp_path: Path) -> None:
    office = Office(tmp_path)
    ana, cat = office.pair("Cat Lim", "cl")
    try:
        form = a_report(received_at=office.clock.now(), words="He plays music at night", reporter_name="Joy Ash")
        hers = log_report(ana, form=replace(form, readers=frozenset({cat.user}))).case
        other = replace(form, words="She films me on the stairs", reporter_name="Otto Lark")
        his = log_report(ana, form=replace(other, conflicted=frozenset({cat.user}))).case
        enforcement.link_case(ana, case=his, other=hers, how="opposing")
        for laptop in (ana, cat):
            sync.sync_now(laptop)
        assert [row.row.id for row in list_cases(cat).rows] == [hers]
        assert b"She films me" not in every_byte_of(cat) and b"2026-AR-002" not in every_byte_of(cat)
        assert [link.case for link in cat.store.select(CaseLink)] == [hers]
        assert contents_of(ana, hers).parties != contents_of(ana, his).parties
    finally:
        for laptop in (ana, cat):
            opening.lock(laptop)


def test_two_people_harmed_have_two_of_everything_and_the_case_the_higher_risk(workspace: Workspace) -> None:
    case = logged(
        workspace, reporter_name="Meera Quill", safe_ways=frozenset({"call"}),
        others_harmed=(PersonForm(name="Ada Vale", sort="household", safe_ways=frozenset({"letter"})),),
    ).case  # fmt: skip
    meera, ada = party_named(workspace, "Meera Quill"), party_named(workspace, "Ada Vale")
    risk.assess_risk(workspace, form=RiskForm(case=case, party=meera, answers={"how-often": "now-and-then"}))
    risk.assess_risk(workspace, form=RiskForm(case=case, party=ada, answers={}, floors=frozenset({"weapon"})))
    for person, unwanted in ((meera, True), (ada, False)):
        wish = WishForm(case=case, words="As said.", said_at=NOON, party=person, not_approached=unwanted)
        plans.record_wish(workspace, form=wish)
        way = "call" if person == meera else "letter"
        plan = PlanForm(
            case=case, party=person, outcome_wanted="Quiet.", contact_way=way, contact_days=7, agreed="said"
        )
        plans.agree_plan(workspace, form=plan)
    contents = contents_of(workspace, case)
    assert len(contents.incidents) == 1
    assert set(risk_now(contents)) == set(wishes_now(contents)) == {meera, ada}
    assert case_risk(contents) == "high" and wishes_differ(contents)
    assert {plan.party for plan in contents.of(ActionPlan)} == {meera, ada}
    assert ways_to_contact(workspace, case=case, party=meera).safe == ("call",)
    assert ways_to_contact(workspace, case=case, party=ada).safe == ("letter",)
