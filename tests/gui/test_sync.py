"""The Sync page: every state has its words, one question, an exchange in turns, and words to compare by phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from core.domain.changed import NOTHING
from core.domain.exchange import WordsCheck
from core.foundation.errors import Cancelled, FolderUnreachable, NoSharedFolder
from core.foundation.ids import DeviceId
from core.services.delivery import Delivery, LaptopRow, Level, MissingEntry, NewestEntry, Stage, Standing
from core.services.place import FolderPlace
from core.services.sync import NEW, Carried, SyncReport, SyncState, SyncTurn
from core.services.sync_words import words_of_laptops
from core.services.workspace import Workspace
from core.sync.healing import Lost
from desktop.background import Lane
from desktop.screens.sync.place_presenter import PlacePresenter
from desktop.screens.sync.presenter import SyncPresenter
from desktop.screens.sync.view import SyncPage
from desktop.screens.sync.words import last_words, report_words, seen_words, status_words
from tests.support.desk import Heard, Seat, a_seat, seat_with
from tests.support.gui_audits import audit_everywhere, hidden_focus, show_at, words_in
from tests.support.script_runner import ScriptRunner
from tests.support.vaults import NOON, TestClock
from tests.support.workspaces import a_workspace, logged

STATE = SyncState(None, 0, None, 0, (), "Saved on this laptop.", ())
REPORT = SyncReport(0, 0, 0, 0, 0, (), NOON, NOTHING)
DONE = SyncTurn(NEW, REPORT, NOTHING)
NOBODY = Standing((), (), ())


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with a_workspace(tmp_path / "vault") as opened:
        yield opened


@pytest.fixture
def seat(workspace: Workspace) -> Seat:
    return a_seat(workspace)


def test_words_for_every_state() -> None:
    alone = replace(STATE, waiting_to_send=1)
    assert last_words(alone, NOON).endswith("Nothing leaves this laptop until a shared folder is chosen.")
    assert status_words(alone) == "Saved here, on this laptop only"
    there = replace(STATE, folder=Path("shared"))
    assert last_words(there, NOON) == "This laptop has not synced yet. Nothing is waiting to be sent."
    late = replace(there, last_sync_at=NOON - timedelta(days=1), waiting_to_send=4, seen_by=("Ben", "Cara"))
    assert last_words(late, NOON) == "Last sync yesterday at 12:00pm. 4 changes are waiting to be sent."
    assert seen_words(late) == "Ben and Cara have your newest entries."
    assert seen_words(replace(late, seen_by=("Ben",))) == "Ben has your newest entries."
    assert status_words(late) == "Saved here. 4 to send"
    assert report_words(REPORT) == ("Nothing new, here or there.", "")
    strong, rest = report_words(replace(REPORT, sent=2, received=1, waiting=1, refused=1, missing=1))
    assert strong == "Sent 2 files, received 1."
    assert "1 file waits" in rest and "1 file was set aside" in rest and "1 file is missing" in rest


def test_choosing_a_folder_then_one_press_sends_what_is_new(seat: Seat, workspace: Workspace, tmp_path: Path) -> None:
    logged(workspace)
    shared = tmp_path / "shared"
    shared.mkdir()
    presenter, place = SyncPresenter(seat.context), PlacePresenter(seat.context)
    place.chosen.connect(presenter.place_chosen)
    shown, told, problems = Heard(presenter.shown), Heard(presenter.told), Heard(place.problems)
    presenter.arrive()
    assert shown.last.place == "" and seat.runner.names == ["sync_state", "standing"]
    place.use(FolderPlace(Path()))
    assert problems.last == {"folder": "Choose the folder your organisation shares."}
    wrong = Heard(place.told)
    place.use(FolderPlace(tmp_path / "nowhere"))
    assert "cannot be reached" in wrong.last[1]
    place.use(FolderPlace(shared))
    assert shown.last.place == str(shared.resolve()) and "sync_turn" not in seat.runner.names
    presenter.sync_now()
    assert told.last[0].startswith("Sent ") and "Nothing is waiting" in shown.last.last
    assert any(path.is_file() for path in shared.rglob("*"))


def test_stop_and_a_lost_folder_say_that_nothing_is_lost() -> None:
    turns = [Cancelled(), FolderUnreachable(path="Q:"), DONE]
    runner = ScriptRunner(sync_state=STATE, standing=NOBODY, sync_turn=turns)
    presenter = SyncPresenter(seat_with(runner, TestClock()).context)
    told, failed, busy = Heard(presenter.told), Heard(presenter.failed), Heard(presenter.busy)
    presenter.sync_now()
    assert told.last == ("Stopped.", "Nothing is lost. The next sync goes on.")
    presenter.sync_now(everything=True)
    assert isinstance(failed.last, FolderUnreachable) and busy.last == ""
    assert runner.calls[-1] == ("sync_turn", {"carried": NEW, "everything": True, "answer": None})
    presenter.sync_now()
    assert told.last[0] == "Nothing new, here or there."


def test_while_the_page_is_on_show_the_ticks_are_looked_at_again() -> None:
    runner = ScriptRunner(sync_state=STATE, standing=NOBODY)
    presenter = SyncPresenter(seat_with(runner, TestClock()).context)
    assert not presenter.again.isActive()
    presenter.arrive()
    presenter.again.timeout.emit()
    assert runner.names == ["sync_state", "standing"] * 2 and presenter.again.isActive()
    presenter.leave()
    assert not presenter.again.isActive()


def test_a_second_press_starts_no_second_exchange() -> None:
    runner = ScriptRunner(at_once=False)
    presenter = SyncPresenter(seat_with(runner, TestClock()).context)
    presenter.sync_now()
    presenter.sync_now()
    assert runner.names == ["sync_turn"]
    presenter.stop()
    assert runner.waiting[0][0].flag.is_set()


def test_an_exchange_goes_in_turns_and_what_is_saved_meanwhile_goes_between_them() -> None:
    half = Carried(sent=1)
    runner = ScriptRunner(
        at_once=False, sync_turn=[SyncTurn(half, None, NOTHING), DONE], sync_state=STATE, standing=NOBODY
    )
    presenter = SyncPresenter(seat_with(runner, TestClock()).context)
    told = Heard(presenter.told)
    presenter.sync_now()
    runner.start(lambda: None, lane=Lane.VAULT, name="add_note")
    runner.answer()
    assert runner.names == ["sync_turn", "add_note", "sync_turn"], "the save stands before the next turn"
    assert runner.calls[-1][1]["carried"] == half
    runner.answer()
    runner.answer()
    assert told.last == ("Nothing new, here or there.", "")


def test_the_page(qtbot: QtBot, tmp_path: Path) -> None:
    state = replace(STATE, folder=tmp_path, notices=("The clock of Ben\u2019s laptop is ahead.",), seen_by=("Ben",))
    runner = ScriptRunner(
        sync_state=state, standing=FULL, sync_turn=NoSharedFolder(), shown_place=FolderPlace(tmp_path)
    )
    page = SyncPage(seat_with(runner, TestClock()).context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.arrive()
    assert page.place.path.text() == str(tmp_path) and "clock of Ben" in words_in(page)
    page.go.click()
    assert "No shared folder has been chosen yet" in words_in(page)
    for words in (
        "Note in 2026-AR-014, today at 11:00am. Ben\u2019s laptop has it.", "Seen by 1", "In the folder", "Saved here",
        "Nothing from Cara\u2019s laptop since 13 February.", "Has your newest",
        "2 entries of Dan\u2019s laptop missing since 19 February at 12:00pm.",
    ):  # fmt: skip
        assert words in words_in(page), words
    assert audit_everywhere(page) == []
    assert hidden_focus(page) == []


FULL = Standing(
    (
        NewestEntry(NOON, "Note in 2026-AR-015", Delivery(Stage.HERE)),
        NewestEntry(NOON, "Home", Delivery(Stage.FOLDER)),
        NewestEntry(NOON - timedelta(hours=1), "Note in 2026-AR-014", Delivery(Stage.SEEN, ("Ben\u2019s laptop",))),
    ),
    (
        LaptopRow(DeviceId(b"a" * 16), "Ana\u2019s laptop", True, 4, NOON, False, True),
        LaptopRow(DeviceId(b"b" * 16), "Ben\u2019s laptop", False, 4, NOON, False, True),
        LaptopRow(DeviceId(b"c" * 16), "Cara\u2019s laptop", False, 9, NOON - timedelta(days=17), True, False),
    ),
    (MissingEntry("Dan\u2019s laptop", 2, NOON - timedelta(days=11), Level.RED),),
)


def test_the_one_question_is_asked_on_the_page_and_answered_by_one_press(qtbot: QtBot, tmp_path: Path) -> None:
    state = replace(STATE, folder=tmp_path, question=Lost(812, 4_060))
    runner = ScriptRunner(standing=NOBODY, sync_turn=DONE)
    page = SyncPage(seat_with(runner, TestClock()).context)
    qtbot.addWidget(page)
    show_at(page, 1024, 640)
    for button, answer in ((page.question.put_back, True), (page.question.leave_lost, False)):
        runner._answers["sync_state"] = state
        page.arrive()
        assert "The shared folder lost 812 of 4,060 files. Put them back?" in words_in(page)
        assert audit_everywhere(page) == []
        runner._answers["sync_state"] = STATE
        button.click()
        assert ("sync_turn", {"carried": NEW, "everything": False, "answer": answer}) in runner.calls
        assert "812" not in words_in(page)


def test_words_heard_on_the_phone_are_compared(qtbot: QtBot, seat: Seat, workspace: Workspace, tmp_path: Path) -> None:
    logged(workspace)
    shared = tmp_path / "shared"
    shared.mkdir()
    page = SyncPage(seat.context)
    qtbot.addWidget(page)
    show_at(page, 1366, 768)
    page.place.path.set_text(str(shared))
    page.place.use.click()
    page.go.click()
    card = page.comparing
    card.compare.click()
    assert "Choose whose laptop the words are of." in words_in(page)
    card.show_words.click()
    (row,) = words_of_laptops(workspace)
    assert " ".join(row.words) in words_in(page)
    # Only one laptop is there: its own words stand in for a colleague's.
    card.laptop.set_options([(bytes(row.device), row.whose)])
    card.laptop.set_value(bytes(row.device))
    card.number.setText("one")
    card.heard.setText("too few words")
    card.compare.click()
    assert "Type the eight words" in words_in(page) and "number of the entry" in words_in(page)
    card.number.setText(str(row.number))
    card.heard.setText(" ".join(row.words))
    card.compare.click()
    assert "The words are the same." in words_in(page) and "Compared today" in words_in(page)
    card.laptop.set_options([(bytes(row.device), row.whose)])
    card.laptop.set_value(bytes(row.device))
    card.heard.setText(" ".join(reversed(row.words)))
    card.compare.click()
    assert "The words differ." in words_in(page)
    assert workspace.store.count(WordsCheck) == 2
    card.copy.click()
    assert " ".join(row.words) in QGuiApplication.clipboard().text()
    card.path.set_text(str(tmp_path / "minutes.txt"))
    card.save.click()
    assert " ".join(row.words) in (tmp_path / "minutes.txt").read_text(encoding="utf-8")
    assert audit_everywhere(page) == []
