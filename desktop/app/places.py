"""Every place of the open workbook: each screen, each page of a step, each form. Made from the registries themselves.

The pictures (`screenshots.py`) and the accessibility walk (`tests/gui/test_walk.py`) go to all of them, so whatever is
registered is looked at. The tabs of a page are places too; they are found on the page (`tabs_of`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from PySide6.QtWidgets import QWidget

from core.foundation.errors import BugError
from core.foundation.ids import RecordId, StreamId, UserId
from core.services.attachments import list_attachments
from core.services.case_page import read_case
from core.services.cases import list_cases
from core.services.declarations import shut_among
from core.services.interviews import list_interviews, open_interview
from core.services.letter_page import list_all_runs
from core.services.organisation import members
from core.services.visits import open_visits
from core.services.workspace import Workspace
from desktop.app.screens import SCREENS, Screen
from desktop.screens.organisation.forms import FORMS
from desktop.screens.step.chapters import CHAPTER_STEPS
from desktop.screens.step.steps import STEPS
from desktop.widgets import TabRow

MOST_CASES = 20
"""So many of the newest cases are looked through for the fullest one."""


@dataclass(frozen=True, slots=True)
class Examples:
    """One of each thing that a screen needs to be told; None where the workbook has none. `case`: the fullest file."""

    case: RecordId | None = None
    attachment: RecordId | None = None
    visited: RecordId | None = None
    run: RecordId | None = None
    run_case: RecordId | None = None
    colleague: UserId | None = None
    interview: StreamId | None = None
    entry: RecordId | None = None
    """Says that the interview was opened."""


@dataclass(frozen=True, slots=True)
class Place:
    """A screen with what it is told. `name` is for file names and messages."""

    name: str
    screen: str
    arguments: Mapping[str, object] = field(default_factory=dict)


def look_for_examples(workspace: Workspace, *, reason: str) -> Examples:
    """What there is in this workbook to show. Opens a private interview, if there is one: `reason` says why."""
    rows = list_cases(workspace, limit=MOST_CASES).rows
    shut = shut_among(workspace, [one.row.id for one in rows])
    cases = [one.row.id for one in rows if one.row.id not in shut]
    case = max(cases, key=lambda one: len(read_case(workspace, case=one).file.timeline), default=None)
    files = [file.id for one in cases for file in list_attachments(workspace, case=one)]
    visited = next((one for one in cases if open_visits(workspace, case=one).rounds), case)
    run = next((one.run for one in list_all_runs(workspace, limit=1)), None)
    others = [one.user for one in members(workspace) if not one.this_is_me]
    interview = next((one.interview for one in list_interviews(workspace)), None)
    return Examples(
        case=case,
        attachment=next(iter(files), None),
        visited=visited,
        run=run.id if run else None,
        run_case=run.case if run else None,
        colleague=next(iter(others), None),
        interview=interview,
        entry=open_interview(workspace, interview=interview, reason=reason).entry if interview else None,
    )


_Told: TypeAlias = "dict[str, dict[str, object]]"
"""What is added to the name of the screen -> what the screen is told."""


def _about_case(found: Examples) -> _Told:
    return {"": {"case": found.case}} if found.case else {}


def _with_and_without_case(found: Examples) -> _Told:
    told: _Told = {"": {}}
    return told | {"-of-case": {"case": found.case}} if found.case else told


def _steps(found: Examples) -> _Told:
    return {f"-{step.key}": {"step": step.key, "case": found.case} for step in (*STEPS, *CHAPTER_STEPS) if found.case}


def _file(found: Examples) -> _Told:
    return {"": {"attachment": found.attachment}} if found.attachment else {}


def _letters(found: Examples) -> _Told:
    told: _Told = {"": {}}
    if found.case:
        told["-area"] = {"case": found.case}
    if found.run:
        told["-deliver"] = {"run": found.run, "case": found.run_case}
    return told


def _visits(found: Examples) -> _Told:
    return {"": {"case": found.visited}} if found.visited else {}


def _colleague(found: Examples) -> _Told:
    return {"": {"user": found.colleague}} if found.colleague else {}


def _interview(found: Examples) -> _Told:
    if found.interview is None:
        return {}
    return {"-door": {"interview": found.interview}, "": {"interview": found.interview, "entry": found.entry}}


def _forms(found: Examples) -> _Told:
    return {f"-{key}": {"form": key} for key in FORMS}


def _override(found: Examples) -> _Told:
    told: dict[str, object] = {"case": found.case, "user": found.colleague, "called": "a colleague"}
    return {"": told} if found.case and found.colleague else {}


def _by_name(found: Examples) -> _Told:
    return {"": {}}


NEEDS: dict[str, Callable[[Examples], _Told]] = {
    "case": _about_case, "step": _steps, "file": _file, "access": _about_case, "declare": _about_case,
    "override": _override, "interviews": _with_and_without_case, "interview": _interview, "versions": _by_name,
    "letters": _letters, "case-letter": _about_case, "visits": _visits, "colleague": _colleague, "late": _by_name,
    "organisation-form": _forms,
}  # fmt: skip
"""Name of a screen -> what it is told; a screen that opens by its name alone needs no line here."""


def places_of(screen: Screen, found: Examples) -> tuple[Place, ...]:
    """Where a screen is seen; empty if this workbook has nothing it could show.

    Raises:
        BugError: it does not open by its name alone, and nobody has said here what it is told.
    """
    if not (screen.in_nav or screen.by_name or screen.name in NEEDS):
        raise BugError(rule=f"it is said what the screen {screen.name} is told")
    told = NEEDS.get(screen.name, _by_name)(found)
    return tuple(Place(screen.name + more, screen.name, arguments) for more, arguments in told.items())


def every_place(found: Examples) -> tuple[Place, ...]:
    """All of them, in the order of the registry."""
    return tuple(place for screen in SCREENS for place in places_of(screen, found))


def tabs_of(page: QWidget) -> tuple[tuple[TabRow, int, str], ...]:
    """The tabs of a page that is on show, but for the open ones: the row, the number, the words without a count."""
    rows = [row for row in page.findChildren(TabRow) if row.isVisible()]
    return tuple(
        (row, number, row.tabText(number).partition(" (")[0])
        for row in rows
        for number in range(row.count())
        if number != row.currentIndex()
    )
