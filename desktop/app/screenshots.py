"""Pictures of every screen of a workbook, for the user guide and for looking at. `--screenshots DIR`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QAbstractButton, QWidget

from core.foundation.errors import AppError
from core.foundation.files import make_private_folder
from core.foundation.ids import RecordId
from core.services.cases import CasePage
from desktop.app.places import Examples, every_place, look_for_examples, tabs_of
from desktop.app.screens import SCREENS
from desktop.app.window import MainWindow
from desktop.background import JobRunner
from desktop.operations.base import operation
from desktop.operations.cases import list_cases
from desktop.operations.opening import Opening
from desktop.screens.first_run.presenter import Step
from desktop.screens.first_run.view import FirstRunView
from desktop.theme import Look, ThemeName, apply_look
from desktop.widgets import Button, Pick, TextArea, Tick

SETTLE_MS = 60
QUIET_TURNS = 4
"""A screen is taken when nothing has been running for this many turns of `SETTLE_MS`."""
QUIET_TURNS_OF_A_SIZE = 2
"""The same for a screen that is there already and only has another size now."""
LONGEST_WAIT_TURNS = 500
TAB = "tab-"
"""How the names of pictures of tabs begin."""
MOST_TOLD = 6
"""People of a case who live in the area, told in the pictures."""

W = TypeVar("W", bound=QWidget)


IN_THE_GUIDE = frozenset({"report", "homes-import"})
"""Screens of which the guide has a picture although they are not in the navigation."""


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
    for theme in (ThemeName.LIGHT, ThemeName.DARK, ThemeName.HIGH_CONTRAST)
    for size in ((1366, 768), (1024, 640))
)


class Tour(QObject):
    """Unlocks if it has the passphrase, goes from screen to screen, and takes each in every look asked for.

    With several looks it goes to every place there is (`places.py`), to the tabs of each, to letters as far as making
    them, to a report with a problem, and through the first run where there is no workbook yet. Each theme and size of
    text is a round of its own, from the locked page to the cover: to dress pages that are open takes far longer than to
    open them anew. It saves nothing, but that a private interview was opened is written down as always.
    """

    finished = Signal()

    def __init__(
        self, window: MainWindow, runner: JobRunner, opening: Opening, *, folder: Path, passphrase: str,
        shots: tuple[Shot, ...] = FOR_THE_GUIDE,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window, self._runner, self._opening = window, runner, opening
        self._folder, self._passphrase, self._thorough = folder, passphrase, len(shots) > 1
        self._rounds = [tuple(alike) for _, alike in groupby(shots, key=lambda shot: (shot.theme, shot.percent))]
        self._shots: tuple[Shot, ...] = ()
        self._found: Examples | None = None
        self._has_tabs = False
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
        self._begin_round()
        self._timer.start()

    # ------------------------------------------------------------------ from stop to stop

    def _begin_round(self) -> None:
        self._shots = self._rounds.pop(0)
        apply_look(replace(Look(), theme=self._shots[0].theme, text_percent=self._shots[0].percent))
        self._begin_stop("start")
        first = self._window.findChild(FirstRunView)
        if self._passphrase:
            self._stops.append(("", self._unlock))
        elif first is not None and self._thorough:
            self._stops += [(f"first-run-{step.value}", partial(first.show_step, step)) for step in Step]

    def _turn(self) -> None:
        self._turns += 1
        self._quiet = 0 if self._runner.jobs else self._quiet + 1
        wanted = QUIET_TURNS if self._taking is None else QUIET_TURNS_OF_A_SIZE
        if self._quiet < wanted and self._turns < LONGEST_WAIT_TURNS:
            return
        self._quiet = self._turns = 0
        if self._taking is not None:
            file = f"{self._name}-{self._taking.words}.png" if self._thorough else f"{self._name}.png"
            self._window.grab().save(str(self._folder / file))
            self._taking = None
        if self._left:
            self._see_tabs()
            self._taking = self._left.pop(0)
            self._window.resize(*self._taking.size)
            again = partial(self._window.resize, *self._taking.size)
            QTimer.singleShot(SETTLE_MS, again)  # once columns have given way
        elif self._stops:
            name, go = self._stops.pop(0)
            go()
            if name:
                self._begin_stop(name)
        elif self._rounds:
            self._begin_round()
        else:
            self._timer.stop()
            self.finished.emit()

    def _begin_stop(self, name: str) -> None:
        self._name = name
        self._left = list(self._shots)
        self._has_tabs = self._thorough and not name.startswith(TAB)

    def _see_tabs(self) -> None:
        """Now that the page is there, its other tabs come next."""
        bench = self._window.workbench
        page = None if bench is None else bench.page(bench.current)
        if self._has_tabs and page is not None:
            found = [
                (f"{TAB}{self._name}-{words.lower().replace(' ', '-')}", partial(tabs.setCurrentIndex, number))
                for tabs, number, words in tabs_of(page)
            ]
            self._stops = [*found, *self._stops]
        self._has_tabs = False

    def _unlock(self) -> None:
        self._opening.unlock(self._passphrase, on_done=self._unlocked, on_failed=self._failed)

    def _unlocked(self, _: object) -> None:
        self._window.show_workbench()
        self._window.input.set_idle_minutes(0)  # nobody types during a tour, and it must not lock halfway
        if self._found is not None:
            self._go_everywhere(self._found)
        elif self._thorough:
            why = {"reason": "For pictures of every screen"}
            operation(self._runner, look_for_examples, why, on_done=self._go_everywhere, on_failed=self._failed)
        else:
            list_cases(self._runner, after=None, stages=(), on_done=self._go_where_the_guide_is, on_failed=self._failed)

    def _go_where_the_guide_is(self, page: CasePage) -> None:
        names = [screen.name for screen in SCREENS if screen.in_nav or screen.name in IN_THE_GUIDE]
        self._stops = [(name, self._visit(name)) for name in names]
        if page.rows:
            self._stops.append(("case", self._visit("case", case=page.rows[0].row.id)))
        self._stops.append(("cover", self._window.cover))

    def _go_everywhere(self, found: Examples) -> None:
        is_first, self._found = self._found is None, found
        gone_to = {place.screen for place in every_place(found)}
        if is_first and (left := [screen.name for screen in SCREENS if screen.name not in gone_to]):
            print(f"No pictures of: {', '.join(left)}. This workbook has nothing to show there.", file=sys.stderr)  # noqa: T201
        self._stops = [(place.name, self._visit(place.screen, **place.arguments)) for place in every_place(found)]
        self._stops += [("find", self._find), ("", self._visit("report")), ("report-problem", self._save_nothing)]
        self._stops += self._through_letters(found.case) if found.case else []
        self._stops += [("cover", self._window.cover), ("", self._window.lock)]

    def _through_letters(self, case: RecordId) -> list[tuple[str, Callable[[], None]]]:
        return [
            ("", self._visit("letters", case=case)),
            ("", partial(self._switch_on, Tick, 1)),
            ("letters-letter", partial(self._press, "Go on to the letter")),
            ("", self._fill_letter),
            ("letters-check", partial(self._press, "Check who gets it")),
            ("", partial(self._switch_on, Tick, MOST_TOLD)),
            ("letters-make", partial(self._press, "Go on to make them")),
            ("", self._forget_letters),
        ]

    # ------------------------------------------------------------------ what a person would do on a page

    def _on_show(self, kind: type[W]) -> list[W]:
        bench = self._window.workbench
        page = None if bench is None else bench.page(bench.current)
        return [part for part in page.findChildren(kind) if part.isVisible()] if page is not None else []

    def _press(self, words: str) -> None:
        for button in self._on_show(Button):
            if button.words.startswith(words):
                button.click()
                return

    def _switch_on(self, kind: type[QAbstractButton], most: int) -> None:
        for tick in self._on_show(kind)[:most]:
            if not tick.isChecked():
                tick.click()

    def _save_nothing(self) -> None:
        """Only an empty report is sent off: what somebody was writing must not become a case for a picture."""
        if not any(box.text() for box in self._on_show(TextArea)):
            self._press("Save report")

    def _fill_letter(self) -> None:
        for box in self._on_show(TextArea)[:1]:
            box.setText("Two reports in one week")
        self._switch_on(Pick, 1)

    def _forget_letters(self) -> None:
        """What was chosen for the pictures is nobody's unfinished work."""
        from desktop.screens.letters.view import LettersPage

        bench = self._window.workbench
        page = None if bench is None else bench.page("letters")
        if isinstance(page, LettersPage):
            page.presenter.autosave.throw_away()

    def _visit(self, name: str, **arguments: object) -> Callable[[], None]:
        def go() -> None:
            if self._window.workbench is not None:
                self._window.workbench.go_to(name, **arguments)

        return go

    def _find(self) -> None:
        if self._window.workbench is not None:
            self._window.workbench.find_anything()

    def _failed(self, error: AppError) -> None:
        self._timer.stop()
        raise error
