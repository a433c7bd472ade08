"""The officer somebody asked for, through the pages of a case and the settings: a reminder, never a bar (4.27)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.domain.case import Contact
from core.domain.interview import OfficerWish
from core.foundation.ids import RecordId
from core.services.case_page import read_case
from core.services.officers import say_what_i_can_meet, what_i_can_meet
from core.services.workspace import Workspace
from desktop.screens.case.chapters.plan import PART
from desktop.screens.case.presenter import CasePresenter
from desktop.screens.settings.view import SettingsPage
from desktop.screens.step.view import StepPage
from tests.support.chapter_pages import answer, menu_of, told
from tests.support.desk import Heard, Seat, a_seat
from tests.support.gui_audits import audit_everywhere, settle, show_at, words_in
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
    return logged(workspace).case


def test_what_was_asked_for_is_shown_and_a_visit_by_another_is_reminded_and_saved(
    qtbot: QtBot, workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    assert "officer-wish" in menu_of(workspace, case)
    both = {"wants": ["woman", "origin"], "wants_interpreter": ["woman"]}
    refused = answer(seat, "officer-wish", case, {"wants": ["woman"], "met": False})
    assert refused == {"not_met_because": "Say why it could not be met."}
    assert answer(seat, "officer-wish", case, {**both, "met": None}) == {}
    said = told(workspace, PART, case)
    assert "Officer: a woman of the same ethnic origin" in said and "Interpreter: a woman" in said
    presenter = CasePresenter(seat.context)
    shown = Heard(presenter.shown)
    presenter.arrive(case)
    assert "Asked for a woman of the same ethnic origin" in [words for words, _ in shown.last.tags]
    page = StepPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive("contact", case)
    settle()
    assert "The person asked for a woman of the same ethnic origin. Ask whether" in words_in(page)
    assert audit_everywhere(page) == []
    assert answer(seat, "contact", case, {"way": "call", "outcome": "spoke"}) == {}, "it warns and bars nothing"
    assert workspace.store.count(Contact) == 1
    clock_of(workspace).forward(minutes=1)
    assert answer(seat, "officer-wish", case, {"wants": ["woman"], "met": True}) == {}
    assert workspace.store.count(OfficerWish) == 2, "what was said before stays"
    assert read_case(workspace, case=case).officer.sentence == ""


def test_a_private_interview_offered_is_kept_whatever_they_say(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    assert "interview-offer" in menu_of(workspace, case)
    assert list(answer(seat, "interview-offer", case, {})) == ["answer"]
    assert answer(seat, "interview-offer", case, {"answer": "no", "words": "Not at the office"}) == {}
    said = told(workspace, PART, case)
    assert "They do not want one" in said and "Not at the office" in said and "Offer again" in said
    codes = {one.code for one in read_case(workspace, case=case).missing}
    assert not codes & {"interview", "interview-wanted"} and "officer" in codes


def test_what_i_can_be_asked_for_is_ticked_in_the_settings_and_nothing_else(
    qtbot: QtBot, workspace: Workspace, seat: Seat
) -> None:
    page = SettingsPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive()
    page.requests.ticks.buttons[0].click()
    assert what_i_can_meet(workspace) == {"woman"} and "Saved. Colleagues see it" in words_in(page)
    say_what_i_can_meet(workspace, can_meet=frozenset({"man"}))
    page.arrive()
    assert page.requests.ticks.values() == ("man",)
    page.requests.ticks.buttons[1].click()
    assert what_i_can_meet(workspace) == frozenset()
    assert "Of which origin you are is kept nowhere" in words_in(page)
