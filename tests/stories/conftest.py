"""An office for the stories: laptops of several people, one shared folder, one clock, and the real window on each."""

from __future__ import annotations

import gc
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from core.services import opening, sync
from core.services.workspace import Parts
from desktop.app.screens import SCREENS
from desktop.app.window import MainWindow, WindowParts
from desktop.background import JobRunner
from desktop.operations.opening import Opening, close_workspace
from desktop.screens.preferences import Preferences
from desktop.theme import Look, ThemeName, apply_look
from tests.support.dice import SeededRandomness
from tests.support.estate import homes_list
from tests.support.teller import Teller
from tests.support.vaults import NOON, TestClock
from tests.support.workspaces import PASSPHRASE, a_workspace, join_cheaply, with_homes, with_letterhead

PEOPLE = (("Ben Okafor", "officer"), ("Cat Lim", "officer"), ("Dev Patel", "committee"))
"""Besides Ana Bright, who founded it and administers it."""
TENANTS = (
    "Mrs Lena Moss", "Mr Idris Vale", "Ms Ada Finch", "Mx Rowan Teal", "Mr Otto Lark", "Mrs Vera Stone", "Ms Joy Ash",
    "Mr Finn Rook", "Mrs Ida Crane", "Mr Ewan Birch", "Ms Una Heron", "Mr Cole Reed",
)  # fmt: skip
HOMES = tuple(
    f"H{n},{n},Quill House,4,Amber Road,Testford,ZZ1 1AA,Quill House,{tenant},English,"
    for n, tenant in enumerate(TENANTS, start=1)
)
"""One block of twelve homes: too many for a letter to point at anybody by itself."""


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four people who have joined and hold a list of homes; made once for all who run tests side by side."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    root, mine = base / "office-of-the-stories", base / "office-of-the-stories.begun"
    try:
        mine.mkdir()
    except FileExistsError:
        while not root.exists():
            time.sleep(0.2)
        return root
    made = base / "office-of-the-stories.made"
    _found(made)
    return made.rename(root)


def _found(root: Path) -> None:
    shared = root / "shared"
    shared.mkdir(parents=True)
    morning = NOON - timedelta(hours=3)
    with a_workspace(root / "Ana Bright", at=morning) as ana:
        with_letterhead(ana)
        with_homes(ana, homes_list(root / "homes.csv", *HOMES))
        for number, (name, role) in enumerate(PEOPLE):
            parts = Parts(TestClock(morning), SeededRandomness(50 + number))
            opening.lock(join_cheaply(ana, root / name, shared, name=name, role=role, parts=parts))
        sync.sync_now(ana)


@dataclass
class Office:
    """`sit_down("Ben Okafor")` opens that person's window, unlocked; asked again it is the same window."""

    app: QApplication
    root: Path
    story: str
    clock: TestClock = field(default_factory=lambda: TestClock(NOON))
    _open: dict[str, tuple[Teller, MainWindow, JobRunner]] = field(default_factory=dict)

    @property
    def shared(self) -> Path:
        """The folder through which they exchange."""
        return self.root / "shared"

    def sit_down(self, name: str) -> Teller:
        """At the laptop of that person."""
        if name not in self._open:
            self._open[name] = self._window(name)
        for other, (_, window, _) in self._open.items():
            window.setVisible(other == name)
        teller, window, _ = self._open[name]
        window.activateWindow()
        if window.workbench is None:
            teller.unlock(PASSPHRASE)
        return teller

    def close(self) -> None:
        """Lock every laptop."""
        for _, window, runner in self._open.values():
            window.close()
            assert runner.shut_down()
            window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()

    def _window(self, name: str) -> tuple[Teller, MainWindow, JobRunner]:
        dice = SeededRandomness(100 + len(self._open))
        workspace = opening.unlock(self.root / name, PASSPHRASE, parts=Parts(self.clock, dice))
        sync.choose_folder(workspace, self.shared)
        opening.lock(workspace)
        runner = JobRunner(self.clock, close_workspace=close_workspace)
        parts = WindowParts(
            runner=runner, opening=Opening(runner, self.root / name, self.clock, dice), clock=self.clock,
            screens=SCREENS, preferences=Preferences(theme="light"), keep_preferences=lambda wanted: None,
        )  # fmt: skip
        window = MainWindow(parts)
        window.begin()
        window.resize(1366, 768)
        return Teller(window, runner, self.clock, story=self.story), window, runner


@pytest.fixture
def office(qapp: QApplication, template: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Office]:
    """Laptops of their own for one story."""
    qapp.setCursorFlashTime(0)
    apply_look(Look(theme=ThemeName.LIGHT))
    root = tmp_path / "office"
    shutil.copytree(template, root)
    made = Office(qapp, root, request.node.name.removeprefix("test_"))
    yield made
    made.close()
