"""Keeping what somebody is typing, so that nothing is lost to a crash, a lock or a flat battery."""

from __future__ import annotations

from core.services.workspace import Workspace
from core.store import drafts
from core.store.drafts import Draft
from core.store.transactions import writing


def save_draft(workspace: Workspace, *, name: str, body: str) -> Draft:
    """Keep the text typed so far; when this returns it is on the disk.

    Raises:
        DiskFull: the text on the screen is all there is.
    """
    draft = Draft(name, body, workspace.parts.clock.now())
    with writing(workspace.store.engine) as connection:
        drafts.keep_draft(connection, draft)
    return draft


def load_draft(workspace: Workspace, *, name: str) -> Draft | None:
    """What was being typed under this name, or None."""
    with workspace.store.reading() as connection:
        return drafts.find_draft(connection, name)


def list_drafts(workspace: Workspace) -> tuple[Draft, ...]:
    """Everything unfinished, newest first."""
    with workspace.store.reading() as connection:
        return drafts.all_drafts(connection)


def discard_draft(workspace: Workspace, *, name: str) -> None:
    """Throw the unfinished text away."""
    with writing(workspace.store.engine) as connection:
        drafts.discard_draft(connection, name)
