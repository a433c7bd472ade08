"""The switcher: what it lists, that no answer overtakes another, and the keyboard from Ctrl+K to the page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.domain.case import Case
from core.domain.letters import CaseLetter
from core.foundation.errors import VaultLocked
from core.services.cases import CaseLogged
from core.services.today import today
from core.services.workspace import Workspace
from desktop.app.screens import SCREENS
from desktop.app.workbench import Workbench
from desktop.screens.case.view import CasePage
from desktop.screens.preferences import Preferences
from desktop.screens.switcher.lines import COVER, LOCK, Line, PageName, matching, page_lines
from desktop.screens.switcher.presenter import MORE, SwitcherPresenter, SwitcherView
from desktop.screens.switcher.view import Switcher
from tests.support.desk import DirectRunner, Heard, Seat, a_seat
from tests.support.estate import with_estate
from tests.support.gui_audits import audit_everywhere, hidden_focus, settle, show_at, words_in
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, clock_of, logged

PAGES = (PageName("Today", "today", "Ctrl+1"), PageName("New report", "report", "N"))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    folder = tmp_path_factory.mktemp("switcher")
    with a_workspace(folder / "vault") as opened:
        with_estate(opened, folder)
        logged(opened, words="Shouting on the stairs", place="Birch Lane", received_at=NOON - timedelta(hours=2))
        yield opened


@pytest.fixture(scope="module")
def case(workspace: Workspace) -> CaseLogged:
    case = logged(workspace, words="Paint on a door", place="Marsh House", received_at=NOON - timedelta(hours=1))
    today(workspace)
    return case


@pytest.fixture
def seat(workspace: Workspace, case: CaseLogged) -> Seat:
    return a_seat(workspace)


def opened(seat: Seat) -> tuple[SwitcherPresenter, Heard]:
    presenter = SwitcherPresenter(seat.context, PAGES)
    heard = Heard(presenter.shown)
    presenter.arrive(None)
    return presenter, heard


def words_of(view: SwitcherView) -> list[str]:
    return [line.words for line in view.lines]


# ------------------------------------------------------------------ without a window


def test_every_word_begins_a_word_and_what_was_typed_first_comes_first() -> None:
    lines = [Line(words, "", "step") for words in ("Somebody else may read it", "Note", "Read the note back", "Keys")]
    assert [line.words for line in matching(lines, "note")] == ["Note", "Read the note back"]
    assert [line.words for line in matching(lines, "re no")] == ["Read the note back"]
    assert len(matching(lines, "  ")) == 4
    assert matching(lines, "otes") == ()


def test_pages_are_called_what_the_screens_call_them_and_say_their_keys(seat: Seat) -> None:
    _, heard = opened(seat)
    assert words_of(heard.last) == ["Today", "New report", "Cover", "Lock"]
    assert heard.last.lines[0].detail == "Page, Ctrl+1"


def test_a_place_finds_the_case_by_its_reference_and_hides_what_it_is_about(seat: Seat, case: CaseLogged) -> None:
    presenter, heard = opened(seat)
    presenter.search("marsh pai")
    (line,) = heard.last.lines
    assert line.words == case.reference
    assert line.shown(names=False).startswith("Case, open. Due in 23 h")
    assert line.shown(names=True) == "Case. Paint on a door. Marsh House"
    presenter.choose(line)
    assert seat.desk.went == [("case", {"case": case.case})]


def test_a_reference_finds_its_case(seat: Seat, case: CaseLogged) -> None:
    presenter, heard = opened(seat)
    presenter.search(case.reference.lower())
    assert words_of(heard.last) == [case.reference]


def test_an_address_finds_the_home_and_leads_to_it(qtbot: QtBot, seat: Seat) -> None:
    from desktop.screens.homes.view import HomesPage

    presenter, heard = opened(seat)
    presenter.search("7 birch")
    line = heard.last.lines[-1]
    assert line.words == "7 Birch Lane, Testford, ZZ1 1AB"
    presenter.choose(line)
    name, arguments = seat.desk.went[-1]
    assert name == "homes"
    page = HomesPage(seat.context)
    qtbot.addWidget(page)
    page.arrive(**arguments)
    assert page.table.model().rowCount() == 1


def test_the_steps_of_the_case_on_show_are_listed_in_the_words_of_its_menu(seat: Seat, case: CaseLogged) -> None:
    presenter, heard = opened(seat)
    presenter.arrive(case.case)
    presenter.search("note")
    line = heard.last.lines[0]
    assert (line.words, line.detail) == ("Note", f"Add to {case.reference}")
    presenter.choose(line)
    presenter.search("letters to an area")
    presenter.choose(heard.last.lines[0])
    assert seat.desk.went == [("step", {"step": "note", "case": case.case}), ("letters", {"case": case.case})]


def test_the_pages_of_the_file_on_show_are_found_and_open_there(
    qtbot: QtBot, bench: Workbench, case: CaseLogged
) -> None:
    bench.go_to("case", case=case.case)
    panel = ctrl_k(bench)
    QTest.keyClicks(panel.box, "hist")
    QTest.keyClick(panel.box, Qt.Key.Key_Return)
    page = bench.page("case")
    assert isinstance(page, CasePage) and page.tabs.bar.tabText(page.tabs.bar.currentIndex()) == "History"


def test_letters_and_colleagues_are_found(workspace: Workspace, seat: Seat, case: CaseLogged) -> None:
    stream = workspace.store.get(Case, case.case).stream
    with workspace.store.unit("write-letter") as (unit, _):
        unit.create(
            CaseLetter, stream, case=case.case, name="Outcome of the appeal", addressee="Meera Quill", written_at=NOON
        )
    presenter, heard = opened(seat)
    presenter.search("quill outc")
    (line,) = heard.last.lines
    assert (line.words, line.shown(names=False)) == ("Outcome of the appeal", f"Letter, {case.reference}")
    assert "Meera Quill" in line.shown(names=True) and line.page == "case-letter"
    presenter.search("ana bri")
    presenter.choose(heard.last.lines[-1])
    assert seat.desk.went == [("colleague", {"user": workspace.user})]


def test_without_a_case_on_show_there_are_no_steps(seat: Seat, case: CaseLogged) -> None:
    presenter, heard = opened(seat)
    presenter.arrive(case.case)
    presenter.leave()
    presenter.arrive(None)
    presenter.search("note")
    assert not any(line.page == "step" for line in heard.last.lines)


def test_covering_and_locking_are_found_too(seat: Seat) -> None:
    presenter, _ = opened(seat)
    for line in page_lines(())[-2:]:
        assert line.page in (COVER, LOCK)
        presenter.choose(line)
    assert (seat.desk.covers, seat.desk.locks, seat.desk.went) == (1, 1, [])


def test_an_answer_to_older_words_is_dropped(workspace: Workspace, case: CaseLogged) -> None:
    seat = a_seat(workspace, hold=True)
    presenter, heard = opened(seat)
    presenter.search("birch")
    presenter.search("marsh")
    assert not presenter.is_whole and heard.last.summary == "Looking ..."
    seat.runner.answer()
    assert not presenter.is_whole
    seat.runner.answer()
    assert presenter.is_whole and words_of(heard.last) == [case.reference]


def test_nothing_found_says_what_to_try_and_many_say_so(workspace: Workspace, seat: Seat) -> None:
    presenter, heard = opened(seat)
    presenter.search("17 mrsh")
    assert heard.last.summary == "Nothing matches '17 mrsh'. Try the street, a name, or part of the reference."
    from core.services.lookup import MOST_CASES

    for number in range(MOST_CASES + 1):
        logged(workspace, words=f"Quarrel number {number}", place="Reed Court")
    presenter.search("reed")
    assert len(heard.last.lines) == MOST_CASES and heard.last.summary == MORE


def test_a_search_that_could_not_be_made_still_lists_the_pages(seat: Seat) -> None:
    presenter, heard = opened(seat)
    failed = Heard(presenter.failed)
    seat.runner.fail_with["find_anywhere"] = VaultLocked()
    presenter.search("tod")
    assert words_of(heard.last) == ["Today"] and isinstance(failed.last, VaultLocked)


# ------------------------------------------------------------------ in the window


@pytest.fixture
def bench(qtbot: QtBot, workspace: Workspace, case: CaseLogged) -> Workbench:
    bench = Workbench(DirectRunner(workspace), clock_of(workspace), SCREENS, Preferences())
    qtbot.addWidget(bench)
    show_at(bench, 1366, 768)
    bench.go_to("cases")
    return bench


def switcher_of(bench: Workbench) -> Switcher:
    found = bench.findChild(Switcher)
    assert found is not None
    return found


def ctrl_k(bench: Workbench) -> Switcher:
    QTest.keyClick(QApplication.focusWidget() or bench, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    return switcher_of(bench)


def test_by_key_alone_from_a_page_to_a_case_and_to_a_step_of_it(
    qtbot: QtBot, bench: Workbench, case: CaseLogged
) -> None:
    panel = ctrl_k(bench)
    assert panel.isVisible() and panel.box.hasFocus()
    QTest.keyClicks(panel.box, "marsh paint")
    QTest.keyClick(panel.box, Qt.Key.Key_Return)  # before the list has answered
    assert bench.current == "case" and not panel.isVisible()
    assert case.reference not in words_in(panel), "what was found must not stay behind"
    panel = ctrl_k(bench)
    QTest.keyClick(panel.box, Qt.Key.Key_Down)
    assert panel.table.currentIndex().row() == 1
    QTest.keyClick(panel.box, Qt.Key.Key_Up)
    QTest.keyClick(panel.box, Qt.Key.Key_Return)  # the first of an untyped list: a note
    assert bench.current == "step"


def test_esc_gives_the_keyboard_back_and_keys_of_the_page_below_are_silent(qtbot: QtBot, bench: Workbench) -> None:
    page = bench.page("cases")
    assert page is not None
    page.table.setFocus()  # type: ignore[attr-defined]
    panel = ctrl_k(bench)
    panel.table.setFocus()
    QTest.keyClick(panel.table, Qt.Key.Key_N)  # a new report, were the panel not there
    QTest.keyClick(panel.table, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert panel.isVisible() and bench.current == "cases"
    QTest.keyClick(panel.table, Qt.Key.Key_Escape)
    assert not panel.isVisible() and bench.current == "cases"
    assert page.table.hasFocus()  # type: ignore[attr-defined]


def test_it_does_not_open_over_a_page_that_stands_alone(bench: Workbench) -> None:
    bench.stand_alone(True)
    bench.find_anything()
    assert bench.findChild(Switcher) is None


def test_names_are_shown_when_asked_for(bench: Workbench, case: CaseLogged) -> None:
    bench.find_anything()
    panel = switcher_of(bench)
    panel.box.asked.emit("marsh paint")
    model = panel.table.model()
    assert "Marsh House" not in str(model.index(0, 1).data())
    panel.names.click()
    assert "Marsh House" in str(model.index(0, 1).data())


def test_a_window_made_smaller_while_its_letters_grow_is_as_small_as_it_was_made(bench: Workbench) -> None:
    show_at(bench, 1024, 640, percent=200)
    assert bench.width() == 1024


def test_it_passes_every_audit(bench: Workbench) -> None:
    bench.find_anything()
    panel = switcher_of(bench)
    panel.box.asked.emit("re")
    found = audit_everywhere(bench)
    assert [fault for fault in found if "is not reached by Tab" not in fault] == []
    panel.box.setFocus()
    seen = set()
    for _ in range(4):
        seen.add(QApplication.focusWidget())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert seen == {panel.box, panel.names, panel.close_button, panel.table}
    show_at(bench, 1024, 640)
    assert hidden_focus(panel) == []
    settle()
