"""What somebody was in the middle of writing, with the case it belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.domain.case import Case
from core.foundation.ids import ID_BYTES, RecordId
from core.services.drafts import list_drafts
from core.services.workspace import Workspace
from core.store.store import table_of


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A draft. `kind` is the part of its name before the colon; `case` is None for a new report."""

    name: str
    kind: str
    case: RecordId | None
    reference: str
    saved_at: datetime


def list_unfinished(workspace: Workspace) -> tuple[Unfinished, ...]:
    """Everything unfinished that can be carried on with, newest first.

    A draft for a case that is no longer in this vault is left out; it is kept, not thrown away.
    """
    drafts = [(draft, *_parts(draft.name)) for draft in list_drafts(workspace)]
    cases = {case for _, _, case in drafts if case is not None}
    found = workspace.store.select(Case, table_of(Case).c.id.in_(cases)) if cases else ()
    references = {case.id: case.reference for case in found}
    return tuple(
        Unfinished(draft.name, kind, case, references.get(case, "") if case else "", draft.saved_at)
        for draft, kind, case in drafts
        if case is None or case in references
    )


def _parts(name: str) -> tuple[str, RecordId | None]:
    kind, _, rest = name.partition(":")
    try:
        raw = bytes.fromhex(rest)
    except ValueError:
        return kind, None
    return kind, RecordId(raw) if len(raw) == ID_BYTES else None
