"""Notes on a case."""

from __future__ import annotations

from dataclasses import dataclass

from core.domain.case import Case, Note
from core.domain.changed import Changed
from core.foundation.ids import RecordId
from core.services.forms import Problems
from core.services.workspace import Workspace
from core.store import drafts


@dataclass(frozen=True, slots=True)
class NoteAdded:
    """The new note."""

    note: RecordId
    changed: Changed


def note_draft(case: RecordId) -> str:
    """The name under which an unfinished note on this case is kept."""
    return f"note:{case.hex()}"


def add_note(workspace: Workspace, *, case: RecordId, body: str) -> NoteAdded:
    """Write a note to the file; its draft is cleared in the same moment.

    Raises:
        FormIncomplete: the note is empty.
        NotFound: there is no such case in this vault.
    """
    problems = Problems()
    problems.need(body.strip(), "body", "Write something before saving the note.")
    problems.settle()
    found = workspace.store.get(Case, case)
    with workspace.store.unit("add-note") as (unit, outcome):
        note = unit.create(
            Note, found.stream, case=found.id, at=workspace.parts.clock.now(), body=body, by=workspace.user
        )
        drafts.discard_draft(unit.connection, note_draft(case))
    return NoteAdded(note, outcome.changed)
