"""The mirror on a case and over all of them: each finding leads to the page that mends it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.domain.case import Perception
from core.foundation.ids import RecordId
from core.policy.duties import DutyKind
from core.services import plans
from core.services.case_page import read_case
from core.services.plans import WishForm
from core.services.workspace import Workspace
from desktop.app.screens import SCREENS
from desktop.screens.case.chapters.mirror import PART, doing_of
from desktop.screens.case.presenter import CasePresenter
from desktop.screens.duty_pages import DUTY_PAGES
from desktop.screens.mirror.presenter import MirrorPresenter, MirrorView
from desktop.screens.mirror.view import MirrorPage
from desktop.screens.step.chapters import CHAPTER_STEPS
from desktop.screens.step.steps import STEPS
from desktop.widgets import Button
from tests.property.test_mirror import MENDS, TROUBLE, WHOLE, _of
from tests.support.chapter_pages import answer, menu_of, told
from tests.support.desk import Heard, Seat, a_seat
from tests.support.gui_audits import audit_everywhere, settle, show_at, words_in
from tests.support.policy import setting
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, clock_of, logged
from tests.unit.policy.test_powers import pack as legal_pack


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


def test_every_finding_there_can_be_has_a_page_that_exists() -> None:
    from core.policy import mirror

    pages = {step.key for step in (*STEPS, *CHAPTER_STEPS)} | {screen.name for screen in SCREENS}
    some = (
        mirror.findings(_of(records, False), setting("2026-06-10 10:00"), legal_pack()) for records in (WHOLE, TROUBLE)
    )
    found = [one for group in some for one in group]
    assert len(found) > 15
    assert {doing_of(one).step for one in found} <= pages
    assert set(DUTY_PAGES) == {kind.value for kind in DutyKind}, "a promise with a time has its page"
    assert MENDS.keys() >= {one.code for one in found if not one.stays}


def test_the_tab_says_what_is_missing_and_what_clause_asks_for_it(
    workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    said = told(workspace, PART, case)
    assert "Nobody has written down what the person wants.\nMatters most\nWrite down what they want\nPolicy 1.1" in said
    assert answer(seat, "wish", case, {"words": "Peace."}) == {}
    assert "what the person wants" not in told(workspace, PART, case)


def test_what_is_behind_it_can_be_asked_after_the_report(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    assert "Nothing says what the person, or anybody else, thinks is behind it." in told(workspace, PART, case)
    assert "perception" in menu_of(workspace, case)
    assert answer(seat, "perception", case, {"perceived_by": "harmed", "strands": ["religion"]}) == {}
    assert {"religion"} in [seen.strands for seen in workspace.store.select(Perception)]
    assert "thinks is behind it" not in told(workspace, PART, case)


def test_a_case_with_nothing_missing_says_so(workspace: Workspace, case: RecordId) -> None:
    from dataclasses import replace

    page = replace(read_case(workspace, case=case), missing=())
    assert PART.facts(page, NOON) == () and "Nothing that the policy asks for" in PART.empty


def test_the_button_of_a_private_interview_opens_the_page_of_interviews(seat: Seat, case: RecordId) -> None:
    presenter = CasePresenter(seat.context)
    presenter.arrive(case)
    presenter.go("interviews")
    assert seat.desk.went[-1] == ("interviews", {"case": case})


def test_all_cases_with_most_to_mend_first_and_each_button_leads_to_its_page(
    qtbot: QtBot, workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    other = logged(workspace, received_at=NOON - timedelta(days=2)).case
    plans.record_wish(workspace, form=WishForm(case=case, words="Peace.", said_at=NOON))
    page = MirrorPage(seat.context)
    qtbot.addWidget(page)
    heard = Heard(page.presenter.shown)
    page.arrive()
    view = heard.last
    assert isinstance(view, MirrorView)
    assert [card.case for card in view.cards] == [other, case]
    assert view.lead == "2 open cases that you lead with something missing."
    show_at(page, 1280, 720)
    said = words_in(page)
    assert "First contact: late." in said and "more in the file" in said
    button = next(
        one for one in page.findChildren(Button) if one.accessibleName().startswith("Record contact: First contact")
    )
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert seat.desk.went[-1] == ("step", {"step": "contact", "case": other})
    link = next(one for one in page.findChildren(Button) if one.accessibleName().startswith("Open "))
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    assert seat.desk.went[-1] == ("case", {"case": other})


def test_it_looks_again_only_after_something_changed(workspace: Workspace, seat: Seat, case: RecordId) -> None:
    presenter = MirrorPresenter(seat.context)
    heard = Heard(presenter.shown)
    presenter.arrive()
    presenter.arrive()
    assert len(heard.all) == 1
    assert answer(seat, "wish", case, {"words": "Peace."}) == {}
    presenter.arrive()
    assert len(heard.all) == 2


def test_the_page_can_be_used_by_key_and_nothing_is_cut(
    qtbot: QtBot, workspace: Workspace, seat: Seat, case: RecordId
) -> None:
    clock_of(workspace).forward(days=2)
    page = MirrorPage(seat.context)
    qtbot.addWidget(page)
    page.arrive()
    show_at(page, 1280, 720)
    settle(50)
    assert audit_everywhere(page) == []
