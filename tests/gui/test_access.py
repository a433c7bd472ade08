"""Who can read a case: said by name, changed only with a reason, and nothing done by a slip of the hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.foundation.errors import DiskFull
from core.services import access, readers
from core.services.access_page import read_access
from core.services.workspace import Parts, Workspace
from desktop.screens.access.presenter import TAKE_OFF, AccessPresenter
from desktop.screens.access.view import AccessPageView
from desktop.screens.case.view import CasePage
from desktop.widgets import Button
from tests.support.desk import Heard, Seat, a_seat
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import audit_everywhere, hidden_focus, settle, show_at, words_in
from tests.support.workspaces import a_workspace, clock_of, join_cheaply, logged


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


def with_colleague(workspace: Workspace, tmp_path: Path, name: str = "Ruth Okafor", seed: int = 77) -> Workspace:
    (tmp_path / "shared").mkdir(exist_ok=True)
    parts = Parts(clock_of(workspace), SeededRandomness(seed))
    return join_cheaply(workspace, tmp_path / name, tmp_path / "shared", name=name, role="officer", parts=parts)


def press(page: object, name: str) -> None:
    (button,) = [one for one in page.findChildren(Button) if one.accessibleName() == name or one.words == name]  # type: ignore[attr-defined]
    settle()
    assert button.isVisible()
    button.click()


def test_one_reader_is_a_warning_and_a_second_is_let_in_with_a_reason(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    ruth = with_colleague(workspace, tmp_path)
    case = logged(workspace, readers=frozenset()).case
    page = AccessPageView(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case)
    assert "Only one person can read this case." in words_in(page) and "Readable by 1 person." in words_in(page)
    page.let_in.go.click()
    assert "Choose somebody from the list." in words_in(page) and not page.act.isVisible()
    page.let_in.select.set_value(ruth.user.hex())
    page.let_in.go.click()
    assert page.act.isVisible() and "Let Ruth Okafor read the case" in words_in(page)
    assert audit_everywhere(page) == []
    page.act.go.click()
    assert [row.name for row in access.readers_of(workspace, case)] == ["Ana Bright"], "no reason, nothing done"
    page.act.reason.setText("covers for me in August")
    page.act.go.click()
    assert [row.name for row in access.readers_of(workspace, case)] == ["Ana Bright", "Ruth Okafor"]
    assert "Only one person" not in words_in(page) and "Readable by 2 people." in words_in(page)
    assert "covers for me in August" in words_in(page) and not page.act.isVisible()
    assert audit_everywhere(page) == []
    assert hidden_focus(page) == []


def test_taking_off_letting_lead_and_keeping_out(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    ruth = with_colleague(workspace, tmp_path)
    case = logged(workspace, readers=frozenset({ruth.user}), perpetrator_name="Ruth Okafor").case
    file = CasePage(seat.context)
    qtbot.addWidget(file)
    show_at(file, 1366, 768)
    file.arrive(case)
    assert "Is a colleague connected with this case?" in words_in(file)
    press(file, "Look who can read it")
    assert seat.desk.went[-1] == ("access", {"case": case})
    page = AccessPageView(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case)
    assert "Ruth Okafor has the same name as Ruth Okafor, who is in this case." in words_in(page)
    press(page, "Take off: Ruth Okafor")
    page.act.no.click()
    assert not page.act.isVisible() and len(access.readers_of(workspace, case)) == 2
    page._shown = None
    press(page.connections, "Keep out: Ruth Okafor")
    page.act.reason.setText("it is her")
    page.act.go.click()
    assert [row.name for row in access.kept_out_of(workspace, case)] == ["Ruth Okafor"]
    assert [row.name for row in access.readers_of(workspace, case)] == ["Ana Bright"]
    assert not page.connections.isVisible() and "Kept out because of a connection: Ruth Okafor" in words_in(page)
    assert audit_everywhere(page) == []


def test_who_does_not_lead_sees_everything_and_only_lets_in(
    qtbot: QtBot, workspace: Workspace, tmp_path: Path
) -> None:
    ruth = with_colleague(workspace, tmp_path)
    case = logged(workspace, readers=frozenset({ruth.user})).case
    readers.hand_over(workspace, case=case, user=ruth.user, reason="she knows the person")
    seat = a_seat(workspace)
    page = AccessPageView(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1024, 640)
    page.arrive(case)
    assert "Ruth Okafor (leads on the case)" in words_in(page) and "she knows the person" in words_in(page)
    assert not [one for one in page.findChildren(Button) if one.words in ("Take off", "Let lead") and one.isVisible()]
    assert not page.keep_out.isVisible()
    assert audit_everywhere(page) == []


def test_a_failure_is_told_and_the_reason_stays(seat: Seat, workspace: Workspace) -> None:
    case = logged(workspace).case
    presenter = AccessPresenter(seat.context)
    failed, asked = Heard(presenter.failed), Heard(presenter.asked)
    presenter.arrive(case)
    seat.runner.fail_with["remove_reader"] = DiskFull(path="x")
    presenter.ask(TAKE_OFF, workspace.user, "Ana Bright")
    presenter.confirm("leaving")
    assert isinstance(failed.last, DiskFull) and asked.last is not None
    problems = Heard(presenter.problems)
    presenter.confirm("leaving")
    assert problems.last == {"reason": "Choose somebody else to lead on the case first."}
    assert len(read_access(workspace, case=case).readers) == 1
