"""Colleagues: details for letters, inviting, and letting in only after the eight words were compared; backup."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from core.foundation.errors import Cancelled, DiskFull, FormIncomplete, NotAllowed
from core.services import organisation as services
from core.services.backups import BackupMade
from core.services.joining import JoiningForm, ask_to_join
from core.services.roster_news import RosterNews
from core.services.sync import choose_folder
from core.services.workspace import Parts, Workspace
from desktop.screens.colleagues.backup import BackupPresenter
from desktop.screens.colleagues.presenter import ColleaguesPresenter
from desktop.screens.colleagues.view import ColleaguesPage, _RequestPart
from tests.support.desk import Heard, Seat, a_seat, seat_with
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import audit_everywhere, hidden_focus, show_at, words_in
from tests.support.script_runner import ScriptRunner
from tests.support.tab_order import comes_before
from tests.support.vaults import CHEAP, NOON, TestClock
from tests.support.workspaces import PASSPHRASE, a_workspace, clock_of


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


def ask(workspace: Workspace, tmp_path: Path, invitation: str) -> tuple[str, ...]:
    """Somebody with the invitation asks to join from a laptop of their own; the words on their screen."""
    form = JoiningForm(
        invitation=invitation, your_name="Ruth Okafor", initials="RO", job_title="Officer", passphrase=PASSPHRASE,
        shared_folder=tmp_path / "shared",
    )  # fmt: skip
    parts = Parts(clock_of(workspace), SeededRandomness(77))
    return ask_to_join(tmp_path / "second", form, parts=parts, cost=CHEAP).words


def test_details_are_kept_and_what_letters_still_need_is_said(seat: Seat, workspace: Workspace) -> None:
    presenter = ColleaguesPresenter(seat.context)
    details, problems = Heard(presenter.details), Heard(presenter.details_problems)
    presenter.arrive()
    assert details.last[1] == ("address", "phone", "email")
    presenter.save_details({"name": " "})
    assert problems.last == {"name": "Enter the name of your organisation."}
    typed = {"name": "Tallow Street Homes", "address": "1 Quay House", "phone": "01632 960111", "email": "a@b.example"}
    presenter.save_details(typed)
    assert services.organisation(workspace).phone == "01632 960111" and details.last[1] == ()


def test_only_somebody_with_the_same_words_is_let_in(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "shared").mkdir()
    choose_folder(workspace, tmp_path / "shared")
    page = ColleaguesPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive()
    page.invitation.go.click()
    assert "Choose what the person will do." in words_in(page)
    page.invitation.role.set_value("officer")
    page.invitation.go.click()
    text = page.invitation.text.text()
    page.invitation.copy.click()
    assert QGuiApplication.clipboard().text() == text
    on_their_screen = ask(workspace, tmp_path, text)
    page.waiting.look.click()
    (part,) = page.findChildren(_RequestPart)
    assert part.words.text().split() == list(on_their_screen)
    assert len(services.members(workspace)) == 1
    assert audit_everywhere(page) == []
    assert comes_before(part.go, page.waiting.look)
    part.go.click()
    assert [row.name for row in services.members(workspace)] == ["Ana Bright", "Ruth Okafor"]
    assert "Ruth Okafor is let in." in words_in(page)
    assert seat.runner.names[seat.runner.names.index("admit") :].count("sync_now") == 1, "their laptop is told"
    page.leave()
    assert page.invitation.text.text() == "", "whoever reads the invitation can ask to join"


def test_somebody_who_may_not_gets_a_sentence() -> None:
    runner = ScriptRunner(members=(), organisation=NotAllowed(), waiting_requests=(), invite=NotAllowed())
    presenter = ColleaguesPresenter(seat_with(runner, TestClock()).context)
    failed = Heard(presenter.failed)
    presenter.invite("officer")
    assert isinstance(failed.last, NotAllowed)


def test_old_news_of_the_roster_is_told_at_the_top(qtbot: QtBot, seat: Seat) -> None:
    page = ColleaguesPage(seat.context)
    qtbot.addWidget(page)
    page.arrive()
    assert "Old news." not in words_in(page)
    page.presenter._news(RosterNews(NOON, 91, is_old=True, blocks=True))
    assert "for 91 days" in words_in(page) and "nobody new can be given access" in words_in(page)


def test_who_comes_from_letters_starts_at_what_letters_still_need(qtbot: QtBot, seat: Seat) -> None:
    page = ColleaguesPage(seat.context)
    qtbot.addWidget(page)
    page.arrive(details=True)
    assert page.first_focus().accessibleName() == "Address"
    page.details._boxes["address"].setText("1 Quay House")
    assert page.first_focus().accessibleName() == "Phone"
    page.arrive()
    assert page.first_focus() is page.table


def test_typed_details_survive_a_change_that_arrives_meanwhile(qtbot: QtBot, seat: Seat, workspace: Workspace) -> None:
    page = ColleaguesPage(seat.context)
    qtbot.addWidget(page)
    page.arrive()
    page.details._boxes["phone"].setText("01632 960222")
    services.update_organisation(workspace, email="help@tallow.example")
    page.presenter.load()
    assert page.details.values()["phone"] == "01632 960222"
    assert page.details.values()["email"] == "help@tallow.example"
    assert page.details.values()["envelope"] == "dl"
    page.details._envelope.set_value("c5")
    page.presenter.load()
    page.presenter.save_details({**page.details.values(), "name": "Tallow Street Homes"})
    assert services.organisation(workspace).envelope == "c5" == page.details.values()["envelope"]
    with pytest.raises(FormIncomplete):
        services.update_organisation(workspace, envelope="c4")


def test_backup_says_what_became_of_it(tmp_path: Path) -> None:
    made = BackupMade(tmp_path / "workbook.backup", 3_400_000)
    runner = ScriptRunner(backup=[Cancelled(), DiskFull(path="stick"), made])
    presenter = BackupPresenter(seat_with(runner, TestClock()).context)
    told, failed, problem = Heard(presenter.told), Heard(presenter.failed), Heard(presenter.problem)
    presenter.make("")
    assert problem.last == "Choose where the backup goes." and runner.names == []
    presenter.make("workbook.backup")
    assert told.last == ("Stopped.", "No backup was made; an older one is untouched.")
    presenter.make("workbook.backup")
    assert isinstance(failed.last, DiskFull)
    presenter.make("workbook.backup")
    assert told.last[0] == "The backup is made." and "3 MB" in told.last[1]
    assert presenter.suggested().name == "workbook-2026-03-02.backup"


def test_a_real_backup_is_written(qtbot: QtBot, seat: Seat, tmp_path: Path) -> None:
    page = ColleaguesPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive()
    page.backup.path.set_text(str(tmp_path / "kept.backup"))
    page.backup.go.click()
    assert (tmp_path / "kept.backup").stat().st_size > 10_000 and "The backup is made." in words_in(page)
    assert hidden_focus(page) == []
