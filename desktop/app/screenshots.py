"""Pictures of every screen of a workbook, for the user guide and for looking at. `--screenshots DIR`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core.foundation.errors import AppError
from core.foundation.files import make_private_folder
from core.services.cases import CasePage
from desktop.app.screens import SCREENS
from desktop.app.window import MainWindow
from desktop.background import JobRunner
from desktop.operations.cases import list_cases
from desktop.operations.opening import Opening
from desktop.theme import Look, ThemeName, apply_look, look

SETTLE_MS = 120
QUIET_TURNS = 4
"""A screen is taken when nothing has been running for this many turns of `SETTLE_MS`."""
LONGEST_WAIT_TURNS = 250


WITHOUT_ARGUMENTS = frozenset({"report", "homes-import", "colleagues"})
OF_A_CASE = frozenset({"case", "area-letters"})


@dataclass(frozen=True, slots=True)
class Shot:
    """One way of looking: theme, window size in pixels, text size."""

    theme: ThemeName = ThemeName.LIGHT
    size: tuple[int, int] = (1366, 768)
    percent: int = 100

    @property
    def words(self) -> str:
        """For the file name."""
        return f"{self.theme.value}-{self.size[0]}x{self.size[1]}-{self.percent}"


FOR_THE_GUIDE = (Shot(),)
EVERY_LOOK = tuple(
    Shot(theme, size, percent)
    for percent in (100, 200)
    for size in ((1366, 768), (1024, 640))
    for theme in (ThemeName.LIGHT, ThemeName.DARK, ThemeName.HIGH_CONTRAST)
)


class Tour(QObject):
    """Unlocks if it has the passphrase, goes from screen to screen, and takes each in every look asked for."""

    finished = Signal()

    def __init__(
        self, window: MainWindow, runner: JobRunner, opening: Opening, *, folder: Path, passphrase: str,
        shots: tuple[Shot, ...] = FOR_THE_GUIDE,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window, self._runner, self._opening = window, runner, opening
        self._folder, self._passphrase, self._shots = folder, passphrase, shots
        self._before = look()
        self._name = ""
        self._stops: list[tuple[str, Callable[[], None]]] = []
        self._left: list[Shot] = []
        self._taking: Shot | None = None
        self._quiet = self._turns = 0
        self._timer = QTimer(self)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(self._turn)

    def start(self) -> None:
        """Begin with what is on show now: the locked window, or the first run."""
        make_private_folder(self._folder)
        self._begin_stop("start")
        if self._passphrase:
            self._stops.append(("", self._unlock))
        self._timer.start()

    # ------------------------------------------------------------------ from stop to stop

    def _turn(self) -> None:
        self._turns += 1
        self._quiet = 0 if self._runner.jobs else self._quiet + 1
        if self._quiet < QUIET_TURNS and self._turns < LONGEST_WAIT_TURNS:
            return
        self._quiet = self._turns = 0
        if self._taking is not None:
            file = f"{self._name}-{self._taking.words}.png" if len(self._shots) > 1 else f"{self._name}.png"
            self._window.grab().save(str(self._folder / file))
            self._taking = None
        if self._left:
            self._taking = self._left.pop(0)
            apply_look(replace(Look(), theme=self._taking.theme, text_percent=self._taking.percent))
            if self._window.workbench is not None:
                self._window.workbench.take_look()
            self._window.resize(*self._taking.size)
            return
        if not self._stops:
            self._timer.stop()
            apply_look(self._before)
            self.finished.emit()
            return
        name, go = self._stops.pop(0)
        go()
        if name:
            self._begin_stop(name)

    def _begin_stop(self, name: str) -> None:
        self._name = name
        self._left = list(self._shots)

    def _unlock(self) -> None:
        self._opening.unlock(self._passphrase, on_done=self._unlocked, on_failed=self._failed)

    def _unlocked(self, _: object) -> None:
        self._window.show_workbench()
        list_cases(self._runner, after=None, stages=(), on_done=self._have_cases, on_failed=self._failed)

    def _have_cases(self, page: CasePage) -> None:
        names = [screen.name for screen in SCREENS if screen.in_nav or screen.name in WITHOUT_ARGUMENTS]
        self._stops = [(name, self._visit(name)) for name in names]
        if page.rows:
            case = page.rows[0].row.id
            names = [screen.name for screen in SCREENS if screen.name in OF_A_CASE]
            self._stops += [(name, self._visit(name, case=case)) for name in names]
        self._stops.append(("cover", self._window.cover))

    def _visit(self, name: str, **arguments: object) -> Callable[[], None]:
        def go() -> None:
            if self._window.workbench is not None:
                self._window.workbench.go_to(name, **arguments)

        return go

    def _failed(self, error: AppError) -> None:
        self._timer.stop()
        raise error
