"""Visits from door to door (4.11): planned once, walked with one press a door, never saying which case or why."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.domain.case import Note
from core.domain.doors import VisitRound
from core.foundation.errors import DiskFull
from core.foundation.ids import RecordId
from core.services import drafts, homes, visits
from core.services.case_page import read_case
from core.services.visits import RoundForm
from core.services.workspace import Workspace
from desktop.screens.today.presenter import carry_on
from desktop.screens.visits.plan_view import _PersonChoice
from desktop.screens.visits.view import VisitsPage
from desktop.screens.visits.walking import WalkingPresenter
from tests.support.desk import Heard, Seat, a_seat
from tests.support.estate import with_estate, with_letterhead
from tests.support.gui_audits import audit, audit_everywhere, hidden_focus, settle, show_at, words_in
from tests.support.workspaces import a_workspace, logged


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        with_estate(opened, tmp_path)
        with_letterhead(opened)
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def case(workspace: Workspace) -> RecordId:
    return logged(workspace).case


@pytest.fixture
def going_on(workspace: Workspace, case: RecordId) -> RecordId:
    form = RoundForm(case=case, blocks=frozenset({"Quill House"}), why="Shouting on the stairs", person_consulted=True)
    return visits.start_visits(workspace, plan=visits.plan_visits(workspace, form=form)).round


def outcomes(workspace: Workspace, one: RecordId) -> list[str]:
    return [door.outcome for door in visits.round_state(workspace, visit_round=one).doors]


def walking(seat: Seat, case: RecordId, one: RecordId) -> tuple[WalkingPresenter, Heard]:
    presenter = WalkingPresenter(seat.context)
    at = Heard(presenter.at)
    presenter.open(case, one)
    return presenter, at


# ------------------------------------------------------------------ at the doors


def test_one_press_a_door_the_next_follows_and_the_last_can_be_taken_back(
    seat: Seat, workspace: Workspace, case: RecordId, going_on: RecordId
) -> None:
    presenter, at = walking(seat, case, going_on)
    assert at.last.door.place == 1
    for outcome in ("spoke", "no-answer", "refused"):
        presenter.knock(outcome)
    assert outcomes(workspace, going_on) == ["spoke", "no-answer", "refused", "", ""] and at.last.door.place == 4
    assert seat.desk.undo is not None
    seat.desk.undo()
    assert outcomes(workspace, going_on)[2] == "" and at.last.door.place == 3


def test_doors_without_an_answer_wait_for_the_next_way_round(
    seat: Seat, workspace: Workspace, case: RecordId, going_on: RecordId
) -> None:
    presenter, at = walking(seat, case, going_on)
    for outcome in ("no-answer", "spoke", "no-answer", "spoke", "spoke"):
        presenter.knock(outcome)
    assert at.last is None, "nobody is sent back at once"
    presenter.go_round_again()
    assert at.last.door.place == 1
    presenter.knock("no-answer")
    assert at.last.door.place == 3
    presenter.knock("spoke")
    presenter.go_round_again()
    presenter.knock("no-answer")
    assert at.last.leave_card and at.last.door.place == 1, "nobody home three times: a card before one walks on"
    presenter.knock("card")
    presenter.go_round_again()
    assert at.last is None and "no-answer" not in outcomes(workspace, going_on)


def test_only_doors_left_shows_each_once(seat: Seat, case: RecordId, going_on: RecordId) -> None:
    presenter, _ = walking(seat, case, going_on)
    presenter.show_only_left(True)
    presenter.knock("spoke")
    presenter.knock("no-answer")
    assert presenter.model.rowCount() == 4


def test_a_knock_that_could_not_be_kept_is_taken_off_the_screen(
    seat: Seat, workspace: Workspace, case: RecordId, going_on: RecordId
) -> None:
    presenter, _ = walking(seat, case, going_on)
    progress, failed = Heard(presenter.progress), Heard(presenter.failed)
    seat.runner.fail_with["knock"] = DiskFull(path="disk")
    presenter.knock("spoke")
    assert isinstance(failed.last, DiskFull) and progress.last.done == 0
    assert "knock" in seat.runner.last_words, "kept even if somebody locks at the door"


def test_what_somebody_tells_is_kept_while_it_is_written_and_becomes_a_note(
    seat: Seat, workspace: Workspace, case: RecordId, going_on: RecordId
) -> None:
    presenter, at = walking(seat, case, going_on)
    presenter.knock("info")
    assert at.last.door.place == 1, "still at that door"
    presenter.typed("Two people by the ")
    presenter.leave()
    (draft,) = drafts.list_drafts(workspace)
    again = WalkingPresenter(seat.context)
    telling = Heard(again.telling)
    again.open(case, going_on)
    assert telling.last[1] == "Two people by the "
    again.typed("Two people by the gate.")
    again.keep_words()
    assert drafts.list_drafts(workspace) == () and draft.name == visits.said_draft(case)
    assert workspace.store.select(Note)[-1].body.endswith("Two people by the gate.")


def test_an_empty_note_is_asked_about_and_can_be_left(seat: Seat, case: RecordId, going_on: RecordId) -> None:
    presenter, at = walking(seat, case, going_on)
    problems = Heard(presenter.problems)
    presenter.knock("info")
    presenter.keep_words()
    assert list(problems.last) == ["words"]
    presenter.no_words()
    assert at.last.door.place == 2


def test_today_leads_back_to_what_was_being_told(
    seat: Seat, workspace: Workspace, case: RecordId, going_on: RecordId
) -> None:
    from core.services.unfinished import list_unfinished

    presenter, _ = walking(seat, case, going_on)
    presenter.knock("info")
    presenter.typed("Half a sentence")
    presenter.leave()
    carry_on(seat.context, list_unfinished(workspace)[0])
    assert seat.desk.went == [("visits", {"case": case})]


# ------------------------------------------------------------------ the page


def a_page(qtbot: QtBot, seat: Seat) -> VisitsPage:
    page = VisitsPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    return page


def test_the_whole_way_on_the_page(qtbot: QtBot, seat: Seat, workspace: Workspace) -> None:
    home = homes.find_homes(workspace, words="quill 3")[0].id
    case = logged(workspace, home=home).case
    page = a_page(qtbot, seat)
    page.arrive(case=case)
    page.plan.go.click()
    assert "Choose at least one street or block." in words_in(page)
    assert "Say why every tenant is visited." in words_in(page)
    opened = visits.open_visits(workspace, case=case)
    block = next(area for area in opened.areas.areas if area.is_block)
    page.planning.choose_area(block, True)
    page.plan.why.setText("Shouting on the stairs")
    page.plan.asked.set_value(True)
    page.plan.go.click()
    assert "People of this case who live here" in words_in(page)
    assert audit_everywhere(page) == []
    page.plan.go.click()
    assert "Decide for each home of somebody in this case" in words_in(page)
    (choice,) = page.plan.findChildren(_PersonChoice)
    choice.choice.set_value("skip")
    choice._tell()
    page.plan.go.click()
    assert len(workspace.store.select(VisitRound)) == 1
    settle()
    page.walk.buttons["spoke"].click()
    assert "1 of 4 doors done, 3 to go." in words_in(page)
    assert audit_everywhere(page) == []


def test_nothing_at_the_doors_says_which_case_or_why(
    qtbot: QtBot, seat: Seat, workspace: Workspace, case: RecordId, going_on: RecordId
) -> None:
    page = a_page(qtbot, seat)
    page.arrive(case=case)
    page.walk.buttons["info"].click()
    shown = words_in(page.walk) + page.title.text() + page.accessibleName() + words_in(page.tags)
    file = read_case(workspace, case=case).file
    for telling in (file.case.reference, "Shouting on the stairs", "Meera", "harass", "policy"):
        assert telling.casefold() not in shown.casefold()
    assert workspace.store.get(VisitRound, going_on).why == "Shouting on the stairs"


def test_the_smallest_screen_with_the_largest_letters(
    qtbot: QtBot, seat: Seat, case: RecordId, going_on: RecordId
) -> None:
    page = a_page(qtbot, seat)
    page.arrive(case=case, subject=going_on)
    show_at(page, 1024, 640, percent=200)
    assert audit(page) == []
    page.walk.buttons["info"].click()
    assert audit(page) == []
    page.walk.nothing.click()
    show_at(page, 1366, 768)
    assert hidden_focus(page) == []
    heights = {button.height() for button in page.walk.buttons.values()}
    assert min(heights) >= 44, "a thumb finds it"


def test_another_round_is_planned_and_the_earlier_one_stays(
    qtbot: QtBot, seat: Seat, workspace: Workspace, case: RecordId, going_on: RecordId
) -> None:
    page = a_page(qtbot, seat)
    page.arrive(case=case)
    page.walk.end.click()
    page.walk.anew.click()
    assert page.plan.isVisible() and not page.walk.isVisible()
    assert workspace.store.get(VisitRound, going_on).ended_at is not None
