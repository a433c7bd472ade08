"""Backups: one sealed file, made now, and put back on an empty laptop."""

from __future__ import annotations

from pathlib import Path

from core.foundation.errors import FileUnreadable, FolderNotWritable
from core.foundation.ports import CancelToken, NeverCancel, Progress, no_progress
from core.services.audit import note_before
from core.services.places import refuse_own_folder, refuse_synced_folder
from core.services.workspace import Workspace
from core.vault.backup import BackupMade, is_backup, make_backup, restore_backup

__all__ = ["BackupMade", "backup", "restore"]


def backup(
    workspace: Workspace, *, destination: Path, progress: Progress = no_progress, cancel: CancelToken | None = None
) -> BackupMade:
    """Write everything in this vault to one sealed file. An older backup of that name is replaced, nothing else.

    Raises:
        DiskFull, FolderNotWritable, Cancelled: an older file of that name is untouched.
    """
    refuse_own_folder(workspace.folder, destination)
    if destination.exists() and not is_backup(destination):
        raise FolderNotWritable(
            path=str(destination.parent),
            reason=f"{destination.name} is there already and is not a backup, so it was left as it is",
        )
    now = workspace.parts.clock.now()
    note_before(workspace, about=workspace.organisation_stream, deed="backup", subject="Everything in this workbook")
    return make_backup(
        workspace.folder, workspace.store.engine, destination, made_at=now, progress=progress,
        cancel=cancel or NeverCancel(),
    )  # fmt: skip


def restore(
    *, source: Path, folder: Path, passphrase: str, progress: Progress = no_progress,
    cancel: CancelToken | None = None,
) -> Path:  # fmt: skip
    """Put a backup into an empty folder and prove that it opens. Unlock it afterwards as usual.

    Raises:
        VaultExists, BackupUnusable, WrongPassphrase, VaultDamaged: nothing is left in `folder`.
        VaultInSyncedFolder, FileUnreadable: nothing was read or written.
    """
    refuse_synced_folder(folder)
    if not source.is_file():
        raise FileUnreadable(path=str(source), reason="there is no such file")
    restore_backup(source, folder, passphrase, progress=progress, cancel=cancel or NeverCancel()).wipe()
    return folder
