"""Before a case is shown for the first time: whether this person said that they have nothing to do with it."""

from __future__ import annotations

from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.services.declarations import declaration_of
from core.services.workspace import Workspace


def refuse_undeclared(workspace: Workspace, case: RecordId) -> None:
    """
    Raises:
        FormIncomplete: this person has to say first whether they are connected with the case, or said that they are.
    """
    page = declaration_of(workspace, case=case)
    if page.connected:
        said = "You said that you are connected with somebody in this case. It stays shut for you."
        raise FormIncomplete(problems={"reference": said})
    if page.ask:
        about = f" It is about: {', '.join(page.people)}." if page.people else ""
        said = f"Say first whether you are connected with anybody in it.{about} Use: imani case declare."
        raise FormIncomplete(problems={"reference": said})
