"""The format somebody needs, looked up before something in writing is given to them (policy 6.5)."""

from __future__ import annotations

import re

from core.domain.case import Party
from core.domain.estate import FORMATS
from core.foundation.ids import RecordId
from core.policy.policy_care import why_not_standard
from core.services.casework import StepRecorded
from core.services.forms import Problems
from core.services.workspace import Workspace
from core.store.store import table_of

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def refuse_standard(
    problems: Problems, workspace: Workspace, *, case: RecordId | None, party: RecordId | None, chosen: str
) -> None:
    """Note that the usual print is not for this person. Where nobody is named, everybody harmed is thought of."""
    if case is None or not chosen:
        return
    people = workspace.store.select(Party, table_of(Party).c.case == case)
    meant = [one for one in people if (one.id == party if party is not None else "harmed" in one.roles)]
    for one in meant:
        why = why_not_standard(format_needed=one.format_needed, format_chosen=chosen, language=one.language)
        problems.need(not why, "copy_format", why)


def note_needs(
    workspace: Workspace, *, case: RecordId, party: RecordId | None, format_needed: str, language: str = ""
) -> StepRecorded:
    """The format and language somebody needs in writing (policy 6.5).

    Raises:
        FormIncomplete: nobody of the case, a format that is not on the list, or a language that is no code.
    """
    found = workspace.store.find(Party, party) if party is not None else None
    problems = Problems()
    problems.need(found is not None and found.case == case, "party", "Choose who.")
    problems.need(format_needed in FORMATS, "format_needed", "Choose the format.")
    code = language.strip()
    problems.need(not code or _LANGUAGE.fullmatch(code), "language", "Enter a short code, such as en, so or cy.")
    problems.settle()
    assert party is not None
    with workspace.store.unit("note-needs") as (unit, outcome):
        unit.update(Party, party, format_needed=format_needed, language=code)
    return StepRecorded(party, outcome.changed)
