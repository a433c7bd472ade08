"""A letter of a case as it leaves: made into a folder beside the vault, then posted, handed over or sent."""

from __future__ import annotations

from datetime import datetime

from core.foundation.ids import RecordId
from core.services.case_letters import deliver_case_letter, make_case_letter
from core.services.workspace import Workspace


def make(workspace: Workspace, letter: RecordId) -> RecordId:
    """Make its files; the letter again."""
    make_case_letter(workspace, letter=letter, folder=workspace.folder.parent / "out")
    return letter


def tell(
    workspace: Workspace, letter: RecordId, way: str = "post", outcome: str = "posted", at: datetime | None = None
) -> None:
    """Say what became of it, now or then."""
    deliver_case_letter(workspace, letter=letter, outcome_code=outcome, way=way, delivered_at=at)


def send(workspace: Workspace, letter: RecordId, way: str = "post") -> RecordId:
    """Make it and let it go; the letter again."""
    tell(workspace, make(workspace, letter), way)
    return letter
