"""What pages are made of is loaded while nobody waits; whoever is faster, locks or closes meanwhile notices nothing."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from core.foundation.system import SystemClock
from desktop.app import warming
from desktop.app.screens import SCREENS, Built
from desktop.background import JobRunner, Lane

LONG_MS = 60_000


@pytest.fixture
def runner() -> Iterator[JobRunner]:
    made = JobRunner(SystemClock(), close_workspace=lambda workspace: None)
    yield made
    assert made.shut_down()


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The modules that were loaded, in order."""
    names: list[str] = []

    def load(name: str) -> object:
        names.append(name)
        return import_module(name)

    monkeypatch.setattr(warming, "import_module", load)
    monkeypatch.setattr(warming, "LOOK_EVERY_MS", 1)
    monkeypatch.setattr(warming, "BETWEEN_MS", 0)
    return names


def test_the_module_of_every_screen_is_among_those_loaded_beforehand_and_has_its_page() -> None:
    beforehand = set(warming.modules_of_pages())
    for screen in SCREENS:
        if isinstance(screen.factory, Built):
            assert screen.factory.module in beforehand
            page = getattr(import_module(screen.factory.module), screen.factory.page)
            assert issubclass(page, QWidget)
    assert sum(isinstance(screen.factory, Built) for screen in SCREENS) == len(SCREENS) - 1  # help is given its book


def test_everything_is_loaded_once_nobody_asks_anything(qtbot: QtBot, runner: JobRunner, loaded: list[str]) -> None:
    every = set(warming.modules_of_pages())
    loaded.clear()
    bench = QObject()
    warm = warming.Warming(runner, bench)
    qtbot.waitUntil(lambda: every <= set(loaded), timeout=LONG_MS)
    qtbot.waitUntil(lambda: not warm._turns.isActive(), timeout=LONG_MS)
    assert not runner.jobs


def test_a_lock_ends_it(qtbot: QtBot, runner: JobRunner, loaded: list[str]) -> None:
    bench = QObject()
    warming.Warming(runner, bench)
    qtbot.waitUntil(lambda: len(loaded) > 3, timeout=LONG_MS)
    bench.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    so_far = len(loaded)
    qtbot.wait(20)
    assert len(loaded) == so_far


def test_closing_while_the_services_load_waits_for_nothing(qtbot: QtBot, runner: JobRunner, loaded: list[str]) -> None:
    bench = QObject()
    warm = warming.Warming(runner, bench)
    for _ in range(warming.QUIET_LOOKS):
        warm._look()
    assert [job.name for job in runner.jobs] == ["load_services"]
    bench.deleteLater()
    assert runner.shut_down()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not loaded


def test_it_gives_way_to_whoever_asks_for_something(qtbot: QtBot, runner: JobRunner, loaded: list[str]) -> None:
    bench = QObject()
    warm = warming.Warming(runner, bench)
    qtbot.waitUntil(lambda: len(loaded) > 3, timeout=LONG_MS)
    runner.start(lambda progress, cancel: None, lane=Lane.POOL, name="asked")
    so_far = len(loaded)
    warm._load_one()
    assert len(loaded) == so_far
    qtbot.waitUntil(lambda: len(loaded) > so_far, timeout=LONG_MS)
