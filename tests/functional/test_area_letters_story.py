"""One story through the real window: a list comes in, an area is warned, doors are ticked, a colleague sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.services.cases import ReportForm, list_cases, log_report
from core.services.declarations import declare
from core.services.homes import count_homes
from core.services.joining import JoiningForm, ask_to_join, finish_joining
from core.services.letter_approval import approve_area_letters
from core.services.letter_page import list_all_runs
from core.services.letters import record_delivery, run_state
from core.services.opening import lock, unlock
from core.services.sync import sync_now
from core.services.workspace import Parts
from desktop.app.screens import SCREENS
from desktop.app.start import finish
from desktop.app.window import MainWindow, WindowParts
from desktop.background import JobRunner, Lane
from desktop.operations.opening import Opening, close_workspace
from desktop.screens.colleagues.view import _RequestPart
from desktop.screens.homes.import_presenter import Step as ImportStep
from desktop.screens.letters.area_view import _AreaTick
from desktop.screens.letters.check_view import _ToldTick
from desktop.screens.letters.presenter import Step
from desktop.screens.preferences import Preferences
from desktop.widgets import PassphraseBox
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import words_in
from tests.support.vaults import CHEAP, NOON, TestClock
from tests.support.workspaces import PASSPHRASE, new_vault

DEMO = Path(__file__).resolve().parents[2] / "resources" / "demo" / "marsh-lane-homes.csv"
LONG_MS = 60_000


@dataclass
class Person:
    """Somebody at the real window. `do` waits until everything that was begun has ended."""

    qtbot: QtBot
    window: MainWindow
    runner: JobRunner

    def settle(self) -> None:
        self.qtbot.wait(20)
        self.qtbot.waitUntil(lambda: not self.runner.jobs, timeout=LONG_MS)
        self.qtbot.wait(20)

    def do(self, act: Callable[[], object]) -> None:
        act()
        self.settle()

    def go(self, name: str, **arguments: object) -> Any:
        assert self.window.workbench is not None
        self.window.workbench.go_to(name, **arguments)
        self.settle()
        return self.window.workbench.page(name)

    def service(self, work: Callable[..., object], **arguments: object) -> Any:
        """Run a service on the vault's own thread, as another page would."""
        answers: list[object] = []
        call = lambda workspace, progress, cancel: work(workspace, **arguments)  # noqa: E731
        job = self.runner.start(call, lane=Lane.VAULT, name="x")
        job.done.connect(answers.append)
        self.settle()
        return answers[0]


@pytest.fixture
def person(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Person]:
    clock, dice = TestClock(NOON), SeededRandomness(5)
    folder = new_vault(tmp_path / "vault")
    runner = JobRunner(clock, close_workspace=close_workspace)
    parts = WindowParts(
        runner=runner, opening=Opening(runner, folder, clock, dice), clock=clock, screens=SCREENS,
        preferences=Preferences(theme="light"), keep_preferences=lambda kept: None,
    )  # fmt: skip
    window = MainWindow(parts)
    window.begin()
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    box = window.findChild(PassphraseBox)
    QTest.keyClicks(box, PASSPHRASE)
    QTest.keyClick(box, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.workbench is not None, timeout=LONG_MS)
    someone = Person(qtbot, window, runner)
    someone.settle()
    yield someone
    window.close()
    finish(qapp, window, runner)


def bring_in(person: Person, path: Path) -> str:
    page = person.go("homes-import")
    page.presenter.begin()
    page._file.path.set_text(str(path))
    person.do(page._file.go.click)
    assert page.presenter.step is ImportStep.COLUMNS
    person.do(page._columns.go.click)
    person.do(page._check.go.click)
    assert page.presenter.step is ImportStep.DONE
    return words_in(page._done)


def pages_of(path: Path) -> list[str]:
    document = pypdfium2.PdfDocument(path)
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    return texts


def test_an_area_is_warned_and_a_colleague_sees_how_far_it_is(person: Person, tmp_path: Path) -> None:
    # a list comes in; the second time it changes nothing
    assert "640 homes added." in bring_in(person, DEMO)
    assert person.service(count_homes) == 640
    assert "Nothing changed." in bring_in(person, DEMO)

    # a colleague is invited, compares the words, and is let in
    shared = tmp_path / "shared"
    shared.mkdir()
    sync = person.go("sync")
    sync.place.path.set_text(str(shared))
    person.do(sync.place.use.click)
    person.do(sync.go.click)
    colleagues = person.go("colleagues")
    typed = {"address": "1 Quay House, Eastmere, ZZ1 1ZZ", "phone": "01632 960111", "email": "help@ml.example"}
    for name, text in typed.items():
        colleagues.details._boxes[name].setText(text)
    person.do(colleagues.details.save.click)
    colleagues.invitation.role.set_value("officer")
    person.do(colleagues.invitation.go.click)
    second = Parts(TestClock(NOON), SeededRandomness(99))
    form = JoiningForm(colleagues.invitation.text.text(), "Ruth Okafor", "RO", "Officer", PASSPHRASE, shared)
    waiting = ask_to_join(tmp_path / "second", form, parts=second, cost=CHEAP)
    person.do(colleagues.waiting.look.click)
    (request,) = colleagues.findChildren(_RequestPart)
    assert tuple(request.words.text().split()) == tuple(waiting.words)
    person.do(request.go.click)

    # a report, and letters to one block
    report = ReportForm(
        words="Notes pushed through the door", received_at=NOON - timedelta(hours=1), danger_now=False,
        safe_ways=frozenset({"text"}), reporter_name="Samira Quill",
    )  # fmt: skip
    case = person.service(log_report, form=report).case
    letters = person.go("letters", case=case)
    tick = next(tick for tick in letters.area.findChildren(_AreaTick) if tick.area.name == "Samphire St")
    person.do(tick.click)
    person.do(letters.area.go.click)
    letters.letter._reason.setText("A second report in a month")
    letters.letter._asked.set_value(True)
    person.do(letters.letter.go.click)
    assert letters.presenter.step is Step.CHECK and "48 homes" in words_in(letters.check)
    assert not letters.check.findChildren(_ToldTick), "nobody of this case lives there"
    person.do(letters.check.go.click)
    letters.make.path.set_text(str(tmp_path / "out"))
    person.do(letters.make.make.click)
    assert "These letters wait for a second person." in words_in(letters.make)
    assert not (tmp_path / "out").exists()

    # the colleague reads the letter on her own laptop and agrees to it
    person.go("sync")
    person.do(sync.go.click)
    ruth = finish_joining(tmp_path / "second", PASSPHRASE, parts=second)
    try:
        sync_now(ruth)
        assert list_all_runs(ruth) == (), "she has not said yet whether she is connected with the case"
        declare(ruth, case=case, connected=False)
        (run,) = list_all_runs(ruth)
        assert "hurts, frightens or upsets other people" in run_state(ruth, run=run.run.id).words
        approve_area_letters(ruth, run=run.run.id)
        sync_now(ruth)
    finally:
        lock(ruth)
    person.do(sync.go.click)
    letters = person.go("letters", case=case)
    person.do(letters.make.make.click)
    folder = letters.presenter.making.folder
    assert folder is not None
    assert {path.name for path in folder.iterdir()} == {"letters-001.pdf", "delivery-checklist.pdf"}
    said = re.search(r"(\d+) letters ready\. (\d+) pages", words_in(letters.make))
    assert said is not None
    texts = pages_of(folder / "letters-001.pdf")
    assert len(texts) == int(said[2])
    assert sum("The Resident" in text for text in texts) == int(said[1])
    assert not any("Samira" in text or "RO-" in text or "AB-001" in text for text in texts)

    # three doors, by key and by press; the numbers add up
    person.do(letters.make.deliver.click)
    doors = letters.delivery.model.rowCount()
    person.do(lambda: QTest.keyClick(person.window.windowHandle(), Qt.Key.Key_1))
    person.do(letters.deliver.buttons["no-answer"].click)
    person.do(letters.deliver.buttons["posted"].click)
    assert letters.deliver._totals.text() == (
        f"3 of {doors} doors done: 1 delivered by hand, 1 posted, 1 no answer. {doors - 3} to go."
    )

    # the colleague's laptop shows the same
    person.go("sync")
    person.do(sync.go.click)
    ruth = unlock(tmp_path / "second", PASSPHRASE, parts=second)
    try:
        sync_now(ruth)
        assert count_homes(ruth) == 640
        assert [row.row.id for row in list_cases(ruth).rows] == [case]
        (run,) = list_all_runs(ruth)
        assert (run.doors, run.doors_done) == (doors, 3)
        doors_there = run_state(ruth, run=run.run.id).letters
        left = next(door for door in doors_there if door.state == "made" and not door.delivery)
        record_delivery(ruth, letter=left.id, outcome_code="delivered")
        sync_now(ruth)
    finally:
        lock(ruth)
    person.do(sync.go.click)
    assert "Ruth Okafor has your newest entries." in words_in(sync)
    person.go("letters", case=case)
    person.qtbot.waitUntil(
        lambda: letters.deliver._totals.text().startswith(f"4 of {doors} doors done: 2 delivered by hand"),
        timeout=LONG_MS,
    )

    # locking leaves nothing of it in the window
    person.window.lock()
    person.qtbot.wait(50)
    assert "Samphire" not in words_in(person.window) and "Ruth" not in words_in(person.window)
