"""Homes: the list, and bringing one in: columns, reasons, all or nothing, and nothing changed the second time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.exchange.headings import FIELDS
from core.foundation.errors import Cancelled, DiskFull
from core.services import homes as services
from core.services.workspace import Workspace
from desktop.screens.homes.import_presenter import ImportPresenter, Step
from desktop.screens.homes.import_rows import RowKind
from desktop.screens.homes.import_view import ImportHomesPage
from desktop.screens.homes.presenter import HomesPresenter
from desktop.screens.homes.view import HomesPage
from desktop.screens.homes.words import FIELD_WORDS, area_words, confidence_words
from tests.support.desk import Heard, Seat, a_seat, seat_with
from tests.support.estate import BAD_ROW, HOMES, homes_list, with_estate
from tests.support.gui_audits import audit_everywhere, hidden_focus, show_at, words_in
from tests.support.script_runner import ScriptRunner
from tests.support.tab_order import comes_before
from tests.support.vaults import TestClock
from tests.support.workspaces import a_workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


def shown(model: object) -> list[list[str]]:
    return [
        [str(model.data(model.index(row, column))) for column in range(model.columnCount())]  # type: ignore[attr-defined]
        for row in range(model.rowCount())  # type: ignore[attr-defined]
    ]


# ------------------------------------------------------------------ the list


def test_an_empty_list_says_what_to_do(seat: Seat) -> None:
    presenter = HomesPresenter(seat.context)
    heard = Heard(presenter.listed)
    presenter.arrive()
    assert heard.last.empty[0] == "There are no homes yet."
    presenter.bring_in()
    assert seat.desk.went == [("homes-import", {})]


def test_homes_stand_in_the_order_of_their_numbers_and_name_nobody(
    seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    with_estate(workspace, tmp_path)
    presenter = HomesPresenter(seat.context)
    heard = Heard(presenter.listed)
    presenter.arrive()
    rows = shown(presenter.model)
    assert [row[0].split(",")[0] for row in rows] == [
        "Flat 1 Quill House", "Flat 2 Quill House", "Flat 3 Quill House", "Flat 4 Quill House", "Flat 10 Quill House",
        "7 Birch Lane",
    ]  # fmt: skip
    assert rows[1][2:4] == ["Bengali", "Standard print"] and rows[2][3] == "Large print"
    assert not any("Moss" in cell or "Vale" in cell for row in rows for cell in row)
    assert heard.last.summary == "6 homes"


def test_search_and_area_find_what_is_meant(seat: Seat, workspace: Workspace, tmp_path: Path) -> None:
    with_estate(workspace, tmp_path)
    presenter = HomesPresenter(seat.context)
    heard = Heard(presenter.listed)
    presenter.arrive()
    presenter.search("birch")
    assert [row[0] for row in shown(presenter.model)] == ["7 Birch Lane, Testford, ZZ1 1AB"]
    assert heard.last.summary == "1 home matches"
    presenter.search("birhc")
    assert heard.last.empty[0] == "No home matches 'birhc'."
    block = next(area for area, _ in heard.last.areas if area.is_block)
    assert area_words(block) == "Quill House, block or estate (5 homes)"
    presenter.choose_area(block)
    assert presenter.model.rowCount() == 5 and heard.last.summary == "5 homes in Quill House"
    presenter.choose_area(None)
    assert presenter.model.rowCount() == 6


def test_homes_page_passes_the_audit(qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path) -> None:
    with_estate(workspace, tmp_path)
    page = HomesPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive()
    assert audit_everywhere(page) == []
    assert hidden_focus(page) == []


# ------------------------------------------------------------------ bringing a list in


def read(seat: Seat, path: Path) -> tuple[ImportPresenter, Heard]:
    presenter = ImportPresenter(seat.context)
    heard = Heard(presenter.previewed)
    presenter.read(str(path))
    return presenter, heard


def test_every_field_of_ours_is_offered_in_words() -> None:
    assert set(FIELD_WORDS) == set(FIELDS)


def test_a_list_is_read_checked_and_brought_in_and_the_second_time_nothing_changes(
    seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    path = homes_list(tmp_path / "list.csv", *HOMES, BAD_ROW)
    presenter, heard = read(seat, path)
    assert presenter.step is Step.COLUMNS
    guesses = {guess.heading: (guess.field, confidence_words(guess)) for guess in heard.last.match.columns}
    assert guesses["House number"] == ("number", "Sure") and guesses["Block"] == ("block", "Sure")
    presenter.check()
    assert presenter.step is Step.CHECK
    assert [(row.line, row.cells[0]) for row in heard.last.plan.refused] == [(8, "H7")]
    assert services.count_homes(workspace) == 0, "looking writes nothing"
    done = Heard(presenter.imported)
    presenter.bring_in()
    assert presenter.step is Step.DONE and services.count_homes(workspace) == 6
    assert done.last.counts.new == 6 and done.last.counts.refused == 1
    presenter.begin()
    presenter.read(str(path))
    presenter.check()
    presenter.bring_in()
    assert done.last.counts.new == 0 and done.last.counts.updated == 0 and done.last.counts.unchanged == 6
    presenter.see_homes()
    assert seat.desk.went == [("homes", {})]


def test_a_column_left_out_is_not_kept_and_a_changed_one_is_read_again(
    seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    presenter, heard = read(seat, homes_list(tmp_path / "list.csv"))
    by_heading = {guess.heading: guess.index for guess in heard.last.match.columns}
    presenter.choose_column(by_heading["Language"], "")
    assert confidence_words(heard.last.match.columns[by_heading["Language"]]) == "You left it out"
    presenter.check()
    assert {row.language for row in heard.last.plan.new} == {""}
    presenter.choose_column(by_heading["Block"], "building")
    taken = heard.last.match.columns[by_heading["Building"]]
    assert taken.field == "", "a field has one column: choosing another takes it away from the first"


def test_without_an_address_column_it_says_so_and_stays(seat: Seat, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Address,Language\n1 Amber Road ZZ1 1AA,English\n", encoding="utf-8")
    presenter, _ = read(seat, path)
    presenter.choose_column(0, "")
    told = Heard(presenter.told)
    presenter.check()
    assert presenter.step is Step.COLUMNS and told.last == "Choose the column that holds the address."


def test_a_list_without_column_names_loses_no_home(seat: Seat, workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("1 Amber Road,ZZ1 1AA\n3 Amber Road,ZZ1 1AA\n", encoding="utf-8")
    presenter, heard = read(seat, path)
    assert heard.last.match.first_row_is_data
    presenter.check()
    presenter.bring_in()
    assert services.count_homes(workspace) == 2


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 40])
def test_a_file_that_is_no_list_gets_a_sentence(seat: Seat, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    presenter = ImportPresenter(seat.context)
    problem = Heard(presenter.path_problem)
    presenter.read(str(path))
    assert presenter.step is Step.FILE
    assert "cannot be read as a list of homes" in problem.last and "Nothing was imported" in problem.last


def test_no_file_is_asked_for(seat: Seat) -> None:
    presenter = ImportPresenter(seat.context)
    problem = Heard(presenter.path_problem)
    presenter.read("  ")
    assert problem.last == "Choose the file with the list, or type where it is."


def test_stop_and_a_full_disk_leave_the_step_and_say_what_is_safe(workspace: Workspace, tmp_path: Path) -> None:
    preview = services.preview_import(workspace, path=homes_list(tmp_path / "list.csv"))
    runner = ScriptRunner(preview_import=preview, import_homes=[Cancelled(), DiskFull(path="disk")])
    presenter = ImportPresenter(seat_with(runner, TestClock()).context)
    told, failed, busy = Heard(presenter.told), Heard(presenter.failed), Heard(presenter.busy)
    presenter.read("list.csv")
    presenter.check()
    presenter.bring_in()
    assert told.last == "Stopped. Nothing was changed." and presenter.step is Step.CHECK
    presenter.bring_in()
    assert isinstance(failed.last, DiskFull) and presenter.step is Step.CHECK and busy.last == ""


def test_stop_reaches_the_work_and_a_second_press_starts_nothing() -> None:
    runner = ScriptRunner(at_once=False)
    presenter = ImportPresenter(seat_with(runner, TestClock()).context)
    presenter.read("list.csv")
    presenter.read("list.csv")
    assert runner.names == ["preview_import"]
    presenter.stop()
    assert runner.waiting[0][0].flag.is_set()


def test_the_page_names_every_row_not_taken_and_saves_them(
    qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path
) -> None:
    page = ImportHomesPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page._file.path.set_text(str(homes_list(tmp_path / "list.csv", *HOMES, BAD_ROW, "H8,,,PO Box 4,,Testford,,,,,")))
    page._file.go.click()
    assert audit_everywhere(page) == []
    assert comes_before(*page._columns._selects.values(), page._columns.headless, page._columns.go)
    page._columns.go.click()
    assert "6 new" in words_in(page) and "not taken" in words_in(page).lower()
    assert audit_everywhere(page) == []
    assert [row[0] for row in shown(page._check.rows.table.model())] == ["8", "9"]
    page._check.rows.show_kind(RowKind.NEW)
    assert page._check.rows.table.model().rowCount() == 6
    page._save_rows(str(tmp_path / "rows.csv"))
    saved = (tmp_path / "rows.csv").read_text(encoding="utf-8-sig")
    assert "Mr Nobody" in saved and saved.splitlines()[1].startswith("8,")
    page._check.go.click()
    assert "6 homes added." in words_in(page)
    assert audit_everywhere(page) == []


def test_an_answer_that_was_overtaken_is_dropped() -> None:
    nothing, one = services.HomesList((), 1, ()), services.HomesList((), 6, ())
    runner = ScriptRunner(at_once=False, list_homes=[nothing, one])
    presenter = HomesPresenter(seat_with(runner, TestClock()).context)
    heard = Heard(presenter.listed)
    presenter.search("bi")
    presenter.search("birch")
    runner.answer()
    assert heard.all == [], "that was the answer to 'bi'"
    runner.answer()
    assert heard.last.empty[0] == "No home matches 'birch'."
