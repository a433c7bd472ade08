"""What the Letters pages show besides a plan: the words of the letter, the areas, the runs, the envelope's window."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.domain.case import Case
from core.domain.estate import Home
from core.domain.letters import LetterRun
from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.letters.addresses import SHEET_W_MM
from core.letters.envelopes import profile_of
from core.letters.model import Bullets, Heading, Letter
from core.letters.render.braille_pages import USUAL, BrailleSheet
from core.services import letter_words
from core.services.declarations import shut_among
from core.services.letter_words import Addressee, values_of_ours
from core.services.letters import AreaPlan, LetterPreview, PlannedLetter, RunState, run_state
from core.services.organisation import organisation
from core.services.people_here import PersonHere, not_told_yet
from core.services.workspace import Workspace
from core.store import homebook
from core.store.homebook import AreaRow
from core.store.store import table_of

__all__ = [
    "USUAL",
    "Addressee",
    "AreaPlan",
    "AreaRow",
    "BrailleSheet",
    "CaseLetters",
    "LetterPart",
    "LetterPreview",
    "LetterText",
    "ListedRun",
    "PersonHere",
    "PlannedLetter",
    "RunState",
    "WindowZone",
    "folder_for",
    "list_all_runs",
    "not_told_yet",
    "open_letters",
    "window_zones",
]

_NOBODY = RecordId(bytes(16))


@dataclass(frozen=True, slots=True)
class WindowZone:
    """A rectangle to draw over a page; millimetres from the top left corner of the sheet."""

    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float
    words: str


@dataclass(frozen=True, slots=True)
class LetterPart:
    """A piece of the letter: kind is heading, paragraph or bullets (one a line)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class LetterText:
    """The words every home gets. `missing`: details of the organisation the letter needs, as sentences."""

    name: str
    parts: tuple[LetterPart, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListedRun:
    """One run with the case it belongs to, its letters by state, and how many doors are done and to do."""

    run: LetterRun
    reference: str
    counts: Mapping[str, int]
    doors: int
    doors_done: int


@dataclass(frozen=True, slots=True)
class CaseLetters:
    """Everything needed to begin letters for a case. `near`: the street and block of the case, if known."""

    case: RecordId
    reference: str
    areas: tuple[AreaRow, ...]
    near: tuple[AreaRow, ...]
    letter: LetterText
    runs: tuple[ListedRun, ...]


def window_zones(envelope: str) -> tuple[WindowZone, ...]:
    """What shows in the window of the envelope of this code, and where the sheet is folded."""
    profile = profile_of(envelope)
    seen = profile.visible_zone
    window = WindowZone(seen.left, seen.top, seen.width, seen.height, "Envelope window")
    folds = tuple(WindowZone(0.0, fold, SHEET_W_MM, 0.0, "Fold") for fold in profile.folds_mm)
    return (window, *folds)


def open_letters(workspace: Workspace, *, case: RecordId) -> CaseLetters:
    """What can be chosen for letters about this case, and the runs it has.

    Raises:
        NotFound: there is no such case in this vault.
    """
    found = workspace.store.get(Case, case)
    home = workspace.store.find(Home, found.home) if found.home else None
    with workspace.store.reading() as connection:
        areas = homebook.areas(connection)
    near = tuple(area for area in areas if home and area.name in ((home.block,) if area.is_block else (home.street,)))
    runs = tuple(row for row in list_all_runs(workspace) if row.run.case == case)
    return CaseLetters(case, found.reference, areas, near, _letter_text(workspace), runs)


def list_all_runs(workspace: Workspace, *, limit: int = 100) -> tuple[ListedRun, ...]:
    """The runs of every case that is open to this person, newest first."""
    runs, cases = table_of(LetterRun), table_of(Case)
    found = workspace.store.select(LetterRun, order_by=(runs.c.planned_at.desc(),), limit=limit)
    wanted = sorted({run.case for run in found if run.case})
    references = {case.id: case.reference for case in workspace.store.select(Case, cases.c.id.in_(wanted))}
    shut = shut_among(workspace, wanted)
    return tuple(
        _listed(run_state(workspace, run=run.id), references.get(run.case or _NOBODY, ""))
        for run in found
        if run.case not in shut
    )


def folder_for(run: LetterRun, inside: Path) -> Path:
    """A folder of this run's own, so that no run writes over another's letters. Its name says nothing about a case."""
    day = f"{run.letter_date:%Y-%m-%d}" if run.letter_date else "undated"
    name = f"letters-{day}-{run.id.hex()[-6:]}"
    return inside if inside.name == name else inside / name


def _listed(state: RunState, reference: str) -> ListedRun:
    doors = [letter for letter in state.letters if letter.state in ("made", "outsourced")]
    done = sum(bool(letter.delivery) for letter in doors)
    return ListedRun(state.run, reference, state.counts, len(doors), done)


def _letter_text(workspace: Workspace) -> LetterText:
    template = letter_words.area_template(workspace)
    somebody = Addressee(
        home=_NOBODY, household=None, address="", lines=("The Resident", "Your street", "Your town"),
        salutation=letter_words.GREETED, language="en", format_code="standard",
    )  # fmt: skip
    name = f"{template.title} (version {template.identity.version})"
    try:
        letter = letter_words.compose_area(values_of_ours(organisation(workspace)), template, somebody, None)
    except FormIncomplete as error:
        return LetterText(name, (), tuple(error.problems.values()))
    return LetterText(name, _parts(letter), ())


def _parts(letter: Letter) -> tuple[LetterPart, ...]:
    found = [LetterPart("heading", letter.title)]
    for block in letter.blocks:
        kind = "heading" if isinstance(block, Heading) else "bullets" if isinstance(block, Bullets) else "paragraph"
        found.append(LetterPart(kind, block.plain))
    return (*found, LetterPart("paragraph", "\n".join(letter.closing)))
