"""The page of figures: pictures with the same numbers beside them, whose version, which period, and a file of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from core.domain.monitoring import Monitoring
from core.policy.figures_people import CHARACTERISTICS
from core.services.audit import entries_here
from core.services.history import history_of_case
from core.services.workspace import Workspace
from desktop.screens.figures.presenter import COMMITTEE, DAYS, GROUPS, PLAIN, FiguresPresenter, FiguresView
from desktop.screens.figures.view import FiguresPage
from desktop.screens.step.presenter import StepPresenter
from desktop.widgets.bars import BarLine, Bars
from desktop.widgets.number_table import NumberTable
from tests.support.chapter_pages import answer, menu_of
from tests.support.desk import Heard, Seat, a_seat
from tests.support.gui_audits import audit_everywhere, settle, show_at, words_in
from tests.support.vaults import NOON
from tests.support.workspaces import a_workspace, logged


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        for number in range(8):
            strands = frozenset({"race"} if number < 2 else {"religion"})
            logged(opened, strands=strands, acts=frozenset({"abuse"}), received_at=NOON - timedelta(days=number))
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def page(qtbot: QtBot, seat: Seat) -> FiguresPage:
    made = FiguresPage(seat.context)
    qtbot.addWidget(made)
    made.arrive()
    return made


def test_pictures_first_and_the_same_numbers_beside_them(page: FiguresPage) -> None:
    show_at(page, 1280, 720)
    (cases,) = [bars for bars in page.findChildren(Bars) if bars.accessibleName() == "Cases, as bars"]
    assert "Opened" in words_in(page) and PLAIN in words_in(page)
    tables = page.findChildren(NumberTable)
    assert len(tables) == len(GROUPS[0][1])
    assert "Open at the beginning" in cases.accessibleDescription()
    assert any(name.accessibleName() == "Opened, Cases: 8" for name in tables[0].findChildren(type(page._scope)))


def test_every_table_is_in_one_tab_and_only_one(seat: Seat) -> None:
    presenter = FiguresPresenter(seat.context)
    heard = Heard(presenter.shown)
    presenter.arrive()
    view = heard.last
    assert isinstance(view, FiguresView)
    titles = [table.title for group in view.groups for table in group]
    assert len(titles) == len(set(titles)) == 25
    assert all(view.groups)


def test_the_committees_version_hides_and_says_so(qtbot: QtBot, page: FiguresPage) -> None:
    qtbot.mouseClick(page.committee, Qt.MouseButton.LeftButton)
    page.tabs.setCurrentIndex(1)
    show_at(page, 1280, 720)
    said = words_in(page)
    assert COMMITTEE in said and "under five is hidden" in said
    assert page.committee.isChecked() and not page.own.isChecked()
    qtbot.mouseClick(page.own, Qt.MouseButton.LeftButton)
    assert PLAIN in words_in(page) and "under five is hidden" not in words_in(page)


def test_days_of_ones_own_choosing_are_asked_for_and_are_not_for_the_committee(qtbot: QtBot, page: FiguresPage) -> None:
    show_at(page, 1280, 720)
    page.period.set_value(DAYS)
    page.period.picked.emit(DAYS)
    assert page.days.isVisible() and not page.committee.isEnabled()
    qtbot.mouseClick(page.days.go, Qt.MouseButton.LeftButton)
    assert "Enter the first day." in words_in(page)
    page.days.first.set_day((NOON - timedelta(days=2)).date())
    page.days.last.set_day(NOON.date())
    qtbot.mouseClick(page.days.go, Qt.MouseButton.LeftButton)
    assert "28 Feb 2026 to 2 Mar 2026" in words_in(page) and "Enter the first day." not in words_in(page)
    page.days.first.set_day((NOON + timedelta(days=2)).date())
    qtbot.mouseClick(page.days.go, Qt.MouseButton.LeftButton)
    assert "The last day lies before the first." in words_in(page)


def test_a_quarter_is_chosen_from_the_list(page: FiguresPage) -> None:
    quarter = page.period._values[4]
    page.period.set_value(quarter)
    page.period.picked.emit(quarter)
    assert "1 Jan 2026 to 31 Mar 2026" in page._scope.text()


def test_a_file_is_written_and_noted(qtbot: QtBot, page: FiguresPage, workspace: Workspace, tmp_path: Path) -> None:
    show_at(page, 1280, 720)
    qtbot.mouseClick(page.committee, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page._keep, Qt.MouseButton.LeftButton)
    assert page.file.isVisible() and page.file.path.text().endswith("figures-committee-2026-03-02.pdf")
    page.file.form.set_value("csv")
    page.file.form.picked.emit()
    assert page.file.path.text().endswith(".csv")
    page.file.path.set_text(str(tmp_path / "figures.csv"))
    page.file.remark.setPlainText("Meera Quill was kind.")
    qtbot.mouseClick(page.file.save, Qt.MouseButton.LeftButton)
    assert "would give somebody away" in words_in(page) and not (tmp_path / "figures.csv").exists()
    assert page.file.remark.toPlainText() == "Meera Quill was kind.", "nothing typed is lost"
    page.file.remark.setPlainText("A quiet year.")
    qtbot.mouseClick(page.file.save, Qt.MouseButton.LeftButton)
    assert (tmp_path / "figures.csv").exists() and "figures.csv is written." in words_in(page)
    assert [row.deed for row in entries_here(workspace)] == ["export"]
    qtbot.mouseClick(page._keep, Qt.MouseButton.LeftButton)
    page.file.path.set_text(str(tmp_path / "figures.csv"))
    qtbot.mouseClick(page.file.save, Qt.MouseButton.LeftButton)
    assert page.file.over.isVisible() and "Press Write over it" in words_in(page)
    qtbot.mouseClick(page.file.over, Qt.MouseButton.LeftButton)
    assert not page.file.isVisible()


def test_it_counts_again_after_something_changed_and_not_before(workspace: Workspace, seat: Seat) -> None:
    presenter = FiguresPresenter(seat.context)
    heard = Heard(presenter.shown)
    presenter.arrive()
    presenter.arrive()
    assert len(heard.all) == 1
    case = logged(workspace).case
    assert answer(seat, "wish", case, {"words": "Peace."}) == {}
    presenter.arrive()
    assert len(heard.all) == 2


@pytest.mark.parametrize("tab", range(len(GROUPS)))
def test_the_page_can_be_used_by_key_and_nothing_is_cut(qtbot: QtBot, page: FiguresPage, tab: int) -> None:
    page._open_file()
    page.tabs.setCurrentIndex(tab)
    show_at(page, 1280, 720)
    settle(50)
    assert audit_everywhere(page) == []


def test_from_bar_to_bar_by_key(qtbot: QtBot) -> None:
    lines = [BarLine(name, 3, 1, "3 + 1", f"{name}: three, one late") for name in ("Race", "Age", "Illness")]
    bars = Bars("A count", lines)
    qtbot.addWidget(bars)
    bars.resize(400, bars.heightForWidth(400))
    bars.show()
    bars.setFocus()
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    assert bars.now == 1 and bars.accessibleDescription() == "Age: three, one late"
    qtbot.keyClick(bars, Qt.Key.Key_End)
    assert bars.now == 2
    qtbot.keyClick(bars, Qt.Key.Key_Down)
    qtbot.keyClick(bars, Qt.Key.Key_Up)
    assert bars.now == 1
    qtbot.keyClick(bars, Qt.Key.Key_Home)
    assert bars.now == 0
    assert bars.heightForWidth(120) > bars.heightForWidth(900) or len(lines) == 3


def test_equality_questions_are_asked_of_one_person_and_may_be_left_open(workspace: Workspace, seat: Seat) -> None:
    case = logged(workspace).case
    assert "monitoring" in menu_of(workspace, case)
    assert list(answer(seat, "monitoring", case, {})) == ["informed"], "they are told first who could read it"
    assert list(answer(seat, "monitoring", case, {"informed": True})) == ["ethnic_group"]
    assert list(answer(seat, "monitoring", case, {"informed": False, "religion": "jewish"})) == ["informed"]
    assert answer(seat, "monitoring", case, {"informed": True, "religion": "jewish"}) == {}
    (kept,) = workspace.store.select(Monitoring)
    assert (kept.religion, kept.sex, kept.declared_by) == ("jewish", "", "themselves")


def test_no_page_shows_an_equality_answer_again_and_it_can_be_taken_back(workspace: Workspace, seat: Seat) -> None:
    case = logged(workspace).case
    assert "monitoring-back" not in menu_of(workspace, case)
    assert answer(seat, "monitoring", case, {"informed": True, "religion": "jewish", "sex": "female"}) == {}
    presenter = StepPresenter(seat.context)
    opened = Heard(presenter.opened)
    presenter.arrive("monitoring", case, None)
    assert {opened.last.answers[name] for name in CHARACTERISTICS} <= {"", None}
    steps = [row.value for row in history_of_case(workspace, case=case) if row.record == "Equality questions"]
    assert steps and not {"Jewish", "Female"} & set(steps)
    assert answer(seat, "monitoring-back", case, {}) == {}
    assert workspace.store.count(Monitoring) == 0 and "monitoring-back" not in menu_of(workspace, case)
