"""The Sync page: nothing starts without a press, and every state has its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.domain.changed import NOTHING
from core.foundation.errors import Cancelled, FolderUnreachable, NoSharedFolder
from core.services.sync import SyncReport, SyncState
from core.services.workspace import Workspace
from desktop.screens.sync.presenter import SyncPresenter
from desktop.screens.sync.view import SyncPage
from desktop.screens.sync.words import last_words, report_words, seen_words, status_words
from tests.support.desk import Heard, Seat, a_seat, seat_with
from tests.support.gui_audits import audit_everywhere, hidden_focus, show_at, words_in
from tests.support.script_runner import ScriptRunner
from tests.support.vaults import NOON, TestClock
from tests.support.workspaces import a_workspace, logged

STATE = SyncState(None, 0, None, 0, (), "Saved on this laptop.", ())
REPORT = SyncReport(0, 0, 0, 0, 0, (), NOON, NOTHING)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


def test_words_for_every_state() -> None:
    assert last_words(STATE, NOON) == "This laptop has not synced yet. Nothing is waiting to be sent."
    late = replace(STATE, last_sync_at=NOON - timedelta(days=1), waiting_to_send=4, seen_by=("Ben", "Cara"))
    assert last_words(late, NOON) == "Last sync yesterday at 12:00pm. 4 changes are waiting to be sent."
    assert seen_words(late) == "Ben and Cara have your newest entries."
    assert seen_words(replace(late, seen_by=("Ben",))) == "Ben has your newest entries."
    assert status_words(late) == "Saved here. 4 to send"
    assert report_words(REPORT) == ("Nothing new, here or there.", "")
    strong, rest = report_words(replace(REPORT, sent=2, received=1, waiting=1, refused=1, missing=1))
    assert strong == "Sent 2 files, received 1."
    assert "1 file waits" in rest and "1 file was set aside" in rest and "1 file is missing" in rest


def test_choosing_a_folder_then_one_press_sends_what_is_new(seat: Seat, workspace: Workspace, tmp_path: Path) -> None:
    logged(workspace)
    shared = tmp_path / "shared"
    shared.mkdir()
    presenter = SyncPresenter(seat.context)
    shown, told, problem = Heard(presenter.shown), Heard(presenter.told), Heard(presenter.folder_problem)
    presenter.arrive()
    assert shown.last.folder == "" and seat.runner.names == ["sync_state"]
    presenter.choose_folder(" ")
    assert problem.last == "Choose the folder your organisation shares."
    presenter.choose_folder(str(tmp_path / "nowhere"))
    assert "cannot be reached" in problem.last
    presenter.choose_folder(str(shared))
    assert shown.last.folder == str(shared.resolve()) and "sync_now" not in seat.runner.names
    presenter.sync_now()
    assert told.last[0].startswith("Sent ") and "Nothing is waiting" in shown.last.last
    assert any(path.is_file() for path in shared.rglob("*"))


def test_stop_and_a_lost_folder_say_that_nothing_is_lost() -> None:
    runner = ScriptRunner(sync_state=STATE, sync_now=[Cancelled(), FolderUnreachable(path="Q:"), REPORT])
    presenter = SyncPresenter(seat_with(runner, TestClock()).context)
    told, failed, busy = Heard(presenter.told), Heard(presenter.failed), Heard(presenter.busy)
    presenter.sync_now()
    assert told.last == ("Stopped.", "Nothing is lost. The next sync goes on.")
    presenter.sync_now(everything=True)
    assert isinstance(failed.last, FolderUnreachable) and busy.last == ""
    assert runner.calls[-1] == ("sync_now", {"everything": True})
    presenter.sync_now()
    assert told.last[0] == "Nothing new, here or there."


def test_a_second_press_starts_no_second_exchange() -> None:
    runner = ScriptRunner(at_once=False)
    presenter = SyncPresenter(seat_with(runner, TestClock()).context)
    presenter.sync_now()
    presenter.sync_now()
    assert runner.names == ["sync_now"]
    presenter.stop()
    assert runner.waiting[0][0].flag.is_set()


def test_the_page(qtbot: QtBot, tmp_path: Path) -> None:
    state = replace(STATE, folder=tmp_path, notices=("The clock of Ben\u2019s laptop is ahead.",), seen_by=("Ben",))
    runner = ScriptRunner(sync_state=state, sync_now=NoSharedFolder())
    page = SyncPage(seat_with(runner, TestClock()).context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive()
    assert page.path.text() == str(tmp_path) and "clock of Ben" in words_in(page)
    page.go.click()
    assert "No shared folder has been chosen yet" in words_in(page)
    assert audit_everywhere(page) == []
    assert hidden_focus(page) == []
