"""Recovery sheets on screen: made, printed, read back; a mistake named by its word; going on once recovered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from core.domain.case import Case
from core.services import lost_laptops, opening, recovery_groups, recovery_wrapping, sync
from core.services.declarations import declare, interests_in, settle_own_words, shut_among
from core.services.recovery_case import WITHOUT, case_recovery
from core.services.recovery_page import reminder
from core.services.sheet_words import words_seen
from core.services.workspace import Parts, Workspace
from desktop.screens.access.view import AccessPageView
from desktop.screens.declare.view import DeclarePageView
from desktop.screens.recovery.banner import ReminderBanner
from desktop.screens.recovery.presenter import Step
from desktop.screens.recovery.view import RecoveryPageView
from desktop.screens.report.view import ReportPage
from tests.support import sheets
from tests.support.desk import Seat, a_seat
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import audit, settle, show_at, words_in
from tests.support.vaults import CHEAP
from tests.support.workspaces import PASSPHRASE, a_workspace, clock_of, logged


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


@pytest.fixture
def page(qtbot: QtBot, seat: Seat) -> RecoveryPageView:
    view = RecoveryPageView(seat.context)
    qtbot.addWidget(view)
    show_at(view, 1366, 768)
    view.arrive()
    return view


def fill_holders(page: RecoveryPageView, *names: str) -> None:
    for part, name in zip(page.make.holders, names, strict=True):
        part.name.setText(name)


def words_on_disk(folder: Path) -> tuple[str, str, str, str]:
    first, second, third, organisation = sorted(folder.glob("*.pdf"), key=lambda path: path.name.startswith("org"))
    return tuple(sheets.words_of_page(path.read_bytes()) for path in (first, second, third, organisation))  # type: ignore[return-value]


def make_and_save(page: RecoveryPageView, folder: Path) -> tuple[str, str, str, str]:
    folder.mkdir()
    page.new.click()
    fill_holders(page, "Mira Stone", "Tom Vale", "Joy Penn")
    page.make.go.click()
    page.sheets.folder.set_text(str(folder))
    page.sheets.save.click()
    return words_on_disk(folder)


def type_in(page: RecoveryPageView, words: tuple[str, str, str]) -> None:
    for box, text in zip(page.attempt.boxes, words, strict=True):
        box.set_text(text)


def test_sheets_are_made_printed_and_read_back_before_they_count(
    page: RecoveryPageView, workspace: Workspace, tmp_path: Path
) -> None:
    assert "There are no recovery sheets yet" in words_in(page)
    words = make_and_save(page, tmp_path / "stick")
    assert recovery_groups.groups(workspace) == ()
    assert "Recovery sheet 2 of 3: Tom Vale" in words_in(page)
    page.sheets.printed.click()
    type_in(page, (words[0], words[0], words[3]))
    page.attempt.go.click()
    assert "entered twice" in words_in(page)
    type_in(page, (words[0], words[2], words[3]))
    page.attempt.go.click()
    (row,) = recovery_groups.groups(workspace)
    assert row.rehearsed_at is not None and [holder.name for holder in row.holders][1] == "Tom Vale"
    assert "The sheets work" in words_in(page) and "Sheet 2: Tom Vale" in words_in(page)
    assert all(not box.text() for box in page.attempt.boxes)


def test_leaving_the_page_throws_sheets_away_that_were_not_tried_out(
    page: RecoveryPageView, workspace: Workspace, tmp_path: Path
) -> None:
    words = make_and_save(page, tmp_path / "stick")
    page.sheets.printed.click()
    type_in(page, (words[0], words[1], words[3]))
    page.leave()
    page.arrive()
    assert page.list.isVisibleTo(page) and all(not box.text() for box in page.attempt.boxes)
    assert recovery_groups.groups(workspace) == ()


def test_holders_are_three_different_people(page: RecoveryPageView) -> None:
    page.new.click()
    fill_holders(page, "Mira Stone", "mira  stone", "")
    page.make.go.click()
    told = words_in(page)
    assert "Choose three different people" in told and "Say who keeps sheet 3." in told


def test_another_holder_is_another_edition_and_old_sheets_are_destroyed_against_signature(
    page: RecoveryPageView, workspace: Workspace, tmp_path: Path
) -> None:
    sheets.begin(workspace)
    page.arrive()
    (row,) = recovery_groups.groups(workspace)
    page._begin(row)
    assert [part.name.text() for part in page.make.holders] == ["Mira Stone", "Tom Vale", "Joy Penn"]
    page.make.holders[2].name.setText("Lena Frost")
    page.make.go.click()
    (tmp_path / "stick").mkdir()
    page.sheets.folder.set_text(str(tmp_path / "stick"))
    page.sheets.save.click()
    words = words_on_disk(tmp_path / "stick")
    page.sheets.printed.click()
    type_in(page, (words[1], words[2], words[3]))
    page.attempt.go.click()
    assert "edition 2" in words_in(page) and "Collect the sheets of edition 1 and destroy them." in words_in(page)
    page.presenter.note_destroyed(recovery_groups.groups(workspace)[0], 1)
    assert "Edition 1 was destroyed on" in words_in(page)


def test_a_photograph_of_the_square_fills_the_box(page: RecoveryPageView, workspace: Workspace, tmp_path: Path) -> None:
    prepared, words = sheets.begin(workspace)
    page.arrive()
    page.presenter.go(Step.TRY, recovery_groups.groups(workspace)[0])
    picture = tmp_path / "photo.pdf"
    picture.write_bytes(prepared.sheets[1].data)
    page.attempt.second.code.picture_chosen.emit(str(picture))
    assert page.attempt.second.text() == words[1]


def test_words_are_completed_and_a_wrong_one_is_named() -> None:
    assert words_seen("acad ", organisation=False).text == "academic "
    assert words_seen("academic aci", organisation=False).sentence.startswith("Word 2: acid")
    assert "Word 1 is not on any sheet. Perhaps: academic" in words_seen("acadmic ", organisation=False).sentence
    assert words_seen("academic acid ", organisation=True).sentence == "2 of 34 words"


def test_the_report_asks_which_sheets_where_somebody_of_the_case_keeps_one(
    qtbot: QtBot, seat: Seat, workspace: Workspace
) -> None:
    sheets.begin(workspace)
    page = ReportPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive()
    assert not page.recovery.isVisibleTo(page)
    page.needed.first.setText("Shouting at the door")
    page.needed._who.setText("mira stone")
    page.needed._danger.set_value(False)
    page.needed._safe.set_values(("call",))
    page._edited()
    page._save.click()
    assert page.recovery.isVisibleTo(page) and "federation officer" in words_in(page)
    page.recovery.choice.set_value(WITHOUT.hex())
    page._edited()
    page._save.click()
    assert "Nobody else would read this case" in words_in(page)
    second = recovery_groups.GroupForm(
        "Federation",
        (
            recovery_groups.HolderForm("Ida Moss"), recovery_groups.HolderForm("Ray Cole"),
            recovery_groups.HolderForm("Una Bell"),
        ),
    )  # fmt: skip
    group, _ = sheets.begin(workspace, second)
    page._save.click()
    page.recovery.choice.set_value(group.entry.group.hex())
    page._edited()
    page._save.click()
    (case,) = workspace.store.select(Case)
    assert case_recovery(workspace, case=case.id).name == "Federation"
    assert seat.desk.went[-1][0] == "case"


def test_whoever_leads_chooses_other_sheets_on_the_access_page(
    qtbot: QtBot, seat: Seat, workspace: Workspace
) -> None:
    case = logged(workspace).case
    view = AccessPageView(seat.context)
    qtbot.addWidget(view)
    show_at(view, 1366, 768)
    view.arrive(case)
    assert not view.recovery.isVisibleTo(view)
    sheets.begin(workspace)
    form = recovery_groups.GroupForm(
        "Federation",
        (
            recovery_groups.HolderForm("Ida Moss"), recovery_groups.HolderForm("Ray Cole"),
            recovery_groups.HolderForm("Una Bell"),
        ),
    )  # fmt: skip
    group, _ = sheets.begin(workspace, form)
    while recovery_wrapping.settle_recovery(workspace):
        pass
    view.presenter.changed_case.emit()
    view.arrive(case)
    assert "Two recovery sheets of Officers of the co-op open it." in words_in(view.recovery)
    view.recovery.go.click()
    assert "Choose which sheets" in words_in(view.recovery)
    view.recovery.choice.set_value(group.entry.group)
    view.recovery.go.click()
    assert "Say why the case needs" in words_in(view.recovery)
    view.recovery.reason.setText("a sheet is kept by a relative")
    view.recovery.go.click()
    assert "Two recovery sheets of Federation open it." in words_in(view.recovery)
    for width, height, percent in ((1366, 768, 100), (1024, 640, 200)):
        show_at(view, width, height, percent=percent)
        settle()
        assert audit(view) == []


def test_today_reminds_once_a_year_and_of_old_sheets(qtbot: QtBot, seat: Seat, workspace: Workspace) -> None:
    banner = ReminderBanner(seat.context)
    qtbot.addWidget(banner)
    banner.presenter.arrive()
    assert reminder(workspace) is None  # one laptop alone is not nagged
    sheets.begin(workspace)
    assert reminder(workspace) is None
    clock_of(workspace).forward(days=365)
    banner.presenter.arrive()
    assert "out again" in words_in(banner)
    banner.presenter.go()
    assert seat.desk.went[-1][0] == "recovery"


@pytest.fixture
def recovered(workspace: Workspace, tmp_path: Path) -> Iterator[Workspace]:
    (tmp_path / "shared").mkdir()
    sync.choose_folder(workspace, tmp_path / "shared")
    _, words = sheets.begin(workspace)
    logged(workspace)
    sync.sync_now(workspace)
    form = lost_laptops.RecoverForm(
        words[0], words[1], words[3], tmp_path / "shared", "Cleo Hart", "ch", PASSPHRASE
    )
    parts = Parts(clock_of(workspace), SeededRandomness(9))
    made = lost_laptops.recover(tmp_path / "new", form, parts=parts, cost=CHEAP)
    yield made.workspace
    opening.lock(made.workspace)


def test_a_recovered_workbook_says_so_and_goes_on_step_by_step(qtbot: QtBot, recovered: Workspace) -> None:
    seat = a_seat(recovered)
    told = reminder(recovered)
    assert told is not None and told.button == "Go on"
    page = RecoveryPageView(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1024, 640)
    page.arrive()
    assert page.going_on.isVisibleTo(page) and not page.new.isVisibleTo(page)
    (case,) = recovered.store.select(Case)
    before = DeclarePageView(seat.context)
    qtbot.addWidget(before)
    before.arrive(case=case.id)
    before.connected.set_values([False])
    before.save.click()
    settle()
    assert seat.desk.went[-1] == ("case", {"case": case.id}) and not shut_among(recovered, (case.id,))
    assert interests_in(recovered, case=case.id) == (), "nobody would take it yet"
    declare(recovered, case=case.id, connected=True, how="Her neighbour")
    before.arrive(case=case.id)
    settle()
    assert "You cannot write in it yet" in words_in(before) and shut_among(recovered, (case.id,))
    declare(recovered, case=case.id, connected=False)
    assert not page.going_on.take.isVisibleTo(page) and not page.going_on.forget.isVisibleTo(page)
    page.going_on.alone.click()
    assert page.going_on.take.isVisibleTo(page) and not page.going_on.alone.isVisibleTo(page)
    page.going_on.take.click()
    assert "One case is yours" in words_in(page)
    (said,) = interests_in(recovered, case=case.id)
    assert (said.name, said.connected) == ("Cleo Hart", False) and not settle_own_words(recovered)
    page.going_on.forget.click()
    assert not page.going_on.isVisibleTo(page)
    assert reminder(recovered) is None


@pytest.mark.parametrize(("width", "height", "percent"), [(1366, 768, 100), (1024, 640, 200)])
@pytest.mark.parametrize("step", list(Step))
def test_every_step_by_keyboard_whole_and_named(
    page: RecoveryPageView, workspace: Workspace, step: Step, width: int, height: int, percent: int
) -> None:
    prepared, _ = sheets.begin(workspace)
    page.arrive()
    show_at(page, width, height, percent=percent)
    page.make.begin((), None)
    page.sheets.show_sheets(prepared)
    page.presenter.go(step, recovery_groups.groups(workspace)[0])
    settle()
    assert audit(page) == []
