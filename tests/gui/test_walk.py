"""Every place of the program, gone through as somebody does who has no mouse, or cannot see, or needs large letters.

Where to go comes from the registries (`desktop.app.places`), so a new screen, step, form or tab is gone to without a
line here. Screens in special states (with problems, in the middle of a flow) are audited beside their own tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from core.services import interviews, letter_approval, letters
from core.services.demo_cases import neighbour_up_to_an_injunction, words_on_the_gate
from core.services.demo_past import FOUNDED_DAYS_AGO, Past, play
from core.services.homes import find_homes
from core.services.opening import lock, unlock
from core.services.workspace import Parts, Workspace
from desktop.app.places import Examples, Place, every_place, look_for_examples, tabs_of
from desktop.app.screens import SCREENS
from desktop.app.workbench import Workbench
from desktop.operations.base import ServiceCall
from desktop.screens.preferences import Preferences
from desktop.theme import ThemeName
from tests.support.desk import DirectRunner
from tests.support.dice import SeededRandomness
from tests.support.gui_audits import (
    by_mouse_only,
    cut_words,
    hidden_focus,
    plain_clauses,
    same_names,
    settle,
    show_at,
    small_targets,
    tab_faults,
    without_names,
    without_roles,
)  # fmt: skip
from tests.support.vaults import NOON, TestClock
from tests.support.workspaces import (
    PASSPHRASE,
    as_somebody_else,
    homes_csv,
    join_cheaply,
    new_vault,
    with_homes,
    with_letterhead,
)

SMALL = (1024, 640)


class PastClock(TestClock):
    """Stands where the story of the demo has come to."""

    def be(self, *, days_ago: float) -> None:
        self.at = max(self.at, NOON - timedelta(days=days_ago))

    def come_back(self) -> None:
        self.at = NOON


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workbook in which there is one of everything, as in the demo."""
    folder = tmp_path_factory.mktemp("walk")
    (folder / "shared").mkdir()
    clock = PastClock(NOON - timedelta(days=FOUNDED_DAYS_AGO))
    parts = Parts(clock, SeededRandomness(3))
    amara = with_letterhead(unlock(new_vault(folder / "vault"), PASSPHRASE, parts=parts))
    ben = join_cheaply(amara, folder / "ben", folder / "shared", name="Ben Kite", role="officer", parts=parts)
    try:
        with_homes(amara, homes_csv(folder / "homes.csv", 12))
        homes = tuple(home.id for home in find_homes(amara, words="", limit=12))
        play(Past(amara, ben, clock, homes[:7]), (neighbour_up_to_an_injunction, words_on_the_gate))
        there = look_for_examples(amara, reason="-")
        case, gate = there.case, there.visited
        assert case is not None and gate not in (None, case)
        interviews.begin_interview(amara, case=case, readers=frozenset({ben.user}))
        form = letters.AreaLettersForm(case=gate, streets=frozenset({"Amber Road"}), reason="A second report")
        run = letters.start_area_letters(amara, plan=letters.plan_area_letters(amara, form=form)).run
        letter_approval.approve_area_letters(as_somebody_else(amara), run=run, reason="Nobody is named.")
        letters.make_area_letters(amara, run=run, folder=folder / "made")
        yield amara
    finally:
        lock(ben)
        lock(amara)


@pytest.fixture(scope="module")
def found(workspace: Workspace) -> Examples:
    return look_for_examples(workspace, reason="The walk")


class RememberingRunner(DirectRunner):
    """Asks the workbook each question once: nothing is written during a walk, so the answer stays the same."""

    def __init__(self, workspace: Workspace, known: dict[str, object]) -> None:
        super().__init__(workspace)
        self._known = known

    def start(self, work: Any, **how: Any) -> Any:
        asked = f"{work.name} {sorted(work.arguments.items())}" if isinstance(work, ServiceCall) else ""

        def look_up(*given: Any) -> object:
            if asked not in self._known:
                self._known[asked] = work(*given)
            return self._known[asked]

        return super().start(look_up if asked else work, **how)


@pytest.fixture(scope="module")
def known() -> dict[str, object]:
    return {}


@pytest.fixture
def bench(qapp: QApplication, workspace: Workspace, known: dict[str, object]) -> Iterator[Workbench]:
    made = Workbench(RememberingRunner(workspace, known), workspace.parts.clock, SCREENS, Preferences())
    yield made
    made.save_last_words()


def test_there_is_something_to_show_on_every_screen(found: Examples) -> None:
    assert [field.name for field in fields(found) if getattr(found, field.name) is None] == []
    gone_to = {place.screen for place in every_place(found)}
    assert {screen.name for screen in SCREENS} - gone_to == set(), "a screen that is registered and not gone to"


def some_places(found: Examples, percent: int) -> list[Place]:
    """All at 200 %; at 100 %, where there is more room, one in four of the declared pages, which are laid out alike."""
    alike = [place for place in every_place(found) if place.screen in ("step", "organisation-form")]
    left = {place.name for number, place in enumerate(alike) if number % 4}
    return [place for place in every_place(found) if percent > 100 or place.name not in left]


def pages_of(bench: Workbench, places: Sequence[Place]) -> Iterator[tuple[str, QWidget]]:
    """Each place, and every tab of it, on show."""
    for place in places:
        bench.go_to(place.screen, **place.arguments)
        come_to_rest(bench)
        assert bench.current == place.screen, place
        page = bench.page(place.screen)
        assert page is not None and page.isVisible(), place
        yield place.name, page
        for row, number, words in tabs_of(page):
            row.setCurrentIndex(number)
            come_to_rest(bench)
            yield f"{place.name}, {words}", page


def look_at(bench: Workbench, width: int, height: int, *, percent: int, theme: ThemeName = ThemeName.LIGHT) -> None:
    """Show the workbook as its window does."""
    show_at(bench, width, height, percent=percent, theme=theme)
    bench.take_look()
    bench.resize(width, height)
    settle()


def come_to_rest(bench: Workbench) -> None:
    settle()
    if cut_words(bench):
        settle(50)  # words that wrap say how high they are only once they know how wide


@pytest.mark.parametrize("percent", [100, 200])
def test_everywhere(bench: Workbench, found: Examples, percent: int) -> None:
    look_at(bench, *SMALL, percent=percent)
    faults, known = [], set[object]()
    for name, page in pages_of(bench, some_places(found, percent)):
        seen = hidden_focus(bench, known)
        faults += [f"{name}: {fault}" for fault in (*seen, *audit_of(bench, page))]
    assert not faults, "\n".join(faults)


def audit_of(bench: Workbench, page: QWidget) -> list[str]:
    wide = [f"it needs {bench.width()} pixels"] if bench.width() > SMALL[0] else []
    return [
        *wide,
        *without_names(page), *without_roles(page), *same_names(page), *plain_clauses(page),
        *by_mouse_only(page), *tab_faults(bench), *cut_words(page),
        *small_targets(page),
    ]  # fmt: skip
