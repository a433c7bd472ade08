"""The list of cases: search is never overtaken, pages come as they are looked at, names stay hidden until asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.domain.changed import Changed
from core.foundation.errors import VaultLocked
from core.foundation.ids import RecordId
from core.services import closing
from core.services.cases import CaseOutline, CasePage, ListedCase
from core.services.closing import ProposalForm
from core.services.workspace import Workspace
from core.store.casebook import CaseRow, PageKey
from desktop.screens.cases.presenter import CasesPresenter, ListState
from desktop.screens.cases.view import CasesPage
from tests.support.desk import Heard, Seat, a_seat, seat_with
from tests.support.gui_audits import audit_everywhere, hidden_focus, settle, show_at, words_in
from tests.support.script_runner import ScriptRunner
from tests.support.vaults import NOON, TestClock
from tests.support.workspaces import a_workspace, logged


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


def some_cases(workspace: Workspace) -> list[str]:
    return [
        logged(workspace, words=words, place=place, received_at=NOON - timedelta(hours=hours)).reference
        for hours, words, place in (
            (1, "Shouting on the stairs", "Amber Road"),
            (2, "Paint on a door", "Marsh House"),
            (3, "Notes through the letterbox", "Marsh House"),
        )
    ]


def rows_of(presenter: CasesPresenter) -> list[list[str]]:
    model = presenter.model
    return [
        [str(model.data(model.index(row, column))) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def loaded(seat: Seat) -> tuple[CasesPresenter, Heard]:
    presenter = CasesPresenter(seat.context)
    heard = Heard(presenter.listed)
    presenter.arrive()
    return presenter, heard


def test_the_list_shows_references_stage_and_what_is_due_and_no_names(workspace: Workspace, seat: Seat) -> None:
    references = some_cases(workspace)
    from core.services.today import today

    today(workspace)
    presenter, heard = loaded(seat)
    assert [row[0] for row in rows_of(presenter)] == references
    assert rows_of(presenter)[0] == [references[0], "Open", "Due in 23 h: First contact", "Today"]
    assert heard.last == ListState("3 cases", None)
    said = str(rows_of(presenter))
    assert "Marsh House" not in said and "Paint" not in said


def test_names_are_shown_when_asked_for_and_hidden_again(workspace: Workspace, seat: Seat) -> None:
    some_cases(workspace)
    presenter, _ = loaded(seat)
    presenter.show_names(True)
    assert rows_of(presenter)[1][1:3] == ["Paint on a door", "Marsh House"]
    presenter.show_names(False)
    assert "Marsh House" not in str(rows_of(presenter))


def test_words_anywhere_in_the_file_find_it(workspace: Workspace, seat: Seat) -> None:
    references = some_cases(workspace)
    presenter, heard = loaded(seat)
    presenter.search("marsh letterb")
    assert [row[0] for row in rows_of(presenter)] == [references[2]]
    assert heard.last.summary == "1 case matches"
    presenter.search("")
    assert len(rows_of(presenter)) == 3


def test_a_search_that_finds_nothing_says_what_to_try(workspace: Workspace, seat: Seat) -> None:
    some_cases(workspace)
    presenter, heard = loaded(seat)
    presenter.search("17 mrsh")
    assert heard.last.empty == (
        "No case matches '17 mrsh'.", "Try the street name, a name, or part of the reference.",
    )  # fmt: skip


def test_an_empty_workbook_says_where_cases_come_from(seat: Seat) -> None:
    _, heard = loaded(seat)
    assert "A case begins with a report" in heard.last.empty[1]


def test_stages_filter_the_list_and_a_search(workspace: Workspace, seat: Seat) -> None:
    some_cases(workspace)
    case = logged(workspace, words="Paint again", place="Fern Road")
    closing.propose_closing(workspace, form=ProposalForm(case=case.case, reason="Quiet.", outcome="stopped"))
    presenter, heard = loaded(seat)
    presenter.filter(("closure-proposed",))
    assert [row[0] for row in rows_of(presenter)] == [case.reference]
    presenter.search("paint")
    assert [row[0] for row in rows_of(presenter)] == [case.reference]
    presenter.search("")
    presenter.filter(("closed",))
    assert heard.last.empty[0] == "No case is at this stage."


def test_an_answer_that_was_overtaken_is_dropped(workspace: Workspace) -> None:
    references = some_cases(workspace)
    seat = a_seat(workspace, hold=True)
    presenter, heard = loaded(seat)
    presenter.search("paint")
    presenter.search("notes")
    while seat.runner.waiting:
        seat.runner.answer()
        assert len(heard.all) <= 1
    assert [row[0] for row in rows_of(presenter)] == [references[2]]


def listed(number: int) -> ListedCase:
    case, reference = RecordId(number.to_bytes(16, "big")), f"2026-AB-{number:05d}"
    row = CaseRow(case, reference, "what", "where", "open", "harassment", b"", NOON)
    return ListedCase(row, None, "")


def test_a_jump_into_a_hundred_thousand_cases_asks_for_one_page(qtbot: QtBot) -> None:
    count = 100_000
    starts = (None, *(PageKey(0, RecordId(page.to_bytes(16, "big"))) for page in range(1, count // 200)))
    outline = CaseOutline(count, starts, tuple(listed(number) for number in range(200)))
    page = CasePage(tuple(listed(number) for number in range(50_000, 50_200)), count, None)
    runner = ScriptRunner(outline_cases=outline, list_cases=page)
    seat = seat_with(runner, TestClock(NOON))
    view = CasesPage(seat.context)
    qtbot.addWidget(view)
    show_at(view, 1366, 768)
    view.arrive()
    asked = len(runner.calls)
    view.table.scrollTo(view.presenter.model.index(50_020, 0), view.table.ScrollHint.PositionAtTop)
    settle()
    assert [name for name, _ in runner.calls[asked:]] == ["list_cases"]
    assert runner.calls[-1][1]["after"] == starts[250]
    assert view.presenter.model.row_at(50_020).row.reference == "2026-AB-50020"


def test_a_page_that_fails_is_asked_for_again_when_looked_at(workspace: Workspace, seat: Seat) -> None:
    some_cases(workspace)
    presenter, _ = loaded(seat)
    failures = Heard(presenter.failed)
    presenter.model.restart(count=500, page_starts=(None, None, None))
    seat.runner.fail_with["list_cases"] = VaultLocked()
    assert presenter.model.row_at(0) is None
    assert isinstance(failures.last, VaultLocked)
    presenter.model.row_at(0)
    assert presenter.model.row_at(0) is not None


def test_a_new_case_appears_by_itself(qtbot: QtBot, workspace: Workspace, seat: Seat) -> None:
    presenter, _ = loaded(seat)
    reference = logged(workspace).reference
    seat.changes.announced.emit(Changed(frozenset({"case"})))
    qtbot.waitUntil(lambda: [row[0] for row in rows_of(presenter)] == [reference], timeout=10_000)


def test_by_key_slash_type_down_enter_opens_the_case(qtbot: QtBot, workspace: Workspace, seat: Seat) -> None:
    some_cases(workspace)
    page = CasesPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive()
    page._new.setFocus()
    qtbot.keyClick(page, Qt.Key.Key_Slash)
    assert page.first_focus().hasFocus()
    qtbot.keyClicks(page.first_focus(), "paint")
    qtbot.keyClick(page.first_focus(), Qt.Key.Key_Return)
    page.table.setFocus()
    qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert seat.desk.went[-1][0] == "case"
    assert seat.desk.went[-1][1]["case"] == page.presenter.model.row_at(0).row.id


def test_a_glance_over_the_shoulder_finds_no_place_on_the_page(qtbot: QtBot, workspace: Workspace, seat: Seat) -> None:
    some_cases(workspace)
    page = CasesPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive()
    settle()
    assert "Marsh House" not in words_in(page)
    assert "Marsh House" not in str(rows_of(page.presenter))


def test_it_passes_every_audit_full_and_empty(qtbot: QtBot, workspace: Workspace, seat: Seat) -> None:
    some_cases(workspace)
    page = CasesPage(seat.context)
    qtbot.addWidget(page)
    page.arrive()
    page._names.setChecked(True)
    assert audit_everywhere(page) == []
    assert hidden_focus(page) == []
    page.presenter.search("nothing has this")
    assert audit_everywhere(page) == []
