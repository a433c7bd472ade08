"""What becomes of a run after it was planned: one printed again, drafts gone over, the rest cancelled (policy 4.12).

What was made stays as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.domain.case import Case
from core.domain.changed import Changed
from core.domain.letters import LetterRecord, LetterRun
from core.foundation.errors import BugError
from core.foundation.files import write_atomic
from core.foundation.ids import RecordId
from core.letters.envelopes import profile_of
from core.letters.formats import files_of
from core.letters.model import LetterFormat
from core.services.area_files import area_letter_as_made, braille_of, file_stem
from core.services.audit import note_before
from core.services.casework import StepRecorded
from core.services.forms import Problems
from core.services.letters import ready_folder
from core.services.run_letters import letter_as_it_stands, letters_of
from core.services.telling_names import refuse_telling_name
from core.services.workspace import Workspace
from core.store.unit import WriteUnit


@dataclass(frozen=True, slots=True)
class LetterReprinted:
    """The files of the one letter, and what was written down about it."""

    files: tuple[Path, ...]
    changed: Changed


def reprint_letter(workspace: Workspace, *, letter: RecordId, folder: Path) -> LetterReprinted:
    """Make one letter of a run again: the same words, date and address, whatever has changed since.

    One that came back is then sent again, and is ticked so; the file tells how often a letter was printed again.

    Raises:
        FormIncomplete: it was never made here.
        FolderNotWritable, DiskFull: nothing was made.
        BugError: what was made of it is not what was made before.
    """
    found = letter_as_it_stands(workspace, letter)
    problems = Problems()
    problems.need(found.state == "made", "letter", "This letter has not been made.")
    problems.settle()
    if found.run is None:
        raise BugError(rule="a letter of an area belongs to a run")
    run = workspace.store.get(LetterRun, found.run)
    if run.case is not None:
        refuse_telling_name(workspace, case=workspace.store.get(Case, run.case), path=folder)
    composed = area_letter_as_made(workspace, run, found)
    form, envelope = LetterFormat(found.letter_format), profile_of(run.envelope)
    files = files_of(composed, form, braille=braille_of(run), envelope=envelope)
    ready_folder(workspace, folder=folder)
    note_before(workspace, about=found.stream, deed="print", record=letter, subject=f"Again: letter to {found.address}")
    again = (found.reprints or 0) + 1
    paths = []
    for suffix, data in files:
        path = folder / f"{file_stem(found)}-again-{again}{suffix}"
        write_atomic(path, data)
        paths.append(path)
    now = workspace.parts.clock.now()
    with workspace.store.unit("reprint-letter") as (unit, outcome):
        unit.update(LetterRecord, letter, reprints=again, reprinted_at=now)
        if found.delivery == "returned":
            unit.update(LetterRecord, letter, delivery="reissued", delivered_by=workspace.user, delivered_at=now)
    return LetterReprinted(tuple(paths), outcome.changed)


def proof_area_letters(workspace: Workspace, *, run: RecordId, by: str) -> StepRecorded:
    """Somebody who reads Braille, or has listened, went over the drafts of a run: who it was.

    Raises:
        NotFound: there is no such run in this vault.
        FormIncomplete: nobody is named, or there is no draft.
    """
    drafts = _letters_of(workspace, run, proof="draft")
    problems = Problems()
    problems.need(by.strip(), "proofed_by", "Say who went over it.")
    problems.need(drafts, "proofed_by", "There is no draft in these letters.")
    problems.settle()
    with workspace.store.unit("proof-area-letters") as (unit, outcome):
        _mark(unit, drafts, proof="proofed", proofed_by=by.strip())
    return StepRecorded(run, outcome.changed)


def cancel_area_letters(workspace: Workspace, *, run: RecordId, reason: str) -> StepRecorded:
    """No letter of this run is made any more; each home that would have got one is told apart with the reason.

    Raises:
        NotFound: there is no such run in this vault.
        FormIncomplete: nobody says why, or nothing is left to make.
    """
    left = _letters_of(workspace, run, state="queued")
    problems = Problems()
    problems.need(reason.strip(), "cancel_reason", "Say why these letters are cancelled.")
    problems.need(left, "cancel_reason", "Nothing of these letters is left to make.")
    problems.settle()
    with workspace.store.unit("cancel-area-letters") as (unit, outcome):
        _mark(unit, left, state="left-out", why=f"Cancelled: {reason.strip()}")
        unit.update(LetterRun, run, state="stopped", finished_at=workspace.parts.clock.now())
    return StepRecorded(run, outcome.changed)


def _letters_of(workspace: Workspace, run: RecordId, **which: str) -> tuple[LetterRecord, ...]:
    """The letters of a run whose fields are these."""
    workspace.store.get(LetterRun, run)
    every = letters_of(workspace, run)
    return tuple(one for one in every if all(getattr(one, name) == is_ for name, is_ in which.items()))


def _mark(unit: WriteUnit, letters: Sequence[LetterRecord], **fields: object) -> None:
    """Write the same of each of many letters."""
    unit.read_ahead(LetterRecord, [letter.id for letter in letters])
    for letter in letters:
        unit.update(LetterRecord, letter.id, **fields)
