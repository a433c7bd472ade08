"""The exchange that happens by itself: when it begins, what it says, what it does when the folder is away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from core.domain.changed import NOTHING, Changed
from core.foundation.errors import FolderUnreachable, NoSharedFolder, SharedFolderError
from core.services.downloads import BroughtDown, Elsewhere
from core.services.sync import NEW, SyncReport, SyncState, SyncTurn
from core.sync.healing import Lost
from desktop.app import exchanging
from desktop.app.exchanging import AWAY, NEEDS_ANSWER, SYNCING, TROUBLE, BackgroundExchange
from desktop.app.status import StatusLine
from desktop.background import Lane
from desktop.screens.context import Changes
from desktop.screens.sync.words import report_words, status_words
from tests.support.desk import Desk, Heard
from tests.support.script_runner import ScriptRunner
from tests.support.vaults import NOON, TestClock

STATE = SyncState(Path("/nowhere/at/all"), 0, None, 0, (), "Saved on this laptop.", ())
REPORT = SyncReport(0, 0, 0, 0, 0, (), NOON, NOTHING)
DONE = SyncTurn(NEW, REPORT, NOTHING)
SAVED = Changed(frozenset({"note"}), frozenset({b"n" * 16}))


def background(runner: ScriptRunner) -> tuple[BackgroundExchange, Changes]:
    changes = Changes()
    runner.changed.connect(changes.announced)
    exchange = BackgroundExchange(runner, TestClock(), changes)
    exchange.setProperty("changes", changes)
    return exchange, changes


def due_ms(exchange: BackgroundExchange) -> int:
    return exchange.next.interval() if exchange.next.isActive() else -1


def test_it_begins_soon_after_unlocking_and_goes_on_by_itself(qtbot: QtBot) -> None:
    runner = ScriptRunner(sync_turn=DONE)
    exchange, _ = background(runner)
    words, done = Heard(exchange.words), Heard(exchange.done)
    assert due_ms(exchange) == exchanging.AFTER_UNLOCKING_MS and runner.names == []
    exchange.next.timeout.emit()
    assert runner.names == ["sync_turn"]
    assert words.all == [""], "finding nothing new is not told of"
    assert len(done.all) == 1 and due_ms(exchange) == exchanging.EVERY_MS


def test_how_far_it_is_stands_quietly_in_the_status_line(qtbot: QtBot) -> None:
    runner = ScriptRunner(at_once=False, sync_turn=DONE)
    exchange, _ = background(runner)
    words = Heard(exchange.words)
    exchange.begin()
    job = runner.waiting[0][0]
    job.progress.emit(0, 1, "Reading what came")
    job.progress.emit(6, 20, "Receiving")
    assert words.all == [SYNCING, "Receiving 7 of 20"]
    runner.answer()
    assert words.last == ""


def test_what_is_saved_goes_half_a_minute_after_the_last_save(qtbot: QtBot) -> None:
    runner = ScriptRunner(sync_turn=DONE)
    exchange, changes = background(runner)
    exchange.next.timeout.emit()
    changes.announced.emit(SAVED)
    changes.announced.emit(SAVED)
    assert due_ms(exchange) == exchanging.AFTER_SAVING_MS
    assert runner.names == ["sync_turn"], "nothing is sent while somebody is still saving"


def test_what_the_exchange_itself_brought_does_not_begin_another(qtbot: QtBot) -> None:
    runner = ScriptRunner(sync_turn=SyncTurn(NEW, REPORT, SAVED))
    exchange, _ = background(runner)
    exchange.next.timeout.emit()
    assert due_ms(exchange) == exchanging.EVERY_MS


def test_a_folder_that_is_away_is_tried_less_and_less_often(qtbot: QtBot) -> None:
    runner = ScriptRunner(sync_turn=FolderUnreachable(path="Q:"))
    exchange, changes = background(runner)
    words = Heard(exchange.words)
    waits = []
    for _ in range(8):
        exchange.next.timeout.emit()
        waits.append(due_ms(exchange))
    assert waits == sorted(waits) and waits[0] > exchanging.EVERY_MS and waits[-1] == exchanging.AWAY_MOST_MS
    assert words.last == AWAY
    changes.announced.emit(SAVED)
    assert due_ms(exchange) == exchanging.AWAY_MOST_MS, "saving does not hammer on a folder that is away"
    exchange._watcher.directoryChanged.emit("/nowhere")
    assert due_ms(exchange) == exchanging.AFTER_A_HINT_MS, "the folder tells that it is back"
    runner._answers["sync_turn"] = DONE
    exchange.next.timeout.emit()
    assert due_ms(exchange) == exchanging.EVERY_MS and words.last == ""


def test_trouble_and_a_question_are_told_in_the_status_line_and_never_as_a_dialog(qtbot: QtBot) -> None:
    runner = ScriptRunner(sync_turn=SharedFolderError(reason="it is full"))
    exchange, _ = background(runner)
    words = Heard(exchange.words)
    exchange.next.timeout.emit()
    assert words.last == TROUBLE
    runner._answers["sync_turn"] = SyncTurn(NEW, replace(REPORT, question=Lost(812, 900)), NOTHING)
    exchange.next.timeout.emit()
    assert words.last == NEEDS_ANSWER
    assert status_words(STATE, NEEDS_ANSWER) == "Saved here. The shared folder needs an answer: see Sync"


def test_without_a_folder_it_waits_until_one_is_chosen(qtbot: QtBot) -> None:
    runner = ScriptRunner(sync_turn=NoSharedFolder())
    exchange, changes = background(runner)
    exchange.next.timeout.emit()
    assert due_ms(exchange) == -1
    changes.announced.emit(SAVED)
    assert due_ms(exchange) == -1
    exchange.heard_state(STATE)
    assert due_ms(exchange) == exchanging.AFTER_A_HINT_MS


def test_before_a_lock_what_was_written_is_sent_once_a_whole_exchange_has_been(qtbot: QtBot) -> None:
    runner = ScriptRunner(sync_turn=DONE)
    exchange, changes = background(runner)
    changes.announced.emit(SAVED)
    exchange.send_last()
    assert runner.names == [], "a workbook put back from a copy must first see the folder"
    exchange.begin()
    exchange.send_last()
    assert runner.names == ["sync_turn"], "nothing waits"
    changes.announced.emit(SAVED)
    exchange.send_last()
    assert runner.names == ["sync_turn", "send_before_lock"]
    assert due_ms(exchange) == -1


def test_the_status_line_says_both_what_is_saved_and_what_goes_on(qtbot: QtBot) -> None:
    runner = ScriptRunner(sync_state=replace(STATE, folder=Path("shared"), waiting_to_send=3))
    said: list[str] = []

    class Shell(Desk):
        def show_status(self, words: str) -> None:
            said.append(words)

    shell = Shell()
    line = StatusLine(runner, shell, Changes(), shell)
    line._pause.timeout.emit()
    line.set_activity(SYNCING)
    line.set_activity("")
    assert said == ["Saved here. 3 to send", "Saved here. Syncing", "Saved here. 3 to send"]


def test_a_store_is_a_place_too(qtbot: QtBot) -> None:
    runner = ScriptRunner(sync_turn=[NoSharedFolder(), DONE])
    exchange, _ = background(runner)
    exchange.next.timeout.emit()
    assert due_ms(exchange) == -1
    exchange.heard_state(replace(STATE, folder=None, place="casework at https://s3.example.org"))
    assert due_ms(exchange) == exchanging.AFTER_A_HINT_MS


def test_files_that_are_elsewhere_are_asked_for_beside_the_exchange(qtbot: QtBot) -> None:
    elsewhere = Elsewhere(Path("/nowhere/at/all"), ("cwf1/2026-11/" + "a" * 64,))
    report = replace(REPORT, elsewhere=elsewhere)
    runner = ScriptRunner(sync_turn=SyncTurn(NEW, report, NOTHING), bring_down=[BroughtDown(0, 1), BroughtDown(1, 1)])
    exchange, _ = background(runner)
    exchange.next.timeout.emit()
    assert runner.names == ["sync_turn", "bring_down"] and runner.lanes[-1] is Lane.POOL
    assert due_ms(exchange) == exchanging.EVERY_MS, "offline: another day"
    exchange.next.timeout.emit()
    assert due_ms(exchange) == exchanging.AFTER_A_HINT_MS, "it came, so it is read"
    assert "not on this laptop yet" in report_words(report)[1]
