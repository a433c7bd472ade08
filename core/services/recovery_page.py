"""What the page about recovery sheets shows, and what Today reminds of."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.foundation.files import write_atomic
from core.services.coming_back import RecoveredState, recovered_state
from core.services.organisation import MemberRow, members
from core.services.recovery_groups import GroupRow, PreparedGroup, groups
from core.services.roster import roster_of
from core.services.workspace import Workspace
from core.store.mailbox import VaultMailbox


@dataclass(frozen=True, slots=True)
class RecoveryPage:
    """Everything the page shows. `administrator`: this person may make sheets."""

    groups: tuple[GroupRow, ...]
    members: tuple[MemberRow, ...]
    administrator: bool
    recovered: RecoveredState | None


@dataclass(frozen=True, slots=True)
class Reminder:
    """One line for Today, and what its button says."""

    strong: str
    rest: str
    button: str


@dataclass(frozen=True, slots=True)
class SheetsSaved:
    """The files, to be printed and deleted."""

    folder: Path
    names: tuple[str, ...]


def read_recovery_page(workspace: Workspace) -> RecoveryPage:
    """The recovery groups, and whether this workbook itself came from sheets."""
    administrator = roster_of(workspace).is_administrator(workspace.user)
    return RecoveryPage(groups(workspace), members(workspace), administrator, recovered_state(workspace))


def reminder(workspace: Workspace) -> Reminder | None:
    """What Today says about recovery: that this workbook came from sheets, or that sheets are to be tried out."""
    state = recovered_state(workspace)
    if state is not None and not state.finished:
        if not state.admitted:
            rest = "You can read, search and back it up. Nothing can be written until you go on from here."
        elif state.to_give:
            count = "One case is" if state.to_give == 1 else f"{state.to_give} cases are"
            rest = f"{count} still to be taken over."
        else:
            rest = "Forget the key of the sheets here, and put the sheets back."
        return Reminder("This workbook was recovered from sheets.", rest, "Go on")
    if not roster_of(workspace).is_administrator(workspace.user):
        return None
    with VaultMailbox(workspace.store.engine).reading() as box:
        alone = len(box.heads()) < 2
    known = groups(workspace, count_cases=False)
    if not known:
        return None if alone else Reminder(
            "There are no recovery sheets yet.", "If laptops are lost, cases that only those could read are lost too.",
            "Make them",
        )  # fmt: skip
    due = [row for row in known if row.due]
    if due:
        said = f"Try the recovery sheets of {due[0].name} out again."
        return Reminder(said, "Once a year two sheets are read back, to know that they would work.", "Try them out")
    old = [row for row in known if any(item.destroyed_at is None for item in row.old_sheets)]
    if old:
        said = f"Old recovery sheets of {old[0].name} are to be destroyed."
        return Reminder(said, "Collect them, and note here when each was destroyed against signature.", "See which")
    return None


def save_sheets(workspace: Workspace, prepared: PreparedGroup, *, folder: Path) -> SheetsSaved:
    """Write the four sheets as PDF files into a folder, to be printed.

    Raises:
        DiskFull, FolderNotWritable: some may be there.
    """
    del workspace
    for sheet in prepared.sheets:
        write_atomic(folder / sheet.file_name, sheet.data)
    return SheetsSaved(folder, tuple(sheet.file_name for sheet in prepared.sheets))
