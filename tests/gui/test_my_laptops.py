"""My laptops and invitations on paper: added only after the eight words were compared; nothing stays on the screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.foundation.errors import FolderUnreachable, PairingRejected
from core.services import laptops, pairing
from core.services.handing_over import CodeKind, code_in_picture
from core.services.joining import finish_joining
from core.services.opening import lock
from core.services.sync import choose_folder
from core.services.workspace import Parts, Workspace
from desktop.screens.colleagues.laptops import LaptopsPresenter
from desktop.screens.colleagues.view import ColleaguesPage
from tests.support.desk import Heard, Seat, a_seat, seat_with
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import audit_everywhere, settle, show_at, words_in
from tests.support.script_runner import ScriptRunner
from tests.support.tab_order import comes_before
from tests.support.vaults import CHEAP, TestClock
from tests.support.workspaces import a_workspace, clock_of

OWN = "velvet harbour signal maple drift"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        (tmp_path / "shared").mkdir()
        choose_folder(opened, tmp_path / "shared")
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def page(qtbot: QtBot, seat: Seat) -> ColleaguesPage:
    made = ColleaguesPage(seat.context)
    qtbot.addWidget(made)
    show_at(made, 1366, 768)
    made.arrive()
    return made


def ask(workspace: Workspace, tmp_path: Path) -> pairing.PairingAsked:
    form = pairing.PairingForm("Home laptop", OWN, tmp_path / "shared")
    parts = Parts(clock_of(workspace), SeededRandomness(78))
    return pairing.ask_to_pair(tmp_path / "second", form, parts=parts, cost=CHEAP)


def test_a_laptop_is_added_after_the_words_were_compared(
    page: ColleaguesPage, workspace: Workspace, tmp_path: Path
) -> None:
    asked = ask(workspace, tmp_path)
    card = page.laptops
    card.add_one.click()
    settle()
    assert card.code.area.hasFocus()
    card.code.set_text(asked.code.lower())
    card.look.click()
    assert card.compare.words.text().split() == list(asked.words)
    assert "Home laptop must show these eight words" in words_in(card)
    assert card.code.text() == "" and card.compare.same.hasFocus()
    assert comes_before(card.look, card.compare.same)
    assert len(laptops.my_laptops(workspace)) == 1
    assert audit_everywhere(page) == []
    card.compare.same.click()
    assert "Home laptop is one of your laptops." in words_in(card)
    second = finish_joining(tmp_path / "second", OWN, parts=Parts(clock_of(workspace), SeededRandomness(79)))
    lock(second)
    page.waiting.look.click()
    card.presenter.load()
    assert [part.name.text() for part in card._parts.values()] == ["", "Home laptop"]
    assert audit_everywhere(page) == []


def test_when_a_word_is_different_nothing_is_given_away(
    page: ColleaguesPage, workspace: Workspace, tmp_path: Path, seat: Seat
) -> None:
    asked = ask(workspace, tmp_path)
    page.laptops.presenter.look(asked.code)
    page.laptops.compare.different.click()
    assert page.laptops.compare.isHidden() and "Nothing was given away." in words_in(page.laptops)
    page.laptops.presenter.agree()
    assert "pair" not in seat.runner.names


def test_a_picture_of_the_code_is_looked_for_at_once(
    page: ColleaguesPage, workspace: Workspace, tmp_path: Path
) -> None:
    asked = ask(workspace, tmp_path)
    page.invitation.square.show_rows(asked.square, "code")
    page.invitation._made.show()
    settle()
    assert page.invitation.square.grab().save(str(tmp_path / "photo.png"))
    page.laptops.add_one.click()
    page.laptops.code.picture_chosen.emit(str(tmp_path / "photo.png"))
    assert page.laptops.compare.words.text().split() == list(asked.words)
    page.laptops.code.picture_chosen.emit(str(tmp_path / "none.png"))
    assert page.laptops.compare.isHidden()


def test_a_mistyped_code_says_so_beside_it(page: ColleaguesPage, workspace: Workspace, tmp_path: Path) -> None:
    asked = ask(workspace, tmp_path)
    card = page.laptops
    card.add_one.click()
    card.look.click()
    assert "Type the code the new laptop shows" in words_in(card)
    wrong = "A" if asked.code[-1] != "A" else "B"
    card.code.set_text(asked.code[:20] + wrong + asked.code[21:])
    card.look.click()
    assert "mistyped" in words_in(card) and card.compare.isHidden()
    page.leave()
    assert card.code.text() == "" and card._adding.isHidden()


def test_a_laptop_gets_its_name(page: ColleaguesPage, workspace: Workspace) -> None:
    (part,) = page.laptops._parts.values()
    part.save.click()
    assert "Enter a name for the laptop" in words_in(page.laptops)
    part.name.setText("Office laptop")
    part.save.click()
    assert laptops.my_laptops(workspace)[0].name == "Office laptop"
    (part,) = page.laptops._parts.values()
    assert part.name.text() == "Office laptop"


def test_what_goes_wrong_is_told_and_nothing_stays_half_done() -> None:
    seen = pairing.PairingSeen("LAPTOP-X", "Home laptop", ("a",) * 8)
    runner = ScriptRunner(
        read_pairing_code=[seen, PairingRejected(reason="it was used already")], pair=FolderUnreachable(path="x"),
    )  # fmt: skip
    presenter = LaptopsPresenter(seat_with(runner, TestClock()).context)
    shown, problem, failed, busy = (
        Heard(presenter.seen), Heard(presenter.code_problem), Heard(presenter.failed), Heard(presenter.busy),
    )  # fmt: skip
    presenter.look("LAPTOP-X")
    assert shown.last is seen
    presenter.agree()
    assert isinstance(failed.last, FolderUnreachable) and shown.last is None and busy.last == ""
    presenter.look("LAPTOP-X")
    assert "used already" in problem.last


def test_an_invitation_is_a_square_and_a_sheet_too(
    page: ColleaguesPage, workspace: Workspace, tmp_path: Path
) -> None:
    card = page.invitation
    card.role.set_value("officer")
    card.go.click()
    assert not card.square.isHidden()
    assert card.square.grab().save(str(tmp_path / "shot.png"))
    assert code_in_picture(path=tmp_path / "shot.png", kind=CodeKind.INVITATION) == card.text.text()
    assert "Whoever has the sheet can ask to join." in words_in(card)
    card.path.set_text("")
    card.save.click()
    assert "Choose where the sheet goes." in words_in(card)
    card.path.set_text(str(tmp_path / "shared" / "sheet.pdf"))
    card.save.click()
    assert "could use the sheet" in words_in(card)
    card.path.set_text(str(tmp_path / "sheet.pdf"))
    card.save.click()
    assert "The sheet is saved." in words_in(card)
    assert code_in_picture(path=tmp_path / "sheet.pdf", kind=CodeKind.INVITATION) == card.text.text()
    assert audit_everywhere(page) == []
    page.leave()
    assert card.square.isHidden() and card.text.text() == ""
