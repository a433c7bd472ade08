"""The format somebody needs, looked up before something in writing is given to them (policy 6.5)."""

from __future__ import annotations

from core.domain.case import Party
from core.foundation.ids import RecordId
from core.policy.policy_care import why_not_standard
from core.services.forms import Problems
from core.services.workspace import Workspace
from core.store.store import table_of


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
