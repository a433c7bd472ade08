"""Whether this workbook is a demo with made-up people, and what follows: it is marked, and it stays on this laptop.

The mark stands in the vault itself, so it goes into a backup and comes back with it, and nothing takes it away.
"""

from __future__ import annotations

from dataclasses import replace

from core.domain.organisation import Organisation
from core.foundation.errors import MadeUpStaysHere
from core.services.workspace import Workspace
from core.store import meta

MARK = "Made up: "
"""Before the landlord's name, so at the head of every letter, sheet and table."""
_MADE_UP = "made-up"


def mark_made_up(workspace: Workspace) -> None:
    """Everything in this workbook is invented, for good."""
    with workspace.store.unit("mark-made-up") as (unit, _):
        meta.write(unit.connection, _MADE_UP, b"1")


def is_made_up(workspace: Workspace) -> bool:
    """Whether this is a demo."""
    with workspace.store.reading() as connection:
        return meta.read(connection, _MADE_UP) is not None


def refuse_made_up(workspace: Workspace) -> None:
    """Before anything that reaches somebody else.

    Raises:
        MadeUpStaysHere: this is a demo.
    """
    if is_made_up(workspace):
        raise MadeUpStaysHere()


def marked(landlord: Organisation) -> Organisation:
    """The landlord of a demo, as it is named on paper and on screen, however it was renamed."""
    return replace(landlord, name=_marked(landlord.name), letter_name=_marked(landlord.letter_name or landlord.name))


def _marked(name: str) -> str:
    return name if name.startswith(MARK) else MARK + name
