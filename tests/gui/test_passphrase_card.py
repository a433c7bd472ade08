"""Changing the passphrase, and the other button: what is asked, said, and taken off the screen again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.foundation.errors import DiskFull, WrongPassphrase
from core.services.opening import unlock
from core.services.workspace import Workspace
from desktop.screens.settings.passphrase import PassphraseCard, PassphrasePresenter
from desktop.screens.settings.view import SettingsPage
from tests.support.desk import Heard, Seat, a_seat, seat_with
from tests.support.gui_audits import audit_everywhere, settle, show_at, words_in
from tests.support.script_runner import ScriptRunner
from tests.support.vaults import TestClock
from tests.support.workspaces import PASSPHRASE, a_workspace

NEW = "copper willow saddle noon parcel"


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


def fill(card: PassphraseCard, old: str, new: str, again: str) -> None:
    card.old.setText(old)
    card.secret._box.setText(new)
    card.secret._again.setText(again)
    card.go.click()
    settle()


def test_what_is_wrong_stands_beside_its_field_and_the_change_is_made(
    page: SettingsPage, workspace: Workspace, seat: Seat
) -> None:
    card = page.passphrase
    card.change.click()
    settle()
    assert card.old.hasFocus() and "still open with the old passphrase" in words_in(card)
    fill(card, "", "", "")
    assert "Enter the passphrase you use now" in words_in(card) and "Choose a passphrase" in words_in(card)
    fill(card, PASSPHRASE, NEW, NEW + "x")
    assert "not the same" in words_in(card)
    fill(card, "wrong", NEW, NEW)
    assert "did not open the workbook" in words_in(card)
    fill(card, PASSPHRASE, "password", "password")
    assert "too easy to guess" in words_in(card)
    assert audit_everywhere(page) == []
    fill(card, PASSPHRASE, NEW, NEW)
    assert "The passphrase is changed." in words_in(card)
    assert card.old.text() == card.secret.passphrase == card.secret.again == "" and card._asking.isHidden()
    assert seat.desk.locks == 0


def test_somebody_may_know_it_makes_new_keys_and_locks(
    page: SettingsPage, workspace: Workspace, seat: Seat
) -> None:
    card = page.passphrase
    card.known.click()
    settle()
    assert "You get new keys" in words_in(card) and card.go.text().startswith("Make new keys")
    assert audit_everywhere(page) == []
    fill(card, PASSPHRASE, NEW, NEW)
    assert seat.desk.locks == 1
    folder, parts = workspace.folder, workspace.parts
    with pytest.raises(WrongPassphrase):
        unlock(folder, PASSPHRASE, parts=parts)
    opened = unlock(folder, NEW, parts=parts)
    opened.store.engine.dispose()
    opened.occupancy.release()


def test_the_words_suggested_are_there_to_take_and_leave_with_the_page(page: SettingsPage) -> None:
    card = page.passphrase
    card.change.click()
    words = card.secret._words.text()
    assert len(words.split()) == 5
    card.secret._use.click()
    assert card.secret.passphrase == words
    page.leave()
    assert card.secret.passphrase == "" and words not in words_in(card)


def test_what_belongs_to_no_field_is_told_as_a_whole(qtbot: QtBot) -> None:
    runner = ScriptRunner(somebody_knows=DiskFull(path="here"))
    seat = seat_with(runner, TestClock())
    presenter = PassphrasePresenter(seat.context)
    problems, busy = Heard(presenter.problems), Heard(presenter.busy)
    presenter.change("old words", NEW, NEW, somebody_knows=True)
    assert "" in problems.last and busy.last == "" and seat.desk.locks == 0
