"""Incidents, people, how it is seen and what became of them, through the pages of a case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from core.domain.case import Contact, Incident, Party, Perception, Report, SafeContact
from core.domain.intake import PersonFate, ReportFate
from core.foundation.ids import RecordId
from core.services.case_page import read_case
from core.services.report_form import PersonForm
from core.services.workspace import Workspace
from desktop.screens.case.people_words import incidents, people
from desktop.screens.case.view import CasePage
from desktop.screens.case.words import Fact
from desktop.screens.step.presenter import StepPresenter
from desktop.screens.words import contact_of
from desktop.widgets import Button, Safety
from tests.support.chapter_pages import answer, menu_of
from tests.support.desk import Heard, Seat, a_seat
from tests.support.gui_audits import audit_everywhere, settle, show_at
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, clock_of, logged


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def case(workspace: Workspace) -> RecordId:
    two = (PersonForm(name="Ada Quill", sort="visitor", safe_ways=frozenset({"letter"})),)
    return logged(workspace, reporter_name="Meera Quill", others_harmed=two, code_word="heron").case


def person(workspace: Workspace, name: str) -> RecordId:
    return next(party.id for party in workspace.store.select(Party) if party.name == name)


def fact(workspace: Workspace, case: RecordId, heading: str, tab: Any = people) -> Fact:
    found = tab(read_case(workspace, case=case), clock_of(workspace).now())
    return next(one for one in found if one.heading.startswith(heading))


def tags_of(found: Fact) -> list[str]:
    return [words for words, _ in found.tags]


def test_another_incident_is_shown_with_its_chips_gravest_first_and_the_time_in_between(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    ada = person(workspace, "Ada Quill").hex()
    for days, acts in ((3, ["abuse"]), (1, ["graffiti", "violence", "damage"])):
        when = (NOON - timedelta(days=days)).isoformat()
        said = {"description": "Again.", "happened_at": when, "acts": acts, "harmed": [ada]}
        assert answer(seat, "incident", case, said) == {}
    page = read_case(workspace, case=case)
    shown = [one for one in incidents(page, NOON) if one.heading.startswith("Incident")]
    assert "2 days after the one before" in shown[1].lines[0]
    assert [words.split()[0] for words, _ in shown[1].tags] == ["Actual", "Actual", "Threatening,"]
    assert "Harmed: Ada Quill" in shown[1].lines and "Harmed: Meera Quill, Ada Quill" in _sorted(shown[2].lines)
    told = fact(workspace, case, "In short", incidents)
    assert told.lines[0].startswith("Handled as harassment because")
    assert "course of conduct" in told.lines[2]


def _sorted(lines: tuple[str, ...]) -> list[str]:
    return [line.replace("Ada Quill, Meera Quill", "Meera Quill, Ada Quill") for line in lines]


def test_a_moment_may_be_left_open_and_is_not_lost_when_it_cannot_be_read(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    wrong = answer(seat, "incident", case, {"description": "x", "happened_at": "the other day"})
    assert list(wrong) == ["happened_at"]
    assert answer(seat, "incident", case, {"description": "x", "happened_text": "the other day"}) == {}
    assert any(one.happened_text == "the other day" for one in workspace.store.select(Incident))


def test_several_people_see_it_for_several_reasons(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    seen = {"perceived_by": "agency", "strands": ["religion"], "by_association": True, "is_harassment": True}
    assert answer(seat, "perception", case, seen) == {}
    assert answer(seat, "perception", case, {"perceived_by": "officer", "is_harassment": False}) == {}
    assert list(answer(seat, "perception", case, {"perceived_by": ""})) == ["perceived_by"]
    assert len(workspace.store.select(Perception)) == 3
    told = fact(workspace, case, "In short", incidents)
    assert any("hate incident: religion" in line for line in told.lines)
    assert fact(workspace, case, "Not seen as harassment", incidents)


def test_a_child_complained_about_is_marked(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    child = {"roles": ["alleged-perpetrator"], "known": "described", "described": "A boy in a red coat.",
             "age_band": "under-10", "tenure": "other-landlord"}  # fmt: skip
    assert answer(seat, "person", case, child) == {"landlord": "Name their landlord."}
    assert answer(seat, "person", case, {**child, "landlord": "Marsh Homes"}) == {}
    found = fact(workspace, case, "Name not given")
    assert tags_of(found) == ["A child: parent or guardian, and safeguarding"]
    assert found.folded == "A boy in a red coat." and "Landlord" not in str(found.lines)


def test_each_person_shows_their_own_safe_ways_and_the_code_word_folded(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    ada = person(workspace, "Ada Quill")
    said = {"safe_ways": ["text"], "unsafe_ways": ["voicemail"], "seen_by_others": ["letterbox"], "code_word": "tern"}
    assert answer(seat, "safe-ways", case, said, ada) == {}
    found = fact(workspace, case, "Ada Quill")
    assert tags_of(found) == ["NO VOICEMAIL", "NO LETTERS HOME"]
    assert "Safe: text message" in found.lines and "Somebody else may open their post." in found.lines
    assert found.folded == "tern" and "tern" not in str(found.lines)
    assert fact(workspace, case, "Meera Quill").folded == "heron"
    assert len(workspace.store.select(SafeContact)) == 2


def test_safe_ways_of_several_people_are_never_taken_from_one_to_another(seat: Seat, case: RecordId) -> None:
    presenter = StepPresenter(seat.context)
    opened = Heard(presenter.opened)
    presenter.arrive("safe-ways", case, None)
    assert not opened.last.answers["safe_ways"] and not opened.last.answers["code_word"]
    said = {"safe_ways": ["call"]}
    assert list(answer(seat, "safe-ways", case, said)) == ["party"]


def test_a_contact_that_would_breach_needs_a_reason_for_that_person_alone(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    ada, meera = person(workspace, "Ada Quill"), person(workspace, "Meera Quill")
    never = {"safe_ways": ["text"], "unsafe_ways": ["call"]}
    assert answer(seat, "safe-ways", case, never, ada) == {}
    call = {"way": "call", "outcome": "spoke", "at": NOON.isoformat()}
    assert list(answer(seat, "contact", case, {**call, "party": ada.hex()})) == ["unsafe_reason"]
    assert answer(seat, "contact", case, {**call, "party": meera.hex()}) == {}
    assert len(workspace.store.select(Contact)) == 1


def test_a_malicious_report_stays_with_its_finding(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    (report,) = workspace.store.select(Report)
    said = {"what": "malicious", "reasons": "Made up.", "evidence": "The film."}
    assert list(answer(seat, "report-fate", case, said)) == ["second_person"]
    assert workspace.store.select(ReportFate) == ()
    back = {"what": "retracted", "reasons": "She asked.", "pressed": True}
    assert answer(seat, "report-fate", case, back, report.id) == {}
    found = fact(workspace, case, "Report of", incidents)
    assert tags_of(found) == ["Taken back by whoever made it"] and "ask about pressure" in found.lines[-1]


def test_a_death_is_said_and_nobody_is_asked_to_ring_them(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    meera = person(workspace, "Meera Quill")
    gone = {"what": "died", "words": "Her son rang.", "speak_with_name": "Arun Quill", "speak_with_phone": "0303"}
    assert answer(seat, "person-fate", case, gone, meera) == {}
    found = fact(workspace, case, "Meera Quill")
    assert tags_of(found)[0] == "Died" and found.lines[-1] == "The person has died. Speak with Arun Quill instead."
    call = {"way": "call", "outcome": "spoke", "at": NOON.isoformat(), "party": meera.hex()}
    assert list(answer(seat, "contact", case, {**call, "unsafe_reason": "x"})) == ["way"]
    assert len(workspace.store.select(PersonFate)) == 1


def test_after_a_move_it_is_asked_where_they_live_now(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    meera = person(workspace, "Meera Quill")
    assert answer(seat, "person-fate", case, {"what": "moved-away", "words": "She told us."}, meera) == {}
    assert "new-home" in [one.step for one in fact(workspace, case, "Meera Quill").doing]
    assert answer(seat, "new-home", case, {"address": "9 Elsewhere Road"}, meera) == {}
    assert "Home: 9 Elsewhere Road" in fact(workspace, case, "Meera Quill").lines


def test_the_menu_offers_them_while_the_case_is_open(workspace: Workspace, case: RecordId) -> None:
    assert {"incident", "perception", "person", "report-fate", "person-fate", "new-home"} <= set(
        menu_of(workspace, case)
    )


def test_the_buttons_of_the_people_tab_open_their_pages_about_that_person(
    qtbot: QtBot, workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    page = CasePage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case)
    page.tabs.bar.setCurrentIndex(3)
    settle()
    assert audit_everywhere(page) == []
    button = next(one for one in page.findChildren(Button) if one.accessibleName() == "Safe ways: Ada Quill")
    button.click()
    assert seat.desk.went[-1] == (
        "step", {"step": "safe-ways", "case": case, "subject": person(workspace, "Ada Quill")}
    )  # fmt: skip


def test_the_strip_names_each_person_where_what_is_safe_for_one_is_not_for_the_other(
    qtbot: QtBot, workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    contact = contact_of(read_case(workspace, case=case), NOON)
    told = {name: [way for way, safety in ways if safety is Safety.SAFE] for name, ways, _ in contact.people}
    assert told == {"Meera Quill": ["Phone call"], "Ada Quill": ["Letter to home"]}
    page = CasePage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case)
    settle()
    spoken = page._strip.accessibleName()
    assert "Meera Quill. Phone call" in spoken and "Ada Quill. Letter to home" in spoken
    gone = {"what": "died", "words": "Told by her family."}
    assert answer(seat, "person-fate", case, gone, person(workspace, "Ada Quill")) == {}
    assert contact_of(read_case(workspace, case=case), NOON).people == ()


def test_somebody_only_described_is_named_later_and_still_found_by_the_name_before(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    other = {"roles": ["alleged-perpetrator"], "known": "described", "described": "Red coat."}
    assert answer(seat, "person", case, other) == {}
    him = next(one.id for one in workspace.store.select(Party) if one.described)
    assert list(answer(seat, "person-more", case, {"known": "named"}, him)) == ["name"]
    assert answer(seat, "person-more", case, {"known": "named", "name": "Sam Vale"}, him) == {}
    assert answer(seat, "person-more", case, {"name": "Samuel Vale"}, him) == {}
    found = workspace.store.get(Party, him)
    assert (found.name, found.also_known_as, found.known, found.described) == (
        "Samuel Vale", {"Sam Vale"}, "named", "Red coat."
    )  # fmt: skip
    assert read_case(workspace, case=case).file.case.perpetrator_known == "named"
    meera = person(workspace, "Meera Quill")
    assert answer(seat, "person-more", case, {"phone": "0303 999 0107", "sort": "resident"}, meera) == {}
    assert workspace.store.get(Party, meera).phone == "0303 999 0107"
    assert workspace.store.get(Party, meera).known == ""


def test_what_was_being_typed_about_one_person_never_goes_to_another(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    meera, ada = person(workspace, "Meera Quill"), person(workspace, "Ada Quill")
    presenter = StepPresenter(seat.context)
    opened = Heard(presenter.opened)
    presenter.arrive("person-more", case, meera)
    presenter.typed({**opened.last.answers, "phone": "0303 999 0108"})
    presenter.leave()
    again = StepPresenter(seat.context)
    opened = Heard(again.opened)
    again.arrive("person-more", case, ada)
    assert opened.last.answers["name"] == "Meera Quill" and opened.last.restored
    again.typed({**opened.last.answers, "language": "Urdu"})
    again.save()
    assert workspace.store.get(Party, meera).phone == "0303 999 0108"
    assert workspace.store.get(Party, ada).phone == ""
    assert workspace.store.get(Party, ada).name == "Ada Quill"
