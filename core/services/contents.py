"""Reading one case with everything in it."""

from __future__ import annotations

from core.foundation.errors import NotFound
from core.foundation.ids import RecordId
from core.services.workspace import Workspace
from core.store.contents import CaseContents, contents_of_many


def contents_of(workspace: Workspace, case: RecordId) -> CaseContents:
    """One case with everything in it.

    Raises:
        NotFound: there is no such case in this vault.
    """
    with workspace.store.reading() as connection:
        found = contents_of_many(connection, [case])
    if not found:
        raise NotFound(what="case")
    return found[0]
