"""Before a case is shown for the first time: whether this person said that they have nothing to do with it."""

from __future__ import annotations

from core.foundation.errors import FormIncomplete
from core.foundation.ids import RecordId
from core.services.cases import find_case
from core.services.declarations import declaration_of
from core.services.workspace import Workspace


def declared_case(workspace: Workspace, reference: str) -> RecordId:
    """The case with this reference, for every command that shows or writes something of one.

    Raises:
        NotFound: there is none.
        FormIncomplete: this person has to say first whether they are connected with the case, or said that they are.
    """
    case = find_case(workspace, reference=reference)
    page = declaration_of(workspace, case=case)
    if page.connected:
        said = "You said that you are connected with somebody in this case. It stays shut for you."
        raise FormIncomplete(problems={"reference": said})
    if page.ask:
        about = f" It is about: {', '.join(page.people)}." if page.people else ""
        said = f"Say first whether you are connected with anybody in it.{about} Use: imani case declare."
        raise FormIncomplete(problems={"reference": said})
    return case
