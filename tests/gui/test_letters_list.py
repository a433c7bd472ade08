"""An area drawn from a list on the page: each row is found or settled, and what was settled survives a lock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.domain.letters import LetterRun
from core.services.homes import find_homes
from core.services.letter_page import list_all_runs
from core.services.letters import AreaLettersForm, plan_area_letters, run_state, start_area_letters
from core.services.workspace import Workspace
from desktop.screens.letters.kept import LetterChoices
from desktop.screens.letters.presenter import LettersPresenter, Step
from desktop.screens.letters.view import LettersPage
from desktop.screens.letters.words import run_words
from tests.support.desk import Heard, a_seat
from tests.support.estate import with_estate, with_letterhead
from tests.support.gui_audits import audit, settle, show_at, words_in
from tests.support.workspaces import a_workspace, logged

LIST = """7 Birch Lane
Quill House, 4 Amber Road, ZZ1 1AA
7 birch lane, Testford

12 Nowhere Close
13 Nowhere Close
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        with_estate(opened, tmp_path)
        with_letterhead(opened)
        yield opened


def test_every_row_is_found_or_settled_before_one_goes_on(qtbot: QtBot, workspace: Workspace, tmp_path: Path) -> None:
    seat = a_seat(workspace)
    page = LettersPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    case = logged(workspace).case
    page.arrive(case=case)
    part = page.drawn
    assert part.match.isHidden() or not part.match.isVisible()
    part.open.click()
    part.match.click()
    assert "Choose a file with addresses, or paste them" in words_in(page)
    part.path.set_text(str(tmp_path / "gone.csv"))
    part.match.click()
    assert "gone.csv" in words_in(page), "what is wrong with the file"
    part.path.set_text("")
    part.pasted.setText(LIST)
    part.match.click()
    settle()
    assert "1 home from this list." in words_in(page)
    assert "6 rows: 1 found, 1 of a home named before, 3 to settle below, 1 empty." in words_in(page)
    page.area.go.click()
    assert page.presenter.step is Step.AREA and "Settle each row of the list first" in words_in(page)
    show_at(page, 1024, 640, percent=200)
    assert audit(page) == []

    assert part.settle.means.isVisible() and part.settle.homes.count() == 6, "five homes, or all of them"
    part.settle.homes.set_value("all")
    part.settle.means.click()
    assert "6 homes from this list." in words_in(page)
    assert not part.settle.means.isVisible(), "nothing of ours is like Nowhere Close"
    part.settle.leave_all.click()
    assert not part.settle.isVisible()
    assert "2 without a letter" in words_in(page)
    page.presenter.autosave.settle()

    later = LettersPresenter(seat.context)
    restored = Heard(later.drawing.drawn)
    later.arrive(case)
    assert later.step is Step.LETTER and restored.last == page.presenter.drawing.found

    page.area.go.click()
    page.presenter.letter_done(LetterChoices(reason="A second report", person_consulted=True))
    assert page.presenter.step is Step.CHECK
    assert "6 homes" in words_in(page) and "2 rows of the list without a letter." in words_in(page)
    page.presenter.check_done()
    page.presenter.making.make(str(tmp_path / "out"))
    (run,) = workspace.store.select(LetterRun)
    assert run.area == "6 homes from a list"
    assert {row.split(":")[0] for row in run.rows_left} == {"Line 5, 12 Nowhere Close", "Line 6, 13 Nowhere Close"}


def test_the_doors_around_a_home_are_taken_like_a_list(qtbot: QtBot, workspace: Workspace) -> None:
    page = LettersPage(a_seat(workspace).context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case=logged(workspace).case)
    part = page.drawn
    assert part.around.isHidden()
    part.open_around.click()
    part.around.take.click()
    assert "Choose a home of ours from the list first." in words_in(page)
    (home,) = find_homes(workspace, words="flat 2 quill")
    part.around.home.set_value(home.id.hex(), "Flat 2 Quill House")
    part.around.doors.setText("many")
    part.around.take.click()
    assert "Enter how many doors on each side" in words_in(page)
    part.around.doors.setText("1")
    part.around.take.click()
    settle()
    drawn = page.presenter.drawing.found
    assert drawn is not None and len(drawn.homes) == 3 and home.id in drawn.homes
    assert "3 homes from this list." in words_in(page) and part.around.isHidden()
    part.away.click()
    assert not part.open_around.isHidden()


def test_a_list_can_be_taken_away_again(qtbot: QtBot, workspace: Workspace) -> None:
    seat = a_seat(workspace)
    page = LettersPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case=logged(workspace).case)
    page.drawn.open.click()
    page.drawn.pasted.setText("7 Birch Lane")
    page.drawn.match.click()
    drawn = page.presenter.drawing.found
    assert drawn is not None
    page.drawn.away.click()
    assert page.presenter.drawing.found is None and seat.desk.undo is not None
    seat.desk.undo()
    assert page.presenter.drawing.found == drawn
    page.drawn.away.click()
    page.area.go.click()
    assert page.presenter.drawing.found is None and page.presenter.step is Step.AREA
    assert "or draw homes from a list." in words_in(page)


def test_drafts_are_proofed_and_one_letter_is_printed_again(qtbot: QtBot, workspace: Workspace, tmp_path: Path) -> None:
    page = LettersPage(a_seat(workspace).context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case=logged(workspace).case)
    block = next(area for area in page.area._areas if area.is_block)
    page.presenter.choose_area(block, True)
    page.presenter.area_done()
    page.letter._reason.setText("A second report")
    page.letter._asked.set_value(True)
    page.letter._named.set_value(True)
    page.letter._sheet.set_value((32, 25))
    page.letter.go.click()
    begun = page.presenter._begun
    assert begun is not None and begun.plan is not None
    assert [one.addressee.lines[0] for one in begun.plan.letters][:2] == ["Mrs Lena Moss", "Mr Idris Vale"]
    page.presenter.check_done()
    page.make.path.set_text(str(tmp_path / "out"))
    page.make.make.click()
    settle()
    assert "1 letter was put into Braille or read out by a machine." in words_in(page)
    page.make.drafts.proof.click()
    assert "Say who went over it." in words_in(page)
    page.make.drafts.by.setText("Ms Iris Wood")
    page.make.drafts.proof.click()
    settle()
    assert not page.make.drafts.isVisible()
    (run,) = workspace.store.select(LetterRun)
    assert (run.braille_cells, run.braille_lines) == (32, 25)
    letters = run_state(workspace, run=run.id).letters
    assert [(one.proof, one.proofed_by) for one in letters if one.letter_format == "braille"] == [
        ("proofed", "Ms Iris Wood")
    ]
    page.make.deliver.click()
    settle()
    page.deliver.buttons["returned"].click()
    page.deliver.table.moved.emit(page.delivery.model.row_at(0))
    page.deliver.again.click()
    page.deliver.folder.set_text(str(tmp_path / "again"))
    show_at(page, 1024, 640, percent=200)
    assert audit(page) == []
    page.deliver.print_again.click()
    settle()
    assert "Printed again, as it was" in words_in(page)
    (again,) = (tmp_path / "again").rglob("*.pdf")
    assert again.name == "letter-00001-again-1.pdf"
    assert run_state(workspace, run=run.id).letters[0].delivery == "reissued"
    assert "1 sent again" in words_in(page)


def test_the_rest_of_a_paused_run_is_cancelled_for_a_reason(qtbot: QtBot, workspace: Workspace) -> None:
    case = logged(workspace).case
    form = AreaLettersForm(case=case, streets=frozenset({"Birch Lane"}), reason="x", person_consulted=True)
    run = start_area_letters(workspace, plan=plan_area_letters(workspace, form=form)).run
    page = LettersPage(a_seat(workspace).context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive(case=case, run=run)
    settle()
    part = page.make.cancelling
    assert part.ask.isVisible() and not part.isVisible()
    part.ask.click()
    part.cancel.click()
    assert "Say why these letters are cancelled." in words_in(page)
    part.reason.setText("The family has moved")
    part.cancel.click()
    settle()
    assert "The rest of these letters was cancelled." in words_in(page)
    assert not part.ask.isVisible() and not page.make.make.isVisible()
    state = run_state(workspace, run=run)
    assert state.run.state == "stopped"
    assert [(one.state, one.why) for one in state.letters] == [("left-out", "Cancelled: The family has moved")]
    assert run_words(list_all_runs(workspace)[0]) == "Cancelled after 0 letters"
