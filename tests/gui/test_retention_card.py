"""What was deleted, on the Settings page, and the button that renews one's own keys; the line on Today."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.domain.case import Case
from core.foundation.errors import DiskFull
from core.services import retention, streams
from core.services.opening import unlock
from core.services.sync import choose_folder, sync_now
from core.services.workspace import Workspace
from desktop.screens.settings.retention import NOTHING_DELETED
from desktop.screens.settings.view import SettingsPage
from desktop.screens.today.view import TodayPage
from tests.support.desk import Seat, a_seat
from tests.support.gui_audits import audit_everywhere, settle, show_at, words_in
from tests.support.workspaces import PASSPHRASE, a_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def page(qtbot: QtBot, seat: Seat) -> SettingsPage:
    made = SettingsPage(seat.context)
    qtbot.addWidget(made)
    show_at(made, 1366, 768)
    made.arrive()
    return made


def delete_a_case(workspace: Workspace, folder: Path) -> None:
    folder.mkdir()
    choose_folder(workspace, folder)
    now = workspace.parts.clock.now()
    with workspace.store.unit("test") as (unit, _):
        stream = streams.open_case_stream(unit, workspace, readers=frozenset(), conflicted=frozenset())
        case = unit.create(
            Case, stream, reference="2026-AR-1", summary="x", stage="closed", lead=workspace.user,
            opened_at=now - timedelta(days=9), closed_at=now - timedelta(days=1),
        )  # fmt: skip
    retention.ask_deletion(workspace, case=case, reason="erasure", words="Decided.")
    sync_now(workspace)
    sync_now(workspace)


def test_with_nothing_deleted_it_says_so_and_when_the_keys_are_due(page: SettingsPage) -> None:
    assert NOTHING_DELETED in words_in(page.retention) and "at the latest" in words_in(page.retention)
    page.retention.renew.click()
    settle()
    assert page.retention.passphrase.hasFocus()
    page.retention.go.click()
    settle()
    assert "Enter your passphrase." in words_in(page.retention)
    page.retention.passphrase.setText("wrong")
    page.retention.go.click()
    settle()
    assert "did not open the workbook" in words_in(page.retention)
    assert audit_everywhere(page) == []
    assert page.leave() and page.retention.passphrase.text() == ""


def test_a_deletion_is_named_on_both_pages_until_the_keys_are_renewed(
    qtbot: QtBot, page: SettingsPage, workspace: Workspace, seat: Seat, tmp_path: Path
) -> None:
    today = TodayPage(seat.context)
    qtbot.addWidget(today)
    show_at(today, 1366, 768)
    today.arrive()
    assert today.keys.isHidden()
    delete_a_case(workspace, tmp_path / "shared")
    page.arrive()
    today.arrive()
    settle()
    assert "you have not yet" in words_in(page.retention)
    assert "Renew your keys." in words_in(today) and not today.keys.isHidden()
    today.keys.presenter.go()
    assert seat.desk.went[-1][0] == "settings"
    seat.runner.fail_with["hold_retention_day"] = DiskFull(path="x")
    page.retention.renew.click()
    page.retention.passphrase.setText(PASSPHRASE)
    page.retention.go.click()
    settle()
    assert "That did not work." in words_in(page.retention)
    page.retention.go.click()
    settle()
    assert seat.desk.locks == 1
    again = unlock(workspace.folder, PASSPHRASE, parts=workspace.parts)
    assert again.keys.user_epoch == 1
