"""Before a case is opened for the first time: the question, the way in, and the case that stays shut."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.foundation.ids import RecordId
from core.services.declarations import declaration_of
from core.services.sync import sync_now
from core.services.workspace import Workspace
from desktop.screens.case.view import CasePage
from desktop.screens.declare.view import DeclarePageView
from desktop.screens.step.view import StepPage
from tests.support.desk import Seat, a_seat
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import audit_everywhere, settle, show_at, words_in
from tests.support.vaults import NOON, TestClock
from tests.support.workspaces import Parts, a_workspace, join_cheaply, logged


@pytest.fixture
def ben(tmp_path: Path) -> Iterator[tuple[Workspace, RecordId]]:
    """Ben's laptop, with a case that Ana took and shared with him."""
    with a_workspace(tmp_path / "vault") as ana:
        parts = Parts(TestClock(NOON), SeededRandomness(21))
        shared = tmp_path / "shared"
        shared.mkdir()
        laptop = join_cheaply(ana, tmp_path / "ben", shared, name="Ben Okafor", role="officer", parts=parts)
        case = logged(ana).case
        sync_now(ana)
        sync_now(laptop)
        yield laptop, case


@pytest.fixture
def seat(ben: tuple[Workspace, RecordId]) -> Seat:
    return a_seat(ben[0])


@pytest.mark.parametrize("page", [CasePage, StepPage])
def test_the_case_and_its_steps_lead_to_the_question_and_show_nothing(
    qtbot: QtBot, seat: Seat, ben: tuple[Workspace, RecordId], page: type
) -> None:
    shown = page(seat.context)
    qtbot.addWidget(shown)
    if page is StepPage:
        shown.arrive(step="note", case=ben[1])
    else:
        shown.arrive(ben[1])
    settle()
    assert seat.desk.went == [("declare", {"case": ben[1]})] and seat.desk.backs == 1
    assert "Meera Quill" not in words_in(shown) and "shouted" not in words_in(shown)


def test_not_connected_leads_into_the_case(qtbot: QtBot, seat: Seat, ben: tuple[Workspace, RecordId]) -> None:
    page = DeclarePageView(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case=ben[1])
    settle()
    assert "In this case: Meera Quill." in words_in(page) and "shouted" not in words_in(page)
    page.save.click()
    assert "Say whether you are connected" in words_in(page)
    page.connected.set_values([False])
    page.save.click()
    assert seat.desk.went[-1] == ("case", {"case": ben[1]})
    again = CasePage(seat.context)
    qtbot.addWidget(again)
    again.arrive(ben[1])
    settle()
    assert len(seat.desk.went) == 1


def test_a_connection_shuts_the_case(qtbot: QtBot, seat: Seat, ben: tuple[Workspace, RecordId]) -> None:
    page = DeclarePageView(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case=ben[1])
    page.connected.set_values([True])
    page.connected.picked.emit()
    assert not page.how.isHidden()
    page.how.setText("Lives next door to her")
    page.save.click()
    settle()
    assert declaration_of(ben[0], case=ben[1]).connected
    assert "The case stays shut for you." in words_in(page) and "In this case" not in words_in(page)
    assert seat.desk.went == []


def test_the_page_passes_every_audit(qtbot: QtBot, seat: Seat, ben: tuple[Workspace, RecordId]) -> None:
    page = DeclarePageView(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case=ben[1])
    settle()
    page.connected.set_values([True])
    page.connected.picked.emit()
    assert audit_everywhere(page) == []
