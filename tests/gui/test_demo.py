"""The demo from the first page: made, stopped, opened with its band on every page, left, thrown away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.foundation.errors import DiskFull
from core.foundation.system import SystemClock
from core.services.demo import WHOLE as WHOLE_OF_SERVICE
from desktop.app.made_up import WORDS
from desktop.app.start import finish, make_window
from desktop.operations import demo as operations
from desktop.operations.opening import Opening
from desktop.screens.first_run.demo_presenter import GONE, STOPPED, DemoPresenter, DemoStanding
from desktop.screens.first_run.view import FirstRunView
from desktop.theme import ThemeName
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import audit, audit_everywhere, name_of, settle, show_at
from tests.support.script_runner import ScriptRunner

LONG_MS = 120_000


def actions(runner: ScriptRunner, folder: Path) -> Opening:
    return Opening(runner, folder, SystemClock(), SeededRandomness(1))


def a_demo_beside(folder: Path) -> Path:
    beside = operations.folder_beside(folder)
    beside.mkdir()
    (beside / operations.WHOLE).write_bytes(b"")
    return beside


def test_the_window_knows_a_whole_demo_by_the_name_the_service_gives() -> None:
    assert operations.WHOLE == WHOLE_OF_SERVICE
    assert operations.folder_beside(Path("/home/Workbook")) == Path("/home/Workbook-demo")


class TestPresenter:
    def made(self, tmp_path: Path, *, at_once: bool = True, **answers: Any) -> tuple[DemoPresenter, ScriptRunner]:
        runner = ScriptRunner(at_once=at_once, **answers)
        return DemoPresenter(actions(runner, tmp_path / "own")), runner

    def test_made_and_then_opened(self, qtbot: QtBot, tmp_path: Path) -> None:
        presenter, runner = self.made(tmp_path, make_demo=None, open_demo=None)
        assert presenter.standing is DemoStanding.NONE
        with qtbot.waitSignal(presenter.opened):
            presenter.make()
        assert [name for name, _ in runner.calls] == ["make_demo", "open_demo"]
        assert {call["folder"] for _, call in runner.calls} == {tmp_path / "own-demo"}

    def test_stop_asks_the_job_to_stop_and_a_second_press_makes_no_second_one(
        self, qtbot: QtBot, tmp_path: Path
    ) -> None:
        presenter, runner = self.made(tmp_path, at_once=False)
        presenter.make()
        presenter.make()
        assert len(runner.calls) == 1
        job = runner.waiting[0][0]
        presenter.stop()
        assert job.flag.is_set()
        with qtbot.waitSignal(presenter.told) as heard:
            job.cancelled.emit()
        assert heard.args == [STOPPED] and presenter.standing is DemoStanding.NONE

    def test_what_went_wrong_is_told_and_it_can_be_tried_again(self, qtbot: QtBot, tmp_path: Path) -> None:
        presenter, _ = self.made(tmp_path, make_demo=DiskFull(path="here"))
        with qtbot.waitSignal(presenter.failed):
            presenter.make()
        assert presenter.standing is DemoStanding.NONE

    def test_one_that_is_there_is_opened_or_thrown_away_and_not_made_again(self, qtbot: QtBot, tmp_path: Path) -> None:
        beside = a_demo_beside(tmp_path / "own")
        presenter, runner = self.made(tmp_path, at_once=False)
        assert presenter.standing is DemoStanding.THERE
        presenter.make()
        assert not runner.calls
        presenter.throw_away()
        presenter.open()
        assert [name for name, _ in runner.calls] == ["throw_away"]
        (beside / operations.WHOLE).unlink()
        with qtbot.waitSignal(presenter.told) as heard:
            runner.waiting[0][0].done.emit(None)
        assert heard.args == [GONE] and presenter.standing is DemoStanding.NONE


def test_the_page_passes_the_audit_while_it_is_made_and_when_it_is_there(qtbot: QtBot, tmp_path: Path) -> None:
    runner = ScriptRunner(at_once=False)
    view = FirstRunView(actions(runner, tmp_path / "own"))
    qtbot.addWidget(view)
    show_at(view, 1024, 640)
    part = view._choose.demo
    part.try_it.click()
    assert not view._choose.found.isEnabled(), "nothing else is begun meanwhile"
    runner.waiting[0][0].progress.emit(2, 5, "Cases")
    settle()
    assert audit_everywhere(view) == []
    a_demo_beside(tmp_path / "own")
    runner.waiting[0][0].failed.emit(DiskFull(path="here"))
    assert view._choose.found.isEnabled() and part.open_it.hasFocus()
    assert audit_everywhere(view) == []


def test_a_demo_is_marked_on_every_page_and_left_and_thrown_away(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    own = tmp_path / "Workbook"
    window, runner = make_window(qapp, own)
    try:
        window.begin()
        show_at(window, 1024, 640)
        view = window.findChild(FirstRunView)
        view._choose.demo.try_it.setFocus()
        qtbot.keyClick(view._choose.demo.try_it, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: window.workbench is not None, timeout=LONG_MS)
        assert not (own / "keyslot").exists(), "it is no workbook of this laptop's"
        bench = window.workbench
        for page in ("today", "cases", "mirror", "sync", "interviews"):
            bench.go_to(page)
            qtbot.waitUntil(lambda wanted=page: bench.current == wanted, timeout=LONG_MS)
            assert bench.band.isVisible() and name_of(bench.band) == " ".join(WORDS)
        bench.go_to("today")
        for theme in (ThemeName.DARK, ThemeName.HIGH_CONTRAST, ThemeName.LIGHT):
            show_at(window, 1024, 640, percent=200, theme=theme)
            assert audit(bench.band) == []
        show_at(window, 1024, 640)

        with qtbot.waitSignal(runner.closed, timeout=LONG_MS):
            window.lock()
        part = window.findChild(FirstRunView)._choose.demo
        assert part.open_it.isVisible(), "the first page again, and no passphrase asked for"
        part.throw_away.click()
        qtbot.waitUntil(part.try_it.isVisible, timeout=LONG_MS)
        assert not operations.folder_beside(own).exists()
    finally:
        finish(qapp, window, runner)
